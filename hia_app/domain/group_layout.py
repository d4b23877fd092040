"""How a chart by group is drawn: for each a point with its interval, and the average as a line through all of them.

Nothing depends on colour: values are points, the average is a dashed line with its words, every point has its number.
"""

from __future__ import annotations

from collections.abc import Iterator

from hia_app.domain.chart_shapes import (
    BAR,
    GRID,
    INK,
    MEAN,
    PAPER,
    SMALLEST,
    Drawing,
    Line,
    Polygon,
    Scale,
    Shape,
    Words,
    on_paper,
    tick_words,
    ticks,
    whisker,
    wrapped,
)
from hia_app.domain.charts import BeyondTheAverage, with_unit, written

BESIDE = 178.0  # room for the names, where they stand beside the points
AFTER = 58.0  # room for the numbers


def layout(spec: BeyondTheAverage, width: float) -> Drawing:
    """The chart as shapes; on narrow paper each name stands above its point."""
    narrow = width < 420
    size = 12.0 if narrow else 10.5
    left = 4.0 if narrow else BESIDE
    marks = ticks(*_span(spec))
    across = Scale(marks[0], marks[-1], left, width - AFTER)
    top = 8.0 if spec.average is None else 26.0
    rows, foot = _rows(spec, size, width if narrow else BESIDE - 12, top, narrow=narrow)
    shapes = list[Shape]()
    for mark in marks:
        shapes.append(Line(across(mark), top, across(mark), foot, GRID, 0.7))
    for mark in _apart(marks, across):
        shapes.append(Words(across(mark), foot + size + 3, tick_words(mark, marks[1] - marks[0]), size - 0.5, "middle"))
    shapes.append(Line(left, foot, width - AFTER, foot, INK, 1.2))
    if spec.average is not None:
        x = across(float(spec.average))
        shapes += [Line(x, top, x, foot, PAPER, 3.2), Line(x, top, x, foot, MEAN, 1.6, (6, 3))]
        shapes += _average_words(spec, size, width)
    for place, (lines, y) in enumerate(rows):
        start = (
            y - (len(lines) + 1) * (size + 2) + size / 2 if narrow else y - (len(lines) - 1) * (size + 2) / 2 + size / 3
        )
        for number, line in enumerate(lines):
            words = Words(0, start + number * (size + 2), line, size, bold=narrow)
            shapes += on_paper(words) if narrow else [words]
        shapes += _point(spec, place, across, y, size)
    y = foot + 2 * size + 10
    for line in wrapped(_told(spec), width, size):
        shapes.append(Words(0, y, line, size))
        y += size + 3
    return Drawing(width, y, tuple(shapes))


def _span(spec: BeyondTheAverage) -> tuple[float, float]:
    """From 0 where that does not flatten the picture; points, unlike bars, may stand on another ground."""
    shown = [float(value) for value in spec.values if value is not None]
    limits = [spec.limits(place) for place, value in enumerate(spec.values) if value is not None]
    shown += [float(end) for pair in limits if pair for end in pair]
    shown += [] if spec.average is None else [float(spec.average)]
    if not shown:
        return 0.0, 1.0
    low, high = min(shown), max(shown)
    if 0 <= low <= high / 2:
        low = 0.0
    return low, high if high - low > SMALLEST else low + 1.0


def _apart(marks: list[float], across: Scale) -> Iterator[float]:
    """Every mark where there is room for its number, else every second."""
    step = 1 if len(marks) < 2 or across(marks[1]) - across(marks[0]) > 30 else 2
    yield from marks[::step]


def _rows(
    spec: BeyondTheAverage, size: float, room: float, y: float, *, narrow: bool
) -> tuple[list[tuple[list[str], float]], float]:
    """The name of each group in lines, with the height of its point; and where the last one ends."""
    found = []
    for label in spec.labels:
        lines = wrapped(label, room, size)
        lines = [lines[0], f"{lines[1]}…"] if len(lines) > 2 else lines  # the table has the whole name
        high = (len(lines) + 1) * (size + 2) + 14 if narrow else max(26.0, len(lines) * (size + 2) + 10)
        found.append((lines, y + (high - size if narrow else high / 2)))
        y += high
    return found, y + (6 if narrow else 0)


def _point(spec: BeyondTheAverage, place: int, across: Scale, y: float, size: float) -> Iterator[Shape]:
    value = spec.values[place]
    if value is None:
        yield from on_paper(Words(across.start + 6, y + size / 3, spec.not_shown, size))
        return
    x, limits = across(float(value)), spec.limits(place)
    far = x
    if limits:
        ends = across(float(limits[0])), across(float(limits[1]))
        far = max(far, ends[1])
        yield from whisker(*ends, y, standing=False)
    for reach, colour in ((6.2, PAPER), (5.0, BAR)):
        yield Polygon(((x - reach, y), (x, y - reach), (x + reach, y), (x, y + reach)), colour)
    shown = with_unit(value, spec) if spec.unit == "%" else written(value, spec.decimals)
    yield from on_paper(Words(far + 9, y + size / 3, shown, size, bold=True))


def _average_words(spec: BeyondTheAverage, size: float, width: float) -> Iterator[Shape]:
    """The key of the dashed line, above the drawing."""
    if spec.average is None:
        return
    yield Line(0, 7, 26, 7, MEAN, 1.6, (6, 3))
    words = wrapped(f"{spec.average_label}: {with_unit(spec.average, spec)}", width - 34, size)
    yield Words(32, 11, words[0] + ("…" if len(words) > 1 else ""), size, bold=True, colour=MEAN)


def _told(spec: BeyondTheAverage) -> str:
    unit = f" Numbers are {spec.unit}." if spec.unit else ""
    limited = any(spec.limits(place) for place in range(len(spec.labels)))
    limits = "Thin lines are 95% confidence limits." if limited else "No confidence limits are known."
    return f"{spec.axis}.{unit} {limits}"
