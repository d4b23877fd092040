"""How a chart is drawn: lines, boxes and words with their places, which the web page and the PDF both read.

y runs down, as in SVG; units are points (PDF) or the view box's units (SVG). Nothing depends on colour: benefits
are solid and harms hatched, the average is dashed, every bar carries its number.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from hia_app.domain.charts import FIFTHS, BeyondTheAverage, ChartSpec, GainsAndLosses, bar_name, with_unit, written

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


Shape = Line | Box | Words | Polygon


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


def layout(spec: ChartSpec, width: float = WIDE) -> Drawing:
    """The chart as shapes. On narrow paper, and under long names, the bars lie down so that words stay readable."""
    if isinstance(spec, GainsAndLosses):
        return _gains_lying(spec, width) if width < 420 else _gains_standing(spec, width)
    lying = width < 420 or len(spec.labels) > 12 or any(len(label) > 4 for label in spec.labels)
    return _average_lying(spec, width) if lying else _average_standing(spec, width)


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round numbers from at most `low` to at least `high`, 1, 2 or 5 times a power of ten apart."""
    size = max(abs(low), abs(high))
    span = max(high - low, size * 1e-6) if size > SMALLEST else 1.0
    magnitude = 10.0 ** math.floor(math.log10(span / wanted))
    step = next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude * wanted >= span * 0.999999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [place * step for place in range(first, max(last, first + 1) + 1)]


def _tick_words(value: float, step: float) -> str:
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


def _legend(x: float, y: float) -> Iterator[Shape]:
    yield Box(x, y, 14, 10, GAIN)
    yield Words(x + 20, y + 9, "Benefits (upwards)", 10.5, bold=True)
    yield from hatched(Box(x + 140, y, 14, 10, PAPER), LOSS)
    yield Words(x + 160, y + 9, "Harms (downwards)", 10.5, bold=True)


def _gains_standing(spec: GainsAndLosses, width: float) -> Drawing:
    left, right, top, plot = 46.0, 8.0, 40.0, 190.0
    gains, losses = [float(value) for value in spec.benefits], [float(value) for value in spec.harms]
    highest, deepest = max(gains), max(losses)
    marks = ticks(-deepest, highest) if highest or deepest else [-1.0, 0.0, 1.0]
    scale = Scale(marks[0], marks[-1], top + plot, top)
    shapes: list[Shape] = [*_legend(left, 2)]
    for mark in marks:
        shapes.append(Line(left, scale(mark), width - right, scale(mark), GRID, 0.7))
        shapes.append(Words(left - 6, scale(mark) + 3.5, _tick_words(abs(mark), marks[1] - marks[0]), 9.5, "end"))
    slot = (width - left - right) / len(FIFTHS)
    bar, zero = slot * 0.46, scale(0)
    for place, (gain, loss) in enumerate(zip(gains, losses, strict=True)):
        middle = left + slot * (place + 0.5)
        if gain:
            shapes.append(Box(middle - bar / 2, scale(gain), bar, zero - scale(gain), GAIN))
        if loss:
            shapes += hatched(Box(middle - bar / 2, zero, bar, scale(-loss) - zero, PAPER), LOSS)
        shapes.append(
            Words(middle, scale(gain) - 4, written(spec.benefits[place], spec.decimals), 10.5, "middle", True)
        )
        shapes.append(Words(middle, scale(-loss) + 12, written(spec.harms[place], spec.decimals), 10.5, "middle", True))
    shapes.append(Line(left, zero, width - right, zero, INK, 1.2))
    foot = top + plot + 30
    for place, words in enumerate(("1, most deprived", "2", "3", "4", "5, least deprived")):
        shapes.append(Words(left + slot * (place + 0.5), foot, words, 10.5, "middle"))
    caption = f"Deprivation fifth. Numbers are {spec.unit}."
    shapes += [Words(left, foot + 17 + 13 * n, line, 10) for n, line in enumerate(wrapped(caption, width - left, 10))]
    return Drawing(width, foot + 22 + 13 * (len(wrapped(caption, width - left, 10)) - 1), tuple(shapes))


