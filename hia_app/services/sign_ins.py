"""Signing in: slowed down for guessers, and the same words for a wrong password, an unknown and a disabled person."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hia_app.config import Settings
from hia_app.domain.errors import InvalidInput, TooOften
from hia_app.domain.policy import Actor
from hia_app.services import passwords
from hia_app.services.work import Work, actor_of
from hia_app.store.columns import new_id
from hia_app.store.tables import Event, FailedAttempt, Person
from hia_app.store.undone import even_if_undone

WRONG = "The email address or the password is not right."
ADDRESS_FACTOR = 10  # one address may stand for a whole office


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at signing in, counted before anything is checked."""

    email: str
    person_subject: str
    address_row: str


def count(session: Session, email: str, address: str, now: datetime, settings: Settings, device: str = "") -> Attempt:
    """Count a try before it is looked at, in a transaction of its own, so that trying in parallel gains nothing.

    Raises TooOften when this name or this address was tried too often lately; unknown names count alike. `device` names
    a browser in which this very person has signed in before: it has a count of its own, so that strangers who try a
    name again and again cannot keep its owner out.
    """
    window = now - timedelta(minutes=settings.sign_in_window_minutes)
    session.execute(delete(FailedAttempt).where(FailedAttempt.at < window))
    if device:
        return _count_device(session, email, device, now, settings)
    person_subject, address_subject = _subject("person", normal_email(email)), _subject("address", address)
    counted = session.execute(
        select(FailedAttempt.subject, func.count().label("tries"))
        .where(FailedAttempt.subject.in_((person_subject, address_subject)))
        .group_by(FailedAttempt.subject)
    )
    tries: dict[str, int] = {row.subject: row.tries for row in counted}
    most = settings.sign_in_attempts
    if tries.get(person_subject, 0) >= most or tries.get(address_subject, 0) >= most * ADDRESS_FACTOR:
        raise TooOften(_too_often(settings))
    row = FailedAttempt(id=new_id(), subject=address_subject, at=now)
    session.add_all([FailedAttempt(subject=person_subject, at=now), row])
    session.flush()
    return Attempt(normal_email(email), person_subject, row.id)


def _count_device(session: Session, email: str, device: str, now: datetime, settings: Settings) -> Attempt:
    subject = _subject("device", f"{device} {normal_email(email)}")
    tries = session.scalar(select(func.count()).where(FailedAttempt.subject == subject))
    if (tries or 0) >= settings.sign_in_attempts:
        raise TooOften(_too_often(settings))
    row = FailedAttempt(id=new_id(), subject=subject, at=now)
    session.add(row)
    session.flush()
    return Attempt(normal_email(email), subject, row.id)


def identify(session: Session, email: str, password: str, settings: Settings) -> Actor | None:
    """The person whose password this is; it takes the same time whether they exist, are disabled, or neither."""
    person = session.scalar(select(Person).where(Person.email == normal_email(email)))
    kept = person.password_hash if person is not None and person.disabled_at is None else None
    right = passwords.is_right(password, kept, settings)
    return actor_of(person) if right and person is not None else None


def failed(session: Session, attempt: Attempt, address: str, now: datetime) -> None:
    """Write a failed try into the history; the answer says the same whoever was meant."""
    person = session.scalar(select(Person).where(Person.email == attempt.email))
    session.add(
        Event(
            at=now,
            person_id=person.id if person else None,
            person_name=person.name if person else "",
            action="sign_in",
            outcome="refused",
            detail={"address": address[:60]},
        )
    )


def succeeded(work: Work, attempt: Attempt, password: str) -> Person:
    """The person who signs in, in the transaction that begins their session; their failed tries are forgotten."""
    person = work.session.get_one(Person, work.actor.person_id)
    if person.disabled_at is not None or person.password_hash is None:
        raise InvalidInput({"password": WRONG})  # disabled in this very moment
    work.session.execute(
        delete(FailedAttempt).where(
            (FailedAttempt.subject == attempt.person_subject) | (FailedAttempt.id == attempt.address_row)
        )
    )
    if passwords.is_outdated(person.password_hash, work.settings):
        person.password_hash = passwords.hashed(password, work.settings)
    return person


def confirm_password(work: Work, password: str, *, field: str = "password") -> None:
    """Make sure that the signed-in person is still the one at the keyboard; raises InvalidInput or TooOften.

    A wrong password is counted even though the transaction will be undone.
    """
    person = work.session.get_one(Person, work.actor.person_id)
    window = work.now - timedelta(minutes=work.settings.sign_in_window_minutes)
    subject = _subject("confirm", person.id)  # strangers who try to sign in cannot use this up
    tries = work.session.scalar(
        select(func.count()).where(FailedAttempt.subject == subject, FailedAttempt.at >= window)
    )
    if (tries or 0) >= work.settings.sign_in_attempts:
        raise TooOften(_too_often(work.settings))
    if not password:
        raise InvalidInput({field: "Enter your password."})
    if not passwords.is_right(password, person.password_hash, work.settings):
        even_if_undone(work.session, FailedAttempt(subject=subject, at=work.now))
        raise InvalidInput({field: "The password is not right."})


def normal_email(email: str) -> str:
    return email.strip().lower()[:254]


def _subject(kind: str, name: str) -> str:
    return f"{kind}:{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()}"


def _too_often(settings: Settings) -> str:
    return f"This was tried too often. Wait {settings.sign_in_window_minutes} minutes and try again."
