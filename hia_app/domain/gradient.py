"""Inequality across the whole gradient: the slope and relative indices of inequality with their confidence limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from math import isfinite
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from hia_app.domain.gradient_checks import cautions, check, standard_errors
from hia_app.domain.gradient_fit import Fit, Floats, Weights, from_scale, percentiles, simulate, to_scale
from hia_app.domain.gradient_terms import (
    OWN_SCALE,
    GradientProblem,
    InvalidGradient,
    Kind,
    Options,
    Quantile,
    ScaleName,
)
from hia_app.domain.inequality import absolute_gap, ratio, relative_concentration

__all__ = ["Gradient", "GradientProblem", "InvalidGradient", "Kind", "Options", "Quantile", "gradient"]

SIGNIFICANT = 12  # digits kept when stored: more than any figure here deserves, fewer than computers differ in

WHOLE = {"number", "repetitions", "seed"}

Pair = tuple[float, float]


@dataclass(frozen=True)
class Gradient:
    """The result. Quantile 1 is the most deprived, so an SII below 0 means that the most deprived have more of it.

    Limits are None where no standard errors are known, those of the RII also where too many draws leave the possible
    range. `rii` is None where the values lie on both sides of 0. `gap` and `ratio` compare the two end quantiles in
    the direction of the SII and the RII. `line` has the two ends of the fitted line in the unit of the values, most
    deprived first; `explained` is the share of the differences that it accounts for.
    """

    options: Options
    scale: ScaleName
    quantiles: tuple[Quantile, ...]
    sii: float
    sii_lower: float | None
    sii_upper: float | None
    rii: float | None
    rii_lower: float | None
    rii_upper: float | None
    intercept: float
    line: Pair
    explained: float
    gap: float
    ratio: float | None
    concentration: float | None
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """For storage: no floats, decimals as plain text with 12 significant digits."""
        stored: dict[str, Any] = _stored(self)
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Gradient:
        return _reader().validate_python(stored)


@cache
def _reader() -> TypeAdapter[Gradient]:
    return TypeAdapter(Gradient)


def _stored(value: Any) -> Any:
    if isinstance(value, float):
        return decimal_text(value)
    if isinstance(value, (Gradient, Options, Quantile)):
        return {
            column.name: _stored(_as_measured(column.name, getattr(value, column.name))) for column in fields(value)
        }
    return [_stored(part) for part in value] if isinstance(value, tuple) else value


def _as_measured(name: str, value: Any) -> Any:
    """Measured numbers are stored alike whether they came as 100 or as 100.0."""
    return float(value) if type(value) is int and name not in WHOLE else value


def decimal_text(value: float) -> str:
    """The number without an exponent, with at most 12 significant digits; never "-0"."""
    rounded = Decimal(f"{value:.{SIGNIFICANT}g}")
    text = format(rounded, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) if rounded else "0"


def gradient(quantiles: Sequence[Quantile], options: Options | None = None) -> Gradient:
    """SII and RII of quantiles in any order, as published by the Office for Health Improvement and Disparities.

    Raises InvalidGradient with every problem found: in what was given, or a line that leaves the possible range.
    """
    options = options or Options()
    check(quantiles, options)
    ordered = tuple(sorted(quantiles, key=lambda quantile: quantile.number))
    populations = [float(quantile.population) for quantile in ordered]
    values = [float(quantile.value) for quantile in ordered]
    weights = Weights(populations)
    fit = weights.fit(to_scale(np.array(values), options.scale))
    ends = _ends(fit.intercept, fit.intercept + fit.slope, options.scale)
    _refuse_impossible(ends, values, options)
    errors = standard_errors(ordered, options.kind)
    found = NOTHING if errors is None else _limits(weights, np.array(values), errors, fit, options)
    rii = _relative(ends, options)
    plain_ratio = ratio(values)
    return Gradient(
        options=options,
        scale=options.scale,
        quantiles=ordered,
        sii=_absolute(ends, options),
        sii_lower=found.sii[0],
        sii_upper=found.sii[1],
        rii=rii,
        rii_lower=found.rii[0] if rii is not None else None,
        rii_upper=found.rii[1] if rii is not None else None,
        intercept=ends[0] * (abs(options.multiplier) if options.scale != "none" else 1.0),
        line=ends,
        explained=fit.explained,
        gap=options.multiplier * absolute_gap(values),
        ratio=1 / plain_ratio if plain_ratio and options.multiplier < 0 else plain_ratio,
        concentration=relative_concentration(values, populations),
        warnings=(
            *cautions(ordered, fit, errors, options),
            *([] if rii is not None else [NO_RII]),
            *([] if rii is None or errors is None or found.rii[0] is not None else [NO_RII_LIMITS]),
        ),
    )


NO_RII = "There is no relative index (RII), because the values lie on both sides of 0, where a ratio says nothing."
NO_RII_LIMITS = (
    "The RII has no confidence limits: the values are so uncertain that many of the lines they allow leave the "
    "possible range."
)


def _ends(first: float, last: float, scale: ScaleName) -> Pair:
    start, end = from_scale(np.array([first, last]), scale)
    return float(start), float(end)


def _absolute(ends: Pair, options: Options) -> float:
    return options.multiplier * (ends[1] - ends[0])


def _relative(ends: Pair, options: Options) -> float | None:
    """The end of the line over its start, upside down for a negative multiplier; None where they differ in sign."""
    above, below = ends if options.multiplier < 0 else (ends[1], ends[0])
    return above / below if ends[0] * ends[1] > 0 else None


def _refuse_impossible(ends: Pair, values: Sequence[float], options: Options) -> None:
    """A line is no summary where it leaves what such a value can be: below 0 while every value is above, say."""
    low, high = (0.0, 1.0) if options.kind == "proportion" else (0.0, float("inf"))
    if options.kind == "other":
        low = 0.0 if min(values) >= 0 else -float("inf")
        high = 0.0 if max(values) <= 0 else float("inf")
    if all(isfinite(end) for end in ends) and low <= min(ends) and max(ends) <= high:
        return
    worst = next(end for end in ends if not low <= end <= high or not isfinite(end))
    advice = {"other": "the values as a rate or a proportion", "rate": "the ln transform", "proportion": "the logit"}
    raise InvalidGradient(
        [
            GradientProblem(
                None,
                "",
                f"the fitted line leaves the possible range: at the {'most' if worst == ends[0] else 'least'} deprived "
                f"end it reaches {worst:.4g}. Fit {advice[options.kind]} instead, which cannot leave it",
            )
        ]
    )


@dataclass(frozen=True)
class _Limits:
    sii: tuple[float | None, float | None] = (None, None)
    rii: tuple[float | None, float | None] = (None, None)


NOTHING = _Limits()


def _limits(weights: Weights, values: Floats, errors: Floats, fit: Fit, options: Options) -> _Limits:
    own = OWN_SCALE[options.kind]
    scales = (own, options.scale)
    lines = simulate(weights, to_scale(values, own), errors, scales, options.repetitions, options.seed)
    return _from_lines(*lines, options) if options.scale == "none" else _from_slopes(lines[1], fit.middle, options)


def _from_slopes(slopes: Floats, middle: float, options: Options) -> _Limits:
    """The middle of the line is held, and only its slope varies."""
    ends = [
        _ends(middle - slope / 2, middle + slope / 2, options.scale)
        for slope in percentiles(slopes, options.confidence)
    ]
    if options.multiplier < 0:
        ends.reverse()
    if not all(isfinite(end) and end > 0 for pair in ends for end in pair):
        raise InvalidGradient([GradientProblem(None, "se", "the values are too uncertain to find confidence limits")])
    return _Limits(
        (_absolute(ends[0], options), _absolute(ends[1], options)),
        (_relative(ends[0], options), _relative(ends[1], options)),
    )


def _from_lines(intercepts: Floats, slopes: Floats, options: Options) -> _Limits:
    """Each drawn line gives its own indices."""
    if not (np.isfinite(intercepts).all() and np.isfinite(slopes).all()):
        raise InvalidGradient([GradientProblem(None, "se", "the values are too uncertain to find confidence limits")])
    absolute = percentiles(options.multiplier * slopes, options.confidence)
    starts, ends = intercepts, intercepts + slopes
    sensible = starts * ends > 0
    if 1 - sensible.mean() > (1 - options.confidence) / 2:
        return _Limits(absolute)
    above, below = (starts, ends) if options.multiplier < 0 else (ends, starts)
    with np.errstate(divide="ignore"):
        return _Limits(absolute, percentiles(above / below, options.confidence))
