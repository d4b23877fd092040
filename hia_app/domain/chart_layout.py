"""How a chart is drawn: lines, boxes and words with their places, which the web page and the PDF both read.

y runs down, as in SVG; units are points (PDF) or the view box's units (SVG). Nothing depends on colour: benefits
are solid and harms hatched, the average is dashed, every bar carries its number.
"""

from collections.abc import Iterator

from hia_app.domain import gradient_layout, group_layout, map_layout
from hia_app.domain.chart_shapes import (
    BAR,
    GAIN,
    GRID,
    INK,
    LOSS,
    MEAN,
    NARROW,
    PAPER,
    SMALLEST,
    WIDE,
    Anchor,
    Box,
    Drawing,
    Line,
    Outline,
    Polygon,
    Scale,
    Shape,
    Words,
    hatched,
    on_paper,
    tick_words,
    ticks,
    whisker,
    wrapped,
)
from hia_app.domain.charts import (
    FIFTHS,
    BeyondTheAverage,
    ChartSpec,
    FittedGradient,
    GainsAndLosses,
    PlacesMap,
    bar_name,
    with_unit,
    written,
)

__all__ = [
    "GAIN",
    "LOSS",
    "MEAN",
    "NARROW",
    "WIDE",
    "Anchor",
    "Box",
    "Drawing",
    "Line",
    "Outline",
    "Polygon",
    "Shape",
    "Words",
    "hatched",
    "layout",
    "ticks",
]


def layout(spec: ChartSpec, width: float = WIDE) -> Drawing:
    """The chart as shapes. On narrow paper, and under long names, the bars lie down so that words stay readable."""
    if isinstance(spec, FittedGradient):
        return gradient_layout.layout(spec, width)
    if isinstance(spec, PlacesMap):
        return map_layout.layout(spec, width)
    if isinstance(spec, GainsAndLosses):
        return _gains_lying(spec, width) if width < 420 else _gains_standing(spec, width)
    if spec.points:
        return group_layout.layout(spec, width)
    lying = width < 420 or len(spec.labels) > 12 or any(len(label) > 4 for label in spec.labels)
    return _average_lying(spec, width) if lying else _average_standing(spec, width)


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
        shapes.append(Words(left - 6, scale(mark) + 3.5, tick_words(abs(mark), marks[1] - marks[0]), 9.5, "end"))
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


def _span(spec: BeyondTheAverage) -> tuple[float, float]:
    shown = [float(value) for value in spec.values if value is not None]
    limits = [spec.limits(place) for place, value in enumerate(spec.values) if value is not None]
    ends = [float(end) for pair in limits if pair for end in pair]
    every = [0.0, *shown, *ends, *([] if spec.average is None else [float(spec.average)])]
    return min(every), max(every)


def _average_standing(spec: BeyondTheAverage, width: float) -> Drawing:
    left, right, top, plot = 46.0, 8.0, 34.0, 180.0
    marks = ticks(*_span(spec))
    scale = Scale(marks[0], marks[-1], top + plot, top)
    shapes: list[Shape] = []
    for mark in marks:
        shapes.append(Line(left, scale(mark), width - right, scale(mark), GRID, 0.7))
        shapes.append(Words(left - 6, scale(mark) + 3.5, tick_words(mark, marks[1] - marks[0]), 9.5, "end"))
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
            shapes += whisker(*ends, middle, standing=True)
        over += on_paper(Words(middle, min(*ends, level) - 5, written(value, spec.decimals), 10, "middle", True))
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
        yield from whisker(scale(float(limits[0])), scale(float(limits[1])), y + 9, standing=False)
    if spec.average is not None:
        x = scale(float(spec.average))
        yield Line(x, y, x, y + 18, PAPER, 3.2)
        yield Line(x, y, x, y + 18, MEAN, 1.6, (6, 3))
    shown = with_unit(value, spec) if spec.unit == "%" else written(value, spec.decimals)
    yield from on_paper(Words(far + 6, y + 13, shown, 12))
