"""Reads a GeoJSON file feature by feature, so that a whole country needs no more memory than a village.

GeoJSON is RFC 7946; the member `crs` of the format before it is read too, because published files still have it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, NoReturn

CHUNK = 1 << 20  # characters read at a time
LARGEST_PART = 32 << 20  # characters of one feature, or of any other member
_BLANK = " \t\n\r"


class NotGeoJson(ValueError):
    """The file is not what it should be; the message is a sentence for the page."""


@dataclass(slots=True)
class FeatureFile:
    """A file being read. `features()` gives its features one by one; `members` are the other members met so far."""

    file: IO[str]
    members: dict[str, Any] = field(default_factory=dict)
    _text: str = ""
    _at: int = 0
    _ended: bool = False

    def features(self) -> Iterator[Any]:
        """Every entry of `features`, whatever it is; raises NotGeoJson, also for a file that ends too early."""
        if self._next() != "{":
            raise NotGeoJson("The file is not GeoJSON: it does not begin with “{”")
        self._at += 1
        found = False
        while self._next() != "}":
            name = self._value()
            if not isinstance(name, str) or self._next() != ":":
                _damaged()
            self._at += 1
            if name == "features":
                if found:
                    _damaged()
                found = True
                yield from self._entries()
            else:
                self.members[name] = self._value()
            self._comma("}")
        self._at += 1
        if self._next():
            _damaged()
        if self.members.get("type") != "FeatureCollection" or not found:
            raise NotGeoJson("The file is not a GeoJSON FeatureCollection")

    def _entries(self) -> Iterator[Any]:
        if self._next() != "[":
            raise NotGeoJson("The file is not a GeoJSON FeatureCollection: its “features” are no list")
        self._at += 1
        while self._next() != "]":
            yield self._value()
            self._comma("]")
        self._at += 1

    def _comma(self, end: str) -> None:
        """Past the comma between two values, where there is one."""
        found = self._next()
        if found == ",":
            self._at += 1
            if self._next() == end:
                _damaged()
        elif found != end:
            _damaged()

    def _next(self) -> str:
        """The character that comes next, blanks aside; nothing at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANK:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _value(self) -> Any:
        """The value that begins here. A number at the end of what was read may go on: after “1”, “1.” and “1e-”."""
        self._next()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                if len(self._text) - self._at > LARGEST_PART:
                    raise NotGeoJson("One part of the file is larger than this can be, or is damaged") from None
                if not self._more():
                    _damaged()
            except NotGeoJson:
                raise
            except ValueError:  # Python reads no number of more than 4,300 digits
                raise NotGeoJson("The file is damaged: there is a number of thousands of digits in it") from None
            except RecursionError:
                raise NotGeoJson("The file is not GeoJSON: its lists are too deep") from None
            else:
                long = end - self._at
                if len(self._text) - end > 2 or not self._more():
                    self._at += long
                    return value

    def _more(self) -> bool:
        """Read on, twice as much as is waiting, so that a large feature is not tried again and again."""
        if self._ended:
            return False
        rest = self._text[self._at :]
        try:
            read = self.file.read(max(CHUNK, len(rest)))
        except UnicodeDecodeError:
            raise NotGeoJson("The file is not text in UTF-8, as GeoJSON has to be") from None
        self._ended = not read
        self._text, self._at = rest + read, 0
        return not self._ended


def _damaged() -> NoReturn:
    raise NotGeoJson("The file is damaged, or is not JSON: it cannot be read to its end")


def _no_such_number(text: str) -> NoReturn:
    raise NotGeoJson(f"The file is not JSON: {text} is not a number")


_DECODER = json.JSONDecoder(parse_constant=_no_such_number)
