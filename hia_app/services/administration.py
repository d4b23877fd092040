"""What an administrator sees of the service: assessments by name, state and date, settings, and nothing of content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from hia_app.config import Settings
from hia_app.domain import policy
from hia_app.domain.questionnaire import Questionnaire
from hia_app.domain.workflow import Action, State
from hia_app.services.work import Case, Work, allow
from hia_app.store.tables import Assessment, AssessmentVersion, Contributor, Person

PAGE = 25
# Keys, and addresses of databases, which may hold a password.
SECRET = frozenset({"database_url", *(name for name, field in Settings.model_fields.items() if not field.repr)})


@dataclass(frozen=True, slots=True)
class Row:
    """One version of an assessment: its name, where it stands, who has it."""

    reference: str
    number: int
    title: str
    state: State
    owner: str
    decision_date: date


@dataclass(frozen=True, slots=True)
class Page:
    """Up to 25 rows, the newest change first; pages count from 1."""

    rows: tuple[Row, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it is in use: its name, what it means, its value (or that it is set)."""

    name: str
    meaning: str
    value: str


def assessments(work: Work, words: str = "", state: str = "", page: int = 1) -> Page:
    """A page of all assessments by title, reference or owner; two queries. Administrators only."""
    policy.require(Action.MANAGE_PEOPLE, work.actor)
    owner = aliased(Person)
    found = (
        select(AssessmentVersion)
        .join(Assessment, Assessment.id == AssessmentVersion.assessment_id)
        .join(owner, owner.id == AssessmentVersion.owner_id)
    )
    for word in words.lower().split()[:8]:
        found = found.where(
            or_(
                func.lower(AssessmentVersion.title).contains(word, autoescape=True),
                func.lower(Assessment.reference).contains(word, autoescape=True),
                func.lower(owner.name).contains(word, autoescape=True),
            )
        )
    if state in set(State):
        found = found.where(AssessmentVersion.state == state)
    total = work.session.scalar(found.with_only_columns(func.count(AssessmentVersion.id))) or 0
    page = min(max(1, page), max(1, -(-total // PAGE)))
    shown = found.with_only_columns(
        Assessment.reference,
        AssessmentVersion.number,
        AssessmentVersion.title,
        AssessmentVersion.state,
        owner.name,
        AssessmentVersion.decision_date,
    )
    newest = shown.order_by(AssessmentVersion.changed_at.desc(), AssessmentVersion.id)
    rows = work.session.execute(newest.limit(PAGE).offset((page - 1) * PAGE))
    return Page(tuple(_row(*row) for row in rows), total, page)


def _row(reference: str, number: int, title: str, state: str, owner: str, decision_date: date) -> Row:
    return Row(reference, number, title, State(state), owner, decision_date)


def contributors(work: Work, case: Case) -> list[Contributor]:
    """Who may contribute to an assessment now, by name alone."""
    allow(work, Action.REASSIGN, case)
    return list(
        work.session.scalars(
            select(Contributor)
            .join(Person, Person.id == Contributor.person_id)
            .where(Contributor.assessment_id == case.version.assessment_id, Contributor.removed_at.is_(None))
            .order_by(Person.name, Contributor.id)
        )
    )


def settings(work: Work) -> list[Setting]:
    """Every setting in use; of secrets only that they are set."""
    policy.require(Action.SEE_SETTINGS, work.actor)
    return [
        Setting(name, field.description or "", _shown(work.settings, name))
        for name, field in Settings.model_fields.items()
    ]


def questionnaires(work: Work) -> tuple[tuple[Questionnaire, str], ...]:
    """Every questionnaire version on the shelf with its state; administrators only."""
    policy.require(Action.SEE_SETTINGS, work.actor)
    return work.shelf.versions()


def _shown(values: Settings, name: str) -> str:
    value: Any = getattr(values, name)
    if name in SECRET:
        return "Set, not shown" if value else "Not set"
    if isinstance(value, tuple):
        return ", ".join(f"{part:,}" if isinstance(part, int) else str(part) for part in value)
    return str(value)
