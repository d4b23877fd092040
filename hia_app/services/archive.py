"""Freezing what was decided: the record, its bytes and its place in the chain, all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select, text

from hia_app.domain.document import Document
from hia_app.domain.errors import NotVisible
from hia_app.domain.record import ALGORITHMS, FIRST_PREV, canonical, file_hash, plain, record_hash, snapshot_hash
from hia_app.domain.report import report
from hia_app.domain.report_source import Source
from hia_app.domain.workflow import Action
from hia_app.services.work import NOTHING, Case, Work, allow
from hia_app.store.columns import new_id
from hia_app.store.tables import ArchivePayload, ArchiveRecord, RegisterEntry, Submission

Kind = Literal["sign-off", "screening"]
Render = Callable[[Document], bytes]
_LOCK = 4_817_238_001  # one advisory lock on PostgreSQL: records get their place in the chain one by one


@dataclass(frozen=True, slots=True)
class Frozen:
    """One frozen record as it was stored; every page and document of it is drawn from this alone."""

    header: Mapping[str, Any]
    record_hash: str
    source: Source


def seal(
    work: Work, case: Case, submission: Submission, decision: Mapping[str, Any], kind: Kind, render: Render
) -> ArchiveRecord:
    """Freeze a decision on a submission. The PDF is drawn from these two alone, before anything is written."""
    _one_at_a_time(work)
    decided = plain(decision)
    seq, prev = _place(work)
    payload = submission.payload
    fingerprint = snapshot_hash(submission.submission_hash, decided)
    source = Source(json.loads(payload), submission.submission_hash, decided, fingerprint, prev)
    pdf = render(report(source))
    header = canonical(
        {
            "seq": seq,
            "record_id": (record_id := new_id()),
            "kind": kind,
            "target": {"assessment": case.reference, "version": case.version.number},
            "submission_hash": submission.submission_hash,
            "snapshot_hash": fingerprint,
            "documents": {"pdf_full": file_hash(pdf)},
            "evidence": [],
            "archived_at": work.now.isoformat(),
            "prev": prev,
            "algorithms": ALGORITHMS,
        }
    )
    record = ArchiveRecord(
        seq=seq,
        id=record_id,
        kind=kind,
        version_id=case.version.id,
        header=header,
        snapshot_hash=fingerprint,
        record_hash=record_hash(header),
        prev=prev,
        archived_at=work.now,
    )
    work.session.add(record)
    work.session.flush()
    for part, content in (("submission", payload), ("decision", canonical(decided)), ("pdf_full", pdf)):
        work.session.add(ArchivePayload(record_id=record_id, part=part, content=content, sha256=file_hash(content)))
    work.session.add(_entry(work, case, record_id, kind, source))
    work.session.flush()
    return record


def read(work: Work, case: Case) -> Frozen:
    """The frozen record of a version, for anyone who may read it."""
    allow(work, Action.READ_RECORD, case)
    record = _record_of(work, case)
    parts = dict(
        work.session.execute(
            select(ArchivePayload.part, ArchivePayload.content).where(
                ArchivePayload.record_id == record.id, ArchivePayload.part.in_(("submission", "decision"))
            )
        ).all()
    )
    header = json.loads(record.header)
    source = Source(
        json.loads(parts["submission"]),
        header["submission_hash"],
        json.loads(parts["decision"]),
        record.snapshot_hash,
        record.prev,
    )
    return Frozen(header, record.record_hash, source)


def pdf(work: Work, case: Case) -> bytes:
    """The very PDF that was archived; never drawn again."""
    allow(work, Action.READ_RECORD, case)
    record = _record_of(work, case)
    return work.session.scalars(
        select(ArchivePayload.content).where(ArchivePayload.record_id == record.id, ArchivePayload.part == "pdf_full")
    ).one()


def as_json(frozen: Frozen) -> dict[str, Any]:
    """The record as a machine reads it."""
    return {
        "header": frozen.header,
        "record_hash": frozen.record_hash,
        "submission": frozen.source.payload,
        "decision": frozen.source.decision,
    }


def _record_of(work: Work, case: Case) -> ArchiveRecord:
    record = work.session.scalar(
        select(ArchiveRecord).where(
            ArchiveRecord.version_id == case.version.id, ArchiveRecord.kind.in_(("sign-off", "screening"))
        )
    )
    if record is None:
        raise NotVisible(NOTHING)
    return record


def _one_at_a_time(work: Work) -> None:
    # SQLite's writing transactions are already one at a time.
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _place(work: Work) -> tuple[int, str]:
    last = work.session.execute(
        select(ArchiveRecord.seq, ArchiveRecord.record_hash).order_by(ArchiveRecord.seq.desc()).limit(1)
    ).first()
    return (last.seq + 1, last.record_hash) if last else (1, FIRST_PREV)


def _entry(work: Work, case: Case, record_id: str, kind: Kind, source: Source) -> RegisterEntry:
    a, rating = source.assessment, source.rating
    principles = sorted({i["principle"] for i in source.payload["impacts"] if i["principle"]})
    words = " ".join((a["title"], a["summary"], a["reference"], a["scheme_title"], a["body_name"]))
    return RegisterEntry(
        version_id=case.version.id,
        record_id=record_id,
        reference=a["reference"],
        number=a["version"],
        kind=kind,
        title=a["title"],
        scheme_type=a["scheme_type"],
        scheme_title=a["scheme_title"],
        rule=rating.rule if rating else None,
        variant=(rating.variant or "") if rating else "",
        label=rating.label if rating else "Full assessment not needed",
        principles="".join(f",{number}" for number in principles) + "," if principles else "",
        words=words.lower(),
        decision_date=case.version.decision_date,
        signed_off_at=work.now,
    )
