"""People and their roles: added, changed and disabled by an administrator, who never holds a password of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from hia_app.domain import policy
from hia_app.domain.errors import InvalidInput, NotPermitted, NotVisible
from hia_app.domain.policy import Role
from hia_app.domain.workflow import Action
from hia_app.services import one_time_links, passwords, sessions
from hia_app.services.one_time_links import FreshLink
from hia_app.services.reasons import text_given
from hia_app.services.sign_ins import confirm_password, normal_email
from hia_app.services.work import NOTHING, Work, record
from hia_app.store.columns import new_id
from hia_app.store.tables import Person, PersonRole

TAKEN = "Somebody with this email address is already there."


def add(
    work: Work, *, email: str, name: str, job_title: str = "", roles: Iterable[str] = (), person_id: str | None = None
) -> tuple[Person, FreshLink]:
    """A new person with their roles and the invitation to hand to them; administrators only."""
    may_manage(work)
    person = _new_person(work, email, name, job_title, person_id)
    _give(work, person, _known(roles))
    record(work, "add_person", subject=person.name, detail={"person": person.id, "roles": sorted(person.role_set)})
    return person, one_time_links.make(work, person)


def invite(work: Work, *, email: str, name: str) -> tuple[Person, FreshLink | None]:
    """The person behind an address, added without any role when new; only somebody new gets a link.

    A link lets its holder sign in as that person, so nobody is handed one for an account that is already there.
    Whoever calls this has asked the policy table whether the inviting person may invite.
    """
    person = work.session.scalar(select(Person).where(Person.email == _checked_email(email)))
    if person is None:
        person = _new_person(work, email, name, "")
        record(work, "add_person", subject=person.name, detail={"person": person.id, "roles": []})
        return person, one_time_links.make(work, person)
    if person.disabled_at is not None:
        raise InvalidInput({"email": "This person's account is disabled. Ask an administrator."})
    return person, None


def change(work: Work, person_id: str, *, name: str, email: str, job_title: str) -> Person:
    """Correct how a person is called and reached; records that were frozen keep the name they had."""
    may_manage(work)
    person = find(work, person_id)
    _other(work, person, "You cannot change your own entry. Ask another administrator.")
    before = [person.name, person.email, person.job_title]
    after = [_checked_name(name), _checked_email(email), _checked_job(job_title)]
    if before != after:
        if person.email != after[1]:
            _free_email(work, after[1])
        person.name, person.email, person.job_title = after
        _flush_email(work)
        detail = {"person": person.id, "before": before, "after": after}
        record(work, "change_person", subject=person.name, detail=detail)
    return person


def set_roles(work: Work, person_id: str, roles: Iterable[str]) -> Person:
    """Give and take roles; they count from that person's next click. Never one's own."""
    may_manage(work)
    person = find(work, person_id)
    _other(work, person, "You cannot change your own roles. Ask another administrator.")
    wanted, had = _known(roles), person.role_set
    person.roles = [row for row in person.roles if row.role in wanted]
    _give(work, person, wanted - had)
    if wanted != had:
        detail = {"person": person.id, "added": sorted(wanted - had), "removed": sorted(had - wanted)}
        record(work, "change_roles", subject=person.name, detail=detail)
    return person


def disable(work: Work, person_id: str) -> None:
    """Sign a person out everywhere and let them in no more; what they did stays."""
    may_manage(work)
    person = find(work, person_id)
    _other(work, person, "You cannot disable your own account. Ask another administrator.")
    if person.disabled_at is None:
        person.disabled_at = work.now
        sessions.end_all(work, person.id)
        one_time_links.end_all(work, person.id)
        record(work, "disable_person", subject=person.name, detail={"person": person.id})


def enable(work: Work, person_id: str) -> None:
    """Let a disabled person in again, with the roles and the password they had."""
    may_manage(work)
    person = find(work, person_id)
    if person.disabled_at is not None:
        person.disabled_at = None
        record(work, "enable_person", subject=person.name, detail={"person": person.id})


def make_link(work: Work, person_id: str) -> FreshLink:
    """A one-time link with which a person sets their password; any older one stops working."""
    may_manage(work)
    person = find(work, person_id)
    _other(work, person, "Change your own password on your account page.")
    if person.disabled_at is not None:
        raise InvalidInput({"person": "This account is disabled. Enable it first."})
    return one_time_links.make(work, person)


def set_password_by_link(work: Work, token: str, password: str, repeated: str) -> Person:
    """Set the password of the person a link was made for; the link, and every session there was, end with it."""
    link = one_time_links.find(work, token)
    _set_password(work, link.person, password, repeated, used=lambda: one_time_links.use(work, link))
    return link.person


def change_password(work: Work, current: str, password: str, repeated: str) -> Person:
    """Change one's own password; raises InvalidInput. Every session ends, so the caller begins a new one."""
    confirm_password(work, current, field="current_password")
    person = work.session.get_one(Person, work.actor.person_id)
    _set_password(work, person, password, repeated)
    return person


