"""The texts of one form with several of them: each checked once, all refusals told together."""

from __future__ import annotations

from hia_app.domain.errors import InvalidInput
from hia_app.services.reasons import LONGEST_REASON, text_given


class Statements:
    """Reads the texts of one form; `settle` refuses them together, with a message for each field."""

    def __init__(self) -> None:
        self.messages: dict[str, str] = {}

    def refuse(self, field: str, message: str) -> None:
        self.messages.setdefault(field, message)

    def read(self, field: str, text: str, ask: str = "", *, characters: int = LONGEST_REASON) -> str:
        """The text as it is stored; `ask` is the message when nothing was written ("" where it may stay empty)."""
        try:
            return text_given(text, field=field, characters=characters, ask=ask, lines=True)
        except InvalidInput as refused:
            self.refuse(field, refused.messages[field])
            return ""

    def settle(self) -> None:
        """Raise InvalidInput when anything was refused."""
        if self.messages:
            raise InvalidInput(self.messages)
