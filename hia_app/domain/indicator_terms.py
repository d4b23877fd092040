"""What the figures of an indicator are: their kind, their unit as a number, and which rest on too few people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hia_app.domain.gradient_terms import Kind, quantile_name
from hia_app.domain.lines import MOST_PEOPLE
from hia_app.domain.suppression_rules import FEWER_THAN_TEN, Rule

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


def series_of(value: Mapping[str, Any], *, groups: bool = False) -> Series:
    """The figures by fifth or tenth, or those by ethnic group."""
    kind, whole = kind_of(value)[0], whole_of(value["unit"])
    rows = value.get("groups") or () if groups else ()
    if groups:
        names = [row["name"].casefold() for row in rows]
        return Series(kind, whole, names, [row["value"] for row in rows], [row["population"] for row in rows])
    names = [str(place) for place in range(1, len(value["values"]) + 1)]
    return Series(kind, whole, names, value["values"], value.get("populations") or [""] * len(value["values"]))


@dataclass(frozen=True)
class Series:
    """Figures and the people behind each (texts, "" where not known); `whole` of the unit are all of the people.

    `names` tell whether figures of two versions are about the same people.
    """

    kind: Kind
    whole: Decimal
    names: Sequence[str]
    values: Sequence[str]
    populations: Sequence[str]

    @property
    def people(self) -> dict[int, int]:
        """Place (from 1) → the number of people, where it is known; more than live on Earth is nobody's number."""
        known = {place: int(Decimal(text)) for place, text in enumerate(self.populations, 1) if text}
        return {place: people for place, people in known.items() if people <= MOST_PEOPLE}

    @property
    def counts(self) -> dict[int, int]:
        """Place → the number of people counted, for parts of a whole, and for rates per so many."""
        if self.kind == "other" or (self.kind == "rate" and self.whole == 1):
            return {}
        counted = {
            place: int((Decimal(value) * Decimal(people) / self.whole).to_integral_value())
            for place, (value, people) in enumerate(zip(self.values, self.populations, strict=True), 1)
            if value and place in self.people and self._possible(Decimal(value))
        }
        return {place: count for place, count in counted.items() if count <= MOST_PEOPLE}

    def _possible(self, figure: Decimal) -> bool:
        return figure >= 0 and (self.kind == "rate" or figure <= self.whole)

    def small(self, rule: Rule) -> tuple[int, ...]:
        """The places that rest on too few: of the people counted, or of people at all."""
        counts, people = self.counts, self.people
        return tuple(
            place
            for place in range(1, len(self.values) + 1)
            if rule.is_small(counts.get(place, 0)) or rule.is_small(people.get(place, 0))
        )


@dataclass(frozen=True)
class Small:
    """Fifths or tenths by number, and groups by name, whose figures rest on too few people to publish."""

    places: tuple[int, ...]
    groups: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.places or self.groups)


def small_in(value: Mapping[str, Any], rule: Rule = FEWER_THAN_TEN) -> Small:
    """Everything in an indicator that rests on too few people."""
    rows = value.get("groups") or ()
    found = series_of(value, groups=True).small(rule)
    return Small(series_of(value).small(rule), tuple(rows[place - 1]["name"] for place in found))
