"""A reader who tries to work out what a published table hides, from nothing but what is printed.

Written apart from the program: it tries values one by one and never stops early, which only small tables allow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hia_app.domain.suppression import Publication

FAR = 600
"""How far above the smallest shown count the reader looks for a count that is not published."""

Ranges = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Printed:
    """What everybody can read: the words in each cell, which of them add up, how numbers are rounded."""

    words: Mapping[str, str]
    sums: Sequence[tuple[str, tuple[str, ...]]]
    known: Mapping[str, int]
    fewest: int
    rounded_to: int


def printed(publication: Publication, exact: Sequence[str] = ()) -> Printed:
    """Reads the published words; `exact` are counts shown by a decision, which are never rounded."""
    table = publication.table
    known = {key: table.counts[key] for key in (*table.known, *exact)}
    sums = [(line.total, line.parts) for line in table.sums]
    words = {key: publication.text(key) for key in table.counts}
    return Printed(words, sums, known, publication.rule.fewest, publication.rule.rounded_to)


def first_ranges(page: Printed) -> Ranges:
    """What each cell says by itself."""
    nothing_marked = not any(word.startswith("fewer than") for word in page.words.values())
    found: Ranges = {}
    for key, word in page.words.items():
        if key in page.known:
            found[key] = (page.known[key], page.known[key])
        elif word.startswith("fewer than"):
            found[key] = (1, int(word.removeprefix("fewer than ")) - 1)
        elif word == "not published":
            withheld = nothing_marked and all(
                page.words[other] == "not published" for other in page.words if other not in page.known
            )
            found[key] = (0 if withheld else page.fewest, page.fewest + FAR)
        else:
            shown = int(word.replace(",", ""))
            around = page.rounded_to // 2 if shown else 0
            found[key] = (max(page.fewest, shown - around), shown + around) if around else (shown, shown)
    return found


def together(pages: Sequence[tuple[Printed, Mapping[str, str]]]) -> tuple[Ranges, list[tuple[str, tuple[str, ...]]]]:
    """All that several pages say; each page's keys are renamed by its own mapping."""
    ranges: Ranges = {}
    sums = []
    for page, names in pages:
        for key, (low, high) in first_ranges(page).items():
            before = ranges.get(names[key], (low, high))
            ranges[names[key]] = (max(low, before[0]), min(high, before[1]))
        sums += [(names[total], tuple(names[part] for part in parts)) for total, parts in page.sums]
    return ranges, sums


def possible(ranges: Ranges, sums: Sequence[tuple[str, tuple[str, ...]]]) -> bool:
    """Whether any whole numbers in these ranges make every sum right."""
    ranges = dict(ranges)
    changed = True
    while changed:
        changed = False
        for total, parts in sums:
            for key in (total, *parts):
                low, high = _left_for(key, total, parts, ranges)
                low, high = max(low, ranges[key][0]), min(high, ranges[key][1])
                if low > high:
                    return False
                changed = changed or (low, high) != ranges[key]
                ranges[key] = (low, high)
    unsure = [key for key, (low, high) in ranges.items() if low < high and any(key in (t, *p) for t, p in sums)]
    if not unsure:
        return True
    key = min(unsure, key=lambda key: ranges[key][1] - ranges[key][0])
    low, high = ranges[key]
    return any(possible({**ranges, key: (value, value)}, sums) for value in range(low, high + 1))


def _left_for(key: str, total: str, parts: tuple[str, ...], ranges: Ranges) -> tuple[int, int]:
    if key == total:
        return sum(ranges[part][0] for part in parts), sum(ranges[part][1] for part in parts)
    others = [ranges[part] for part in parts if part != key]
    return ranges[total][0] - sum(high for _, high in others), ranges[total][1] - sum(low for low, _ in others)


def narrowest(key: str, ranges: Ranges, sums: Sequence[tuple[str, tuple[str, ...]]]) -> int:
    """The width of the range (highest minus lowest) that is left for a count."""
    low, high = ranges[key]
    least = _first(range(low, high + 1), key, ranges, sums)
    most = _first(range(high, low - 1, -1), key, ranges, sums)
    return most - least


def _first(values: Sequence[int], key: str, ranges: Ranges, sums: Sequence[tuple[str, tuple[str, ...]]]) -> int:
    return next(value for value in values if possible({**ranges, key: (value, value)}, sums))
