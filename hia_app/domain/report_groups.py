"""The chart of a list of figures by ethnic group: only where its rows can be compared."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from hia_app.domain.chart_numbers import drawable
from hia_app.domain.charts import BeyondTheAverage
from hia_app.domain.document import Figure
from hia_app.domain.questionnaire import Question
from hia_app.domain.suppression_rules import NOT_PUBLISHED

GROUP, MEASURE, FIGURE, SOURCE = "ethnic_group", "measure", "figure", "figure_source"
"""The columns by which such a list is known; the last one may be missing."""

Rows = Sequence[Mapping[str, Any]]
"""Texts by column; a figure is None where a public edition hides a small count."""


def chart_by_group(question: Question, rows: Rows) -> Figure | None:
    """Each group's figure as a point; a group without one is named.

    None where a chart would mislead: fewer than two figures, more than one measure, or a group named twice.
    """
    if question.type != "list" or not {GROUP, MEASURE, FIGURE} <= {column.id for column in question.columns}:
        return None
    figures = [Decimal(row[FIGURE]) if row[FIGURE] else None for row in rows]
    known = [figure for figure in figures if figure is not None]
    measures, names = ({_plain(row[column]) for row in rows} for column in (MEASURE, GROUP))
    if len(known) < 2 or len(measures) > 1 or len(names) < len(rows) or not all(map(drawable, known)):
        return None
    measure, unit = _unit(rows[0][MEASURE])
    sources = list(dict.fromkeys(filter(None, (row.get(SOURCE, "") for row in rows))))
    chart = BeyondTheAverage(
        measure,
        tuple(row[GROUP] for row in rows),
        tuple(figures),
        axis="By ethnic group",
        unit=unit,
        source=sources[0] if len(sources) == 1 else "",
        decimals=max(_decimals(figure) for figure in known),
        not_shown=NOT_PUBLISHED if any(row[FIGURE] is None for row in rows) else "no figure",
        points=True,
    )
    return Figure(chart, caption="The sources differ; they stand beside each figure." if len(sources) > 1 else "",
                  tabled=False)  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _unit(measure: str) -> tuple[str, str]:
    """“Homes that are cold, %” and “Homes that are cold (%)” are measures in per cent; “… of more than 10%” is none."""
    in_per_cent = re.fullmatch(r"(.*\w)(?:,? \(%\)|,? %)", measure.strip())
    return (in_per_cent[1], "%") if in_per_cent else (measure.strip(), "")


def _decimals(figure: Decimal) -> int:
    return max(0, -int(figure.as_tuple().exponent))
