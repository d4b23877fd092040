"""Which counts are too small to publish, what stands in their place, and the table of counts they stand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

NOT_PUBLISHED = "not published"
STILL_CONSIDERED = "too few to publish, still considered"
"""What the narrative says of a group whose number is hidden: small groups are never left out of the thinking."""

LARGEST = 10**12
TOTAL = ""

Totals = Literal["shown", "known", "left_out"]


@dataclass(frozen=True)
class Rule:
    """Counts from 1 to `fewest` − 1 are hidden, the rest rounded to a multiple of `rounded_to` (1: not rounded)."""

    fewest: int = 10
    rounded_to: int = 1
    name: str = "Small-numbers rule of this council"

    def __post_init__(self) -> None:
        if not 6 < self.fewest <= 1_000:
            raise ValueError("a rule hides the counts from 1 to at least 6, or a reader would know them too closely")
        if not 1 <= self.rounded_to < self.fewest:
            raise ValueError("rounding is to a number from 1 (none) to below the smallest count shown")

    @property
    def mark(self) -> str:
        """What stands in place of a small count."""
        return f"fewer than {self.fewest}"

    @property
    def words(self) -> str:
        """The rule as it is printed under a table."""
        rounding = f", and other counts are rounded to the nearest {self.rounded_to}" if self.rounded_to > 1 else ""
        return f"{self.name}: counts from 1 to {self.fewest - 1} are shown as “{self.mark}”{rounding}."

    def is_small(self, count: int) -> bool:
        return 0 < count < self.fewest

    def rounded(self, count: int) -> int:
        """The count as it is shown; a half goes up."""
        return (count + self.rounded_to // 2) // self.rounded_to * self.rounded_to

    def behind(self, count: int) -> tuple[int, int]:
        """The lowest and highest count that a reader of this shown count has to reckon with."""
        if count == 0 or self.rounded_to == 1:
            return count, count
        shown = self.rounded(count)
        return max(self.fewest, shown - self.rounded_to // 2), shown + (self.rounded_to - 1) // 2


FEWER_THAN_TEN = Rule()
NHS_SUB_NATIONAL = Rule(8, 5, "NHS rule for areas within England")
PRESETS: Mapping[str, Rule] = {"fewer_than_ten": FEWER_THAN_TEN, "nhs_sub_national": NHS_SUB_NATIONAL}


def rule_in(payload: Mapping[str, Any]) -> Rule:
    """The rule that a record was frozen with, so that its public edition never changes."""
    return Rule(**payload["small_numbers"]) if payload.get("small_numbers") else FEWER_THAN_TEN


@dataclass(frozen=True)
class Sum:
    """One count that is the sum of others."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class CountTable:
    """True counts of people or homes by key, and which of them add up to which.

    `known` are those that readers have from elsewhere, such as a published population: hiding them hides nothing.
    Tables about the same people share the keys of what they have in common (the total, say), so that they are
    protected together. Raises ValueError for counts that are no whole numbers or do not add up.
    """

    counts: Mapping[str, int]
    sums: tuple[Sum, ...] = ()
    known: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for key, count in self.counts.items():
            if type(count) is not int or not 0 <= count <= LARGEST:
                raise ValueError(f"{key!r}: a count is a whole number of 0 or more")
        unknown = self.known | set(chain.from_iterable((line.total, *line.parts) for line in self.sums))
        if unknown := unknown - set(self.counts):
            raise ValueError(f"there is no count for {sorted(unknown)!r}")
        for line in self.sums:
            if len({line.total, *line.parts}) != len(line.parts) + 1:
                raise ValueError(f"{line.total!r}: a sum names each of its counts once")
            added = sum(self.counts[part] for part in line.parts)
            if added != self.counts[line.total]:
                raise ValueError(f"{line.total!r} is {self.counts[line.total]:,}, but its parts add up to {added:,}")


def cell(row: str, column: str = TOTAL) -> str:
    """The key of a cell; without a column, of the row's total."""
    return f"{row}:{column}"


def series(names: Sequence[str], counts: Sequence[int], *, total: Totals = "shown") -> CountTable:
    """Counts by fifth, tenth or group with their total, which is published, known from elsewhere, or neither."""
    keys = _unique(names)
    by_key = dict(zip(keys, counts, strict=True))
    if total == "left_out":
        return CountTable(by_key)
    by_key[TOTAL] = sum(counts)
    return CountTable(by_key, (Sum(TOTAL, keys),), frozenset({TOTAL} if total == "known" else ()))


def grid(
    rows: Sequence[str],
    columns: Sequence[str],
    counts: Sequence[Sequence[int]],
    *,
    row_totals: Totals = "shown",
    column_totals: Totals = "shown",
) -> CountTable:
    """Counts by row and column with totals of each; the total of all is there when both are.

    Keys are those of `cell`: ("1", "rented"), totals ("1",), ("", "rented") and ("",).
    """
    rows, columns = _unique(rows), _unique(columns)
    by_key = {
        cell(row, column): count
        for row, line in zip(rows, counts, strict=True)
        for column, count in zip(columns, line, strict=True)
    }
    sums, known = list[Sum](), set[str]()
    lines = (
        (row_totals, [(cell(row), [cell(row, column) for column in columns]) for row in rows]),
        (column_totals, [(cell(TOTAL, column), [cell(row, column) for row in rows]) for column in columns]),
    )
    for totals, named in lines:
        if totals == "left_out":
            continue
        for key, parts in named:
            by_key[key] = sum(by_key[part] for part in parts)
            sums.append(Sum(key, tuple(parts)))
            known |= {key} if totals == "known" else set()
    if "left_out" not in (row_totals, column_totals):
        by_key[cell(TOTAL)] = sum(by_key[cell(row)] for row in rows)
        sums += [Sum(cell(TOTAL), tuple(key for key, _ in named)) for _, named in lines]
        known |= {cell(TOTAL)} if "known" in (row_totals, column_totals) else set()
    return CountTable(by_key, tuple(sums), frozenset(known))


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    if len(set(names)) != len(names) or any(not name or ":" in name for name in names):
        raise ValueError("rows and columns have a name each, without a colon")
    return tuple(names)


def implied_count(value: float, population: int, *, per: int = 100) -> int:
    """The count behind a percentage (or a rate per `per`), to check a value that was typed without its count."""
    return round(value * population / per)
