"""What the figures of an indicator say about inequality: gap and ratio, the slope and relative indices, concentration.

Worked out once and kept as plain texts beside the answer; whoever draws them later works out nothing. What cannot be
worked out is said in words, never an error.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import fsum
from typing import Any

from hia_app.domain.gradient import InvalidGradient, Options, Quantile, decimal_text, gradient
from hia_app.domain.gradient_checks import NO_ERRORS
from hia_app.domain.gradient_terms import REPETITIONS, GradientProblem, Kind, quantile_name
from hia_app.domain.indicator_terms import kind_of, whole_of
from hia_app.domain.inequality import absolute_gap, ratio, relative_concentration, wilson
from hia_app.domain.record import canonical

Statistics = dict[str, Any]
Numbers = list[float | None]
Pairs = list[tuple[float | None, float | None]]

EQUAL = "No number of people is given, so every {step} counts the same. Give the people behind each figure to be exact."
NO_LIMITS = (
    "There are no confidence limits, because not every {step} has its own. For parts of a whole, give the people."
)
INFERRED = "The figures are taken for parts of a whole, because the unit is %."
_FIELDS = {"value": "the value", "lower95": "the lower limit", "upper95": "the upper limit", "population": "the people"}


def statistics(value: Mapping[str, Any] | None, repetitions: int = REPETITIONS) -> Statistics | None:
    """Everything that can be said of an indicator answer, with no number that is not text; None without a figure.

    `repetitions` are the draws behind the confidence limits, as many on a page as in a record: both say the same.
    """
    if not value or not (any(value["values"]) or value.get("groups")):
        return None
    return dict(_kept(canonical(value), repetitions))


@lru_cache(maxsize=2_000)
def _kept(answer: bytes, repetitions: int) -> Statistics:
    return _work_out(json.loads(answer), repetitions)


def _work_out(value: Mapping[str, Any], repetitions: int) -> Statistics:
    kind, said = kind_of(value)
    values, people, step = _numbers(value, "values"), _numbers(value, "populations"), _step(value)
    whole = float(whole_of(value["unit"])) if kind == "proportion" else 1.0
    limits, limits_from = _limits(values, people, _numbers(value, "lower"), _numbers(value, "upper"), kind, whole)
    notes, refusals = [] if said or kind == "other" else [INFERRED], list[str]()
    weights = _weights(people, step, notes, refusals)
    found = _indices(value, kind, values, weights, limits, whole, repetitions, notes, refusals)
    complete = [figure for figure in values if figure is not None]
    weighed = weights if len(complete) == len(values) else None
    ends = None if values[0] is None or values[-1] is None else [values[0], values[-1]]
    average = _mean(complete, weighed) if any(people) else None
    return {
        "kind": kind,
        "whole": decimal_text(whole),
        "weights": "people" if any(people) and weights else "equal",
        "gap": _text(absolute_gap(ends) if ends else None),
        "ratio": _text(ratio(ends) if ends else None),
        "concentration": _text(_concentration(complete, weighed)),
        "average": _text(average),
        "limits": _pairs(limits),
        "limits_from": limits_from,
        "gradient": found,
        "notes": notes,
        "refusals": refusals,
        **({"by_group": _by_group(value["groups"], kind, whole, average)} if value.get("groups") else {}),
    }


def _by_group(rows: Sequence[Mapping[str, str]], kind: Kind, whole: float, average: float | None) -> Statistics:
    """Limits of each group, and the average of all groups where the people of each are known, else that of all areas.

    Groups have no order, so there is no gradient through them.
    """
    values, people, low, high = (
        [float(row[column]) if row[column] else None for row in rows]
        for column in ("value", "population", "lower", "upper")
    )
    limits, limits_from = _limits(values, people, low, high, kind, whole)
    complete = [figure for figure in values if figure is not None]
    weights = [number for number in people if number is not None]
    all_known = len(complete) == len(values) == len(weights)
    mean = _mean(complete, weights) if all_known else average
    return {
        "limits": _pairs(limits),
        "limits_from": limits_from,
        "average": _text(mean),
        "average_of": "" if mean is None else "groups" if all_known else "areas",
        "refusals": [],
    }


def _pairs(limits: Pairs) -> list[list[str | None] | None]:
    return [[_text(low), _text(high)] if low is not None else None for low, high in limits]


def _step(value: Mapping[str, Any]) -> str:
    return quantile_name(1, len(value["values"])).split()[0]


def _numbers(value: Mapping[str, Any], column: str) -> Numbers:
    figures: Sequence[str] = value.get(column) or [""] * len(value["values"])
    return [float(figure) if figure else None for figure in figures]


def _text(number: float | None) -> str | None:
    return None if number is None else decimal_text(number)


def _weights(people: Numbers, step: str, notes: list[str], refusals: list[str]) -> list[float] | None:
    """The people of every quantile; the same for all where none are given."""
    known = [number for number in people if number is not None]
    if not known:
        notes.append(EQUAL.format(step=step))
        return [1.0] * len(people)
    if len(known) == len(people):
        return known
    absent = ", ".join(str(place) for place, number in enumerate(people, 1) if number is None)
    refusals.append(f"The number of people is missing for {step} {absent}. Give it for every {step}, or for none.")
    return None


def _limits(
    values: Numbers, people: Numbers, low: Numbers, high: Numbers, kind: Kind, whole: float
) -> tuple[Pairs, str]:
    """The limits given; for proportions of so many people without any, Wilson's. In the unit of the values."""
    given: Pairs = [pair if None not in pair else (None, None) for pair in zip(low, high, strict=True)]
    if any(end is not None for end in (*low, *high)):
        return given, "given"
    if kind != "proportion" or not any(people):
        return given, ""
    found: Pairs = []
    for figure, number in zip(values, people, strict=True):
        if figure is None or number is None or not 0 <= figure <= whole:
            found.append((None, None))
        else:
            below, above = wilson(min(figure / whole * number, number), number)
            found.append((below * whole, above * whole))
    return found, "wilson"


