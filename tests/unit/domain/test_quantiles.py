"""Which fifth an area is in: the published formula, in whole numbers."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hia_app.domain.quantiles import assign_quantiles
from tests.support.areas import leeds


def published(ranks: list[int], rank: int, quantiles: int) -> int:
    """⌊(k + 1) − ⌈((N + 1) − rank) / (N / k)⌉⌋ with exact fractions; 0 becomes 1."""
    place = sum(other < rank for other in ranks) + 1
    size = Fraction(len(ranks), quantiles)
    return floor((quantiles + 1) - ceil(Fraction(len(ranks) + 1 - place) / size)) or 1


@given(st.lists(st.integers(1, 60), min_size=1, max_size=80), st.sampled_from((5, 10)))
def test_every_rank_gets_the_quantile_of_the_published_formula(ranks: list[int], quantiles: int) -> None:
    found = assign_quantiles(ranks, quantiles)
    if len(ranks) < quantiles:
        assert found == {}
    else:
        assert found == {rank: published(ranks, rank, quantiles) for rank in ranks}
        assert set(found.values()) <= set(range(1, quantiles + 1))


def test_twelve_areas_in_fifths() -> None:
    found = assign_quantiles(range(1, 13), 5)
    assert [found[rank] for rank in range(1, 13)] == [1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5]


def test_equal_ranks_are_all_as_deprived_as_the_first_of_them() -> None:
    found = assign_quantiles([1, 2, 2, 2, 2, 2, 2, 2, 9, 10], 5)
    assert (found[1], found[2], found[9], found[10]) == (1, 1, 5, 5)


@pytest.mark.parametrize(("quantiles", "column"), [(5, "leeds_local_quintile"), (10, "leeds_local_decile")])
def test_the_areas_of_leeds_are_where_their_published_columns_say(quantiles: int, column: str) -> None:
    rows = list(csv.DictReader(io.StringIO(leeds().decode())))
    found = assign_quantiles((int(row["imd_rank"]) for row in rows), quantiles)
    assert [found[int(row["imd_rank"])] for row in rows] == [int(row[column]) for row in rows]
