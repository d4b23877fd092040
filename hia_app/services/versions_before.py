"""What the versions before this one said when they were frozen: what a new version is compared with and must not tell.

A version that was withdrawn left no record, so the version before is the newest that has one.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, select

from hia_app.domain.chain import SEALED
from hia_app.domain.report_source import Source
from hia_app.services.work import Case, Work
from hia_app.store.tables import ArchivePayload, ArchiveRecord, AssessmentVersion

Payload = dict[str, Any]
Figures = dict[str, list[Payload]]


@dataclass(frozen=True, slots=True)
class Before:
    """The version before: how a record names it, and what it said; `source` is None when that was disposed of."""

    named: Payload
    source: Source | None


def version_before(work: Work, case: Case) -> Before | None:
    """The newest version before this one that was sealed; None for a first version."""
    if case.version.number == 1:
        return None
    row = work.session.execute(_sealed_before(case, case.version.number).limit(1)).first()
    if row is None:
        return None
    signed = row.signed_off_at.isoformat() if row.signed_off_at else None
    named = {"version": row.number, "signed_off_at": signed, "snapshot_hash": row.snapshot_hash}
    return Before(named, Source(json.loads(row.content)) if row.content else None)


def figures_before(work: Work, case: Case, before: Before | None, answered: Collection[str]) -> Figures:
    """By question the figures that earlier versions published, oldest first, each with the rule of its record.

    A public edition must not give away what the ones before have hidden. `answered` are the questions that this
    version answers: for an indicator that the version before did not answer, the last that did is looked for.
    """
    found = _figures(before.source.payload) if before and before.source else {}
    indicators = {one.id for one in case.questionnaire.questions if one.type == "indicator" and one.id in answered}
    if before is None or before.named["version"] == 1 or indicators <= found.keys():
        return found
    for row in work.session.execute(_sealed_before(case, before.named["version"])):
        found = (_figures(json.loads(row.content)) if row.content else {}) | found
    return found


def _sealed_before(case: Case, number: int) -> Select[*tuple[Any, ...]]:
    """Newest first: number, signed_off_at, snapshot_hash, content (None when it was disposed of)."""
    return (
        select(
            AssessmentVersion.number,
            AssessmentVersion.signed_off_at,
            ArchiveRecord.snapshot_hash,
            ArchivePayload.content,
        )
        .join(ArchiveRecord, ArchiveRecord.version_id == AssessmentVersion.id)
        .outerjoin(
            ArchivePayload, and_(ArchivePayload.record_id == ArchiveRecord.id, ArchivePayload.part == "submission")
        )
        .where(
            AssessmentVersion.assessment_id == case.version.assessment_id,
            AssessmentVersion.number < number,
            ArchiveRecord.kind.in_(SEALED),
        )
        .order_by(AssessmentVersion.number.desc())
    )


def _figures(payload: Mapping[str, Any]) -> Figures:
    exempt = {mark["target"] for mark in payload.get("exempt_marks", ()) if mark["kind"] == "question"}
    rule = payload.get("small_numbers")
    return {
        row["question"]: [
            *row.get("earlier", ()),
            *([] if row["question"] in exempt else [{"value": row["value"], "small_numbers": rule}]),
        ]
        for row in payload["answers"]["assessment"]
        if row.get("statistics")
    }
