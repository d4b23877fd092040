"""Reads the figures of an indicator as people copy them from a spreadsheet: one line for each fifth, tenth or group."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from hia_app.domain.indicator_figures import COLUMNS, row_problems
from hia_app.domain.typed import showable

MOST_LINES = 200

_NUMBERED = re.compile(r"(?:tenth|fifth|decile|quintile|quantile|d|q)?\s*([0-9]{1,2})(?:st|nd|rd|th)?(?:\s*[(:–-].*)?")
_NAMED = re.compile(r"(?:(second|third|fourth|fifth)\s+)?(most|more|least|less)\s+deprived\b.*")
_ORDINALS = {"": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
_HEADINGS = {
    "name": re.compile(r"group|ethnic|community|^name$"),
    "quantile": re.compile(r"quantile|decile|quintile|tenth|fifth|deprivation|category"),
    "lower": re.compile(r"lower|\blcl\b|\blci\b"),
    "upper": re.compile(r"upper|\bucl\b|\buci\b"),
    "population": re.compile(r"population|people|denominator|residents|households|homes|^n$"),
    "value": re.compile(r"value|rate|percent|proportion|share|figure|%|average|mean"),
}

Rows = dict[int, dict[str, str]]


class Unreadable(ValueError):
    """What was pasted cannot be read: every problem with its line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(". ".join(problems))
        self.problems = tuple(problems)


def pasted(text: str, count: int) -> Rows:
    """Place (1 is the most deprived) → column → the figure as it was written, for all `count` places.

    A line is: quantile, value, and if known population, lower, upper; between them tabs, semicolons or commas. A
    first line of headings may give another order. Lines of one figure each are taken in their order. Raises Unreadable.
    """
    lines = _lines(text, f"each of the {count}")
    order: tuple[str, ...] = ("quantile", *COLUMNS)
    if lines and _is_header(lines[0][1], count):
        order = _order(lines[0][1]) or order
        lines = lines[1:]
    if len(lines) == count and all(len(cells) == 1 for _, cells in lines):
        lines = [(number, [str(place), *cells]) for place, (number, cells) in enumerate(lines, 1)]
        order = ("quantile", *COLUMNS)
    rows, problems = _rows(lines, order, count)
    absent = [str(place) for place in range(1, count + 1) if place not in rows]
    if absent and not problems:
        step = "tenth" if count == 10 else "fifth"
        problems.append(f"There is no line for {step} {', '.join(absent)}. Give its line; its value may be empty")
    if problems:
        raise Unreadable(problems)
    return rows


def pasted_groups(text: str, most: int) -> list[dict[str, str]]:
    """For each group its `name` and figures as they were written, in the order of the lines.

    A line is: name, value, and if known population, lower, upper. A first line of headings may give another order.
    Raises Unreadable.
    """
    lines = _lines(text, "each group")
    order: tuple[str, ...] = ("name", *COLUMNS)
    if lines and not any(cell and _is_figure(cell) for cell in lines[0][1]):
        named = _order(lines[0][1], "name")
        order, lines = named or order, lines[1:] if named else lines
    rows, problems = list[dict[str, str]](), list[str]()
    for number, cells in lines:
        if any(cells[len(order) :]):
            problems.append(f"Line {number}: there are {len(cells)} cells where at most {len(order)} were expected")
            continue
        given = {name: cell for name, cell in zip(order, cells, strict=False) if name}
        problems += [f"Line {number}, {name}: {why}" for name, why in row_problems(given)]
        if why := name_problem(given.get("name", ""), [row["name"] for row in rows]):
            problems.append(f"Line {number}, group: {why}")
        rows.append({name: given.get(name, "") for name in ("name", *COLUMNS)})
    if len(rows) > most:
        problems.append(f"There are {len(rows)} groups. At most {most} can be given")
    if not rows and not problems:
        problems.append("There is no group with a figure")
    if problems:
        raise Unreadable(problems)
    return rows


