"""The first ten minutes: whether a full assessment is needed, with the reason in words."""

from __future__ import annotations

from dataclasses import dataclass

from hia_app.domain.answers import missing
from hia_app.domain.errors import Incomplete, Lack, NotNow
from hia_app.domain.questionnaire import Trigger, fired
from hia_app.domain.workflow import Action
from hia_app.services import ratings
from hia_app.services.answers import answers_of
from hia_app.services.reasons import reason_given
from hia_app.services.work import Case, Work, allow, hold, move

FREELY = "No answer makes a full assessment necessary. The officer chose to make one."
NOT_NEEDED = "No answer makes a full assessment necessary."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the screening answers lead to so far."""

    lacks: tuple[Lack, ...]
    triggers: tuple[Trigger, ...]

    @property
    def complete(self) -> bool:
        return not self.lacks

    @property
    def full(self) -> bool:
        """Whether only a full assessment is possible."""
        return bool(self.triggers)

    @property
    def words(self) -> str:
        """The outcome as it is printed for ever."""
        if not self.triggers:
            return NOT_NEEDED
        return "A full assessment is needed. " + " ".join(f"{trigger.reason.rstrip('.')}." for trigger in self.triggers)


def outcome(work: Work, case: Case) -> Outcome:
    """Read what the screening says now."""
    values = {row.question_id: row.value for row in answers_of(work, case).values()}
    lacks = tuple(Lack(one.why, "screening", one.question_id) for one in missing(case.screening, values))
    return Outcome(lacks, fired(case.screening, values))


def screen_in(work: Work, case: Case) -> None:
    """Go on to a full assessment; every screening question must be answered."""
    allow(work, Action.SCREEN_IN, case)
    hold(work, case)
    found = _complete(work, case)
    case.version.screening_outcome = found.words if found.full else FREELY
    move(work, Action.SCREEN_IN, case, reason=case.version.screening_outcome)
    ratings.refresh(work, case)


def screen_out(work: Work, case: Case, reason: str) -> None:
    """Say that no full assessment is needed, and why; refused as soon as one answer calls for it."""
    allow(work, Action.SCREEN_OUT, case)
    hold(work, case)
    found = _complete(work, case)
    if found.full:
        raise NotNow(
            "These answers call for a full assessment, so it cannot be screened out.",
            *(trigger.reason for trigger in found.triggers),
        )
    case.version.screened_out_reason = reason_given(reason, "Say why a full assessment is not needed")
    case.version.screening_outcome = found.words
    move(work, Action.SCREEN_OUT, case, reason=case.version.screened_out_reason)


def _complete(work: Work, case: Case) -> Outcome:
    found = outcome(work, case)
    if not found.complete:
        raise Incomplete(found.lacks)
    return found
