"""The keys that sign records: which one signs now, and how a newer one follows it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from hia_app.config import Settings
from hia_app.domain.chain import vouching_message
from hia_app.domain.errors import NotNow
from hia_app.domain.policy import require
from hia_app.domain.workflow import Action
from hia_app.services.work import Work, record
from hia_app.store import signing_keys
from hia_app.store.signing_keys import KeyNotUsable, SigningKey
from hia_app.store.tables import ArchiveKey

NO_KEY = (
    "This service has no key to sign records with, so nothing was signed off. "
    "Whoever runs it makes one with `hia archive keys new`."
)


def current(work: Work) -> SigningKey:
    """The key that signs now. Without one: in production NotNow, elsewhere one is made."""
    newest = _newest(work.session)
    folder = work.settings.keys_folder
    if newest is not None:
        try:
            return signing_keys.read(folder, newest.id)
        except KeyNotUsable:
            if work.settings.mode == "production":
                raise NotNow(NO_KEY) from None
    if work.settings.mode == "production":
        raise NotNow(NO_KEY)
    return _begin(work, _waiting(work) or signing_keys.make(folder), newest)


def new_key(work: Work) -> SigningKey:
    """Make a key that signs from now on; the one before vouches for it, if it is still at hand."""
    require(Action.MANAGE_ARCHIVE, work.actor)
    newest = _newest(work.session)
    return _begin(work, signing_keys.make(work.settings.keys_folder), newest)


def all_keys(work: Work) -> list[ArchiveKey]:
    """Every key there ever was, oldest first."""
    return list(work.session.scalars(select(ArchiveKey).order_by(ArchiveKey.number)))


def is_ready(session: Session, settings: Settings) -> bool:
    """Whether records can be signed without making a key."""
    newest = _newest(session)
    return newest is not None and newest.id in signing_keys.known(settings.keys_folder)


def _newest(session: Session) -> ArchiveKey | None:
    return session.scalar(select(ArchiveKey).order_by(ArchiveKey.number.desc()).limit(1))


def _waiting(work: Work) -> SigningKey | None:
    """A key that was made for a sign-off which was then undone."""
    known = {key.id for key in all_keys(work)}
    waiting = [name for name in signing_keys.known(work.settings.keys_folder) if name not in known]
    return signing_keys.read(work.settings.keys_folder, waiting[-1]) if waiting else None


def _begin(work: Work, key: SigningKey, before: ArchiveKey | None) -> SigningKey:
    vouch = None
    if before is not None and before.id in signing_keys.known(work.settings.keys_folder):
        vouch = signing_keys.read(work.settings.keys_folder, before.id).sign(vouching_message(key.public))
    work.session.add(
        ArchiveKey(
            number=before.number + 1 if before else 1,
            id=key.id,
            public_key=key.public.hex(),
            made_at=work.now,
            vouched_by=before.id if before and vouch else None,
            vouch=vouch,
        )
    )
    record(work, "new_signing_key", subject=key.id)
    work.session.flush()
    return key
