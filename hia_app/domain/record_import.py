"""A record as a file from elsewhere: read, checked against the published description, every problem with its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from hia_app.domain.proposal import Proposal

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schemas" / "record.json"
LARGEST = 20_000_000  # bytes; a record of two hundred answers of a thousand words has two million
DEEPEST = 60
MOST_PROBLEMS = 50
LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a file, and where: "submission / answers / assessment / 3 / question"."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}" if self.place else self.reason


class UnreadableRecord(ValueError):
    """The file is no record; `problems` say why, up to fifty of them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def read(content: bytes) -> Mapping[str, Any]:
    """The record in a file; raises UnreadableRecord."""
    if len(content) > LARGEST:
        raise _refused(f"The file has more than {LARGEST // 1_000_000} million bytes.")
    try:
        found = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError:
        raise _refused("The file is not a text in UTF-8.") from None
    except RecursionError:
        raise _refused("The file is nested too deeply to be a record.") from None
    except ValueError as error:
        raise _refused(f"The file is not JSON: {error}") from None
    if _depth(found) > DEEPEST:
        raise _refused("The file is nested too deeply to be a record.")
    problems = tuple(_problem(error) for error in _few(found))
    if problems:
        raise UnreadableRecord(problems)
    record: Mapping[str, Any] = found
    return record


def proposal(record: Mapping[str, Any], decision_date: date | None = None) -> Proposal:
    """What is proposed, with the decision's date of the record or another; raises UnreadableRecord."""
    told = record["submission"]["assessment"]
    try:
        decided = decision_date or date.fromisoformat(told["decision_date"])
    except ValueError:
        problem = Problem("submission / assessment / decision_date", "There is no such date")
        raise UnreadableRecord((problem,)) from None
    return Proposal(
        title=told["title"],
        summary=told["summary"],
        scheme_type=told["scheme_type"],
        decision_date=decided,
        decided_by=told["decided_by"],
        body_name=told["body_name"],
        body_meeting_date=decided if told["decided_by"] == "body" else None,
    )


def provenance(record: Mapping[str, Any]) -> str:
    """Where it comes from, in words for the history."""
    told = record["submission"]["assessment"]
    return f"{told['reference']} version {told['version']} of {told['council']}, {record['edition']} edition"


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


def _few(found: Any) -> list[ValidationError]:
    errors = []
    for error in _validator().iter_errors(found):
        errors.append(error)
        if len(errors) == MOST_PROBLEMS:
            break
    return sorted(errors, key=lambda error: [str(part) for part in error.absolute_path])


def _problem(error: ValidationError) -> Problem:
    return Problem(" / ".join(str(part) for part in error.absolute_path), _words(error))


def _words(error: ValidationError) -> str:
    """What the rule asks for; what the file says there may be long, or about people, so little of it is repeated."""
    shown = json.dumps(error.instance, ensure_ascii=False)
    shown = shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]} …"
    match error.validator:
        case "required":
            return str(error.message).replace("'", "“", 1).replace("'", "”", 1)
        case "type":
            kinds = error.validator_value
            return f"{shown} should be of type {kinds if isinstance(kinds, str) else ' or '.join(kinds)}"
        case "enum":
            return f"{shown} should be one of {', '.join(json.dumps(one) for one in error.validator_value)}"
        case "const":
            return f"{shown} should be {json.dumps(error.validator_value)}"
        case _:
            return f"{shown} does not follow the rule “{error.validator}”"


def _depth(found: Any) -> int:
    """How deep values are nested, without recursion."""
    deepest, waiting = 0, [(found, 1)]
    while waiting and deepest <= DEEPEST:
        value, depth = waiting.pop()
        deepest = max(deepest, depth)
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting += [(one, depth + 1) for one in inside]
    return deepest


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is not a number")


def _refused(reason: str) -> UnreadableRecord:
    return UnreadableRecord((Problem("", reason),))
