"""Figures about small areas, in editions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from hia_app.store.tables.base import Base, at_most, key, one_of, person_key


class AreaEdition(Base):
    """One import of area figures, with source, year and licence; assessments keep the edition they used."""

    __tablename__ = "area_edition"
    __table_args__ = (
        Index("uq_area_edition_current", "current", unique=True, sqlite_where=text("current"),
              postgresql_where=text("current")),
    )  # fmt: skip

    id: Mapped[str] = key()
    number: Mapped[int] = mapped_column(Integer, unique=True)
    current: Mapped[bool] = mapped_column(default=False)  # new assessments begin with this one
    source: Mapped[str] = mapped_column(Text)
    year: Mapped[str] = mapped_column(String(100))
    licence: Mapped[str] = mapped_column(Text)
    sums: Mapped[dict[str, Any]]  # the whole council summed up: domain.areas.Sums as plain values
    imported_by: Mapped[str | None] = person_key()
    imported_at: Mapped[datetime]


class Area(Base):
    """One small area (LSOA) of an edition, with its deprivation and counts."""

    __tablename__ = "area"
    __table_args__ = (Index("ix_area_ward", "edition_id", "ward_code"),)

    edition_id: Mapped[str] = mapped_column(String(36), ForeignKey("area_edition.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    ward_code: Mapped[str] = mapped_column(String(12))
    ward_name: Mapped[str] = mapped_column(String(120))
    national_rank: Mapped[int] = mapped_column(Integer)
    national_tenth: Mapped[int] = mapped_column(Integer)
    national_score: Mapped[Decimal | None]
    local_fifth: Mapped[int | None] = mapped_column(Integer)
    local_tenth: Mapped[int | None] = mapped_column(Integer)
    counts: Mapped[dict[str, Any]]  # residents, disabled residents, ethnic groups, homes by tenure, overcrowded homes


class AreaImport(Base):
    """A table that an administrator handed in, while the worker imports it and as what came of it afterwards.

    The edition that it makes has the same id, so that it can make no second one.
    """

    __tablename__ = "area_import"
    __table_args__ = (
        one_of("state", ("waiting", "reading", "storing", "imported", "faulty", "failed", "stopped")),
        CheckConstraint("done >= 0 AND done <= total", name="done_within"),
        at_most("file_name", 150),
    )

    id: Mapped[str] = key()
    person_id: Mapped[str] = person_key()
    file_name: Mapped[str] = mapped_column(String(150))
    source: Mapped[str] = mapped_column(Text)
    year: Mapped[str] = mapped_column(String(100))
    licence: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    moved_at: Mapped[datetime]  # when the worker last said how far it is
    total: Mapped[int] = mapped_column(Integer)  # rows
    done: Mapped[int] = mapped_column(Integer, default=0)  # rows that were read
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    problem: Mapped[str] = mapped_column(String(300), default="")
    problems: Mapped[list[Any]] = mapped_column(default=list)  # the first of them: line, column, reason
    problem_count: Mapped[int] = mapped_column(Integer, default=0)
    ended_at: Mapped[datetime | None]


class BoundaryEdition(Base):
    """One import of boundaries, with source, year and licence; the newest draws the maps, and none is ever changed."""

    __tablename__ = "boundary_edition"
    __table_args__ = (CheckConstraint("metres > 0", name="metres_positive"),)

    id: Mapped[str] = key()
    number: Mapped[int] = mapped_column(Integer, unique=True)
    area_edition_id: Mapped[str] = mapped_column(String(36), ForeignKey("area_edition.id"))  # whose areas are kept
    source: Mapped[str] = mapped_column(Text)
    year: Mapped[str] = mapped_column(String(100))
    licence: Mapped[str] = mapped_column(Text)
    areas: Mapped[int] = mapped_column(Integer)  # how many are kept
    metres: Mapped[int] = mapped_column(Integer)  # on the ground, along the longer side of the grid
    whole: Mapped[list[Any]]  # the outline of all of them together, coarse: domain.outlines
    imported_by: Mapped[str | None] = person_key()
    imported_at: Mapped[datetime]


class AreaBoundary(Base):
    """The outline of one small area on the grid of its edition, and the box that it lies in."""

    __tablename__ = "area_boundary"

    edition_id: Mapped[str] = mapped_column(String(36), ForeignKey("boundary_edition.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    west: Mapped[int] = mapped_column(Integer)
    south: Mapped[int] = mapped_column(Integer)
    east: Mapped[int] = mapped_column(Integer)
    north: Mapped[int] = mapped_column(Integer)
    parts: Mapped[list[Any]]  # domain.outlines
