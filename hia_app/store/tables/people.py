"""People and how they sign in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Index,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hia_app.domain.notices import Preference
from hia_app.domain.policy import Role
from hia_app.store.tables.base import Base, at_most, key, one_of, person_key

_STANDS = text("ended_at IS NULL")


class Person(Base):
    """Somebody who can sign in. A password is set by the person through a one-time link, never by others."""

    __tablename__ = "person"
    __table_args__ = (
        at_most("name", 200),
        at_most("email", 254),
        at_most("job_title", 200),
        one_of("mail", Preference),
    )

    id: Mapped[str] = key()
    email: Mapped[str] = mapped_column(String(254), unique=True)  # kept in lower case
    name: Mapped[str] = mapped_column(String(200))
    job_title: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str | None] = mapped_column(String(255))
    # Single sign-on binds to issuer and subject, never to an e-mail address that somebody else may get later.
    sso_issuer: Mapped[str | None] = mapped_column(String(255))
    sso_subject: Mapped[str | None] = mapped_column(String(255))
    mail: Mapped[str] = mapped_column(String(10), default=Preference.AT_ONCE, server_default=Preference.AT_ONCE)
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    roles: Mapped[list[PersonRole]] = relationship(
        back_populates="person", lazy="selectin", foreign_keys="PersonRole.person_id", cascade="all, delete-orphan"
    )

    @property
    def role_set(self) -> frozenset[Role]:
        return frozenset(Role(row.role) for row in self.roles)


class PersonRole(Base):
    __tablename__ = "person_role"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("granted_by IS NULL OR granted_by <> person_id", name="not_by_oneself"),
    )

    person_id: Mapped[str] = person_key(primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    granted_by: Mapped[str | None] = person_key()
    granted_at: Mapped[datetime]
    person: Mapped[Person] = relationship(back_populates="roles", foreign_keys=[person_id])


class FullEditionReader(Base):
    """Somebody whom an administrator entitled to the exempt parts of every record, until it was ended."""

    __tablename__ = "full_edition_reader"
    __table_args__ = (
        CheckConstraint("granted_by <> person_id", name="not_by_oneself"),
        Index("one_at_a_time", "person_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        at_most("reason", 4000),
        at_most("ended_reason", 4000),
    )

    id: Mapped[str] = key()
    person_id: Mapped[str] = person_key(index=True)
    reason: Mapped[str] = mapped_column(Text)
    granted_by: Mapped[str] = person_key()
    granted_at: Mapped[datetime]
    ended_by: Mapped[str | None] = person_key()
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(Text, default="")
    giver: Mapped[Person] = relationship(foreign_keys=[granted_by], lazy="joined")
    ender: Mapped[Person | None] = relationship(foreign_keys=[ended_by], lazy="joined")


class UserSession(Base):
    """One signed-in browser; the cookie carries only `token`, of which the hash is kept."""

    __tablename__ = "user_session"

    id: Mapped[str] = key()
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = person_key(index=True)
    csrf_secret: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    agent: Mapped[str] = mapped_column(String(200), default="")
    person: Mapped[Person] = relationship(lazy="joined")
    if TYPE_CHECKING:
        unread: int  # how many notices wait for this person; worked out in store.tables.notices


class OneTimeLink(Base):
    """An invitation or a password reset; only the hash of its secret is kept."""

    __tablename__ = "one_time_link"
    __table_args__ = (one_of("purpose", ("invite", "reset")),)

    id: Mapped[str] = key()
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = person_key(index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    created_by: Mapped[str | None] = person_key()
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined")


class FailedAttempt(Base):
    """A failed sign-in, counted per name and per address so that guessing is slowed down on every server alike."""

    __tablename__ = "failed_attempt"

    id: Mapped[str] = key()
    subject: Mapped[str] = mapped_column(String(80), index=True)
    at: Mapped[datetime]


class UsedAllowance(Base):
    """One use of something costly, counted so that nobody can wear the service out; old ones are swept away."""

    __tablename__ = "used_allowance"

    id: Mapped[str] = key()
    subject: Mapped[str] = mapped_column(String(80), index=True)  # what, and by whom
    at: Mapped[datetime]


class KeptForm(Base):
    """What somebody typed and could not save because their session had ended; given back to the same person only."""

    __tablename__ = "kept_form"

    id: Mapped[str] = key()
    person_id: Mapped[str] = person_key(index=True)
    path: Mapped[str] = mapped_column(String(500))
    fields: Mapped[list[Any]]  # [[name, value], …] in the order they were sent
    kept_at: Mapped[datetime]
