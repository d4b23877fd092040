"""How the demonstration schemes are rated, from the answers and impacts that the product ships with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hia_app.domain.answers import suggested
from hia_app.domain.impacts import Impact, missing
from tests.support.demonstrations import (
    ASSESSMENTS,
    Content,
    content,
    impacts_of,
    rated,
    shipped,
    with_mitigation,
)

EXAMPLES = Path(__file__).parents[2] / "fixtures" / "rating"
HOLBECK = content("holbeck")
LICENSING = content("licensing")
DIGITAL = content("digital_repairs")
LOST_HOMES = LICENSING["mitigation"]["impact"]


def rating_of(told: Content, impacts: list[Impact] | None = None) -> Content:
    questionnaire = shipped(told["proposal"]["scheme_type"])
    return rated(impacts or impacts_of(told), questionnaire, told["answers"])


def verdict(rating: Content) -> tuple[int, str | None, list[Any]]:
    return rating["rule"], rating["variant"], rating["gaps"]


def holbeck_at_180() -> Content:
    second = HOLBECK["version_2"]
    impacts = {impact["id"]: impact for each in (HOLBECK, second) for impact in each["impacts"]}
    return HOLBECK | {"answers": HOLBECK["answers"] | second["answers"], "impacts": list(impacts.values())}


@pytest.mark.parametrize("told", [HOLBECK, holbeck_at_180()], ids=["240 homes", "180 homes"])
def test_holbeck_stays_mixed_and_unresolved_when_fewer_homes_gain(told):
    assert verdict(rating_of(told)) == (3, "3a", [])


def test_licensing_without_an_answer_to_displacement_is_stopped():
    rating = rating_of(LICENSING)
    assert verdict(rating) == (1, None, [])
    assert rating["stop"] == [LOST_HOMES]
    assert rating["robustness"]["runs"] == {"1": 27}


def test_the_protocol_alone_does_not_lift_the_stop_because_it_claims_two_steps():
    rating = rating_of(LICENSING, with_mitigation(LICENSING, countersigned=False))
    assert verdict(rating) == (1, None, [])
    assert rating["stop"] == [LOST_HOMES]


def test_the_countersigned_protocol_makes_licensing_mixed_with_every_harm_committed_to():
    rating = rating_of(LICENSING, with_mitigation(LICENSING, countersigned=True))
    assert verdict(rating) == (3, "3b", [])
    assert (rating["stop"], rating["moderate_or_worse"]) == ([], [LOST_HOMES])
    assert rating["robustness"]["runs"] == {"3": 27}


def test_digital_only_repairs_are_stopped_however_many_gain_a_little():
    rating = rating_of(DIGITAL)
    assert verdict(rating) == (1, None, [])
    assert rating["stop"] == ["way_in_closed"]


@pytest.mark.parametrize(
    ("told", "example"),
    [(LICENSING, "01-licensing-unmitigated.json"), (DIGITAL, "06-digital-only-repairs.json")],
    ids=["licensing", "digital repairs"],
)
def test_the_demonstrations_give_the_ledgers_of_the_worked_examples(told, example):
    """Shares are typed to a thousandth of a percent, so the ledgers agree to that."""
    expected = json.loads((EXAMPLES / example).read_text(encoding="utf-8"))["expected"]
    rating = rating_of(told)
    for name in ("benefits", "harms"):
        assert [float(per_1000) for per_1000 in rating[name]["mid"]] == pytest.approx(
            expected[f"{name}_per_1000"], rel=1e-4
        )


@pytest.mark.parametrize(
    ("name", "rule", "variant", "shape"),
    [
        ("first_come_retrofit", 2, None, "inverse"),
        ("universal_early_years", 6, "6+", "proportionate_universal"),
    ],
)
def test_only_positive_answers_widen_or_narrow_the_gap_by_who_is_reached(name, rule, variant, shape):
    told = content(name, ASSESSMENTS)
    questionnaire = shipped(told["questionnaire"])
    impacts = impacts_of(told)
    assert {each.suggestion.direction for each in suggested(questionnaire, told["answers"])} == {"benefit"}
    assert [missing(impact, questionnaire.priority_groups) for impact in impacts] == [()] * len(impacts)
    rating = rated(impacts, questionnaire, told["answers"])
    assert verdict(rating) == (rule, variant, [])
    assert rating["benefit_shape"] == shape
