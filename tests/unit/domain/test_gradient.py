"""SII and RII agree with the national tool, and refuse or warn where a figure would mislead."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hia_app.domain.gradient import Gradient, InvalidGradient, Options, Quantile, decimal_text, gradient
from hia_app.domain.gradient_file import gradient_file
from hia_app.domain.gradient_fit import positions
from tests.support.gradients import DISABLED, OVERCROWDED, proportions

FIXTURES = sorted((Path(__file__).resolve().parents[2] / "fixtures" / "gradient").glob("*.json"))
QUICK = Options(repetitions=2_000)


def straight(*values: float, **given: Any) -> list[Quantile]:
    return [Quantile(number, 100, value, **given) for number, value in enumerate(values, start=1)]


def problems(quantiles: list[Quantile], options: Options = QUICK) -> str:
    with pytest.raises(InvalidGradient) as refused:
        gradient(quantiles, options)
    return str(refused.value)


# ---- agreement ----


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_published_examples(path: Path) -> None:
    """Points to 1e-6, limits within 1% of the SII: five times closer than the published tool asks of itself."""
    example = json.loads(path.read_text(encoding="utf-8"))
    found = gradient_file(path.with_suffix(".csv").read_bytes(), Options(**example["options"]))
    for name, value in example["expected"].items():
        if name.endswith(("lower", "upper")):
            of = example["expected"][name.removesuffix("_lower").removesuffix("_upper")]
            assert found[name] == pytest.approx(value, abs=0.01 * abs(of)), name
        else:
            assert found[name] == pytest.approx(value, rel=1e-6), name


def test_there_are_published_examples() -> None:
    assert len(FIXTURES) == 5


def test_overcrowding_in_leeds_needs_the_logit() -> None:
    found = gradient(proportions(OVERCROWDED), Options("proportion", multiplier=100))
    assert found.sii == pytest.approx(-9.84, abs=0.005)
    assert found.rii == pytest.approx(0.066, abs=0.0005)
    assert found.gap == pytest.approx(-9.358, abs=0.001)
    assert found.ratio == pytest.approx(0.0872, abs=0.0001)
    assert found.concentration is not None
    assert found.concentration < -0.3
    assert found.warnings == ()


@pytest.mark.parametrize("kind", ["proportion", "other"])
def test_a_line_that_leaves_the_possible_range_is_refused(kind: Any) -> None:
    refused = problems(proportions(OVERCROWDED), Options(kind, transform=False, repetitions=2_000))
    assert "leaves the possible range: at the least deprived end it reaches -0.009979" in refused


def test_disability_in_leeds_is_not_a_line() -> None:
    found = gradient(proportions(DISABLED), replace(QUICK, kind="proportion"))
    assert "tenth 1 lies below tenth 2, against the direction of the rest" in found.warnings[0]


# ---- properties ----

spreads = st.lists(
    st.tuples(st.integers(1, 100_000), st.floats(0.02, 0.98), st.floats(0, 0.5)), min_size=5, max_size=12
)


def quantiles_of(spread: list[tuple[int, float, float]]) -> list[Quantile]:
    return [Quantile(number, people, value, se=se) for number, (people, value, se) in enumerate(spread, start=1)]


@given(spreads, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(spread: list[tuple[int, float, float]], chance: Any) -> None:
    quantiles, options = quantiles_of(spread), Options("proportion", repetitions=200)
    shuffled = list(quantiles)
    chance.shuffle(shuffled)
    assert gradient(shuffled, options) == gradient(quantiles, options)


@given(spreads)
def test_the_limits_of_a_transformed_line_enclose_it_and_stay_possible(spread: list[tuple[int, float, float]]) -> None:
    found = gradient(quantiles_of(spread), Options("proportion", repetitions=400, confidence=0.999 - 0.004))
    assert found.sii_lower is not None
    assert found.sii_upper is not None
    assert found.rii_lower is not None
    assert found.rii is not None
    assert found.rii_upper is not None
    assert -1 <= found.sii_lower <= found.sii_upper <= 1
    assert 0 < found.rii_lower <= found.rii_upper
    room = 1e-9 + 0.5 * max(se for _, _, se in spread)
    assert found.sii_lower - room <= found.sii <= found.sii_upper + room


@given(spreads, st.floats(0.01, 1000))
def test_a_negative_multiplier_mirrors_the_sii_and_turns_the_rii_over(
    spread: list[tuple[int, float, float]], size: float
) -> None:
    quantiles = quantiles_of(spread)
    plain = gradient(quantiles, Options("proportion", multiplier=size, repetitions=400))
    turned = gradient(quantiles, Options("proportion", multiplier=-size, repetitions=400))
    assert turned.sii == -plain.sii
    assert (turned.sii_lower, turned.sii_upper) == (-(plain.sii_upper or 0), -(plain.sii_lower or 0))
    assert turned.rii == pytest.approx(1 / (plain.rii or 0))
    assert turned.rii_lower == pytest.approx(1 / (plain.rii_upper or 0))
    assert turned.intercept == plain.intercept


@given(st.floats(-50, 50), st.floats(1, 50), st.lists(st.integers(1, 10_000), min_size=5, max_size=10))
def test_values_on_a_line_give_that_line(slope: float, start: float, people: list[int]) -> None:
    assume(start + slope > 0.5)
    ends, total = 0, sum(people)
    quantiles = []
    for number, population in enumerate(people, start=1):
        middle = (ends + population / 2) / total
        quantiles.append(Quantile(number, population, start + slope * middle, se=0.0))
        ends += population
    found = gradient(quantiles, Options(repetitions=200))
    assert found.sii == pytest.approx(slope, abs=1e-8)
    assert found.rii == pytest.approx((start + slope) / start)
    assert found.sii_lower == pytest.approx(found.sii_upper, abs=1e-8)


@given(spreads)
def test_a_stored_gradient_is_read_back(spread: list[tuple[int, float, float]]) -> None:
    found = gradient(quantiles_of(spread), Options("proportion", repetitions=200))
    stored = json.loads(json.dumps(found.to_json()), parse_float=pytest.fail)
    again = Gradient.from_json(stored)
    assert again.sii == pytest.approx(found.sii, rel=1e-11)
    assert again.options == found.options
    assert again.to_json() == stored


def test_the_same_seed_gives_the_same_limits_and_another_one_others() -> None:
    quantiles = proportions(DISABLED)
    one, two, other = (gradient(quantiles, Options("proportion", seed=seed)) for seed in (1, 1, 2))
    assert one == two
    assert other.sii == one.sii
    assert other.sii_lower != one.sii_lower
    assert other.sii_lower == pytest.approx(one.sii_lower, rel=0.01)


def test_a_transformed_limit_moves_the_slope_and_holds_the_middle() -> None:
    """With one draw in two on each side, both limits are the middle slope, so they meet near the point estimate."""
    found = gradient(proportions(DISABLED), Options("proportion", confidence=1e-5, repetitions=100_000))
    assert found.sii_lower == pytest.approx(found.sii, rel=1e-3)
    assert found.sii_upper == pytest.approx(found.sii, rel=1e-3)


@pytest.mark.parametrize(
    ("repetitions", "confidence", "found"),
    [(100_000, 0.95, (2_500, 97_500)), (1_000, 0.998, (1, 999)), (1_000, 0.8, (100, 900)), (10, 0.95, (0, 10))],
)
def test_the_limits_stand_at_published_places(repetitions: int, confidence: float, found: tuple[int, int]) -> None:
    assert positions(repetitions, confidence) == found


def test_standard_errors_of_rates_and_proportions_are_those_of_the_transformed_scale() -> None:
    with_limits = straight(0.2, 0.21, 0.22, 0.23, 0.24)
    logit = lambda value: math.log(value / (1 - value))  # noqa: E731
    for transform in (True, False):
        given = [replace(each, lower95=each.value - 0.01, upper95=each.value + 0.01) for each in with_limits]
        errors = [(logit(each.value + 0.01) - logit(each.value - 0.01)) / (2 * 1.959964) for each in with_limits]
        same = [replace(each, se=se) for each, se in zip(with_limits, errors, strict=True)]
        one, two = (gradient(rows, Options("proportion", transform=transform)) for rows in (given, same))
        assert one.sii_lower == pytest.approx(two.sii_lower, rel=1e-5)


# ---- refusals and warnings ----

FINE = straight(10, 9, 8, 7, 6, se=0.1)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"population": 0}, "row 3, population: must be above 0"),
        ({"population": -5}, "row 3, population: must be above 0"),
        ({"population": math.nan}, "row 3, population: must be above 0"),
        ({"se": -0.1}, "row 3, se: must be 0 or more"),
        ({"value": math.inf}, "row 3, value: must be an ordinary number"),
        ({"number": 0}, "row 3, quantile: must be a whole number from 1 to 100"),
        ({"number": 2}, "row 3, quantile: 2 is given twice"),
        ({"lower95": 1.0}, "row 3, upper95: is missing"),
        ({"lower95": 8.5, "upper95": 9.0}, "row 3, value: must lie between"),
        ({"count": -1}, "row 3, count: must be 0 or more"),
    ],
)
def test_a_quantile_that_cannot_be_is_refused(changes: dict[str, Any], why: str) -> None:
    assert why in problems([*FINE[:2], replace(FINE[2], **changes), *FINE[3:]])


@pytest.mark.parametrize(
    ("kind", "changes", "why"),
    [
        ("rate", {"value": 0.0}, "value: must be above 0 for a rate"),
        ("rate", {"count": 0}, "count: must be above 0 for a rate"),
        ("rate", {"lower95": 0.0, "upper95": 1.0}, "lower95: must be above 0 for a rate"),
        ("proportion", {"value": 1.2}, "value: must be from 0 to 1"),
        ("proportion", {"value": 0.0}, "exactly 0 or 1 has no logit"),
        ("proportion", {"lower95": -0.1, "upper95": 0.9}, "lower95: must be from 0 to 1"),
    ],
)
def test_what_a_rate_or_proportion_cannot_be_is_refused(kind: Any, changes: dict[str, Any], why: str) -> None:
    fine = straight(0.5, 0.4, 0.3, 0.3, 0.2, se=0.1)
    assert why in problems([*fine[:2], replace(fine[2], **changes), *fine[3:]], Options(kind, repetitions=200))


def test_every_problem_is_named_at_once() -> None:
    told = problems([replace(FINE[0], population=0), replace(FINE[1], se=-1), *FINE[2:4], replace(FINE[4], number=7)])
    assert "row 1, population" in told
    assert "row 2, se" in told
    assert "missing from 1 to 7: quantile 5, 6" in told


def test_too_few_and_too_many_quantiles() -> None:
    assert "at least 5 quantiles are needed; there are 4" in problems(FINE[:4])
    assert "at least 5 quantiles are needed; there are 0" in problems([])
    assert "from 1 to 100" in problems(straight(*range(101, 0, -1)))
    many = gradient(straight(*range(200, 100, -1), se=0.1), QUICK)
    assert "There are 100 quantiles" in many.warnings[0]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (Options(transform=True), "transform: only rates"),
        (Options(multiplier=0), "multiplier: must be a number other than 0"),
        (Options(multiplier=math.nan), "multiplier"),
        (Options(confidence=95), "confidence: must be between 0 and 1, such as 0.95"),
        (Options(confidence=math.nan), "confidence"),
        (Options(repetitions=0), "repetitions: must be from 1"),
        (Options(repetitions=10), "repetitions: are too few"),
        (Options(repetitions=10**9), "repetitions: must be from 1 to 1,000,000"),
        (Options(seed=-1), "seed"),
    ],
)
def test_choices_that_cannot_be_are_refused(options: Options, why: str) -> None:
    assert why in problems(FINE, options)


def test_without_standard_errors_there_are_points_and_no_limits() -> None:
    found = gradient(straight(10, 9, 8, 7, 6), QUICK)
    assert found.sii == pytest.approx(-5)
    assert (found.sii_lower, found.rii_upper) == (None, None)
    assert "no confidence limits" in found.warnings[0]


def test_values_on_both_sides_of_nothing_have_no_ratio() -> None:
    found = gradient(straight(-2, -1, 0, 1, 2, se=0.1), QUICK)
    assert found.rii is None
    assert found.rii_lower is None
    assert found.ratio is None
    assert "both sides of 0" in found.warnings[-1]


def test_values_too_uncertain_for_a_ratio_get_no_limits_of_it() -> None:
    found = gradient(straight(10, 9, 8, 7, 6, se=30.0), QUICK)
    assert found.rii is not None
    assert found.rii_lower is None
    assert found.sii_lower is not None
    assert "The RII has no confidence limits" in found.warnings[-1]


def test_a_turn_by_chance_is_no_warning_and_a_poor_line_is() -> None:
    assert gradient(straight(10, 9, 8, 8.05, 6, se=0.5), QUICK).warnings == ()
    poor = gradient(straight(10, 8, 10.5, 8, 9.9, se=5.0), QUICK)
    assert "a line explains only" in poor.warnings[0]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1, "0.1"), (-0.0, "0"), (1e-9, "0.000000001"), (1e15, "1000000000000000"), (1 / 3, "0.333333333333")],
)
def test_figures_are_stored_as_plain_text(value: float, text: str) -> None:
    assert decimal_text(value) == text
