"""The rounds of a review: one for each time an assessment comes to public health, with who leads it and how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from hia_app.domain.errors import NotNow
from hia_app.domain.policy import Side
from hia_app.domain.targets import target_label
from hia_app.domain.workflow import Action
from hia_app.services import impacts
from hia_app.services.work import Case, Work, allow, hold
from hia_app.store.columns import new_id
from hia_app.store.tables import Person, ReturnPoint, ReviewRound, ReviewSection

OTHER_SIDE = {
    Side.AUTHOR: "You are or were on the author side of this assessment, so you can never review it or decide on it.",
    Side.REVIEW: "You are or were on the review side of this assessment, so you can never decide on it.",
    Side.DECISION: "You are or were named to decide on this assessment, so you can never review it.",
}


@dataclass(frozen=True, slots=True)
class PointView:
    """A returned point in words, with the author side's response."""

    point: ReturnPoint
    label: str


@dataclass(frozen=True, slots=True)
class RoundView:
    """One round with its points, for the people who look back at it."""

    round: ReviewRound
    points: tuple[PointView, ...]


def begin_round(work: Work, case: Case, *, lead: Person | None = None, declared: bool = False) -> ReviewRound:
    """Start the next round; a lead who declared before for this very content does not have to do it again."""
    highest = select(func.coalesce(func.max(ReviewRound.number), 0)).where(ReviewRound.version_id == case.version.id)
    started = ReviewRound(
        id=new_id(),
        version_id=case.version.id,
        number=(work.session.scalar(highest) or 0) + 1,
        started_at=work.now,
        lead=lead,
        taken_at=work.now if declared else None,
        no_conflict_declared=declared,
    )
    work.session.add(started)
    work.session.flush()
    _carry_sections(work, started)
    return started


def _carry_sections(work: Work, started: ReviewRound) -> None:
    """Who reviews which section stays; what they said too, where the round before ended without a new submission."""
    before = work.session.scalar(
        select(ReviewRound).where(
            ReviewRound.version_id == started.version_id, ReviewRound.number == started.number - 1
        )
    )
    if before is None:
        return
    same = before.outcome == "concluded"
    for row in work.session.scalars(select(ReviewSection).where(ReviewSection.round_id == before.id)).all():
        kept = {"no_conflict_declared": row.no_conflict_declared, "reviewed_at": row.reviewed_at} if same else {}
        carried = ReviewSection(
            id=new_id(),
            round_id=started.id,
            version_id=row.version_id,
            section_id=row.section_id,
            reviewer_id=row.reviewer_id,
            assigned_by=row.assigned_by,
            assigned_at=work.now,
            grade=row.grade,
            comment=row.comment,
            **kept,
        )
        work.session.add(carried)
    work.session.flush()


def open_round(work: Work, case: Case) -> ReviewRound | None:
    """The round that is under way; read afresh, because somebody else may just have taken it."""
    return work.session.scalar(
        select(ReviewRound)
        .where(ReviewRound.version_id == case.version.id, ReviewRound.outcome.is_(None))
        .order_by(ReviewRound.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def round_at_hand(work: Work, case: Case) -> ReviewRound:
    """The round that is under way, begun now where the submission did not begin one."""
    return open_round(work, case) or begin_round(work, case, lead=case.version.lead_reviewer)


def last_concluded(work: Work, case: Case) -> ReviewRound | None:
    """The round whose recommendation the decision-maker has."""
    return work.session.scalar(
        select(ReviewRound)
        .where(ReviewRound.version_id == case.version.id, ReviewRound.outcome == "concluded")
        .order_by(ReviewRound.number.desc())
        .limit(1)
    )


def held_by_lead(work: Work, action: Action, case: Case) -> ReviewRound:
    """For the lead reviewer alone: the round at hand, held against others until the transaction ends."""
    allow(work, action, case)
    hold(work, case)
    if case.version.lead_reviewer_id != work.actor.person_id:
        raise NotNow("This review has just been handed to somebody else.")
    return round_at_hand(work, case)


def accepted(held: ReviewRound, work: Work) -> ReviewRound:
    """The same round, once its lead has said that there is no conflict of interest; raises NotNow before that."""
    if not held.no_conflict_declared or held.lead_id != work.actor.person_id:
        raise NotNow("Take up this review first: say that you have no conflict of interest.")
    return held


def rounds(work: Work, case: Case, lines: Sequence[impacts.Recorded] | None = None) -> tuple[RoundView, ...]:
    """Every round, the newest first, with its points in words; `lines` are the impacts when they are at hand."""
    allow(work, Action.SEE_CONTENT, case)
    recorded = impacts.lines_of(work, case) if lines is None else lines
    names = {line.row.id: line.name for line in recorded}
    points: dict[str, list[ReturnPoint]] = {}
    for point in work.session.scalars(select(ReturnPoint).where(ReturnPoint.version_id == case.version.id)):
        points.setdefault(point.round_id, []).append(point)
    found = work.session.scalars(
        select(ReviewRound).where(ReviewRound.version_id == case.version.id).order_by(ReviewRound.number.desc())
    )
    return tuple(RoundView(one, _in_words(case, points.get(one.id, ()), names)) for one in found)


def _in_words(case: Case, points: Sequence[ReturnPoint], names: dict[str, str]) -> tuple[PointView, ...]:
    place = {question.id: number for number, question in enumerate(case.questionnaire.questions)}
    ordered = sorted(points, key=lambda point: (place.get(point.target, len(place)), point.kind, point.target))
    return tuple(
        PointView(point, target_label(case.questionnaire, point.kind, point.target, names)) for point in ordered
    )
