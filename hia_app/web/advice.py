"""What an officer should do next about the rating: the most useful things first, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for

from hia_app.domain.gaps import Gap
from hia_app.domain.rating import Rating
from hia_app.services.work import Case

MOST = 6


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do, and where; an empty address means that no single page does it."""

    text: str
    href: str = ""


def next_steps(case: Case, rating: Rating) -> tuple[Advice, ...]:
    """At most six things: serious harms first, then what is missing, then mitigations that do not count yet."""
    found = [*_harms(rating), *_gaps(case, rating), *_mitigations(rating)]
    return tuple(found[:MOST])


def _harms(rating: Rating) -> Iterator[Advice]:
    for line_id in rating.stop:
        line = rating.line(line_id)
        if line.counted_as == "awaiting_countersignature":
            continue  # all is done that its author can do
        yield Advice(f"Change {line_id} or commit to a mitigation: “{line.name}” is still a major harm.", f"#{line_id}")


def _gaps(case: Case, rating: Rating) -> Iterator[Advice]:
    answers = [gap for gap in rating.gaps if gap.kind == "missing_answer"]
    if answers:
        where = url_for("assessments.check", reference=case.reference, number=case.version.number)
        words = "1 required question" if len(answers) == 1 else f"{len(answers)} required questions"
        yield Advice(f"Answer {words} that nobody has answered.", where)
    for gap in rating.gaps:
        if gap.kind != "missing_answer":
            yield Advice(gap.sentence, gap_place(case, gap))


def gap_place(case: Case, gap: Gap) -> str:
    """Where a gap can be closed."""
    where: dict[str, Any] = {"reference": case.reference, "number": case.version.number}
    if gap.kind == "missing_answer" and gap.id in case.questionnaire.section_of:
        section = case.questionnaire.section_of[gap.id]
        return url_for("sections.show", section_id=section.id, **where) + f"#question-{gap.id}"
    if gap.kind in {"incomplete_impact", "line_not_known", "low_confidence"}:
        return f"#{gap.id}"
    if gap.kind == "group_not_known":
        for question in case.questionnaire.questions:
            if question.type == "groups":
                section = case.questionnaire.section_of[question.id]
                return url_for("sections.show", section_id=section.id, **where) + f"#question-{question.id}"
    return url_for("assessments.show", **where)


def _mitigations(rating: Rating) -> Iterator[Advice]:
    for line in rating.lines:
        if line.counted_as == "uncommitted":
            yield Advice(f"Give the mitigation of {line.id} an owner, a date, funding and a measure.", f"#{line.id}")
        elif line.counted_as == "awaiting_countersignature":
            yield Advice(
                f"The mitigation of {line.id} claims more than one step: it counts once a reviewer countersigns it.",
                f"#{line.id}",
            )
