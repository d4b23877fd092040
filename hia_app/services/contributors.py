"""Inviting colleagues and partners to one assessment, whole or by section, and letting them go again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from hia_app.domain.errors import InvalidInput, NotVisible
from hia_app.domain.policy import Side
from hia_app.domain.workflow import Action
from hia_app.services import accounts, one_time_links
from hia_app.services.one_time_links import FreshLink
from hia_app.services.reasons import text_given
from hia_app.services.sign_ins import normal_email
from hia_app.services.work import NOTHING, Case, Work, allow, hold, join_side, record
from hia_app.store.tables import Contributor, Person, PersonSide

ALREADY_ELSEWHERE = "This person already has another part in this assessment, and nobody may have two."


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who was invited, and the one-time link to give them where they have never signed in (shown once)."""

    contributor: Contributor
    link: FreshLink | None = None


def contributors_of(work: Work, case: Case) -> Sequence[Contributor]:
    """Everybody ever invited, in the order of invitation; removed ones are marked by `removed_at`."""
    allow(work, Action.SEE_CONTENT, case)
    return work.session.scalars(
        select(Contributor)
        .where(Contributor.assessment_id == case.version.assessment_id)
        .order_by(Contributor.invited_at, Contributor.id)
    ).all()


def invite(work: Work, case: Case, *, email: str, name: str, sections: Sequence[str]) -> Invitation:
    """Invite somebody to these sections (none named: to all); inviting again changes what they reach."""
    allow(work, Action.INVITE_CONTRIBUTOR, case)
    hold(work, case)
    chosen = [one.id for one in case.questionnaire.sections if one.id in set(sections)]
    if len(chosen) != len(set(sections)):
        raise InvalidInput({"sections": "Choose from the sections shown"})
    person, link = _person(work, case, email, name)
    if person.id == case.version.owner_id:
        raise InvalidInput({"email": "This is the owner, who reaches everything already"})
    if not join_side(work, case.version.assessment_id, person.id, Side.AUTHOR):
        raise InvalidInput({"email": ALREADY_ELSEWHERE})
    row = work.session.scalar(
        select(Contributor).where(
            Contributor.assessment_id == case.version.assessment_id, Contributor.person_id == person.id
        )
    )
    if row is None:
        row = Contributor(assessment_id=case.version.assessment_id, person_id=person.id, person=person)
        work.session.add(row)
    elif row.removed_at is None and row.sections == chosen:
        return Invitation(row, link)
    row.sections, row.removed_at = chosen, None
    row.invited_by, row.invited_at = work.actor.person_id, work.now
    reach = [case.questionnaire.section_by_id[one].title for one in chosen]
    told = {"sections": reach}
    record(work, Action.INVITE_CONTRIBUTOR, case, subject=person.name, detail=told, concerned=[person.id])
    work.session.flush()
    return Invitation(row, link)


def remove(work: Work, case: Case, contributor_id: str) -> Contributor:
    """End somebody's contribution; they stay on the author side, so they can never review or decide this."""
    allow(work, Action.REMOVE_CONTRIBUTOR, case)
    hold(work, case)
    row = work.session.get(Contributor, contributor_id)
    if row is None or row.assessment_id != case.version.assessment_id:
        raise NotVisible(NOTHING)
    if row.removed_at is None:
        row.removed_at = work.now
        record(work, Action.REMOVE_CONTRIBUTOR, case, subject=row.person.name, concerned=[row.person_id])
    return row


def _person(work: Work, case: Case, email: str, name: str) -> tuple[Person, FreshLink | None]:
    """The person with this address, added when new, and a link where they need one and may be given one."""
    address = normal_email(text_given(email, field="email", characters=254, ask="Enter an email address"))
    person = work.session.scalar(select(Person).where(Person.email == address))
    if person is None:
        return accounts.invite(work, email=email, name=name)
    if person.disabled_at is not None:
        raise InvalidInput({"email": "This person can no longer sign in. Ask an administrator."})
    return person, one_time_links.make(work, person) if _known_from_here_alone(work, case, person) else None


def _known_from_here_alone(work: Work, case: Case, person: Person) -> bool:
    """Never signed in, without a role, and on no other assessment.

    Anybody else gets no link from here: whoever holds a link can sign in as that person.
    """
    if person.password_hash is not None or person.sso_subject is not None or person.role_set:
        return False
    sides = work.session.scalars(select(PersonSide.assessment_id).where(PersonSide.person_id == person.id)).all()
    return set(sides) <= {case.version.assessment_id} and bool(sides)
