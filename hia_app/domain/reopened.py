"""When an assessment has been returned: which questions, sections and impacts may be changed again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hia_app.domain.conditions import looks
from hia_app.domain.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class Reopened:
    """What may be changed: everything in a draft, only what was named (and what depends on it) when returned."""

    everything: bool = False
    questions: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    impacts: frozenset[str] = frozenset()

    def question(self, question_id: str, section_id: str) -> bool:
        return self.everything or question_id in self.questions or section_id in self.sections

    def section(self, section_id: str) -> bool:
        """Whether the section was named as a whole, so that impacts may be added there."""
        return self.everything or section_id in self.sections

    def impact(self, impact_id: str, section_id: str) -> bool:
        return self.everything or impact_id in self.impacts or section_id in self.sections


EVERYTHING = Reopened(everything=True)


def reopened(questionnaire: Questionnaire, points: Iterable[tuple[str, str]]) -> Reopened:
    """What the returned points reopen; each is (kind, target) with kind "question", "section" or "impact"."""
    named: dict[str, set[str]] = {"question": set(), "section": set(), "impact": set()}
    for kind, target in points:
        named[kind].add(target)
    sections = frozenset(named["section"])
    started = named["question"] | {
        question.id for question in questionnaire.questions if questionnaire.section_of[question.id].id in sections
    }
    return Reopened(
        questions=frozenset(started | dependents(questionnaire, started)),
        sections=sections,
        impacts=frozenset(named["impact"]),
    )


def dependents(questionnaire: Questionnaire, question_ids: Iterable[str]) -> set[str]:
    """Questions whose showing depends on these, directly or through others; conditions only look back, so one pass."""
    reached = set(question_ids)
    found: set[str] = set()
    for question in questionnaire.questions:
        if any(test.question in reached for test in looks(question.show_when)):
            reached.add(question.id)
            found.add(question.id)
    return found
