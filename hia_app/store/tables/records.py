"""What never changes: submissions, records with their keys and signatures, and the history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from hia_app.store.tables.base import Base, key, one_of, person_key, version_key


class Submission(Base):
    """The bytes that were put before a reviewer (submitted) or a decision-maker (concluded)."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("version_id", "number"), one_of("kind", ("submitted", "concluded")))

    id: Mapped[str] = key()
    version_id: Mapped[str] = version_key(index=True)
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(10))
    payload: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    submission_hash: Mapped[str] = mapped_column(String(64))
    frozen_by: Mapped[str] = person_key()
    frozen_at: Mapped[datetime]


class ReadingConfirmation(Base):
    """The decision-maker's button: has read the summary, or one serious harm, of this very submission."""

    __tablename__ = "reading_confirmation"
    __table_args__ = (UniqueConstraint("submission_id", "person_id", "what"),)

    id: Mapped[str] = key()
    submission_id: Mapped[str] = mapped_column(String(36), ForeignKey("submission.id"), index=True)
    submission_hash: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[str] = person_key()
    what: Mapped[str] = mapped_column(String(40))  # "summary" or an impact id
    confirmed_at: Mapped[datetime]


RECORD_KINDS = ("sign-off", "screening", "supersede", "body-decision", "disposal", "re-anchor")


class ArchiveRecord(Base):
    """One link of the chain: what was frozen, its fingerprints, and the fingerprint of the record before it."""

    __tablename__ = "archive_record"
    __table_args__ = (
        one_of("kind", RECORD_KINDS),
        CheckConstraint("seq > 0", name="seq_positive"),
        CheckConstraint("kind IN ('sign-off', 'screening', 're-anchor') OR about IS NOT NULL", name="about_another"),
    )

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    version_id: Mapped[str | None] = version_key(index=True)  # empty for a re-anchor, which is about the archive
    about: Mapped[str | None] = mapped_column(String(36), ForeignKey("archive_record.id"), index=True)
    header: Mapped[bytes] = mapped_column(LargeBinary)
    snapshot_hash: Mapped[str] = mapped_column(String(64))
    record_hash: Mapped[str] = mapped_column(String(64), unique=True)
    prev: Mapped[str] = mapped_column(String(64), unique=True)
    archived_at: Mapped[datetime]


class ArchivePayload(Base):
    """The bytes of a record: its submission, its decision, its documents, its evidence files (by their SHA-256)."""

    __tablename__ = "archive_payload"
    __table_args__ = (
        CheckConstraint(
            "part IN ('submission', 'decision', 'pdf_full', 'pdf_public') OR part LIKE 'evidence/%'", name="part_known"
        ),
    )

    record_id: Mapped[str] = mapped_column(String(36), ForeignKey("archive_record.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(80), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))


class ArchiveKey(Base):
    """The public half of a signing key, vouched for by the key before it; the private half is never in the database."""

    __tablename__ = "archive_key"
    __table_args__ = (CheckConstraint("(vouched_by IS NULL) = (vouch IS NULL)", name="vouch_whole"),)

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    public_key: Mapped[str] = mapped_column(String(64), unique=True)  # 32 bytes as hex digits
    made_at: Mapped[datetime]
    vouched_by: Mapped[str | None] = mapped_column(String(32), ForeignKey("archive_key.id"))
    vouch: Mapped[bytes | None] = mapped_column(LargeBinary)


class ArchiveSignature(Base):
    """The Ed25519 signature over a record's fingerprint."""

    __tablename__ = "archive_signature"

    record_id: Mapped[str] = mapped_column(String(36), ForeignKey("archive_record.id"), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(32), ForeignKey("archive_key.id"))
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class LegalHold(Base):
    """While it stands, nothing of an assessment may be disposed of; lifting it is written down beside it."""

    __tablename__ = "legal_hold"

    id: Mapped[str] = key()
    assessment_id: Mapped[str] = mapped_column(String(36), ForeignKey("assessment.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    placed_by: Mapped[str] = mapped_column(String(200))  # a name: it may be placed from the command line
    placed_at: Mapped[datetime]
    lifted_by: Mapped[str] = mapped_column(String(200), default="")
    lifted_reason: Mapped[str] = mapped_column(Text, default="")
    lifted_at: Mapped[datetime | None]


class RegisterEntry(Base):
    """What the register lists and searches of a frozen record, written with it and derived from it alone."""

    __tablename__ = "register_entry"
    __table_args__ = (
        Index("ix_register_entry_newest", "signed_off_at", "version_id"),
        Index("ix_register_entry_rule", "rule", "signed_off_at"),
        Index("ix_register_entry_scheme", "scheme_type", "signed_off_at"),
    )

    version_id: Mapped[str] = version_key(primary_key=True)
    record_id: Mapped[str] = mapped_column(String(36), ForeignKey("archive_record.id"))
    reference: Mapped[str] = mapped_column(String(20), index=True)
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    scheme_type: Mapped[str] = mapped_column(String(60))
    scheme_title: Mapped[str] = mapped_column(String(200))
    rule: Mapped[int | None] = mapped_column(Integer)
    variant: Mapped[str] = mapped_column(String(4), default="")
    label: Mapped[str] = mapped_column(String(100), default="")
    principles: Mapped[str] = mapped_column(String(40), default="")  # ",1,4,5," of recorded impacts
    words: Mapped[str] = mapped_column(Text)  # lower-case title, summary, reference and places, for search
    decision_date: Mapped[date]
    signed_off_at: Mapped[datetime]


class Event(Base):
    """Something that happened or was refused; written in the same transaction as the change, never altered."""

    __tablename__ = "event"
    __table_args__ = (
        one_of("outcome", ("done", "refused")),
        Index("ix_event_version", "version_id", "seq"),
    )

    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[str | None] = person_key()
    person_name: Mapped[str] = mapped_column(String(200), default="")
    assessment_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("assessment.id"), index=True)
    version_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("assessment_version.id"))
    action: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(10), default="done")
    subject: Mapped[str] = mapped_column(String(200), default="")
    detail: Mapped[dict[str, Any]]


# Frozen tables with every set of columns that is unique in them; `store.guards` makes the triggers.
WRITE_ONCE: tuple[tuple[str, str], ...] = (
    ("questionnaire_edition", "fingerprint"),
    ("submission", "id;version_id,number"),
    ("reading_confirmation", "id;submission_id,person_id,what"),
    ("archive_record", "seq;id;record_hash;prev"),
    ("archive_payload", "record_id,part"),
    ("archive_key", "number;id;public_key"),
    ("archive_signature", "record_id"),
    ("event", "seq"),
    ("indicator_edition", "id;indicator_id,number"),
)
