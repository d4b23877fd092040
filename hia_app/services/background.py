"""Work that the background worker does for people: how its rows change, and what is said when nothing moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from hia_app.store.tables import AreaImport, CommitteePack

Asked = type[AreaImport] | type[CommitteePack]
PATIENCE = timedelta(seconds=30)  # a worker that is alive looks for work four times a second
IN_THE_LOG = "Whoever runs the service finds the reason in its log. You can try again."


def is_late(moved_at: datetime, now: datetime) -> bool:
    """Whether so much time has gone by since anything happened that somebody should look after the worker."""
    return now - moved_at > PATIENCE


def change(session: Session, asked: Asked, key: str, going_on: Sequence[str], **values: object) -> bool:
    """Change a row whose work is still going on, in one statement, so that of two that end it only one does."""
    changed = session.execute(
        update(asked).where(asked.id == key, asked.state.in_(going_on)).values(**values).returning(asked.id)
    )
    return changed.first() is not None
