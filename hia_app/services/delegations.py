"""Letting somebody else decide: on one assessment, for some days, with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from hia_app.domain.errors import NotNow, NotPermitted, NotVisible
from hia_app.domain.policy import Side
from hia_app.domain.workflow import Action
from hia_app.services.responsibilities import ON_ANOTHER_SIDE, candidates
from hia_app.services.statements import Statements
from hia_app.services.work import NOTHING, Case, Work, allow, hold, join_side, record
from hia_app.store.columns import new_id
from hia_app.store.tables import Delegation, Person


def deputies(work: Work, case: Case) -> list[Person]:
    """Who could decide instead: other decision-makers who are on no other side of this assessment."""
    allow(work, Action.DELEGATE, case)
    return [one for one in candidates(work, case, "decision_maker") if one.id != work.actor.person_id]


def standing(work: Work, case: Case) -> Sequence[Delegation]:
    """What the named decision-maker has delegated and is not over, the nearest first."""
    allow(work, Action.SEE_SUBMISSION, case)
    return work.session.scalars(
        select(Delegation)
        .where(
            Delegation.version_id == case.version.id,
            Delegation.from_id == case.version.decision_maker_id,
            Delegation.last_day >= work.today,
            Delegation.ended_at.is_(None),
        )
        .order_by(Delegation.first_day, Delegation.id)
    ).all()


def delegate(work: Work, case: Case, to: str, first: date, last: date, reason: str) -> Delegation:
    """Let somebody decide from one day to another, both included; whoever delegates may still decide themselves."""
    _held(work, case)
    statements = Statements()
    words = statements.read("reason", reason, "Say why you let somebody else decide")
    if last < first:
        statements.refuse("last", "The last day must not be before the first")
    elif last < work.today:
        statements.refuse("last", "This day has passed")
    if any(one.first_day <= last and one.last_day >= first for one in standing(work, case)):
        statements.refuse("first", "Somebody else may already decide on some of these days. End that first")
    chosen = {person.id: person for person in deputies(work, case)}.get(to)
    if chosen is None:
        statements.refuse("to", "Choose a decision-maker who has no other part in this assessment")
    statements.settle()
    assert chosen is not None  # noqa: S101  settled above
    if not join_side(work, case.version.assessment_id, chosen.id, Side.DECISION):
        raise NotPermitted(ON_ANOTHER_SIDE.format(name=chosen.name))
    given = Delegation(
        id=new_id(),
        version_id=case.version.id,
        from_id=work.actor.person_id,
        to=chosen,
        first_day=first,
        last_day=last,
        reason=words,
        given_at=work.now,
    )
    work.session.add(given)
    work.session.flush()
    detail = {"to": chosen.id, "from_day": first.isoformat(), "to_day": last.isoformat(), "reason": words}
    record(work, Action.DELEGATE, case, subject=chosen.name, detail=detail, concerned=[chosen.id])
    return given


def end(work: Work, case: Case, delegation_id: str) -> Delegation:
    """Take the decision back before the last day."""
    _held(work, case)
    found = next((one for one in standing(work, case) if one.id == delegation_id), None)
    if found is None:
        raise NotVisible(NOTHING)
    found.ended_at = work.now
    record(work, "end_delegation", case, subject=found.to.name, former=[found.to_id])
    return found


def _held(work: Work, case: Case) -> None:
    allow(work, Action.DELEGATE, case)
    hold(work, case)
    if case.version.decision_maker_id != work.actor.person_id:
        raise NotNow("Somebody else is now named to decide on this assessment.")
