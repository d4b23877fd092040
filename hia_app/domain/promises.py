"""What is promised with an approval: its conditions, and how a promise stands while it is followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from hia_app.domain.typed import written_date

MOST_CONDITIONS = 20
LONGEST_OWNER = 200
STATUSES: Mapping[str, str] = MappingProxyType(
    {
        "open": "Not started",
        "under_way": "Under way",
        "done": "Done",
        "dropped": "Dropped, with a reason",
        "replaced": "Replaced by a newer version",
    }
)
CHOICES = ("open", "under_way", "done", "dropped")  # "replaced" comes with the sign-off of a newer version
STANDING = ("open", "under_way")


@dataclass(frozen=True, slots=True)
class Term:
    """One condition as it was agreed."""

    text: str
    owner: str
    due: date
    measure: str


def term_words(number: int, term: Term) -> str:
    """The condition in one line: "1. Agree a protocol (Head of Housing, by 1 June 2027; measure: notices served)"."""
    return f"{number}. {term.text} ({term.owner}, by {written_date(term.due.isoformat())}; measure: {term.measure})"


def terms_words(terms: Sequence[Term]) -> str:
    return "\n".join(term_words(number, term) for number, term in enumerate(terms, 1))


def overdue(status: str, due: date, today: date) -> bool:
    return status in STANDING and due < today
