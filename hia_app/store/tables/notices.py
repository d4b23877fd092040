"""What people are told, what goes out by mail, and the packs that are drawn for them in the background."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, column_property, mapped_column

from hia_app.store.tables.base import Base, at_most, key, one_of, person_key
from hia_app.store.tables.people import UserSession


class Notice(Base):
    """Something one person is told; its words name an assessment by reference only."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "once"),
        Index("ix_notice_person", "person_id", "at"),
        Index("ix_notice_unread", "person_id", "read_at"),
        Index("ix_notice_digest", "in_digest", "person_id"),
    )

    id: Mapped[str] = key()
    person_id: Mapped[str] = person_key()
    version_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("assessment_version.id"))
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(40))  # the happening, as in domain.notices
    words: Mapped[str] = mapped_column(String(300))
    path: Mapped[str] = mapped_column(String(200))
    once: Mapped[str | None] = mapped_column(String(120))  # what is not told twice, such as a day that went by
    read_at: Mapped[datetime | None]
    in_digest: Mapped[bool] = mapped_column(default=False)  # waits for the e-mail of the next morning


# How many notices wait comes with the question every page asks first: who is signed in.
UserSession.unread = column_property(  # type: ignore[assignment]  # a column of the query, not of the table
    select(func.count(Notice.id))
    .where(Notice.person_id == UserSession.person_id, Notice.read_at.is_(None))
    .correlate_except(Notice)
    .scalar_subquery()
)


class OutgoingMail(Base):
    """A message on its way, written in the transaction it follows from; emptied of its words once it has gone."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        one_of("kind", ("notice", "digest", "link", "receipt")),
        at_most("address", 254),
        Index("ix_outgoing_mail_due", "sent_at", "given_up_at", "due_at"),
    )

    id: Mapped[str] = key()
    kind: Mapped[str] = mapped_column(String(10))
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    person_id: Mapped[str | None] = person_key(index=True)
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)  # sealed where it holds a secret (kind "link")
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]  # somebody is sending it
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    problem: Mapped[str] = mapped_column(String(300), default="")
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]


class CommitteePack(Base):
    """One PDF of several records, drawn by the worker for the person who asked and for nobody else."""

    __tablename__ = "committee_pack"
    __table_args__ = (
        one_of("edition", ("full", "public")),
        one_of("state", ("waiting", "drawing", "ready", "failed", "stopped", "removed")),
        at_most("title", 150),
        CheckConstraint("drawn >= 0 AND drawn <= total", name="drawn_within"),
        Index("ix_committee_pack_person", "person_id", "asked_at"),
    )

    id: Mapped[str] = key()
    person_id: Mapped[str] = person_key()
    title: Mapped[str] = mapped_column(String(150))
    edition: Mapped[str] = mapped_column(String(10))
    version_ids: Mapped[list[Any]]  # in the order of the pack
    asked_at: Mapped[datetime]
    total: Mapped[int] = mapped_column(Integer)
    drawn: Mapped[int] = mapped_column(Integer, default=0)
    pages: Mapped[int] = mapped_column(Integer, default=0)
    size: Mapped[int] = mapped_column(Integer, default=0)  # bytes
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    problem: Mapped[str] = mapped_column(String(300), default="")
    ended_at: Mapped[datetime | None]
