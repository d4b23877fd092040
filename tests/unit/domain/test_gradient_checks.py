"""Where a gradient is refused and where it is only warned of: each bound from both sides, each sentence whole."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, nan
from typing import Any

import numpy as np
import pytest

from hia_app.domain.gradient_checks import (
    NO_ERRORS,
    cautions,
    options_problems,
    order_problems,
    quantile_problems,
    standard_errors,
)
from hia_app.domain.gradient_fit import Fit
from hia_app.domain.gradient_terms import Kind, Options, Quantile

STRAIGHT = Fit(intercept=100, slope=-100, explained=1)


def chosen(**given: Any) -> list[str]:
    return [str(problem) for problem in options_problems(Options(**given))]


def wrong(kind: Kind, *, value: float = 0.5, population: float = 100, **given: Any) -> list[tuple[str, str]]:
    return list(quantile_problems(Quantile(1, population, value, **given), kind))


def fields(kind: Kind, **given: Any) -> list[str]:
    return [field for field, _ in wrong(kind, **given)]


def warned(
    values: Sequence[float], errors: Sequence[float] | None = None, fit: Fit = STRAIGHT, kind: Kind = "other"
) -> list[str]:
    """The warnings without the one that says that there are no limits."""
    quantiles = [Quantile(number, 100, value) for number, value in enumerate(values, start=1)]
    told = list(cautions(quantiles, fit, None if errors is None else np.array(errors), Options(kind)))
    assert (NO_ERRORS in told) == (errors is None)
    return [words for words in told if words != NO_ERRORS]


# ---- choices ----


def test_choices_on_their_bounds_are_taken_and_those_beyond_are_refused() -> None:
    for fine in (
        *({}, {"multiplier": 1e9}, {"multiplier": -1e9}, {"multiplier": 1e-9}, {"repetitions": 1_000_000}, {"seed": 0}),
        *({"repetitions": 2, "confidence": 0.001}, {"repetitions": 1_000, "confidence": 0.998}),
    ):
        assert chosen(**fine) == [], fine
    other_than_nothing = ["multiplier: must be a number other than 0, up to 1,000,000,000"]
    for multiplier in (0, 1_000_000_001, -1_000_000_001, inf, nan):
        assert chosen(multiplier=multiplier) == other_than_nothing
    for confidence in (0, 1, -0.5, 1.5, nan):
        assert chosen(confidence=confidence, repetitions=0) == ["confidence: must be between 0 and 1, such as 0.95"]
    for repetitions in (0, 1_000_001):
        assert chosen(repetitions=repetitions) == ["repetitions: must be from 1 to 1,000,000"]
    assert chosen(repetitions=1) == ["repetitions: are too few to find limits with this confidence"]
    assert chosen(seed=-1) == ["seed: must be a whole number of 0 or more"]
    assert chosen(transform=True) == ["transform: only rates (ln) and proportions (logit) can be transformed"]
    assert chosen(kind="rate", transform=True) == chosen(kind="proportion", transform=True) == []


# ---- the quantiles together ----


def test_numbers_beyond_a_hundred_are_named_and_what_lies_before_them_is_not_missing() -> None:
    [told] = [str(problem) for problem in order_problems([1, 2, 3, 4, 5, 200])]
    assert told == "row 6, quantile: must be a whole number from 1 to 100, 1 = most deprived"
    assert list(order_problems(range(1, 101))) == []
    [told] = [str(problem) for problem in order_problems([1, 2, 3, 4, 100])]
    assert told == "missing from 1 to 100: quantile 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 …"
    assert [str(problem) for problem in order_problems([2, 3, 4, 5, 6])] == ["missing from 1 to 6: quantile 1"]


# ---- one quantile ----


def test_a_number_as_large_as_can_be_is_taken_and_a_larger_one_is_not() -> None:
    large = {"value": 1e15, "lower95": -1e15, "upper95": 1e15, "population": 1e15, "se": 1e15, "count": 1e15}
    assert wrong("other", **large) == []
    above = {name: number * 1.000001 for name, number in large.items()}
    assert fields("other", **above) == ["population", "value", "lower95", "upper95", "se", "count"]
    for name in large:
        for number in (inf, -inf, nan):
            assert name in fields("other", **{name: number})
    assert wrong("other", count=nan) == wrong("other", count=-inf) == [("count", "must be an ordinary number")]


def test_what_may_be_nothing_and_what_may_not() -> None:
    assert wrong("other", population=0.5, se=0, count=0) == []
    assert wrong("rate", count=0.5) == wrong("rate", count=7) == []
    assert wrong("rate", count=0) == [("count", "must be above 0 for a rate")]
    assert wrong("rate", count=-1) == [("count", "must be above 0 for a rate")]
    assert wrong("proportion", count=-1) == [("count", "must be 0 or more")]
    assert wrong("proportion", value=0.01) == wrong("proportion", value=0.99) == []
    assert fields("proportion", value=1.01) == fields("proportion", value=-0.01) == ["value"]


def test_limits_come_in_pairs_and_enclose_the_value_or_touch_it() -> None:
    assert wrong("other", lower95=0.5, upper95=0.5) == []
    missing = "is missing; give both limits or neither"
    assert wrong("other", lower95=0.4) == [("upper95", missing)]
    assert wrong("other", upper95=0.6) == [("lower95", missing)]
    for low, high in ((0.51, 0.6), (0.4, 0.49)):
        assert wrong("other", lower95=low, upper95=high) == [("value", "must lie between lower95 and upper95")]


def test_a_standard_error_goes_before_the_limits_and_one_without_either_leaves_none() -> None:
    limits = {"lower95": 1.0, "upper95": 9.0}
    found = standard_errors([Quantile(1, 100, 5, se=2.0, **limits), Quantile(2, 100, 5, **limits)], "other")
    assert found == pytest.approx([2.0, 8 / (2 * 1.959964)])
    assert standard_errors([Quantile(1, 100, 5, se=2.0), Quantile(2, 100, 5)], "other") is None


# ---- warnings ----


def test_more_than_ten_quantiles_are_warned_of() -> None:
    assert warned(range(10, 0, -1)) == []
    assert warned(range(11, 0, -1)) == [
        "There are 11 quantiles; more than 10 make each value less certain. Fifths or tenths are usual."
    ]


def test_a_line_that_explains_three_quarters_is_enough() -> None:
    values = [100, 80, 60, 40, 0]
    assert warned(values, fit=Fit(100, -100, 0.75)) == []
    assert warned(values, fit=Fit(100, -100, 0.74)) == [
        "The pattern is not a line: a line explains only 74% of the differences. Look at the values as well."
    ]


def test_without_errors_a_turn_is_more_than_a_twentieth_of_the_range_in_either_direction() -> None:
    for turn, found in ((5, False), (5.05, True)):
        falling = [100, 60, 20, 20 + turn, 0]
        assert bool(warned(falling)) == found
        assert bool(warned(falling[::-1], fit=Fit(0, 100, 1))) == found


def test_with_errors_a_turn_is_more_than_chance_in_either_direction() -> None:
    """Errors of 0.6 and 0.8 make one of 1 for the step: 1.96 is its 95% limit, whatever the range."""
    errors = [0.0, 0.0, 0.6, 0.8, 0.0]
    for turn, found in ((1.94, False), (1.98, True)):
        falling = [100, 60, 20, 20 + turn, 0]
        assert bool(warned(falling, errors)) == found
        rising = [0, 60, 80, 80 - turn, 100]
        assert bool(warned(rising, errors, Fit(0, 100, 1))) == found


def test_chance_is_judged_on_the_scale_of_the_errors() -> None:
    """From 1% to 2% is 0.7 on the logit scale, and no step at all among the values themselves."""
    values, errors = [0.9, 0.6, 0.01, 0.02, 0.015], [0.0, 0.0, 0.2, 0.2, 0.4]
    assert len(warned(values, errors, kind="proportion")) == 1
    assert warned(values, errors, kind="other") == []


def test_turns_are_named_in_the_words_of_a_table_and_a_flat_line_has_none() -> None:
    assert warned([100, 110, 60, 70, 0, 10, -5]) == [
        "The pattern is not a line: quantile 1 lies below quantile 2; quantile 3 lies below quantile 4; "
        "quantile 5 lies below quantile 6, against the direction of the rest. Look at the values as well."
    ]
    assert warned([0, 70, 60, 90, 80, 110, 100, 130, 120], fit=Fit(0, 100, 1)) == [
        "The pattern is not a line: quantile 2 lies above quantile 3; quantile 4 lies above quantile 5; "
        "quantile 6 lies above quantile 7; and others, against the direction of the rest. Look at the values as well."
    ]
    assert warned([1, 9, 1, 9, 1], fit=Fit(5, 0, 1)) == []
