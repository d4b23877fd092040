"""A chart on paper: the same shapes as on the page, drawn as lines and letters."""

from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import FILL_EVEN_ODD

from hia_app.domain.chart_layout import Box, Drawing, Line, Outline, Polygon, Shape, Words
from hia_app.pdf import fonts
from hia_app.pdf.canvas import TaggedCanvas
from hia_app.pdf.structure import Element

ROUND = 1  # how the corners of a line are joined


@dataclass(frozen=True)
class Chart:
    """A drawing as one figure; its words are printable text. Drawn smaller when it would not fit on a page."""

    drawing: Drawing
    element: Element
    highest: float
    before: float = 6.0
    after: float = 10.0
    stays_with_next: bool = False
    header: None = None
    target: None = None

    @property
    def scale(self) -> float:
        return min(1.0, self.highest / self.drawing.height)

    @property
    def height(self) -> float:
        return self.drawing.height * self.scale

    @property
    def least(self) -> float:
        return self.height

    def split(self, room: float, *, forced: bool = False) -> None:
        """A chart is never cut."""

    def draw(self, canvas: TaggedCanvas, x: float, top: float, *, again: bool = False) -> None:
        bottom, right = top - self.height, x + self.drawing.width * self.scale
        box = f"[{x:.2f} {bottom:.2f} {right:.2f} {top:.2f}]"
        self.element.attributes = f"<</O/Layout/Placement/Block/BBox{box}>>"
        with canvas.marked(self.element):
            canvas.saveState()
            canvas.translate(x, top)
            canvas.scale(self.scale, self.scale)
            for shape in self.drawing.shapes:
                _paint(canvas, shape, self.drawing.width)
            canvas.restoreState()


def _paint(canvas: TaggedCanvas, shape: Shape, room: float) -> None:
    """One shape; its y runs down from the top, the canvas's y runs up. Words too wide for the room are set smaller."""
    match shape:
        case Line():
            canvas.setStrokeColor(HexColor(shape.colour))
            canvas.setLineWidth(shape.width)
            canvas.setDash(list(shape.dash))
            canvas.line(shape.x1, -shape.y1, shape.x2, -shape.y2)
        case Box():
            if shape.fill:
                canvas.setFillColor(HexColor(shape.fill))
            if shape.edge:
                canvas.setStrokeColor(HexColor(shape.edge))
                canvas.setLineWidth(1.2)
                canvas.setDash()
            canvas.rect(
                shape.x,
                -shape.y - shape.height,
                shape.width,
                shape.height,
                stroke=bool(shape.edge),
                fill=bool(shape.fill),
            )
        case Polygon():
            path = canvas.beginPath()
            path.moveTo(shape.points[0][0], -shape.points[0][1])
            for across, down in shape.points[1:]:
                path.lineTo(across, -down)
            path.close()
            canvas.setFillColor(HexColor(shape.fill))
            canvas.drawPath(path, stroke=0, fill=1)
        case Outline():
            _outline(canvas, shape)
        case Words():
            natural = fonts.width(shape.text, shape.bold) * shape.size
            free = {"start": room - shape.x, "middle": 2 * min(shape.x, room - shape.x), "end": shape.x}[shape.anchor]
            wide = min(natural, max(free, 1.0))
            size = shape.size * wide / natural if natural else shape.size
            start = shape.x - {"start": 0.0, "middle": wide / 2, "end": wide}[shape.anchor]
            canvas.write(start, -shape.y, shape.text, size, bold=shape.bold, colour=shape.colour)


def _outline(canvas: TaggedCanvas, shape: Outline) -> None:
    path = canvas.beginPath()
    for ring in shape.rings:
        path.moveTo(ring[0][0], -ring[0][1])
        for across, down in ring[1:]:
            path.lineTo(across, -down)
        if shape.closed:
            path.close()
    if shape.fill:
        canvas.setFillColor(HexColor(shape.fill))
    if shape.edge:
        canvas.setStrokeColor(HexColor(shape.edge))
        canvas.setLineWidth(shape.width)
        canvas.setLineJoin(ROUND)
        canvas.setDash()
    canvas.drawPath(path, stroke=bool(shape.edge), fill=bool(shape.fill), fillMode=FILL_EVEN_ODD)
