"""Tables and facts as rows: columns as wide as their words ask for, every cell owned by its header or data element."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from hia_app.domain.document import Facts, Table
from hia_app.pdf import fonts
from hia_app.pdf.lines import Type, break_lines
from hia_app.pdf.pieces import Cell, Row
from hia_app.pdf.structure import Element

BETWEEN = 14.0
"""Points between two columns."""
TEXT, HEAD = Type(11, 15), Type(11, 15, bold=True)
SMALL, SMALL_HEAD = Type(9.5, 13), Type(9.5, 13, bold=True)
MANY_COLUMNS = 6
SHORT_TABLE = 330.0
SHORT_FACTS = 160.0
"""Points; a table up to half a page high is not parted."""
FEW_ROWS = 40
TALLEST_CELL = 30
"""Lines; a table with a higher cell is told row by row."""
COLUMN_HEADER, ROW_HEADER = "<</O/Table/Scope/Column>>", "<</O/Table/Scope/Row>>"


def column_widths(columns: Sequence[Sequence[str]], type_: Type, total: float) -> list[float]:
    """Widths that fill `total`: what each column's longest word needs, then the rest by how much text there is."""
    room = total - BETWEEN * (len(columns) - 1)
    natural = [max((_widest(text, type_) for text in column), default=0.0) for column in columns]
    if sum(natural) <= room:
        spare = (room - sum(natural)) / len(columns)
        return [width + spare for width in natural]
    needed = _needed(columns, type_, room)
    if sum(needed) > room:
        return _shared_out(needed, room)
    wish = [max(0.0, min(width, 2 * room) - least) for width, least in zip(natural, needed, strict=True)]
    share = (room - sum(needed)) / (sum(wish) or 1.0)
    return [least + more * share for least, more in zip(needed, wish, strict=True)]


def _needed(columns: Sequence[Sequence[str]], type_: Type, room: float) -> list[float]:
    """The width without which each column would have to part words; no column asks for more than a third."""
    return [min(max((_longest_word(text, type_) for text in column), default=0.0), room / 3) for column in columns]


def _shared_out(needed: Sequence[float], room: float) -> list[float]:
    """Too little room for all: the modest get what they need, the others share the rest alike; never below 8 points."""
    widths = [0.0] * len(needed)
    left = room
    by_need = sorted(range(len(needed)), key=lambda column: needed[column])
    for done, column in enumerate(by_need):
        widths[column] = max(8.0, min(needed[column], left / (len(needed) - done)))
        left -= widths[column]
    return widths


def reads_better_as_records(table: Table, width: float) -> bool:
    """The rows of a printable table are better told one by one.

    That is so when a cell would run over most of a page, or when a few rows have too many columns for whole words.
    """
    type_, head = _types(table)
    columns = list(zip(table.header, *table.rows, strict=True))
    room = width - BETWEEN * (len(columns) - 1)
    if len(table.rows) <= FEW_ROWS and sum(_needed(columns, head, room)) > room:
        return True
    widths = column_widths(columns, head, width)
    return any(
        len(text) * type_.size * 0.45 / column > TALLEST_CELL
        for texts in (table.header, *table.rows)
        for text, column in zip(texts, widths, strict=True)
    )


def _types(table: Table) -> tuple[Type, Type]:
    return (SMALL, SMALL_HEAD) if len(table.header) >= MANY_COLUMNS else (TEXT, HEAD)


def _widest(text: str, type_: Type) -> float:
    return max(fonts.width(line[:300], type_.bold) for line in text.split("\n")) * type_.size + 0.5


def _longest_word(text: str, type_: Type) -> float:
    return max((fonts.width(word[:40], type_.bold) for word in text.split()), default=0.0) * type_.size + 0.5


def table_rows(table: Table, element: Element, width: float) -> list[Row]:
    """A printable table as rows under its element; the header row is repeated on each page by the rows that follow."""
    type_, head = _types(table)
    widths = column_widths(list(zip(table.header, *table.rows, strict=True)), head, width)
    titles = (element.child("THead") if table.rows else element).child("TR")
    cells = _cells(table.header, widths, titles, [head] * len(widths), table.numeric, [COLUMN_HEADER] * len(widths))
    header = Row(cells, width, stays_with_next=bool(table.rows), heading=True, after=0.0 if table.rows else 10.0)
    if not table.rows:
        return [header]
    body = element.child("TBody")
    rows = [header]
    for number, texts in enumerate(table.rows, 1):
        scopes = [ROW_HEADER] + [""] * (len(widths) - 1)
        cells = _cells(texts, widths, body.child("TR"), [type_] * len(widths), table.numeric, scopes)
        rows.append(Row(cells, width, header=header, after=10.0 if number == len(table.rows) else 0.0))
    return _kept_together(rows, SHORT_TABLE)


def fact_rows(facts: Facts, element: Element, width: float) -> list[Row]:
    """Printable facts as rows: the label names the row."""
    labels = [label for label, _ in facts.rows]
    least = max((_longest_word(label, HEAD) for label in labels), default=0.0)
    left = min(max(_widest(label, HEAD) for label in labels), max(width * 0.3, min(least, width * 0.45)))
    widths = [left, width - BETWEEN - left]
    rows = []
    for number, texts in enumerate(facts.rows, 1):
        cells = _cells(texts, widths, element.child("TR"), [HEAD, TEXT], frozenset(), [ROW_HEADER, ""])
        rows.append(Row(cells, width, after=12.0 if number == len(facts.rows) else 0.0))
    return _kept_together(rows, SHORT_FACTS)


def _kept_together(rows: list[Row], most: float) -> list[Row]:
    """A table up to `most` points high stays whole; a longer one leaves at least two rows at a page's foot or head."""
    short = sum(row.height for row in rows) <= most
    ends = {0, 1, len(rows) - 2}
    last = len(rows) - 1
    return [
        replace(row, stays_with_next=number < last and (short or number in ends)) for number, row in enumerate(rows)
    ]


def _cells(
    texts: Sequence[str],
    widths: Sequence[float],
    row: Element,
    types: Sequence[Type],
    numeric: frozenset[int],
    scopes: Sequence[str],
) -> tuple[Cell, ...]:
    found, x = [], 0.0
    for number, (text, width, type_, scope) in enumerate(zip_longest(texts, widths, types, scopes)):
        element = row.child("TH", attributes=scope) if scope else row.child("TD")
        lines = tuple(break_lines(text, type_, width)) if text.strip() else ()
        found.append(Cell(lines, x, width, type_, element, number in numeric))
        x += width + BETWEEN
    return tuple(found)
