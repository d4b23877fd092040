"""Where people live along the gradient: ready-made spreads over the five fifths, and a spread in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any, Literal

from hia_app.domain.method import FIFTH_NAMES

Spread = tuple[Decimal, Decimal, Decimal, Decimal, Decimal]
Fifths = tuple[int, int, int, int, int]
Unit = Literal["people", "homes"]

FROM_PLACES = "from_places"  # the shares come from the chosen places and a base

# Shares are kept to this precision; the largest one takes what rounding leaves, so that they add up to exactly 1.
_PLACES = Decimal("0.000001")
_SLACK = 1e-9  # binary shares such as 0.55 + 0.35 fall a hair short of what they mean


@dataclass(frozen=True, slots=True)
class Base:
    """Whom an impact reaches a part of, in the chosen places: "1,045 private-rented homes", by local fifth."""

    id: str
    label: str
    unit: Unit
    total: int
    by_fifth: Fifths

    def to_json(self) -> dict[str, Any]:
        parts = {"id": self.id, "label": self.label, "unit": self.unit, "total": self.total}
        return {**parts, "by_fifth": list(self.by_fifth)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Base:
        one, two, three, four, five = stored["by_fifth"]
        return cls(stored["id"], stored["label"], stored["unit"], stored["total"], (one, two, three, four, five))


@dataclass(frozen=True)
class SpreadPreset:
    """One choice in the form. `fifths` are those it covers, people shared among them as residents are; no fifths
    where the shares come from somewhere else."""

    kind: str
    label: str
    hint: str
    fifths: tuple[int, ...] = ()


SPREAD_PRESETS: tuple[SpreadPreset, ...] = (
    SpreadPreset(
        FROM_PLACES,
        "In the chosen places",
        "Worked out from who lives in the places you chose for this assessment.",
    ),
    SpreadPreset(
        "same_as_council",
        "Like the council's residents as a whole",
        "For something that reaches everybody alike, such as street lighting.",
        (1, 2, 3, 4, 5),
    ),
    SpreadPreset(
        "all_most_deprived",
        "All in the most deprived fifth",
        "For example, group repair in one of the most deprived neighbourhoods.",
        (1,),
    ),
    SpreadPreset(
        "two_most_deprived",
        "All in the two most deprived fifths",
        "Shared between the two as their residents are.",
        (1, 2),
    ),
    SpreadPreset(
        "all_but_most_deprived",
        "Everywhere but in the most deprived fifth",
        "For something the most deprived fifth does not get.",
        (2, 3, 4, 5),
    ),
    SpreadPreset(
        "two_least_deprived",
        "All in the two least deprived fifths",
        "Shared between the two as their residents are.",
        (4, 5),
    ),
    SpreadPreset(
        "declared",
        "I have figures for the five fifths",
        "Five shares that add up to 100%, with where they come from.",
    ),
)
SPREAD_KINDS = tuple(preset.kind for preset in SPREAD_PRESETS)


def preset_spread(kind: str, residents: Sequence[float | Decimal]) -> Spread | None:
    """The five shares of a preset, adding up to exactly 1; None for a kind whose shares are declared.

    `residents` are the council's residents by fifth, most deprived first. Raises KeyError for an unknown kind.
    """
    preset = {preset.kind: preset for preset in SPREAD_PRESETS}[kind]
    if not preset.fifths:
        return None
    return shares_of(
        [
            Decimal(str(number)) if fifth in preset.fifths else Decimal(0)
            for fifth, number in enumerate(residents, start=1)
        ]
    )


def shares_of(people: Sequence[int | Decimal]) -> Spread:
    """Five counts as shares that add up to exactly 1. The counts must not all be 0."""
    total = Decimal(sum(people))
    shares = [(number / total).quantize(_PLACES, ROUND_DOWN) for number in people]
    largest = shares.index(max(shares))
    shares[largest] += 1 - sum(shares)
    one, two, three, four, five = (share.normalize() for share in shares)
    return one, two, three, four, five


def spread_phrase(spread: Sequence[float | Decimal] | None) -> str:
    """Where people live, to follow "570 people, …"; empty where no spread is given."""
    if spread is None:
        return ""
    shares = [float(share) for share in spread]
    top = max(range(5), key=lambda fifth: shares[fifth])
    one = (shares[top], f"the {FIFTH_NAMES[top]}")
    two = max(
        (shares[0] + shares[1], "the two most deprived fifths"),
        (shares[3] + shares[4], "the two least deprived fifths"),
    )
    nearly_all = [("all in", 0.9995), ("nearly all in", 0.9)]
    most = [("most of them in", 0.6), ("more than half of them in", 0.500001)]
    choices = [
        *((one, *words) for words in nearly_all),
        *((two, *words) for words in nearly_all),
        *((place, *words) for words in most for place in (one, two)),
    ]
    for (share, place), words, least in choices:
        if share >= least - _SLACK:
            return f"{words} {place}"
    if shares[0] < _SLACK:
        return f"none of them in the {FIFTH_NAMES[0]}"
    if max(shares) - min(shares) < 0.05:
        return "spread evenly over all five deprivation fifths"
    return f"spread over the deprivation fifths with the largest part in the {FIFTH_NAMES[top]}"
