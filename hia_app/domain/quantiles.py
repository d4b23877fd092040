"""Which fifth or tenth an area belongs to, as the English public-health data tool assigns it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable


def assign_quantiles(ranks: Iterable[int], quantiles: int) -> dict[int, int]:
    """The quantile (1 = most deprived) of every rank given; empty for fewer areas than quantiles.

    Ranks are any numbers of which the lowest is the most deprived; equal ones count as the lowest of their places.
    With a rank r among N areas: ⌊(k + 1) − ⌈((N + 1) − r) / (N / k)⌉⌋, and 0 becomes 1. Worked out in whole numbers.
    """
    ordered = sorted(ranks)
    areas = len(ordered)
    if areas < quantiles:
        return {}
    found = {}
    for rank in set(ordered):
        place = bisect_left(ordered, rank) + 1
        from_below = -(-(areas + 1 - place) * quantiles // areas)
        found[rank] = max(1, quantiles + 1 - from_below)
    return found
