"""Attaching files to an assessment: to a question or an impact, described, withheld with a reason, removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from hia_app.domain import evidence as domain
from hia_app.domain import policy
from hia_app.domain.errors import Conflict, InvalidInput, NotNow, NotVisible
from hia_app.domain.evidence import About, Said, Target
from hia_app.domain.workflow import Action
from hia_app.services.assessments import form_key
from hia_app.services.evidence_files import (
    Held,
    Subject,
    all_files,
    describe,
    find,
    open_now,
    shared_files,
    subject_of,
)
from hia_app.services.evidence_intake import Received
from hia_app.services.evidence_room import require_day_room, require_room
from hia_app.services.reasons import text_given
from hia_app.services.work import NOTHING, Case, Work, allow, hold, record
from hia_app.store.columns import new_id
from hia_app.store.tables import EvidenceFile

_NOT_CARRIED = {"id", "version_id", "target", "row_version", "removed_at"}
_OF_THE_FILE = ("label", "media_type", "size", "sha256", "scan")


def expect(work: Work, case: Case, target: Target, form_id: str, size: int) -> EvidenceFile | None:
    """Before a file of `size` bytes is looked at: refuse what would be refused later anyway.

    Gives the row that an earlier click on the same button has made.
    """
    subject = subject_of(work, case, target)
    _require_change(work, case, subject, Action.ADD_EVIDENCE)
    existing = _made_before(work, case, form_id)
    if existing is None:
        require_room(work, case, size)
        require_day_room(work, size)
    return existing


def attach(work: Work, case: Case, target: Target, form_id: str, received: Received, said: Said) -> EvidenceFile:
    """Attach a received file; the same form, or the same file at the same place, again gives the one that is there.

    When the shared library holds the same bytes, the new row cites them.
    """
    shared = work.session.scalar(shared_files().where(EvidenceFile.sha256 == received.sha256).limit(1))
    values = {name: getattr(received, name) for name in _OF_THE_FILE}
    if shared is None:
        require_day_room(work, received.size)
    return _added(work, case, target, form_id, values, said, shared)


def cite(work: Work, case: Case, target: Target, form_id: str, library_id: str) -> EvidenceFile:
    """Cite a file of the shared library, with what is said about it there."""
    policy.require(Action.ADD_EVIDENCE, work.actor, case.standing)
    shared = work.session.scalar(shared_files().where(EvidenceFile.id == library_id))
    if shared is None:
        raise NotVisible(NOTHING)
    values = {name: getattr(shared, name) for name in _OF_THE_FILE}
    said = Said(shared.description, shared.strength, shared.dated)
    return _added(work, case, target, form_id, values, said, shared)


def may_change(work: Work, case: Case, subject: Subject, action: Action = Action.ADD_EVIDENCE) -> bool:
    """Whether this person may add or change files of this question or impact now."""
    if not policy.may(action, work.actor, case.standing) or not case.standing.reaches(subject.section_id):
        return False
    return open_now(work, case, subject)


def change(work: Work, case: Case, evidence_id: str, row_version: int, said: Said) -> None:
    """Say something else about a file; raises Conflict when somebody else did so meanwhile."""
    found = _to_change(work, case, evidence_id)
    new = checked(work, said)
    before = Said(found.row.description, found.row.strength, found.row.dated)
    if new == before:
        return
    if not _claim(work, found.row, row_version):
        raise Conflict("Somebody else changed what is said about this file.", stored=_told(before), typed=_told(new))
    describe(found.row, new)
    record(work, Action.CHANGE_EVIDENCE, case, subject=found.row.label[:200])


def withhold(work: Work, case: Case, evidence_id: str, reason: str) -> None:
    """Keep a file from those who read the record later, with the reason; an empty one ends that."""
    found = _to_change(work, case, evidence_id)
    words = text_given(reason, field="reason", characters=domain.LONGEST_WITHHOLDING, lines=True)
    if words == found.row.withheld_reason:
        return
    found.row.withheld_reason = words
    found.row.row_version += 1
    action = "withhold_evidence" if words else "release_evidence"
    record(work, action, case, subject=found.row.label[:200], detail={"reason": words} if words else {})


def remove(work: Work, case: Case, evidence_id: str) -> None:
    """Take a file out of the assessment. Its row and its bytes stay, because what was frozen may name them."""
    found = _to_change(work, case, evidence_id)
    found.row.removed_at = work.now
    record(work, "remove_evidence", case, subject=found.row.label[:200], detail={"sha256": found.row.sha256})


def carry(work: Work, case: Case, opened: Case, impacts: Mapping[str, str]) -> None:
    """The files of a version into the next one; `impacts` gives the new id of each impact."""
    for one in all_files(work, case):
        row = one.row
        target = impacts.get(row.target, "") if row.kind == About.IMPACT else row.target
        if not target or (row.kind == About.QUESTION and target not in opened.questionnaire.question_by_id):
            continue
        copied = {c.key: getattr(row, c.key) for c in EvidenceFile.__table__.columns if c.key not in _NOT_CARRIED}
        work.session.add(EvidenceFile(id=new_id(), version_id=opened.version.id, target=target, **copied))


def checked(work: Work, said: Said) -> Said:
    """What somebody says about a file as it will be kept; raises InvalidInput."""
    words = text_given(said.description, field="description", characters=domain.LONGEST_DESCRIPTION)
    if said.strength not in domain.STRENGTH_WORDS:
        raise InvalidInput({"strength": "Choose one of the strengths shown"})
    if said.dated is not None and said.dated > work.today:
        raise InvalidInput({"dated-day": "The date of the evidence cannot lie in the future"})
    return Said(words, said.strength, said.dated)


def _added(
    work: Work,
    case: Case,
    target: Target,
    form_id: str,
    values: Mapping[str, Any],
    said: Said,
    shared: EvidenceFile | None,
) -> EvidenceFile:
    subject = subject_of(work, case, target)
    _require_change(work, case, subject, Action.ADD_EVIDENCE)
    hold(work, case)
    existing = _made_before(work, case, form_id) or _same(work, case, target, values["sha256"])
    if existing is not None:
        return existing
    said = checked(work, said)
    require_room(work, case, values["size"])
    row = EvidenceFile(
        id=form_key(form_id),
        version_id=case.version.id,
        kind=target.kind,
        target=target.id,
        library_id=shared.id if shared else None,
        added_by=work.actor.person_id,
        added_at=work.now,
        **values,
    )
    describe(row, said)
    work.session.add(row)
    work.session.flush()
    action = "cite_evidence" if shared else str(Action.ADD_EVIDENCE)
    detail = {"sha256": row.sha256, "about": subject.name[:200]}
    record(work, action, case, subject=row.label[:200], detail=detail)
    return row


def _made_before(work: Work, case: Case, form_id: str) -> EvidenceFile | None:
    """The row that this very form has made already; raises NotVisible for a form that was not for this version."""
    existing = work.session.get(EvidenceFile, form_key(form_id))
    if existing is not None and existing.version_id != case.version.id:
        raise NotVisible(NOTHING)
    return existing


def _same(work: Work, case: Case, target: Target, sha256: str) -> EvidenceFile | None:
    return work.session.scalar(
        select(EvidenceFile).where(
            EvidenceFile.version_id == case.version.id,
            EvidenceFile.kind == target.kind,
            EvidenceFile.target == target.id,
            EvidenceFile.sha256 == sha256,
            EvidenceFile.removed_at.is_(None),
        )
    )


def _to_change(work: Work, case: Case, evidence_id: str) -> Held:
    policy.require(Action.CHANGE_EVIDENCE, work.actor, case.standing)
    found = find(work, case, evidence_id)
    target = Target(About(found.row.kind), found.row.target)
    _require_change(work, case, Subject(target, found.about, found.section_id), Action.CHANGE_EVIDENCE)
    hold(work, case)
    work.session.refresh(found.row)
    if found.row.removed_at is not None:
        raise NotVisible(NOTHING)
    return found


def _require_change(work: Work, case: Case, subject: Subject, action: Action) -> None:
    allow(work, action, case)
    policy.require_section(subject.section_id, case.standing)
    if not open_now(work, case, subject):
        raise NotNow("This part was not returned to you, so it stays as the reviewer saw it.")


def _claim(work: Work, row: EvidenceFile, row_version: int) -> bool:
    claimed = work.session.scalar(
        update(EvidenceFile)
        .where(EvidenceFile.id == row.id, EvidenceFile.row_version == row_version)
        .values(row_version=row_version + 1)
        .returning(EvidenceFile.id)
        .execution_options(synchronize_session=False)
    )
    work.session.refresh(row, ["row_version"])
    return claimed is not None


def _told(said: Said) -> dict[str, object]:
    return {"description": said.description, "strength": said.strength or "", "dated": str(said.dated or "")}


def _shared() -> Any:
    return select(EvidenceFile).where(EvidenceFile.version_id.is_(None), EvidenceFile.removed_at.is_(None))
