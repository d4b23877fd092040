"""The files behind an assessment, with what each belongs to, for those who may see them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from hia_app.domain import evidence as domain
from hia_app.domain.errors import NotVisible
from hia_app.domain.evidence import About, Said, Target
from hia_app.domain.workflow import Action
from hia_app.services import points
from hia_app.services.work import NOTHING, Case, Work, allow, record
from hia_app.store.tables import EvidenceFile, ImpactLine, Person


@dataclass(frozen=True, slots=True)
class Held:
    """One file of an assessment: its row, what it belongs to, who added it, and whether it is getting old."""

    row: EvidenceFile
    about: str
    section_id: str
    added_by: str
    old: bool

    @property
    def withheld(self) -> bool:
        return bool(self.row.withheld_reason)


@dataclass(frozen=True, slots=True)
class Subject:
    """A question or an impact with what it is called and the section it stands in."""

    target: Target
    name: str
    section_id: str


def files_of(work: Work, case: Case) -> list[Held]:
    """The files of a version that this person reaches, oldest first; two queries."""
    allow(work, Action.SEE_EVIDENCE, case)
    return [one for one in all_files(work, case) if _reached(case, one.section_id)]


def all_files(work: Work, case: Case) -> list[Held]:
    """Every file of a version whose question or impact is still there; asks the policy nothing."""
    rows = work.session.execute(_rows(case)).all()
    names = _names(work, case, [row for row, _ in rows])
    found = []
    for row, person in rows:
        subject = names.get((row.kind, row.target))
        if subject is not None:
            old = domain.is_old(row.dated, work.today)
            found.append(Held(row, subject.name, subject.section_id, person, old))
    return found


def files_on_page(work: Work, case: Case) -> dict[tuple[str, str], list[Held]]:
    """Files by (kind, target), for a page that knows itself what the targets are called; one query."""
    allow(work, Action.SEE_EVIDENCE, case)
    found: dict[tuple[str, str], list[Held]] = {}
    for row, person in work.session.execute(_rows(case)):
        held = Held(row, "", "", person, domain.is_old(row.dated, work.today))
        found.setdefault((row.kind, row.target), []).append(held)
    return found


def subject_of(work: Work, case: Case, target: Target) -> Subject:
    """The question or impact in this version that this person reaches; raises NotVisible."""
    allow(work, Action.SEE_EVIDENCE, case)
    if target.kind is About.QUESTION:
        question = case.questionnaire.question_by_id.get(target.id)
        if question is None or question.type in {"note", "impacts"}:
            raise NotVisible(NOTHING)
        subject = Subject(target, question.text, case.questionnaire.section_of[target.id].id)
    else:
        row = work.session.get(ImpactLine, target.id)
        if row is None or row.version_id != case.version.id or row.removed_at is not None:
            raise NotVisible(NOTHING)
        subject = Subject(target, _impact_name(row), row.section_id)
    if not _reached(case, subject.section_id):
        raise NotVisible(NOTHING)
    return subject


def find(work: Work, case: Case, evidence_id: str) -> Held:
    """One file of this version that this person reaches; raises NotVisible."""
    found = next((one for one in files_of(work, case) if one.row.id == evidence_id), None)
    if found is None:
        raise NotVisible(NOTHING)
    return found


def open_now(work: Work, case: Case, subject: Subject) -> bool:
    """Whether this part may be changed now; when returned, only what was named."""
    reopened = points.reopened_in(case, points.latest_points(work, case))
    opens = reopened.question if subject.target.kind is About.QUESTION else reopened.impact
    return opens(subject.target.id, subject.section_id)


def describe(row: EvidenceFile, said: Said) -> None:
    """Write what somebody says about a file; the words it is found by follow."""
    row.description, row.strength, row.dated = said.description, said.strength, said.dated
    row.words = f"{row.label} {said.description}".lower()


def leave_with(work: Work, case: Case, impact_id: str) -> None:
    """The files of an impact that is being removed go with it; rows and bytes stay."""
    rows = work.session.scalars(
        select(EvidenceFile).where(
            EvidenceFile.version_id == case.version.id,
            EvidenceFile.kind == About.IMPACT,
            EvidenceFile.target == impact_id,
            EvidenceFile.removed_at.is_(None),
        )
    )
    for row in rows.all():
        row.removed_at = work.now
        record(work, "remove_evidence", case, subject=row.label[:200], detail={"sha256": row.sha256})


def frozen(work: Work, case: Case, shown: Collection[str]) -> list[dict[str, Any]]:
    """The files as they go into a submission, without those of questions that are not `shown`."""
    return [
        {
            "id": one.row.id,
            "kind": one.row.kind,
            "target": one.row.target,
            "about": one.about,
            "name": one.row.label,
            "description": one.row.description,
            "media_type": one.row.media_type,
            "size": one.row.size,
            "sha256": one.row.sha256,
            "strength": one.row.strength,
            "dated": one.row.dated.isoformat() if one.row.dated else None,
            "old": one.old,
            "scan": one.row.scan,
            "from_library": one.row.library_id is not None,
            "withheld": one.withheld,
            "withheld_reason": one.row.withheld_reason,
            "added_by": one.added_by,
            "added_at": one.row.added_at.isoformat(),
        }
        for one in all_files(work, case)
        if one.row.kind == About.IMPACT or one.row.target in shown
    ]


def shared_files() -> Select[EvidenceFile]:
    """The files of the shared library that have not been retired."""
    return select(EvidenceFile).where(EvidenceFile.version_id.is_(None), EvidenceFile.removed_at.is_(None))


def _rows(case: Case) -> Select[EvidenceFile, str]:
    return (
        select(EvidenceFile, Person.name)
        .join(Person, Person.id == EvidenceFile.added_by)
        .where(EvidenceFile.version_id == case.version.id, EvidenceFile.removed_at.is_(None))
        .order_by(EvidenceFile.added_at, EvidenceFile.id)
    )


def _names(work: Work, case: Case, rows: Iterable[EvidenceFile]) -> dict[tuple[str, str], Subject]:
    """What each file belongs to, where that is still asked or recorded; one query, none without impacts."""
    found: dict[tuple[str, str], Subject] = {}
    impacts = {row.target for row in rows if row.kind == About.IMPACT}
    if impacts:
        lines = work.session.scalars(
            select(ImpactLine).where(ImpactLine.id.in_(impacts), ImpactLine.removed_at.is_(None))
        )
        for line in lines:
            target = Target(About.IMPACT, line.id)
            found[(About.IMPACT, line.id)] = Subject(target, _impact_name(line), line.section_id)
    for question_id, question in case.questionnaire.question_by_id.items():
        home = case.questionnaire.section_of[question_id].id
        found[(About.QUESTION, question_id)] = Subject(Target(About.QUESTION, question_id), question.text, home)
    return found


def _impact_name(row: ImpactLine) -> str:
    return f"Impact I{row.number}" + (f": {row.effect}"[:200] if row.effect else "")


def _reached(case: Case, section_id: str) -> bool:
    return not case.standing.contributor or case.standing.owner or case.standing.reaches(section_id)
