"""Small numbers: what of a table can be published so that nobody can be found in it, and what is said instead.

Hidden are the small counts, and as few others as it takes that no small one can be worked out: by taking shares of
totals, from another table of the same people, or from an earlier edition.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from hia_app.domain.chart_numbers import written
from hia_app.domain.inequality import wilson
from hia_app.domain.suppression_rules import FEWER_THAN_TEN, NOT_PUBLISHED, CountTable, Rule, Sum
from hia_app.domain.suppression_search import Count, Knowledge, Ranges, Seen, weak_counts

State = Literal["shown", "small", "hidden"]
"""Shown; small, so replaced by the rule's mark; or hidden, because it would give a small one away."""

HIDDEN_TOO = "Some other figures are not published, because small counts could be worked out from them."
ALL_HIDDEN = "No count of this table is published, because small ones could be worked out from the others."


MOST_LOOKED_AT = 60
"""With more hidden counts, looking for some that can be shown again would keep people waiting."""


@dataclass(frozen=True)
class Publication:
    """A table as the public may see it. Everything shown anywhere (page, chart, PDF, export) comes from here.

    `exposed` are counts that a reader can work out whatever this table hides, because of what is known already: they
    need a person's decision. `decisions` are the reasons for small counts that are shown all the same.
    """

    table: CountTable
    rule: Rule
    states: Mapping[str, State]
    exposed: tuple[str, ...] = ()
    decisions: Mapping[str, str] | None = None

    @property
    def withheld(self) -> bool:
        """Whether the whole table is hidden, so that nothing tells which counts are small."""
        closed = [state for key, state in self.states.items() if key not in self._open]
        return bool(closed) and set(closed) == {"hidden"}

    @property
    def _open(self) -> frozenset[str]:
        """Counts that stay shown whatever happens: known from elsewhere, or shown by a person's decision."""
        return self.table.known | (self.decisions or {}).keys()

    def number(self, key: str) -> int | None:
        """The count as shown, rounded where the rule rounds; None when it is not shown."""
        if self.states[key] != "shown":
            return None
        count = self.table.counts[key]
        return count if self._exact(key) else self.rule.rounded(count)

    def text(self, key: str) -> str:
        """The count in words: “1,234”, “fewer than 10” or “not published”."""
        number = self.number(key)
        if number is not None:
            return f"{number:,}"
        return self.rule.mark if self.states[key] == "small" else NOT_PUBLISHED

    def share(self, part: str, whole: str, *, per: int = 100, decimals: int = 1) -> str:
        """A percentage (or a rate per `per`) of two counts, worked out from them as shown; else “not published”."""
        above, below = self.number(part), self.number(whole)
        return NOT_PUBLISHED if above is None or not below else written(above * per / below, decimals)

    def limits(self, part: str, whole: str, *, per: int = 100, confidence: float = 0.95) -> tuple[float, float] | None:
        """Wilson limits of a percentage, worked out from the counts as shown; None when it is not published."""
        above, below = self.number(part), self.number(whole)
        if above is None or not below:
            return None
        low, high = wilson(min(above, below), below, confidence)
        return low * per, high * per

    def figure(self, text: str, rests_on: Iterable[str]) -> str:
        """A mean, a gradient or any other figure: as it is when all the counts it rests on are shown as they are.

        An exact figure beside rounded counts would undo the rounding, so it is not published either.
        """
        return text if all(self.states[key] == "shown" and self._exact(key) for key in rests_on) else NOT_PUBLISHED

    def ordered(self, keys: Sequence[str]) -> tuple[str, ...]:
        """Keys by size, largest first; those not shown come last in the given order, which says nothing of them."""
        shown = {key: number for key in keys if (number := self.number(key)) is not None}
        return (*sorted(shown, key=lambda key: -shown[key]), *(key for key in keys if key not in shown))

    @property
    def note(self) -> str:
        """What is printed under the table; empty where nothing was changed."""
        hidden = set(self.states.values()) - {"shown"}
        if not hidden and self.rule.rounded_to == 1 and not self.decisions:
            return ""
        said = [self.rule.words]
        if "hidden" in hidden:
            said.append(ALL_HIDDEN if self.withheld else HIDDEN_TOO)
        return " ".join([*said, *dict.fromkeys((self.decisions or {}).values())])

    def _exact(self, key: str) -> bool:
        return self.rule.rounded_to == 1 or key in self._open

    def ranges(self) -> dict[str, tuple[int, int]]:
        """For each key, the lowest and highest count that a reader reckons with who sees nothing but this cell."""
        endless = sum(self.table.counts.values()) + 10 * self.rule.fewest
        # A hidden count beside small ones is seen not to be small itself.
        hidden = (0 if self.withheld else self.rule.fewest, endless)
        by_state = {"small": (1, self.rule.fewest - 1), "hidden": hidden}
        return {
            key: (count, count)
            if key in self.table.known
            else by_state.get(self.states[key]) or ((count, count) if self._exact(key) else self.rule.behind(count))
            for key, count in self.table.counts.items()
        }

    def to_json(self) -> dict[str, Any]:
        """For the record, which keeps the true counts: later editions are checked against it."""
        return {
            "counts": dict(self.table.counts),
            "sums": [{"total": line.total, "parts": list(line.parts)} for line in self.table.sums],
            "known": sorted(self.table.known),
            "rule": {"fewest": self.rule.fewest, "rounded_to": self.rule.rounded_to, "name": self.rule.name},
            "states": dict(self.states),
            "exposed": list(self.exposed),
            "decisions": dict(self.decisions or {}),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Publication:
        sums = tuple(Sum(line["total"], tuple(line["parts"])) for line in stored["sums"])
        return cls(
            CountTable(dict(stored["counts"]), sums, frozenset(stored["known"])),
            Rule(**stored["rule"]),
            dict(stored["states"]),
            tuple(stored["exposed"]),
            dict(stored["decisions"]),
        )


def small_counts(table: CountTable, rule: Rule = FEWER_THAN_TEN) -> tuple[str, ...]:
    """The counts an officer is asked about: shown because already published by somebody, or hidden."""
    return tuple(key for key, count in table.counts.items() if rule.is_small(count) and key not in table.known)


def publish(
    table: CountTable,
    rule: Rule = FEWER_THAN_TEN,
    *,
    earlier: Sequence[Publication] = (),
    decisions: Mapping[str, str] | None = None,
) -> Publication:
    """Hides what has to be hidden. `earlier` are all other tables ever published about the same people.

    `decisions` give, by key, the reason for showing a small count ("Shown because already published by ONS.").
    """
    decisions = dict(decisions or {})
    if unknown := decisions.keys() - table.counts.keys():
        raise ValueError(f"there is no count for {sorted(unknown)!r}")
    small = set(small_counts(table, rule)) - decisions.keys()
    states: dict[str, State] = {key: "small" if key in small else "shown" for key in table.counts}
    marked = _hide_more(Publication(table, rule, states, decisions=decisions), earlier)
    if not (weak := _weak(marked, earlier)):
        return _show_again(marked, earlier)
    withheld = replace(marked, states={key: "shown" if key in marked._open else "hidden" for key in table.counts})
    if not _weak(withheld, earlier):
        return withheld
    return replace(marked, exposed=tuple(dict.fromkeys(key for key, _ in weak)))


def _hide_more(publication: Publication, earlier: Sequence[Publication]) -> Publication:
    """Hides one more count after the other, until no hidden one is weak or nothing is left that would help."""
    seen: Seen = {}
    while True:
        knowledge = _knowledge([*earlier, publication])
        weak = next(weak_counts(knowledge, _hidden([*earlier, publication]), seen), None)
        companion = None if weak is None else _companion(knowledge, weak, publication)
        if companion is None:
            return publication
        publication = replace(publication, states={**publication.states, companion: "hidden"})


def _show_again(publication: Publication, earlier: Sequence[Publication]) -> Publication:
    """Shows every count again that need not be hidden after all, largest first."""
    totals = {line.total for line in publication.table.sums}
    extra = [key for key, state in publication.states.items() if state == "hidden"]
    if len(_hidden([*earlier, publication])) > MOST_LOOKED_AT:
        return publication
    for key in sorted(extra, key=lambda key: (key in totals, publication.table.counts[key]), reverse=True):
        more = replace(publication, states={**publication.states, key: "shown"})
        if not any(True for _ in weak_counts(_knowledge([*earlier, more]), _hidden([*earlier, more]))):
            publication = more
    return publication


def _weak(publication: Publication, earlier: Sequence[Publication]) -> list[Count]:
    editions = [*earlier, publication]
    return list(weak_counts(_knowledge(editions), _hidden(editions)))


def _knowledge(editions: Sequence[Publication]) -> Knowledge:
    """All that the editions tell together."""
    truth, ranges = dict[Count, int](), Ranges()
    sums = dict[tuple[Count, tuple[Count, ...]], None]()
    for edition in editions:
        counts, shown = edition.table.counts, edition.ranges()
        for key, value in counts.items():
            low, high = shown[key]
            before = ranges.get((key, value), (low, high))
            truth[key, value] = value
            ranges[key, value] = max(before[0], low), min(before[1], high)
        for line in edition.table.sums:
            sums[(line.total, counts[line.total]), tuple((part, counts[part]) for part in line.parts)] = None
    return Knowledge(truth, ranges, list(sums))


def _hidden(editions: Sequence[Publication]) -> list[Count]:
    """The counts that some edition hides and none shows."""
    found = dict[Count, bool]()
    for edition in editions:
        for key, state in edition.states.items():
            count = (key, edition.table.counts[key])
            found[count] = found.get(count, True) and state != "shown" and key not in edition.table.known
    return [count for count, is_hidden in found.items() if is_hidden]


def _companion(knowledge: Knowledge, weak: Count, publication: Publication) -> str | None:
    """The count to hide next: the smallest in the nearest sum where the weak count has no company, or too little."""
    totals = {line.total for line in publication.table.sums}
    near = _sums_around(knowledge, weak)
    alone = [place for place in near if len(knowledge.open[place].signs) < 2]
    for place in (*alone, *near):
        total, parts = knowledge.sums[place]
        useful = [key for key, value in (*parts, total) if _can_hide(knowledge, publication, key, value)]
        if useful:
            return min(useful, key=lambda key: (key in totals, publication.table.counts[key], key))
    return None


def _can_hide(knowledge: Knowledge, publication: Publication, key: str, value: int) -> bool:
    """Nothing is won by hiding a zero, or what readers have from elsewhere or from an earlier edition."""
    return (
        publication.table.counts.get(key) == value >= publication.rule.fewest
        and publication.states[key] == "shown"
        and key not in publication._open
    )


def _sums_around(knowledge: Knowledge, count: Count) -> list[int]:
    """The sums that a hidden count is part of, then those of the hidden counts in these, and so on."""
    found, waiting = dict[int, None](), deque([count])
    while waiting:
        for place in knowledge.of.get(waiting.popleft(), ()):
            if place not in found:
                found[place] = None
                waiting.extend(knowledge.open[place].signs)
    return list(found)
