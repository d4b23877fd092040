"""Which lines fired each rule, in which order; and every step of one line that would change the rule."""

from __future__ import annotations

import pytest

from hia_app.domain.lines import Line
from hia_app.domain.rating import rate
from hia_app.domain.robustness import Robustness
from tests.support.rating_lines import EQUAL_FIFTHS, LEAST_DEPRIVED, MOST_DEPRIVED, benefit, harm


def fired(rule: int, *lines: Line) -> list[tuple[str, str]]:
    found = rate(lines, EQUAL_FIFTHS)
    assert found.rule == rule
    return [(one.kind, one.id) for one in found.fired]


def small(name: str, **changes: object) -> Line:
    """A harm that is not moderate; of many people, so that it is material."""
    return harm(name, **{"magnitude": "minor", "likelihood": "possible", "people": 1e6, **changes})


def test_a_stop_is_fired_by_the_harms_that_stop_and_no_others() -> None:
    assert fired(1, harm("a"), harm("b", touches_priority_group=True), benefit()) == [("harm", "b")]


def test_a_widening_gap_is_fired_by_the_lines_that_widen_it() -> None:
    on_the_deprived = small("x", spread=MOST_DEPRIVED)
    assert fired(2, on_the_deprived, small("even"), benefit()) == [("harm", "x")]
    few = small("few", people=1.0, spread=MOST_DEPRIVED)
    most_to_the_least = (benefit("a", people=2_000.0), benefit("b", people=8_000.0, spread=LEAST_DEPRIVED))
    assert fired(2, few, *most_to_the_least) == [("benefit", "b"), ("benefit", "a")]


def test_a_mixed_rating_is_fired_by_moderate_harms_else_by_what_pulls_apart_else_by_all_harms() -> None:
    deprived = benefit("b", people=8_000.0, spread=MOST_DEPRIVED), benefit("a", people=2_000.0)
    apart = small("y", spread=MOST_DEPRIVED)
    assert fired(3, *deprived, apart, harm("z", people=1.0)) == [("harm", "z")]
    assert fired(3, *deprived, apart, small("even")) == [("benefit", "b"), ("benefit", "a"), ("harm", "y")]
    assert fired(3, small("even"), small("other")) == [("harm", "even"), ("harm", "other")]


def test_what_helps_is_fired_by_the_benefits_most_for_the_most_deprived_first() -> None:
    lines = benefit("a", people=2_000.0), benefit("b", people=8_000.0, spread=MOST_DEPRIVED)
    assert fired(6, *lines) == [("benefit", "b"), ("benefit", "a")]
    assert fired(5, benefit("c", people=1e6), benefit("b", people=2e6), benefit("a", people=1e6)) == [
        ("benefit", "b"),
        ("benefit", "a"),
        ("benefit", "c"),
    ]
    assert fired(4, benefit(people=1.0)) == []


@pytest.mark.parametrize(
    ("magnitude", "likelihood", "steps"),
    [
        ("moderate", "unlikely", []),
        ("moderate", "possible", [("magnitude", "major", 3), ("likelihood", "likely", 3)]),
        ("moderate", "likely", [("magnitude", "minor", 4), ("likelihood", "possible", 4)]),
        ("moderate", "almost_certain", [("magnitude", "minor", 4)]),
        ("major", "possible", [("magnitude", "moderate", 4), ("likelihood", "unlikely", 4)]),
        ("major", "likely", []),
    ],
)
def test_one_step_on_either_scale_and_never_two(
    magnitude: str, likelihood: str, steps: list[tuple[str, str, int]]
) -> None:
    found = rate([harm(magnitude=magnitude, likelihood=likelihood, people=1.0)], EQUAL_FIFTHS).robustness
    assert [(step.field, step.after, step.rule) for step in found.one_step] == steps


def test_one_step_up_can_make_a_benefit_material() -> None:
    found = rate([benefit(people=250.0)], EQUAL_FIFTHS).robustness  # 0.975 per 1,000 in every fifth
    assert [(step.field, step.after, step.rule) for step in found.one_step] == [
        ("magnitude", "major", 5),
        ("likelihood", "almost_certain", 5),
    ]


def test_of_several_flips_the_lowest_rule_is_told() -> None:
    line = harm("z", magnitude="minor", likelihood="likely", people=1.0, touches_priority_group=True)
    found = rate([line], EQUAL_FIFTHS).robustness
    assert [step.rule for step in found.one_step] == [1, 4]
    assert found.easiest_flip.startswith("It would become “Stop")


def test_one_run_gives_and_several_give() -> None:
    found = Robustness(3, {2: 2, 3: 24, 4: 1}, (), (), "")
    assert found.stays == 24
    assert found.sentence.startswith("Stays “Mixed” in 24 of 27 runs; 2 give “")
    assert "; 1 gives “" in found.sentence
    assert Robustness(6, {5: 27}, (), (), "").stays == 0