def _gains_lying(spec: GainsAndLosses, width: float) -> Drawing:
    shapes: list[Shape] = []
    largest = max(float(value) for value in (*spec.benefits, *spec.harms)) or 1.0
    reach, y = width - 62, 0.0
    for fifth, gain, loss in zip(FIFTHS, spec.benefits, spec.harms, strict=True):
        name = {"1": "Fifth 1, most deprived", "5": "Fifth 5, least deprived"}.get(fifth, f"Fifth {fifth}")
        shapes.append(Words(0, y + 13, name, 13, bold=True))
        long, lost = reach * float(gain) / largest, reach * float(loss) / largest
        if gain:
            shapes.append(Box(0, y + 20, long, 14, GAIN))
        shapes.append(Words(long + 5, y + 31, f"+ {written(gain, spec.decimals)}", 12))
        if loss:
            shapes += hatched(Box(0, y + 37, lost, 14, PAPER), LOSS)
        shapes.append(Words(lost + 5, y + 48, f"− {written(loss, spec.decimals)}", 12))
        shapes.append(Line(0, y + 19, 0, y + 52, INK, 1.2))
        y += 64
    for words in wrapped(f"Solid and + are benefits, hatched and − are harms. Numbers are {spec.unit}.", width, 12):
        shapes.append(Words(0, y + 12, words, 12))
        y += 16
    return Drawing(width, y + 4, tuple(shapes))


def _on_paper(words: Words) -> Iterator[Shape]:
    """Words on a white ground, so that a line behind them does not strike them out."""
    width = len(words.text) * words.size * 0.52
    left = words.x - {"start": 0.0, "middle": width / 2, "end": width}[words.anchor]
    yield Box(left - 1, words.y - words.size * 0.8, width + 2, words.size, PAPER)
    yield words


def _span(spec: BeyondTheAverage) -> tuple[float, float]:
    shown = [float(value) for value in spec.values if value is not None]
    limits = [spec.limits(place) for place, value in enumerate(spec.values) if value is not None]
    ends = [float(end) for pair in limits if pair for end in pair]
    every = [0.0, *shown, *ends, *([] if spec.average is None else [float(spec.average)])]
    return min(every), max(every)


def _whisker(low: float, high: float, across: float, standing: bool) -> Iterator[Shape]:
    """An error bar between two places on the paper at `across`, cased in white so that it shows on a dark bar."""
    ends = ((across - 3.5, low, across + 3.5, low), (across - 3.5, high, across + 3.5, high))
    for x1, y1, x2, y2 in ((across, low, across, high), *ends):
        place = (x1, y1, x2, y2) if standing else (y1, x1, y2, x2)
        yield Line(*place, PAPER, 2.8)
        yield Line(*place, INK, 1.1)


def _average_standing(spec: BeyondTheAverage, width: float) -> Drawing:
    left, right, top, plot = 46.0, 8.0, 34.0, 180.0
    marks = ticks(*_span(spec))
    scale = Scale(marks[0], marks[-1], top + plot, top)
    shapes: list[Shape] = []
    for mark in marks:
        shapes.append(Line(left, scale(mark), width - right, scale(mark), GRID, 0.7))
        shapes.append(Words(left - 6, scale(mark) + 3.5, _tick_words(mark, marks[1] - marks[0]), 9.5, "end"))
    slot = (width - left - right) / len(spec.labels)
    bar, zero, over = slot * 0.6, scale(0), list[Shape]()
    for place, (label, value) in enumerate(zip(spec.labels, spec.values, strict=True)):
        middle = left + slot * (place + 0.5)
        over.append(Words(middle, top + plot + 15, label, 10.5, "middle"))
        if value is None:
            over.append(Words(middle, zero - 4, "–", 12, "middle", True))
            continue
        level, limits = scale(float(value)), spec.limits(place)
        shapes.append(Box(middle - bar / 2, min(level, zero), bar, abs(zero - level), BAR))
        ends = (scale(float(limits[0])), scale(float(limits[1]))) if limits else (level, level)
        if limits:
            shapes += _whisker(*ends, middle, standing=True)
        over += _on_paper(Words(middle, min(*ends, level) - 5, written(value, spec.decimals), 10, "middle", True))
    shapes.append(Line(left, zero, width - right, zero, INK, 1.2))
    if spec.average is not None:
        y = scale(float(spec.average))
        shapes += [
            Line(left, y, width - right, y, PAPER, 3.2),
            Line(left, y, width - right, y, MEAN, 1.6, (6, 3)),
        ]
        shapes += _mean_key(spec, left, 9, width)
    shapes += over
    foot = top + plot + 32
    lines = wrapped(_axis_words(spec), width - left, 10)
    shapes += [Words(left, foot + 13 * number, line, 10) for number, line in enumerate(lines)]
    return Drawing(width, foot + 13 * (len(lines) - 1) + 6, tuple(shapes))


