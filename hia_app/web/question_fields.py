"""Draws a question: one partial template for each kind, found in one table, and each drawing kept for the next page."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

from hia_app.domain.answer_parts import columns, most_rows
from hia_app.domain.answers import as_text, fields
from hia_app.domain.indicator import small_in_form
from hia_app.domain.indicator_groups import CENSUS_GROUPS, MOST_GROUPS
from hia_app.domain.indicator_terms import DECISIONS, KINDS
from hia_app.domain.questionnaire import YES_NO_NOT_KNOWN, Column, EvidenceCard, Option, Question, Questionnaire
from hia_app.services.small_numbers import rule_of
from hia_app.web.request import installation

Values = Mapping[str, str | list[str]]  # form field → what it shows
Errors = Mapping[str, str]  # form field → message

PARTIALS: dict[str, str] = {
    "single_choice": "choice",
    "yes_no_not_known": "choice",
    "several_choices": "choices",
    "short_text": "short_text",
    "long_text": "long_text",
    "number": "number",
    "money": "number",
    "date": "date",
    "month": "date",
    "person": "person",
    "place": "place",
    "file": "rows",
    "list": "rows",
    "groups": "groups",
    "indicator": "indicator",
    "declaration": "declaration",
    "note": "note",
}
DRAWN_ELSEWHERE = frozenset({"impacts"})  # the impacts of a section stand below its questions

MOST_KEPT = 5_000
LONGEST_KEPT = 40_000  # a key longer than this is one person's long text: nobody else will ask for the same
_kept: OrderedDict[tuple[str, str, str], Markup] = OrderedDict()
_lock = Lock()


def draw(
    questionnaire: Questionnaire,
    question: Question,
    values: Values,
    errors: Errors | None = None,
    *,
    more: bool = False,
) -> Markup:
    """The question with what its fields show and the messages about it; `more` gives a list one more empty row.

    Drawings are kept by what they show and by nothing else: no token and no name ever comes through here.
    """
    about = {name: message for name, message in (errors or {}).items() if belongs(question, name)}
    shown = json.dumps([values, about, more, *_asked_by_settings(question)], sort_keys=True)
    return remembered(
        (questionnaire.fingerprint, question.id, shown),
        lambda: _draw(question, _cards(questionnaire, question), questionnaire.priority_groups, values, about, more),
    )


def draw_alone(scope: str, question: Question, values: Values, errors: Errors | None = None, **apart: Any) -> Markup:
    """A question that is in no questionnaire; `scope` and `apart` tell apart questions with the same id."""
    about = {name: message for name, message in (errors or {}).items() if belongs(question, name)}
    shown = json.dumps([values, about, apart, *_asked_by_settings(question)], sort_keys=True)
    return remembered((scope, question.id, shown), lambda: _draw(question, (), frozenset(), values, about, False))


def _asked_by_settings(question: Question) -> tuple[int, ...]:
    """What a drawing shows of the settings."""
    return (rule_of(installation().settings).fewest,) if question.type == "indicator" else ()


def belongs(question: Question, field: str) -> bool:
    """Whether a form field is one of this question's."""
    return field == question.id or field.startswith(f"{question.id}-")


def anchor(question: Question, field: str) -> str:
    """The id on the page that a message about this field leads to."""
    if field == question.id and question.type in {"date", "month", "person", "place"}:
        return fields(question)[0]
    return field


def remembered(key: tuple[str, str, str], make: Any) -> Markup:
    """A drawing by everything that it shows, made once."""
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    made: Markup = make()
    if len(key[2]) <= LONGEST_KEPT:
        with _lock:
            _kept[key] = made
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return made


def _draw(
    question: Question,
    cards: Sequence[EvidenceCard],
    priority: frozenset[str],
    values: Values,
    errors: Errors,
    more: bool,
) -> Markup:
    context: dict[str, Any] = {"q": question, "cards": cards, "values": values, "errors": errors}
    if question.type in {"list", "file"}:
        context |= _rows(question, values, more)
    if question.type == "groups":
        context |= _groups(question, values, errors) | {"priority": priority}
    if question.type == "indicator":
        context |= _indicator(question, values, errors)
    template = current_app.jinja_env.get_template(f"components/questions/{PARTIALS[question.type]}.html")
    return Markup(template.render(context))  # noqa: S704  (templates escape what they are given)


