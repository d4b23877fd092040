"""How far each section is, said honestly: only questions that are shown and must be answered are counted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hia_app.domain.answers import missing
from hia_app.domain.questionnaire import Questionnaire, Section, visible_answers

UNANSWERED = frozenset({"note", "impacts"})  # kinds of question that take no answer themselves


class Standing(StrEnum):
    """How a section stands, in the order in which it needs somebody."""

    RETURNED = "returned"
    TO_CONFIRM = "to_confirm"
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    OPTIONAL = "optional"


COLOURS: dict[Standing, str] = {
    Standing.RETURNED: "orange",
    Standing.TO_CONFIRM: "yellow",
    Standing.NOT_STARTED: "blue",
    Standing.IN_PROGRESS: "light-blue",
    Standing.DONE: "",
    Standing.OPTIONAL: "grey",
}


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """One section's counts: required questions shown, how many are answered, and what else waits there."""

    section: Section
    required: int
    answered: int
    touched: bool
    unfinished_answers: int = 0  # begun, and something in them is still open
    to_confirm: int = 0
    returned: int = 0
    unfinished_impacts: int = 0

    @property
    def standing(self) -> Standing:
        if self.returned:
            return Standing.RETURNED
        if self.to_confirm:
            return Standing.TO_CONFIRM
        if self.unfinished_impacts or self.unfinished_answers:
            return Standing.IN_PROGRESS
        if not self.touched:
            return Standing.NOT_STARTED if self.required else Standing.OPTIONAL
        return Standing.DONE if self.answered == self.required else Standing.IN_PROGRESS

    @property
    def words(self) -> str:
        match self.standing:
            case Standing.RETURNED:
                return f"Returned: {self.returned} to answer"
            case Standing.TO_CONFIRM:
                return f"{self.to_confirm} to confirm"
            case Standing.IN_PROGRESS if self.answered < self.required:
                return f"{self.answered} of {self.required} answered"
            case Standing.IN_PROGRESS if self.unfinished_answers:
                return f"{counted(self.unfinished_answers, 'answer')} to finish"
            case Standing.IN_PROGRESS:
                return f"{counted(self.unfinished_impacts, 'impact')} to finish"
            case Standing.NOT_STARTED:
                return "Not started"
            case Standing.OPTIONAL:
                return "Optional"
        return "Done"

    @property
    def colour(self) -> str:
        return COLOURS[self.standing]


def counted(number: int, noun: str) -> str:
    """The number with its noun: "1 impact", "2 impacts"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def progress(
    questionnaire: Questionnaire,
    answers: Mapping[str, object],
    *,
    to_confirm: Collection[str] = (),
    returned: Mapping[str, int] | None = None,
    impacts: Mapping[str, int] | None = None,
    unfinished_impacts: Mapping[str, int] | None = None,
) -> tuple[SectionProgress, ...]:
    """Each section in order.

    `to_confirm` holds question ids; `returned` counts open points, `impacts` impacts and `unfinished_impacts` those
    that lack something or wait to be confirmed, each by section id.
    """
    shown, answered = visible_answers(questionnaire, answers)
    lacking = {one.question_id for one in missing(questionnaire, answers)}
    impacts, returned, unfinished = impacts or {}, returned or {}, unfinished_impacts or {}

    def one(section: Section) -> SectionProgress:
        asked = [q for q in section.questions if q.id in shown and q.type not in UNANSWERED]
        required = [q for q in asked if q.required]
        return SectionProgress(
            section=section,
            required=len(required),
            answered=sum(q.id not in lacking for q in required),
            touched=any(q.id in answered for q in asked) or bool(impacts.get(section.id)),
            unfinished_answers=sum(q.id in lacking and q.id in answered for q in asked),
            to_confirm=sum(q.id in to_confirm for q in asked),
            returned=returned.get(section.id, 0),
            unfinished_impacts=unfinished.get(section.id, 0),
        )

    return tuple(one(section) for section in questionnaire.sections)
