"""When what a dispute was about changes, the dispute ends: its reviewer looked at another value."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from sqlalchemy import select

from hia_app.domain.disputes import FIELDS
from hia_app.services.work import Case, Work, record
from hia_app.store.tables import Dispute


def end(
    work: Work,
    case: Case,
    impact_id: str,
    name: str,
    ending: Literal["changed", "removed"],
    fields: Collection[str] = tuple(FIELDS),
) -> None:
    """End the standing disputes about these fields of an impact that is called `name`; usually no query at all."""
    about = [field for field in FIELDS if field in fields]
    if not about:
        return
    standing = work.session.scalars(
        select(Dispute).where(Dispute.impact_id == impact_id, Dispute.field.in_(about), Dispute.ended_at.is_(None))
    )
    for dispute in standing:
        dispute.ended_at, dispute.ending = work.now, ending
        record(work, "end_dispute", case, subject=name, detail={"field": dispute.field, "value": dispute.value})
