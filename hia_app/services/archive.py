"""Freezing what was decided: the record, its bytes and its place in the chain, all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from hia_app.domain import policy
from hia_app.domain.chain import SEALED
from hia_app.domain.document import Document
from hia_app.domain.editions import is_split, public, public_content
from hia_app.domain.errors import NotNow, NotVisible
from hia_app.domain.record import canonical, file_hash, plain, snapshot_hash
from hia_app.domain.report import report
from hia_app.domain.report_source import Edition, Source
from hia_app.domain.workflow import Action, State
from hia_app.services import chain
from hia_app.services.work import NOTHING, Case, Work, allow, case_of
from hia_app.store.tables import ArchivePayload, ArchiveRecord, AssessmentVersion, RegisterEntry, Submission

Kind = Literal["sign-off", "screening"]
EDITIONS: tuple[Edition, ...] = ("full", "public")
RECORD_FORMAT = "hea-record/1"


class Printed(NamedTuple):
    """A document on paper: the file, of which the first `drawn` bytes are the drawing and the rest is its seal.

    `seal` is its level; `no_time` says why there is no time stamp although the settings ask for one.
    """

    content: bytes
    drawn: int
    seal: str = "PAdES B-B"
    no_time: str = ""


Render = Callable[[Document], Printed]
DISPOSED = "The content of this record was disposed of when its time was over. Its hashes are kept."


@dataclass(frozen=True, slots=True)
class Frozen:
    """One frozen record as it was stored; every page and document of it is drawn from this alone."""

    header: Mapping[str, Any]
    record_hash: str
    source: Source

    @property
    def edition(self) -> Edition:
        return self.source.edition

    @property
    def split(self) -> bool:
        """Whether the full edition holds more than the public one does."""
        return is_split(self.source.payload)


@dataclass(frozen=True, slots=True)
class Attachment:
    """An evidence file that goes into the record; its name is only a label."""

    name: str
    content: bytes


def seal(
    work: Work,
    case: Case,
    submission: Submission,
    decision: Mapping[str, Any],
    kind: Kind,
    render: Render,
    evidence: Sequence[Attachment] = (),
) -> ArchiveRecord:
    """Freeze a decision on a submission. The PDFs are drawn from these two alone, before anything is written."""
    place = chain.next_place(work)
    decided = plain(decision)
    payload = submission.payload
    fingerprint = snapshot_hash(submission.submission_hash, decided)
    source = Source(json.loads(payload), submission.submission_hash, decided, fingerprint, place.prev)
    printed = {f"pdf_{edition}": render(report(source, edition)) for edition in EDITIONS}
    files = {file_hash(one.content): one for one in evidence}
    says = {
        "submission_hash": submission.submission_hash,
        "snapshot_hash": fingerprint,
        "documents": {part: file_hash(one.content) for part, one in printed.items()},
        "seals": {part: one.seal for part, one in printed.items()},
        "no_time_stamp": {part: one.no_time for part, one in printed.items() if one.no_time},
        "unsealed": {part: file_hash(one.content[: one.drawn]) for part, one in printed.items()},
        "evidence": [
            {"sha256": sha256, "name": one.name, "size": len(one.content)} for sha256, one in sorted(files.items())
        ],
    }
    record = chain.append(work, place, kind, case, None, says)
    parts = {"submission": payload, "decision": canonical(decided)}
    parts |= {part: one.content for part, one in printed.items()}
    parts |= {f"evidence/{sha256}": one.content for sha256, one in files.items()}
    for part, content in parts.items():
        work.session.add(ArchivePayload(record_id=record.id, part=part, content=content, sha256=file_hash(content)))
    work.session.add(_entry(work, case, record.id, kind, source))
    work.session.flush()
    return record


def supersede(work: Work, case: Case, by: ArchiveRecord) -> ArchiveRecord:
    """Write into the chain that a record was replaced by that of a newer version; the old one stays as it is."""
    old = record_of(work, case)
    statement = {
        "record_id": old.id,
        "record_hash": old.record_hash,
        "superseded_by": {"record_id": by.id, "record_hash": by.record_hash},
    }
    return chain.state(work, "supersede", case, old, statement)


def read(work: Work, case: Case, edition: Edition | None = None) -> Frozen:
    """The frozen record of a version, for anyone who may read it: the fullest edition for them, or the one asked for.

    Raises NotPermitted for the full edition of a record with exempt parts, unless this person is entitled to it.
    """
    allow(work, Action.READ_RECORD, case)
    record = record_of(work, case)
    parts = dict(
        work.session.execute(
            select(ArchivePayload.part, ArchivePayload.content).where(
                ArchivePayload.record_id == record.id,
                ArchivePayload.part.in_(("submission", "decision")),
                ~_disposed_of(record.id),
            )
        ).all()
    )
    if not {"submission", "decision"} <= parts.keys():
        raise NotNow(DISPOSED)
    header = json.loads(record.header)
    source = Source(
        json.loads(parts["submission"]),
        header["submission_hash"],
        json.loads(parts["decision"]),
        record.snapshot_hash,
        record.prev,
    )
    if (edition or fullest(work, case, source)) == "public":
        return Frozen(_public_header(header), record.record_hash, public(source))
    if is_split(source.payload):
        allow(work, Action.READ_FULL_RECORD, case)
    return Frozen(header, record.record_hash, source)


def read_each(work: Work, version_ids: Sequence[str]) -> Iterator[Source]:
    """These versions' records, newest first, each in the fullest edition for whoever asks; one query, some at a time.

    A record whose content was disposed of is left out. A version with exempt parts costs a query of its own.
    """
    policy.require(Action.READ_REGISTER, work.actor)
    submission, decision = aliased(ArchivePayload), aliased(ArchivePayload)
    rows = work.session.execute(
        select(ArchiveRecord, submission.content, decision.content, AssessmentVersion)
        .join(submission, (submission.record_id == ArchiveRecord.id) & (submission.part == "submission"))
        .join(decision, (decision.record_id == ArchiveRecord.id) & (decision.part == "decision"))
        .join(AssessmentVersion, AssessmentVersion.id == ArchiveRecord.version_id)
        .where(
            ArchiveRecord.version_id.in_(version_ids),
            ArchiveRecord.kind.in_(SEALED),
            ~_disposed_of(ArchiveRecord.id),
        )
        .order_by(ArchiveRecord.seq.desc())
        .execution_options(yield_per=20)
    )
    for record, submitted, decided, version in rows:
        fingerprint = json.loads(record.header)["submission_hash"]
        source = Source(json.loads(submitted), fingerprint, json.loads(decided), record.snapshot_hash, record.prev)
        split = is_split(source.payload)
        yield source if not split or fullest(work, case_of(work, version), source) == "full" else public(source)


def superseded_by(work: Work, case: Case) -> int | None:
    """The number of the version that took this one's place; None while it stands."""
    if case.state is not State.SUPERSEDED:
        return None
    v = AssessmentVersion
    return work.session.scalar(
        select(func.min(v.number)).where(
            v.assessment_id == case.version.assessment_id,
            v.number > case.version.number,
            v.state.in_((State.SIGNED_OFF, State.SUPERSEDED)),
        )
    )


