"""How the chart of a gradient is drawn: points with limits, the line, and a bracket for the gap between its ends.

Nothing depends on colour: values are points, the fit is a thick line, its start is carried over as a dashed one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from hia_app.domain.chart_shapes import (
    BAR,
    GRID,
    INK,
    MEAN,
    PAPER,
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
from hia_app.domain.gradient_chart import FittedGradient, between, distance, in_words, level, signed
from hia_app.domain.inequality import shares_and_ranks

LEFT, TOP, PLOT = 46.0, 24.0, 190.0
BESIDE = 104.0  # room for the index beside the drawing
LETTER = 0.56  # width of a digit as a share of its height


def layout(spec: FittedGradient, width: float) -> Drawing:
    """The chart as shapes; on narrow paper the indices stand beneath and every letter is larger."""
    narrow = width < 420
    size = 12.0 if narrow else 10.0
    right = 26.0 if narrow else BESIDE
    low, high = _span(spec)
    marks = ticks(low, high)
    across = Scale(0.0, 1.0, LEFT, width - right)
    down = Scale(marks[0], marks[-1], TOP + PLOT, TOP)
    shapes = list[Shape]()
    for mark in marks:
        shapes.append(Line(LEFT, down(mark), width - right, down(mark), GRID, 0.7))
        shapes.append(Words(LEFT - 6, down(mark) + 3.5, tick_words(mark, marks[1] - marks[0]), size - 0.5, "end"))
    shapes += _key(size)
    shapes += _foot(spec, across, size)
    shapes += _line(spec, across, down)
    shapes += _points(spec, across, down, size)
    shapes += _bracket(spec, across, down)
    foot = TOP + PLOT + size + 22
    edge = 0.0 if narrow else LEFT
    floor = tick_words(marks[0], marks[1] - marks[0]) if marks[0] > 0 else ""
    told = [(line, False) for line in wrapped(_told(spec, floor), width - edge, size)]
    if narrow:
        told = [*_wrapped_indices(spec, " ", width, size), *told]
    else:
        shapes += _beside(spec, width - right + 18, (down(float(spec.line[0])) + down(float(spec.line[-1]))) / 2, size)
    for line, bold in told:
        shapes.append(Words(edge, foot, line, size, bold=bold))
        foot += size + 3
    return Drawing(width, foot, tuple(shapes))


def _span(spec: FittedGradient) -> tuple[float, float]:
    """From 0 where that does not flatten the picture; points, unlike bars, may stand on another ground."""
    shown = [float(value) for value in (*spec.values, *spec.line)]
    shown += [float(end) for pair in spec.limits for end in pair]
    low, high = min(shown), max(shown)
    if 0 <= low <= high / 2:
        low = 0.0
    return low, high


def _key(size: float) -> Iterator[Shape]:
    yield from _point(7, 7)
    yield Words(16, 11, "Value", size, bold=True)
    start = 16 + size * 5
    yield Line(start, 7, start + 24, 7, MEAN, 2.2)
    yield Words(start + 30, 11, "Fitted line", size, bold=True, colour=MEAN)


def _point(x: float, y: float) -> Iterator[Shape]:
    for reach, colour in ((5.6, PAPER), (4.4, BAR)):
        yield Polygon(((x - reach, y), (x, y - reach), (x + reach, y), (x, y + reach)), colour)


def _foot(spec: FittedGradient, across: Scale, size: float) -> Iterator[Shape]:
    """The quantiles along the bottom, each as wide as its share of the people."""
    floor = TOP + PLOT
    yield Line(across(0), floor, across(1), floor, INK, 1.2)
    names = [str(place + 1) for place in range(len(spec.values))]
    shares, ranks = shares_and_ranks(spec.shares)
    for edge in (0.0, *(rank + share / 2 for rank, share in zip(ranks, shares, strict=True))):
        yield Line(across(edge), floor, across(edge), floor + 5, INK, 1.0)
    for place in _with_room(names, [across(rank) for rank in ranks], size):
        yield Words(across(ranks[place]), floor + size + 5, names[place], size + 0.5, "middle")


def _with_room(texts: Sequence[str], places: Sequence[float], size: float) -> Iterator[int]:
    """Which texts can stand side by side: the first and the last always, the others where nothing touches."""
    half = [len(text) * size * LETTER / 2 + 1.5 for text in texts]
    last = len(texts) - 1
    end = places[0] + half[0]
    yield 0
    for place in range(1, last):
        if places[place] - half[place] >= end and places[place] + half[place] <= places[last] - half[last]:
            yield place
            end = places[place] + half[place]
    yield last


def _line(spec: FittedGradient, across: Scale, down: Scale) -> Iterator[Shape]:
    steps = len(spec.line) - 1
    places = [(across(step / steps), down(float(value))) for step, value in enumerate(spec.line)]
    yield Line(*places[0], across(1), places[0][1], INK, 1.0, (2, 3))
    for before, after in pairwise(places):
        yield Line(*before, *after, MEAN, 2.2)


def _points(spec: FittedGradient, across: Scale, down: Scale, size: float) -> Iterator[Shape]:
    _, ranks = shares_and_ranks(spec.shares)
    places = [across(rank) for rank in ranks]
    tops = [down(float(value)) - 8 for value in spec.values]
    for place, value in enumerate(spec.values):
        if spec.limits:
            low, high = (down(float(end)) for end in spec.limits[place])
            yield from whisker(low, high, places[place], standing=True)
            tops[place] = min(tops[place], high - 5)
        yield from _point(places[place], down(float(value)))
    texts = [signed(value, spec.decimals) for value in spec.values]
    for place in _with_room(texts, places, size):
        yield from on_paper(Words(places[place], tops[place], texts[place], size, "middle", True))


def _bracket(spec: FittedGradient, across: Scale, down: Scale) -> Iterator[Shape]:
    """The gap between the ends of the line, at the right-hand edge, with an arrow head at the least deprived end."""
    x, start, end = across(1) + 8, down(float(spec.line[0])), down(float(spec.line[-1]))
    if abs(start - end) < 4:
        return
    head = 6.0 if end > start else -6.0
    yield Line(across(1), start, x + 4, start, INK, 1.0)
    yield Line(x, start, x, end - head / 2, INK, 1.6)
    yield Polygon(((x, end), (x - 4, end - head), (x + 4, end - head)), INK)
    yield Line(across(1), end, x + 4, end, INK, 1.0)


def _beside(spec: FittedGradient, x: float, middle: float, size: float) -> Iterator[Shape]:
    """The indices, to the right of the bracket and level with its middle."""
    lines = _wrapped_indices(spec, "\n", BESIDE - 20, size)
    top = min(max(middle - 6.5 * len(lines), TOP), TOP + PLOT - 13 * len(lines))
    for place, (line, bold) in enumerate(lines, start=1):
        yield Words(x, top + 13 * place, line, size, bold=bold)


def _wrapped_indices(spec: FittedGradient, joint: str, width: float, size: float) -> list[tuple[str, bool]]:
    """Both indices with their limits in lines, each with whether it is bold; `joint` parts an index from its limits."""
    found = [(f"SII {distance(spec.sii, spec)}", spec.sii_limits, spec.decimals)]
    if spec.rii is not None:
        found.append((f"RII {signed(spec.rii, 2)}", spec.rii_limits, 2))
    lines = list[tuple[str, bool]]()
    for index, limits, decimals in found:
        words = f"{spec.confidence} limits{joint}{between(limits, decimals)}" if limits else ""
        parts = [f"{index}, {words}" if words else index] if joint == " " else [index, *words.splitlines()]
        lines += [(line, part == 0) for part, text in enumerate(parts) for line in wrapped(text, width, size)]
    return lines


def _told(spec: FittedGradient, floor: str) -> str:
    kind = in_words(spec, 0).split()[0]
    words = f"Deprivation {kind}, 1 = most deprived, as wide as its share of the people. Numbers are {spec.unit}."
    if spec.limits:
        words += " Thin lines are 95% confidence limits."
    words += f" The line goes from {level(spec.line[0], spec)} to {level(spec.line[-1], spec)}."
    return words + (f" The scale does not start at 0 but at {floor}." if floor else "")
