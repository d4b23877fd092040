"""The two ledgers by deprivation fifth: what a ledger weighs, whom it is concentrated on, and its shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import fsum
from typing import Literal

from hia_app.domain.method import Fifths, Method, five

Shape = Literal["proportionate_universal", "inverse", "targeted", "universal_not_proportionate"]

NOTHING: Fifths = (0.0, 0.0, 0.0, 0.0, 0.0)
FEWEST_RESIDENTS = 0.001  # below this, effects per 1,000 residents leave the range of ordinary numbers
MOST_RESIDENTS = 10_000_000_000


class InvalidPopulation(ValueError):
    """The reference population is not five numbers of residents above 0."""


@dataclass(frozen=True)
class Reference:
    """Residents of each local fifth, most deprived first, with population shares and mid-ranks."""

    residents: Fifths
    shares: Fifths = field(init=False)
    ranks: Fifths = field(init=False)

    def __post_init__(self) -> None:
        for number, residents in enumerate(self.residents, start=1):
            if not FEWEST_RESIDENTS <= residents <= MOST_RESIDENTS:  # what is no number is not between them either
                raise InvalidPopulation(f"fifth {number} must have a number of residents above 0")
        total = fsum(self.residents)
        shares = [residents / total for residents in self.residents]
        ranks = [fsum(shares[:fifth]) + shares[fifth] / 2 for fifth in range(5)]
        object.__setattr__(self, "shares", five(shares))
        object.__setattr__(self, "ranks", five(ranks))


def ledger(parts: Sequence[Fifths]) -> Fifths:
    """The sum of the lines' parts, fifth by fifth. fsum is exact, so the order of lines cannot matter."""
    return five([fsum(column) for column in zip(*parts, strict=True)]) if parts else NOTHING


def concentration(values: Fifths, reference: Reference) -> float:
    """Relative concentration index: negative when concentrated on the most deprived, 0 when there is nothing.

    2 Σ a_q (v_q − μ)(b_q − ½) / μ. Source: Health Profile for England 2018, methods.
    """
    mean = fsum(share * value for share, value in zip(reference.shares, values, strict=True))
    if mean == 0:
        return 0.0
    terms = (
        share * (value - mean) * (rank - 0.5)
        for share, rank, value in zip(reference.shares, reference.ranks, values, strict=True)
    )
    return 2 * fsum(terms) / mean


def is_material(values: Fifths, method: Method) -> bool:
    return method.at_least(max(values), method.material)


def shape(values: Fifths, method: Method) -> Shape:
    """In words, how a benefit is spread over the fifths."""
    largest = max(values)
    everyone_gains = all(method.above(value, 0) for value in values)
    steps_up = (after - before for before, after in pairwise(values))
    if (
        everyone_gains
        and not any(method.above(step, method.shape_step * largest) for step in steps_up)
        and method.above(values[0], method.shape_ratio * values[4])
    ):
        return "proportionate_universal"
    if method.above(values[4], method.shape_ratio * values[0]):
        return "inverse"
    return "universal_not_proportionate" if everyone_gains else "targeted"
