"""What a record rests on and what nobody knows: published findings, figures, places, files, gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hia_app.domain import report_answers, report_parts, report_places
from hia_app.domain.document import Block, Bullets, Facts, Heading, Paragraph, Table
from hia_app.domain.evidence import OLD_AFTER_MONTHS, SCAN_WORDS, STRENGTH_WORDS, size_words
from hia_app.domain.report_source import Payload, Source, day


def evidence(source: Source) -> Iterator[Block]:
    """What the assessment rests on, and what is not known; nothing for a proposal that was screened out."""
    if source.rating is None:
        return
    yield Heading(report_parts.EVIDENCE, 2, "evidence")
    yield from _unknowns(source)
    yield from _published(source)
    yield from report_answers.part(source, report_parts.EVIDENCE)
    yield from report_places.places(source)
    yield from files(source)


def _unknowns(source: Source) -> Iterator[Block]:
    rating = source.rating
    if rating is None:
        return
    yield Heading("Effects that are not known", 3, "not-known")
    told = [source.impacts[name]["sentence"] for name in rating.unknowns if name in source.impacts]
    told += [gap.sentence for gap in rating.gaps if gap.id not in rating.unknowns]
    if told:
        yield Bullets(tuple(told))
    else:
        yield Paragraph("No effect was recorded as not known, and nothing that the rating needs is missing.")


def _published(source: Source) -> Iterator[Block]:
    """The findings of research that impacts were recorded with, and by which."""
    cited: dict[str, list[str]] = {}
    for name, impact in source.impacts.items():
        for card in impact["evidence"]:
            cited.setdefault(card, []).append(name)
    known = [card for card in source.questionnaire.evidence if card.id in cited]
    if not known:
        return
    yield Heading("Published findings that impacts rest on", 3, "findings")
    yield Table(
        "Each with the impacts that cite it",
        ("Finding", "Strength", "Source", "Cited by"),
        tuple(
            (
                f"{card.title}: {card.finding}",
                card.strength.capitalize(),
                ", ".join(filter(None, (card.source, card.as_at))),
                ", ".join(cited[card.id]),
            )
            for card in known
        ),
    )


def files(source: Source) -> Iterator[Block]:
    """A table to look through, then each file in full; records from before files were taken have none."""
    listed: Sequence[Payload] = source.payload.get("evidence", ())
    if not listed:
        return
    yield Heading("Evidence files", 3, "evidence-files")
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
        yield Heading(f"{number}. {one['name']}", 4)
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
