"""A CSV file of one value for each fifth or tenth, worked out without a database, for analysts and for checking us."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from hia_app.domain.gradient import Gradient, gradient
from hia_app.domain.gradient_checks import options_problems, order_problems, quantile_problems
from hia_app.domain.gradient_terms import GradientProblem, InvalidGradient, Options, Quantile
from hia_app.domain.typed import showable

MOST_BYTES = 1_000_000
MOST_ROWS = 1_000
NEEDED = ("quantile", "population", "value")
LIMITS = ("lower95", "upper95")
COLUMNS = (*NEEDED, *LIMITS, "se", "count")
FIGURES = ("sii", "rii", "sii_lower", "sii_upper", "rii_lower", "rii_upper", "intercept")

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,16})(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?")
_STAND_IN = {"quantile": 1.0, "population": 1.0, "value": 0.5}
"""Read in place of what is no number, so that everything else in the line is checked too."""


@dataclass(frozen=True)
class LineProblem:
    """What is wrong, in which line (the header is line 1; None is the whole file) and in which column."""

    line: int | None
    column: str
    reason: str

    def __str__(self) -> str:
        where = [*([f"line {self.line}"] if self.line else []), *([self.column] if self.column else [])]
        return f"{', '.join(where)}: {self.reason}" if where else self.reason


class InvalidGradientFile(ValueError):
    """A file that no gradient can be worked out from, with every problem found."""

    def __init__(self, problems: Sequence[LineProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line or 0))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Row:
    """One line: where it stands, its numbers by column (empty cells are left out), and what is wrong with the rest."""

    line: int
    numbers: dict[str, float]
    problems: tuple[LineProblem, ...]

    def quantile(self) -> Quantile:
        given = {**_STAND_IN, **self.numbers}
        return Quantile(
            number=int(given["quantile"]),
            population=given["population"],
            value=given["value"],
            se=given.get("se"),
            lower95=given.get("lower95"),
            upper95=given.get("upper95"),
            count=given.get("count"),
        )


@dataclass(frozen=True)
class Table:
    """What a file holds: its quantiles in the order of its lines, and the names of columns that are not used."""

    quantiles: tuple[Quantile, ...]
    unused: tuple[str, ...] = ()


def gradient_file(content: bytes | str, options: Options) -> dict[str, Any]:
    """What `hia gradient` prints. Raises InvalidGradientFile with every problem and its line."""
    table = read(content, options)
    try:
        return result(gradient(table.quantiles, options), table.unused)
    except InvalidGradient as error:  # of the whole: what concerns one line is found by `read`
        raise InvalidGradientFile([LineProblem(None, found.field, found.reason) for found in error.problems]) from None


def result(gradient: Gradient, unused: Sequence[str] = ()) -> dict[str, Any]:
    """The figures as JSON numbers, not rounded; what cannot be given is null."""
    warnings = [*gradient.warnings, *(f"The column “{name}” was not used." for name in unused)]
    return {**{name: getattr(gradient, name) for name in FIGURES}, "warnings": warnings}


def read(content: bytes | str, options: Options) -> Table:
    """The checked content of a CSV file (commas, semicolons or tabs). Raises InvalidGradientFile."""
    header, lines = _cells(content)
    problems = list(_header_problems(header))
    if problems:
        raise InvalidGradientFile(problems)
    rows = [_row(header, line, cells) for line, cells in lines]
    quantiles = tuple(row.quantile() for row in rows)
    problems = [problem for row in rows for problem in row.problems]
    named = {(problem.line, problem.column) for problem in problems}
    for found in _together(quantiles, rows, options):
        line = None if found.place is None else rows[found.place].line
        if (line, found.field) not in named:
            problems.append(LineProblem(line, found.field, found.reason))
    if problems:
        raise InvalidGradientFile(problems)
    return Table(quantiles, tuple(name for name in header if name and name not in COLUMNS))


def _together(quantiles: Sequence[Quantile], rows: Sequence[Row], options: Options) -> Iterator[GradientProblem]:
    yield from options_problems(options)
    if all("quantile" in row.numbers for row in rows):
        yield from order_problems([quantile.number for quantile in quantiles])
    for place, quantile in enumerate(quantiles):
        for field, why in quantile_problems(quantile, options.kind):
            yield GradientProblem(place, field, why)


def _cells(content: bytes | str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The names in the header, and every line that is not empty with its number."""
    if len(content) > MOST_BYTES:
        raise InvalidGradientFile([LineProblem(None, "", f"the file is larger than {MOST_BYTES // 1_000_000} MB")])
    try:
        text = content if isinstance(content, str) else content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidGradientFile([LineProblem(None, "", f"the file is not UTF-8 (byte {error.start})")]) from None
    first = text.split("\n", 1)[0]
    separator = next((mark for mark in ",\t;" if mark in first), ",")
    reader = csv.reader(StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter=separator, strict=True)
    lines: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((reader.line_num, [cell.strip() for cell in cells]))
            if len(lines) > MOST_ROWS:
                raise InvalidGradientFile([LineProblem(None, "", f"there are more than {MOST_ROWS:,} lines")])
    except csv.Error as error:
        raise InvalidGradientFile([LineProblem(reader.line_num, "", f"not CSV: {error}")]) from None
    if not lines:
        raise InvalidGradientFile([LineProblem(None, "", "the file is empty")])
    return [showable(name)[:60].lower() for name in lines[0][1]], lines[1:]


def _header_problems(header: Sequence[str]) -> Iterator[LineProblem]:
    for name, times in Counter(header).items():
        if name and times > 1:
            yield LineProblem(1, name, "stands twice in the header")
    for name in NEEDED:
        if name not in header:
            yield LineProblem(1, name, "is missing from the header")
    if "se" not in header and not all(name in header for name in LIMITS):
        yield LineProblem(1, "", "the header needs lower95 and upper95, or se")


def _row(header: Sequence[str], line: int, cells: Sequence[str]) -> Row:
    numbers, problems = dict[str, float](), list[LineProblem]()
    if len(cells) > len(header):
        problems.append(LineProblem(line, "", f"has {len(cells)} cells for {len(header)} columns"))
    for name, cell in zip(header, cells, strict=False):
        if name not in COLUMNS or not cell:
            continue
        why = _number_problem(name, cell)
        if why:
            problems.append(LineProblem(line, name, why))
        else:
            numbers[name] = float(cell.replace(",", ""))
    faulty = {problem.column for problem in problems}
    problems += [LineProblem(line, name, "is missing") for name in NEEDED if name not in numbers and name not in faulty]
    if not {"se", *LIMITS} & (numbers.keys() | faulty):
        problems.append(LineProblem(line, "", "needs lower95 and upper95, or se"))
    return Row(line, numbers, tuple(problems))


def _number_problem(name: str, cell: str) -> str:
    shown = showable(cell)[:30]
    if cell.endswith("%"):
        return f"“{shown}” is a percentage; write 0.1025 for 10.25%"
    if not _NUMBER.fullmatch(cell):
        return f"“{shown}” is not a number in the digits 0 to 9"
    if name == "quantile" and not float(cell.replace(",", "")).is_integer():
        return "must be a whole number"
    return ""
