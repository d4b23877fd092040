"""Turns a gradient that has been worked out into its chart."""

from __future__ import annotations

import numpy as np

from hia_app.domain.gradient import Gradient
from hia_app.domain.gradient_chart import FittedGradient
from hia_app.domain.gradient_fit import from_scale, to_scale
from hia_app.domain.inequality import shares_and_ranks

LINE_POINTS = 41


def fitted_gradient(
    gradient: Gradient, measure: str, *, unit: str = "%", size: float = 1.0, decimals: int = 1, source: str = ""
) -> FittedGradient:
    """The chart of a gradient. `size` turns its values into `unit`: 100 for a proportion shown in %."""
    ordered = gradient.quantiles
    shares, _ = shares_and_ranks([quantile.population for quantile in ordered])
    ends = to_scale(np.array(gradient.line), gradient.scale)
    line = from_scale(np.linspace(ends[0], ends[1], LINE_POINTS), gradient.scale)
    limits = tuple(
        (quantile.lower95 * size, quantile.upper95 * size)
        for quantile in ordered
        if quantile.lower95 is not None and quantile.upper95 is not None
    )
    sii_limits = rii_limits = None
    if gradient.sii_lower is not None and gradient.sii_upper is not None:
        sii_limits = _rising(
            *(end * size / gradient.options.multiplier for end in (gradient.sii_lower, gradient.sii_upper))
        )
    upside_down, rii = gradient.options.multiplier < 0, gradient.rii
    if gradient.rii_lower and gradient.rii_upper:
        pair = (gradient.rii_lower, gradient.rii_upper)
        rii_limits = _rising(*(1 / end if upside_down else end for end in pair))
    return FittedGradient(
        measure=measure,
        values=tuple(quantile.value * size for quantile in ordered),
        shares=shares,
        line=tuple(float(value) * size for value in line),
        limits=limits if len(limits) == len(ordered) else (),
        sii_limits=sii_limits,
        rii=1 / rii if rii and upside_down else rii,
        rii_limits=rii_limits,
        unit=unit,
        confidence=f"{gradient.options.confidence * 100:.4g}%",
        decimals=decimals,
        source=source,
    )


def _rising(one: float, other: float) -> tuple[float, float]:
    return min(one, other), max(one, other)
