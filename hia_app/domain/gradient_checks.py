"""What is refused before a gradient is worked out, and what a reader has to be warned of afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import hypot

import numpy as np

from hia_app.domain.gradient_fit import Fit, Floats, positions, to_scale
from hia_app.domain.gradient_terms import (
    MOST_REPETITIONS,
    OWN_SCALE,
    GradientProblem,
    InvalidGradient,
    Kind,
    Options,
    Quantile,
    quantile_name,
)
from hia_app.domain.inequality import z_for

FEWEST, MANY, MOST = 5, 10, 100
LARGEST = 1e15
"""No number may be larger. What is no number compares as false, so `not 0 <= x <= LARGEST` refuses that as well."""
LARGEST_MULTIPLIER = 1e9
LINE_EXPLAINS = 0.75
"""Below this share of the variation, a line is a poor summary of the values."""
TURN = 0.05
"""Without standard errors, a step against the direction counts above this share of the range of values."""

NO_ERRORS = "There are no confidence limits, because not every quantile has a standard error or limits of its own."


def check(quantiles: Sequence[Quantile], options: Options) -> None:
    """Raises InvalidGradient with every problem."""
    problems = [*options_problems(options), *order_problems([quantile.number for quantile in quantiles])]
    for place, quantile in enumerate(quantiles):
        problems += [GradientProblem(place, field, why) for field, why in quantile_problems(quantile, options.kind)]
    if problems:
        raise InvalidGradient(problems)


def options_problems(options: Options) -> Iterator[GradientProblem]:
    """What is wrong with the choices made."""
    if options.kind == "other" and options.transform:
        yield GradientProblem(None, "transform", "only rates (ln) and proportions (logit) can be transformed")
    if not 0 < abs(options.multiplier) <= LARGEST_MULTIPLIER:
        yield GradientProblem(None, "multiplier", f"must be a number other than 0, up to {LARGEST_MULTIPLIER:,.0f}")
    if not 0 < options.confidence < 1:
        yield GradientProblem(None, "confidence", "must be between 0 and 1, such as 0.95")
        return
    if not 1 <= options.repetitions <= MOST_REPETITIONS:
        yield GradientProblem(None, "repetitions", f"must be from 1 to {MOST_REPETITIONS:,}")
    elif positions(options.repetitions, options.confidence)[0] < 1:
        yield GradientProblem(None, "repetitions", "are too few to find limits with this confidence")
    if options.seed < 0:
        yield GradientProblem(None, "seed", "must be a whole number of 0 or more")


def order_problems(numbers: Sequence[int]) -> Iterator[GradientProblem]:
    """What is wrong with the quantiles' numbers together: 1 to k, each once, in any order."""
    different, seen = set(numbers), set[int]()
    for place, number in enumerate(numbers):
        if not 1 <= number <= MOST:
            yield GradientProblem(place, "quantile", f"must be a whole number from 1 to {MOST}, 1 = most deprived")
        elif number in seen:
            yield GradientProblem(place, "quantile", f"{number} is given twice")
        seen.add(number)
    if len(different) < FEWEST:
        yield GradientProblem(None, "", f"at least {FEWEST} quantiles are needed; there are {len(different)}")
    most = max((number for number in different if number <= MOST), default=0)
    missing = [number for number in range(1, most) if number not in different]
    if missing:
        named = ", ".join(map(str, missing[:10])) + (" …" if len(missing) > 10 else "")
        yield GradientProblem(None, "", f"missing from 1 to {most}: quantile {named}")


