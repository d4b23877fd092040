"""Whether a reader can work out what is hidden: looks for other tables that fit everything published as well.

A hidden count is safe when there are two such tables in which it differs by enough. Only tables that were found
count, so that a search that gives up too early hides more than needed, never less.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

LEAST_WIDTH = 5
"""From everything published, no hidden count may be narrowed to a range below this (highest minus lowest)."""

STEPS = (LEAST_WIDTH, 1, *range(LEAST_WIDTH - 1, 1, -1))
MOST_STEPS = 100
MOST_CHANGES = (3, 7, MOST_STEPS)
MOST_ROUNDS = 60

Count = tuple[str, int]
"""The key of a count with its true value: a count that was corrected since an earlier edition is another one."""
Ranges = dict[Count, tuple[int, int]]


@dataclass(frozen=True)
class OpenSum:
    """What a sum says of the counts a reader does not know exactly: their signed sum is `constant`."""

    signs: Mapping[Count, int]
    constant: int


class Knowledge:
    """What a reader knows: a range for each count, and sums (a total and its parts). `truth` fits all of it."""

    def __init__(self, truth: Mapping[Count, int], ranges: Ranges, sums: Iterable[tuple[Count, tuple[Count, ...]]]):
        self.sums = list(sums)
        self.ranges = {count: ends for count, ends in ranges.items() if ends[0] < ends[1]}
        self.truth = {count: truth[count] for count in self.ranges}
        self.open = [self._open(total, parts, truth) for total, parts in self.sums]
        self.of: dict[Count, list[int]] = {count: [] for count in self.ranges}
        for place, line in enumerate(self.open):
            for count in line.signs:
                self.of[count].append(place)
        _narrow(self, self.ranges, range(len(self.open)))

    def _open(self, total: Count, parts: tuple[Count, ...], truth: Mapping[Count, int]) -> OpenSum:
        signs = {count: -1 if count == total else 1 for count in (*parts, total) if count in self.ranges}
        return OpenSum(signs, sum(sign * truth[count] for count, sign in signs.items()))


Seen = dict[Count, tuple[int, int]]
"""The lowest and highest value of each count in any table found that fits."""


def weak_counts(knowledge: Knowledge, counts: Iterable[Count], seen: Seen | None = None) -> Iterator[Count]:
    """Those of the counts for which no two tables far enough apart were found.

    `seen` may come from a reader who knew more, and is added to: all those tables still fit.
    """
    found: Seen = {} if seen is None else seen
    for count, value in knowledge.truth.items():
        found.setdefault(count, (value, value))
    return (count for count in counts if count not in knowledge.ranges or not _is_safe(knowledge, count, found))


def _is_safe(knowledge: Knowledge, count: Count, seen: Seen) -> bool:
    """Steps away from the true value in both directions, as far as other tables that fit can be found."""
    for direction in (1, -1):
        for step in STEPS:
            low, high = seen[count]
            wanted = knowledge.truth[count] + direction * step
            if high - low >= LEAST_WIDTH:
                return True
            if low <= wanted <= high:
                continue
            found = other_table(knowledge, count, wanted)
            if found is None and step == 1:
                break  # not even one step: further ones are not there either, or too rare to rely on
            for name, value in (found or {}).items():
                least, most = seen[name]
                seen[name] = (min(least, value), max(most, value))
    low, high = seen[count]
    return high - low >= LEAST_WIDTH


def other_table(knowledge: Knowledge, count: Count, value: int) -> dict[Count, int] | None:
    """A table that fits all that is known, in which the count has this value; None when none was found."""
    low, high = knowledge.ranges[count]
    if not low <= value <= high:
        return None
    fixed = {**knowledge.ranges, count: (value, value)}
    for most_changes in MOST_CHANGES:  # mostly a few changes are enough, and found soon where many are not tried
        found = _repair(knowledge, dict(fixed), knowledge.of[count], [MOST_STEPS], most_changes)
        if found is not None:
            return found
    return None


def _repair(
    knowledge: Knowledge, ranges: Ranges, touched: Sequence[int], steps: list[int], changes: int
) -> dict[Count, int] | None:
    """Changes one count after the other until every sum is right again; tries the roomiest first, then goes back."""
    steps[0] -= 1
    if steps[0] < 0 or not _narrow(knowledge, ranges, touched):
        return None
    table = {count: min(max(value, ranges[count][0]), ranges[count][1]) for count, value in knowledge.truth.items()}
    wrong = _first_wrong(knowledge, table)
    if wrong is None:
        return table
    line, missing = wrong
    roomy = sorted(line.signs, key=lambda count: ranges[count][0] - ranges[count][1])
    for count in roomy:
        low, high = ranges[count]
        value = min(max(table[count] + line.signs[count] * missing, low), high)
        if value == table[count] or changes == 0:
            continue
        found = _repair(knowledge, {**ranges, count: (value, value)}, knowledge.of[count], steps, changes - 1)
        if found is not None:
            return found
    return None


def _first_wrong(knowledge: Knowledge, table: Mapping[Count, int]) -> tuple[OpenSum, int] | None:
    """The first sum that is not right, and what it lacks."""
    for line in knowledge.open:
        missing = line.constant - sum(sign * table[count] for count, sign in line.signs.items())
        if missing:
            return line, missing
    return None


def _narrow(knowledge: Knowledge, ranges: Ranges, touched: Sequence[int]) -> bool:
    """Narrows the ranges by what the sums say; False when nothing fits. Stopping early only loses time."""
    waiting = dict.fromkeys(touched)
    for _ in range(MOST_ROUNDS * (len(knowledge.open) + 1)):
        if not waiting:
            return True
        place = next(iter(waiting))
        del waiting[place]
        changed = _narrow_sum(ranges, knowledge.open[place])
        if changed is None:
            return False
        for count in changed:
            waiting.update(dict.fromkeys(knowledge.of[count]))
    return True


def _narrow_sum(ranges: Ranges, line: OpenSum) -> list[Count] | None:
    """The counts of one sum whose ranges got narrower; None when the sum cannot be right."""
    # On the side of its sign, each count has an end that makes the sum smallest and one that makes it largest.
    ends = {
        count: ranges[count] if sign > 0 else (-ranges[count][1], -ranges[count][0])
        for count, sign in line.signs.items()
    }
    least, most = sum(low for low, _ in ends.values()), sum(high for _, high in ends.values())
    if not least <= line.constant <= most:
        return None
    changed = []
    for count, (low, high) in ends.items():
        bottom, top = max(low, line.constant - (most - high)), min(high, line.constant - (least - low))
        if (bottom, top) != (low, high):
            ranges[count] = (bottom, top) if line.signs[count] > 0 else (-top, -bottom)
            changed.append(count)
    return changed
