"""The conditions of an approval: each with an owner, a date and a measure, so that it can become an action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hia_app.domain import typed
from hia_app.domain.promises import LONGEST_OWNER, MOST_CONDITIONS, Term
from hia_app.services.statements import Statements
from hia_app.services.work import Case, Work
from hia_app.store.columns import new_id
from hia_app.store.tables import Condition, ReviewRound

LONGEST_CONDITION = 2_000
LONGEST_MEASURE = 1_000


@dataclass(frozen=True, slots=True)
class TypedCondition:
    """One row of the form as it was typed; `due` is day, month and year."""

    text: str
    owner: str
    due: tuple[str, str, str]
    measure: str

    @property
    def typed(self) -> bool:
        return any(part.strip() for part in (self.text, self.owner, *self.due, self.measure))


def read_conditions(work: Work, statements: Statements, rows: Sequence[TypedCondition]) -> list[Term]:
    """The rows that say something, each complete; messages go by `condition-<row>-<part>`, rows from 1."""
    if sum(row.typed for row in rows) > MOST_CONDITIONS:
        statements.refuse("conditions", f"Write at most {MOST_CONDITIONS} conditions")
        return []
    found = [_read(work, statements, place, row) for place, row in enumerate(rows, 1) if row.typed]
    return [term for term in found if term is not None]


def keep_conditions(work: Work, case: Case, held: ReviewRound, terms: Sequence[Term]) -> None:
    """Keep the conditions with the round that set them, numbered from 1."""
    for number, term in enumerate(terms, 1):
        work.session.add(
            Condition(
                id=new_id(),
                round_id=held.id,
                version_id=case.version.id,
                number=number,
                text=term.text,
                owner=term.owner,
                due=term.due,
                measure=term.measure,
            )
        )


def _read(work: Work, statements: Statements, place: int, row: TypedCondition) -> Term | None:
    name = f"condition-{place}"
    text = statements.read(
        f"{name}-text", row.text, f"Say what condition {place} asks for", characters=LONGEST_CONDITION
    )
    owner = statements.read(f"{name}-owner", row.owner, f"Say who meets condition {place}", characters=LONGEST_OWNER)
    measure = statements.read(
        f"{name}-measure",
        row.measure,
        f"Say how it will be seen that condition {place} is met",
        characters=LONGEST_MEASURE,
    )
    due = _due(work, statements, f"{name}-due", place, row.due)
    return Term(text, " ".join(owner.split()), due, measure) if text and owner and measure and due else None


def _due(work: Work, statements: Statements, field: str, place: int, parts: tuple[str, str, str]) -> date | None:
    try:
        given = typed.date(*parts)
    except typed.Unclear as unclear:
        statements.refuse(f"{field}-{unclear.part or 'day'}", unclear.message)
        return None
    if not given:
        statements.refuse(f"{field}-day", f"Say by when condition {place} is met")
        return None
    due = date.fromisoformat(given)
    if due < work.today:
        statements.refuse(f"{field}-day", f"The date of condition {place} has passed already")
        return None
    return due
