"""A list of figures by ethnic group is drawn where its rows can be compared, and only there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hia_app.domain.chart_layout import layout
from hia_app.domain.chart_shapes import Words
from hia_app.domain.charts import BeyondTheAverage, alt_text, title
from hia_app.domain.document import Figure, plain_text
from hia_app.domain.report import report
from hia_app.domain.report_groups import chart_by_group
from hia_app.domain.suppression_rules import NOT_PUBLISHED
from tests.support.questionnaires import question
from tests.support.records import holbeck

LIST = question(
    "type: list, columns: [{id: ethnic_group, label: Group, type: short_text}, "
    "{id: measure, label: Measure, type: short_text}, {id: figure, label: Figure, type: number, decimals: 2}, "
    "{id: figure_source, label: Source, type: short_text}]"
)


def row(group: str, figure: str, measure: str = "Cold homes, %", source: str = "Survey 2024") -> dict[str, Any]:
    return {"ethnic_group": group, "measure": measure, "figure": figure, "figure_source": source}


def drawn(*rows: dict[str, Any]) -> tuple[Figure, BeyondTheAverage]:
    figure = chart_by_group(LIST, rows)
    assert figure is not None
    assert isinstance(figure.chart, BeyondTheAverage)
    return figure, figure.chart


def test_one_measure_is_drawn_by_group_without_limits_and_says_so() -> None:
    figure, chart = drawn(row("Asian", "12.5"), row("Roma", ""), row("White", "4", "cold  homes, %"))
    assert title(chart) == "Cold homes: highest for Asian (12.5%), lowest for White (4.0%)"
    assert (chart.source, figure.caption) == ("Survey 2024", "")
    said = alt_text(chart)
    assert said.startswith("Points without confidence limits: Cold homes (%). By ethnic group.")
    assert said.endswith("a gap of 8.5 points. Roma: no figure.")
    words = " ".join(shape.text for shape in layout(chart, 320).shapes if isinstance(shape, Words))
    assert "No confidence limits are known." in words
    assert "Roma" in words


def test_a_count_that_a_public_edition_hides_is_not_called_unknown() -> None:
    _, chart = drawn(row("Asian", "12"), {**row("Roma", ""), "figure": None}, row("White", "4"))
    assert alt_text(chart).endswith(f"Roma: {NOT_PUBLISHED}.")


@pytest.mark.parametrize(
    ("measure", "named", "unit"),
    [
        ("Cold homes (%)", "Cold homes", "%"),
        ("Cold homes %", "Cold homes", "%"),
        ("Deaths per 1,000 births", "Deaths per 1,000 births", ""),
        ("Rents that rose by more than 10%", "Rents that rose by more than 10%", ""),
    ],
)
def test_the_unit_is_taken_from_the_name_of_the_measure(measure: str, named: str, unit: str) -> None:
    _, chart = drawn(row("Asian", "12", measure), row("White", "4", measure))
    assert (chart.measure, chart.unit, chart.decimals) == (named, unit, 0)


def test_several_sources_are_not_printed_as_one() -> None:
    figure, chart = drawn(row("Asian", "12"), row("White", "4", source="Census"))
    assert chart.source == ""
    assert "sources differ" in figure.caption


def test_what_cannot_be_compared_is_not_drawn() -> None:
    white = row("White", "4")
    for rows in (
        [],
        [white],
        [white, row("Asian", "")],
        [white, row("Asian", "12", "Damp homes, %")],
        [white, row("white", "5")],
        [white, row("Asian", "1e300")],
    ):
        assert chart_by_group(LIST, rows) is None
    pair = [white, row("Asian", "12")]
    for column in range(3):
        fewer = tuple(one for place, one in enumerate(LIST.columns) if place != column)
        assert chart_by_group(replace(LIST, columns=fewer), pair) is None
    assert chart_by_group(replace(LIST, columns=LIST.columns[:3]), [{**one, "figure_source": ""} for one in pair])


def test_a_record_shows_the_chart_beside_the_rows() -> None:
    document = report(holbeck())
    charts = [one.chart for one in document.blocks if isinstance(one, Figure)]
    [chart] = [one for one in charts if isinstance(one, BeyondTheAverage) and one.points]
    assert title(chart).endswith("highest for Black (55.4%), lowest for White (16.5%)")
    assert "How do things stand for different ethnic groups?" in plain_text(document)
