"""Small counts in what people recorded: the reach of impacts, numbers in answers, and what changed between versions.

Where an impact touches very few, the public edition says so without the number, and the figures by fifth are those of
any number that small, so that nobody can work the true one out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from hia_app.domain.answers import as_text
from hia_app.domain.ledger import Reference, concentration, ledger
from hia_app.domain.method import MAGNITUDES, Fifths, five
from hia_app.domain.questionnaire import Question, Questionnaire
from hia_app.domain.rating import Rating
from hia_app.domain.suppression_rules import Rule

CHANGED_NUMBER = "The number of each version stands in its own public edition."
NOTE = "Impacts that touch {few} count with {typical} in the figures by fifth, so that nobody can be found in them."

ENDS = ("low", "mid", "high")
_GENERATED = ("in one sentence", "How many", "The need and the scheme")
_NUMBER = r"[\d,]+(?:\.\d+)?"
_SPAN = rf"(?: \((?:from )?{_NUMBER} to {_NUMBER}\))?"
_IN_HOMES = re.compile(rf"(?:About {_NUMBER}|One) (?:people|person){_SPAN} in (one home|{_NUMBER} homes)")
_COUNT = re.compile(rf"(?:\b[Aa]bout )?\b({_NUMBER}|One|one)({_SPAN}) (people|person|homes?|households?)\b({_SPAN})")
_AVERAGE = re.compile(r", at [\d.]+ people a home")
_PERCENT = re.compile(r"%|per ", re.IGNORECASE)
_COUNTED = re.compile(r"people|persons|homes|households|residents|places|families", re.IGNORECASE)


def is_small(text: str | None, rule: Rule) -> bool:
    """Whether a stored figure is a count that the rule hides; fractions of one count as one."""
    try:
        number = Decimal((text or "").replace(",", ""))
    except InvalidOperation:
        return False
    return 0 < number < rule.fewest


def quiet(text: str, rule: Rule) -> str:
    """A generated text without small counts of people and homes: "About 5 people" becomes "Fewer than 10 people"."""

    def of_homes(found: re.Match[str]) -> str:
        number = "1" if found[1] == "one home" else found[1].removesuffix(" homes")
        return f"Some people in {rule.mark} homes" if is_small(number, rule) else found[0]

    def counted(found: re.Match[str]) -> str:
        number = "1" if found[1] in {"One", "one"} else found[1]
        noun = "people" if found[3] == "person" else found[3] if found[3].endswith(("s", "people")) else f"{found[3]}s"
        if is_small(number, rule):
            return f"{rule.mark} {noun}"
        ends = re.findall(_NUMBER, found[2] + found[4])
        return f"{number} {noun}" if any(is_small(end, rule) for end in ends) else found[0]

    bare = _AVERAGE.sub("", text)
    told = _COUNT.sub(counted, _IN_HOMES.sub(of_homes, bare))
    if told == bare:
        return text
    if text.startswith("One person"):
        told = told.replace(" is ", " are ", 1)
    return told[:1].upper() + told[1:]


def hide_reach(payload: dict[str, Any], rule: Rule) -> None:
    """Impacts that touch very few say so without their number, in every text and figure made from it."""
    small: dict[str, dict[str, Any]] = {}
    for impact in payload["impacts"]:
        if impact.get("exempt") or not any(is_small(impact[f"reach_{end}"], rule) for end in ENDS):
            continue
        small[impact["name"]] = {end: impact[f"reach_{end}"] for end in ENDS}
        unit = impact["reach_unit"]
        shown = rule.mark if is_small(impact["reach_mid"], rule) else impact["reach_mid"]
        impact["reach_shown"] = f"{shown} {unit}"
        impact["sentence"] = quiet(impact["sentence"], rule)
        impact.update(reach_low=None, reach_mid=None, reach_high=None, reach_shares=None, scale="")
    for rating in (payload["rating"], payload.get("rating_disputed")):
        if rating and small:
            _typical(rating, small.keys(), rule)
    for one in payload.get("changes") or ():
        generated = one["kind"] == "impact" and (one["label"].endswith(_GENERATED) or ":" not in one["label"])
        if generated:
            one.update(before=quiet(one["before"], rule), after=quiet(one["after"], rule))
    if small:
        payload["reach_note"] = NOTE.format(few=f"{rule.mark} people or homes", typical=rule.fewest // 2)


def _typical(rating: dict[str, Any], names: Iterable[str], rule: Rule) -> None:
    """The ledgers as if each of these impacts touched half the rule's threshold; the rating and its rule stay."""
    found = Rating.from_json(rating)
    hidden = frozenset(names)
    parts: dict[str, dict[str, list[Fifths]]] = {one: {end: [] for end in ENDS} for one in ("benefits", "harms")}
    for line in found.lines:
        if not (line.reach and line.spread and line.residual_magnitude and line.residual_likelihood):
            continue
        weight = found.method.weights[MAGNITUDES.index(line.residual_magnitude)]
        for version, end in enumerate(ENDS):
            people = rule.fewest // 2 if line.id in hidden else getattr(line.reach, end)
            each = weight * found.method.likelihoods[line.residual_likelihood][version] * people
            part = five([
                each * share / residents * found.method.per_residents
                for share, residents in zip(line.spread, found.reference_population, strict=True)
            ])  # fmt: skip
            parts["harms" if line.direction == "harm" else "benefits"][end].append(part)
    # Added up anew: taking the true number off what is stored would leave a trace of it in the last decimals.
    ledgers = {name: {end: ledger(found_parts) for end, found_parts in one.items()} for name, one in parts.items()}
    reference = Reference(found.reference_population)
    for name, figures in ledgers.items():
        rating[name] = {end: [f"{value:.6f}" for value in fifths] for end, fifths in figures.items()}
        rating[f"rci_{name}"] = f"{concentration(figures['mid'], reference):.6f}"
    for line in rating["lines"]:
        if line["id"] in hidden:
            line.update(reach=None, part=None)
    rating["warnings"] = [one for one in rating["warnings"] if one["id"] not in hidden]


