"""A record without the names of officers: where a council prefers it, the public edition says only who each one was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

SOMEBODY = "An officer"
_HOLD_A_NAME = frozenset({"by", "lead", "added_by", "resolved_by", "assigned_to", "opened_by"})


def without_names(
    payload: dict[str, Any], decision: dict[str, Any] | None
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Each person's name as what they were to this assessment, also where somebody wrote the full name in a text.

    Only people of the service are known by name; residents and partners whom somebody mentions are not.
    """
    roles: dict[str, str] = {}
    for person in payload["people"]:
        roles.setdefault(person["name"], person["job_title"] or person["as"])
    if decision is not None:
        roles[decision["signed_by"]["name"]] = decision["capacity"]
    for name in _names({key: part for key, part in payload.items() if key != "questionnaires"}):
        roles.setdefault(name, SOMEBODY)
    people = [{**person, "name": roles[person["name"]], "job_title": ""} for person in payload["people"]]
    kept = {"questionnaires": payload["questionnaires"]}
    swept = {name: _sweep(part, roles) for name, part in payload.items() if name not in {"questionnaires", "people"}}
    return {**swept, **kept, "people": people}, _sweep(decision, roles)


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key in _HOLD_A_NAME and isinstance(part, str) and part:
                yield part
            else:
                yield from _names(part)
    elif isinstance(value, list):
        for part in value:
            yield from _names(part)


def _sweep(value: Any, roles: Mapping[str, str]) -> Any:
    # A name of one word, "Mark", is looked for only where a name belongs: in texts it would be anybody's word.
    whole = sorted((name for name in roles if " " in name.strip()), key=len, reverse=True)
    pattern = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in whole)) if whole else None

    def swept(part: Any, key: str = "") -> Any:
        if isinstance(part, str):
            if part in roles and (key in _HOLD_A_NAME or key == "name"):
                return roles[part]
            return pattern.sub(lambda found: roles[found[0]], part) if pattern else part
        if isinstance(part, dict):
            return {name: swept(one, name) for name, one in part.items()}
        return [swept(one, key) for one in part] if isinstance(part, list) else part

    return swept(value)
