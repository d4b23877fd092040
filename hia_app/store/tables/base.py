"""What every table is made with: names of constraints, checks, keys."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    MetaData,
    String,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from hia_app.store.columns import Exact, Json, UtcDateTime, new_id

LONGEST_TEXT = 20_000


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: UtcDateTime, dict[str, Any]: Json, list[Any]: Json, Decimal: Exact}


def one_of(column: str, values: type[StrEnum] | tuple[str, ...], *, optional: bool = False) -> CheckConstraint:
    """A CHECK that a text column holds one of the listed words."""
    listed = ", ".join(f"'{value}'" for value in values)
    rule = f"{column} IN ({listed})"
    return CheckConstraint(f"{column} IS NULL OR {rule}" if optional else rule, name=f"{column}_known")


def at_most(column: str, length: int) -> CheckConstraint:
    """A CHECK on length, because SQLite does not look at VARCHAR(n)."""
    return CheckConstraint(f"length({column}) <= {length}", name=f"{column}_length")


def key() -> Mapped[str]:
    return mapped_column(String(36), primary_key=True, default=new_id)


def person_key(**options: Any) -> Mapped[Any]:
    return mapped_column(String(36), ForeignKey("person.id"), **options)


def version_key(**options: Any) -> Mapped[str]:
    return mapped_column(String(36), ForeignKey("assessment_version.id"), **options)
