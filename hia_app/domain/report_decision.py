"""What the reviewer found, what the decision-maker stated, and who did what when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from hia_app.domain import report_answers, report_impacts, report_parts, report_review
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
    """Each round of the review, what was recommended, the grades, and what a reviewer sees otherwise."""
    rounds = source.payload["review"]["rounds"]
    if not rounds:
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
        if one.get("sections"):
            yield Table(
                "Sections reviewed by several reviewers",
                ("Section", "Reviewer", "Grade", "Comment"),
                tuple((s["label"], s["by"], s["grade"], s["comment"]) for s in one["sections"]),
            )
    signed = source.payload["review"]["countersignatures"]
    if signed:
        yield Table(
            "Mitigations countersigned by a reviewer",
            ("Impact", "By", "When", "Reason"),
            tuple((c["impact"], c["by"], moment(c["at"]), c["reason"]) for c in signed),
        )
    yield from report_review.grades(source)
    yield from report_review.disputes(source)


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


def asked(source: Source) -> Iterator[Block]:
    """What is asked of whom by when, what the reviewer recommends, the options, and the reasons once they are given."""
    yield Heading(report_parts.OPTIONS, 2, "decision")
    a = source.assessment
    rows = [("Who decides", who_decides(a)), ("Decision date", day(a["decision_date"]))]
    if concluded := [one for one in source.payload["review"]["rounds"] if one["recommendation"]]:
        rows.append(("The reviewer recommends", RECOMMENDATIONS[concluded[-1]["recommendation"]]))
    yield Facts(tuple(rows))
    if a["summary"]:
        yield Heading("The proposal in short", 3)
        yield Paragraph(a["summary"])
    yield from report_answers.part(source, report_parts.OPTIONS)
    if source.decision is not None and source.decision["reasons"]:
        yield Heading("Reasons of the decision-maker", 3)
        yield Paragraph(source.decision["reasons"])


def due_regard(source: Source) -> Iterator[Block]:
    """What the officer asked to be weighed, and what the decision-maker stated."""
    made = source.decision
    stated = made is not None and "due_regard" in made
    weighed = report_answers.part(source, report_parts.DUE_REGARD)
    if not (stated or weighed):
        return
    yield Heading(report_parts.DUE_REGARD, 2, "due-regard")
    if made is not None and stated:
        if source.assessment["decided_by"] == "body":
            yield Callout(
                "calm",
                f"An assurance to {source.assessment['body_name']}",
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
    yield from weighed


def promised(source: Source) -> Iterator[Block]:
    """The conditions of the approval, every action with its owner and date, and when somebody looks again."""
    found = [
        *report_review.conditions(source),
        *report_impacts.actions(source),
        *report_answers.part(source, report_parts.PROMISED),
    ]
    if found:
        yield Heading(report_parts.PROMISED, 2, "promised")
        yield from found


def sign_offs(source: Source) -> Iterator[Block]:
    """Who signed as what and when, and what they confirmed reading."""
    made = source.decision
    if made is None:
        yield Paragraph("Nobody has signed this off.")
        return
    yield Facts(
        (
            ("Signed off by", made["signed_by"]["name"]),
            ("Signing as", made["capacity"]),
            ("Signed at", moment(made["signed_at"])),
        )
    )
    if made.get("confirmations"):
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
        tuple(_happened(found) for found in _in_runs(events)),
        note="Answers that one person gave on one day, one after the other, stand in one row. The record as data "
        "(JSON) names each.",
    )
    if source.decision is not None:
        yield Paragraph(
            f"{moment(source.decision['signed_at'])}: {source.decision['signed_by']['name']} froze this record.",
            "small",
        )


ANSWERS = frozenset({"answer", "answer_screening"})


def _in_runs(events: Sequence[Payload]) -> Iterator[list[Payload]]:
    """Answers of one person on one day that follow each other, together; everything else alone."""
    for key, found in groupby(enumerate(events), _run):
        together = [event for _, event in found]
        yield from [together] if key[0] == "answers" else [[event] for event in together]


def _run(numbered: tuple[int, Payload]) -> tuple[str, ...]:
    number, event = numbered
    if event["action"] in ANSWERS and event["outcome"] == "done":
        return "answers", event["action"], event["by"] or "", event["at"][:10]
    return "alone", str(number)


def _happened(found: Sequence[Payload]) -> tuple[str, str, str]:
    first, last = found[0], found[-1]
    who = first["by"] or "the service"
    if len(found) == 1:
        return moment(first["at"]), who, sentence(first)
    until = f" to {moment(last['at']).rpartition(', ')[2]}" if moment(last["at"]) != moment(first["at"]) else ""
    what = "screening questions" if first["action"] == "answer_screening" else "questions"
    return moment(first["at"]).removesuffix(" UTC" if until else "") + until, who, f"Answered {len(found)} {what}"
