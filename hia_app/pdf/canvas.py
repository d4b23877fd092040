"""The sheet of paper: whatever is painted on it either belongs to an element of the structure or is decoration.

Painting outside both is refused, because text that nobody owns would be silently lost to people who listen.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.rl_accel import fp_str
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from hia_app.domain.document import Attached
from hia_app.pdf import conform, fonts, structure
from hia_app.pdf.structure import Element, Mark, text_string

WIDTH, HEIGHT = A4
_PAINTING = frozenset(["S", "s", "f", "f*", "F", "B", "B*", "b", "b*", "Do", "sh", "EI"])


class UnmarkedContent(RuntimeError):
    """Something was painted that belongs to no element and is not marked as decoration: a fault in the program."""


class TaggedCanvas(Canvas):
    """A ReportLab canvas that writes tagged, archival PDF."""

    def __init__(self, title: str, author: str, subject: str, lang: str, day: date) -> None:
        fonts.load()
        self.output = BytesIO()
        super().__init__(
            self.output, A4, pageCompression=1, invariant=1, lang=lang, pdfVersion=(1, 7), initialFontName=fonts.REGULAR
        )
        self.moment = self._doc._timeStamp = conform.FixedTime(day)
        self.lang = lang
        self.setTitle(title)
        self.setAuthor(author)
        self.setSubject(subject)
        self.setCreator("Health Equity Assessments")
        self.setProducer("ReportLab PDF Library (opensource)")
        self.setViewerPreference("DisplayDocTitle", "true")
        self.root = Element("Document")
        self._marks: list[list[Element]] = [[]]
        self._annotated: list[Element] = []
        self._keyed: list[pdfdoc.PDFDictionary] = []

    @property
    def page(self) -> int:
        """The number of the page being drawn, from 0."""
        return len(self._marks) - 1

    @contextmanager
    def marked(self, element: Element) -> Iterator[None]:
        """Everything painted in here belongs to `element`."""
        number = len(self._marks[-1])
        self._marks[-1].append(element)
        element.kids.append(Mark(self.page, number))
        self._code.append(f"/{element.tag} <</MCID {number}>> BDC")
        yield
        self._code.append("EMC")

    @contextmanager
    def decoration(self, kind: str = "") -> Iterator[None]:
        """Everything painted in here is decoration; `kind` is Header, Footer or Watermark for what repeats on pages."""
        self._code.append(f"/Artifact <</Type/Pagination/Subtype/{kind}>> BDC" if kind else "/Artifact BMC")
        yield
        self._code.append("EMC")

    def write(self, x: float, y: float, text: str, size: float, *, bold: bool = False, colour: str = "#0b0c0c") -> None:
        """One line of printable text, starting at x."""
        pen = self.beginText(x, y)
        pen.setFillColor(HexColor(colour))
        put(pen, text, size, bold)
        self.drawText(pen)

    def rule(self, x1: float, y: float, x2: float, colour: str, thickness: float) -> None:
        """A horizontal line."""
        self.setStrokeColor(HexColor(colour))
        self.setLineWidth(thickness)
        self.setDash()
        self.line(x1, y, x2, y)

    def block(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle."""
        self.setFillColor(HexColor(colour))
        self.rect(x, y, width, height, stroke=0, fill=1)

    def link(self, element: Element, box: tuple[float, float, float, float], key: str, words: str) -> None:
        """A link from a box on this page to the place called `key`; `words` say where it leads."""
        self._annotate(
            element, {"Subtype": "/Link", "Rect": box, "Contents": words, "Dest": self._bookmarkReference(key)}
        )

    def signature_field(self, element: Element, name: str, words: str) -> None:
        """An empty signature field of no size, for the seal."""
        field = {"Subtype": "/Widget", "FT": "/Sig", "T": name, "TU": words, "Contents": words, "Rect": (0, 0, 0, 0)}
        self._annotate(element, field | {"F": 132, "P": self._doc.thisPageRef()})
        form = {"Fields": pdfdoc.PDFArray([self._annotationrefs[-1]]), "SigFlags": 0}
        self._doc.Catalog.AcroForm = pdfdoc.PDFDictionary(form)

    def _annotate(self, element: Element, entries: dict[str, object]) -> None:
        ready = {"Type": "/Annot", "F": 4, "StructParent": len(self._annotated)} | entries
        if "FT" not in ready:
            ready["Border"] = pdfdoc.PDFArray([0, 0, 0])
        for name in ("Contents", "T", "TU"):
            if name in ready:
                ready[name] = text_string(str(ready[name]))
        ready["Rect"] = pdfdoc.PDFArray(ready["Rect"])
        annotation = pdfdoc.PDFDictionary(ready)
        self._addAnnotation(annotation)
        self._annotated.append(element)
        self._keyed.append(annotation)
        element.kids.append(structure.Reference(self.page, self._annotationrefs[-1].name))

    def showPage(self) -> None:  # noqa: N802 (ReportLab's name)
        """Finish the page, after a look that nothing on it is without an owner."""
        depth = 0
        for code in self._code:
            if code.endswith((" BDC", " BMC")):
                depth += 1
            elif code == "EMC":
                depth -= 1
            elif not depth and (code.startswith("BT ") or code.rstrip().rpartition(" ")[2] in _PAINTING):
                raise UnmarkedContent(f"page {self.page + 1}: {code[:120]!r}")
        super().showPage()
        page = self._doc.Pages.pages[-1]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.Tabs, page.StructParents, page.Trans = "/S", self.page, None
        self._marks.append([])

    def finish(self, attached: Attached | None = None) -> bytes:
        """The whole file."""
        self._marks.pop()
        document, catalogue = self._doc, self._doc.Catalog
        catalogue.StructTreeRoot = structure.write(self.root, self._marks, self._annotated, document)
        for annotation in self._keyed:  # annotation keys come after the pages' own
            annotation.dict["StructParent"] += len(self._marks)
        catalogue.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})
        claims = conform.xmp(document.info, self.lang, self.moment, part=3 if attached else 2)
        catalogue.Metadata = pdfdoc.XMP(creator=lambda _document: claims)
        catalogue.__NoDefault__ = catalogue.__Refs__ = [*catalogue.__NoDefault__, "OutputIntents"]
        catalogue.OutputIntents = conform.output_intent(document)
        if attached:
            conform.attach(catalogue, document, attached, self.moment)
        document.SaveToFile(self.output, self)
        return self.output.getvalue()


