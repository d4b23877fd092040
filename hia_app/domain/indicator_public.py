"""An indicator as the public may see it: without figures of too few people, and without all that gives them away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from hia_app.domain.indicator_terms import Series, series_of
from hia_app.domain.suppression import Publication, publish
from hia_app.domain.suppression_rules import (
    FEWER_THAN_TEN,
    NOT_PUBLISHED,
    STILL_CONSIDERED,
    CountTable,
    Rule,
    Sum,
    rule_in,
)

Payload = Mapping[str, Any]

CHANGED = "The figures of each version stand in its own public edition."
"""What the public edition says of a change to an indicator: the texts of a change would tell what is hidden."""


def hidden_words(rule: Rule, *, rounded: bool) -> str:
    """What stands in place of the measures, with the rule by its name."""
    said = [f"Some figures are not given here: {STILL_CONSIDERED}.", "The measures that rest on them are not "
            "published either, nor figures from which they could be worked out."]  # fmt: skip
    if rounded:
        said = ["The numbers of people are rounded, and the figures are those of the rounded numbers.", *said]
    return " ".join(said) + (
        f" {rule.name}: figures that rest on 1 to {rule.fewest - 1} people are not published"
        f"{f', other numbers are rounded to the nearest {rule.rounded_to}' if rounded else ''}."
    )


def published(
    value: Payload, statistics: Payload | None, rule: Rule = FEWER_THAN_TEN, earlier: Sequence[Payload] = ()
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Value and statistics without small numbers; unchanged where an officer recorded that they are public already.

    Totals are taken to be known, so that a single hidden figure is not the difference of the others. `earlier` are the
    same answer in earlier versions, oldest first, each as `value` and the `small_numbers` rule of its record: what they
    hid is not given away by this one.
    """
    said = dict(statistics) if statistics else None
    main, by_group = series_of(value), series_of(value, groups=True)
    before = [_told_before(earlier, groups=groups) for groups in (False, True)]
    rounds = rule.rounded_to > 1 and bool(main.people or by_group.people)
    hidden_before = any(state != "shown" for told in before for one in told for state in one.states.values())
    if _decided(value) or not (main.small(rule) or by_group.small(rule) or rounds or hidden_before):
        return dict(value), said
    shown = _Shown(main, rule, before[0]), _Shown(by_group, rule, before[1])
    return _without(value, *shown), said and _without_measures(said, rule, *shown)


def _decided(value: Payload) -> bool:
    """Whether an officer recorded that the small numbers are public already."""
    return (value.get("small_numbers") or {}).get("decision") == "shown"


def _told_before(earlier: Sequence[Payload], *, groups: bool) -> list[Publication]:
    """What each earlier version published, worked out anew as it was then."""
    found: list[Publication] = []
    for one in earlier:
        rule = rule_in(one)
        table = _table(series_of(one["value"], groups=groups))
        if _decided(one["value"]):
            every = dict.fromkeys(table.counts, "")
            found.append(Publication(table, rule, dict.fromkeys(table.counts, "shown"), decisions=every))
        else:
            found.append(publish(table, rule, earlier=found))
    return found


