"""How long things are kept: what is due to go, what is held back, and disposal as a record in the chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection, select, text

from hia_app.domain.chain import SEALED
from hia_app.domain.errors import NotNow
from hia_app.domain.periods import months_later
from hia_app.domain.policy import require
from hia_app.domain.workflow import FROZEN, Action, State
from hia_app.services import archive, chain
from hia_app.services.reasons import reason_given
from hia_app.services.work import LONDON, Case, Work, record
from hia_app.store.tables import ArchiveRecord, Assessment, AssessmentVersion, LegalHold

Kept = Literal["draft never submitted", "signed off"]
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Due:
    """Something whose time is over, or will be: what it is, until when it is kept, and whether a hold stands."""

    reference: str
    version: int
    kept_as: Kept
    until: date
    held: bool


@dataclass(frozen=True, slots=True)
class Keeping:
    """How one version is kept: its class and last day where it has one yet, every hold, and whether it has gone."""

    until: tuple[Kept, date] | None
    holds: Sequence[LegalHold]  # the newest first, lifted ones too
    recorded: bool  # whether there is a record in the chain at all
    disposed: bool
    over: bool

    @property
    def held(self) -> bool:
        return any(one.lifted_at is None for one in self.holds)

    @property
    def may_go(self) -> bool:
        return self.recorded and self.over and not self.held and not self.disposed


def keeping(work: Work, case: Case) -> Keeping:
    """What the person who looks after the archive sees of one version; two queries."""
    require(Action.MANAGE_ARCHIVE, work.actor)
    holds = work.session.scalars(
        select(LegalHold)
        .where(LegalHold.assessment_id == case.version.assessment_id)
        .order_by(LegalHold.placed_at.desc(), LegalHold.id)
    ).all()
    kinds = set(work.session.scalars(select(ArchiveRecord.kind).where(ArchiveRecord.version_id == case.version.id)))
    until = kept_until(work, case.version)
    over = until is not None and until[1] < work.today
    return Keeping(until, holds, bool(kinds & set(SEALED)), "disposal" in kinds, over)


def kept_until(work: Work, version: AssessmentVersion) -> tuple[Kept, date] | None:
    """The class of a version and the last day it is kept; None while it is being worked on after submission."""
    if State(version.state) in FROZEN:
        since = version.signed_off_at or version.changed_at
        closes = months_later(since.astimezone(LONDON).date(), work.settings.second_review_months)
        return "signed off", months_later(closes, work.settings.keep_records_years * MONTHS)
    if version.submitted_at is None:
        last = version.changed_at.astimezone(LONDON).date()
        return "draft never submitted", months_later(last, work.settings.keep_drafts_years * MONTHS)
    return None


def due(work: Work) -> list[Due]:
    """Everything whose time is over today, with what is held back."""
    require(Action.MANAGE_ARCHIVE, work.actor)
    held = set(work.session.scalars(select(LegalHold.assessment_id).where(LegalHold.lifted_at.is_(None))))
    disposed = select(ArchiveRecord.version_id).where(ArchiveRecord.kind == "disposal")
    rows = work.session.scalars(
        select(AssessmentVersion)
        .join(Assessment)
        .where(AssessmentVersion.id.not_in(disposed))
        .order_by(Assessment.reference, AssessmentVersion.number)
    )
    found = []
    for version in rows:
        kept = kept_until(work, version)
        if kept is not None and kept[1] < work.today:
            found.append(Due(version.assessment.reference, version.number, *kept, version.assessment_id in held))
    return found


def place_hold(work: Work, case: Case, reason: str) -> LegalHold:
    """Keep everything of an assessment from disposal, in all its versions, until the hold is lifted."""
    require(Action.MANAGE_ARCHIVE, work.actor)
    words = reason_given(reason, "Say why this must be kept")
    placed = LegalHold(
        assessment_id=case.version.assessment_id, reason=words, placed_by=work.actor.name, placed_at=work.now
    )
    work.session.add(placed)
    record(work, "place_hold", case, detail={"reason": words})
    work.session.flush()
    return placed


def lift_holds(work: Work, case: Case, reason: str) -> int:
    """End every hold on an assessment, with a reason; gives how many there were."""
    require(Action.MANAGE_ARCHIVE, work.actor)
    words = reason_given(reason, "Say why this need not be kept any more")
    standing = _holds(work, case)
    for one in standing:
        one.lifted_at, one.lifted_by, one.lifted_reason = work.now, work.actor.name, words
    if standing:
        record(work, "lift_hold", case, detail={"reason": words})
    return len(standing)


def dispose(work: Work, case: Case, authority: str, reason: str) -> ArchiveRecord:
    """Write into the chain that the content of a record may go; the bytes go afterwards (`remove_disposed`).

    Raises NotNow while a hold stands, before its time, and when it was done already.
    """
    require(Action.MANAGE_ARCHIVE, work.actor)
    allowed_by = reason_given(authority, "Say under which rule or by whose decision this goes", field="authority")
    words = reason_given(reason, "Say why this goes now")
    place = chain.next_place(work)  # from here on nobody else adds a record, a second disposal among them
    kept = archive.record_of(work, case)
    _may_go(work, case, kept)
    until = kept_until(work, case.version)
    statement = {
        "record_id": kept.id,
        "record_hash": kept.record_hash,
        "kept_as": until[0] if until else "",
        "kept_until": until[1].isoformat() if until else "",
        "authority": allowed_by,
        "reason": words,
        "disposed_by": {"id": work.actor.person_id, "name": work.actor.name},
    }
    added = chain.state(work, "disposal", case, kept, statement, place)
    record(work, "dispose", case, detail={"authority": allowed_by, "reason": words})
    return added


# In this order: a confirmation of reading belongs to a submission. What each lets go, its guard lets go too.
_GOES = (
    ("archive_payload", "record_id IN (SELECT about FROM archive_record WHERE kind = 'disposal')"),
    (
        "reading_confirmation",
        "submission_id IN (SELECT s.id FROM submission s JOIN archive_record r ON r.version_id = s.version_id "
        "WHERE r.kind = 'disposal')",
    ),
    ("submission", "version_id IN (SELECT version_id FROM archive_record WHERE kind = 'disposal')"),
)


def remove_disposed(connection: Connection) -> int:
    """Remove the frozen bytes that disposals let go; gives how many rows. Needs a connection that owns the tables."""
    return sum(connection.execute(text(f"DELETE FROM {table} WHERE {which}")).rowcount for table, which in _GOES)  # noqa: S608


def re_anchor(work: Work, reason: str) -> ArchiveRecord:
    """Note a new start in the chain, for example after a signing key was lost or a backup was put back."""
    require(Action.MANAGE_ARCHIVE, work.actor)
    words = reason_given(reason, "Say what happened")
    place = chain.next_place(work)
    statement = {
        "reason": words,
        "records_before": place.seq - 1,
        "noted_by": {"id": work.actor.person_id, "name": work.actor.name},
    }
    record(work, "re_anchor", detail={"reason": words})
    return chain.state(work, "re-anchor", None, None, statement, place)


def _holds(work: Work, case: Case) -> list[LegalHold]:
    return list(
        work.session.scalars(
            select(LegalHold).where(
                LegalHold.assessment_id == case.version.assessment_id, LegalHold.lifted_at.is_(None)
            )
        )
    )


def _may_go(work: Work, case: Case, kept: ArchiveRecord) -> None:
    if _holds(work, case):
        raise NotNow("A legal hold stands on this assessment. Nothing of it may be disposed of.")
    again = select(ArchiveRecord.seq).where(ArchiveRecord.about == kept.id, ArchiveRecord.kind == "disposal")
    if work.session.scalar(again) is not None:
        raise NotNow("This record has been disposed of already.")
    until = kept_until(work, case.version)
    if until is None or until[1] >= work.today:
        day = f" It is kept until {until[1].isoformat()}." if until else ""
        raise NotNow(f"The time of this record is not over.{day}")
