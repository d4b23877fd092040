"""Who may read the exempt parts of every record: named by an administrator, with a reason, until it is ended."""

from __future__ import annotations

from sqlalchemy import select

from hia_app.domain.errors import InvalidInput, NotPermitted
from hia_app.domain.policy import require
from hia_app.domain.workflow import Action
from hia_app.services import accounts
from hia_app.services.reasons import reason_given
from hia_app.services.work import Work, entitled, record
from hia_app.store.columns import new_id
from hia_app.store.tables import FullEditionReader, Person

WHY = "Say why this person may read exempt parts, for example which duty of theirs asks for it"
WHY_NOT = "Say why the entitlement ends"


def history(work: Work, person_id: str) -> list[FullEditionReader]:
    """Every entitlement somebody ever had, the newest first."""
    require(Action.ENTITLE, work.actor)
    return list(
        work.session.scalars(
            select(FullEditionReader)
            .where(FullEditionReader.person_id == person_id)
            .order_by(FullEditionReader.granted_at.desc(), FullEditionReader.id)
        )
    )


def standing(work: Work) -> list[tuple[Person, FullEditionReader]]:
    """Everybody who is entitled now, by name; one query."""
    require(Action.ENTITLE, work.actor)
    rows = work.session.execute(
        select(Person, FullEditionReader)
        .join(FullEditionReader, FullEditionReader.person_id == Person.id)
        .where(FullEditionReader.ended_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return [(person, found) for person, found in rows]


def entitle(work: Work, person_id: str, reason: str) -> FullEditionReader:
    """Entitle somebody else; who is entitled already stays so, with the first reason."""
    require(Action.ENTITLE, work.actor)
    person = _locked(work, person_id)
    why = reason_given(reason, WHY)
    if person.disabled_at is not None:
        raise InvalidInput({"reason": "This account is disabled. Enable it first."})
    existing = work.session.scalar(select(FullEditionReader).where(FullEditionReader.id.in_(entitled(person.id))))
    if existing is not None:
        return existing
    found = FullEditionReader(
        id=new_id(), person_id=person.id, reason=why, granted_by=work.actor.person_id, granted_at=work.now
    )
    work.session.add(found)
    record(work, Action.ENTITLE, subject=person.name, detail={"person": person.id, "reason": why})
    return found


def end(work: Work, person_id: str, reason: str) -> None:
    """End it; nothing happens where there is none. What somebody has taken away already stays with them."""
    require(Action.ENTITLE, work.actor)
    person = _locked(work, person_id)
    why = reason_given(reason, WHY_NOT)
    existing = work.session.scalar(select(FullEditionReader).where(FullEditionReader.id.in_(entitled(person.id))))
    if existing is None:
        return
    existing.ended_at, existing.ended_by, existing.ended_reason = work.now, work.actor.person_id, why
    record(work, "end_entitlement", subject=person.name, detail={"person": person.id, "reason": why})


def _locked(work: Work, person_id: str) -> Person:
    """Somebody else's entry, which nobody changes until this is done."""
    person = accounts.find(work, person_id)
    if person.id == work.actor.person_id:
        raise NotPermitted("Nobody entitles themselves. Ask another administrator.")
    work.session.refresh(person, ("id", "disabled_at"), with_for_update=True)
    return person
