"""The evidence files of a record: what each is, how strong, of when, and the fingerprint that says it is unchanged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hia_app.domain.document import Block, Facts, Heading, Paragraph, Table
from hia_app.domain.evidence import OLD_AFTER_MONTHS, SCAN_WORDS, STRENGTH_WORDS, size_words
from hia_app.domain.report_source import Payload, Source, day


def files(source: Source) -> Iterator[Block]:
    """A table to look through, then each file in full; records from before files were taken have none."""
    listed: Sequence[Payload] = source.payload.get("evidence", ())
    if not listed:
        return
    yield Heading("Evidence files", 2, "evidence-files")
    yield Table(
        "Files that were part of what was decided",
        ("File", "Size", "Strength", "Date", "Open to readers of the record"),
        tuple(
            (
                f"{number}. {one['name']}",
                size_words(one["size"]) if one["sha256"] else "",
                STRENGTH_WORDS.get(one["strength"], "Not judged"),
                _dated(one),
                "Withheld" if one["withheld"] else "Yes",
            )
            for number, one in enumerate(listed, 1)
        ),
    )
    yield Paragraph(
        "The SHA-256 of a file changes if one letter of the file changes. "
        "Whoever has the file can work it out and compare.",
        "small",
    )
    for number, one in enumerate(listed, 1):
        yield Heading(f"{number}. {one['name']}", 3)
        yield Facts(tuple((label, text) for label, text in _facts(one) if text))


def _facts(one: Payload) -> Iterator[tuple[str, str]]:
    yield "Belongs to", one["about"]
    yield "What it shows", one["description"]
    yield "SHA-256", one["sha256"]
    yield "Exact size", f"{one['size']:,} bytes" if one["sha256"] else ""
    yield "Withheld", one["withheld_reason"]
    yield "Shared library", "Cited from the council's shared evidence library" if one["from_library"] else ""
    yield "Checks", SCAN_WORDS.get(one["scan"], str(one["scan"]))
    yield "Added", f"by {one['added_by']} on {day(one['added_at'])}"


def _dated(one: Payload) -> str:
    if not one["dated"]:
        return "Not given"
    old = f" (older than {OLD_AFTER_MONTHS} months)" if one["old"] else ""
    return f"{day(one['dated'])}{old}"
