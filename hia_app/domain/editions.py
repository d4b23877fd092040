"""The public edition of a record: what is exempt is taken out before anything is drawn, and small numbers are hidden.

The edition is made of the record itself, so that no page, file or export drawn from it can hold what is not in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hia_app.domain.answers import as_text
from hia_app.domain.exempt import paragraph_words
from hia_app.domain.indicator_public import CHANGED, published
from hia_app.domain.public_names import without_names
from hia_app.domain.public_numbers import hide_answers, hide_reach
from hia_app.domain.report_source import EXEMPT, Payload, Source
from hia_app.domain.suppression import Publication, publish
from hia_app.domain.suppression_rules import NOT_PUBLISHED, Rule, rule_in, series

WITHHELD_FIGURES = frozenset(
    {"benefits", "harms", "rci_benefits", "rci_harms", "benefit_shape", "warnings", "principles", "groups"}
)
"""Figures of a rating that are withheld when an impact is exempt."""

SHORTEST_PHRASE = 12
"""Shorter texts are taken out where they stand, and not looked for anywhere else: they are anybody's words."""

_CODES = frozenset({
    "kind", "target", "label", "field", "impact", "place", "at", "by", "number", "id", "outcome", "state", "ending",
    "response", "section", "recommendation", "opened_at", "resolved_at", "ended_at", "assigned_to", "resolved_by",
})  # fmt: skip
_TYPED = frozenset({
    "short_text", "long_text", "person", "place", "file", "list", "groups", "indicator", "money",
})  # fmt: skip
_KEPT_OF_AN_IMPACT = frozenset({"id", "origin", "name", "section", "principle", "direction"})
_EMPTY: Mapping[str, Any] = {
    "groups": [], "evidence": [], "countersigned": False, "suggested_by": "", "to_confirm": False,
    "reach_unit": "people", "people_per_home": "1",
}  # fmt: skip


def is_split(payload: Payload) -> bool:
    """Whether the full edition holds anything that the public one does not."""
    return bool(payload.get("exempt_marks"))


def exempt_words(mark: Payload) -> str:
    """What is printed in place of an exempt part."""
    return f"{EXEMPT} {paragraph_words(mark['paragraph'])}. Public interest: {mark['public_interest']}"


def public(source: Source) -> Source:
    """The same record without anything exempt, without private notes, and with small counts hidden."""
    if source.edition == "public":
        return source
    payload = {name: part for name, part in source.payload.items() if name not in {"notes", "private_notes"}}
    kept = {"questionnaires": payload.pop("questionnaires")}
    marks = {(mark["kind"], mark["target"]): mark for mark in payload.get("exempt_marks", ())}
    payload = {**deepcopy(payload), **kept}
    decision = deepcopy(dict(source.decision)) if source.decision is not None else None
    if marks:
        phrases = _phrases(source, marks)
        _take_out(payload, source, marks)
        sweep = _sweeper(phrases)
        payload = {
            name: part if name in {"questionnaires", "exempt_marks"} else sweep(part) for name, part in payload.items()
        }
        decision = sweep(decision)
    for one in payload.get("changes") or ():
        if one["exempt"]:  # in this version, or in the one before, which may have said what this one may not tell
            one.update(before=EXEMPT, after=EXEMPT)
        elif one["kind"] == "answer" and _is_of_kind(source, one["place"], "indicator"):
            one.update(before="", after=CHANGED)
    _without_secrets(payload, decision)
    rule = rule_in(payload)
    told = {name: payload.get(name) for name in ("places", "answers", "impacts")}
    before = json.dumps(told, sort_keys=True, default=str)
    payload["places"] = _places(payload.get("places"), rule)
    _indicators(payload["answers"], rule)
    hide_reach(payload, rule)
    hide_answers(payload, {"screening": source.screening, "assessment": source.questionnaire}, rule)
    told = {name: payload.get(name) for name in ("places", "answers", "impacts")}
    hidden = json.dumps(told, sort_keys=True, default=str) != before
    if not payload.get("officers_named", True):
        payload, decision = without_names(payload, decision)
    return replace(
        source,
        payload=payload,
        decision=decision,
        edition="public",
        # Whoever guesses a short exempt answer, or a small number, could check the guess against this fingerprint.
        submission_hash="" if marks or hidden else source.submission_hash,
        figures_withheld=any(kind == "impact" for kind, _ in marks),
    )


