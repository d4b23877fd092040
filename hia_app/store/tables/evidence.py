"""Papers that support answers and impacts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from hia_app.domain.evidence import Scan, Strength
from hia_app.store.tables.base import Base, at_most, key, one_of, person_key


class EvidenceFile(Base):
    """A paper behind an answer or an impact, or (with no version) in the library; its bytes are kept by SHA-256."""

    __tablename__ = "evidence_file"
    __table_args__ = (
        one_of("strength", Strength, optional=True),
        one_of("scan", Scan),
        CheckConstraint(
            "CASE WHEN version_id IS NULL THEN kind = '' AND target = '' AND library_id IS NULL "
            "ELSE kind IN ('question', 'impact') AND target <> '' END",
            name="attached_or_shared",
        ),
        CheckConstraint("size > 0", name="size_positive"),
        at_most("label", 255),
        at_most("description", 300),
        at_most("withheld_reason", 500),
        Index("ix_evidence_file_added_by", "added_by", "added_at"),
    )

    id: Mapped[str] = key()
    version_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("assessment_version.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10), default="")
    target: Mapped[str] = mapped_column(String(60), default="")
    # the file of the shared library that this one cites instead of being sent again
    library_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("evidence_file.id"), index=True)
    label: Mapped[str] = mapped_column(String(255))  # what it is called on the screen; never a path
    description: Mapped[str] = mapped_column(String(300), default="")
    words: Mapped[str] = mapped_column(Text, default="")  # lower-case label and description, for search
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    strength: Mapped[str | None] = mapped_column(String(10))
    dated: Mapped[date | None]
    scan: Mapped[str] = mapped_column(String(12))
    withheld_reason: Mapped[str] = mapped_column(String(500), default="")  # kept out of what scrutiny may open
    removed_at: Mapped[datetime | None]
    row_version: Mapped[int] = mapped_column(Integer, default=1)
    added_by: Mapped[str] = person_key()
    added_at: Mapped[datetime]
