"""How many and where: numbers, percentages of people in the chosen places, and what follows when places change."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from hia_app.domain.areas import Area, Places, sum_up
from hia_app.domain.errors import InvalidInput
from hia_app.domain.impact_form import Context, form_values, parse
from hia_app.domain.impacts import Impact, missing, scale_words
from hia_app.domain.place_spreads import followed
from hia_app.domain.spreads import Base

FIFTHS = (169, 163, 161, 160, 158)


def area(place: int, fifth: int, private: int, overcrowded: int = 0) -> Area:
    counted = {"residents": 1_000, "households": 400, "private_rented": private, "overcrowded": overcrowded}
    return Area(f"E01{place:06d}", "A", f"E05{place:06d}", "W", place, 1, counted, None, fifth)


def places(*areas: Area) -> Places:
    return Places(tuple(one.code for one in areas), sum_up(areas), sum_up(areas), "Census 2021. OGL.")


HERE = places(area(1, 1, 800), area(2, 2, 200), area(3, 5, 45))


def reach(chosen: Places | None = HERE, **fields: str) -> dict[str, Any]:
    context = Context(frozenset(), frozenset(), FIFTHS, chosen, {"direction": "harm"})
    return parse(["reach"], {name: [text] for name, text in fields.items()}, context)


def refused(chosen: Places | None = HERE, **fields: str) -> dict[str, str]:
    with pytest.raises(InvalidInput) as invalid:
        reach(chosen, **fields)
    return invalid.value.messages


PLACED = {"spread_kind": "from_places", "spread_base": "private_rented"}


def test_the_spread_comes_from_the_homes_in_the_chosen_places() -> None:
    found = reach(reach_unit="homes", reach_mid="180", **PLACED)
    assert [Decimal(share) for share in found["spread"]] == [
        Decimal("0.765551"), Decimal("0.191387"), 0, 0, Decimal("0.043062")
    ]  # fmt: skip
    assert found["reach_mid"] == 180
    assert found["base"] == {
        "id": "private_rented", "label": "private-rented homes", "unit": "homes", "total": 1045,
        "by_fifth": [800, 200, 0, 0, 45],
    }  # fmt: skip
    words = "Private-rented homes in the chosen places (3 small areas in 3 wards): Census 2021."
    assert found["spread_source"].startswith(words)
    assert found["reach_shares"] is None


def test_a_percentage_is_of_the_people_chosen_and_counts_as_they_do() -> None:
    found = reach(reach_unit="people", reach_low="10%", reach_mid="20%", reach_high="33.5%", **PLACED)
    assert (found["reach_low"], found["reach_mid"], found["reach_high"]) == (105, 209, 350)
    assert (found["reach_unit"], found["reach_shares"]) == ("homes", ["10", "20", "33.5"])


def test_a_share_of_very_few_is_at_least_one() -> None:
    assert reach(places(area(1, 1, 3)), reach_mid="1%", **PLACED)["reach_mid"] == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reach_mid": "20%", "spread_kind": "all_most_deprived"}, "reach_mid"),
        ({"reach_mid": "20%", "spread_kind": "from_places"}, "spread_base"),
        ({"reach_mid": "101%", **PLACED}, "reach_mid"),
        ({"reach_mid": "-1%", **PLACED}, "reach_mid"),
        ({"reach_mid": "%", "reach_low": "1%", **PLACED}, "reach_mid"),
        ({"reach_mid": "20%", "reach_low": "3", **PLACED}, "reach_mid"),
        ({"reach_mid": "٢%", **PLACED}, "reach_mid"),
        ({"reach_mid": "20", "spread_kind": "from_places", "spread_base": "castles"}, "spread_base"),
        ({"reach_mid": "20", "spread_kind": "from_places", "spread_base": "overcrowded"}, "spread_base"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(fields: dict[str, str], field: str) -> None:
    assert field in refused(**fields)


def test_places_that_nobody_chose_give_no_spread() -> None:
    assert "spread_kind" in refused(None, reach_mid="20", **PLACED)


def test_whom_they_are_a_part_of_may_be_said_later_and_is_missing_until_then() -> None:
    found = reach(reach_mid="20", spread_kind="from_places")
    assert (found["spread"], found["base"]) == (None, None)
    impact = Impact(id="I1", section="s", direction="harm", reach_mid=Decimal(20), spread_kind="from_places")
    assert dict(missing(impact))["spread"] == "Choose places where these people live, and whom they are a part of"


def test_another_answer_forgets_the_places() -> None:
    found = reach(reach_mid="20", spread_kind="all_most_deprived", spread_base="private_rented")
    assert (found["base"], found["reach_shares"], found["spread"]) == (None, None, ["1", "0", "0", "0", "0"])


def test_the_form_shows_what_was_typed_and_nothing_that_was_worked_out() -> None:
    shown = form_values(reach(reach_mid="20%", **PLACED))
    assert shown == {
        "reach_unit": "homes", "reach_mid": "20%", "spread_kind": "from_places", "spread_base": "private_rented"
    }  # fmt: skip


def test_when_places_change_spread_and_percentages_follow() -> None:
    stored = reach(reach_mid="20%", **PLACED)
    new = followed(stored, places(area(1, 1, 100), area(9, 3, 300)))
    assert (new["reach_mid"], new["spread"], new["base"]["total"]) == (80, ["0.25", "0", "0.75", "0", "0"], 400)
    assert followed(stored, HERE) == {name: stored[name] for name in followed(stored, HERE)}


def test_a_number_stays_when_places_change_and_only_its_spread_follows() -> None:
    new = followed(reach(reach_unit="homes", reach_mid="180", **PLACED), places(area(4, 4, 50)))
    assert (new["spread"], "reach_mid" in new) == (["0", "0", "0", "1", "0"], False)


def test_without_places_the_spread_is_gone_and_comes_back_with_them() -> None:
    stored = reach(reach_mid="20%", **PLACED)
    gone = stored | followed(stored, None)
    assert (gone["spread"], gone["base"]["total"], gone["reach_mid"]) == (None, 0, 209)
    assert stored | followed(gone, HERE) == stored


def test_an_impact_that_rests_on_no_places_follows_nothing() -> None:
    assert followed(reach(reach_mid="20", spread_kind="all_most_deprived"), HERE) == {}


def impact(reach_mid: str | None, unit: Any = "homes", total: int = 1_045) -> Impact:
    base = Base("private_rented", "private-rented homes", "homes", total, (total, 0, 0, 0, 0))
    figure = Decimal(reach_mid) if reach_mid else None
    return Impact(id="I1", section="s", direction="benefit", reach_mid=figure, reach_unit=unit, base=base)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (impact("180"), "180 of 1,045 private-rented homes in the chosen places (17%)"),
        (impact("1045"), "1,045 of 1,045 private-rented homes in the chosen places (100%)"),
        (impact("2"), "2 of 1,045 private-rented homes in the chosen places (less than 1%)"),
        (impact("2000"), "2,000 is more than the 1,045 private-rented homes in the chosen places: "
         "check the figure, or the places"),
        (impact("180", "people"), ""),
        (impact(None), ""),
        (impact("180", total=0), ""),
        (replace(impact("180"), base=None), ""),
    ],
)  # fmt: skip
def test_the_scheme_is_set_against_the_need_where_both_are_known(given: Impact, words: str) -> None:
    assert scale_words(given) == words


def test_an_impact_with_its_places_comes_back_from_storage() -> None:
    assert Impact.from_json(impact("180").to_json()) == impact("180")
