"""The shapes that parts of a questionnaire file may have: what each accepts, and how a refusal is worded.

A type in `questionnaire.py` declares one shape per field with `key(...)`. From those declarations come the
reader (`read_record`), the writer (`to_json`) and the JSON Schema (`record_schema`), so they cannot disagree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from decimal import Decimal
from typing import Any, Protocol

from hia_app.domain.strict_yaml import Page, Path

_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,6})?")
# Names that forms, addresses and scripts already use for something else.
RESERVED = frozenset(
    (
        *("csrf_token", "submit", "action", "next", "version", "row_version", "method", "save", "reset", "continue"),
        *("null", "true", "false", "constructor", "prototype", "password", "fingerprint", "return_to", "form"),
    )
)


@dataclass(frozen=True, order=True)
class Problem:
    """One reason why a questionnaire is refused, and where; `str()` is the line an author reads."""

    file: str
    line: int | None
    question: str | None
    reason: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {f'question {self.question}: ' if self.question else ''}{self.reason}"


class Reading:
    """What has been found so far while one file is read."""

    def __init__(self, file: str, page: Page) -> None:
        self.file = file
        self.page = page
        self.problems: list[Problem] = []
        self.places: dict[tuple[str, str], Path] = {}  # ("question", id) → where it is written
        self.broken: set[tuple[str, str]] = set()  # written, but not as its shape asks
        self.question: str | None = None

    def refuse(self, path: Path, reason: str, question: str | None = None) -> None:
        self.problems.append(Problem(self.file, self.page.line(path), question or self.question, reason))


class Shape(Protocol):
    """`read` returns the value, or `neutral` after a refusal."""

    @property
    def neutral(self) -> Any: ...
    def read(self, value: Any, path: Path, reading: Reading) -> Any: ...
    def schema(self) -> dict[str, Any]: ...


def _named(path: Path) -> str:
    """How a message names a place: its key, or “entry 2 of options” in a list."""
    if path and isinstance(path[-1], int):
        return f"entry {path[-1] + 1} of “{path[-2]}”" if len(path) > 1 else f"entry {path[-1] + 1}"
    return f"“{path[-1]}”" if path else "the file"


@dataclass(frozen=True)
class Text:
    longest: int = 2_000
    neutral: str = ""

    def read(self, value: Any, path: Path, reading: Reading) -> str:
        if not isinstance(value, str):
            written = str(value).lower() if isinstance(value, bool | int) else "this"
            reading.refuse(path, f"{_named(path)} must be text; put {written[:40]} in quotes")
            return ""
        text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").strip())
        if not text:
            reading.refuse(path, f"{_named(path)} is empty; leave the key out instead")
        elif len(text) > self.longest:
            reading.refuse(path, f"{_named(path)} is longer than {self.longest:,} characters")
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": self.longest}


@dataclass(frozen=True)
class Id:
    """A name for ever: lower-case ASCII letters, digits and underscores, not one of RESERVED."""

    reserved_allowed: bool = False
    neutral: str = ""

    def read(self, value: Any, path: Path, reading: Reading) -> str:
        if not isinstance(value, str) or not _ID.fullmatch(value):
            shown = ascii(value)[:60]
            reading.refuse(
                path,
                f"{_named(path)} must be a name of lower-case letters, digits and underscores, "
                f"beginning with a letter, at most 60 long; it is {shown}",
            )
            return ""
        if value in RESERVED and not self.reserved_allowed:
            reading.refuse(path, f"the name “{value}” is reserved; choose another")
            return ""
        return value

    def schema(self) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "string", "pattern": f"^{_ID.pattern}$"}
        return schema if self.reserved_allowed else schema | {"not": {"enum": sorted(RESERVED)}}


@dataclass(frozen=True)
class Whole:
    least: int = 0
    most: int = 1_000_000
    neutral: None = None

    def read(self, value: Any, path: Path, reading: Reading) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            reading.refuse(path, f"{_named(path)} must be a whole number from {self.least} to {self.most:,}")
            return None
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class Number:
    """A whole number, or a decimal number written as text ("0.5"): YAML's own decimals are inexact."""

    neutral: None = None

    def read(self, value: Any, path: Path, reading: Reading) -> Decimal | None:
        text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
        if not _DECIMAL.fullmatch(text):
            reading.refuse(path, f"{_named(path)} must be a number such as 12 or 0.5")
            return None
        return Decimal(text)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{_DECIMAL.pattern}$"}]}


@dataclass(frozen=True)
class Flag:
    neutral: bool = False

    def read(self, value: Any, path: Path, reading: Reading) -> bool:
        if not isinstance(value, bool):
            reading.refuse(path, f"{_named(path)} must be true or false")
            return False
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True)
class OneOf:
    choices: tuple[str | int, ...]
    neutral: None = None

    def read(self, value: Any, path: Path, reading: Reading) -> Any:
        if isinstance(value, bool) or not isinstance(value, str | int) or value not in self.choices:
            wanted = ", ".join(str(choice) for choice in self.choices)
            reading.refuse(path, f"{_named(path)} must be one of: {wanted}")
            return None
        return value

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.choices)}


