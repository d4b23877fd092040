"""The document of one assessment, drawn from its record (or draft) alone: the first page decides, the rest is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hia_app.domain import (
    report_answers,
    report_changes,
    report_decision,
    report_editions,
    report_evidence,
    report_impacts,
    report_parts,
    report_rating,
    report_review,
)
from hia_app.domain.document import Attached, Block, Bullets, Callout, Document, Facts, Heading, PageBreak, Paragraph
from hia_app.domain.editions import public, public_content
from hia_app.domain.record import canonical
from hia_app.domain.report_source import Edition, Source, day
from hia_app.domain.report_summary import shortened

CONTENT_FORMAT = "hea-record-content/1"
CHECKS = (
    "On the service’s page “Check a document” (its address ends in /check-a-document), choose the PDF file. "
    "It says whether this very file is in the archive, unchanged by a single letter. Nobody has to sign in.",
    "With a PDF program that knows signatures, look at the seal. It shows any change made after sign-off. The program "
    "may say that it does not know who sealed it, until it is given the council’s certificate.",
    "Compare the fingerprint of the signed-off record above with the one in the register. A fingerprint changes when "
    "one letter of the record changes.",
)


def report(source: Source, edition: Edition = "full") -> Document:
    """Everything the record holds, in the order in which a committee needs it; in the public edition what may be told.

    A source that is public already gives the public edition whatever is asked for.
    """
    if edition == "public":
        source = public(source)
    parts = (
        report_changes.changes(source),
        report_editions.left_out(source),
        report_decision.asked(source),
        report_rating.gains_and_losses(source),
        report_impacts.harm_register(source),
        report_rating.verdict(source),
        report_evidence.evidence(source),
        _voices(source),
        report_decision.review(source),
        report_decision.due_regard(source),
        report_decision.promised(source),
        report_rating.method(source),
        report_answers.screening(source),
        report_answers.answers(source),
        report_impacts.every_impact(source),
        report_review.comments(source),
        report_decision.history(source),
        _proof(source),
    )
    a = source.assessment
    # The first page decides; the table of contents follows it.
    opening = shortened([*_standing(source), *report_rating.summary(source)], a["title"])
    blocks: list[Block] = [*opening, PageBreak()]
    for part in parts:
        blocks.extend(part)
    signed = source.decision["signed_at"] if source.decision else a["frozen_at"]
    fingerprint = source.snapshot_hash or source.submission_hash
    return Document(
        title=a["title"],
        subtitle="Health equity assessment",
        reference=a["reference"],
        council=a["council"],
        lang="en-GB",
        date=date.fromisoformat(signed[:10]),
        fingerprint_lines=(),
        blocks=tuple(blocks),
        version=report_editions.version_words(source),
        fingerprint=fingerprint,
        attached=_attached(source),
    )


def _attached(source: Source) -> Attached | None:
    """The public edition as data, inside its own file; the archive's header, which names that file, is not in it."""
    if source.edition == "full" or source.decision is None:
        return None
    a = source.assessment
    told = {"format": CONTENT_FORMAT, "edition": "public", **public_content(source)}
    name = f"{a['reference']}-version-{a['version']}-public.json"
    return Attached(name, "What this document says, as data", canonical(told))


def _standing(source: Source) -> Iterator[Block]:
    if source.decision is None:
        yield Callout(
            "warning",
            "This assessment has not been signed off",
            "It can still change. Do not rely on it for a decision.",
        )
    elif source.decision["late"]:
        yield Callout(
            "warning",
            "Signed off after the decision date",
            f"The decision was due on {day(source.assessment['decision_date'])}; this was signed off on "
            f"{day(source.decision['signed_at'])}.",
        )


def _voices(source: Source) -> Iterator[Block]:
    if told := report_answers.part(source, report_parts.VOICES):
        yield Heading(report_parts.VOICES, 2, "voices")
        yield from told


def _proof(source: Source) -> Iterator[Block]:
    """Who signed, who took part, the fingerprints, and how anybody can find out whether this copy is unchanged."""
    a = source.assessment
    yield Heading("Sign-off, fingerprints, and how to check this document", 2, "proof")
    yield Heading("Sign-off", 3, "sign-off")
    yield from report_decision.sign_offs(source)
    yield Heading("About this document", 3, "about")
    rows = [
        ("Reference and version", f"{a['reference']}, version {a['version']}"),
        ("Type of scheme", a["scheme_title"]),
        ("Started", day(a["started_at"])),
    ]
    for person in source.payload["people"]:
        title = f", {person['job_title']}" if person["job_title"] else ""
        rows.append((person["as"], person["name"] + title))
    yield Facts(tuple(rows))
    yield Paragraph(
        "This tool supports the council in paying due regard to equality and in seeing who gains and who loses. "
        "It does not decide, and it does not certify anything."
    )
    if prints := tuple(_fingerprints(source)):
        yield Heading("Fingerprints", 3, "fingerprints")
        yield Facts(prints)
    if source.snapshot_hash:
        yield Heading("How to check this document", 3, "check")
        yield Bullets(CHECKS, ordered=True)


def _fingerprints(source: Source) -> Iterator[tuple[str, str]]:
    if source.submission_hash:
        yield "What was put to the decision-maker", source.submission_hash
    if source.snapshot_hash:
        yield "The signed-off record", source.snapshot_hash
        yield "The record before it in the archive", source.previous_record