def quantile_problems(quantile: Quantile, kind: Kind) -> Iterator[tuple[str, str]]:
    """Field and reason of everything that is wrong with one quantile by itself."""
    if not 0 < quantile.population <= LARGEST:
        yield "population", "must be above 0"
    for field in ("value", "lower95", "upper95"):
        figure: float | None = getattr(quantile, field)
        if figure is not None and (why := _range_problem(figure, kind)):
            yield field, why
    if quantile.se is not None and not 0 <= quantile.se <= LARGEST:
        yield "se", "must be 0 or more"
    if quantile.count is not None and not abs(quantile.count) <= LARGEST:
        yield "count", "must be an ordinary number"
    elif quantile.count is not None and (quantile.count < 0 or (kind == "rate" and quantile.count == 0)):
        yield "count", "must be above 0 for a rate" if kind == "rate" else "must be 0 or more"
    yield from _limit_problems(quantile)


def _range_problem(figure: float, kind: Kind) -> str:
    if not abs(figure) <= LARGEST:
        return "must be an ordinary number"
    if kind == "rate" and figure <= 0:
        return "must be above 0 for a rate"
    if kind == "proportion" and not 0 <= figure <= 1:
        return "must be from 0 to 1 for a proportion (0.1025, not 10.25%)"
    if kind == "proportion" and figure in (0, 1):
        return "a proportion of exactly 0 or 1 has no logit; join quantiles, or treat the values as another kind"
    return ""


def _limit_problems(quantile: Quantile) -> Iterator[tuple[str, str]]:
    low, high = quantile.lower95, quantile.upper95
    if low is not None and high is not None:
        if not low <= quantile.value <= high:
            yield "value", "must lie between lower95 and upper95"
    elif low is not None or high is not None:
        yield "lower95" if low is None else "upper95", "is missing; give both limits or neither"


def standard_errors(quantiles: Sequence[Quantile], kind: Kind) -> Floats | None:
    """One for each quantile on the kind's own scale, given or [t(upper95) − t(lower95)] / (2 × 1.959964).

    None unless every quantile has them.
    """
    scale, width, found = OWN_SCALE[kind], 2 * z_for(0.95), []
    for quantile in quantiles:
        if quantile.se is not None:
            found.append(quantile.se)
        elif quantile.lower95 is not None and quantile.upper95 is not None:
            low, high = to_scale(np.array([quantile.lower95, quantile.upper95]), scale)
            found.append((high - low) / width)
    return np.array(found) if len(found) == len(quantiles) else None


def cautions(quantiles: Sequence[Quantile], fit: Fit, errors: Floats | None, options: Options) -> Iterator[str]:
    """Sentences for what a reader should know beside the figures; `quantiles` in order."""
    if len(quantiles) > MANY:
        yield (
            f"There are {len(quantiles)} quantiles; more than {MANY} make each value less certain. "
            "Fifths or tenths are usual."
        )
    if errors is None:
        yield NO_ERRORS
    turns = list(_turns(quantiles, fit, errors, options))
    if turns:
        named = "; ".join(turns[:3]) + ("; and others" if len(turns) > 3 else "")
        yield f"The pattern is not a line: {named}, against the direction of the rest. Look at the values as well."
    elif fit.explained < LINE_EXPLAINS:
        yield (
            f"The pattern is not a line: a line explains only {fit.explained:.0%} of the differences. "
            "Look at the values as well."
        )


def _turns(quantiles: Sequence[Quantile], fit: Fit, errors: Floats | None, options: Options) -> Iterator[str]:
    """Steps between neighbours that go against the slope by more than chance, in words."""
    values = [quantile.value for quantile in quantiles]
    own = to_scale(np.array(values), OWN_SCALE[options.kind]).tolist()
    room = TURN * (max(values) - min(values))
    for place, (before, after) in enumerate(pairwise(values)):
        if (after - before) * fit.slope >= 0:
            continue
        if errors is None:
            counts = abs(after - before) > room
        else:
            chance = z_for(0.95) * hypot(errors[place], errors[place + 1])
            counts = abs(own[place + 1] - own[place]) > chance
        if counts:
            words = "below" if before < after else "above"
            first, second = (quantile_name(quantiles[place + step].number, len(quantiles)) for step in (0, 1))
            yield f"{first} lies {words} {second}"
