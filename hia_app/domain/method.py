"""Every number of the rating method, in one versioned place that is stored with each sealed record.

Source of the method: docs/method.md. A change to any number here is a new version of the method.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

Direction = Literal["benefit", "harm", "not_known"]
Magnitude = Literal["minor", "moderate", "major"]
Likelihood = Literal["unlikely", "possible", "likely", "almost_certain"]
Significance = Literal["negligible", "minor", "moderate", "major"]
Confidence = Literal["low", "medium", "high"]
Figures = Literal["low", "mid", "high"]
Fifths = tuple[float, float, float, float, float]
Weights = tuple[int, int, int]

DIRECTIONS: tuple[Direction, ...] = ("benefit", "harm", "not_known")
MAGNITUDES: tuple[Magnitude, ...] = ("minor", "moderate", "major")
LIKELIHOODS: tuple[Likelihood, ...] = ("unlikely", "possible", "likely", "almost_certain")
SIGNIFICANCES: tuple[Significance, ...] = ("negligible", "minor", "moderate", "major")
CONFIDENCES: tuple[Confidence, ...] = ("low", "medium", "high")
FIGURES: tuple[Figures, ...] = ("low", "mid", "high")


def five(values: Sequence[float | Decimal]) -> Fifths:
    """Exactly five numbers, most deprived fifth first."""
    first, second, third, fourth, fifth = values
    return (float(first), float(second), float(third), float(fourth), float(fifth))


FIFTH_NAMES = (
    "most deprived fifth",
    "second most deprived fifth",
    "middle fifth",
    "second least deprived fifth",
    "least deprived fifth",
)

# Leeds residents by local fifth: Census 2021 residents, IMD 2025 local fifths (Open Government Licence v3.0).
LEEDS_FIFTHS: Fifths = (168899.0, 163183.0, 160861.0, 160504.0, 158468.0)


@dataclass(frozen=True)
class Rule:
    """One of the seven ratings: its number is the order of improvement."""

    number: int
    label: str
    short: str
    when: str


# In the order in which they are tried.
RULES: tuple[Rule, ...] = (
    Rule(
        0,
        "Not rateable yet",
        "Not rateable yet",
        "no impact is recorded; a required answer is missing; an affected priority group has no impact; a "
        "priority group is “not known” without a plan to find out; or more than a third of the benefits or "
        "of the harms, where they are material, rests on low-confidence impacts without a plan",
    ),
    Rule(
        1,
        "Stop: a serious harm remains",
        "Stop",
        "a harm to a priority group is still major after mitigation",
    ),
    Rule(
        2,
        "Likely to widen the gap",
        "Likely to widen the gap",
        "there is evidence that the gap widens and none that it narrows",
    ),
    Rule(
        3,
        "Mixed: some gain, some lose",
        "Mixed",
        "there is evidence both ways; or a harm to anyone is still moderate or major; or the harms are "
        "material and the benefits are not",
    ),
    Rule(6, "Likely to narrow the gap", "Likely to narrow the gap", "there is evidence that the gap narrows"),
    Rule(
        5,
        "Improves health, does not narrow the gap",
        "Improves health, does not narrow the gap",
        "the benefits are material",
    ),
    Rule(
        4,
        "No material effect on the city's gradient",
        "No material effect",
        "none of the other rules applies",
    ),
)
RULE: Mapping[int, Rule] = MappingProxyType({rule.number: rule for rule in RULES})

VARIANTS: Mapping[str, str] = MappingProxyType(
    {
        "3a": "unresolved",
        "3b": "every harm above negligible has a committed mitigation and is moderate at worst",
        "6+": "every fifth gains, and the more deprived gain more",
    }
)


@dataclass(frozen=True)
class Method:
    """The numbers of one version of the method.

    Weights are in the order minor, moderate, major; the columns of `significance` in the order unlikely,
    possible, likely, almost certain; likelihoods are low, mid, high.
    """

    version: str
    weights: Weights
    weight_sets: tuple[Weights, ...]
    likelihoods: dict[Likelihood, tuple[float, float, float]]
    significance: dict[Magnitude, tuple[Significance, Significance, Significance, Significance]]
    per_residents: int
    material: float
    threshold: float
    thresholds: tuple[float, ...]
    shape_step: float
    shape_ratio: float
    priority_part: float
    low_confidence_part: Fraction
    steps_without_countersignature: int
    spread_tolerance: float
    decimals: int

    def __post_init__(self) -> None:
        if self.weights not in self.weight_sets or self.threshold not in self.thresholds:
            raise ValueError("the method's own weights and threshold must be among those the 27 runs try")

    def table_significance(self, magnitude: Magnitude, likelihood: Likelihood) -> Significance:
        return self.significance[magnitude][LIKELIHOODS.index(likelihood)]

    def significance_of(
        self, magnitude: Magnitude, likelihood: Likelihood, *, harm: bool, priority: bool
    ) -> Significance:
        """The published look-up; a harm to a priority group that is not negligible moves up one class."""
        found = self.table_significance(magnitude, likelihood)
        if not (harm and priority) or found == "negligible":
            return found
        return SIGNIFICANCES[min(SIGNIFICANCES.index(found) + 1, len(SIGNIFICANCES) - 1)]

    def above(self, left: float, right: float) -> bool:
        """Whether left is above right. Numbers that agree to `decimals` places count as equal."""
        return round(left - right, self.decimals) > 0

    def at_least(self, left: float, right: float) -> bool:
        return round(left - right, self.decimals) >= 0


METHOD = Method(
    version="2026-1",
    weights=(1, 3, 9),
    weight_sets=((1, 2, 3), (1, 3, 9), (1, 4, 16)),
    likelihoods={
        "unlikely": (0.05, 0.10, 0.20),
        "possible": (0.20, 0.35, 0.50),
        "likely": (0.50, 0.65, 0.80),
        "almost_certain": (0.80, 0.90, 0.95),
    },
    significance={
        "minor": ("negligible", "negligible", "minor", "minor"),
        "moderate": ("minor", "minor", "moderate", "moderate"),
        "major": ("minor", "moderate", "major", "major"),
    },
    per_residents=1000,
    material=1.0,
    threshold=0.10,
    thresholds=(0.05, 0.10, 0.15),
    shape_step=0.10,
    shape_ratio=1.1,
    priority_part=0.5,
    low_confidence_part=Fraction(1, 3),
    steps_without_countersignature=1,
    spread_tolerance=0.000001,
    decimals=9,
)
