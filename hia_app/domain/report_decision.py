"""What the reviewer found, what the decision-maker stated, and who did what when."""

from __future__ import annotations

from collections.abc import Iterator

from hia_app.domain import report_review
from hia_app.domain.document import Block, Callout, Facts, Heading, Paragraph, Table
from hia_app.domain.happenings import sentence
from hia_app.domain.report_source import Payload, Source, day, moment, who_decides

RECOMMENDATIONS = {
    "approve": "Approve",
    "approve_with_conditions": "Approve with conditions",
    "do_not_approve": "Do not approve",
}
AIMS = {
    "eliminate": "Eliminate discrimination, harassment and victimisation",
    "advance": "Advance equality of opportunity",
    "foster": "Foster good relations",
}
RESPONSES = {"answered": "Answered", "rebutted": "Rebutted", None: "No response yet"}
OUTCOMES = {
    "returned": "Returned to the officer",
    "concluded": "Concluded",
    "recalled": "Recalled by the officer",
    "stopped": "Stopped",
    None: "Under way",
}


def review(source: Source) -> Iterator[Block]:
    """Each round of the review: who led it, what was returned, how it was answered, what was recommended."""
    rounds = source.payload["review"]["rounds"]
    if not rounds:
        yield from report_review.comments(source)
        return
    yield Heading("The reviewer's view", 2, "review")
    for one in rounds:
        yield Heading(f"Review round {one['number']}", 3)
        yield Facts(tuple(_round(one)))
        if one["points"]:
            yield Table(
                "Points returned",
                ("Point", "Why", "Response"),
                tuple((p["label"], p["reason"], _response(p)) for p in one["points"]),
            )
    signed = source.payload["review"]["countersignatures"]
    if signed:
        yield Table(
            "Mitigations countersigned by a reviewer",
            ("Impact", "By", "When", "Reason"),
            tuple((c["impact"], c["by"], moment(c["at"]), c["reason"]) for c in signed),
        )
    yield from report_review.findings(source)


def _round(one: Payload) -> Iterator[tuple[str, str]]:
    yield "Lead reviewer", one["lead"] or "nobody has taken it yet"
    yield "Began", day(one["started_at"])
    yield "Outcome", OUTCOMES[one["outcome"]] + (f" on {day(one['ended_at'])}" if one["ended_at"] else "")
    if one["recommendation"]:
        yield "Recommendation", RECOMMENDATIONS[one["recommendation"]]
    for label, name in (
        ("Reasons", "reasons"),
        ("Conditions", "conditions"),
        ("Referred back", "referred_back_reason"),
    ):
        if one[name]:
            yield label, one[name]


def _response(point: Payload) -> str:
    return ": ".join(filter(None, (RESPONSES[point["response"]], point["response_text"])))


def decision(source: Source) -> Iterator[Block]:
    """The decision asked for and, once signed off, the statements of the person who signed."""
    yield Heading("The decision", 2, "decision")
    a = source.assessment
    yield Facts((("Who decides", who_decides(a)), ("Decision date", day(a["decision_date"]))))
    made = source.decision
    if made is None:
        return
    yield Facts(
        (
            ("Signed off by", made["signed_by"]["name"]),
            ("Signing as", made["capacity"]),
            ("Signed at", moment(made["signed_at"])),
        )
    )
    if "due_regard" not in made:
        yield Paragraph(f"Reason: {made['reasons']}")
        return
    if a["decided_by"] == "body":
        yield Callout(
            "calm",
            f"An assurance to {a['body_name']}",
            "The statements below are made to the body that decides; its own decision is recorded separately.",
        )
    yield Heading("Due regard to the three aims of the equality duty", 3)
    yield Paragraph("Marriage and civil partnership counts for the first aim only.", "small")
    for aim, title in AIMS.items():
        yield Heading(title, 4)
        yield Paragraph(made["due_regard"][aim])
    if made["socio_economic"]:
        yield Heading("Socio-economic disadvantage (good practice in England)", 4)
        yield Paragraph(made["socio_economic"])
    if made["reasons"]:
        yield Heading("Reasons for going ahead", 3)
        yield Paragraph(made["reasons"])
    yield Table(
        "What the decision-maker confirmed reading",
        ("What", "When"),
        tuple((_read(source, c["what"]), moment(c["at"])) for c in made["confirmations"]),
    )


def _read(source: Source, what: str) -> str:
    if what == "summary":
        return "The summary"
    for impact in source.payload["impacts"]:
        if impact["id"] == what:
            return f"Serious harm {impact['name']}: {impact['sentence']}"
    return what


def history(source: Source) -> Iterator[Block]:
    """What was done and refused, in plain words."""
    events = source.payload["events"]
    if not events:
        return
    yield Heading("History", 2, "history")
    yield Table(
        "Everything that happened to this assessment until it was frozen",
        ("When", "Who", "What"),
        tuple((moment(event["at"]), event["by"] or "the service", sentence(event)) for event in events),
    )
    if source.decision is not None:
        yield Paragraph(
            f"{moment(source.decision['signed_at'])}: {source.decision['signed_by']['name']} froze this record.",
            "small",
        )
