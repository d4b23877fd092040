"""Comments that are still open when a new version begins: carried over, so that nothing asked is forgotten."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from hia_app.services.work import Case, Work
from hia_app.store.columns import new_id
from hia_app.store.tables import Comment, Thread


def carry(work: Work, case: Case, opened: Case, impacts: Mapping[str, str]) -> int:
    """Copy every open thread whose place is there in the new version; `impacts` give new ids by old.

    Gives how many of them both sides know.

    Who wrote what and when stays; private notes stay on the review side. Resolved ones stay with the old version,
    which keeps the submission that settled them.
    """
    rows = work.session.scalars(
        select(Thread).where(Thread.version_id == case.version.id, Thread.resolved_at.is_(None))
    ).all()
    count = 0
    for row in rows:
        target = _target(opened, row, impacts)
        if target is None:
            continue
        copy = Thread(
            id=new_id(),
            version_id=opened.version.id,
            kind=row.kind,
            target=target,
            section_id=row.section_id,
            side=row.side,
            private=row.private,
            blocking=row.blocking,
            assigned_to=row.assigned_to,
            opened_by=row.opened_by,
            opened_at=row.opened_at,
            carried_from=row.carried_from or case.version.number,
        )
        copy.comments = [
            Comment(id=new_id(), text=said.text, written_by=said.written_by, written_at=said.written_at)
            for said in row.comments
        ]
        work.session.add(copy)
        count += not row.private  # of private notes nobody else may learn even how many there are
    work.session.flush()
    return count


def _target(opened: Case, row: Thread, impacts: Mapping[str, str]) -> str | None:
    """What a thread is about in the new version; None where that is no longer asked or was removed."""
    asked = opened.questionnaire
    if row.section_id not in asked.section_by_id:
        return None
    if row.kind == "impact":
        return impacts.get(row.target)
    there = asked.question_by_id if row.kind == "question" else asked.section_by_id
    return row.target if row.target in there else None