@dataclass(frozen=True)
class ListOf:
    """A list; `or_one` lets an author write a single entry without the list around it."""

    each: Shape
    most: int = 60
    least: int = 0
    or_one: bool = False
    neutral: tuple[()] = ()

    def read(self, value: Any, path: Path, reading: Reading) -> tuple[Any, ...]:
        if self.or_one and not isinstance(value, list):
            value = [value]
        if not isinstance(value, list):
            reading.refuse(path, f"{_named(path)} must be a list")
            return ()
        if not self.least <= len(value) <= self.most:
            reading.refuse(path, f"{_named(path)} must have {self.least} to {self.most} entries, not {len(value):,}")
            return ()
        read = [self.each.read(entry, (*path, place), reading) for place, entry in enumerate(value)]
        return tuple(entry for entry in read if entry not in (None, ""))

    def schema(self) -> dict[str, Any]:
        each = self.each.schema()
        schema = {"type": "array", "items": each, "minItems": self.least, "maxItems": self.most}
        return {"anyOf": [each, schema]} if self.or_one else schema


@dataclass(frozen=True)
class Record:
    """A mapping that becomes one frozen object; `label` is what messages and `Reading.places` call it."""

    kind: type[Any]
    label: str
    neutral: None = None

    def read(self, value: Any, path: Path, reading: Reading) -> Any:
        if not isinstance(value, dict):
            reading.refuse(path, f"{_named(path)} must be a mapping (a {self.label})")
            return None
        return read_record(self.kind, self.label, value, path, reading)

    def schema(self) -> dict[str, Any]:
        return {"$ref": f"#/$defs/{self.label}"}


def key(shape: Shape, default: Any = MISSING, *, name: str = "", about: str = "", written: bool = True) -> Any:
    """Declare one field: its shape, what leaving it out means (nothing: it is needed), and what it is for.

    `name` is the key in the file where Python cannot use the word; `written=False` is never read or written.
    """
    metadata = {
        "shape": shape,
        "name": name,
        "about": about,
        "needed": default is MISSING,
        "written": written,
    }
    return field(default=shape.neutral if default is MISSING else default, metadata=metadata)


def keys(kind: type[Any]) -> dict[str, Field[Any]]:
    """The keys of this kind as they are called in a file, with the field each fills."""
    return {f.metadata["name"] or f.name: f for f in fields(kind) if f.metadata.get("written")}


def read_record(kind: type[Any], label: str, value: dict[str, Any], path: Path, reading: Reading) -> Any:
    """The object, with every refusal noted in `reading`; None when it has no readable id to be known by."""
    known = keys(kind)
    found = len(reading.problems)
    outer, own = reading.question, value.get("id")
    if label == "question" and isinstance(own, str):
        reading.question = ascii(own)[1:-1][:60]
    for name in value.keys() - known.keys():
        reading.refuse((*path, name), f"unknown key {name!a} in a {label}")
    filled = {}
    for name, declared in known.items():
        if name in value:
            filled[declared.name] = declared.metadata["shape"].read(value[name], (*path, name), reading)
        elif declared.metadata["needed"]:
            reading.refuse(path, f"a {label} needs “{name}”")
    reading.question = outer
    known_as = str(filled.get("id" if "id" in known else "question", ""))
    if known_as:
        reading.places.setdefault((label, known_as), path)
        if len(reading.problems) > found and "id" in known:
            reading.broken.add((label, known_as))
    return kind(**filled) if known_as or "id" not in known else None


def to_json(value: Any) -> Any:
    """The plain form of a record: defaults left out, decimals as whole numbers or text, never a float."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else format(value, "f")
    if isinstance(value, tuple | list):
        return [to_json(entry) for entry in value]
    if value is None or isinstance(value, str | int):
        return value
    if hasattr(value, "to_json"):
        return value.to_json()
    return record_to_json(value)


def record_to_json(record: Any) -> dict[str, Any]:
    return {
        name: to_json(getattr(record, declared.name))
        for name, declared in keys(type(record)).items()
        if declared.metadata["needed"] or getattr(record, declared.name) != declared.default
    }


def record_schema(kind: type[Any], leaving_out: Sequence[str] = ()) -> dict[str, Any]:
    """JSON Schema (2020-12) of one record; `leaving_out` names needed keys that are stated elsewhere."""
    known = keys(kind)
    properties = {}
    for name, declared in known.items():
        schema = declared.metadata["shape"].schema()
        about = declared.metadata["about"]
        properties[name] = schema | {"description": about} if about else schema
    needed = [n for n, d in known.items() if d.metadata["needed"] and n not in leaving_out]
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}
