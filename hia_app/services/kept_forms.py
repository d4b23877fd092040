"""Text that arrived when it could not be saved: kept for the person who typed it, and for nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import delete, select

from hia_app.domain.errors import NotVisible
from hia_app.services.work import NOTHING, Work
from hia_app.store.tables import KeptForm

LARGEST = 500_000  # characters of one form, names included
MOST = 20  # for one person; the oldest gives way
KEPT_FOR = timedelta(days=30)
LONGEST_PATH = 500


class Field(NamedTuple):
    """One field as it was sent; of a file only its name is known, and it has to be chosen again."""

    name: str
    value: str
    is_file: bool = False


def can_be_kept(path: str, fields: Sequence[Field]) -> bool:
    return len(path) <= LONGEST_PATH and sum(len(field.name) + len(field.value) for field in fields) <= LARGEST


def keep(work: Work, person_id: str, path: str, fields: Sequence[Field]) -> None:
    """Keep what this person sent to `path`; what is older than the limits goes."""
    work.session.add(
        KeptForm(person_id=person_id, path=path, fields=[list(field) for field in fields], kept_at=work.now)
    )
    work.session.flush()
    newest = select(KeptForm.id).where(KeptForm.person_id == person_id).order_by(KeptForm.kept_at.desc(), KeptForm.id)
    too_many = list(work.session.scalars(newest.offset(MOST)))
    if too_many:
        work.session.execute(delete(KeptForm).where(KeptForm.id.in_(too_many)))
    work.session.execute(delete(KeptForm).where(KeptForm.kept_at < work.now - KEPT_FOR))


def waiting(work: Work) -> list[KeptForm]:
    """What is kept for the person who asks, the newest first."""
    return list(
        work.session.scalars(
            select(KeptForm).where(KeptForm.person_id == work.actor.person_id).order_by(KeptForm.kept_at.desc())
        )
    )


def find(work: Work, kept_id: str) -> KeptForm:
    """One kept form of the person who asks; anybody else's is not there (NotVisible)."""
    kept = work.session.get(KeptForm, kept_id)
    if kept is None or kept.person_id != work.actor.person_id:
        raise NotVisible(NOTHING)
    return kept


def fields_of(kept: KeptForm) -> list[Field]:
    return [Field(*field) for field in kept.fields]


def discard(work: Work, kept_id: str) -> None:
    """Forget one kept form of the person who asks; nothing happens when it is gone already."""
    work.session.execute(delete(KeptForm).where(KeptForm.id == kept_id, KeptForm.person_id == work.actor.person_id))
