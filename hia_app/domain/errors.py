"""What can be refused, and the words people read when it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class Refused(Exception):
    """Something was asked for that may not happen now; `reasons` are sentences for the person who asked."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class NotVisible(Refused):
    """What this person may not see does not exist for them."""


class NotPermitted(Refused):
    """This person can see it, and may not do this to it."""


class NotNow(Refused):
    """The assessment is not in a state in which this can be done."""


class TooOften(Refused):
    """This was tried too often in a short time; it works again after a while."""


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing, with the place where it can be put right (an anchor the web layer resolves)."""

    why: str
    kind: str = ""
    target: str = ""


class Incomplete(Refused):
    """The action needs things that are not there yet; each is named."""

    def __init__(self, lacks: Sequence[Lack]) -> None:
        super().__init__(*(lack.why for lack in lacks))
        self.lacks = tuple(lacks)


class InvalidInput(Refused):
    """What was typed cannot be used; messages by form field, and what was typed is kept by the caller."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        super().__init__(*messages.values())
        self.messages = dict(messages)


class Conflict(Refused):
    """Somebody else changed the same thing since this page was opened; both versions are given, field by field."""

    def __init__(self, reason: str, stored: Mapping[str, object], typed: Mapping[str, object]) -> None:
        super().__init__(reason)
        self.stored = dict(stored)
        self.typed = dict(typed)
