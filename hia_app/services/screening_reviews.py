"""A reviewer looks at an assessment that was screened out: confirm that it is not needed, or ask for a full one."""

from __future__ import annotations

from hia_app.domain.errors import NotPermitted
from hia_app.domain.policy import Side
from hia_app.domain.workflow import Action
from hia_app.services import archive, submissions
from hia_app.services.decision_record import screening_decision
from hia_app.services.reasons import reason_given
from hia_app.services.review_rounds import OTHER_SIDE
from hia_app.services.work import Case, Work, allow, hold, join_side, move
from hia_app.store.tables import ArchiveRecord


def confirm_screen_out(work: Work, case: Case, reason: str, render: archive.Render) -> ArchiveRecord:
    """Agree that a full assessment is not needed; the screening and this reason are frozen as a record."""
    _on_the_review_side(work, case, Action.CONFIRM_SCREEN_OUT)
    words = reason_given(reason, "Say why you agree that a full assessment is not needed")
    move(work, Action.CONFIRM_SCREEN_OUT, case, reason=words)
    submission = submissions.freeze(work, case, "concluded")
    decision = screening_decision(work, case, submission, words)
    return archive.seal(work, case, submission, decision, "screening", render)


def require_full(work: Work, case: Case, reason: str) -> None:
    """Ask for a full assessment after all; it becomes a draft of the same officer."""
    _on_the_review_side(work, case, Action.REQUIRE_FULL)
    words = reason_given(reason, "Say why a full assessment is needed")
    move(work, Action.REQUIRE_FULL, case, reason=words)


def _on_the_review_side(work: Work, case: Case, action: Action) -> None:
    allow(work, Action.SEE_STATUS, case)
    if case.standing.side not in {None, Side.REVIEW}:
        raise NotPermitted(OTHER_SIDE[case.standing.side])
    allow(work, action, case)
    hold(work, case)
    if not join_side(work, case.version.assessment_id, work.actor.person_id, Side.REVIEW):
        raise NotPermitted(OTHER_SIDE[Side.AUTHOR])
