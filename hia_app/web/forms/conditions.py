"""The rows in which a reviewer writes conditions: eight, and more when these are full."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hia_app.domain.promises import MOST_CONDITIONS
from hia_app.services.conditions import TypedCondition

ROOM = 8
_DATE = ("day", "month", "year")


def typed_conditions(form: Mapping[str, str]) -> list[TypedCondition]:
    """Every row that was sent, in its place; empty rows between stay, so that messages meet their row."""
    return [_row(form, number) for number in range(1, _last(form) + 1)]


def rows_shown(form: Mapping[str, str]) -> list[dict[str, Any]]:
    """What the page draws: the rows as they were typed and empty ones after them."""
    count = min(MOST_CONDITIONS, max(ROOM, _last(form) + 1))
    return [
        {"number": number, "text": row.text, "owner": row.owner, "measure": row.measure,
         "due": dict(zip(_DATE, row.due, strict=True))}
        for number in range(1, count + 1)
        for row in (_row(form, number),)
    ]  # fmt: skip


def _last(form: Mapping[str, str]) -> int:
    """The number of the last row with anything in it."""
    return max((number for number in range(1, MOST_CONDITIONS + 1) if _row(form, number).typed), default=0)


def _row(form: Mapping[str, str], number: int) -> TypedCondition:
    def sent(part: str) -> str:
        return form.get(f"condition-{number}-{part}", "")

    due = (sent("due-day"), sent("due-month"), sent("due-year"))
    return TypedCondition(sent("text"), sent("owner"), due, sent("measure"))