def hide_answers(payload: dict[str, Any], questionnaires: Mapping[str, Questionnaire], rule: Rule) -> None:
    """Small counts that were answers, alone or in the rows of a list, and what a change would tell of them."""
    hidden: set[str] = set()
    for which, questionnaire in questionnaires.items():
        for row in payload["answers"][which]:
            question = questionnaire.question_by_id[row["question"]]
            if row.get("exempt") or row["value"] is None:
                continue
            if question.type == "number" and _COUNTED.search(question.unit) and is_small(str(row["value"]), rule):
                row.update(value=None, shown=f"{rule.mark[:1].upper()}{rule.mark[1:]} {question.unit}")
                hidden.add(question.id)
            elif question.type == "list" and (places := _small_cells(question, row["value"], rule)):
                row["shown"] = _with_marks(question, row["value"], places, questionnaire, rule)
                row["value"] = [
                    {key: None if (number, key) in places else one for key, one in entry.items()}
                    for number, entry in enumerate(row["value"])
                ]
                hidden.add(question.id)
    for one in payload.get("changes") or ():
        if one["kind"] == "answer" and one["place"] in hidden:
            one.update(before="", after=CHANGED_NUMBER)


def _small_cells(question: Question, rows: Sequence[Mapping[str, Any]], rule: Rule) -> set[tuple[int, str]]:
    """Row and column of each small count; a row that speaks of percentages or rates has none."""
    numbers = [column.id for column in question.columns if column.type == "number"]
    return {
        (place, column)
        for place, entry in enumerate(rows)
        for column in numbers
        if is_small(str(entry.get(column) or ""), rule)
        and not any(_PERCENT.search(text) for text in entry.values() if isinstance(text, str))
    }


def _with_marks(
    question: Question,
    rows: Sequence[Mapping[str, Any]],
    places: set[tuple[int, str]],
    questionnaire: Questionnaire,
    rule: Rule,
) -> list[dict[str, str]]:
    told = as_text(question, rows, questionnaire)
    labels = {column.id: column.label for column in question.columns}
    hidden = {(place, labels[column]) for place, column in places}
    return [
        {label: rule.mark if (place, label) in hidden else text for label, text in entry.items()}
        for place, entry in enumerate(told)
        if isinstance(entry, dict)
    ]
