"""Reads a questionnaire file so strictly that what an author sees in it is exactly what the product gets.

Only texts, whole numbers, `true`/`false`, lists and mappings exist. Everything in YAML that can surprise
(anchors, aliases, tags, merge keys, duplicate keys, several documents) is refused; `no`, `off`, dates and
`1.5` stay the text that was written. The file is read as a stream of events, so a hostile one is refused
before anything is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

LARGEST_FILE = 1_000_000  # bytes
DEEPEST = 12  # mappings and lists inside each other, the outermost one counted
MOST_VALUES = 20_000  # the largest questionnaire we ship has about 2,500
LONGEST_TEXT = 20_000  # characters in one value
LONGEST_KEY = 60

Value: TypeAlias = "str | int | bool | list[Value] | dict[str, Value]"
Path: TypeAlias = tuple[str | int, ...]

_WHOLE_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_FORBIDDEN_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class YamlRefused(ValueError):
    """The file is not the strict YAML we read; `line` counts from 1."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason if line is None else f"line {line}: {reason}")
        self.reason = reason
        self.line = line


@dataclass(frozen=True)
class Page:
    """One file as read: its value, and the line on which each part of it (a path of keys) begins."""

    value: Value
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int | None:
        """The line of this part, or of the nearest part around it that has one."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path)


def read(source: str | bytes) -> Page:
    """The page in this file. Raises YamlRefused with one reason, and the line where there is one."""
    text = _as_text(source)
    events = yaml.parse(text, Loader=yaml.CSafeLoader)
    try:
        return _Reader(events).page()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = error.problem or error.context or "it cannot be read"
        raise YamlRefused(f"this is not YAML: {why}", mark.line + 1 if mark else None) from None
    except yaml.YAMLError as error:
        raise YamlRefused(f"this is not YAML: {error}") from None


def _as_text(source: str | bytes) -> str:
    if len(source) > LARGEST_FILE:
        raise YamlRefused(f"the file is larger than {LARGEST_FILE:,} bytes")
    text = _decoded(source) if isinstance(source, bytes) else source
    if bad := _FORBIDDEN_CHARACTER.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        raise YamlRefused(f"the file has a character that text cannot have (U+{ord(bad[0]):04X})", line)
    if len(text.encode()) > LARGEST_FILE:
        raise YamlRefused(f"the file is larger than {LARGEST_FILE:,} bytes")
    return text


def _decoded(source: bytes) -> str:
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise YamlRefused("the file is not UTF-8 text", line) from None


class _Reader:
    """Builds the value from events, refusing at the first thing that is not allowed."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._lines: dict[Path, int] = {}
        self._values = 0

    def page(self) -> Page:
        next(self._events)  # the stream's own start
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            raise YamlRefused("the file is empty")
        if start.version or start.tags:
            raise YamlRefused("a file may not begin with %YAML or %TAG", _line(start))
        value = self._value(next(self._events), (), 0)
        next(self._events)  # the document's end
        end = next(self._events)
        if not isinstance(end, yaml.StreamEndEvent):
            raise YamlRefused("the file holds more than one document (a second ---)", _line(end))
        return Page(value, self._lines)

    def _value(self, event: Any, path: Path, depth: int) -> Value:
        _refuse_surprises(event)
        self._values += 1
        if self._values > MOST_VALUES:
            raise YamlRefused(f"the file has more than {MOST_VALUES:,} values", _line(event))
        self._lines.setdefault(path, _line(event))
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if depth >= DEEPEST:
            raise YamlRefused(f"lists and mappings are nested more than {DEEPEST} deep", _line(event))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path, depth + 1)
        return self._mapping(path, depth + 1)

    def _list(self, path: Path, depth: int) -> list[Value]:
        values: list[Value] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            values.append(self._value(event, (*path, len(values)), depth))
        return values

    def _mapping(self, path: Path, depth: int) -> dict[str, Value]:
        values: dict[str, Value] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = _key(event)
            if key in values:
                raise YamlRefused(f"“{key}” is written twice in the same place", _line(event))
            place = (*path, key)
            self._lines[place] = _line(event)
            values[key] = self._value(next(self._events), place, depth)
        return values


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _refuse_surprises(event: Any) -> None:
    if isinstance(event, yaml.AliasEvent):
        raise YamlRefused(f"aliases (*{event.anchor}) are not allowed", _line(event))
    if event.anchor is not None:
        raise YamlRefused(f"anchors (&{event.anchor}) are not allowed", _line(event))
    if event.tag is not None:
        raise YamlRefused(f"tags ({event.tag[:40]}) are not allowed", _line(event))


def _key(event: Any) -> str:
    _refuse_surprises(event)
    if not isinstance(event, yaml.ScalarEvent):
        raise YamlRefused("a key must be a single word", _line(event))
    key = str(event.value)
    if key == "<<":
        raise YamlRefused("merge keys (<<) are not allowed", _line(event))
    if not key or len(key) > LONGEST_KEY:
        raise YamlRefused(f"a key must have 1 to {LONGEST_KEY} characters", _line(event))
    return key


def _scalar(event: Any) -> str | int | bool:
    text = str(event.value)
    if len(text) > LONGEST_TEXT:
        raise YamlRefused(f"a text is longer than {LONGEST_TEXT:,} characters", _line(event))
    if _FORBIDDEN_CHARACTER.search(text):  # an escape such as "\0" inside double quotes
        raise YamlRefused("a text has a character that text cannot have", _line(event))
    if not event.implicit[0]:  # quoted or block text: exactly as written
        return text
    if text in ("", "~"):
        raise YamlRefused('there is no value here; write "" for an empty text', _line(event))
    if text in ("true", "false"):
        return text == "true"
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else text
