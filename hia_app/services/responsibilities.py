"""Who answers for an assessment: naming the decision-maker, and handing a part to somebody else."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from hia_app.domain.errors import InvalidInput, NotNow
from hia_app.domain.policy import Role, Side
from hia_app.domain.workflow import EDITABLE, Action, State
from hia_app.services.reasons import reason_given
from hia_app.services.work import Case, Work, allow, hold, join_side, record
from hia_app.store.tables import Person, PersonRole, PersonSide, ReviewRound

ON_ANOTHER_SIDE = "{name} already has another part in this assessment, and nobody may have two."


@dataclass(frozen=True, slots=True)
class Part:
    """A part somebody plays: its name on the screen, the role it needs, the side it is on, and its column."""

    label: str
    role: Role
    side: Side
    column: str


PARTS: dict[str, Part] = {
    "owner": Part("owner", Role.OFFICER, Side.AUTHOR, "owner_id"),
    "lead_reviewer": Part("lead reviewer", Role.REVIEWER, Side.REVIEW, "lead_reviewer_id"),
    "decision_maker": Part("decision-maker", Role.DECISION_MAKER, Side.DECISION, "decision_maker_id"),
}


def candidates(work: Work, case: Case, what: str) -> list[Person]:
    """Who could take this part: holds the role, can sign in, and is on no other side of this assessment."""
    part = PARTS[what]
    elsewhere = select(PersonSide.person_id).where(
        PersonSide.assessment_id == case.version.assessment_id, PersonSide.side != part.side
    )
    return list(
        work.session.scalars(
            select(Person)
            .join(PersonRole, PersonRole.person_id == Person.id)
            .where(PersonRole.role == part.role, Person.disabled_at.is_(None), Person.id.not_in(elsewhere))
            .order_by(Person.name, Person.id)
        )
    )


def name_decision_maker(work: Work, case: Case, person_id: str) -> Person:
    """The owner names who will decide; naming puts that person on the decision side of this assessment for ever."""
    allow(work, Action.CHANGE_PROPOSAL, case)
    hold(work, case)
    person = _fitting(work, case, "decision_maker", person_id)
    if case.version.decision_maker_id != person.id:
        case.version.decision_maker_id = person.id
        record(work, "name_decision_maker", case, subject=person.name)
    return person


def reassign(work: Work, case: Case, *, what: str, person_id: str, reason: str) -> Person:
    """An administrator hands a part to somebody else, with a reason; the sides rule holds."""
    allow(work, Action.REASSIGN, case)
    if what not in PARTS:
        raise InvalidInput({"what": "Choose which part to hand over"})
    words = reason_given(reason, "Say why this part changes hands")
    hold(work, case)
    if person_id == work.actor.person_id:
        raise InvalidInput({"person": "You cannot name yourself. Ask another administrator."})
    if what == "lead_reviewer" and case.version.lead_reviewer_id is None:
        raise NotNow("Nobody leads the review yet: a reviewer has to take it first.")
    person = _fitting(work, case, what, person_id)
    part = PARTS[what]
    before = getattr(case.version, part.column)
    if before == person.id:
        return person
    setattr(case.version, part.column, person.id)
    if what == "lead_reviewer":
        _lead_open_round(work, case, person.id)
    former = work.session.get(Person, before) if before else None
    record(
        work,
        Action.REASSIGN,
        case,
        subject=f"{part.label}: {person.name}",
        detail={"what": what, "from": former.name if former else "", "to": person.name, "reason": words},
        concerned=[person.id],
        former=[former.id] if former else [],
    )
    return person


def _fitting(work: Work, case: Case, what: str, person_id: str) -> Person:
    """The person, if they may take this part; they then are on its side."""
    part = PARTS[what]
    person = work.session.get(Person, person_id) if person_id else None
    if person is None or person.disabled_at is not None or part.role not in person.role_set:
        raise InvalidInput({"person": f"Choose somebody who can be the {part.label}."})
    if not join_side(work, case.version.assessment_id, person.id, part.side):
        raise InvalidInput({"person": ON_ANOTHER_SIDE.format(name=person.name)})
    return person


def _lead_open_round(work: Work, case: Case, person_id: str) -> None:
    if case.state is not State.IN_REVIEW:
        return
    current = work.session.scalar(
        select(ReviewRound).where(ReviewRound.version_id == case.version.id, ReviewRound.outcome.is_(None))
    )
    if current is not None:
        current.lead_id = person_id
        current.taken_at, current.no_conflict_declared = None, False  # the new lead declares before going on


def may_name(case: Case) -> bool:
    """Whether a decision-maker can still be named by the owner."""
    return case.state in EDITABLE | {State.SCREENING}
