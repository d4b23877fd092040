"""What is done once a transaction has been kept, such as putting a receipt into the outbox; never if it was undone."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

_KEY = "once_kept"


def once_kept(session: Session, act: Callable[[], object]) -> None:
    """Have `act` called after this transaction was kept. It must be something that can be made up for when it fails."""
    session.info.setdefault(_KEY, []).append(act)


def remembered(session: Session) -> list[Callable[[], object]]:
    """What was so remembered, which is then forgotten; for whoever ends the transaction."""
    acts: list[Callable[[], object]] = session.info.pop(_KEY, [])
    return acts
