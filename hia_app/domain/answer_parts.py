"""The kinds of question whose answer has parts: a person, places, papers, rows, groups, an indicator."""

from __future__ import annotations

import re
from typing import Any

from hia_app.domain import indicator, typed
from hia_app.domain.answer_kinds import SIMPLE_KINDS, FormValues, Kind, Rows
from hia_app.domain.questionnaire import Column, Question
from hia_app.domain.typed import Form, Unclear

MOST_ROWS = 30  # of a list where the question does not say
_MOST_ROW_NUMBERS = 200  # how many row numbers a page may send; empty ones are dropped
_STATES = {"affected": "Affected", "not_affected": "Not affected", "not_known": "Not known"}
PAPER_COLUMNS = (
    Column(id="title", label="Title", type="short_text", required=True),
    Column(id="where", label="Where it is kept", type="short_text", required=True, characters=500),
)


# A person --------------------------------------------------------------------------------------------------


def _parse_person(question: Question, name: str, form: Form) -> dict[str, str] | None:
    person = {part: form.text(f"{name}-{part}", characters=200) for part in ("name", "role")}
    return person if any(person.values()) else None


def _person_as_text(question: Question, value: dict[str, str]) -> str:
    return ", ".join(part for part in (value["name"], value["role"]) if part)


# Places ----------------------------------------------------------------------------------------------------


def _parse_place(question: Question, name: str, form: Form) -> dict[str, Any] | None:
    description = form.text(f"{name}-description", lines=True, characters=2_000)
    areas: list[str] = []
    try:
        areas = typed.area_codes(form.text(f"{name}-areas", lines=True))
    except Unclear as unclear:
        form.refuse(f"{name}-areas", unclear.message)
    return {"description": description, "areas": areas} if description or areas else None


def _place_as_text(question: Question, value: dict[str, Any]) -> list[str]:
    areas = f"Areas: {', '.join(value['areas'])}" if value["areas"] else ""
    return [text for text in (value["description"], areas) if text]


def _place_values(question: Question, name: str, value: dict[str, Any]) -> FormValues:
    return {f"{name}-description": value["description"], f"{name}-areas": "\n".join(value["areas"])}


# Rows of a list, and papers as rows of two columns ---------------------------------------------------------


def columns(question: Question) -> tuple[Column, ...]:
    return PAPER_COLUMNS if question.type == "file" else question.columns


def most_rows(question: Question) -> int:
    return question.maximum_rows or MOST_ROWS


def _parse_rows(question: Question, name: str, form: Form) -> list[dict[str, str]] | None:
    pattern = re.compile(rf"{re.escape(name)}-([0-9]{{1,3}})-.*", re.DOTALL)
    numbers = sorted({int(found[1]) for field in form.names() if (found := pattern.fullmatch(field))})
    rows = []
    for number in numbers[:_MOST_ROW_NUMBERS]:
        row = {
            column.id: SIMPLE_KINDS[column.type].parse(column, f"{name}-{number}-{column.id}", form) or ""
            for column in columns(question)
        }
        if any(row.values()):
            rows.append(row)
    if len(rows) > most_rows(question) or len(numbers) > _MOST_ROW_NUMBERS:
        form.refuse(name, f"Give at most {most_rows(question)} rows")
    return rows or None


def _rows_lack(question: Question, value: list[dict[str, str]]) -> str:
    for number, row in enumerate(value, 1):
        for column in columns(question):
            if column.required and not row.get(column.id):
                return f"Row {number} needs “{column.label}”"
    least = question.minimum_rows or 0
    return f"Give at least {least} rows" if len(value) < least else ""


def _rows_as_text(question: Question, value: list[dict[str, str]]) -> Rows:
    return [
        {
            column.label: str(SIMPLE_KINDS[column.type].as_text(column, row[column.id])) if row.get(column.id) else ""
            for column in columns(question)
        }
        for row in value
    ]


def _rows_values(question: Question, name: str, value: list[dict[str, str]]) -> FormValues:
    filled: FormValues = {}
    for number, row in enumerate(value, 1):
        for column in columns(question):
            if row.get(column.id):
                field = f"{name}-{number}-{column.id}"
                filled |= SIMPLE_KINDS[column.type].form_values(column, field, row[column.id])
    return filled


def _rows_fields(question: Question, name: str) -> tuple[str, ...]:
    return tuple(
        field
        for number in range(1, most_rows(question) + 1)
        for column in columns(question)
        for field in SIMPLE_KINDS[column.type].fields(column, f"{name}-{number}-{column.id}")
    )


# Groups: who is affected -----------------------------------------------------------------------------------