def _cards(questionnaire: Questionnaire, question: Question) -> tuple[EvidenceCard, ...]:
    return tuple(questionnaire.evidence_by_id[one] for one in question.evidence)


def _rows(question: Question, values: Values, more: bool) -> dict[str, Any]:
    """The numbers of the rows to show: those with something in them, and at least one to write into."""
    pattern = re.compile(rf"{re.escape(question.id)}-([0-9]{{1,3}})-.*")
    filled = sorted({int(found[1]) for name in values if (found := pattern.fullmatch(name))})
    wanted = max(len(filled) + more, question.minimum_rows or 1, 1)
    most = max(most_rows(question), len(filled))
    numbers = list(filled)
    while len(numbers) < min(wanted, most):
        numbers.append(max(numbers, default=0) + 1)
    return {
        "rows": numbers,
        "filled": {number: number in filled for number in numbers},
        "columns": columns(question),
        "most_rows": most,
        "cell_options": _cell_options,
    }


def _cell_options(column: Column) -> tuple[Option, ...]:
    return YES_NO_NOT_KNOWN if column.type == "yes_no_not_known" else column.options


def _groups(question: Question, values: Values, errors: Errors) -> dict[str, Any]:
    """Which groups have been answered, and which rows are unfolded because something is in them or asked of them."""
    said, unfolded = set(), {}
    for option in question.options:
        name = f"{question.id}-{option.id}"
        state = values.get(f"{name}-state", "")
        if state:
            said.add(option.id)
        written = any(values.get(f"{name}-{part}") for part in ("reason", "plan_who", "plan_how", "plan_by-year"))
        wanted = state in {"not_affected", "not_known"} and not written
        wrong = any(field.startswith(f"{name}-") and field != f"{name}-state" for field in errors)
        unfolded[option.id] = wanted or wrong or bool(written and state == "not_known")
    return {"said": frozenset(said), "open_groups": unfolded}


def _indicator(question: Question, values: Values, errors: Errors) -> dict[str, Any]:
    """What an indicator is asked besides its figures; the small numbers only where there are some."""
    rule = rule_of(installation().settings)
    small = small_in_form(question, values, rule)
    asked = bool(small) or any(name.startswith(f"{question.id}-small-") for name in (*values, *errors))
    shown, places = _groups_offered(question, values)
    return {
        "values": shown,
        "count": question.quantiles or 5,
        "kinds": KINDS,
        "decisions": tuple(Option(id=one, label=label) for one, label in DECISIONS.items()),
        "fewest": rule.fewest,
        "small": small,
        "small_asked": asked,
        "limits_open": _something_in(question, ("lower-", "upper-", "multiplier"), values, errors),
        "group_places": places,
        "groups_open": _something_in(question, ("group-",), values, errors),
        "group_limits_open": _something_in(question, ("group-lower-", "group-upper-"), values, errors),
    }


def _something_in(question: Question, parts: Sequence[str], values: Values, errors: Errors) -> bool:
    """Whether something stands in one of these fields, or is asked of it, so that it is not folded away."""
    folded = tuple(f"{question.id}-{part}" for part in parts)
    return any(name.startswith(folded) and (values.get(name) or name in errors) for name in (*values, *errors))


def _groups_offered(question: Question, values: Values) -> tuple[Values, range]:
    """What the table by ethnic group shows, with two empty rows for more; the groups of the census to begin with."""
    pattern = re.compile(rf"{re.escape(question.id)}-group-[a-z]+-([0-9]{{1,2}})")
    filled = [int(found[1]) for name, text in values.items() if text and (found := pattern.fullmatch(name))]
    if filled:
        return values, range(1, min(max(filled) + 2, MOST_GROUPS) + 1)
    offered = {f"{question.id}-group-name-{place}": name for place, name in enumerate(CENSUS_GROUPS, 1)}
    return {**values, **offered}, range(1, len(CENSUS_GROUPS) + 3)


def _in_fields(part: str, field: str, errors: Errors) -> bool:
    return f"{field}-{part}" in errors


def register(app: Flask) -> None:
    app.add_template_test(_in_fields, "in_fields")
    app.add_template_filter(as_text, "shown_answer")
