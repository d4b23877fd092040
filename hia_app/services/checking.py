"""Whether a file somebody holds is exactly one of ours: compared with what the archive says it handed out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select

from hia_app.domain.chain import SEALED
from hia_app.domain.document import Document
from hia_app.domain.record import file_hash
from hia_app.domain.report import report
from hia_app.domain.report_source import Edition, Source
from hia_app.services.work import Work
from hia_app.store.tables import ArchivePayload, ArchiveRecord, AssessmentVersion, RegisterEntry

_PARTS = ("pdf_full", "pdf_public")


@dataclass(frozen=True, slots=True)
class Ours:
    """A document that was handed out exactly like this, and whether a newer version has replaced it."""

    reference: str
    version: int
    title: str
    edition: Edition
    signed_off: str
    superseded: bool


def find(work: Work, content: bytes) -> Ours | None:
    """The archived document with exactly these bytes; whoever holds all the bytes has read them already."""
    row = work.session.execute(
        select(RegisterEntry, ArchivePayload.part, AssessmentVersion.state)
        .join(ArchivePayload, ArchivePayload.record_id == RegisterEntry.record_id)
        .join(AssessmentVersion, AssessmentVersion.id == RegisterEntry.version_id)
        .where(ArchivePayload.part.in_(_PARTS), ArchivePayload.sha256 == file_hash(content))
    ).first()
    if row is None:
        return None
    entry, part, state = row
    edition: Edition = "full" if part == "pdf_full" else "public"
    signed = entry.signed_off_at.date().isoformat()
    return Ours(entry.reference, entry.number, entry.title, edition, signed, state == "superseded")


Outcome = Literal["same", "different", "not there"]


@dataclass(frozen=True, slots=True)
class Redrawn:
    """One archived document beside the same document drawn again from its record."""

    seq: int
    part: str
    outcome: Outcome


def redraw(work: Work, draw: Callable[[Document], bytes]) -> Iterator[Redrawn]:
    """Draw every document again and compare it with the beginning of the archived file, one record at a time.

    A difference is no proof of an attack: another version of the fonts or of the PDF library draws otherwise too.
    The signatures and hashes of the archive are what counts; this shows that document and record say the same.
    """
    r, p = ArchiveRecord, ArchivePayload
    records = work.session.execute(
        select(r.id, r.seq, r.header, r.snapshot_hash, r.prev).where(r.kind.in_(SEALED)).order_by(r.seq)
    ).all()
    wanted = ("submission", "decision", *_PARTS)
    for record_id, seq, header, snapshot, prev in records:
        stored = select(p.part, p.content).where(p.record_id == record_id, p.part.in_(wanted))
        parts = dict(work.session.execute(stored).all())
        said = json.loads(header)
        for part in said["documents"]:
            if not {"submission", "decision", part} <= parts.keys():
                yield Redrawn(seq, part, "not there")
                continue
            submission, decision = json.loads(parts["submission"]), json.loads(parts["decision"])
            source = Source(submission, said["submission_hash"], decision, snapshot, prev)
            drawn = draw(report(source, "full" if part == "pdf_full" else "public"))
            yield Redrawn(seq, part, "same" if parts[part].startswith(drawn) else "different")
