"""The register of frozen assessments: what scrutiny and every officer can look through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, or_, select

from hia_app.domain import policy
from hia_app.domain.workflow import Action
from hia_app.services.work import LONDON, Work
from hia_app.store.tables import AssessmentVersion, RegisterEntry

PAGE = 25


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for; empty fields look for anything. `after` continues where a page ended."""

    words: str = ""
    principle: int | None = None
    scheme_type: str = ""
    rule: int | None = None
    signed_from: date | None = None
    signed_to: date | None = None
    after: str = ""

    @property
    def narrowed(self) -> bool:
        return any(
            (self.words, self.principle, self.scheme_type, self.rule is not None, self.signed_from, self.signed_to)
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the register; `state` says whether a newer version has replaced it."""

    entry: RegisterEntry
    state: str


@dataclass(frozen=True, slots=True)
class Page:
    """Up to 25 rows, newest first, and where the next page begins (empty at the end)."""

    rows: tuple[Listed, ...]
    next: str


def find(work: Work, search: Search) -> Page:
    """One page of the register; one query, whatever the number of records."""
    policy.require(Action.READ_REGISTER, work.actor)
    statement = _newest_first(_matching(search)).limit(PAGE + 1)
    rows = [Listed(entry, state) for entry, state in work.session.execute(statement)]
    more = rows[PAGE - 1].entry if len(rows) > PAGE else None
    return Page(tuple(rows[:PAGE]), _mark(more) if more else "")


def everything(work: Work) -> list[Listed]:
    """Every row, newest first, for exports."""
    policy.require(Action.READ_REGISTER, work.actor)
    return [Listed(entry, state) for entry, state in work.session.execute(_newest_first(_matching(Search())))]


def scheme_types(work: Work) -> dict[str, str]:
    """The scheme types that appear in the register, by id, with their titles."""
    rows = work.session.execute(
        select(RegisterEntry.scheme_type, RegisterEntry.scheme_title).distinct().order_by(RegisterEntry.scheme_title)
    )
    return {row.scheme_type: row.scheme_title for row in rows}


def _matching(search: Search) -> Select[RegisterEntry, str]:
    statement = select(RegisterEntry, AssessmentVersion.state).join(
        AssessmentVersion, AssessmentVersion.id == RegisterEntry.version_id
    )
    for word in search.words.lower().split()[:8]:
        statement = statement.where(RegisterEntry.words.contains(word, autoescape=True))
    if search.principle:
        statement = statement.where(RegisterEntry.principles.contains(f",{search.principle},", autoescape=True))
    if search.scheme_type:
        statement = statement.where(RegisterEntry.scheme_type == search.scheme_type)
    if search.rule is not None:
        statement = statement.where(RegisterEntry.rule == search.rule)
    if search.signed_from:
        statement = statement.where(RegisterEntry.signed_off_at >= _midnight(search.signed_from))
    if search.signed_to:
        statement = statement.where(
            RegisterEntry.signed_off_at < _midnight(date.fromordinal(search.signed_to.toordinal() + 1))
        )
    if (start := _start(search.after)) is not None:
        signed, version_id = start
        statement = statement.where(
            or_(
                RegisterEntry.signed_off_at < signed,
                and_(RegisterEntry.signed_off_at == signed, RegisterEntry.version_id < version_id),
            )
        )
    return statement


def _newest_first(statement: Select[RegisterEntry, str]) -> Select[RegisterEntry, str]:
    return statement.order_by(RegisterEntry.signed_off_at.desc(), RegisterEntry.version_id.desc())


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LONDON)


def _mark(entry: RegisterEntry) -> str:
    return f"{entry.signed_off_at.isoformat()}~{entry.version_id}"


def _start(mark: str) -> tuple[datetime, str] | None:
    """Where a page begins; a mark that was tampered with begins at the first page."""
    moment, _, version_id = mark.partition("~")
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (found, version_id) if found.tzinfo else None
