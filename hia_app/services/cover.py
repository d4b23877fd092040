"""Reviewers who are away: who covers on which days, and who leads after too many returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from hia_app.domain import policy, typed
from hia_app.domain.errors import NotNow, NotVisible
from hia_app.domain.policy import Role, Side
from hia_app.domain.workflow import Action
from hia_app.services.responsibilities import candidates
from hia_app.services.statements import Statements
from hia_app.services.work import NOTHING, Case, Work, join_side, record
from hia_app.store.columns import new_id
from hia_app.store.tables import Absence, Person, PersonRole, ReviewRound

Parts = tuple[str, str, str]  # day, month and year as they were typed


@dataclass(frozen=True, slots=True)
class Away:
    """One absence with the names of both people."""

    absence: Absence
    person: str
    cover: str


def colleagues(work: Work) -> Sequence[Person]:
    """The other active reviewers, who could cover."""
    policy.require(Action.PLAN_ABSENCE, work.actor)
    return work.session.scalars(
        select(Person)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PersonRole.role == Role.REVIEWER, Person.disabled_at.is_(None), Person.id != work.actor.person_id)
        .order_by(Person.name, Person.id)
    ).all()


def planned(work: Work) -> tuple[Away, ...]:
    """Every absence that is not over, of all reviewers, the nearest first; one query."""
    policy.require(Action.PLAN_ABSENCE, work.actor)
    person, cover = aliased(Person), aliased(Person)
    rows = work.session.execute(
        select(Absence, person.name, cover.name)
        .join(person, person.id == Absence.person_id)
        .join(cover, cover.id == Absence.cover_id)
        .where(Absence.cancelled_at.is_(None), Absence.last_day >= work.today)
        .order_by(Absence.first_day, Absence.id)
    )
    return tuple(Away(*row) for row in rows)


def plan(work: Work, cover_id: str, first: Parts, last: Parts) -> Absence:
    """Say from when to when one is away, and who covers; two absences may not share a day."""
    policy.require(Action.PLAN_ABSENCE, work.actor)
    statements = Statements()
    begins, ends = _day(statements, "first", first), _day(statements, "last", last)
    if begins and ends and ends < begins:
        statements.refuse("last-day", "The last day must not be before the first")
    elif ends and ends < work.today:
        statements.refuse("last-day", "This day has passed")
    if cover_id not in {person.id for person in colleagues(work)}:
        statements.refuse("cover", "Choose the reviewer who covers")
    if begins and ends and _overlapping(work, begins, ends):
        statements.refuse("first-day", "You are already away on some of these days. Cancel that first")
    statements.settle()
    assert begins is not None  # noqa: S101  settled above
    assert ends is not None  # noqa: S101
    added = Absence(
        id=new_id(),
        person_id=work.actor.person_id,
        cover_id=cover_id,
        first_day=begins,
        last_day=ends,
        recorded_at=work.now,
    )
    work.session.add(added)
    work.session.flush()
    detail = {"cover": cover_id, "from": begins.isoformat(), "to": ends.isoformat()}
    record(work, Action.PLAN_ABSENCE, detail=detail)
    return added


def cancel(work: Work, absence_id: str) -> None:
    """Take back what was said about being away; only one's own."""
    policy.require(Action.PLAN_ABSENCE, work.actor)
    found = work.session.get(Absence, absence_id)
    if found is None or found.person_id != work.actor.person_id:
        raise NotVisible(NOTHING)
    if found.cancelled_at is None:
        found.cancelled_at = work.now
        record(work, "cancel_absence", detail={"absence": absence_id})


def away_today(work: Work) -> dict[str, str]:
    """Who is away today, and who covers, by person id; one query."""
    rows = work.session.execute(
        select(Absence.person_id, Absence.cover_id).where(
            Absence.cancelled_at.is_(None), Absence.first_day <= work.today, Absence.last_day >= work.today
        )
    ).all()
    return dict(rows)


def may_cover(work: Work, case: Case) -> bool:
    """Whether this person covers for the lead reviewer of a case today."""
    lead = case.version.lead_reviewer_id
    allowed = policy.may(Action.COVER_REVIEW, work.actor, case.standing)
    if not allowed or lead is None or lead == work.actor.person_id:
        return False
    return away_today(work).get(lead) == work.actor.person_id


def require_cover(work: Work, case: Case) -> None:
    if not may_cover(work, case):
        raise NotNow("You do not cover for the lead of this review today.")


def after_returns(work: Work, case: Case) -> Person | None:
    """Whom the settings name for an assessment that was returned too often; None before that."""
    settings = work.settings
    if not settings.review_escalation:
        return None
    returned = work.session.scalar(
        select(func.count())
        .select_from(ReviewRound)
        .where(ReviewRound.version_id == case.version.id, ReviewRound.outcome == "returned")
    )
    if (returned or 0) < settings.review_returns:
        return None
    named = settings.review_escalation.casefold()
    taken = {case.version.owner_id, case.version.decision_maker_id}
    found = candidates(work, case, "lead_reviewer")
    return next((person for person in found if person.email == named and person.id not in taken), None)


def escalate(work: Work, case: Case) -> None:
    """At a submission after too many returns, the named person leads and declares like any other lead."""
    person = after_returns(work, case)
    if person is None or person.id == case.version.lead_reviewer_id:
        return
    if join_side(work, case.version.assessment_id, person.id, Side.REVIEW):
        case.version.lead_reviewer = person
        record(work, "escalate", case, subject=person.name, detail={"to": person.id}, concerned=[person.id])


def _day(statements: Statements, field: str, parts: Parts) -> date | None:
    try:
        given = typed.date(*parts)
    except typed.Unclear as unclear:
        statements.refuse(f"{field}-{unclear.part or 'day'}", unclear.message)
        return None
    if not given:
        statements.refuse(f"{field}-day", "Enter the day")
        return None
    return date.fromisoformat(given)


def _overlapping(work: Work, begins: date, ends: date) -> bool:
    found = work.session.scalar(
        select(Absence.id)
        .where(
            Absence.person_id == work.actor.person_id,
            Absence.cancelled_at.is_(None),
            Absence.first_day <= ends,
            Absence.last_day >= begins,
        )
        .limit(1)
    )
    return found is not None
