"""The line through the values of all quantiles: its scale, its slope, and how sure we can be of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from hia_app.domain.gradient_terms import ScaleName
from hia_app.domain.inequality import shares_and_ranks

Floats = NDArray[np.float64]

BLOCK = 10_000  # draws held at a time, so that a hundred quantiles need no more memory than ten


def to_scale(values: Floats, scale: ScaleName) -> Floats:
    if scale == "ln":
        return np.log(values)
    return np.log(values / (1 - values)) if scale == "logit" else values


def from_scale(values: Floats, scale: ScaleName) -> Floats:
    """Back to the values' own unit; what is out of range of ordinary numbers becomes infinite."""
    with np.errstate(over="ignore"):
        if scale == "ln":
            return np.exp(values)
        return 1 / (1 + np.exp(-values)) if scale == "logit" else values


@dataclass(frozen=True)
class Fit:
    """The straight line α + β b over the order b from 0 (most deprived) to 1, on the scale it was fitted on.

    `explained` is the share of the weighted variation between quantiles that the line accounts for, 0 to 1.
    """

    intercept: float
    slope: float
    explained: float

    @property
    def middle(self) -> float:
        return self.intercept + self.slope / 2


class Weights:
    """What turns values into a line by weighted least squares: minimise Σ a (t(y) − α − β b)²."""

    def __init__(self, populations: Sequence[float]) -> None:
        shares, ranks = shares_and_ranks(populations)
        self.shares = np.array(shares)
        self.ranks = np.array(ranks)
        self._centre = fsum(self.shares * self.ranks)
        away = self.ranks - self._centre
        self._slope = self.shares * away / fsum(self.shares * away * away)

    def lines(self, values: Floats) -> tuple[Floats, Floats]:
        """Intercepts and slopes, one for each row of `values` (rows × quantiles)."""
        slopes = values @ self._slope
        return values @ self.shares - slopes * self._centre, slopes

    def fit(self, values: Floats) -> Fit:
        """The line through one value for each quantile."""
        slope = fsum(values * self._slope)
        mean = fsum(values * self.shares)
        intercept = mean - slope * self._centre
        varied = fsum(self.shares * (values - mean) ** 2)
        left = fsum(self.shares * (values - intercept - slope * self.ranks) ** 2)
        return Fit(intercept, slope, 1.0 if varied == 0 else max(0.0, 1 - left / varied))


def simulate(
    weights: Weights,
    values: Floats,
    errors: Floats,
    scales: tuple[ScaleName, ScaleName],
    repetitions: int,
    seed: int,
) -> tuple[Floats, Floats]:
    """Intercepts and slopes of lines through drawn values, t(y)* ~ N(t(y), se); the same seed draws the same.

    `values` and `errors` are on the first of `scales`, where they are drawn; the second is that of the line, the
    same one or "none". Source: Low & Low, J Public Health 2004;26:388.
    """
    drawn_on, fitted_on = scales
    chance = np.random.default_rng(seed)
    intercepts, slopes = np.empty(repetitions), np.empty(repetitions)
    for start in range(0, repetitions, BLOCK):
        rows = min(BLOCK, repetitions - start)
        drawn = values + errors * chance.standard_normal((rows, len(values)))
        if fitted_on == "none":
            drawn = from_scale(drawn, drawn_on)
        intercepts[start : start + rows], slopes[start : start + rows] = weights.lines(drawn)
    return intercepts, slopes


def positions(repetitions: int, confidence: float) -> tuple[int, int]:
    """Where the limits stand among the sorted draws, counted from 1: round(R(1 − c′)) and round(R c′).

    c′ = c + (1 − c) / 2. A half goes to the even number. The lower one is 0 where there are too few draws.
    """
    upper = confidence + (1 - confidence) / 2
    return round(repetitions * (1 - upper)), round(repetitions * upper)


def percentiles(draws: Floats, confidence: float) -> tuple[float, float]:
    """The draws at the two positions, in order of size."""
    lower, upper = positions(len(draws), confidence)
    ordered = np.sort(draws)
    return float(ordered[lower - 1]), float(ordered[upper - 1])