def put(pen: PDFTextObject, text: str, size: float, bold: bool) -> None:
    """Add printable text to a text object, changing fonts by run; right-to-left runs keep what is read out for them."""
    for run in fonts.runs(text, bold):
        if not run.parts:
            _choose(pen, run.face, size)
            pen._textOut(run.text)
            continue
        pen._code.append(f"/Span <</ActualText {text_string(run.text)}>> BDC")
        for part in run.parts:
            _choose(pen, part.face, size)
            _put_glyphs(pen, part, size)
        pen._code.append("EMC")


def _choose(pen: PDFTextObject, face: str, size: float) -> None:
    if pen._fontname != face or pen._fontsize != size or pen._curSubset < 0:
        pen.setFont(face, size)


def _put_glyphs(pen: PDFTextObject, run: fonts.Run, size: float) -> None:
    """Shaped letters one by one, each moved to where shaping wants it."""
    font, document = pdfmetrics.getFont(run.face), pen._canvas._doc
    for glyph in fonts.shaped(run):
        ((subset, code),) = font.splitString(glyph.code, document)
        if subset != pen._curSubset:
            pen._code.append(f"{font.getSubsetInternalName(subset, document)} {fp_str(size)} Tf")
            pen._curSubset = subset
        before, after = fp_str(-glyph.right), fp_str(glyph.right + glyph.width - glyph.advance)
        shown = f"[{before} ({pen._canvas._escape(code)}) {after}] TJ"
        pen._code.append(f"{fp_str(glyph.up * size / 1000)} Ts {shown} 0 Ts" if glyph.up else shown)
