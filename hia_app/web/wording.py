"""Turns plain values into what templates show: options, dates, links to errors, the words of states and roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from flask import Flask
from wtforms import SelectChoice

from hia_app.domain.chart_numbers import index_text
from hia_app.domain.evidence import SCAN_WORDS, STRENGTH_WORDS, size_words
from hia_app.domain.policy import Role
from hia_app.domain.workflow import STATES, State, Wording
from hia_app.services.work import LONDON

ROLES: dict[Role, tuple[str, str]] = {
    Role.OFFICER: ("Officer", "Starts assessments, answers, records impacts and submits them."),
    Role.REVIEWER: ("Reviewer", "Reviews what officers submit, returns it with reasons or concludes."),
    Role.DECISION_MAKER: ("Decision-maker", "Signs off, refers back or refuses what a reviewer has concluded."),
    Role.SCRUTINY: ("Scrutiny", "Reads signed-off assessments and their documents."),
    Role.ADMINISTRATOR: ("Administrator", "Looks after people, roles and settings; sees no content."),
}


def choices(options: Iterable[Any]) -> list[dict[str, Any]]:
    """Options of radios, checkboxes and selects as the GOV.UK macros take them."""
    return [_choice(option) for option in options]


def _choice(option: Any) -> dict[str, Any]:
    if isinstance(option, SelectChoice):
        option = {"value": option.value, "label": option.label, **option.render_kw}
    if not isinstance(option, Mapping):
        value, label, *hint = option
        option = {"value": value, "label": label, "hint": hint[0] if hint else ""}
    if option.get("divider"):
        return {"divider": option["divider"]}
    made: dict[str, Any] = {"value": str(option["value"]), "text": option["label"]}
    if option.get("hint"):
        made["hint"] = {"text": option["hint"]}
    if option.get("exclusive"):
        made["behaviour"] = "exclusive"
    if option.get("reveal"):
        made["conditional"] = {"html": option["reveal"]}
    return made


def error_links(errors: Mapping[str, str | Sequence[str]] | Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Entries of an error summary; a field's name becomes the link to the field, an empty one no link.

    A field may have several messages, as those of the fixed forms have; the first is said, as it is at the field.
    """
    if isinstance(errors, Mapping):
        said = {field: found if isinstance(found, str) else found[0] for field, found in errors.items()}
        errors = [(f"#{field}" if field else "", message) for field, message in said.items()]
    return [{"href": link, "text": message} if link else {"text": message} for link, message in errors]


def date_parts(value: Any) -> SimpleNamespace:
    """Day, month and year of a date, of "YYYY-MM-DD" or "YYYY-MM", or of a mapping as somebody typed them."""
    if isinstance(value, Mapping):
        return SimpleNamespace(**{part: value.get(part, "") for part in ("day", "month", "year")})
    text = value.isoformat() if isinstance(value, date) else str(value or "")
    year, month, day = ([part.lstrip("0") for part in text.split("-")] + ["", "", ""])[:3]
    return SimpleNamespace(day=day, month=month, year=year)


def summary_rows(rows: Iterable[Any]) -> list[SimpleNamespace]:
    """Rows of a summary list with every part named."""
    return [_summary_row(row) for row in rows]


def _summary_row(row: Any) -> SimpleNamespace:
    if not isinstance(row, Mapping):
        row = {"key": row[0], "value": row[1]}
    value = row["value"]
    listed = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else None
    if listed is None and (value is None or value == ""):
        value = "Not given"
    return SimpleNamespace(
        key=row["key"],
        value=value,
        list=listed,
        href=row.get("href", ""),
        action=row.get("action", "Change"),
    )


def state_wording(state: State | str) -> Wording:
    return STATES[State(state)]


def role_label(role: Role | str) -> str:
    return ROLES[Role(role)][0]


# Order matters: every browser also names the ones it descends from.
_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac", "Mac"))


def browser(agent: str) -> str:
    """What people call their browser: "Firefox on Windows"; for telling one's own sessions apart, nothing more."""
    name = next((name for sign, name in _BROWSERS if sign in agent), "A browser")
    system = next((system for sign, system in (*_SYSTEMS, ("Linux", "Linux")) if sign in agent), "")
    return f"{name} on {system}" if system else name


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def day(value: date | datetime | str | None) -> str:
    """A date as people write it: "23 November 2026"."""
    if not value:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(LONDON).date()
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime | None) -> str:
    """A moment on the council's clock: "23 November 2026 at 14:05"."""
    return f"{day(value)} at {value.astimezone(LONDON):%H:%M}" if value else ""


def strength_words(value: str | None) -> str:
    return STRENGTH_WORDS[value or None]


def scan_words(value: str) -> str:
    return SCAN_WORDS[value]


FILTERS = (
    choices, error_links, date_parts, summary_rows, state_wording, role_label, browser, lower_first, day, moment,
    size_words, strength_words, scan_words, index_text,
)  # fmt: skip


def register(app: Flask) -> None:
    """Makes these known to templates, each under its own name."""
    for function in FILTERS:
        app.add_template_filter(function)