def _mean_key(spec: BeyondTheAverage, x: float, y: float, width: float) -> Iterator[Shape]:
    if spec.average is None:
        return
    yield Line(x, y - 3.5, x + 26, y - 3.5, MEAN, 1.6, (6, 3))
    words = wrapped(f"{spec.average_label}: {with_unit(spec.average, spec)}", width - x - 34, 10.5)
    yield Words(x + 32, y, words[0] + ("…" if len(words) > 1 else ""), 10.5, bold=True, colour=MEAN)


def _axis_words(spec: BeyondTheAverage) -> str:
    missing = f" – means {spec.not_shown}." if any(value is None for value in spec.values) else ""
    limits = " Thin lines are 95% confidence limits." if spec.lower else ""
    return f"{spec.axis}. Numbers are {spec.unit}.{limits}{missing}"


def _average_lying(spec: BeyondTheAverage, width: float) -> Drawing:
    low, high = _span(spec)
    scale = Scale(low, high if high - low > SMALLEST else low + 1.0, 40.0 if low < 0 else 0.0, width - 62)
    shapes, y = list[Shape](_mean_key(spec, 0, 12, width)), 24.0
    for place, label in enumerate(spec.labels):
        lines = wrapped(bar_name(spec, label).capitalize() if label.isdigit() else label, width, 12)
        lines = [lines[0], lines[1] + "…"] if len(lines) > 2 else lines  # the table has the whole name
        shapes += [Words(0, y + 12 + 15 * number, words, 12) for number, words in enumerate(lines)]
        y += 15 * len(lines)
        shapes += _lying_bar(spec, place, scale, y)
        y += 24
    for words in wrapped(_axis_words(spec), width, 12):
        shapes.append(Words(0, y + 14, words, 12))
        y += 16
    return Drawing(width, y + 6, tuple(shapes))


def _lying_bar(spec: BeyondTheAverage, place: int, scale: Scale, y: float) -> Iterator[Shape]:
    value, zero = spec.values[place], scale(0)
    if value is None:
        yield Words(zero + 5, y + 13, spec.not_shown, 12)
        return
    end, limits = scale(float(value)), spec.limits(place)
    yield Line(zero, y, zero, y + 18, INK, 1.2)
    yield Box(min(zero, end), y + 2, abs(end - zero), 14, BAR)
    far = max(end, zero)
    if limits:
        far = max(far, scale(float(limits[1])))
        yield from _whisker(scale(float(limits[0])), scale(float(limits[1])), y + 9, standing=False)
    if spec.average is not None:
        x = scale(float(spec.average))
        yield Line(x, y, x, y + 18, PAPER, 3.2)
        yield Line(x, y, x, y + 18, MEAN, 1.6, (6, 3))
    shown = with_unit(value, spec) if spec.unit == "%" else written(value, spec.decimals)
    yield from _on_paper(Words(far + 6, y + 13, shown, 12))