def _parse_groups(question: Question, name: str, form: Form) -> dict[str, Any] | None:
    rows = {option.id: _parse_group(f"{name}-{option.id}", form) for option in question.options}
    _share_reason(question, name, form, rows)
    for option in question.options:
        row = rows[option.id]
        if not row["state"] and any(row.values()):
            form.refuse(f"{name}-{option.id}-state", f"Say whether they are affected: {option.label}")
    return {group: row for group, row in rows.items() if any(row.values())} or None


def _parse_group(name: str, form: Form) -> dict[str, str]:
    state = form.one(f"{name}-state")
    if state and state not in _STATES:
        form.refuse(f"{name}-state", "Choose one of the answers shown")
    return {
        "state": state,
        "reason": form.text(f"{name}-reason", lines=True, characters=2_000),
        "plan_who": form.text(f"{name}-plan_who", characters=200),
        "plan_by": form.date(f"{name}-plan_by"),
        "plan_how": form.text(f"{name}-plan_how", lines=True, characters=2_000),
    }


def _share_reason(question: Question, name: str, form: Form, rows: dict[str, dict[str, str]]) -> None:
    """One reason for several groups that are not affected; a group's own reason stays."""
    reason = form.text(f"{name}-shared_reason", lines=True, characters=2_000)
    chosen = set(form.all(f"{name}-shared_groups"))
    if chosen - rows.keys():
        form.refuse(f"{name}-shared_groups", "Choose from the groups shown")
    if chosen and not reason:
        form.refuse(f"{name}-shared_reason", "Say why these groups are not affected")
    if reason and not chosen:
        form.refuse(f"{name}-shared_groups", "Choose the groups that this reason is for")
    for option in question.options:
        row = rows[option.id]
        if option.id not in chosen:
            continue
        if row["state"] in ("affected", "not_known"):
            said = _STATES[row["state"]].lower()
            form.refuse(f"{name}-shared_groups", f"This group is already marked “{said}”: {option.label}")
        row["state"], row["reason"] = "not_affected", row["reason"] or reason


def _groups_lack(question: Question, value: dict[str, dict[str, str]]) -> str:
    unsaid = [option.label for option in question.options if not value.get(option.id, {}).get("state")]
    if unsaid:
        return f"Say whether they are affected: {_some(unsaid)}"
    bare = [
        option.label
        for option in question.options
        if value[option.id]["state"] == "not_affected" and not value[option.id]["reason"]
    ]
    return f"Give the reason why they are not affected: {_some(bare)}" if bare else ""


def _some(labels: list[str]) -> str:
    more = len(labels) - 3
    return "; ".join(labels[:3]) + (f"; and {more} more" if more > 0 else "")


def _groups_as_text(question: Question, value: dict[str, dict[str, str]]) -> Rows:
    return [
        {
            "Group": option.label,
            "Answer": _STATES.get(row["state"], ""),
            "Reason": row["reason"],
            "Who will find out": row["plan_who"],
            "By when": typed.written_date(row["plan_by"]) if row["plan_by"] else "",
            "How": row["plan_how"],
        }
        for option in question.options
        if (row := value.get(option.id))
    ]


def _groups_values(question: Question, name: str, value: dict[str, dict[str, str]]) -> FormValues:
    filled: FormValues = {}
    for group, row in value.items():
        here = f"{name}-{group}"
        filled |= {f"{here}-{part}": text for part, text in row.items() if part != "plan_by" and text}
        if row["plan_by"]:
            year, month, day = row["plan_by"].split("-")
            filled |= {
                f"{here}-plan_by-day": str(int(day)),
                f"{here}-plan_by-month": str(int(month)),
                f"{here}-plan_by-year": year,
            }
    return filled


def _groups_fields(question: Question, name: str) -> tuple[str, ...]:
    parts = ("state", "reason", "plan_who", "plan_by-day", "plan_by-month", "plan_by-year", "plan_how")
    own = tuple(f"{name}-{option.id}-{part}" for option in question.options for part in parts)
    return (*own, f"{name}-shared_reason", f"{name}-shared_groups")


_ROWS = Kind(_parse_rows, _rows_as_text, _rows_values, _rows_fields, _rows_lack)

KINDS_WITH_PARTS: dict[str, Kind] = {
    "person": Kind(
        _parse_person,
        _person_as_text,
        lambda question, name, value: {f"{name}-{part}": value[part] for part in ("name", "role")},
        lambda question, name: (f"{name}-name", f"{name}-role"),
        lambda question, value: "" if value["name"] else "Give the person's name",
    ),
    "place": Kind(
        _parse_place,
        _place_as_text,
        _place_values,
        lambda question, name: (f"{name}-description", f"{name}-areas"),
    ),
    "file": _ROWS,
    "list": _ROWS,
    "groups": Kind(_parse_groups, _groups_as_text, _groups_values, _groups_fields, _groups_lack),
    "indicator": indicator.KIND,
}
