"""A chart as SVG for a web page: no inline style (the content security policy), no ids that could collide."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from markupsafe import Markup

from hia_app.domain import charts
from hia_app.domain.chart_layout import NARROW, WIDE, Box, Line, Outline, Polygon, Shape, Words, layout


def svg(spec: charts.ChartSpec, *, narrow: bool = False, alternative: str = "") -> Markup:
    """The chart as one `<svg>`, named by its text alternative; `narrow` is for a 320-pixel screen."""
    drawing = layout(spec, NARROW if narrow else WIDE)
    kind = "narrow" if narrow else "wide"
    drawn = Markup("").join(_element(shape) for shape in drawing.shapes)
    return Markup(
        '<svg class="app-chart app-chart--{}" role="img" aria-label="{}" viewBox="0 0 {} {}"'
        ' width="{}" height="{}">{}</svg>'
    ).format(
        kind,
        alternative or charts.alt_text(spec),
        *(_number(value) for value in (drawing.width, drawing.height) * 2),
        drawn,
    )


def _element(shape: Shape) -> Markup:
    match shape:
        case Line():
            return _tag(
                "line",
                x1=shape.x1,
                y1=shape.y1,
                x2=shape.x2,
                y2=shape.y2,
                stroke=shape.colour,
                stroke_width=shape.width,
                stroke_dasharray=" ".join(map(_number, shape.dash)),
            )
        case Box():
            return _tag(
                "rect",
                x=shape.x,
                y=shape.y,
                width=shape.width,
                height=shape.height,
                fill=shape.fill or "none",
                stroke=shape.edge,
                stroke_width=1.2 if shape.edge else "",
            )
        case Polygon():
            return _tag(
                "polygon",
                points=" ".join(f"{_number(x)},{_number(y)}" for x, y in shape.points),
                fill=shape.fill,
            )
        case Outline():
            return _tag(
                "path",
                d="".join(_path(ring, shape.closed) for ring in shape.rings),
                fill=shape.fill or "none",
                fill_rule="evenodd" if shape.fill else "",
                stroke=shape.edge,
                stroke_width=shape.width if shape.edge else "",
                stroke_linejoin="round" if shape.edge else "",
            )
        case Words():
            attributes: Mapping[str, str | float] = {
                "x": shape.x,
                "y": shape.y,
                "font_size": shape.size,
                "fill": shape.colour,
                "font_weight": "700" if shape.bold else "",
                "text_anchor": shape.anchor,
            }
            return Markup("<text{}>{}</text>").format(_attributes(attributes), shape.text)


def _path(ring: Iterable[tuple[float, float]], closed: bool) -> str:
    """A ring in few letters: tenths of a unit, each point as the step from the one before, steps of nothing left out.

    The steps are between rounded points, so that nothing adds up and neighbours stay together.
    """
    points = [(round(x * 10), round(y * 10)) for x, y in ring]
    steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(points) if (x1, y1) != (x2, y2)]
    written = "".join(_step(number) for step in steps for number in step)
    return f"M{_tenths(points[0][0])}{_step(points[0][1])}l{written}{'z' if closed else ''}" if steps else ""


def _step(tenths: int) -> str:
    """A number that follows another: a minus parts them already."""
    return _tenths(tenths) if tenths < 0 else f" {_tenths(tenths)}"


def _tenths(tenths: int) -> str:
    whole, rest = divmod(abs(tenths), 10)
    number = f"{whole or ''}.{rest}" if rest else str(whole)
    return f"-{number}" if tenths < 0 else number


def _tag(name: str, **attributes: str | float) -> Markup:
    return Markup("<{}{}/>").format(name, _attributes(attributes))


def _attributes(attributes: Mapping[str, str | float]) -> Markup:
    """Attributes with a value, `_` in a name read as `-`."""
    written = (
        (name.replace("_", "-"), value if isinstance(value, str) else _number(value))
        for name, value in attributes.items()
    )
    return Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in written if value)


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".") or "0"
