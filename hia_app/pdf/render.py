"""A document as a PDF file: the same document gives the same bytes on any day, in any process."""

from collections import Counter

from hia_app.domain.document import Document
from hia_app.pdf import fonts
from hia_app.pdf.canvas import HEIGHT, WIDTH, TaggedCanvas
from hia_app.pdf.flow import Compositor, Page
from hia_app.pdf.lines import Type, shortened
from hia_app.pdf.story import Story
from hia_app.pdf.styles import COLUMN, MUTED

LEFT = (WIDTH - COLUMN) / 2
TOP, BOTTOM = HEIGHT - 72, 66.0
HEAD, FOOT = HEIGHT - 46, 40.0
RUNNING = Type(9.5, 13, colour=MUTED)


def render(document: Document, *, watermark: str | None = None, signature_field: bool = False) -> bytes:
    """The document as PDF/A-2a and PDF/UA-1. Pure: the date in it is the document's, the bytes depend on nothing else.

    `watermark` is printed across each page and, as words, above the title. `signature_field` leaves an empty field for
    the seal at the end.
    """
    return render_pages(document, watermark=watermark, signature_field=signature_field)[0]


def render_pages(
    document: Document, *, watermark: str | None = None, signature_field: bool = False
) -> tuple[bytes, int]:
    """The same, with the number of its pages."""
    fonts.load()
    title, council, subject = (plain(text) for text in (document.title, document.council, document.reference))
    canvas = TaggedCanvas(title, council, subject, document.lang, document.date)
    story = Story(document, canvas.root, watermark)
    pages = Compositor(TOP - BOTTOM).compose(story.tell())
    running = running_words(document)
    for number, page in enumerate(pages, 1):
        draw_page(canvas, page, number, len(pages), running, watermark)
        if signature_field and number == len(pages):
            canvas.signature_field(canvas.root.child("Form"), "Seal", "Digital seal of this document")
        canvas.showPage()
    return canvas.finish(document.attached), len(pages)


def plain(text: str) -> str:
    """Text for a place that holds one line of any characters that fonts know, such as the file's title."""
    return " ".join(fonts.printable(text, Counter()).split()) or "Untitled"


def running_words(document: Document) -> tuple[str, str, str]:
    """What stands at the head of the page on the left and right, and at its foot on the left."""
    left = " · ".join(part for part in (document.reference, document.version) if part.strip())
    right = f"Fingerprint {document.short_fingerprint}" if document.fingerprint else ""
    return tuple(  # type: ignore[return-value]
        shortened(fonts.printable(words, Counter()), RUNNING, COLUMN * share)
        for words, share in ((left, 0.6), (right, 0.35), (document.council, 0.7))
    )


def draw_page(
    canvas: TaggedCanvas,
    page: Page,
    number: int,
    count: int | None,
    running: tuple[str, str, str],
    watermark: str | None = None,
) -> None:
    """One page with its running words; `count` is None where nobody knows yet how many pages there will be."""
    left, right, foot = running
    if watermark:
        _draw_watermark(canvas, plain(watermark))
    if number > 1:  # the first page says all this in its title block
        with canvas.decoration("Header"):
            canvas.write(LEFT, HEAD, left, RUNNING.size, colour=MUTED)
            _write_right(canvas, HEAD, right)
            canvas.rule(LEFT, HEAD - 7, LEFT + COLUMN, "#b1b4b6", 0.6)
    for placed in page.placed:
        placed.piece.draw(canvas, LEFT, TOP - placed.down, again=placed.again)
    with canvas.decoration("Footer"):
        canvas.write(LEFT, FOOT, foot, RUNNING.size, colour=MUTED)
        _write_right(canvas, FOOT, f"Page {number}" if count is None else f"Page {number} of {count}")


def _write_right(canvas: TaggedCanvas, y: float, text: str) -> None:
    canvas.write(LEFT + COLUMN - fonts.width(text, False) * RUNNING.size, y, text, RUNNING.size, colour=MUTED)


def _draw_watermark(canvas: TaggedCanvas, text: str) -> None:
    """Large pale words across the page, below everything else."""
    size = min(120.0, 600 / max(1.0, fonts.width(text, True)))
    with canvas.decoration("Watermark"):
        canvas.saveState()
        canvas.translate(WIDTH / 2, HEIGHT / 2)
        canvas.rotate(52)
        canvas.write(-fonts.width(text, True) * size / 2, -size / 3, text, size, bold=True, colour="#ececec")
        canvas.restoreState()
