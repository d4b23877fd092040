"""What the figures of an indicator are: their kind, their unit as a number, and which rest on too few people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hia_app.domain.gradient_terms import Kind, quantile_name
from hia_app.domain.suppression_rules import FEWER_THAN_TEN

KINDS = {
    "proportion": "Part of a whole, such as the share of homes that are cold",
    "rate": "A rate, such as deaths per 100,000 people",
    "other": "Something else, such as life expectancy or an average",
}
KIND_WORDS = {"proportion": "part of a whole", "rate": "rate", "other": "neither a rate nor a part of a whole"}
DECISIONS = {
    "shown": "Shown because already published by somebody else",
    "hidden": "Hidden in what is published, narrative kept",
}

_PER = re.compile(r"\bper\s+(1[0,]*)\b")


def is_percentage(unit: str) -> bool:
    return any(word in unit.lower() for word in ("%", "per cent", "percent"))


def whole_of(unit: str) -> Decimal:
    """How many of the unit make a whole: 100 for %, 1,000 for “per 1,000”, else 1."""
    if is_percentage(unit):
        return Decimal(100)
    found = _PER.search(unit.lower())
    return Decimal(found[1].replace(",", "")) if found and len(found[1]) < 13 else Decimal(1)


def kind_of(value: Mapping[str, Any]) -> tuple[Kind, bool]:
    """The kind of figure, and whether an officer said so; a % between 0 and 100 is taken for a proportion."""
    said = value.get("kind")
    if said in KINDS:
        return said, True
    figures = [Decimal(figure) for figure in value["values"] if figure]
    share = is_percentage(value["unit"]) and all(0 <= figure <= 100 for figure in figures)
    return ("proportion" if share else "other"), False


def quantile_label(place: int, count: int) -> str:
    """“Tenth 1 (most deprived)” of ten."""
    name = quantile_name(place, count).capitalize()
    return name + {1: " (most deprived)", count: " (least deprived)"}.get(place, "")


def implied_counts(value: Mapping[str, Any]) -> dict[int, int]:
    """Place → the number of people behind a proportion, where the population is given too."""
    if kind_of(value)[0] != "proportion":
        return {}
    whole = whole_of(value["unit"])
    return {
        place: int((Decimal(figure) * Decimal(people) / whole).to_integral_value())
        for place, (figure, people) in enumerate(
            zip(value["values"], value.get("populations") or [""] * len(value["values"]), strict=True), 1
        )
        if figure and people and 0 <= Decimal(figure) <= whole
    }


def small_places(value: Mapping[str, Any]) -> tuple[int, ...]:
    """The places whose count is from 1 to 9, too few to publish."""
    return tuple(place for place, count in implied_counts(value).items() if FEWER_THAN_TEN.is_small(count))
