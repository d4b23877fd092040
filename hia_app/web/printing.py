"""The PDF of a frozen record, drawn when it is sealed; services are handed this and know nothing of PDFs."""

from __future__ import annotations

from hia_app.domain.document import Document


def draw(document: Document) -> bytes:
    """The document as PDF bytes."""
    from hia_app.pdf.render import render  # loads fonts and ReportLab, which most requests do not need

    return render(document)
