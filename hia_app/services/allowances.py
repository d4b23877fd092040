"""How often somebody may ask for what is costly, within an hour; counted in the database, so on every server alike."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hia_app.config import Settings
from hia_app.services.work import LONDON
from hia_app.store.tables import UsedAllowance

HOUR = timedelta(hours=1)
WORDS: Mapping[str, str] = MappingProxyType({
    "documents": "You have had {most} documents and tables made within an hour.",
    "uploads": "You have sent {most} files within an hour.",
    "links": "One-time links were made or tried {most} times within an hour.",
})  # fmt: skip


class UsedUp(Exception):
    """An allowance is used up; the message says so, `seconds` when there is room again."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


def use(session: Session, kind: str, by: str, now: datetime, settings: Settings) -> None:
    """Count one use, in a transaction of its own, before anything costly begins; raises UsedUp."""
    most: int = getattr(settings, f"hourly_{kind}")
    subject = f"{kind}:{hashlib.sha256(by.encode('utf-8', 'replace')).hexdigest()}"
    session.execute(delete(UsedAllowance).where(UsedAllowance.at <= now - HOUR))
    used = session.scalars(
        select(UsedAllowance.at).where(UsedAllowance.subject == subject).order_by(UsedAllowance.at.desc()).limit(most)
    ).all()
    if len(used) >= most:
        again = used[-1] + HOUR
        raise UsedUp(
            f"{WORDS[kind].format(most=most)} You can go on at {again.astimezone(LONDON):%H:%M}.",
            max(1, int((again - now).total_seconds())),
        )
    session.add(UsedAllowance(subject=subject, at=now))
