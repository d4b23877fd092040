"""A reviewer looks at an assessment that was screened out: confirm that it is not needed, or ask for a full one."""

from __future__ import annotations

from hia_app.domain.answer_kinds import ShownText
from hia_app.domain.answers import as_text
from hia_app.domain.errors import InvalidInput, NotPermitted
from hia_app.domain.policy import Side
from hia_app.domain.progress import UNANSWERED
from hia_app.domain.questionnaire import visible_questions
from hia_app.domain.workflow import Action
from hia_app.services import archive, submissions
from hia_app.services.answers import answers_of, values_of
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


def decide(work: Work, case: Case, outcome: str, reason: str, render: archive.Render) -> None:
    """Either of the two, as the reviewer's form says ("confirm" or "full")."""
    if outcome == "confirm":
        confirm_screen_out(work, case, reason, render)
    elif outcome == "full":
        require_full(work, case, reason)
    else:
        raise InvalidInput({"outcome": "Choose whether a full assessment is needed"})


def answers_in_words(work: Work, case: Case) -> list[tuple[str, ShownText]]:
    """Each screening question that was shown, with its answer as a page shows it; one query."""
    allow(work, Action.SEE_CONTENT, case)
    values = values_of(answers_of(work, case))
    shown = visible_questions(case.screening, values)
    return [
        (question.text, as_text(question, values.get(question.id), case.screening))
        for question in case.screening.questions
        if question.id in shown and question.type not in UNANSWERED
    ]


def _on_the_review_side(work: Work, case: Case, action: Action) -> None:
    allow(work, Action.SEE_STATUS, case)
    if case.standing.side not in {None, Side.REVIEW}:
        raise NotPermitted(OTHER_SIDE[case.standing.side])
    allow(work, action, case)
    hold(work, case)
    if not join_side(work, case.version.assessment_id, work.actor.person_id, Side.REVIEW):
        raise NotPermitted(OTHER_SIDE[Side.AUTHOR])
