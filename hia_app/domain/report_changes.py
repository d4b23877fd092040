"""What changed since the version before, and why: frozen with a submission, and told word by word in the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hia_app.domain.comparison import Op, compare, word_differences
from hia_app.domain.document import Block, Facts, Heading, Paragraph
from hia_app.domain.report_source import EXEMPT, Payload, Source, day

CONTEXT = 10
"""Words printed before and after each change; what did not change is in the answers below."""

LONGEST = 900
"""Letters of a text that is new or gone; all of it is in this version's or the other version's answers."""

PARTS = {
    "proposal": "The proposal",
    "rating": "The rating",
    "impact": "Impacts",
    "answer": "Answers",
}


def frozen(before: Source, after: Source) -> list[dict[str, Any]]:
    """Every change in plain values; `exempt` where either version keeps that part out of its public edition."""
    kept_back = _exempt(before) | _exempt(after)
    return [
        {
            "kind": one.kind,
            "place": one.place,
            "label": one.label,
            "before": one.before,
            "after": one.after,
            "exempt": (one.kind, one.place) in kept_back,
        }
        for one in compare(before, after)
    ]


def _exempt(source: Source) -> set[tuple[str, str]]:
    names = {impact["id"]: impact["name"] for impact in source.payload["impacts"]}
    return {
        ("impact", names.get(mark["target"], mark["target"]))
        if mark["kind"] == "impact"
        else ("answer", mark["target"])
        for mark in source.payload.get("exempt_marks", ())
    }


def changes(source: Source) -> Iterator[Block]:
    """Nothing in a first version, or in a record from before changes were frozen with it."""
    a = source.assessment
    listed: Sequence[Payload] | None = source.payload.get("changes")
    if listed is None:
        return
    yield Heading("What changed since the last version, and why", 2, "changes")
    earlier = a["previous"]
    if earlier:
        signed = f", signed off on {day(earlier['signed_off_at'])}" if earlier["signed_off_at"] else ""
        yield Paragraph(f"Compared with version {earlier['version']}{signed}.")
    if a["trigger"]:
        yield Paragraph(f"Why there is a new version. {a['trigger'].capitalize()}: {a['trigger_reason']}")
    if not listed:
        yield Paragraph("No answer, no impact and nothing in the rating has changed.")
        return
    for kind, title in PARTS.items():
        here = [one for one in listed if one["kind"] == kind]
        if here:
            yield Heading(title, 3)
            yield Facts(tuple((one["label"], told(one)) for one in here))


def told(change: Payload) -> str:
    """One change in words: what went and what came, with a few words around each."""
    before, after = change["before"], change["after"]
    if EXEMPT in (before, after):
        return f"Changed: {EXEMPT}"
    if not before:
        return f"New: {_cut(after)}"
    if not after:
        return f"No longer there. It said: {_cut(before)}"
    # A space behind the last word too, or it would differ from the same word inside the text.
    runs = word_differences(f"{before} ", f"{after} ")
    pieces = [_piece(op, text, first=n == 0, last=n == len(runs) - 1) for n, (op, text) in enumerate(runs)]
    return " ".join(piece for piece in pieces if piece)


def _piece(op: Op, text: str, *, first: bool, last: bool) -> str:
    words = text.split()
    if not words:
        return ""
    if op != "same":
        return f"[{op}: {_cut(' '.join(words))}]"
    if first and len(words) > CONTEXT:
        return f"… {' '.join(words[-CONTEXT:])}"
    if last and len(words) > CONTEXT:
        return f"{' '.join(words[:CONTEXT])} …"
    if len(words) > 2 * CONTEXT:
        return f"{' '.join(words[:CONTEXT])} … {' '.join(words[-CONTEXT:])}"
    return " ".join(words)


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST].rsplit(None, 1)[0]} … (the whole text is in the answers of that version)"
