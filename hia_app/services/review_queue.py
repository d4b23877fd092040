"""What waits for public health: assessments to review and screenings to confirm, the nearest decision first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from hia_app.domain import policy
from hia_app.domain.policy import Side
from hia_app.domain.workflow import Action, State
from hia_app.services.cover import away_today
from hia_app.services.work import LONDON, Work
from hia_app.services.working_days import working_days_after
from hia_app.store.tables import Assessment, AssessmentVersion, Person, PersonSide, ReviewRound

PAGE = 25


@dataclass(frozen=True, slots=True)
class Shelf:
    """One list of the queue: its name on the screen and the states it shows."""

    label: str
    states: frozenset[State]


SHELVES: Mapping[str, Shelf] = MappingProxyType(
    {
        "waiting": Shelf("With public health", frozenset({State.IN_REVIEW, State.SCREENED_OUT})),
        "returned": Shelf("Returned to officers", frozenset({State.RETURNED})),
        "deciding": Shelf("With the decision-maker", frozenset({State.REVIEWED})),
    }
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of the queue; days count whole calendar days, and `days_left` is below zero after the decision date."""

    reference: str
    number: int
    title: str
    state: State
    owner: str
    lead: str | None
    mine: bool
    to_take_up: bool
    since: datetime
    days_waiting: int
    decision_date: date
    days_left: int
    due: date | None  # the review's own date; None where nobody in public health has it
    overdue: bool
    to_cover: bool  # its lead is away today, and this person covers


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of a shelf; pages count from 1."""

    shelf: str
    rows: tuple[Waiting, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def queue(work: Work, shelf: str = "waiting", page: int = 1) -> Queue:
    """One page of what this reviewer may take on; three queries, whatever the number of assessments."""
    policy.require(Action.SEE_QUEUE, work.actor)
    shelf = shelf if shelf in SHELVES else "waiting"
    total = work.session.scalar(_mine(work, shelf, select(func.count(AssessmentVersion.id)))) or 0
    page = min(max(1, page), max(1, -(-total // PAGE)))
    away = away_today(work)
    rows = work.session.execute(_listing(work, shelf).limit(PAGE).offset((page - 1) * PAGE))
    return Queue(shelf, tuple(_row(work, away, *row) for row in rows), total, page)


def _mine(work: Work, shelf: str, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Only what is on this shelf and where this person is not on another side."""
    person = work.actor.person_id
    side = aliased(PersonSide)
    return statement.outerjoin(
        side, (side.assessment_id == AssessmentVersion.assessment_id) & (side.person_id == person)
    ).where(
        AssessmentVersion.state.in_(SHELVES[shelf].states),
        or_(side.side.is_(None), side.side == Side.REVIEW),
    )


def _listing(work: Work, shelf: str) -> Select[*tuple[Any, ...]]:
    owner, lead = aliased(Person), aliased(Person)
    since = func.coalesce(ReviewRound.started_at, AssessmentVersion.changed_at)
    statement = (
        select(
            Assessment.reference,
            AssessmentVersion.number,
            AssessmentVersion.title,
            AssessmentVersion.state,
            owner.name,
            lead.name,
            AssessmentVersion.lead_reviewer_id,
            ReviewRound.no_conflict_declared,
            ReviewRound.started_at,
            AssessmentVersion.changed_at,
            AssessmentVersion.decision_date,
        )
        .select_from(AssessmentVersion)
        .join(Assessment, Assessment.id == AssessmentVersion.assessment_id)
        .join(owner, owner.id == AssessmentVersion.owner_id)
        .outerjoin(lead, lead.id == AssessmentVersion.lead_reviewer_id)
        .outerjoin(ReviewRound, (ReviewRound.version_id == AssessmentVersion.id) & ReviewRound.outcome.is_(None))
        .order_by(AssessmentVersion.decision_date, since, AssessmentVersion.id)
    )
    return _mine(work, shelf, statement)


def _row(
    work: Work,
    away: Mapping[str, str],
    reference: str,
    number: int,
    title: str,
    state: str,
    owner: str,
    lead: str | None,
    lead_id: str | None,
    declared: bool | None,
    started: datetime | None,
    changed: datetime,
    decision_date: date,
) -> Waiting:
    since = started or changed
    due = None
    if state in SHELVES["waiting"].states:
        due = working_days_after(since.astimezone(LONDON).date(), work.settings.review_working_days)
    mine = lead_id == work.actor.person_id
    return Waiting(
        reference=reference,
        number=number,
        title=title,
        state=State(state),
        owner=owner,
        lead=lead,
        mine=mine,
        to_take_up=mine and state == State.IN_REVIEW and not declared,
        since=since,
        days_waiting=(work.today - since.astimezone(LONDON).date()).days,
        decision_date=decision_date,
        days_left=(decision_date - work.today).days,
        due=due,
        overdue=due is not None and due < work.today,
        to_cover=lead_id is not None and away.get(lead_id) == work.actor.person_id,
    )
