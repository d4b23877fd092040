"""The pieces a printed record is made of: passages of text, rows of tables, lines of the contents, charts."""

import itertools
from dataclasses import dataclass, replace

from reportlab.lib.colors import HexColor

from hia_app.pdf import fonts
from hia_app.pdf.canvas import TaggedCanvas, put
from hia_app.pdf.flow import Target
from hia_app.pdf.lines import Line, Type
from hia_app.pdf.structure import Element

RULE, HAIRLINE = "#0b0c0c", "#b1b4b6"
ROW_ABOVE, ROW_BELOW = 5.0, 6.0
LONG_ROW = 10
"""Rows of more lines than this may be cut between two pages; shorter ones stay whole."""


@dataclass(frozen=True)
class Passage:
    """Lines of one element: a heading, a paragraph, an entry of a list, a part of a callout."""

    lines: tuple[Line, ...]
    type: Type
    element: Element
    width: float
    indent: float = 0.0
    before: float = 0.0
    after: float = 8.0
    stays_with_next: bool = False
    label: str = ""
    label_element: Element | None = None
    bar: str = ""
    inset: float = 0.0
    lower_inset: float = 0.0
    target: Target | None = None
    header: None = None

    @property
    def height(self) -> float:
        return self.inset + len(self.lines) * self.type.leading + self.lower_inset

    @property
    def least(self) -> float:
        return self.height if len(self.lines) <= 3 else self.inset + 2 * self.type.leading

    def split(self, room: float, *, forced: bool = False) -> "tuple[Passage, Passage] | None":
        """Cut with at least two lines on either side, or one when it has to be."""
        fitting = int((room - self.inset + 0.01) / self.type.leading)
        if fitting >= len(self.lines):  # only the space below does not fit
            fitting = len(self.lines) - 1
        count = min(fitting, len(self.lines) - 2)
        if count < 2:
            if not forced:
                return None
            count = max(1, fitting)
        first = replace(self, lines=self.lines[:count], lower_inset=0.0, after=0.0)
        rest = replace(self, lines=self.lines[count:], inset=0.0, before=0.0, label="", label_element=None, target=None)
        return first, rest

    def draw(self, canvas: TaggedCanvas, x: float, top: float, *, again: bool = False) -> None:
        if self.bar:
            with canvas.decoration():
                canvas.block(x, top - self.height, 5, self.height, self.bar)
        if self.target:
            canvas.bookmarkPage(self.target.key, fit="XYZ", left=0, top=top + 12)
            canvas.addOutlineEntry(
                self.target.text, self.target.key, self.target.level - 2, closed=self.target.level > 2
            )
        baseline = top - self.inset - self.type.leading * 0.5 - self.type.size * 0.33
        if self.label and self.label_element:
            with canvas.marked(self.label_element):
                width = fonts.width(self.label, self.type.bold) * self.type.size
                canvas.write(x + self.indent - width - 7, baseline, self.label, self.type.size, colour=self.type.colour)
        with canvas.marked(self.element):
            _draw_lines(canvas, self.lines, self.type, x + self.indent, baseline)


@dataclass(frozen=True)
class Cell:
    """One cell of a row; the text starts at `x` from the left edge of the table."""

    lines: tuple[Line, ...]
    x: float
    width: float
    type: Type
    element: Element
    to_the_right: bool = False


