"""The two pages for an agenda pack: what is asked, who gains and who loses, the harms, the review, how to check it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from hia_app.domain import report_decision, report_editions, report_rating
from hia_app.domain.document import Block, Callout, Document, Facts, Figure, Heading, Paragraph, Table
from hia_app.domain.editions import public
from hia_app.domain.report_source import EXEMPT, Edition, Source

MOST_CHANGES = 4
FIRST_PAGE = ((600, 420), (420, 420), (300, 380), (220, 310), (220, 250), (220, 190), (150, 124), (70, 60))
"""Letters of running text and of a fact on a report's first page: the first that leaves one page is taken."""
LINES, ACROSS, BESIDE_A_LABEL = 33.5, 78, 64
"""Lines of ordinary text below the title, and letters in a line: a careful estimate of a printed page."""

STEPS = ((480, 5, True), (300, 4, True), (480, 5, False), (300, 4, False), (180, 3, False), (110, 2, False))
"""Letters of a text, number of harms, and whether the chart is drawn: whoever draws it takes the first that fits."""

SOURCE_LETTERS = 160


def summary(source: Source, edition: Edition = "full", step: int = 0) -> Document:
    """A summary of the report in the same edition; long texts are cut (see STEPS), and it says where the rest is."""
    if edition == "public":
        source = public(source)
    a = source.assessment
    signed = source.decision["signed_at"] if source.decision else a["frozen_at"]
    return Document(
        title=a["title"],
        subtitle="Summary of the health equity assessment",
        reference=a["reference"],
        council=a["council"],
        lang="en-GB",
        date=date.fromisoformat(signed[:10]),
        fingerprint_lines=(),
        blocks=tuple(_blocks(source, *STEPS[step])),
        version=report_editions.version_words(source),
        fingerprint=source.snapshot_hash or source.submission_hash,
        contents=False,
    )


def _blocks(source: Source, longest: int, most_harms: int, drawn: bool) -> Iterator[Block]:
    for block in report_rating.summary(source):
        yield _shortened(block, longest + (200 if isinstance(block, Paragraph) else 0))
    rating = source.rating
    if rating is None:
        yield from _check(source)
        return
    yield Heading("Who gains, who loses", 2)
    if source.figures_withheld:
        yield Paragraph(f"{EXEMPT} {report_rating.WITHHELD}")
    else:
        population = source.payload["reference_population"]
        chart = Figure(report_rating.gains_chart(rating, cut(population["source"], SOURCE_LETTERS)), tabled=False)
        yield chart if drawn else chart.numbers  # where room is scarce, the numbers alone
    harms = [(line.id, line) for line in rating.lines if line.direction == "harm"]
    if harms:
        yield Heading("Harms", 2)
        rows = [
            (
                f"{name}: people will {cut(source.impacts[name]['effect'], 120)}",
                (line.significance or "not rated").capitalize(),
                (line.residual_significance or "not rated").capitalize(),
            )
            for name, line in harms[:most_harms]
        ]
        more = len(harms) - most_harms
        note = f"{more} more in the harm register of the report." if more > 0 else ""
        yield Table("Harms before and after mitigation", ("Harm", "Before", "After"), tuple(rows), note=note)
    yield from _review(source, longest)
    yield from _changes(source)
    yield from _check(source)


def _review(source: Source, longest: int) -> Iterator[Block]:
    concluded = [one for one in source.payload["review"]["rounds"] if one["recommendation"]]
    if not concluded:
        return
    one = concluded[-1]
    yield Heading("The reviewer's view", 2)
    told = (
        ("Recommendation", report_decision.RECOMMENDATIONS[one["recommendation"]]),
        ("Reasons", cut(one["reasons"], longest)),
        ("Conditions", cut(one["conditions"], longest)),
    )
    for label, text in told:
        if text:
            yield Paragraph(f"{label}: {text}")


def _changes(source: Source) -> Iterator[Block]:
    listed = source.payload.get("changes")
    if not listed:
        return
    yield Heading("What changed since the last version", 2)
    labels = [cut(one["label"], 90) for one in listed]
    more = len(labels) - MOST_CHANGES
    said = "; ".join(labels[:MOST_CHANGES]) + (f"; and {more} more" if more > 0 else "")
    yield Paragraph(f"{len(labels)} changes: {said}.")


def _check(source: Source) -> Iterator[Block]:
    yield Paragraph(
        f"This is a summary. The report ({source.assessment['reference']}, version {source.assessment['version']}) "
        "holds every answer, the working and the history, and can be checked at the address /check-a-document.",
        "small",
    )


def shortened(blocks: Iterable[Block], title: str) -> list[Block]:
    """The first page of a report: texts are cut until it is one page; each stands in full in the part it belongs to."""
    given = list(blocks)
    room = LINES - 2.2 * (_rows(title, 30) - 1)
    for running, fact in FIRST_PAGE:
        cut_down = [_shortened(block, fact if isinstance(block, Facts) else running) for block in given]
        if sum(map(_lines, cut_down)) <= room:
            break
    return cut_down


def _lines(block: Block) -> float:
    """About as many lines as a block takes on paper, with the space around it."""
    match block:
        case Paragraph(text=text):
            return _rows(text, ACROSS) + 0.5
        case Callout(title=title, text=text):
            return _rows(title, ACROSS) + _rows(text, ACROSS) + 2
        case Facts(rows=rows):
            return sum(0.86 * _rows(text, BESIDE_A_LABEL) + 0.55 for _, text in rows) + 0.7
        case _:
            return 3.2


def _rows(text: str, letters: int) -> int:
    return sum(max(1, -(-len(line) // letters)) for line in text.splitlines()) or 1


def _shortened(block: Block, longest: int) -> Block:
    if isinstance(block, Paragraph):
        return Paragraph(cut(block.text, longest), block.style, block.lang)
    if isinstance(block, Callout):
        return Callout(block.tone, block.title, cut(block.text, longest))
    if isinstance(block, Facts):
        return Facts(tuple((label, cut(text, longest)) for label, text in block.rows))
    return block


def cut(text: str, longest: int) -> str:
    """Whole words up to a length; what was left out is marked."""
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[:longest].rsplit(None, 1)[0]} …"