class _Shown:
    """What of one series of figures is published: `hidden` and `hidden_people` are places, from 1."""

    def __init__(self, series: Series, rule: Rule, earlier: Sequence[Publication]) -> None:
        self.series, self.rule = series, rule
        self.table = _table(series)
        self.publication = publish(self.table, rule, earlier=earlier)
        places = range(1, len(series.values) + 1)
        if self.publication.exposed:
            self.hidden = frozenset(series.people)
            self.hidden_people = self.hidden if any(self._gone("p", place) for place in places) else frozenset()
        else:
            self.hidden = frozenset(
                place for place in places if any(self._gone(part, place) for part in ("c", "r", "p"))
            )
            self.hidden_people = frozenset(place for place in places if self._gone("p", place))

    def _gone(self, part: str, place: int) -> bool:
        key = _key(self.series, part, place)
        return key in self.table.counts and self.publication.number(key) is None

    @property
    def changed(self) -> bool:
        return bool(self.hidden) or self.rule.rounded_to > 1

    def value(self, place: int) -> str:
        """A figure as published; beside rounded people, the figure of the rounded numbers."""
        text = self.series.values[place - 1]
        if place in self.hidden or not text or not self._rounded(place):
            return "" if place in self.hidden else text
        places = max(0, -int(Decimal(text).as_tuple().exponent))
        part, whole = (_key(self.series, one, place) for one in ("c", "p"))
        told = self.publication.share(part, whole, per=int(self.series.whole), decimals=places)
        return "" if told == NOT_PUBLISHED else told.replace(",", "")

    def people(self, place: int) -> str:
        text = self.series.populations[place - 1]
        if place in self.hidden_people or not text:
            return ""
        key = _key(self.series, "p", place)
        if self.rule.rounded_to == 1 or key not in self.table.counts:
            return text
        number = self.publication.number(key)
        return text if number is None else str(number)

    def limit(self, place: int, text: str) -> str:
        """A limit as it was given; none beside a hidden or a rounded figure, which it would give away."""
        return "" if place in self.hidden or self._rounded(place) else text

    def limits(self, pairs: list[Any]) -> list[Any]:
        return [pair if pair and all(self.limit(place, end) for end in pair) else None
                for place, pair in enumerate(pairs, 1)]  # fmt: skip

    def _rounded(self, place: int) -> bool:
        return self.rule.rounded_to > 1 and _key(self.series, "c", place) in self.table.counts


def _key(series: Series, part: str, place: int) -> str:
    """The name of a count: of the people (p), of those counted (c), or of the rest (r), at a place."""
    return f"{part} {series.names[place - 1]}"


def _table(series: Series) -> CountTable:
    """The people of each place, those counted and the rest of them, with the totals that readers may know."""
    people, counts = series.people, series.counts
    cells = {_key(series, "p", place): number for place, number in people.items()}
    sums, known = list[Sum](), set[str]()
    for place, count in counts.items():
        whole, part, rest = (_key(series, one, place) for one in ("p", "c", "r"))
        cells[part] = count
        if series.kind == "proportion":
            cells[rest] = people[place] - count
            sums.append(Sum(whole, (part, rest)))
    for part in ("c", "r", "p"):
        keys = tuple(key for key in cells if key.startswith(f"{part} "))
        if len(keys) > 1:
            cells[f"all {part}"] = sum(cells[key] for key in keys)
            sums.append(Sum(f"all {part}", keys))
            known.add(f"all {part}")
    return CountTable(cells, tuple(sums), frozenset(known))


def _without(value: Payload, main: _Shown, by_group: _Shown) -> dict[str, Any]:
    places = range(1, len(value["values"]) + 1)
    found = {**value, "values": [main.value(place) for place in places]}
    for column in ("lower", "upper"):
        if column in value:
            found[column] = [main.limit(place, value[column][place - 1]) for place in places]
    if "populations" in value:
        found["populations"] = [main.people(place) for place in places]
    if "groups" in value:
        found["groups"] = [
            {
                "name": row["name"],
                "value": by_group.value(place),
                "population": by_group.people(place),
                "lower": by_group.limit(place, row["lower"]),
                "upper": by_group.limit(place, row["upper"]),
            }
            for place, row in enumerate(value["groups"], 1)
        ]
    return found


def _without_measures(statistics: Payload, rule: Rule, main: _Shown, by_group: _Shown) -> dict[str, Any]:
    """No measure that rests on a hidden or rounded figure; and which places are hidden, for whoever draws them."""
    found = dict(statistics)
    words = hidden_words(rule, rounded=rule.rounded_to > 1)
    if main.changed:
        nothing = dict.fromkeys(("gap", "ratio", "concentration", "average", "gradient"))
        limits = main.limits(statistics["limits"])
        found |= {**nothing, "limits": limits, "notes": [], "refusals": [words]}
        found |= {"hidden": sorted(main.hidden), "hidden_people": sorted(main.hidden_people)}
    groups = statistics.get("by_group")
    if groups and (by_group.changed or main.changed):
        found["by_group"] = {
            "limits": by_group.limits(groups["limits"]),
            "limits_from": groups["limits_from"],
            "average": None,
            "average_of": "",
            "hidden": sorted(by_group.hidden),
            "hidden_people": sorted(by_group.hidden_people),
            "refusals": [words] if by_group.changed else [],
        }
    return found