@dataclass(frozen=True)
class Row:
    """A row of a table; `heading` rows carry the heavy rules and are drawn again on each page of the table."""

    cells: tuple[Cell, ...]
    width: float
    before: float = 0.0
    after: float = 0.0
    stays_with_next: bool = False
    heading: bool = False
    header: "Row | None" = None
    target: None = None

    @property
    def _deepest(self) -> int:
        return max(len(cell.lines) for cell in self.cells)

    @property
    def _leading(self) -> float:
        return self.cells[0].type.leading

    @property
    def height(self) -> float:
        return ROW_ABOVE + ROW_BELOW + self._deepest * self._leading

    @property
    def least(self) -> float:
        return self.height if self._deepest <= LONG_ROW else ROW_ABOVE + ROW_BELOW + 4 * self._leading

    def split(self, room: float, *, forced: bool = False) -> "tuple[Row, Row] | None":
        """Cut a long row between lines, the same number in each cell."""
        count = int((room - ROW_ABOVE - ROW_BELOW + 0.01) / self._leading)
        count = min(count, self._deepest - 2)
        if not forced and (self._deepest <= LONG_ROW or count < 3):
            return None
        count = max(1, count)
        first = replace(self, cells=tuple(replace(cell, lines=cell.lines[:count]) for cell in self.cells))
        rest = replace(self, cells=tuple(replace(cell, lines=cell.lines[count:]) for cell in self.cells), before=0.0)
        return first, rest

    def draw(self, canvas: TaggedCanvas, x: float, top: float, *, again: bool = False) -> None:
        with canvas.decoration():
            if self.heading:
                canvas.rule(x, top, x + self.width, RULE, 1.2)
            canvas.rule(x, top - self.height, x + self.width, *((RULE, 0.8) if self.heading else (HAIRLINE, 0.6)))
        for cell in self.cells:
            if not cell.lines:
                continue
            baseline = top - ROW_ABOVE - cell.type.leading * 0.5 - cell.type.size * 0.33
            with canvas.decoration() if again else canvas.marked(cell.element):
                _draw_lines(
                    canvas, cell.lines, cell.type, x + cell.x, baseline, cell.width if cell.to_the_right else None
                )


@dataclass(frozen=True)
class Entry:
    """A line of the contents: the heading's text and its page, linked to the heading."""

    lines: tuple[Line, ...]
    type: Type
    element: Element
    leads_to: Target
    width: float
    indent: float = 0.0
    before: float = 0.0
    after: float = 3.0
    stays_with_next: bool = False
    header: None = None
    target: None = None

    @property
    def height(self) -> float:
        return len(self.lines) * self.type.leading

    @property
    def least(self) -> float:
        return self.height

    def split(self, room: float, *, forced: bool = False) -> None:
        """An entry has few lines and is never cut."""

    def draw(self, canvas: TaggedCanvas, x: float, top: float, *, again: bool = False) -> None:
        baseline = top - self.type.leading * 0.5 - self.type.size * 0.33
        with canvas.marked(self.element):
            _draw_lines(
                canvas, (*self.lines[:-1], self.lines[-1]._replace(spaced=True)), self.type, x + self.indent, baseline
            )
            number, last = str(self.leads_to.page), baseline - (len(self.lines) - 1) * self.type.leading
            wide = fonts.width(number, self.type.bold) * self.type.size
            canvas.write(x + self.width - wide, last, number, self.type.size, bold=self.type.bold)
        ends = x + self.indent + fonts.width(self.lines[-1].text, self.type.bold) * self.type.size
        if ends + 12 < x + self.width - wide:
            with canvas.decoration():
                canvas.setStrokeColor(HexColor(HAIRLINE))
                canvas.setLineWidth(0.8)
                canvas.setDash(1, 3)
                canvas.line(ends + 6, last + 1.5, x + self.width - wide - 6, last + 1.5)
                canvas.setDash()
        box = (x, top - self.height, x + self.width, top)
        canvas.link(self.element, box, self.leads_to.key, f"{self.leads_to.text}, page {number}")


@dataclass(frozen=True)
class Rule:
    """A heavy line across the column."""

    width: float
    before: float = 4.0
    after: float = 14.0
    height: float = 2.0
    least: float = 2.0
    stays_with_next: bool = False
    header: None = None
    target: None = None

    def split(self, room: float, *, forced: bool = False) -> None:
        """A line is never cut."""

    def draw(self, canvas: TaggedCanvas, x: float, top: float, *, again: bool = False) -> None:
        with canvas.decoration():
            canvas.block(x, top - self.height, self.width, self.height, RULE)


def _draw_lines(
    canvas: TaggedCanvas,
    lines: tuple[Line, ...],
    type_: Type,
    x: float,
    baseline: float,
    right_edge: float | None = None,
) -> None:
    """Lines below each other; a word space ends each line that goes on, so that words stay apart when read out."""
    pen = canvas.beginText(x, baseline)
    pen.setFillColor(HexColor(type_.colour))
    for number, (text, spaced) in zip(itertools.count(), lines, strict=False):
        shift = right_edge - fonts.width(text, type_.bold) * type_.size if right_edge is not None else 0.0
        if number or shift:
            pen.setTextOrigin(x + shift, baseline - number * type_.leading)
        if text:
            put(pen, text, type_.size, type_.bold)
        if spaced:
            put(pen, " ", type_.size, type_.bold)
    canvas.drawText(pen)
