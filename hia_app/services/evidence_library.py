"""The shared evidence library of the council: a report is put there once and cited wherever it matters."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.exc import IntegrityError

from hia_app.domain import policy
from hia_app.domain.errors import InvalidInput, NotNow, NotVisible
from hia_app.domain.evidence import Said, is_old
from hia_app.domain.workflow import Action
from hia_app.services.assessments import form_key
from hia_app.services.evidence import checked
from hia_app.services.evidence_files import describe, find, shared_files
from hia_app.services.evidence_intake import FIELD, Received
from hia_app.services.evidence_room import require_day_room
from hia_app.services.work import NOTHING, Case, Work, allow, record
from hia_app.store.tables import EvidenceFile, Person

PAGE = 25
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Shared:
    """One file of the library, who put it there, and whether it is getting old."""

    row: EvidenceFile
    added_by: str
    old: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Up to 25 files, newest first, and the id after which the next page begins (empty at the end)."""

    files: tuple[Shared, ...]
    next: str


def search(work: Work, words: str = "", after: str = "") -> Page:
    """One page of the library; every word has to be in the name or in what the file shows. At most two queries."""
    policy.require(Action.SEE_LIBRARY, work.actor)
    return _page(work, words, after)


def to_cite(work: Work, case: Case, words: str) -> Page:
    """What could be cited in this assessment, for whoever may add evidence there (also contributors without a role)."""
    allow(work, Action.ADD_EVIDENCE, case)
    return _page(work, words, "")


def read(work: Work, evidence_id: str) -> Shared:
    """One file of the library; raises NotVisible."""
    policy.require(Action.SEE_LIBRARY, work.actor)
    row = work.session.scalar(shared_files().where(EvidenceFile.id == evidence_id))
    if row is None:
        raise NotVisible(NOTHING)
    return Shared(row, work.session.get_one(Person, row.added_by).name, is_old(row.dated, work.today))


def expect(work: Work, form_id: str, size: int) -> EvidenceFile | None:
    """Before a file of `size` bytes is looked at; gives the row that an earlier click has made."""
    policy.require(Action.ADD_TO_LIBRARY, work.actor)
    existing = _made_before(work, form_id)
    if existing is None:
        _require_room(work)
        require_day_room(work, size)
    return existing


def made(work: Work, form_id: str) -> EvidenceFile:
    """What an earlier click on the same button has made; raises NotVisible without one."""
    policy.require(Action.ADD_TO_LIBRARY, work.actor)
    existing = _made_before(work, form_id)
    if existing is None:
        raise NotVisible(NOTHING)
    return existing


def add(work: Work, form_id: str, received: Received, said: Said) -> EvidenceFile:
    """Put a received file into the library; the same bytes again give the file that is there."""
    policy.require(Action.ADD_TO_LIBRARY, work.actor)
    row = EvidenceFile(
        id=form_key(form_id),
        label=received.label,
        media_type=received.media_type,
        size=received.size,
        sha256=received.sha256,
        scan=received.scan,
    )
    return _added(work, row, checked(work, said))


def share(work: Work, case: Case, evidence_id: str, form_id: str) -> EvidenceFile:
    """Put a file of an assessment into the library, for whoever may change it there; it is cited from then on."""
    allow(work, Action.CHANGE_EVIDENCE, case)
    policy.require(Action.ADD_TO_LIBRARY, work.actor)
    found = find(work, case, evidence_id)
    policy.require_section(found.section_id, case.standing)
    if found.withheld:
        raise NotNow("A withheld file cannot be shared. End the withholding first.")
    row = found.row
    values = {name: getattr(row, name) for name in ("label", "media_type", "size", "sha256", "scan")}
    copy = EvidenceFile(id=form_key(form_id), **values)
    shared = _added(work, copy, Said(row.description, row.strength, row.dated))
    if row.library_id is None:
        row.library_id = shared.id
        record(work, "share_evidence", case, subject=row.label[:200])
    return shared


def retire(work: Work, evidence_id: str) -> None:
    """Take a file out of the library. Assessments that cite it keep their own row and the bytes."""
    policy.require(Action.RETIRE_FROM_LIBRARY, work.actor)
    row = read(work, evidence_id).row
    row.removed_at = work.now
    record(work, Action.RETIRE_FROM_LIBRARY, subject=row.label[:200], detail={"sha256": row.sha256})


def _added(work: Work, row: EvidenceFile, said: Said) -> EvidenceFile:
    existing = _made_before(work, row.id) or work.session.scalar(
        shared_files().where(EvidenceFile.sha256 == row.sha256).limit(1)
    )
    if existing is not None:
        return existing
    _require_room(work)
    describe(row, said)
    row.added_by, row.added_at = work.actor.person_id, work.now
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:  # the same form was sent twice in the same moment
        return work.session.get_one(EvidenceFile, row.id)
    record(work, Action.ADD_TO_LIBRARY, subject=row.label[:200], detail={"sha256": row.sha256})
    return row


def _made_before(work: Work, form_id: str) -> EvidenceFile | None:
    existing = work.session.get(EvidenceFile, form_key(form_id))
    if existing is not None and (existing.version_id is not None or existing.added_by != work.actor.person_id):
        raise NotVisible(NOTHING)
    return existing


def _require_room(work: Work) -> None:
    count = work.session.scalar(select(func.count()).select_from(shared_files().subquery())) or 0
    if count >= work.settings.library_files:
        raise InvalidInput({FIELD: f"The library is full: it holds {count} files. Ask a reviewer to retire some"})


def _page(work: Work, words: str, after: str) -> Page:
    statement = shared_files().add_columns(Person.name).join(Person, Person.id == EvidenceFile.added_by)
    for word in words.lower().split()[:_MOST_WORDS]:
        statement = statement.where(EvidenceFile.words.contains(word, autoescape=True))
    last = work.session.get(EvidenceFile, after) if after else None
    if last is not None and last.version_id is None:
        earlier = and_(EvidenceFile.added_at == last.added_at, EvidenceFile.id < last.id)
        statement = statement.where(or_(EvidenceFile.added_at < last.added_at, earlier))
    ordered = statement.order_by(EvidenceFile.added_at.desc(), EvidenceFile.id.desc()).limit(PAGE + 1)
    rows = [Shared(row, name, is_old(row.dated, work.today)) for row, name in work.session.execute(ordered)]
    return Page(tuple(rows[:PAGE]), rows[PAGE - 1].row.id if len(rows) > PAGE else "")
