"""What reviewers found, read in one place for the pages and, word for word, for what is frozen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from hia_app.domain.quality import PROMPTS
from hia_app.domain.targets import target_label
from hia_app.services.work import Case, Work
from hia_app.store.tables import (
    Condition,
    Dispute,
    ExemptMark,
    ImpactLine,
    Person,
    QualityGrade,
    ReviewRound,
    ReviewSection,
    Thread,
)

Payload = dict[str, Any]
_PLACE = {prompt.id: place for place, prompt in enumerate(PROMPTS)}


def sections(work: Work, case: Case) -> dict[str, list[Payload]]:
    """By round: which reviewer said what about which section; one query."""
    found: dict[str, list[Payload]] = {}
    titles = {section.id: section.title for section in case.questionnaire.sections}
    rows = work.session.scalars(
        select(ReviewSection)
        .where(ReviewSection.version_id == case.version.id, ReviewSection.reviewed_at.is_not(None))
        .order_by(ReviewSection.section_id)
    )
    for row in rows:
        said = {
            "section": row.section_id,
            "label": titles.get(row.section_id, row.section_id),
            "by": row.reviewer.name,
            "grade": row.grade,
            "comment": row.comment,
            "at": row.reviewed_at.isoformat() if row.reviewed_at else None,
        }
        found.setdefault(row.round_id, []).append(said)
    return found


def frozen(work: Work, case: Case) -> Payload:
    """The parts of a submission that come from the review; private notes are not even asked for."""
    names = impact_names(work, case)
    return {
        "grades": [_grade(*one) for one in grades(work, case)],
        "disputes": [_dispute(*one) for one in disputes(work, case)],
        "rating_disputed": case.version.rating_disputed,
        "comments": _comments(work, case, names),
        "exempt_marks": [_mark(case, names, *one) for one in marks(work, case) if one[0].lifted_at is None],
        "conditions": [_condition(*one) for one in conditions(work, case)],
    }


def impact_names(work: Work, case: Case) -> dict[str, str]:
    """Impact id → "I3", for every impact there ever was in this version."""
    rows = work.session.execute(
        select(ImpactLine.id, ImpactLine.number).where(ImpactLine.version_id == case.version.id)
    )
    return {impact_id: f"I{number}" for impact_id, number in rows}


def grades(work: Work, case: Case) -> Sequence[tuple[QualityGrade, int, str]]:
    """Every grade with the number of its round and who gave it; rounds from the first, prompts in their order."""
    rows = work.session.execute(
        select(QualityGrade, ReviewRound.number, Person.name)
        .join(ReviewRound, ReviewRound.id == QualityGrade.round_id)
        .join(Person, Person.id == QualityGrade.graded_by)
        .where(QualityGrade.version_id == case.version.id)
    )
    told = [(row, number, name) for row, number, name in rows]
    return sorted(told, key=lambda one: (one[1], _PLACE.get(one[0].prompt, len(_PLACE))))


def disputes(work: Work, case: Case) -> Sequence[tuple[Dispute, str, str]]:
    """Every dispute with its impact's name and who raised it, by impact, those that ended too."""
    rows = work.session.execute(
        select(Dispute, ImpactLine.number, Person.name)
        .join(ImpactLine, ImpactLine.id == Dispute.impact_id)
        .join(Person, Person.id == Dispute.disputed_by)
        .where(Dispute.version_id == case.version.id)
        .order_by(ImpactLine.number, Dispute.disputed_at, Dispute.id)
    )
    return [(row, f"I{number}", name) for row, number, name in rows]


def marks(work: Work, case: Case) -> Sequence[tuple[ExemptMark, str]]:
    """Every exempt mark with who made it, lifted ones too, in the order they were made."""
    rows = work.session.execute(
        select(ExemptMark, Person.name)
        .join(Person, Person.id == ExemptMark.marked_by)
        .where(ExemptMark.version_id == case.version.id)
        .order_by(ExemptMark.marked_at, ExemptMark.id)
    )
    return [(row, name) for row, name in rows]


def conditions(work: Work, case: Case) -> Sequence[tuple[Condition, int]]:
    """Every condition with the number of the round that set it, in order."""
    rows = work.session.execute(
        select(Condition, ReviewRound.number)
        .join(ReviewRound, ReviewRound.id == Condition.round_id)
        .where(Condition.version_id == case.version.id)
        .order_by(ReviewRound.number, Condition.number)
    )
    return [(row, number) for row, number in rows]


def _grade(row: QualityGrade, number: int, by: str) -> Payload:
    said = {"prompt": row.prompt, "grade": row.grade, "comment": row.comment}
    return {"round": number, **said, "by": by, "at": row.graded_at.isoformat()}


def _dispute(row: Dispute, impact: str, by: str) -> Payload:
    return {
        "impact": impact,
        "field": row.field,
        "officer": row.officer_value,
        "reviewer": row.value,
        "reason": row.reason,
        "by": by,
        "at": row.disputed_at.isoformat(),
        "ending": row.ending,
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        "ended_reason": row.ended_reason,
    }


def _mark(case: Case, names: dict[str, str], row: ExemptMark, by: str) -> Payload:
    return {
        "kind": row.kind,
        "target": row.target,
        "label": target_label(case.questionnaire, row.kind, row.target, names),
        "paragraph": row.paragraph,
        "public_interest": row.public_interest,
        "by": by,
        "at": row.marked_at.isoformat(),
    }


def _condition(row: Condition, number: int) -> Payload:
    said = {"text": row.text, "owner": row.owner, "due": row.due.isoformat(), "measure": row.measure}
    return {"id": row.id, "round": number, "number": row.number, **said}


def _comments(work: Work, case: Case, names: dict[str, str]) -> list[Payload]:
    found = work.session.scalars(
        select(Thread)
        .where(Thread.version_id == case.version.id, Thread.private.is_(False))
        .order_by(Thread.opened_at, Thread.id)
    ).all()
    ids = {one for thread in found for one in (thread.assigned_to, thread.resolved_by) if one}
    people = dict(work.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all()) if ids else {}
    return [_thread(case, names, people, one) for one in found]


def _thread(case: Case, names: dict[str, str], people: dict[str, str], one: Thread) -> Payload:
    return {
        "kind": one.kind,
        "target": one.target,
        "section": one.section_id,
        "label": target_label(case.questionnaire, one.kind, one.target, names),
        "blocking": one.blocking,
        "opened_at": one.opened_at.isoformat(),
        "assigned_to": people.get(one.assigned_to or ""),
        "resolved_at": one.resolved_at.isoformat() if one.resolved_at else None,
        "resolved_by": people.get(one.resolved_by or ""),
        "resolved_in": one.resolved_in,
        "comments": [
            {"by": said.author.name, "at": said.written_at.isoformat(), "text": said.text} for said in one.comments
        ],
    }
