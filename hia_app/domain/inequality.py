"""Small measures of inequality: gap and ratio of the ends, concentration, Wilson limits."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, isfinite, sqrt
from statistics import NormalDist


def z_for(confidence: float) -> float:
    """How many standard errors a two-sided interval of this confidence reaches: 1.959964 for 0.95."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def shares_and_ranks(populations: Sequence[float]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Each quantile's share of the people, and the middle of its place in the order from most to least deprived."""
    total = fsum(populations)
    shares = tuple(population / total for population in populations)
    return shares, tuple(fsum(shares[:place]) + share / 2 for place, share in enumerate(shares))


def relative_concentration(values: Sequence[float], populations: Sequence[float]) -> float | None:
    """Below 0 when the more deprived have more of it, above 0 when the less deprived do; None without a mean.

    2 Σ a (v − μ)(b − ½) / μ, most deprived first. Source: Health Profile for England 2018, methods.
    """
    shares, ranks = shares_and_ranks(populations)
    mean = fsum(share * value for share, value in zip(shares, values, strict=True))
    if mean == 0:
        return None
    return 2 * fsum(a * (value - mean) * (b - 0.5) for a, b, value in zip(shares, ranks, values, strict=True)) / mean


def absolute_gap(values: Sequence[float]) -> float:
    """Least deprived minus most deprived, the direction of the SII: below 0 where the most deprived have more."""
    return values[-1] - values[0]


def ratio(values: Sequence[float]) -> float | None:
    """Least deprived over most deprived, the direction of the RII; None unless both are above 0."""
    return values[-1] / values[0] if min(values[0], values[-1]) > 0 else None


def wilson(count: float, people: float, confidence: float = 0.95) -> tuple[float, float]:
    """Confidence limits of the proportion `count` of `people`, from 0 to 1.

    (2x + z² ± z √(z² + 4x(1 − x/n))) / (2(n + z²)). Source: Wilson 1927; OHID technical guide on confidence intervals.
    Raises ValueError unless 0 ≤ count ≤ people, people is above 0 and the confidence between 0 and 1.
    """
    if not (isfinite(people) and people > 0 and 0 <= count <= people):
        raise ValueError("a proportion needs people above 0, and a count from 0 to the number of people")
    if not 0 < confidence < 1:
        raise ValueError("confidence is between 0 and 1")
    z = z_for(confidence)
    middle, reach = 2 * count + z * z, z * sqrt(z * z + 4 * count * (1 - count / people))
    below = 2 * (people + z * z)
    low = 0.0 if count == 0 else max(0.0, (middle - reach) / below)
    return low, 1.0 if count == people else min(1.0, (middle + reach) / below)
