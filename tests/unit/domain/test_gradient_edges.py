"""The corners of the gradient: multipliers, lines at the edge of what is possible, draws in blocks, plain measures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from hia_app.domain.gradient import InvalidGradient, Options, Quantile, gradient
from hia_app.domain.gradient_fit import BLOCK, Weights, percentiles, simulate
from hia_app.domain.inequality import absolute_gap, ratio, wilson
from tests.support.gradients import OVERCROWDED, proportions


def quantiles(values: Sequence[float], **given: Any) -> list[Quantile]:
    return [Quantile(number, 100, value, **given) for number, value in enumerate(values, start=1)]


def refusal(values: Sequence[float], options: Options, **given: Any) -> str:
    with pytest.raises(InvalidGradient) as refused:
        gradient(quantiles(values, **given), options)
    return str(refused.value)


@pytest.mark.parametrize("transform", [True, False])
def test_a_multiplier_below_one_shrinks_the_sii_and_leaves_the_rii(transform: bool) -> None:
    whole, half = (
        gradient(quantiles([50, 40, 35, 30, 20], se=0.01), Options("rate", transform, multiplier=m, repetitions=2_000))
        for m in (1, 0.5)
    )
    for name in ("sii", "sii_lower", "sii_upper", "gap"):
        assert getattr(half, name) == pytest.approx(getattr(whole, name) / 2)
    for name in ("rii", "rii_lower", "rii_upper", "ratio"):
        assert getattr(half, name) == getattr(whole, name)
    assert whole.rii_lower is not None
    assert whole.rii_upper is not None
    assert whole.rii is not None
    assert whole.rii_lower < whole.rii < whole.rii_upper < 1
    assert whole.ratio == 0.4


def test_the_intercept_is_multiplied_only_with_a_transform_and_the_ratio_turned_over_only_below_zero() -> None:
    logit = gradient(proportions(OVERCROWDED), Options("proportion", multiplier=-100, repetitions=2_000))
    assert logit.intercept == pytest.approx(100 * logit.line[0])
    plain = gradient(quantiles([5, 4, 3, 2, 1.5]), Options(multiplier=-100))
    assert plain.intercept == plain.line[0]
    assert plain.ratio == pytest.approx(5 / 1.5)
    assert gradient(quantiles([5, 4, 3, 2, -9]), Options(multiplier=-1)).ratio is None


def test_a_line_may_touch_nothing_at_all_but_not_cross_it() -> None:
    flat = gradient(quantiles([0, 0, 0, 0, 0]))
    assert (flat.sii, flat.rii, flat.line, flat.explained) == (0, None, (0, 0), 1)
    assert "at the least deprived end it reaches -" in refusal([0.8, 0.4, 0.1, 0, 0], Options())
    assert "at the least deprived end it reaches 0.2" in refusal([-0.8, -0.4, -0.1, 0, 0], Options())
    assert "at the most deprived end it reaches 1.2" in refusal(
        [0.99, 0.98, 0.9, 0.5, 0.1], Options("proportion", transform=False)
    )
    assert gradient(quantiles([0.5, 0.4, 0.3, 0.2, 0.1]), Options("rate")).line[1] < 0.1


def test_limits_of_an_untransformed_line_are_there_while_few_draws_change_sign() -> None:
    values = [10.0, 9, 8, 7, 6]
    for error in (0.1, 3):  # in none and in 2% of the draws the line ends below 0
        assert gradient(quantiles(values, se=error), Options(repetitions=4_000)).rii_lower is not None
    for error in (4, 6):  # in 6% and in a quarter of the draws the line ends below 0
        unsure = gradient(quantiles(values, se=error), Options(repetitions=4_000))
        assert unsure.rii_lower is None
        assert unsure.sii_lower is not None
    uncertain = "too uncertain to find confidence limits"
    assert uncertain in refusal(values, Options("rate", repetitions=500), se=800.0)
    assert uncertain in refusal([0.5, 0.4, 0.3, 0.2, 0.1], Options("proportion", repetitions=500), se=5_000.0)


def test_draws_in_blocks_are_the_draws_of_one_generator() -> None:
    weights, count = Weights([100.0, 200, 300, 200, 100]), BLOCK + 37
    values, errors = np.array([5.0, 4, 3, 2, 1]), np.array([0.1, 0.2, 0.3, 0.2, 0.1])
    found = simulate(weights, values, errors, ("none", "none"), count, 7)
    chance = np.random.default_rng(7).standard_normal((count, 5))
    for one, other in zip(found, weights.lines(values + errors * chance), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


def test_percentiles_are_the_draws_at_the_published_positions() -> None:
    assert percentiles(np.arange(1_000.0, 0.0, -1.0), 0.95) == (25.0, 975.0)


def test_a_fit_explains_what_correlation_squared_says() -> None:
    values = np.array([9.0, 5, 6, 2, 1])
    fit = Weights([1.0] * 5).fit(values)
    assert fit.explained == pytest.approx(np.corrcoef([0.1, 0.3, 0.5, 0.7, 0.9], values)[0, 1] ** 2)


def test_gap_and_ratio_compare_the_ends_whatever_lies_between() -> None:
    assert absolute_gap([4, -9, 7, 2]) == -2
    assert ratio([4, -9, 7, 2]) == 0.5
    assert ratio([4, 1, 1, -2]) is None
    assert ratio([0.5, 2, 2, 0.25]) == 0.5


def test_wilson_needs_people() -> None:
    assert wilson(5, 5)[1] == 1
    with pytest.raises(ValueError, match="people above 0"):
        wilson(0, 0)


def test_what_is_missing_and_what_turns_is_named_up_to_a_point() -> None:
    def missing(*numbers: int) -> str:
        with pytest.raises(InvalidGradient) as refused:
            gradient([Quantile(number, 100, 1.0) for number in numbers])
        return str(refused.value)

    assert missing(1, 2, 3, 4, 15).endswith("quantile 5, 6, 7, 8, 9, 10, 11, 12, 13, 14")
    assert missing(1, 2, 3, 4, 16).endswith("quantile 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 …")
    [three] = [
        note for note in gradient(quantiles([190, 195, 170, 175, 140, 145, 110])).warnings if "not a line" in note
    ]
    [four] = [
        note
        for note in gradient(quantiles([190, 195, 170, 175, 140, 145, 110, 115, 101])).warnings
        if "not a line" in note
    ]
    assert three.count(" lies ") == four.count(" lies ") == 3
    assert ("and others" in three, "and others" in four) == (False, True)


def test_a_turn_within_chance_or_a_twentieth_of_the_range_is_no_turn() -> None:
    values = [100, 90, 80, 80.5, 60]
    for given in ({}, {"se": 5.0}):
        assert not any("not a line" in note for note in gradient(quantiles(values, **given)).warnings)
    assert any("not a line" in note for note in gradient(quantiles(values, se=0.01)).warnings)
    assert gradient(quantiles(values, count=0)).sii < 0


def test_what_no_scale_can_hold_is_refused() -> None:
    for end in (0.0, 1.0):
        assert "exactly 0 or 1 has no logit" in refusal([0.5, 0.4, 0.3, 0.2, end], Options("proportion"))
    assert "must be above 0 for a rate" in refusal([5, 4, 3, 2, 1], Options("rate"), count=0)
