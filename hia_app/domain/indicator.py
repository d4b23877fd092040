"""An indicator: one measure by deprivation fifth or tenth, with the people behind each figure and how sure it is.

The value has always `title`, `unit`, `period`, `area`, `source` and `values` (texts, "" where there is no figure),
most deprived first. What else is known is there only when it was given: `kind`, `multiplier`, `populations`, `lower`,
`upper`, `small_numbers`, `groups` (the same by ethnic group) and `library` (which edition it was taken from).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hia_app.domain import typed
from hia_app.domain.answer_kinds import FormValues, Kind
from hia_app.domain.indicator_figures import COLUMNS, STORED, figure, limit_problems, sign_of
from hia_app.domain.indicator_groups import GROUP_FIELDS, group_values, groups_in_form, parse_groups
from hia_app.domain.indicator_paste import Rows, Unreadable, pasted
from hia_app.domain.indicator_terms import DECISIONS, KIND_WORDS, KINDS, Small, quantile_label, small_in
from hia_app.domain.questionnaire import Question
from hia_app.domain.suppression_rules import Rule
from hia_app.domain.typed import Form, Unclear

PARTS = {"title": "Title", "unit": "Unit", "period": "Period", "area": "Area", "source": "Source"}


def _places(question: Question) -> range:
    return range(1, (question.quantiles or 5) + 1)


def _parse(question: Question, name: str, form: Form) -> dict[str, Any] | None:
    parts: dict[str, Any] = {part: form.text(f"{name}-{part}", characters=300) for part in PARTS}
    rows = _rows(question, name, form)
    columns = {
        column: [_figure(f"{name}-{column}-{place}", column, rows[place][column], form) for place in _places(question)]
        for column in COLUMNS
    }
    _check_limits(name, columns, form)
    parts["unit"] = _unit(name, parts["unit"], rows, form)
    parts["values"] = columns.pop("value")
    parts |= {STORED[column]: figures for column, figures in columns.items() if any(figures)}
    parts |= _choices(name, form)
    if groups := parse_groups(name, form):
        parts["groups"] = groups
    return parts if any(any(part) for part in parts.values()) else None


def _rows(question: Question, name: str, form: Form) -> Rows:
    """Every cell as typed; what was pasted goes over what stands in the table."""
    rows = {place: {column: form.one(f"{name}-{column}-{place}") for column in COLUMNS} for place in _places(question)}
    text = form.text(f"{name}-paste", lines=True)
    if not text:
        return rows
    try:
        for place, cells in pasted(text, len(rows)).items():
            rows[place] |= cells
    except Unreadable as unreadable:
        form.refuse(f"{name}-paste", ". ".join(unreadable.problems))
    return rows


def _figure(field: str, column: str, text: str, form: Form) -> str:
    try:
        return figure(column, text)
    except Unclear as unclear:
        form.refuse(field, unclear.message)
        return ""


def _check_limits(name: str, columns: Mapping[str, list[str]], form: Form) -> None:
    for place, cells in enumerate(zip(*columns.values(), strict=True), 1):
        for column, why in limit_problems(dict(zip(columns, cells, strict=True))):
            form.refuse(f"{name}-{column}-{place}", why)


def _unit(name: str, unit: str, rows: Rows, form: Form) -> str:
    """The unit as typed; without one, the sign that the figures carry."""
    signs = {sign for cells in rows.values() if (sign := sign_of(cells["value"]))}
    if len(signs) > 1:
        form.refuse(f"{name}-unit", "Some figures have a £ and some a %. Use one unit for all")
    elif signs and not unit:
        return signs.pop()
    elif "%" in signs and not any(word in unit.lower() for word in ("%", "per cent", "percent")):
        form.refuse(f"{name}-unit", f"The figures have a %, but the unit says “{unit}”")
    return unit


def _choices(name: str, form: Form) -> dict[str, Any]:
    found: dict[str, Any] = {}
    kind = form.one(f"{name}-kind")
    if kind and kind not in KINDS:
        form.refuse(f"{name}-kind", "Choose one of the kinds shown")
    elif kind:
        found["kind"] = kind
    try:
        multiplier = typed.number(form.one(f"{name}-multiplier"), minimum=-Decimal(10**9), maximum=Decimal(10**9),
                                  decimals=6)  # fmt: skip
        if multiplier == "0":
            raise Unclear("Enter a number other than 0")
        found |= {"multiplier": multiplier} if multiplier else {}
    except Unclear as unclear:
        form.refuse(f"{name}-multiplier", unclear.message)
    decision = form.one(f"{name}-small-decision")
    reason = form.text(f"{name}-small-reason", characters=500)
    if decision and decision not in DECISIONS:
        form.refuse(f"{name}-small-decision", "Choose one of the answers shown")
    elif reason and not decision:
        form.refuse(f"{name}-small-decision", "Choose whether the small numbers are shown or hidden")
    elif decision:
        found["small_numbers"] = {"decision": decision, "reason": reason}
    return found


def _lack(question: Question, value: dict[str, Any]) -> str:
    for part in ("title", "source"):
        if not value[part]:
            return f"Give the {part} of the indicator"
    small = value.get("small_numbers")
    if small and small["decision"] == "shown" and not small["reason"]:
        return "Say who has already published the small numbers"
    return "" if any(value["values"]) else "Give at least one value"


def _as_text(question: Question, value: dict[str, Any]) -> list[str]:
    count = len(value["values"])
    said = [f"{label}: {value[part]}" for part, label in PARTS.items() if value[part]]
    said += settings(value)
    said += [f"{quantile_label(place, count)}: {_row_text(value, place)}" for place in range(1, count + 1)]
    said += [f"{row['name']}: {_figures_text(row)}" for row in value.get("groups", ())]
    if small := value.get("small_numbers"):
        said.append(f"Small numbers: {small_words(small)}")
    return said


def settings(value: Mapping[str, Any]) -> list[str]:
    """How the figures are to be read, where somebody said so."""
    kind, multiplier = value.get("kind"), value.get("multiplier")
    return [
        *([f"Kind: {KIND_WORDS[kind]}"] if kind else []),
        *([f"Multiplier of the slope index: {multiplier}"] if multiplier else []),
    ]


def _row_text(value: Mapping[str, Any], place: int) -> str:
    columns = {column: value.get(stored) for column, stored in STORED.items()}
    return _figures_text({column: texts[place - 1] if texts else "" for column, texts in columns.items()})


def _figures_text(row: Mapping[str, str]) -> str:
    shown = {column: typed.written_number(row[column]) if row[column] else "" for column in COLUMNS}
    more = [f"{shown['population']} people" if shown["population"] else ""]
    if shown["lower"] or shown["upper"]:
        more.append(f"limits {shown['lower'] or '?'} to {shown['upper'] or '?'}")
    told = ", ".join(filter(None, more))
    return (shown["value"] or "no figure") + (f" ({told})" if told else "")


def small_words(small: Mapping[str, str]) -> str:
    """The recorded decision on small numbers, with its reason."""
    return ". ".join(filter(None, (DECISIONS[small["decision"]], small["reason"])))


def _form_values(question: Question, name: str, value: dict[str, Any]) -> FormValues:
    filled: FormValues = {f"{name}-{part}": value[part] for part in PARTS}
    for column, stored in STORED.items():
        for place, text in enumerate(value.get(stored, ()), 1):
            if text or column == "value":
                filled[f"{name}-{column}-{place}"] = text
    filled |= {f"{name}-{part}": value[part] for part in ("kind", "multiplier") if value.get(part)}
    filled |= group_values(name, value.get("groups", ()))
    if small := value.get("small_numbers"):
        filled |= {f"{name}-small-decision": small["decision"], f"{name}-small-reason": small["reason"]}
    return filled


def _fields(question: Question, name: str) -> tuple[str, ...]:
    return (
        *(f"{name}-{part}" for part in (*PARTS, "kind", "multiplier", "paste", "small-decision", "small-reason")),
        *(f"{name}-{column}-{place}" for column in COLUMNS for place in _places(question)),
        *(f"{name}-{field}" for field in GROUP_FIELDS),
    )


def small_in_form(question: Question, values: Mapping[str, str | list[str]], rule: Rule) -> Small:
    """Whose count is too small to publish, from what the form shows; nothing where it cannot be read."""
    read = {
        stored: [_read_figure(column, values.get(f"{question.id}-{column}-{place}", "")) for place in _places(question)]
        for column, stored in STORED.items()
    }
    unit, kind = (str(values.get(f"{question.id}-{part}", "")) for part in ("unit", "kind"))
    return small_in({**read, "unit": unit, "kind": kind, "groups": groups_in_form(question.id, values)}, rule)


def _read_figure(column: str, text: str | list[str]) -> str:
    try:
        return figure(column, str(text))
    except Unclear:
        return ""


KIND = Kind(_parse, _as_text, _form_values, _fields, _lack)
