"""What a committee or board decided after the named officer signed: added beside the record, never into it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from hia_app.domain.errors import InvalidInput, NotNow
from hia_app.domain.record import plain
from hia_app.domain.workflow import Action
from hia_app.services import archive, chain
from hia_app.services.reasons import text_given
from hia_app.services.work import Case, Work, allow, hold, record
from hia_app.store.tables import ArchiveRecord

OUTCOMES: dict[str, str] = {
    "approved": "Approved",
    "approved_with_changes": "Approved with changes",
    "deferred": "Put off",
    "refused": "Refused",
}


@dataclass(frozen=True, slots=True)
class BodyDecision:
    """What somebody typed about it; `note` may be empty."""

    outcome: str
    decided_on: date
    minute: str
    note: str = ""


def of_a_body(case: Case) -> None:
    """Raises NotNow where no body decides."""
    if case.version.decided_by != "body":
        raise NotNow("An officer decided on this under delegated powers, so there is no decision of a body to add.")


def add(work: Work, case: Case, decided: BodyDecision) -> ArchiveRecord:
    """Add a body's decision, its date and its minute as a record of their own; raises InvalidInput."""
    allow(work, Action.RECORD_BODY_DECISION, case)
    of_a_body(case)
    if decided.outcome not in OUTCOMES:
        raise InvalidInput({"outcome": "Choose what the body decided"})
    if decided.decided_on > work.today:
        raise InvalidInput({"decided_on": "The date of the decision cannot be in the future"})
    minute = text_given(decided.minute, field="minute", characters=200, ask="Give the number of the minute")
    note = text_given(decided.note, field="note", characters=10_000, lines=True)
    hold(work, case)
    signed = archive.record_of(work, case)
    statement = {
        "record_id": signed.id,
        "record_hash": signed.record_hash,
        "body": case.version.body_name,
        "outcome": decided.outcome,
        "decided_on": decided.decided_on,
        "minute": minute,
        "note": note,
        "recorded_by": {"id": work.actor.person_id, "name": work.actor.name},
    }
    again = work.session.scalar(
        select(ArchiveRecord).where(ArchiveRecord.about == signed.id, ArchiveRecord.kind == "body-decision")
        .order_by(ArchiveRecord.seq.desc()).limit(1)
    )  # fmt: skip
    if again is not None and json.loads(again.header)["statement"] == plain(statement):
        return again  # a second click on the same button
    added = chain.state(work, "body-decision", case, signed, plain(statement))
    record(work, Action.RECORD_BODY_DECISION, case, subject=OUTCOMES[decided.outcome], detail={"minute": minute})
    return added


def of(work: Work, case: Case) -> list[dict[str, Any]]:
    """What was so added, oldest first; added_hash is the fingerprint of the added record itself."""
    allow(work, Action.READ_RECORD, case)
    rows = work.session.execute(
        select(ArchiveRecord.header, ArchiveRecord.record_hash)
        .where(ArchiveRecord.version_id == case.version.id, ArchiveRecord.kind == "body-decision")
        .order_by(ArchiveRecord.seq)
    )
    return [json.loads(header)["statement"] | {"added_hash": fingerprint} for header, fingerprint in rows]
