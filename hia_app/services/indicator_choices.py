"""Taking the figures of an indicator question from the council's library."""

from __future__ import annotations

from dataclasses import dataclass

from hia_app.domain import policy
from hia_app.domain.errors import InvalidInput, NotVisible
from hia_app.domain.indicator_library import pinned
from hia_app.domain.questionnaire import Question, Section, visible_questions
from hia_app.domain.workflow import Action
from hia_app.services import answers, indicator_library
from hia_app.services.indicator_library import SAID, Kept
from hia_app.services.work import NOTHING, Case, Work, allow, record
from hia_app.store.tables import Answer

FIELD = "edition"


@dataclass(frozen=True, slots=True)
class Choosing:
    """The page on which figures are taken: the question, its answer as stored, and what the library has for it."""

    case: Case
    section: Section
    question: Question
    row: Answer | None
    may_change: bool
    kept: tuple[Kept, ...]

    @property
    def taken(self) -> str:
        """The id of the edition that the stored answer names, "" for none."""
        value = self.row.value if self.row is not None else None
        return str((value or {}).get("library", {}).get("edition", ""))


def choosing(work: Work, case: Case, question_id: str) -> Choosing:
    """Raises NotVisible where there is no such question for this person."""
    allow(work, Action.SEE_CONTENT, case)
    question = case.questionnaire.question_by_id.get(question_id)
    if question is None or question.type != "indicator":
        raise NotVisible(NOTHING)
    _, section = answers.section_of(case, case.questionnaire.section_of[question_id].id)
    rows = answers.answers_of(work, case)
    if question_id not in visible_questions(case.questionnaire, answers.values_of(rows)):
        raise NotVisible(NOTHING)
    may = policy.may(Action.ANSWER, work.actor, case.standing)
    return Choosing(
        case=case,
        section=section,
        question=question,
        row=rows.get(question_id),
        may_change=may and question_id in answers.open_questions(work, case, section),
        kept=tuple(indicator_library.on_offer(work, question.quantiles or 5)),
    )


def take(work: Work, page: Choosing, token: str, edition_id: str) -> answers.Saved:
    """Make the figures of an edition the answer, with what is said of them. Raises InvalidInput, Conflict."""
    allow(work, Action.ANSWER, page.case)
    kept = next((one for one in page.kept if one.edition.id == edition_id), None)
    if kept is None:
        raise InvalidInput({FIELD: "Choose one of the indicators shown"})
    edition = kept.edition
    said = {name: getattr(edition, name) for name in SAID}
    value = pinned(edition.value, kept.indicator.id, edition.id, edition.number, said)
    name = page.question.id
    form = {f"was:{name}": [token]}
    saved = answers.record_answers(work, page.case, page.section.id, form, given={name: value})
    if saved.changed:
        record(work, "take_indicator", page.case, subject=f"{edition.title[:170]}, edition {edition.number}",
               detail={"question": name, "indicator": kept.indicator.id, "edition": edition.id})  # fmt: skip
    return saved
