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
    report_places,
    report_rating,
)
from hia_app.domain.document import Block, Callout, Document, Facts, Heading, PageBreak, Paragraph
from hia_app.domain.editions import public
from hia_app.domain.record import short
from hia_app.domain.report_source import Edition, Source, day, who_decides


def report(source: Source, edition: Edition = "full") -> Document:
    """Everything the record holds, in the order in which a committee needs it; in the public edition what may be told.

    A source that is public already gives the public edition whatever is asked for.
    """
    if edition == "public":
        source = public(source)
    parts = (
        report_changes.changes(source),
        report_editions.left_out(source),
        report_rating.gains_and_losses(source),
        report_impacts.harm_register(source),
        report_rating.working(source),
        report_impacts.every_impact(source),
        report_decision.review(source),
        report_decision.decision(source),
        report_impacts.actions(source),
        report_places.places(source),
        report_answers.screening(source),
        report_answers.answers(source),
        report_evidence.files(source),
        report_rating.method(source),
        report_decision.history(source),
        _about(source),
    )
    # The first page decides; the table of contents follows it.
    blocks: list[Block] = [*_standing(source), *report_rating.summary(source), PageBreak()]
    for part in parts:
        blocks.extend(part)
    a = source.assessment
    signed = source.decision["signed_at"] if source.decision else a["frozen_at"]
    fingerprint = source.snapshot_hash or source.submission_hash
    return Document(
        title=a["title"],
        subtitle="Health equity assessment",
        reference=a["reference"],
        council=a["council"],
        lang="en-GB",
        date=date.fromisoformat(signed[:10]),
        fingerprint_lines=_fingerprints(source),
        blocks=tuple(blocks),
        version=report_editions.version_words(source),
        fingerprint=fingerprint,
    )


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


def _about(source: Source) -> Iterator[Block]:
    a = source.assessment
    yield Heading("About this document", 2, "about")
    rows = [
        ("Reference and version", f"{a['reference']}, version {a['version']}"),
        ("Type of scheme", a["scheme_title"]),
        ("Started", day(a["started_at"])),
        ("Who decides", who_decides(a)),
    ]
    for kind, name in (("assessment", "Questionnaire"), ("screening", "Screening questions")):
        pinned = source.payload["questionnaires"][kind]
        rows.append((name, f"{pinned['id']} version {pinned['version']}, fingerprint {short(pinned['fingerprint'])}"))
    for person in source.payload["people"]:
        title = f", {person['job_title']}" if person["job_title"] else ""
        rows.append((person["as"], person["name"] + title))
    yield Facts(tuple(rows))
    yield Paragraph(
        "This tool supports the council in paying due regard to equality and in seeing who gains and who loses. "
        "It does not decide, and it does not certify anything."
    )


def _fingerprints(source: Source) -> tuple[str, ...]:
    lines = []
    if source.submission_hash:
        lines.append(f"Fingerprint of what was put to the decision-maker: {source.submission_hash}")
    if source.snapshot_hash:
        lines.append(f"Fingerprint of the signed-off record: {source.snapshot_hash}")
        lines.append(f"Fingerprint of the record before it in the archive: {source.previous_record}")
    return tuple(lines)
