"""A committee pack: one document with a cover, the contents, the summaries, then the reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from hia_app.domain.document import Block, Document, Heading, PageBreak, Paragraph, Table
from hia_app.domain.report import report
from hia_app.domain.report_source import Edition, Source
from hia_app.domain.report_summary import summary

MOST = 10
"""Reports in one pack: it is drawn while somebody waits."""


def pack(sources: Sequence[Source], council: str, title: str, day: date, edition: Edition = "full") -> Document:
    """The records in the given order; a record whose source is public stays so in any pack."""
    reports = [report(source, edition) for source in sources]
    blocks: list[Block] = [
        Paragraph(
            f"Health equity assessments in this pack: {len(sources)}. "
            "First come the summaries, then the reports. Each report can be checked against the sealed file in the "
            "register; this pack is a copy and carries no seal."
        ),
        Table(
            "In this pack",
            ("Assessment", "Reference", "Version and edition", "Rating"),
            tuple(_row(source, one) for source, one in zip(sources, reports, strict=True)),
        ),
        PageBreak(),
    ]
    for number, source in enumerate(sources, 1):
        blocks += [PageBreak()] if number > 1 else []
        blocks += _under(f"Summary: {_name(source)}", f"summary-{number}", summary(source, edition), number, "s")
    for number, (source, one) in enumerate(zip(sources, reports, strict=True), 1):
        blocks.append(PageBreak())
        blocks += _under(f"Report: {_name(source)}", f"report-{number}", one, number, "r")
    editions = {one.version.partition(", ")[2] for one in reports}
    return Document(
        title=title,
        subtitle="Health equity assessments for a meeting",
        reference="Committee pack",
        council=council,
        lang="en-GB",
        date=day,
        fingerprint_lines=tuple(f"{_name(source)}: {source.snapshot_hash}" for source in sources),
        blocks=tuple(blocks),
        version=", ".join(sorted(editions)),
    )


def _name(source: Source) -> str:
    a = source.assessment
    return f"{a['title']} ({a['reference']}, version {a['version']})"


def _row(source: Source, document: Document) -> tuple[str, ...]:
    a, rating = source.assessment, source.rating
    label = rating.label if rating else "Full assessment not needed"
    return a["title"], a["reference"], document.version, label


def _under(title: str, anchor: str, document: Document, number: int, mark: str) -> Iterator[Block]:
    """A document below a heading of the pack: its own headings go one level down, its anchors stay apart."""
    yield Heading(title, 2, anchor)
    yield Paragraph(
        " · ".join(part for part in (document.version, f"Fingerprint {document.short_fingerprint}") if part), "small"
    )
    for block in document.blocks:
        if isinstance(block, Heading):
            own = f"{mark}{number}-{block.anchor}" if block.anchor else ""
            yield replace(block, level=min(4, block.level + 1), anchor=own[:80])
        elif not (isinstance(block, PageBreak) and mark == "s"):
            yield block
    for line in document.fingerprint_lines:
        yield Paragraph(line, "small")
