"""The council's library of indicators: each in editions that never change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hia_app.store.tables.base import LONGEST_TEXT, Base, at_most, key, person_key


class LibraryIndicator(Base):
    """One measure that many assessments may use; what it says is in its editions."""

    __tablename__ = "library_indicator"
    __table_args__ = (CheckConstraint("quantiles IN (5, 10)", name="quantiles_known"),)

    id: Mapped[str] = key()
    quantiles: Mapped[int] = mapped_column(Integer)  # by fifth or by tenth, for good
    editions: Mapped[int] = mapped_column(Integer, default=0)  # the number of the newest
    retired_at: Mapped[datetime | None]
    added_by: Mapped[str | None] = person_key()
    added_at: Mapped[datetime]


class IndicatorEdition(Base):
    """Its figures and what is said of them at one time; written once."""

    __tablename__ = "indicator_edition"
    __table_args__ = (
        UniqueConstraint("indicator_id", "number"),
        at_most("title", 300),
        at_most("owner", 200),
        at_most("definition", LONGEST_TEXT),
        at_most("licence", LONGEST_TEXT),
    )

    id: Mapped[str] = key()
    indicator_id: Mapped[str] = mapped_column(String(36), ForeignKey("library_indicator.id"))
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(300))
    owner: Mapped[str] = mapped_column(String(200))  # the person or team who keeps it up to date
    definition: Mapped[str] = mapped_column(Text)
    licence: Mapped[str] = mapped_column(Text)
    value: Mapped[dict[str, Any]]  # in the shape of an answer (docs/questionnaires.md)
    added_by: Mapped[str | None] = person_key()
    added_at: Mapped[datetime]
