"""Gap, ratio, concentration and Wilson limits, checked against published or hand-worked values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hia_app.domain.inequality import absolute_gap, ratio, relative_concentration, shares_and_ranks, wilson
from hia_app.domain.ledger import Reference, concentration
from hia_app.domain.method import LEEDS_FIFTHS, five

amounts = st.floats(0.001, 1e6)


@pytest.mark.parametrize(
    ("count", "people", "limits"),
    [
        (65, 100, (0.5525, 0.7364)),  # OHID technical guide on confidence intervals: the usual textbook case
        (0, 20, (0.0, 0.1611)),
        (20, 20, (0.8389, 1.0)),
        (7_287, 34_353, (0.207830499, 0.216476301)),  # tests/fixtures/gradient/proportion_logit_area1.csv
    ],
)
def test_wilson_limits(count: int, people: int, limits: tuple[float, float]) -> None:
    assert wilson(count, people) == pytest.approx(limits, abs=5e-5 if people < 1_000 else 1e-8)


@given(st.integers(1, 10**6), st.data(), st.floats(0.5, 0.999))
def test_wilson_limits_enclose_the_proportion(people: int, data: st.DataObject, confidence: float) -> None:
    count = data.draw(st.integers(0, people))
    low, high = wilson(count, people, confidence)
    assert 0 <= low <= count / people <= high <= 1
    mirrored = wilson(people - count, people, confidence)
    assert mirrored == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize("given", [(1, 0), (-1, 5), (6, 5), (1, float("inf")), (float("nan"), 5), (1, 5, 1), (1, 5, 0)])
def test_wilson_refuses_what_is_no_proportion(given: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match=r"proportion|confidence"):
        wilson(*given)


def test_gap_and_ratio_have_the_direction_of_the_indices() -> None:
    assert absolute_gap([10.25, 5, 0.89]) == pytest.approx(-9.36)
    assert ratio([10.0, 5, 2.5]) == 0.25
    assert ratio([0.0, 5, 2.5]) is None
    assert ratio([-1.0, 5, 2.5]) is None


@given(st.tuples(amounts, amounts, amounts, amounts, amounts))
def test_concentration_of_five_is_that_of_the_ledgers(values: tuple[float, ...]) -> None:
    found = relative_concentration(values, LEEDS_FIFTHS)
    assert found == pytest.approx(concentration(five(values), Reference(LEEDS_FIFTHS)), abs=1e-12)


def test_concentration_knows_no_mean_of_nothing() -> None:
    assert relative_concentration([0.0] * 10, [5.0] * 10) is None
    assert relative_concentration([3.0] * 10, [5.0] * 10) == pytest.approx(0)
    assert shares_and_ranks([1, 3]) == ((0.25, 0.75), (0.125, 0.625))
