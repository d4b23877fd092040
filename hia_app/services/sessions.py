"""Signed-in browsers: begun, looked up at every request, and ended on the server, out of reach of copied cookies."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from hia_app.config import Settings
from hia_app.domain.errors import NotVisible
from hia_app.services.work import NOTHING, Work, record
from hia_app.store.tables import Person, UserSession

CLICKS_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Found:
    """The session a cookie names, and whether it is still going on."""

    row: UserSession
    alive: bool


def token_hash(token: str) -> str:
    """What is kept of a secret that somebody else holds (64 hex digits)."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def begin(work: Work, person: Person, *, agent: str = "") -> tuple[str, UserSession]:
    """A new session for somebody who has just proved who they are; gives the token for their cookie."""
    token = secrets.token_urlsafe(32)
    row = UserSession(
        token_hash=token_hash(token),
        person_id=person.id,
        person=person,
        csrf_secret=secrets.token_hex(32),
        started_at=work.now,
        seen_at=work.now,
        agent=agent.encode("ascii", "replace").decode()[:200].replace("\x00", "?"),
    )
    work.session.add(row)
    work.session.flush()
    record(work, "sign_in")
    return token, row


def find(session: Session, token: str, now: datetime, settings: Settings) -> Found | None:
    """The session of a cookie's token; None when there never was one. Its person comes with their roles of now."""
    # Every page asks this first, so it is one question and not one more for the roles.
    with_roles = joinedload(UserSession.person).joinedload(Person.roles)
    asked = select(UserSession).options(with_roles).where(UserSession.token_hash == token_hash(token))
    row = session.scalars(asked).unique().one_or_none()
    if row is None:
        return None
    alive = row.ended_at is None and row.person.disabled_at is None and now < ends_at(row, settings)
    return Found(row, alive)


def ends_at(row: UserSession, settings: Settings) -> datetime:
    """When a session ends by itself: some time after the last click, and at the latest some hours after its start."""
    idle = row.seen_at + timedelta(minutes=settings.session_idle_minutes)
    return min(idle, row.started_at + timedelta(hours=settings.session_hours))


def click_is_due(seen_at: datetime, now: datetime) -> bool:
    return now - seen_at >= CLICKS_NOTED_EVERY


def note_click(session: Session, session_id: str, now: datetime) -> None:
    """Remember that a session was used; one statement of its own, which never brings an ended one back."""
    session.execute(
        update(UserSession).where(UserSession.id == session_id, UserSession.ended_at.is_(None)).values(seen_at=now)
    )


def end(work: Work, session_id: str) -> None:
    """Sign one of the asking person's browsers out; raises NotVisible when it is not theirs."""
    row = work.session.get(UserSession, session_id)
    if row is None or row.person_id != work.actor.person_id:
        raise NotVisible(NOTHING)
    if row.ended_at is None:
        row.ended_at = work.now
        record(work, "sign_out")


def end_all(work: Work, person_id: str, *, but: str = "") -> None:
    """Sign a person out everywhere, except in the browser whose session is named."""
    work.session.execute(
        update(UserSession)
        .where(UserSession.person_id == person_id, UserSession.ended_at.is_(None), UserSession.id != but)
        .values(ended_at=work.now)
    )


def going_on(work: Work) -> list[UserSession]:
    """The asking person's browsers that are signed in now, the most recently used first."""
    rows = work.session.scalars(
        select(UserSession)
        .where(UserSession.person_id == work.actor.person_id, UserSession.ended_at.is_(None))
        .order_by(UserSession.seen_at.desc())
    )
    return [row for row in rows if work.now < ends_at(row, work.settings)]
