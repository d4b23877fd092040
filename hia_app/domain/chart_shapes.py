"""What a drawing is made of: lines, boxes, words, polygons, and the scales that give them their places.

y runs down, as in SVG; units are points (PDF) or the view box's units (SVG).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from hia_app.domain.chart_numbers import written

INK, GRID, PAPER = "#0b0c0c", "#d0d4d6", "#ffffff"
GAIN, LOSS, BAR, MEAN = "#1d4e89", "#8f2012", "#1d4e89", "#8a3a06"
WIDE, NARROW = 467, 320
"""The column of an A4 page in points, and the narrowest screen in pixels."""

SMALLEST = 1e-9
"""Numbers nearer to 0 than this are drawn as 0."""

Anchor = Literal["start", "middle", "end"]


class Line(NamedTuple):
    x1: float
    y1: float
    x2: float
    y2: float
    colour: str = INK
    width: float = 1.0
    dash: tuple[float, ...] = ()


class Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str = ""


class Words(NamedTuple):
    x: float
    y: float
    text: str
    size: float = 11.0
    anchor: Anchor = "start"
    bold: bool = False
    colour: str = INK


class Polygon(NamedTuple):
    points: tuple[tuple[float, float], ...]
    fill: str


class Outline(NamedTuple):
    """Rings with islands and holes (what lies in an even number of them is not filled), or lines where not closed."""

    rings: tuple[tuple[tuple[float, float], ...], ...]
    fill: str = ""
    edge: str = ""
    width: float = 1.0
    closed: bool = True


Shape = Line | Box | Words | Polygon | Outline


@dataclass(frozen=True)
class Drawing:
    """A finished drawing: its size and its shapes, in the order in which they are painted."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Scale:
    """A straight scale from values to places on the paper."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (self.end - self.start) * (value - self.low) / (self.high - self.low)


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round numbers from at most `low` to at least `high`, 1, 2 or 5 times a power of ten apart."""
    size = max(abs(low), abs(high))
    span = max(high - low, size * 1e-6) if size > SMALLEST else 1.0
    magnitude = 10.0 ** math.floor(math.log10(span / wanted))
    step = next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude * wanted >= span * 0.999999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [place * step for place in range(first, max(last, first + 1) + 1)]


def tick_words(value: float, step: float) -> str:
    """A mark on an axis in words, with as many decimals as the distance between marks needs."""
    return written(round(value, 12), max(0, -math.floor(math.log10(step))))


def hatched(box: Box, colour: str, gap: float = 5.0) -> Iterator[Shape]:
    """A box filled with slanting lines, cut at its edges by arithmetic: a pattern would need a fixed name."""
    yield Box(box.x, box.y, box.width, box.height, PAPER)
    for number in range(1, math.ceil((box.width + box.height) / gap)):
        reach = number * gap  # the line x + y = reach inside the box
        x1, x2 = max(0.0, reach - box.height), min(box.width, reach)
        if x2 > x1:
            yield Line(box.x + x1, box.y + reach - x1, box.x + x2, box.y + reach - x2, colour, 1.3)
    yield Box(box.x, box.y, box.width, box.height, "", colour)


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Words in lines of about `width`; letters count as half as wide as high, which errs on the wide side."""
    limit = max(4, int(width / (size * 0.5)))
    lines, line = [], ""
    for word in text.split():
        pieces = [word[start : start + limit] for start in range(0, len(word), limit)]
        for piece in pieces:
            if line and len(line) + 1 + len(piece) > limit:
                lines.append(line)
                line = piece
            else:
                line = f"{line} {piece}" if line else piece
    return [*lines, line] if line else lines


def on_paper(words: Words) -> Iterator[Shape]:
    """Words on a white ground, so that a line behind them does not strike them out."""
    width = len(words.text) * words.size * 0.52
    left = words.x - {"start": 0.0, "middle": width / 2, "end": width}[words.anchor]
    yield Box(left - 1, words.y - words.size * 0.8, width + 2, words.size, PAPER)
    yield words


def whisker(low: float, high: float, across: float, standing: bool) -> Iterator[Shape]:
    """An error bar between two places on the paper at `across`, cased in white so that it shows on a dark bar."""
    ends = ((across - 3.5, low, across + 3.5, low), (across - 3.5, high, across + 3.5, high))
    for x1, y1, x2, y2 in ((across, low, across, high), *ends):
        place = (x1, y1, x2, y2) if standing else (y1, x1, y2, x2)
        yield Line(*place, PAPER, 2.8)
        yield Line(*place, INK, 1.1)
