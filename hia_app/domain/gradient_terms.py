"""What a gradient is worked out from: one value for each quantile, the choices made, and what can be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["other", "rate", "proportion"]
ScaleName = Literal["none", "ln", "logit"]

OWN_SCALE: dict[Kind, ScaleName] = {"other": "none", "rate": "ln", "proportion": "logit"}
"""The scale on which each kind of value is symmetric: that of its standard errors always, of its line by default."""

REPETITIONS = 100_000
MOST_REPETITIONS = 1_000_000


@dataclass(frozen=True)
class Quantile:
    """One fifth, tenth or other quantile; number 1 is the most deprived.

    `se` is on the kind's own scale: of ln(value) for a rate, of logit(value) for a proportion. Without it, it comes
    from the 95% confidence limits `lower95` and `upper95`; without both there are no limits of the result either.
    """

    number: int
    population: float
    value: float
    se: float | None = None
    lower95: float | None = None
    upper95: float | None = None
    count: float | None = None


@dataclass(frozen=True)
class Options:
    """How a gradient is worked out. `transform` None means: yes for rates (ln) and proportions (logit), else no.

    The SII is multiplied by `multiplier` (100 turns a proportion into percentage points); a negative one also turns
    the RII upside down, for measures of which more is better.
    """

    kind: Kind = "other"
    transform: bool | None = None
    multiplier: float = 1.0
    confidence: float = 0.95
    repetitions: int = REPETITIONS
    seed: int = 1

    @property
    def scale(self) -> ScaleName:
        """The scale the line is fitted on."""
        wanted = self.kind != "other" if self.transform is None else self.transform
        return OWN_SCALE[self.kind] if wanted else "none"


@dataclass(frozen=True)
class GradientProblem:
    """What is wrong: at which place in the given order (None for the whole), in which field, and why."""

    place: int | None
    field: str
    reason: str

    def __str__(self) -> str:
        where = [*([] if self.place is None else [f"row {self.place + 1}"]), *([self.field] if self.field else [])]
        return f"{', '.join(where)}: {self.reason}" if where else self.reason


class InvalidGradient(ValueError):
    """No gradient can be worked out, with every problem found."""

    def __init__(self, problems: Sequence[GradientProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


def quantile_name(number: int, quantiles: int) -> str:
    """“fifth 1” of five, “tenth 1” of ten, “quantile 1” of any other number."""
    return f"{ {5: 'fifth', 10: 'tenth'}.get(quantiles, 'quantile') } {number}"
