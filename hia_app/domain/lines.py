"""Impact lines: one effect on one set of people, checked when made, and what a mitigation counts for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum, isfinite
from typing import Literal

from hia_app.domain.method import (
    CONFIDENCES,
    DIRECTIONS,
    LIKELIHOODS,
    MAGNITUDES,
    METHOD,
    Confidence,
    Direction,
    Fifths,
    Likelihood,
    Magnitude,
    Method,
    five,
)

# initial: there is no mitigation; uncommitted: its owner, date, funding or measure is missing;
# awaiting_countersignature: it claims more than one step; residual: it counts.
CountedAs = Literal["initial", "uncommitted", "awaiting_countersignature", "residual"]

MOST_PEOPLE = 10_000_000_000  # more than live on Earth: a larger reach is a slip of the keyboard


class InvalidLine(ValueError):
    """A line that cannot be rated. `problems` are pairs of the field and what is wrong with it."""

    def __init__(self, line_id: str, problems: tuple[tuple[str, str], ...]) -> None:
        self.line_id = line_id
        self.problems = problems
        super().__init__(f"{line_id}: " + "; ".join(f"{field} {reason}" for field, reason in problems))


@dataclass(frozen=True)
class Reach:
    """People touched: low ≤ mid ≤ high, mid above 0."""

    low: float
    mid: float
    high: float

    def __post_init__(self) -> None:
        for field in ("low", "mid", "high"):
            object.__setattr__(self, field, float(getattr(self, field)))


@dataclass(frozen=True)
class LineMitigation:
    """What is to remain of a harm. Committed: owner, due date, measure and funding are all given."""

    committed: bool
    magnitude: Magnitude
    likelihood: Likelihood
    countersigned: bool = False


@dataclass(frozen=True)
class Line:
    """One effect on one set of people. Raises InvalidLine with every problem it has.

    `touches_priority_group` says that a priority group is named; `is_priority` adds where people live to it.
    A line that is "not known" has no magnitude, likelihood, reach, spread or mitigation.
    """

    id: str
    direction: Direction
    touches_priority_group: bool
    confidence: Confidence
    plan_to_find_out: bool = False
    magnitude: Magnitude | None = None
    likelihood: Likelihood | None = None
    reach: Reach | None = None
    spread: Fifths | None = None
    mitigation: LineMitigation | None = None
    principle: int | None = None
    groups: tuple[str, ...] = ()
    label: str = ""

    def __post_init__(self) -> None:
        problems = tuple(_problems(self))
        if problems:
            raise InvalidLine(self.id, problems)
        if self.spread is not None:
            object.__setattr__(self, "spread", five(self.spread))

    @property
    def name(self) -> str:
        return self.label or self.id


def _problems(line: Line) -> Iterator[tuple[str, str]]:
    if not line.id:
        yield "id", "must not be empty"
    if line.direction not in DIRECTIONS:
        yield "direction", f"must be one of {', '.join(DIRECTIONS)}"
    if line.confidence not in CONFIDENCES:
        yield "confidence", f"must be one of {', '.join(CONFIDENCES)}"
    if line.principle is not None and line.principle not in range(1, 9):
        yield "principle", "must be from 1 to 8"
    if line.direction == "not_known":
        for field in ("magnitude", "likelihood", "reach", "spread", "mitigation"):
            if getattr(line, field) is not None:
                yield field, "must be left out where the direction is not known"
        return
    yield from _scale_problems("magnitude", line.magnitude, MAGNITUDES)
    yield from _scale_problems("likelihood", line.likelihood, LIKELIHOODS)
    yield from _reach_problems(line.reach)
    yield from _spread_problems(line.spread)
    if line.mitigation is not None:
        yield from _mitigation_problems(line, line.mitigation)


def _scale_problems(field: str, value: str | None, scale: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if value is None:
        yield field, "is missing"
    elif value not in scale:
        yield field, f"must be one of {', '.join(scale)}"


def _reach_problems(reach: Reach | None) -> Iterator[tuple[str, str]]:
    if reach is None:
        yield "reach", "is missing"
        return
    figures = (reach.low, reach.mid, reach.high)
    if not all(isfinite(figure) for figure in figures):
        yield "reach", "must be three ordinary numbers"
    elif reach.low < 0:
        yield "reach.low", "must not be below 0"
    elif reach.mid <= 0:
        yield "reach.mid", "must be above 0"
    elif not reach.low <= reach.mid <= reach.high:
        yield "reach", "must go up from low to mid to high"
    elif reach.high > MOST_PEOPLE:
        yield "reach.high", "is more people than there are on Earth"


def _spread_problems(spread: Sequence[float] | None) -> Iterator[tuple[str, str]]:
    if spread is None:
        yield "spread", "is missing"
    elif len(spread) != 5:
        yield "spread", "must have five shares, most deprived fifth first"
    elif not all(isfinite(share) and share >= 0 for share in spread):
        yield "spread", "must have no share below 0"
    elif METHOD.above(abs(fsum(spread) - 1), METHOD.spread_tolerance):
        yield "spread", f"must add up to 1, but adds up to {fsum(spread):.7g}"


def _mitigation_problems(line: Line, mitigation: LineMitigation) -> Iterator[tuple[str, str]]:
    if line.direction != "harm":
        yield "mitigation", "belongs to harms only"
        return
    for field, after, scale in (
        ("magnitude", mitigation.magnitude, MAGNITUDES),
        ("likelihood", mitigation.likelihood, LIKELIHOODS),
    ):
        if after not in scale:
            yield f"mitigation.{field}", f"must be one of {', '.join(scale)}"
    for field in worse_on(line.magnitude, line.likelihood, mitigation.magnitude, mitigation.likelihood):
        yield f"mitigation.{field}", f"must not be worse than before the mitigation ({getattr(line, field)})"


def worse_on(
    magnitude: str | None,
    likelihood: str | None,
    residual_magnitude: str | None,
    residual_likelihood: str | None,
) -> tuple[str, ...]:
    """The scales on which what remains is worse than before; values that are not there are not compared."""
    scales: tuple[tuple[str, tuple[str, ...], str | None, str | None], ...] = (
        ("magnitude", MAGNITUDES, magnitude, residual_magnitude),
        ("likelihood", LIKELIHOODS, likelihood, residual_likelihood),
    )
    return tuple(
        field
        for field, scale, before, after in scales
        if before in scale and after in scale and scale.index(after) > scale.index(before)
    )


def is_priority(line: Line, method: Method = METHOD) -> bool:
    """A priority group is named or, for a harm, more than half of the people live in fifths 1 and 2."""
    if line.touches_priority_group:
        return True
    return line.direction == "harm" and line.spread is not None and mostly_most_deprived(line.spread, method)


def mostly_most_deprived(spread: Fifths, method: Method = METHOD) -> bool:
    """More than half of the people live in the two most deprived fifths."""
    return method.above(fsum(spread[:2]), method.priority_part)


def steps_better(magnitude: str, likelihood: str, residual_magnitude: str, residual_likelihood: str) -> int:
    """How many steps, over both scales, the residual values are better than the initial ones."""
    scales: tuple[tuple[tuple[str, ...], str, str], ...] = (
        (MAGNITUDES, magnitude, residual_magnitude),
        (LIKELIHOODS, likelihood, residual_likelihood),
    )
    return sum(scale.index(before) - scale.index(after) for scale, before, after in scales)


def counted_as(line: Line, method: Method = METHOD) -> CountedAs:
    """Which values the line is rated with, and why."""
    mitigation = line.mitigation
    if mitigation is None or line.magnitude is None or line.likelihood is None:
        return "initial"
    if not mitigation.committed:
        return "uncommitted"
    steps = steps_better(line.magnitude, line.likelihood, mitigation.magnitude, mitigation.likelihood)
    if steps > method.steps_without_countersignature and not mitigation.countersigned:
        return "awaiting_countersignature"
    return "residual"
