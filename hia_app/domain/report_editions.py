"""What a report says of itself: which edition it is, and what the public edition leaves out and why."""

from __future__ import annotations

from collections.abc import Iterator

from hia_app.domain.document import Block, Heading, Paragraph, Table
from hia_app.domain.exempt import paragraph_words
from hia_app.domain.report_source import EXEMPT, Payload, Source, day

NAMES = {"full": "full edition", "public": "public edition"}
SMALL_NUMBERS = "Counts that are too small to publish are replaced; the rule is named below each table it was used in."


def version_words(source: Source) -> str:
    """ "Version 2, public edition"."""
    number = source.assessment["version"]
    return f"Version {number}, {NAMES[source.edition] if source.decision else 'not signed off'}"


def left_out(source: Source) -> Iterator[Block]:
    """What the reader of the public edition does not see, and why; the full edition names the same parts."""
    marks = source.payload.get("exempt_marks", ())
    if source.edition == "full":
        if marks:
            yield Heading("Parts that the public edition leaves out", 2, "public-edition")
            yield Paragraph("This full edition is only for people who are entitled to these parts.")
            yield Table(
                "Exempt under Schedule 12A of the Local Government Act 1972",
                ("Part", "Paragraph", "Why the public interest is in keeping it back", "By"),
                tuple(
                    (one["label"], paragraph_words(one["paragraph"]), one["public_interest"], _by(one)) for one in marks
                ),
            )
        return
    yield Heading("What this public edition leaves out", 2, "public-edition")
    if marks:
        yield Paragraph(
            f"These parts are exempt under Schedule 12A of the Local Government Act 1972 and stand as {EXEMPT}. "
            "They were part of what was decided, and of the rating."
        )
        yield Table(
            "Exempt parts",
            ("Part", "Paragraph", "Why the public interest in keeping it back is greater"),
            tuple((one["label"], paragraph_words(one["paragraph"]), one["public_interest"]) for one in marks),
        )
        yield Paragraph("Who did what when is printed without details, because these could tell what is exempt.")
    else:
        yield Paragraph("Nothing is exempt: this edition holds every answer and every impact.")
    yield Paragraph(SMALL_NUMBERS, "small")
    if not source.payload.get("officers_named", True):
        yield Paragraph("Officers are named by what they are to this assessment, not by their names.", "small")


def _by(mark: Payload) -> str:
    return f"{mark['by']}, {day(mark['at'])}"
