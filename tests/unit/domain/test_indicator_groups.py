"""An indicator by ethnic group: read from cells, pasted lines and files, drawn as points, and safe to publish."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hia_app.domain.answers import InvalidAnswer, as_text, form_values, parse
from hia_app.domain.charts import BeyondTheAverage, alt_text, table, title
from hia_app.domain.document import Figure, Paragraph
from hia_app.domain.editions import public
from hia_app.domain.indicator_library import pinned, still_pinned
from hia_app.domain.indicator_public import published
from hia_app.domain.indicator_statistics import statistics
from hia_app.domain.indicator_terms import small_in
from hia_app.domain.report_indicators import about, group_figures
from hia_app.domain.suppression_rules import FEWER_THAN_TEN, NHS_SUB_NATIONAL, NOT_PUBLISHED
from hia_app.domain.table_text import LARGEST_TABLE, table_text
from hia_app.domain.typed import Unclear
from tests.support.questionnaires import question
from tests.support.records import holbeck

FIFTHS = question("type: indicator, quantiles: 5")
PLAIN = {"title": "Cold homes", "unit": "%", "period": "2024", "area": "Leeds", "source": "Survey"}


def typed(**fields: str) -> Any:
    raw = {f"q-{name.replace('_', '-')}": [text] for name, text in fields.items()}
    return parse(FIFTHS, raw | {f"q-{part}": [text] for part, text in PLAIN.items()})


def row(name: str, value: str, population: str = "", lower: str = "", upper: str = "") -> dict[str, str]:
    return {"name": name, "value": value, "population": population, "lower": lower, "upper": upper}


def answer(*rows: dict[str, str], **more: Any) -> dict[str, Any]:
    return {**PLAIN, "values": ["20", "16", "12", "8", "4"], "kind": "proportion", "groups": list(rows), **more}


def refused(field: str, **fields: str) -> str:
    with pytest.raises(InvalidAnswer) as found:
        typed(**fields)
    return found.value.messages[f"q-{field}"]


# ---- reading ----


@pytest.mark.parametrize(
    "text",
    [
        "Asian\t12%\t1,200\nRoma\t\nWhite\t5%\t9000",
        "Ethnic group;Share;People\nAsian;12;1200\nRoma;;\nWhite;5;9000\n",
        'People,Group,Note,Value\n"1,200",Asian,x,12\n,Roma\n9000,White,,5',
    ],
)
def test_groups_are_read_as_spreadsheets_give_them_and_survive_the_form(text: str) -> None:
    value = typed(group_paste=text)
    assert value["groups"] == [row("Asian", "12", "1200"), row("Roma", ""), row("White", "5", "9000")]
    assert parse(FIFTHS, {name: [str(text)] for name, text in form_values(FIFTHS, value).items()}) == value
    assert "Roma: no figure" in as_text(FIFTHS, value)


def test_what_is_pasted_replaces_the_rows_and_names_alone_are_no_figures() -> None:
    assert "groups" not in typed(value_1="5", group_name_1="Asian", group_name_2="White")
    value = typed(group_paste="White,5", group_name_1="Asian", group_value_1="7", group_value_2="8")
    assert [one["name"] for one in value["groups"]] == ["White"]


def test_every_problem_of_a_group_is_named_with_its_line_and_column() -> None:
    said = refused(
        "group-paste", group_paste="Group,Value,People,Lower,Upper\nAsian,x,0\n=1+1,3\nWhite,5,9,6,4\nwhite,1"
    )
    for part in (
        *("Line 2, value: “x” cannot be read", "Line 2, population: “0” cannot be read"),
        *("Line 3, group: “=1+1” looks like a formula", "Line 4, lower: The lower limit (6) is above the value (5)"),
        *("Line 4, upper: The upper limit (4) is below the value (5)", "Line 5, group: “white” was given before"),
    ):
        assert part in said
    assert "Line 2, value: “=1+1” cannot be read" in refused("group-paste", group_paste="Asian,2\nWhite,=1+1")
    assert "At most 20" in refused("group-paste", group_paste="\n".join(f"Group {n},1" for n in range(21)))
    assert "name of the group" in refused("group-name-3", group_value_3="5")


def test_a_problem_by_fifth_is_named_with_its_line_and_column_too() -> None:
    said = refused("paste", paste="1,5,0\n2,4,10,5,3\n3,3\n4,2\n5,1")
    assert "Line 1, population: “0” cannot be read" in said
    assert "Line 2, lower: The lower limit (5) is above the value (4)" in said


# ---- files ----


@pytest.mark.parametrize(
    "content",
    [
        "Fifth,£\n1,£5".encode(),
        "\ufeffFifth,£\n1,£5".encode(),
        "Fifth,£\n1,£5".encode("cp1252"),
        "Fifth,£\n1,£5".encode("utf-16"),
        "sep=,\nFifth,£\n1,£5".encode(),
    ],
)
def test_a_table_is_read_whatever_a_spreadsheet_saved_it_as(content: bytes) -> None:
    assert table_text(content) == "Fifth,£\n1,£5"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04 a workbook", "workbook"),
        (b"\xd0\xcf\x11\xe0 an old one", "workbook"),
        (b" \n ", "empty"),
        (b"\x81\x8d", "not text"),
        (b"1" * (LARGEST_TABLE + 1), "larger than 200 kB"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(Unclear, match=says):
        table_text(content)


# ---- the chart and its words ----


def test_groups_are_points_against_their_own_average_with_a_table_beneath() -> None:
    value = answer(row("Asian", "12", "1000"), row("White", "4", "3000"))
    said = statistics(value)
    assert said is not None
    chart = next(one.chart for one in about(value, said, "Q") if isinstance(one, Figure) and _by_group(one))
    assert isinstance(chart, BeyondTheAverage)
    assert (chart.points, chart.average_label, float(chart.average or 0)) == (True, "Average of all groups", 6)
    assert chart.limits(0) is not None
    assert title(chart) == "Cold homes: highest for Asian (12.0%), lowest for White (4.0%)"
    assert "a gap of 8.0 points" in alt_text(chart)
    assert table(chart).rows[0][0] == "Asian"
    assert group_figures(value, "Q", said).caption == "Cold homes by ethnic group (Leeds, 2024)"


def _by_group(figure: Figure) -> bool:
    return isinstance(figure.chart, BeyondTheAverage) and figure.chart.points


def test_without_people_by_group_the_average_is_that_of_all_areas() -> None:
    value = answer(row("Asian", "12"), row("White", "4"), populations=["100"] * 5)
    said = statistics(value)
    assert said is not None
    assert (said["by_group"]["average"], said["by_group"]["average_of"]) == ("12", "areas")


# ---- small numbers ----


def test_a_small_group_leaves_the_public_edition_with_what_would_give_it_away() -> None:
    value = answer(row("Asian", "12", "1000"), row("Roma", "10", "50"), row("White", "4", "3000"))
    assert small_in(value).groups == ("Roma",)
    shown, said = published(value, statistics(value))
    assert [one["value"] for one in shown["groups"]].count("") >= 2
    assert said is not None
    assert (said["by_group"]["average"], said["gap"]) == (None, "-16")
    cells = [cell for line in group_figures(shown, "Q", said).rows for cell in line]
    assert NOT_PUBLISHED in cells
    told = [block.text for block in about(shown, said, "Q") if isinstance(block, Paragraph)]
    assert any("too few to publish, still considered" in text for text in told)


def test_a_group_of_few_people_is_small_even_when_nobody_of_it_is_counted() -> None:
    value = answer(row("Asian", "12", "1000"), row("Roma", "0", "5"), row("White", "4", "3000"))
    shown, _ = published(value, statistics(value))
    assert shown["groups"][1] == row("Roma", "")
    assert [one["population"] for one in shown["groups"]].count("") >= 2


def test_with_a_rounding_rule_figures_are_those_of_the_rounded_numbers() -> None:
    value = answer(row("Asian", "12.1", "1001"), row("White", "4", "3000"))
    shown, said = published(value, statistics(value), NHS_SUB_NATIONAL)
    assert (shown["groups"][0]["population"], shown["groups"][0]["value"]) == ("1000", "12.0")  # 120 of 1,000
    assert said is not None
    assert said["by_group"]["average"] is None


TOLD = st.tuples(st.integers(1, 60), st.integers(0, 60)).map(lambda pair: (max(pair), min(pair)))


@settings(max_examples=400)
@given(st.lists(TOLD, min_size=2, max_size=6))
def test_no_hidden_group_can_be_narrowed_to_a_range_below_five(told: list[tuple[int, int]]) -> None:
    """A reader who knows both totals, and that nobody is counted who is not there, sees only what is published."""
    value = answer(
        *(row(f"G{n}", f"{100 * count / people:.8f}", str(people)) for n, (people, count) in enumerate(told))
    )
    shown, _ = published(value, statistics(value, 1_000))
    rows = shown["groups"]
    hidden = [n for n, one in enumerate(rows) if not one["value"]]
    small = [n for n, pair in enumerate(told) if any(FEWER_THAN_TEN.is_small(number) for number in pair)]
    assert set(small) <= set(hidden)
    if len(hidden) == len(rows):
        return  # nothing is published that could be used; what totals alone tell is not ours to hide
    count_left = sum(told[n][1] for n in hidden)
    capped = [n for n in hidden if rows[n]["population"]]
    unknown = [n for n in hidden if not rows[n]["population"]]
    people_left = sum(told[n][0] for n in unknown)
    for n in hidden if count_left else []:  # a zero is not small, and may be known
        others = sum(told[m][0] for m in capped if m != n) + (people_left if set(unknown) - {n} or n in capped else 0)
        low = max(0, count_left - others)
        high = min(count_left, told[n][0] if n in capped else people_left)
        assert high - low >= 5, (n, low, high, rows)
    if unknown:
        assert len(unknown) > 1
        assert people_left >= 5


def test_a_later_version_does_not_give_away_what_an_earlier_one_hid() -> None:
    """In the second nobody is small any more; but whoever was hidden beside a small group would now give it away."""
    first = [row("Roma", "8", "50"), row("Chinese", "3", "400"), row("Asian", "4", "1000"), row("White", "4", "3000")]
    second = [row("Roma", "30", "50"), *first[1:]]
    hidden = [one["name"] for one in published(answer(*first), None)[0]["groups"] if not one["value"]]
    assert hidden == ["Roma", "Chinese"]
    assert all(one["value"] for one in published(answer(*second), None)[0]["groups"])
    for rule in (None, asdict(FEWER_THAN_TEN)):
        earlier = [{"value": answer(*first), "small_numbers": rule}]
        shown = published(answer(*second), None, earlier=earlier)[0]["groups"]
        still = [one["name"] for one in shown if not one["value"]]
        assert "Chinese" in still
        assert len(still) > 1, "one hidden figure would be the difference of the others"
    decided = answer(*first, small_numbers={"decision": "shown", "reason": "Census"})
    told = published(answer(*second), None, earlier=[{"value": decided, "small_numbers": None}])[0]
    assert all(one["value"] for one in told["groups"])


def test_a_record_keeps_what_the_version_before_published_and_the_public_edition_does_not() -> None:
    source = holbeck()
    [row] = [one for one in source.payload["answers"]["assessment"] if one["question"] == "baseline_by_tenth"]
    assert [one["value"]["values"][0] for one in row["earlier"]] == ["10.25"]
    assert row["earlier"][0]["small_numbers"]["fewest"] == 10
    rows = [*public(source).payload["answers"]["assessment"], *public(source).payload["answers"]["screening"]]
    assert not any("earlier" in one for one in rows)


# ---- the library ----


def test_an_answer_names_its_edition_until_somebody_changes_a_figure() -> None:
    said = {"owner": "Public health", "definition": "Homes below 18°C", "licence": "OGL"}
    stored = pinned(answer(row("Asian", "12")), "i", "e", 2, said)
    same = {name: part for name, part in stored.items() if name != "library"}
    assert still_pinned(stored, same) == stored
    decided = {**same, "small_numbers": {"decision": "hidden", "reason": ""}}
    assert still_pinned(stored, decided) == {**decided, "library": stored["library"]}
    other = {**same, "values": ["21", "16", "12", "8", "4"]}
    assert still_pinned(stored, other) == other
    assert still_pinned(None, other) == other
    assert still_pinned(stored, None) is None
