"""The PDFs of a frozen record, drawn and sealed at sign-off; services are handed this and know nothing of PDFs."""

from __future__ import annotations

from hia_app.config import Settings
from hia_app.domain.document import Document
from hia_app.domain.errors import NotNow
from hia_app.domain.report_source import Source
from hia_app.domain.report_summary import STEPS, summary
from hia_app.services.archive import Printed, Render


def printer(settings: Settings) -> Render:
    """What draws a document and seals it with this installation's certificate; without one it refuses (NotNow)."""

    def draw(document: Document) -> Printed:
        from hia_app.pdf.certificate import sealer_of, time_stamps
        from hia_app.pdf.seal import SealProblem
        from hia_app.pdf.timestamps import NoTimeStamp

        try:
            sealer, stamps = sealer_of(settings), time_stamps(settings)
        except SealProblem as problem:
            raise NotNow(str(problem)) from None
        drawn = drawing(document)
        if stamps is None:
            return Printed(sealer.seal(drawn), len(drawn))
        try:
            return Printed(sealer.seal(drawn, stamps), len(drawn), "PAdES B-LTA")
        except NoTimeStamp as problem:  # a decision is not undone because somebody else's service is away
            return Printed(sealer.seal(drawn), len(drawn), no_time=str(problem)[:300])

    return draw


def two_pages(source: Source) -> bytes:
    """The summary of a record as a PDF of two pages at most, with as much of long texts as fits."""
    from hia_app.pdf.render import render_pages

    for step in range(len(STEPS)):
        content, pages = render_pages(summary(source, step=step))
        if pages <= 2:
            break
    return content


def drawing(document: Document) -> bytes:
    """The document as it is before the seal, with the empty field for it."""
    from hia_app.pdf.render import render  # loads fonts and ReportLab, which most requests do not need

    return render(document, signature_field=True)
