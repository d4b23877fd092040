"""An indicator by ethnic group: the same measure beside its fifths or tenths, one row for each group.

A row is `name`, `value`, `population`, `lower` and `upper`, all texts, "" where there is no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from hia_app.domain.answer_kinds import FormValues
from hia_app.domain.indicator_figures import COLUMNS, figure, limit_problems
from hia_app.domain.indicator_paste import Unreadable, name_problem, pasted_groups
from hia_app.domain.typed import Form, Unclear, clean_text

MOST_GROUPS = 20
CENSUS_GROUPS = (
    "Asian, Asian British or Asian Welsh",
    "Black, Black British, Black Welsh, Caribbean or African",
    "Mixed or multiple ethnic groups",
    "White",
    "Other ethnic group",
)
"""The five broad groups of Census 2021, in its order, offered where nothing has been given."""

CELLS = ("name", *COLUMNS)
GROUP_FIELDS = (
    "group-paste",
    *(f"group-{cell}-{place}" for cell in CELLS for place in range(1, MOST_GROUPS + 1)),
)
"""The form fields after the question's own name."""

Row = dict[str, str]


def parse_groups(name: str, form: Form) -> list[Row]:
    """The rows in their order, what was pasted instead of what stands in the table; none where no group has a figure.

    A name without any figure is kept beside others that have one: it says that nothing is known of this group.
    """
    text = form.text(f"{name}-group-paste", lines=True)
    rows = [{cell: form.one(f"{name}-group-{cell}-{place}") for cell in CELLS} for place in range(1, MOST_GROUPS + 1)]
    if text:
        try:
            rows = pasted_groups(text, MOST_GROUPS)
        except Unreadable as unreadable:
            form.refuse(f"{name}-group-paste", ". ".join(unreadable.problems))
            return []
    if not any(row[column] for row in rows for column in COLUMNS):
        return []
    found = list[Row]()
    for place, row in enumerate(rows, 1):
        if any(row.values()):
            found.append(_read(row, [one["name"] for one in found], f"{name}-group", place, form))
    return found if any(row["value"] for row in found) else []


def _read(row: Row, before: Sequence[str], field: str, place: int, form: Form) -> Row:
    read = dict.fromkeys(CELLS, "")
    for cell in CELLS:
        with_message = f"{field}-{cell}-{place}"
        try:
            read[cell] = clean_text(row[cell], lines=False) if cell == "name" else figure(cell, row[cell])
        except Unclear as unclear:
            form.refuse(with_message, unclear.message)
    if why := name_problem(read["name"], before):
        form.refuse(f"{field}-name-{place}", why)
    for cell, why in limit_problems(read):
        form.refuse(f"{field}-{cell}-{place}", why)
    return read


def group_values(name: str, rows: Iterable[Mapping[str, str]]) -> FormValues:
    """What the form shows for stored rows."""
    return {
        f"{name}-group-{cell}-{place}": row[cell] for place, row in enumerate(rows, 1) for cell in CELLS if row[cell]
    }


def groups_in_form(name: str, values: Mapping[str, str | list[str]]) -> list[Row]:
    """The rows that the form shows, with the figures that can be read."""
    found = list[Row]()
    for place in range(1, MOST_GROUPS + 1):
        row = {cell: str(values.get(f"{name}-group-{cell}-{place}", "")) for cell in CELLS}
        if any(row.values()):
            for column in COLUMNS:
                with suppress(Unclear):
                    row[column] = figure(column, row[column])
                    continue
                row[column] = ""
            found.append(row)
    return found