def _indices(
    value: Mapping[str, Any],
    kind: Kind,
    values: Numbers,
    weights: list[float] | None,
    limits: Pairs,
    whole: float,
    repetitions: int,
    notes: list[str],
    refusals: list[str],
) -> dict[str, Any] | None:
    """The gradient in plain values; None with the reasons added to `refusals`."""
    step, count = _step(value), len(values)
    absent = [str(place) for place, figure in enumerate(values, 1) if figure is None]
    if absent:
        refusals.append(
            f"There is no figure for {step} {', '.join(absent)}, and the indices (SII, RII) need every {step}."
        )
    wild = [quantile_name(place, count) for place, figure in enumerate(values, 1)
            if kind == "proportion" and figure is not None and not 0 <= figure <= whole]  # fmt: skip
    if wild:
        top = "100%" if whole == 100 else f"{whole:,.0f}"
        advice = "" if whole > 1 else ". If the figures are percentages, give % as their unit"
        refusals.append(f"A part of a whole lies between 0 and {top}, but not the figure of {', '.join(wild)}{advice}.")
    if absent or wild or weights is None:
        return None
    quantiles = [
        Quantile(place, people, figure / whole,
                 lower95=None if low is None else low / whole, upper95=None if high is None else high / whole)
        for place, (figure, people, (low, high)) in enumerate(zip(values, weights, limits, strict=True), 1)
        if figure is not None
    ]  # fmt: skip
    options = Options(kind, multiplier=float(value.get("multiplier") or 1), repetitions=repetitions)
    try:
        found = gradient(quantiles, options)
    except InvalidGradient as invalid:
        refusals.extend(_in_words(problem, count) for problem in invalid.problems)
        return None
    notes.extend(NO_LIMITS.format(step=step) if words == NO_ERRORS else words for words in found.warnings)
    return found.to_json()


def _in_words(problem: GradientProblem, count: int) -> str:
    """A refusal as a sentence that names the fifth or tenth."""
    if problem.place is None:
        return f"The indices (SII, RII) cannot be worked out: {problem.reason}."
    what = _FIELDS.get(problem.field, problem.field)
    joint = " " if problem.reason.startswith(("must", "is ")) else ": "
    return f"{quantile_name(problem.place + 1, count).capitalize()}: {what}{joint}{problem.reason}."


def _mean(values: Sequence[float], weights: Sequence[float] | None) -> float | None:
    if weights is None:
        return None
    return fsum(value * weight for value, weight in zip(values, weights, strict=True)) / fsum(weights)


def _concentration(values: Sequence[float], weights: Sequence[float] | None) -> float | None:
    """Only of values that are all 0 or more: otherwise their mean is no measure to compare with."""
    if weights is None or not values or min(values) < 0:
        return None
    return relative_concentration(values, weights)
