"""Who lives in the chosen places: sums that add up whatever is chosen, set against the council."""

from __future__ import annotations

import random
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from hia_app.domain.areas import Area, Places, Sums, bases, comparison, source_words, sum_up
from hia_app.domain.spreads import Base, shares_of

KEYS = (
    *("residents", "disabled", "households", "owned", "social_rented", "private_rented", "overcrowded"),
    "ethnic_asian",
)
counts = st.fixed_dictionaries({key: st.integers(0, 5_000) for key in KEYS})


@st.composite
def some_areas(draw: st.DrawFn) -> list[Area]:
    made = draw(st.lists(st.tuples(counts, st.integers(1, 5), st.integers(1, 10), st.integers(1, 4)), max_size=12))
    return [
        Area(f"E01{place:06d}", f"Area {place}", f"E05{ward:06d}", f"Ward {ward}", place + 1, tenth, each, None, fifth)
        for place, (each, fifth, tenth, ward) in enumerate(made)
    ]


@given(some_areas(), st.integers(0, 12))
def test_parts_add_up_to_the_whole(areas: list[Area], cut: int) -> None:
    whole, one, two = sum_up(areas), sum_up(areas[:cut]), sum_up(areas[cut:])
    assert whole.areas == one.areas + two.areas
    for key in KEYS:
        assert whole.total(key) == one.total(key) + two.total(key)
        assert whole.fifths(key) == tuple(a + b for a, b in zip(one.fifths(key), two.fifths(key), strict=True))


@given(some_areas(), st.randoms())
def test_the_order_of_areas_changes_nothing(areas: list[Area], chance: random.Random) -> None:
    assert sum_up(chance.sample(areas, len(areas))) == sum_up(areas)


@given(some_areas())
def test_the_fifths_of_everything_counted_add_up_to_its_total(areas: list[Area]) -> None:
    sums = sum_up(areas)
    for base in bases(sums):
        assert sum(base.by_fifth) == base.total
    assert sums.total("owned", "social_rented") == sums.total("owned") + sums.total("social_rented")


@given(some_areas())
def test_the_whole_council_differs_from_itself_in_nothing(areas: list[Area]) -> None:
    sums = sum_up(areas)
    for block in comparison(sums, sums):
        for row in block.rows:
            assert row.share == row.council_share


@given(some_areas())
def test_shares_by_fifth_add_up_to_exactly_one(areas: list[Area]) -> None:
    for base in bases(sum_up(areas)):
        if base.total:
            assert sum(shares_of(base.by_fifth)) == 1


@given(some_areas())
def test_sums_come_back_from_storage_as_they_were(areas: list[Area]) -> None:
    sums = sum_up(areas)
    assert Sums.from_json(sums.to_json()) == sums


def area(place: int, fifth: int | None, tenth: int, **counted: int) -> Area:
    return Area(f"E01{place:06d}", "A", "E05000001", "W", place, tenth, counted, None, fifth)


COUNCIL = sum_up(
    [
        area(1, 1, 1, residents=600, disabled=150, households=200, private_rented=120, ethnic_black=60, overcrowded=30),
        area(2, 5, 9, residents=400, disabled=50, households=200, private_rented=20, ethnic_black=10, overcrowded=0),
    ]
)
CHOSEN = sum_up(
    [area(1, 1, 1, residents=600, disabled=150, households=200, private_rented=120, ethnic_black=60, overcrowded=30)]
)


def test_the_chosen_places_are_set_against_the_council() -> None:
    rows = {row.key: row for block in comparison(CHOSEN, COUNCIL) for row in block.rows}
    told = {key: (row.chosen, row.share, row.council_share) for key, row in rows.items()}
    assert told["fifth_1"] == (600, Decimal("100.0"), Decimal("60.0"))
    assert told["fifth_5"] == (0, Decimal("0.0"), Decimal("40.0"))
    assert told["private_rented"] == (120, Decimal("60.0"), Decimal("35.0"))
    assert told["overcrowded"] == (30, Decimal("15.0"), Decimal("7.5"))
    assert told["disabled"] == (150, Decimal("25.0"), Decimal("20.0"))
    assert told["residents_of_tenth_1"] == (600, Decimal("100.0"), Decimal("60.0"))
    assert "social_rented" not in {row.id for row in bases(COUNCIL)}


def test_nobody_is_no_share_of_nobody() -> None:
    rows = [row for block in comparison(sum_up([]), COUNCIL) for row in block.rows]
    assert {row.chosen for row in rows} == {0}
    assert {row.share for row in rows} == {None}


def test_areas_without_a_fifth_are_counted_in_no_fifth() -> None:
    sums = sum_up([area(1, None, 3, residents=500)])
    assert (sums.total("residents"), sums.fifths("residents")) == (500, (0, 0, 0, 0, 0))


def test_where_figures_come_from_is_one_sentence_after_another() -> None:
    assert source_words("Census 2021.", "2021", "OGL v3.0") == "Census 2021, 2021. OGL v3.0."
    places = Places(("E01000001",), CHOSEN, COUNCIL, "Census, 2021. OGL.")
    base = places.base("private_rented")
    assert base == Base("private_rented", "private-rented homes", "homes", 120, (120, 0, 0, 0, 0))
    assert places.source_of(base) == (
        "Private-rented homes in the chosen places (1 small area in 1 ward): Census, 2021. OGL."
    )
