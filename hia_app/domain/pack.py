"""A committee pack: one document with a cover, the contents, the summaries, then the reports, drawn part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal

from hia_app.domain import report_editions
from hia_app.domain.document import Block, Document, Heading, PageBreak, Paragraph, Table
from hia_app.domain.report import report
from hia_app.domain.report_source import Edition, Source
from hia_app.domain.report_summary import summary

MOST = 500
"""Assessments in one pack."""

Kind = Literal["summary", "report"]
KINDS: tuple[Kind, ...] = ("summary", "report")  # in the order of the pack
TITLES: Mapping[Kind, str] = {"summary": "Summary", "report": "Report"}


@dataclass(frozen=True, slots=True)
class Listed:
    """What the cover and the contents say of one record."""

    title: str
    reference: str
    version: int
    edition: str  # "Version 2, full edition"
    label: str
    fingerprint: str

    @property
    def name(self) -> str:
        return f"{self.title} ({self.reference}, version {self.version})"

    @classmethod
    def of(cls, source: Source) -> Listed:
        a, rating = source.assessment, source.rating
        return cls(
            title=a["title"],
            reference=a["reference"],
            version=a["version"],
            edition=report_editions.version_words(source),
            label=rating.label if rating else "Full assessment not needed",
            fingerprint=source.snapshot_hash,
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def front(listed: Sequence[Listed], left_out: Sequence[str], council: str, title: str, day: date) -> Document:
    """The cover; the contents are made from the pages, so whoever draws it adds them."""
    blocks: list[Block] = [
        Paragraph(
            f"Health equity assessments in this pack: {len(listed)}. "
            "First come the summaries, then the reports. Each report can be checked against the sealed file in the "
            "register; this pack is a copy and carries no seal."
        )
    ]
    if listed:
        rows = tuple((one.title, one.reference, one.edition, one.label) for one in listed)
        blocks.append(Table("In this pack", ("Assessment", "Reference", "Version and edition", "Rating"), rows))
    if left_out:
        blocks.append(Paragraph(f"Not in this pack, because they cannot be read any more: {', '.join(left_out)}."))
    editions = {one.edition.partition(", ")[2] for one in listed}
    return Document(
        title=title,
        subtitle="Health equity assessments for a meeting",
        reference="Committee pack",
        council=council,
        lang="en-GB",
        date=day,
        fingerprint_lines=tuple(f"{one.name}: {one.fingerprint}" for one in listed),
        blocks=tuple(blocks),
        version=", ".join(sorted(editions)),
        contents=False,
    )


def part(source: Source, kind: Kind, edition: Edition, cover: Document) -> Document:
    """The summary or the report of one record, below a heading of its own; a public source stays public."""
    document = summary(source, edition) if kind == "summary" else report(source, edition)
    title = f"{TITLES[kind]}: {Listed.of(source).name}"
    return replace(cover, title=title, fingerprint_lines=(), blocks=tuple(_under(title, document, kind)))


def _under(title: str, document: Document, kind: Kind) -> Iterator[Block]:
    """A document below a heading of the pack: its own headings go one level down."""
    yield Heading(title, 2)
    said = (document.version, f"Fingerprint {document.short_fingerprint}")
    yield Paragraph(" · ".join(one for one in said if one), "small")
    for block in document.blocks:
        if isinstance(block, Heading):
            yield replace(block, level=min(4, block.level + 1), anchor="")
        elif not (isinstance(block, PageBreak) and kind == "summary"):
            yield block
    for line in document.fingerprint_lines:
        yield Paragraph(line, "small")
