"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime, Dialect, String, Text, TypeDecorator


def new_id() -> str:
    """A random identifier, safe to show in an address."""
    return str(uuid.uuid4())


def json_text(value: Any) -> str:
    """How a `Json` column keeps a value; for whoever writes rows that are made ready beforehand."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def exact_text(value: Decimal) -> str:
    """How an `Exact` column keeps a number."""
    if not value.is_finite():
        raise ValueError("only finite numbers are stored")
    return format(value, "f")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment; always aware and UTC in Python, refused when it has no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A value of dicts, lists, text, whole numbers and true/false, kept as text; never a float."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class Exact(TypeDecorator[Decimal]):
    """An exact decimal number, kept as text because SQLite would make a float of it."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return exact_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)
