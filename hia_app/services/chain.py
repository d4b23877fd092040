"""Adding a record to the chain: its place, its header, its fingerprint and its signature, one after the other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from hia_app.domain.anchors import receipt
from hia_app.domain.chain import signed_message
from hia_app.domain.record import ALGORITHMS, FIRST_PREV, canonical, record_hash, statement_hash
from hia_app.services import outbox, signing
from hia_app.services.work import Case, Work
from hia_app.store.afterwards import once_kept
from hia_app.store.columns import new_id
from hia_app.store.tables import ArchiveRecord, ArchiveSignature

_LOCK = 4_817_238_001  # one advisory lock on PostgreSQL: records get their place in the chain one by one


@dataclass(frozen=True, slots=True)
class NextPlace:
    """Where the next record will stand, and the hash of the one before it."""

    seq: int
    prev: str


def next_place(work: Work) -> NextPlace:
    """Wait for everybody else who is adding a record, then say where ours goes; nobody gets in between."""
    # SQLite's writing transactions are already one at a time.
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = work.session.execute(
        select(ArchiveRecord.seq, ArchiveRecord.record_hash).order_by(ArchiveRecord.seq.desc()).limit(1)
    ).first()
    return NextPlace(last.seq + 1, last.record_hash) if last else NextPlace(1, FIRST_PREV)


def append(
    work: Work, place: NextPlace, kind: str, case: Case | None, about: ArchiveRecord | None, says: Mapping[str, Any]
) -> ArchiveRecord:
    """Write a record and its signature, and have its receipt go to the records mailbox once the transaction is kept.

    `says` is what the kind adds to the header; `snapshot_hash` is always among it.
    """
    key = signing.current(work)
    moment = work.now.astimezone(UTC)
    header = canonical(
        {
            "seq": place.seq,
            "record_id": (record_id := new_id()),
            "kind": kind,
            "target": {"assessment": case.reference, "version": case.version.number} if case else None,
            "about": about.id if about else None,
            "archived_at": moment.isoformat(),
            "prev": place.prev,
            "algorithms": ALGORITHMS,
            "key": key.id,
            **says,
        }
    )
    added = ArchiveRecord(
        seq=place.seq,
        id=record_id,
        kind=kind,
        version_id=case.version.id if case else None,
        about=about.id if about else None,
        header=header,
        snapshot_hash=says["snapshot_hash"],
        record_hash=record_hash(header),
        prev=place.prev,
        archived_at=moment,
    )
    work.session.add(added)
    work.session.flush()
    signature = key.sign(signed_message(added.record_hash))
    work.session.add(ArchiveSignature(record_id=record_id, key_id=key.id, signature=signature))
    work.session.flush()
    mail_receipt(work, added, signature)
    once_kept(work.session, lambda: write_receipt(work, added, signature))
    return added


def state(
    work: Work,
    kind: str,
    case: Case | None,
    about: ArchiveRecord | None,
    statement: dict[str, Any],
    place: NextPlace | None = None,
) -> ArchiveRecord:
    """Add a record that says something about another one, or about the archive."""
    says = {"statement": statement, "snapshot_hash": statement_hash(canonical(statement))}
    return append(work, place or next_place(work), kind, case, about, says)


def mail_receipt(work: Work, added: ArchiveRecord, signature: bytes) -> bool:
    """Send the receipt to the records mailbox, unless it went before; whether it was written now."""
    settings = work.settings
    if not settings.records_mailbox or settings.mail == "off":
        return False
    if outbox.is_written(work.session, settings, "receipt", added.record_hash):
        return False
    outbox.write(
        work.session,
        settings,
        work.now,
        kind="receipt",
        key=added.record_hash,
        address=settings.records_mailbox,
        subject=f"Archive receipt {added.seq}: {added.record_hash[:12]}",
        body=receipt(json.loads(added.header), added.record_hash, signature, settings.council_name),
    )
    return True


def write_receipt(work: Work, added: ArchiveRecord, signature: bytes) -> Path:
    """Put a copy of the receipt into a folder of the installation, for whoever keeps hashes in another way."""
    folder = work.settings.outbox / "receipts"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{added.seq:08}-{added.record_hash[:12]}.txt"
    words = receipt(json.loads(added.header), added.record_hash, signature, work.settings.council_name)
    path.write_text(words, "utf-8")
    return path


def write_missing_receipts(work: Work) -> int:
    """Receipts that are not in the folder, or never went to the records mailbox, are written again; gives how many.

    They follow from the records. A mailbox that was named only now gets those of all records.
    """
    folder = work.settings.outbox / "receipts"
    there = {path.name for path in folder.glob("*.txt")} if folder.is_dir() else set()
    rows = work.session.execute(
        select(ArchiveRecord, ArchiveSignature.signature)
        .join(ArchiveSignature, ArchiveSignature.record_id == ArchiveRecord.id)
        .order_by(ArchiveRecord.seq)
    ).all()
    count = 0
    for added, signature in rows:
        missing = f"{added.seq:08}-{added.record_hash[:12]}.txt" not in there
        if missing:
            write_receipt(work, added, signature)
        count += mail_receipt(work, added, signature) or missing
    return count
