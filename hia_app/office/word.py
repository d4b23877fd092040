"""A document as a Word file, for officers who must paste a part of it into a committee report."""

from __future__ import annotations

import io
import re
from datetime import datetime, time
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from hia_app.domain import charts
from hia_app.domain.document import (
    TONE_WORDS,
    Block,
    Bullets,
    Callout,
    Document,
    Facts,
    Figure,
    Heading,
    PageBreak,
    Paragraph,
    Table,
)

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def word(document: Document) -> bytes:
    """The same blocks as the page and the PDF have, with Word's own headings, lists and tables. No seal."""
    made = docx.Document()
    _set_up(made, document)
    made.add_paragraph(_safe(document.council))
    made.add_heading(_safe(document.title), 0)
    if document.subtitle.strip():
        made.add_paragraph(_safe(document.subtitle), style="Subtitle")
    said = (
        document.reference,
        document.version,
        f"Fingerprint {document.short_fingerprint}" if document.fingerprint else "",
    )
    made.add_paragraph(_safe(" · ".join(part for part in said if part)))
    for block in document.blocks:
        _add(made, block)
    for line in document.fingerprint_lines:
        made.add_paragraph(_safe(line))
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def _set_up(made: Any, document: Document) -> None:
    about = made.core_properties
    about.title, about.author, about.subject = (
        _safe(document.title)[:255],
        _safe(document.council)[:255],
        document.reference,
    )
    about.language, about.comments, about.keywords = document.lang, "", ""
    about.created = about.modified = datetime.combine(document.date, time())
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(12)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), document.lang)
    normal.element.get_or_add_rPr().append(language)
    for level in range(1, 5):
        made.styles[f"Heading {level}"].font.color.rgb = RGBColor(0x0B, 0x0C, 0x0C)


def _add(made: Any, block: Block) -> None:
    match block:
        case Heading(text=text, level=level):
            made.add_heading(_safe(text), level - 1)
        case Paragraph(text=text, style=style):
            for part in re.split(r"\n[^\S\n]*\n", text):
                if part.strip():
                    made.add_paragraph(_safe(part.strip()), style="Quote" if style == "quote" else None)
        case Bullets(entries=entries, ordered=ordered):
            for entry in entries:
                made.add_paragraph(_safe(entry), style="List Number" if ordered else "List Bullet")
        case Facts(rows=rows):
            for label, text in rows:
                paragraph = made.add_paragraph()
                paragraph.add_run(f"{_safe(label)}: ").bold = True
                paragraph.add_run(_safe(text))
        case Table():
            _table(made, block)
        case Callout(tone=tone, title=title, text=text):
            paragraph = made.add_paragraph(style="Intense Quote")
            paragraph.add_run(f"{TONE_WORDS[tone]}: {_safe(title)}").bold = True
            if text:
                paragraph.add_run(f"\n{_safe(text)}")
        case Figure():
            made.add_paragraph().add_run(_safe(charts.title(block.chart))).bold = True
            made.add_paragraph(_safe(block.alternative))
            _table(made, block.numbers)
            for text in (block.caption, f"Source: {block.chart.source}" if block.chart.source else ""):
                if text:
                    made.add_paragraph(_safe(text))
        case PageBreak():
            made.add_page_break()


def _table(made: Any, block: Table) -> None:
    if block.caption:
        made.add_paragraph(_safe(block.caption), style="Caption")
    table = made.add_table(rows=1, cols=len(block.header), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, block.header, strict=True):
        cell.text = _safe(text)
        for run in cell.paragraphs[0].runs:
            run.bold = True
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in block.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = _safe(text)
    made.add_paragraph(_safe(block.note))


def _safe(text: str) -> str:
    """What cannot stand in a Word file is shown as a box, not dropped."""
    return _NOT_IN_XML.sub("\ufffd", text)
