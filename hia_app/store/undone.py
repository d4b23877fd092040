"""Rows that stay even when the transaction they belong to is undone, such as a failed try at a password."""

from __future__ import annotations

from sqlalchemy.orm import Session

from hia_app.store.tables import Base

_KEY = "even_if_undone"


def even_if_undone(session: Session, row: Base) -> None:
    """Have a new row written with this transaction, or in one of its own if this one is undone."""
    session.info.setdefault(_KEY, []).append(row)


def taken(session: Session) -> list[Base]:
    """The rows so remembered, which are then forgotten; for whoever ends the transaction."""
    rows: list[Base] = session.info.pop(_KEY, [])
    return rows
