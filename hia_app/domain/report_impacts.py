"""The impacts in a report: the harm register, every impact in full, and the actions promised."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from hia_app.domain.document import Block, Facts, Heading, Paragraph, Table
from hia_app.domain.method import FIFTH_NAMES
from hia_app.domain.rating_words import COUNTED_WORDS
from hia_app.domain.report_source import EXEMPT, Payload, Source, day

DIRECTIONS = {"benefit": "Benefit", "harm": "Harm", "not_known": "Not known"}
DURATIONS = {"short": "less than a year", "medium": "one to five years", "long": "more than five years or for life"}
FUNDING = {"confirmed": "confirmed", "not_needed": "not needed", "not_confirmed": "not confirmed"}


def harm_register(source: Source) -> Iterator[Block]:
    """Every harm with its class before and after mitigation."""
    rating = source.rating
    if rating is None:
        return
    yield Heading("Harm register", 2, "harms")
    harms = [line for line in rating.lines if line.direction == "harm"]
    exempt = [name for name, one in source.impacts.items() if one.get("exempt") and one["direction"] == "harm"]
    if not (harms or exempt):
        yield Paragraph("No harm has been recorded.")
        return
    rows: list[tuple[str, ...]] = []
    for line in harms:
        impact = source.impacts[line.id]
        rows.append(
            (
                f"{line.id}: {impact['sentence']}",
                _class(line.significance),
                _done_about(impact),
                f"{_class(line.residual_significance)}. {COUNTED_WORDS[line.counted_as].capitalize()}.",
            )
        )
    rows += [(f"{name}: {EXEMPT}", *[EXEMPT] * 3) for name in exempt]
    yield Table(
        "Harms before and after mitigation",
        ("Harm", "Before", "What will be done, by whom and when", "After"),
        tuple(rows),
    )


def _done_about(impact: Payload) -> str:
    if not impact["action"]:
        return f"Nothing. {impact['no_action_reason']}".strip()
    return f"{impact['action']} ({impact['action_owner'] or 'nobody yet'}, by {day(impact['due'])})"


def _class(significance: str | None) -> str:
    return (significance or "not rated").capitalize()


def every_impact(source: Source) -> Iterator[Block]:
    """Each impact with everything recorded about it."""
    if not source.impacts:
        return
    yield Heading("Every impact in full", 2, "impacts")
    for name, impact in source.impacts.items():
        yield Heading(f"{name}: {impact['effect'] or DIRECTIONS[impact['direction']]}", 3, name.lower())
        if impact.get("exempt"):
            yield Paragraph(impact["exempt"])
            continue
        yield Paragraph(impact["sentence"])
        yield Facts(tuple((label, text) for label, text in facts_of(source, impact) if text))


def facts_of(source: Source, impact: Payload) -> Iterator[tuple[str, str]]:
    q = source.questionnaire
    section = q.section_by_id.get(impact["section"])
    groups = [q.group_by_id[one].label if one in q.group_by_id else one for one in impact["groups"]]
    yield "Recorded under", section.title if section else impact["section"]
    yield "Direction", DIRECTIONS[impact["direction"]]
    yield "Who", ", ".join(groups)
    yield "Because", impact["because"]
    yield "People will", impact["effect"]
    yield "Which", impact["pathway"]
    yield "Size for one person", impact["magnitude"] or ""
    yield "Likelihood", (impact["likelihood"] or "").replace("_", " ")
    yield "How long", DURATIONS.get(impact["duration"] or "", "")
    yield "Can it be undone?", {True: "Yes", False: "No", None: ""}[impact["reversible"]]
    yield "How many", _reach(impact)
    yield "The need and the scheme", impact.get("scale", "")
    yield "Where on the gradient", _spread(impact)
    cards = [q.evidence_by_id[one].title if one in q.evidence_by_id else one for one in impact["evidence"]]
    yield "Evidence", "; ".join(cards)
    yield "Source", impact["source"]
    yield "Confidence", impact["confidence"] or ""
    yield "Plan to find out", ", ".join(filter(None, (impact["plan_how"], impact["plan_who"], _by(impact["plan_by"]))))
    if impact["direction"] != "not_known":
        yield from _action(impact)


def _reach(impact: Payload) -> str:
    if impact.get("reach_shown"):
        return str(impact["reach_shown"])
    if not impact["reach_mid"]:
        return ""
    mid = impact["reach_mid"]
    low, high = impact["reach_low"] or mid, impact["reach_high"] or mid
    span = f"{_figure(mid)} (from {_figure(low)} to {_figure(high)})" if low != high else _figure(mid)
    text = f"{span} {impact['reach_unit']}"
    if impact["reach_unit"] == "homes":
        text += f", at {impact['people_per_home']} people a home"
    return text


def _figure(stored: str) -> str:
    return f"{Decimal(stored):,f}"


def _spread(impact: Payload) -> str:
    if not impact["spread"]:
        return ""
    shares = "; ".join(
        f"{name} {float(share) * 100:.1f}%" for name, share in zip(FIFTH_NAMES, impact["spread"], strict=True)
    )
    return f"{shares}. Source: {impact['spread_source']}" if impact["spread_source"] else shares


def _by(date: str | None) -> str:
    return f"by {day(date)}" if date else ""


def _action(impact: Payload) -> Iterator[tuple[str, str]]:
    harm = impact["direction"] == "harm"
    yield ("What will be done about it" if harm else "How it could be better still"), impact["action"]
    yield "Owner", impact["action_owner"]
    yield "Due", day(impact["due"]) if impact["due"] else ""
    yield "Funding", FUNDING.get(impact["funding"] or "", "")
    yield "How we will know it works", impact["measure"]
    if harm:
        left = ", ".join(
            filter(None, (impact["residual_magnitude"], (impact["residual_likelihood"] or "").replace("_", " ")))
        )
        yield "What remains afterwards", left
        yield "Why nothing will be done", impact["no_action_reason"]


def actions(source: Source) -> Iterator[Block]:
    """Everything promised, with who does it by when."""
    promised = [impact for impact in source.payload["impacts"] if impact["action"]]
    if not promised:
        return
    yield Heading("Actions promised", 3, "actions")
    yield Table(
        "Mitigations and improvements",
        ("Impact", "Action", "Owner", "Due", "Measure"),
        tuple(
            (i["name"], i["action"], i["action_owner"] or "nobody yet", day(i["due"]), i["measure"] or "none yet")
            for i in promised
        ),
    )
