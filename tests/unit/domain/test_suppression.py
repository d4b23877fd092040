"""Small numbers: what is hidden, what stands in its place, and that no reader can work it out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hia_app.domain.suppression import Publication, publish, small_counts
from hia_app.domain.suppression_rules import (
    FEWER_THAN_TEN,
    NHS_SUB_NATIONAL,
    TOTAL,
    CountTable,
    Rule,
    Sum,
    cell,
    grid,
    implied_count,
    series,
)
from tests.support.table_readers import narrowest, printed, together

FIFTHS = ("1", "2", "3", "4", "5")
LEAST = 5

counts = st.one_of(st.integers(0, 12), st.integers(0, 60))
totals = st.sampled_from(["shown", "left_out"])
rules = st.sampled_from([FEWER_THAN_TEN, NHS_SUB_NATIONAL])


@st.composite
def tables(draw: st.DrawFn, totals: st.SearchStrategy[Any] = totals) -> CountTable:
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    lines = draw(
        st.lists(st.lists(counts, min_size=columns, max_size=columns), min_size=rows, max_size=rows),
    )
    names = [f"r{place}" for place in range(rows)], [f"c{place}" for place in range(columns)]
    return grid(*names, lines, row_totals=draw(totals), column_totals=draw(totals))


def texts(publication: Publication, keys: Sequence[str]) -> list[str]:
    return [publication.text(key) for key in keys]


def own(publication: Publication) -> dict[str, str]:
    """A name for each count; a corrected one has another name than before."""
    return {key: f"{key}={count}" for key, count in publication.table.counts.items()}


def hidden(publication: Publication) -> list[str]:
    return [key for key, state in publication.states.items() if state != "shown"]


def assert_no_reader_knows(*editions: Publication) -> None:
    ranges, sums = together([(printed(edition), own(edition)) for edition in editions])
    shown = {own(edition)[key] for edition in editions for key, state in edition.states.items() if state == "shown"}
    for edition in editions:
        for name in {own(edition)[key] for key in hidden(edition)} - shown:
            assert narrowest(name, ranges, sums) >= LEAST, (name, [texts(e, list(e.states)) for e in editions])


# ---- no hidden cell can be narrowed to a range below 5 ----


@given(tables(), rules)
def test_no_hidden_count_can_be_worked_out_from_what_is_published(table: CountTable, rule: Rule) -> None:
    publication = publish(table, rule)
    assert publication.exposed == ()
    assert_no_reader_knows(publication)


@given(tables(st.sampled_from(["shown", "left_out", "known"])), rules)
def test_totals_known_from_elsewhere_are_reckoned_with(table: CountTable, rule: Rule) -> None:
    publication = publish(table, rule)
    if not publication.exposed:
        assert_no_reader_knows(publication)
    else:
        ranges, sums = together([(printed(publication), own(publication))])
        assert any(narrowest(own(publication)[key], ranges, sums) < LEAST for key in publication.exposed)


@given(st.lists(counts, min_size=2, max_size=4), st.data(), rules, rules)
def test_editions_of_one_record_do_not_give_each_other_away(
    first: list[int], data: st.DataObject, rule: Rule, later_rule: Rule
) -> None:
    names = FIFTHS[: len(first)]
    corrected = [data.draw(st.one_of(st.just(count), counts)) for count in first]
    before = publish(series(names, first, total=data.draw(totals)), rule)
    after = publish(series(names, corrected, total=data.draw(totals)), later_rule, earlier=[before])
    if not after.exposed:
        assert_no_reader_knows(before, after)


@given(tables())
def test_all_of_one_people_in_two_tables(table: CountTable) -> None:
    """The same people by row and column, and before that by row only."""
    rows = [key for key in table.counts if key.endswith(":") and key != cell(TOTAL)]
    first = publish(CountTable({key: table.counts[key] for key in rows}))
    second = publish(table, earlier=[first])
    if not second.exposed:
        assert_no_reader_knows(first, second)


@given(tables(), rules)
def test_what_is_not_small_is_not_hidden_without_need(table: CountTable, rule: Rule) -> None:
    publication = publish(table, rule)
    small = small_counts(table, rule)
    assert set(small) <= set(hidden(publication))
    if not small:
        assert hidden(publication) == []


@pytest.mark.parametrize(
    ("row", "leak"),
    [
        ([3, 40, 50], True),  # by taking the others from the total
        ([1, 1, 40], True),  # two ones: together they can only be one each
        ([9, 9, 0], True),
        ([4, 5, 40], False),
    ],
)
def test_the_reader_of_these_tests_does_notice_leaks(row: list[int], leak: bool) -> None:
    table = series(FIFTHS[:3], row)
    states = {key: "small" if key in small_counts(table) else "shown" for key in table.counts}
    naive = Publication(table, FEWER_THAN_TEN, states)  # type: ignore[arg-type]
    ranges, sums = together([(printed(naive), own(naive))])
    found = min(narrowest(own(naive)[key], ranges, sums) for key in small_counts(table))
    assert (found < LEAST) is leak


# ---- what is shown instead ----


def test_small_counts_are_named_as_such_and_one_more_is_hidden() -> None:
    shown = publish(series(FIFTHS, [3, 25, 0, 14, 60]))
    assert texts(shown, [*FIFTHS, TOTAL]) == ["fewer than 10", "25", "0", "not published", "60", "102"]
    assert shown.note == (
        "Small-numbers rule of this council: counts from 1 to 9 are shown as “fewer than 10”. "
        "Some other figures are not published, because small counts could be worked out from them."
    )


def test_two_small_counts_protect_each_other_where_their_sum_leaves_room() -> None:
    shown = publish(series(FIFTHS, [4, 5, 30, 40, 50]))
    assert texts(shown, FIFTHS) == ["fewer than 10", "fewer than 10", "30", "40", "50"]


def test_a_table_with_nothing_small_stays_as_it_is_and_says_nothing() -> None:
    shown = publish(series(FIFTHS, [10, 1_250, 0, 40, 50]))
    assert texts(shown, FIFTHS) == ["10", "1,250", "0", "40", "50"]
    assert shown.note == ""


def test_the_nhs_rule_hides_one_to_seven_and_rounds_the_rest_to_five() -> None:
    shown = publish(series(FIFTHS, [7, 8, 102, 43, 0]), NHS_SUB_NATIONAL)
    assert texts(shown, [*FIFTHS, TOTAL]) == ["fewer than 8", "10", "100", "45", "0", "160"]
    assert "rounded to the nearest 5" in shown.note


def test_rounding_alone_is_not_trusted() -> None:
    """2 beside 9 and a total of 11: both are shown as 10, which leaves 1 to 4 for the small one."""
    shown = publish(series(FIFTHS[:3], [2, 9, 0]), NHS_SUB_NATIONAL)
    assert_no_reader_knows(shown)
    assert "not published" in texts(shown, [*FIFTHS[:3], TOTAL])


def test_everything_is_withheld_without_a_mark_where_nothing_less_helps() -> None:
    shown = publish(series(FIFTHS, [9, 9, 0, 0, 0], total="known"))
    assert set(texts(shown, FIFTHS)) == {"not published"}
    assert shown.withheld
    assert shown.text(TOTAL) == "18"
    assert "No count of this table is published" in shown.note


def test_what_was_given_away_before_needs_a_person() -> None:
    before = publish(series(FIFTHS, [3, 25, 30, 14, 60]), decisions={"1": "Shown because already published by ONS."})
    after = publish(series(FIFTHS, [3, 25, 30, 14, 60]), earlier=[before])
    assert before.text("1") == "3"
    assert "already published by ONS" in before.note
    assert after.text("1") == "fewer than 10"  # not repeated, though it is known
    both = publish(grid(("1", "2"), ("a", "b"), [[9, 9], [0, 0]], row_totals="known", column_totals="known"))
    assert set(both.exposed) == {cell("1", "a"), cell("1", "b")}


def test_a_later_edition_hides_what_would_give_the_earlier_away() -> None:
    first = publish(series(FIFTHS, [3, 25, 30, 14, 60], total="left_out"))
    assert texts(first, FIFTHS) == ["fewer than 10", "25", "30", "14", "60"]
    second = publish(series(FIFTHS, [3, 25, 30, 14, 60]), earlier=[first])
    assert second.text(TOTAL) == "not published"  # the fourth fifth is known already: hiding it would not help


def test_percentages_means_and_limits_go_with_the_counts_they_rest_on() -> None:
    table = CountTable({"hurt": 3, "safe": 897, "all": 900, "town": 5_000}, (Sum("all", ("hurt", "safe")),))
    shown = publish(table)
    assert shown.text("hurt") == "fewer than 10"
    assert shown.share("hurt", "all") == "not published"
    assert shown.limits("hurt", "all") is None
    assert shown.figure("41.5", ["hurt"]) == "not published"
    assert shown.figure("41.5", ["town"]) == "41.5"
    assert shown.share("town", "town") == "100.0"
    kept = [key for key in ("safe", "all") if shown.number(key) is None]
    assert len(kept) == 1
    assert shown.share("safe", "all") == "not published"  # 897 of 900 would say it all


def test_percentages_beside_rounded_counts_are_those_of_the_rounded_counts() -> None:
    table = series(FIFTHS, [102, 203, 301, 404, 98])
    shown = publish(table, NHS_SUB_NATIONAL)
    assert shown.share("1", TOTAL) == "9.0"  # 100 of 1,110; the true 102 of 1,108 is 9.2
    assert shown.limits("1", TOTAL) == pytest.approx((7.46, 10.84), abs=0.01)
    assert shown.figure("9.2057", ["1"]) == "not published"


def test_sorting_says_nothing_about_hidden_counts() -> None:
    shown = publish(series(FIFTHS, [3, 25, 5, 14, 60]))
    assert shown.ordered(FIFTHS) == ("5", "2", "4", "1", "3")
    assert publish(series(FIFTHS, [5, 25, 3, 14, 60])).ordered(FIFTHS) == ("5", "2", "4", "1", "3")


@given(tables(), rules)
def test_a_publication_is_kept_word_for_word_and_without_floats(table: CountTable, rule: Rule) -> None:
    publication = publish(table, rule)
    stored = json.loads(json.dumps(publication.to_json()), parse_float=pytest.fail)
    again = Publication.from_json(stored)
    keys = list(table.counts)
    assert (texts(again, keys), again.note) == (texts(publication, keys), publication.note)
    assert again.to_json() == stored


@settings(max_examples=5)
@given(st.lists(st.lists(st.integers(0, 200), min_size=5, max_size=5), min_size=33, max_size=33))
def test_a_table_of_all_wards_by_tenure_is_protected_at_once(lines: list[list[int]]) -> None:
    wards = [f"ward {place}" for place in range(33)]
    assert publish(grid(wards, tuple("abcde"), lines)).exposed == ()


# ---- what cannot be right ----


@pytest.mark.parametrize(
    ("given", "sums", "why"),
    [
        ({"a": -1}, (), "whole number"),
        ({"a": 2.5}, (), "whole number"),
        ({"a": True}, (), "whole number"),
        ({"a": 10**13}, (), "whole number"),
        ({"a": 1, "b": 2, "all": 4}, (Sum("all", ("a", "b")),), "add up to 3"),
        ({"a": 1, "all": 1}, (Sum("all", ("a", "c")),), "no count"),
        ({"a": 0, "all": 0}, (Sum("all", ("a", "a")),), "once"),
    ],
)
def test_counts_that_cannot_be_are_refused(given: Mapping[str, Any], sums: tuple[Sum, ...], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        CountTable(given, sums)


@pytest.mark.parametrize("made", [lambda: Rule(5), lambda: Rule(10, 10), lambda: Rule(10, 0), lambda: Rule(2_000)])
def test_rules_that_would_not_hide_enough_are_refused(made: Any) -> None:
    with pytest.raises(ValueError, match=r"rule|rounding"):
        made()


def test_names_that_could_be_mistaken_are_refused() -> None:
    for names in (("1", "1"), ("a:b", "c"), ("", "c")):
        with pytest.raises(ValueError, match="without a colon"):
            series(names, (1, 2))
    with pytest.raises(ValueError, match="no count"):
        publish(series(FIFTHS, [1, 2, 3, 4, 5]), decisions={"6": "Shown."})


def test_the_count_behind_a_typed_percentage() -> None:
    assert implied_count(0.3, 952) == 3
    assert implied_count(12.5, 1_000, per=1_000) == 12