def _disposed_of(record_id: Any) -> ColumnElement[bool]:
    """Whether the content of a record may not be read any more, even before its bytes have gone."""
    disposal = aliased(ArchiveRecord)
    return select(disposal.seq).where(disposal.about == record_id, disposal.kind == "disposal").exists()


def fullest(work: Work, case: Case, source: Source) -> Edition:
    """The full edition where nothing is exempt, or for those who are entitled to it."""
    entitled = policy.may(Action.READ_FULL_RECORD, work.actor, case.standing)
    return "full" if entitled or not is_split(source.payload) else "public"


def _public_header(header: Mapping[str, Any]) -> dict[str, Any]:
    """The header without what lets somebody find out what is exempt: names of files,
    and fingerprints with which a guess could be checked."""
    return {name: part for name, part in header.items() if name not in {"submission_hash", "evidence", "unsealed"}}


def pdf(work: Work, case: Case, edition: Edition | None = None) -> bytes:
    """The very PDF that was archived, in the edition that `read` gives; never drawn again."""
    chosen = read(work, case, edition).edition
    record = record_of(work, case)
    content = work.session.scalar(
        select(ArchivePayload.content).where(
            ArchivePayload.record_id == record.id, ArchivePayload.part == f"pdf_{chosen}"
        )
    )
    if content is None:
        raise NotNow(DISPOSED)
    return content


def as_json(frozen: Frozen) -> dict[str, Any]:
    """The record as a machine reads it."""
    if frozen.edition == "public":
        return _public_json(frozen)
    return {
        "format": RECORD_FORMAT,
        "edition": "full",
        "header": frozen.header,
        "record_hash": frozen.record_hash,
        "submission": frozen.source.payload,
        "decision": frozen.source.decision,
    }


def _public_json(frozen: Frozen) -> dict[str, Any]:
    """The public edition; figures that are withheld are not there, instead of being nought."""
    return {
        "format": RECORD_FORMAT,
        "edition": "public",
        "header": frozen.header,
        "record_hash": frozen.record_hash,
        **public_content(frozen.source),
    }


def record_of(work: Work, case: Case) -> ArchiveRecord:
    """The record of what was decided about a version; raises NotVisible when there is none."""
    record = work.session.scalar(
        select(ArchiveRecord).where(ArchiveRecord.version_id == case.version.id, ArchiveRecord.kind.in_(SEALED))
    )
    if record is None:
        raise NotVisible(NOTHING)
    return record


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