LONGEST_NAME = 120
FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet calculates instead of showing it."""


def name_problem(name: str, before: Sequence[str]) -> str:
    """What is wrong with the name of a group that comes after others; "" for nothing."""
    if not name:
        return "Give the name of the group"
    if name.startswith(FORMULA):
        return f"“{showable(name)[:30]}” looks like a formula. A name begins with a letter"
    if len(name) > LONGEST_NAME:
        return f"Shorten the name to {LONGEST_NAME} characters or fewer"
    return f"“{name[:30]}” was given before" if name.casefold() in {one.casefold() for one in before} else ""


def _lines(text: str, of_what: str) -> list[tuple[int, list[str]]]:
    lines = [(number, _cells(line)) for number, line in enumerate(text.split("\n"), 1) if line.strip(" \t,;\r")]
    if len(lines) > MOST_LINES:
        raise Unreadable([f"There are {len(lines)} lines. Give one line for {of_what}"])
    return lines


def _rows(lines: Sequence[tuple[int, list[str]]], order: Sequence[str], count: int) -> tuple[Rows, list[str]]:
    rows: Rows = {}
    problems: list[str] = []
    for number, cells in lines:
        if any(cells[len(order) :]):
            problems.append(f"Line {number}: there are {len(cells)} cells where at most {len(order)} were expected")
            continue
        given = {name: cell for name, cell in zip(order, cells, strict=False) if name}
        place = place_of(given.get("quantile", ""), count)
        if place is None:
            said = showable(given.get("quantile", ""))[:30]
            problems.append(f"Line {number}: “{said}” is not one of 1 to {count}")
        elif place in rows:
            problems.append(f"Line {number}: {place} was given before")
        problems += [f"Line {number}, {name}: {why}" for name, why in row_problems(given)]
        if place is not None:
            rows.setdefault(place, {name: given[name] for name in COLUMNS if name in given})
    return rows, problems


def place_of(text: str, count: int) -> int | None:
    """1 from “1”, “Tenth 1”, “1 (most deprived)” or “Most deprived decile (IMD 2025)”; None for anything else."""
    name = " ".join(text.lower().split())
    if found := _NUMBERED.fullmatch(name):
        place = int(found[1])
    elif found := _NAMED.fullmatch(name):
        steps = _ORDINALS[found[1] or ""]
        place = steps if found[2] in ("most", "more") else count + 1 - steps
    else:
        return None
    return place if 1 <= place <= count else None


def _cells(line: str) -> list[str]:
    separator = next((mark for mark in "\t;" if mark in line), ",")
    try:
        cells = next(csv.reader([line.strip("\r")], delimiter=separator, strict=True))
    except csv.Error:
        cells = line.split(separator)
    cells = [cell.strip() for cell in cells]
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    return cells


def _is_header(cells: Sequence[str], count: int) -> bool:
    """Whether a line has words and no figure; a line that begins with a fifth or tenth is one of figures."""
    if any(cell and _is_figure(cell) for cell in cells):
        return False
    return place_of(cells[0], count) is None or (len(cells) > 1 and all(cells) and _order(cells) is not None)


def _order(header: Sequence[str], first: str = "quantile") -> tuple[str, ...] | None:
    """What each column holds ("" for one that is not used); None where the headings do not name the values.

    `first` is what a line is about, and stands in the first column where no heading says otherwise.
    """
    unused = "quantile" if first == "name" else "name"
    order: list[str] = []
    for cell in header:
        found = (name for name, words in _HEADINGS.items() if name != unused and words.search(cell.lower()))
        name = next(found, "")
        order.append(name if name not in order else "")
    if first not in order and order and not order[0]:
        order[0] = first
    return tuple(order) if {first, "value"} <= set(order) else None


def _is_figure(text: str) -> bool:
    return not any(row_problems({"value": text}))
