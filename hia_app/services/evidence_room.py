"""How many files, and how much, an assessment holds and one person sends in a day."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from hia_app.domain.errors import InvalidInput
from hia_app.domain.evidence import size_words
from hia_app.services.evidence_intake import FIELD
from hia_app.services.work import Case, Work
from hia_app.store.tables import EvidenceFile

MEGABYTE = 1_000_000
ONE_DAY = timedelta(hours=24)


def require_room(work: Work, case: Case, size: int) -> None:
    """Raises InvalidInput when one more file of `size` bytes is more than an assessment holds."""
    settings = work.settings
    count, total = work.session.execute(
        select(func.count(), func.coalesce(func.sum(EvidenceFile.size), 0)).where(
            EvidenceFile.version_id == case.version.id, EvidenceFile.removed_at.is_(None)
        )
    ).one()
    if count >= settings.evidence_files:
        most = f"An assessment holds at most {settings.evidence_files} files"
        raise InvalidInput({FIELD: f"{most}. Remove one that is not needed, or put several into one document"})
    if total + size > settings.evidence_total_mb * MEGABYTE:
        most = size_words(settings.evidence_total_mb * MEGABYTE)
        raise InvalidInput({FIELD: f"All files of an assessment together can be {most}. Remove one that is not needed"})


def require_day_room(work: Work, size: int) -> None:
    """What one person may send in a day, removed files included, so that nobody fills the disk by and by."""
    sent = work.session.scalar(
        select(func.coalesce(func.sum(EvidenceFile.size), 0)).where(
            EvidenceFile.added_by == work.actor.person_id,
            EvidenceFile.library_id.is_(None),
            EvidenceFile.added_at > work.now - ONE_DAY,
        )
    )
    if (sent or 0) + size > work.settings.evidence_day_mb * MEGABYTE:
        most = size_words(work.settings.evidence_day_mb * MEGABYTE)
        raise InvalidInput({FIELD: f"You have attached {most} in 24 hours, which is the most. Go on tomorrow"})
