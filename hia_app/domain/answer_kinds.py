"""The kinds of question whose answer is one value: choices, texts, numbers, dates, a declaration.

A kind is a row of functions. `name` is the form field (the question's id, or a cell of a list), so that the
columns of a list are read by the very same functions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from hia_app.domain import typed
from hia_app.domain.questionnaire import YES_NO_NOT_KNOWN, Column, Option, Question
from hia_app.domain.typed import Form, Unclear

Asked: TypeAlias = Question | Column
FormValues: TypeAlias = dict[str, str | list[str]]
Rows: TypeAlias = list[dict[str, str]]
ShownText: TypeAlias = str | list[str] | Rows

_SHORT = 200  # characters of a short text where the question does not say


@dataclass(frozen=True)
class Kind:
    """What the product can do with one kind of question.

    parse(asked, name, form) → value, None when nothing was typed; refusals are noted in the form
    lack(asked, value) → why the answer is not complete, "" when it is
    as_text(asked, value) → what a reader sees: a text, a list of texts, or rows of label → text
    form_values(asked, name, value) → field → what the form shows
    fields(asked, name) → the names of the form fields
    """

    parse: Callable[[Any, str, Form], Any]
    as_text: Callable[[Any, Any], ShownText]
    form_values: Callable[[Any, str, Any], FormValues]
    fields: Callable[[Any, str], tuple[str, ...]]
    lack: Callable[[Any, Any], str] = lambda asked, value: ""


def _one_field(asked: Asked, name: str) -> tuple[str, ...]:
    return (name,)


def _as_it_is(asked: Asked, name: str, value: Any) -> FormValues:
    return {name: value}


def options(asked: Asked) -> tuple[Option, ...]:
    return YES_NO_NOT_KNOWN if asked.type == "yes_no_not_known" else asked.options


def option_label(asked: Asked, value: str) -> str:
    """The label of an option; the id itself where a newer version no longer has it."""
    return next((option.label for option in options(asked) if option.id == value), value)


def _parse_choice(asked: Asked, name: str, form: Form) -> str | None:
    value = form.one(name)
    if value and value not in {option.id for option in options(asked)}:
        form.refuse(name, "Choose one of the answers shown")
    return value or None


def _parse_choices(asked: Asked, name: str, form: Form) -> list[str] | None:
    chosen = set(form.all(name))
    known = options(asked)
    if chosen - {option.id for option in known}:
        form.refuse(name, "Choose from the answers shown")
    alone = [option for option in known if option.exclusive and option.id in chosen]
    if alone and len(chosen) > 1:
        form.refuse(name, f"Choose “{alone[0].label}” or other answers, not both")
    return [option.id for option in known if option.id in chosen] or None


def _parse_short_text(asked: Asked, name: str, form: Form) -> str | None:
    return form.text(name, characters=asked.characters or _SHORT) or None


def _parse_long_text(asked: Asked, name: str, form: Form) -> str | None:
    characters = asked.characters or typed.LONGEST_TEXT
    return form.text(name, lines=True, characters=characters, words=asked.words) or None


def _parse_number(asked: Asked, name: str, form: Form) -> str | None:
    return _or_refuse(
        form,
        name,
        lambda text: typed.number(text, minimum=asked.minimum, maximum=asked.maximum, decimals=asked.decimals or 0),
    )


def _parse_money(asked: Asked, name: str, form: Form) -> str | None:
    return _or_refuse(form, name, lambda text: typed.money(text, minimum=asked.minimum, maximum=asked.maximum))


def _or_refuse(form: Form, name: str, read: Callable[[str], str]) -> str | None:
    try:
        return read(form.one(name)) or None
    except Unclear as unclear:
        form.refuse(name, unclear.message)
        return None


def _number_as_text(asked: Asked, value: str) -> str:
    gap = "" if asked.unit == "%" else " "
    return f"{typed.written_number(value)}{gap}{asked.unit}".strip()


def _money_as_text(asked: Asked, value: str) -> str:
    return f"{typed.written_money(value)} {asked.unit.removeprefix('£')}".strip()


def _date_values(asked: Asked, name: str, value: str) -> FormValues:
    year, month, day = value.split("-")
    return {f"{name}-day": str(int(day)), f"{name}-month": str(int(month)), f"{name}-year": year}


def _month_values(asked: Asked, name: str, value: str) -> FormValues:
    year, month = value.split("-")
    return {f"{name}-month": str(int(month)), f"{name}-year": year}


def _parse_declaration(asked: Asked, name: str, form: Form) -> str | None:
    value = form.one(name)
    if value not in ("", "agreed"):
        form.refuse(name, "Tick the box if you agree")
    return value or None


_CHOICE = Kind(_parse_choice, option_label, _as_it_is, _one_field)
NOT_ASKED = Kind(lambda asked, name, form: None, lambda asked, value: "", lambda *_: {}, lambda *_: ())

SIMPLE_KINDS: dict[str, Kind] = {
    "single_choice": _CHOICE,
    "yes_no_not_known": _CHOICE,
    "several_choices": Kind(
        _parse_choices,
        lambda asked, value: [option_label(asked, each) for each in value],
        _as_it_is,
        _one_field,
    ),
    "short_text": Kind(_parse_short_text, lambda asked, value: str(value), _as_it_is, _one_field),
    "long_text": Kind(_parse_long_text, lambda asked, value: str(value), _as_it_is, _one_field),
    "number": Kind(_parse_number, _number_as_text, _as_it_is, _one_field),
    "money": Kind(_parse_money, _money_as_text, _as_it_is, _one_field),
    "date": Kind(
        lambda asked, name, form: form.date(name) or None,
        lambda asked, value: typed.written_date(value),
        _date_values,
        lambda asked, name: tuple(f"{name}-{part}" for part in ("day", "month", "year")),
    ),
    "month": Kind(
        lambda asked, name, form: form.month(name) or None,
        lambda asked, value: typed.written_date(value),
        _month_values,
        lambda asked, name: tuple(f"{name}-{part}" for part in ("month", "year")),
    ),
    "declaration": Kind(_parse_declaration, lambda asked, value: "Agreed", _as_it_is, _one_field),
}