def public_content(source: Source) -> dict[str, Any]:
    """Submission and decision of a public edition as data; figures that are withheld are not there."""
    submission = dict(source.payload)
    for name in ("rating", "rating_disputed"):
        if source.figures_withheld and submission.get(name):
            submission[name] = {key: one for key, one in submission[name].items() if key not in WITHHELD_FIGURES}
    return {"submission": submission, "decision": source.decision}


# ---- what is exempt ----


def _take_out(payload: dict[str, Any], source: Source, marks: Mapping[tuple[str, str], Payload]) -> None:
    """Each exempt part, and whatever was written about it, where it stands."""
    for rows in payload["answers"].values():
        for row in rows:
            if mark := marks.get(("question", row["question"])):
                row.update(value=None, exempt=exempt_words(mark))
                row.pop("statistics", None)
                if _is_of_kind(source, row["question"], "place"):
                    payload["places"] = None  # its sums, and its map, would tell which places they are
    names = set()
    for impact in payload["impacts"]:
        if mark := marks.get(("impact", impact["id"])):
            names.add(impact["name"])
            _empty_impact(impact, mark)
    for one in payload.get("evidence", ()):
        found = [marks.get(key) for key in (("evidence", one["id"]), (one["kind"], one["target"]))]
        if mark := next(filter(None, found), None):
            words = exempt_words(mark)
            one.update(
                about=EXEMPT, name=EXEMPT, description="", sha256="", size=0, dated=None, strength="", old=False,
                withheld=True, withheld_reason=words, from_library=False,
            )  # fmt: skip
    targets = {target for _, target in marks}
    for name in payload.keys() - {"answers", "impacts", "evidence", "exempt_marks", "questionnaires", "assessment"}:
        _quiet(payload[name], targets, names)
    payload["events"] = [{**event, "subject": "", "detail": {}} for event in payload["events"]]
    for rating in (payload["rating"], payload.get("rating_disputed")):
        if names and rating:
            _hide_figures(rating, names)


def _empty_impact(impact: dict[str, Any], mark: Payload) -> None:
    for key in impact.keys() - _KEPT_OF_AN_IMPACT:
        value = impact[key]
        impact[key] = _EMPTY[key] if key in _EMPTY else "" if isinstance(value, str) else None
    impact["sentence"] = impact["effect"] = EXEMPT
    impact["exempt"] = exempt_words(mark)


def _quiet(part: Any, targets: set[str], names: set[str]) -> None:
    """Everything that people wrote about an exempt part: returned points, replies, disputes, countersignatures."""
    if isinstance(part, list):
        for one in part:
            _quiet(one, targets, names)
    elif isinstance(part, dict):
        here = {
            part.get(key) for key in ("target", "target_id", "impact_id", "place") if isinstance(part.get(key), str)
        }
        if here & targets or {part.get("impact"), part.get("place")} & names:
            _empty_texts(part)
        for one in part.values():
            _quiet(one, targets, names)


def _empty_texts(part: Any) -> None:
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(value, (dict, list)):
            _empty_texts(value)
        elif isinstance(value, str) and value and key not in _CODES:
            part[key] = EXEMPT


def _hide_figures(rating: dict[str, Any], names: set[str]) -> None:
    """The rating and its rule stay; figures from which an exempt impact could be worked out do not."""
    nothing = ["0.000000"] * 5
    for ledger in ("benefits", "harms"):
        rating[ledger] = dict.fromkeys(rating[ledger], nothing)
    rating.update(rci_benefits="0.000000", rci_harms="0.000000", benefit_shape=None, warnings=[])
    rating["lines"] = [line for line in rating["lines"] if line["id"] not in names]
    rating["principles"], rating["groups"] = [], []
    rating["fired"] = [
        {**one, "name": EXEMPT, "words": EXEMPT} if one["id"] in names else one for one in rating["fired"]
    ]
    rating["gaps"] = [{**one, "label": EXEMPT} if one["id"] in names else one for one in rating["gaps"]]
    rating["robustness"].update(one_step=[], leave_one_out=[], easiest_flip="")


# ---- the same words elsewhere ----