def find(work: Work, person_id: str) -> Person:
    person = work.session.get(Person, person_id)
    if person is None:
        raise NotVisible(NOTHING)
    return person


def by_email(work: Work, email: str) -> Person:
    """The person with this address; raises NotVisible."""
    person = work.session.scalar(select(Person).where(Person.email == normal_email(email)))
    if person is None:
        raise NotVisible("Nobody has this email address.")
    return person


def listed(work: Work) -> list[Person]:
    """Everybody, by name; administrators only."""
    may_manage(work)
    return list(work.session.scalars(select(Person).order_by(func.lower(Person.name), Person.id)))


def may_manage(work: Work) -> None:
    """Raises NotPermitted unless the person who asks looks after people."""
    policy.require(Action.MANAGE_PEOPLE, work.actor)


def _other(work: Work, person: Person, reason: str) -> None:
    if person.id == work.actor.person_id:
        raise NotPermitted(reason)


def _new_person(work: Work, email: str, name: str, job_title: str, person_id: str | None = None) -> Person:
    person = Person(
        id=person_id or new_id(),
        email=_checked_email(email),
        name=_checked_name(name),
        job_title=_checked_job(job_title),
        created_at=work.now,
    )
    _free_email(work, person.email)
    work.session.add(person)
    _flush_email(work)
    return person


def _free_email(work: Work, email: str) -> None:
    if work.session.scalar(select(Person.id).where(Person.email == email)) is not None:
        raise InvalidInput({"email": TAKEN})


def _flush_email(work: Work) -> None:
    """Write what is new; two people are never given one address, also when two administrators add it at once."""
    try:
        with work.session.begin_nested():
            work.session.flush()
    except IntegrityError:
        raise InvalidInput({"email": TAKEN}) from None


def _give(work: Work, person: Person, roles: frozenset[Role]) -> None:
    giver = work.actor.person_id or None
    for role in sorted(roles):
        person.roles.append(PersonRole(role=role, granted_by=giver, granted_at=work.now))
    work.session.flush()


def _known(roles: Iterable[str]) -> frozenset[Role]:
    try:
        return frozenset(Role(role) for role in roles)
    except ValueError:
        raise InvalidInput({"roles": "Choose roles from the list."}) from None


def _set_password(
    work: Work, person: Person, password: str, repeated: str, *, used: Callable[[], None] = lambda: None
) -> None:
    kept = passwords.check(
        password, own_words=(person.name, person.email, work.settings.council_name), settings=work.settings
    )
    if password != repeated:
        raise InvalidInput({"repeated_password": "The two passwords are not the same."})
    used()
    person.password_hash = passwords.hashed(kept, work.settings)
    sessions.end_all(work, person.id)
    one_time_links.end_all(work, person.id)
    record(work, "set_password", subject=person.name, detail={"person": person.id})


def _checked_name(name: str) -> str:
    return text_given(name, field="name", characters=200, ask="Enter the person's name.")


def _checked_job(job_title: str) -> str:
    return text_given(job_title, field="job_title", characters=200)


def _checked_email(email: str) -> str:
    typed = text_given(email, field="email", characters=254, ask="Enter an email address.")
    try:
        checked = validate_email(typed, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise InvalidInput({"email": "Enter an email address such as name@council.gov.uk."}) from None
    return normal_email(checked.normalized)
