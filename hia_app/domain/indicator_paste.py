"""Reads the figures of an indicator as people copy them out of a spreadsheet: one line for each fifth or tenth."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from hia_app.domain import typed
from hia_app.domain.typed import Unclear, showable

COLUMNS = ("value", "population", "lower", "upper")
MOST_LINES = 200

_NUMBERED = re.compile(r"(?:tenth|fifth|decile|quintile|quantile|d|q)?\s*([0-9]{1,2})(?:st|nd|rd|th)?(?:\s*[(:–-].*)?")
_NAMED = re.compile(r"(?:(second|third|fourth|fifth)\s+)?(most|more|least|less)\s+deprived\b.*")
_ORDINALS = {"": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
_HEADINGS = {
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


def plain_figure(text: str) -> str:
    """A figure without what spreadsheets put around it: £, %, and the spaces between thousands."""
    bare = re.sub(r"[\s\u00a0\u2009\u202f]+", "", text)
    return bare.replace("\u2212", "-").removesuffix("%").replace("£", "", 1)


def sign_of(text: str) -> str:
    """The unit that a figure carries with it: "%", "£" or ""."""
    return next((sign for sign in ("%", "£") if sign in text), "")


def pasted(text: str, count: int) -> Rows:
    """Place (1 is the most deprived) → column → the figure as it was written, for all `count` places.

    A line is: quantile, value, and if known population, lower, upper; between them tabs, semicolons or commas. A
    first line of headings may give another order. Lines of one figure each are taken in their order. Raises Unreadable.
    """
    lines = [(number, _cells(line)) for number, line in enumerate(text.split("\n"), 1) if line.strip(" \t,;\r")]
    if len(lines) > MOST_LINES:
        raise Unreadable([f"There are {len(lines)} lines. Paste one line for each of the {count}"])
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
        for name in COLUMNS:
            if why := _problem(given.get(name, "")):
                problems.append(f"Line {number}, {name}: {why}")
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
    if any(cell and not _problem(cell) for cell in cells):
        return False
    return place_of(cells[0], count) is None or (len(cells) > 1 and all(cells) and _order(cells) is not None)


def _order(header: Sequence[str]) -> tuple[str, ...] | None:
    """What each column holds ("" for one that is not used); None where the headings do not name the values."""
    order: list[str] = []
    for cell in header:
        name = next((name for name, words in _HEADINGS.items() if words.search(cell.lower())), "")
        order.append(name if name not in order else "")
    if "quantile" not in order and order and not order[0]:
        order[0] = "quantile"
    return tuple(order) if {"quantile", "value"} <= set(order) else None


def _problem(text: str) -> str:
    if not text:
        return ""
    try:
        typed.number(plain_figure(text), minimum=-typed.LARGEST_NUMBER, decimals=10)
    except Unclear as unclear:
        return f"“{showable(text)[:30]}” cannot be read. {unclear.message}"
    return ""