def _phrases(source: Source, marks: Mapping[tuple[str, str], Payload]) -> set[str]:
    """What was said in the exempt parts, to be taken out wherever somebody repeated it."""
    found: set[str] = set()
    for which, questionnaire in (("screening", source.screening), ("assessment", source.questionnaire)):
        for row in source.payload["answers"][which]:
            question = questionnaire.question_by_id[row["question"]]
            if ("question", question.id) in marks and question.type in _TYPED:
                found |= set(_texts(row["value"])) | set(_texts(as_text(question, row["value"], questionnaire)))
    for impact in source.payload["impacts"]:
        if ("impact", impact["id"]) in marks:
            found |= set(_texts({key: one for key, one in impact.items() if key not in _KEPT_OF_AN_IMPACT}))
    for line in (source.payload["rating"] or {}).get("lines", ()):
        if any(
            impact["name"] == line["id"] and ("impact", impact["id"]) in marks for impact in source.payload["impacts"]
        ):
            found.add(line["name"])
    for one in source.payload.get("evidence", ()):
        if ("evidence", one["id"]) in marks or (one["kind"], one["target"]) in marks:
            found |= {one["name"], one["description"], one["sha256"]}
    return set(_worth_looking_for(found))


def _worth_looking_for(texts: set[str]) -> Iterator[str]:
    for text in texts:
        for part in (text, *text.splitlines(), *re.split(r"(?<=[.!?])\s+", text)):
            words = part.strip().rstrip(".")
            if len(words) >= SHORTEST_PHRASE and (" " in words or len(words) == 64):
                yield words


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, Sequence):
        for part in value:
            yield from _texts(part)


def _sweeper(phrases: set[str]) -> Callable[[Any], Any]:
    """Takes every phrase out of every text of a value, whatever its capitals and spaces."""
    if not phrases:
        return lambda value: value
    longest_first = sorted(phrases, key=lambda one: (-len(one), one))
    pattern = re.compile("|".join(r"\s+".join(map(re.escape, one.split())) for one in longest_first), re.IGNORECASE)

    def sweep(value: Any) -> Any:
        if isinstance(value, str):
            return pattern.sub(EXEMPT, value)
        if isinstance(value, dict):
            return {key: sweep(part) for key, part in value.items()}
        return [sweep(part) for part in value] if isinstance(value, list) else value

    return sweep


def _without_secrets(payload: dict[str, Any], decision: dict[str, Any] | None) -> None:
    """Neither the salt, nor fingerprints of what is not here, nor the inner ids of people."""
    payload["people"] = [{key: one[key] for key in one if key != "id"} for one in payload["people"]]
    if decision is None:
        return
    for name in ("salt", "submission_hash"):
        decision.pop(name, None)
    decision["signed_by"] = {key: one for key, one in decision["signed_by"].items() if key != "id"}
    for one in decision.get("confirmations", ()):
        one.pop("submission_hash", None)


# ---- small numbers ----


def _places(places: Payload | None, rule: Rule) -> Payload | None:
    """The places with small counts hidden, the shares that rest on them too, and the rule named below the table."""
    if not places:
        return places
    blocks = []
    for block in places["blocks"]:
        rows = block["rows"]
        if not rows:
            continue
        names = [str(number) for number in range(len(rows))]
        shown = publish(series(names, [row["chosen"] for row in rows], total="left_out"), rule)
        rows = [_place_row(row, shown, name) for row, name in zip(rows, names, strict=True)]
        blocks.append({**block, "note": shown.note, "rows": rows})
    return {**places, "blocks": blocks}


def _place_row(row: Payload, shown: Publication, name: str) -> dict[str, Any]:
    """One row as it is published; beside a rounded number stands the share of the rounded number."""
    number, count = shown.number(name), row["chosen"]
    if number is None:
        return {**row, "chosen": shown.text(name), "share": NOT_PUBLISHED}
    if number == count or not row["share"]:
        return {**row, "chosen": number}
    share = Decimal(row["share"])
    return {**row, "chosen": number, "share": format(round(share * number / count, _decimals(share)), "f")}


def _decimals(number: Decimal) -> int:
    return max(0, -int(number.as_tuple().exponent))


def _is_of_kind(source: Source, question_id: str, kind: str) -> bool:
    question = source.questionnaire.question_by_id.get(question_id)
    return question is not None and question.type == kind


def _indicators(answers: Mapping[str, Sequence[dict[str, Any]]], rule: Rule) -> None:
    """Figures by fifth, tenth or group that rest on too few people are hidden, with the measures made from them."""
    for rows in answers.values():
        for row in rows:
            earlier = row.pop("earlier", ())  # holds the true figures of versions before
            if row.get("statistics"):
                row["value"], row["statistics"] = published(row["value"], row["statistics"], rule, earlier)
