"""Text broken into lines: at spaces, after hyphens and slashes, and inside a word only when nothing else is left."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from hia_app.pdf import fonts

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_INSIDE_WORDS = re.compile(r"(?<=[-/–—&=?_.,;:])(?=\w)")


@dataclass(frozen=True)
class Type:
    """How text is set: size and leading in points."""

    size: float
    leading: float
    bold: bool = False
    colour: str = "#0b0c0c"


class Line(NamedTuple):
    """One line; `spaced` says that the next line goes on with a new word, so a word space belongs at the end."""

    text: str
    spaced: bool = False


def break_lines(text: str, type_: Type, width: float) -> list[Line]:
    """Printable text as lines no wider than `width` points (except a single letter that is wider itself)."""
    return [line for part in text.split("\n") for line in _break_part(part.strip(), type_, width / type_.size)]


def _break_part(text: str, type_: Type, room: float) -> list[Line]:
    lines: list[Line] = []
    line, used, space = "", 0.0, fonts.width(" ", type_.bold)
    for word in text.split(" "):
        wide = fonts.width(word, type_.bold)
        if line and used + space + wide <= room:
            line, used = f"{line} {word}", used + space + wide
            continue
        if wide <= room:
            if line:
                lines.append(Line(line, spaced=True))
            line, used = word, wide
            continue
        if line:  # a word too long for any line starts on a line of its own
            lines.append(Line(line, spaced=True))
        *full, line = _break_word(word, type_, room)
        lines += [Line(piece) for piece in full]
        used = fonts.width(line, type_.bold)
    return [*lines, Line(line)]


def _break_word(word: str, type_: Type, room: float) -> list[str]:
    """A word too long for a line, cut after a sign inside it where there is one, else between letters."""
    pieces: list[str] = []
    line, used = "", 0.0
    for part in _INSIDE_WORDS.split(word):
        wide = fonts.width(part, type_.bold)
        if line and used + wide > room:
            pieces.append(line)
            line, used = "", 0.0
        if wide <= room:
            line, used = line + part, used + wide
            continue
        for letter in letters(part):
            wide = fonts.width(letter, type_.bold)
            if line and used + wide > room:
                pieces.append(line)
                line, used = "", 0.0
            line, used = line + letter, used + wide
    return [*pieces, line]


def letters(text: str) -> Iterator[str]:
    """Letters with the marks that belong to them, so that a cut never parts an accent from its letter."""
    held = ""
    for letter in text:
        if held and not unicodedata.combining(letter):
            yield held
            held = ""
        held += letter
    if held:
        yield held


def shortened(text: str, type_: Type, width: float) -> str:
    """One line of text, cut with an ellipsis where it is too long. Only for decoration: nothing is lost elsewhere."""
    line = " ".join(text.split())
    if fonts.width(line, type_.bold) * type_.size <= width:
        return line
    pieces = list(letters(line[:400]))
    while pieces and fonts.width("".join(pieces) + "…", type_.bold) * type_.size > width:
        pieces.pop()
    return "".join(pieces) + "…"


def parts(text: str) -> list[str]:
    """Text parted into paragraphs at blank lines."""
    return [part.strip() for part in _BLANK_LINE.split(text) if part.strip()]


def reads_from_the_right(text: str) -> bool:
    """All its letters are Hebrew or Arabic, so its lines start at the right."""
    rest = fonts.RIGHT_TO_LEFT.sub("", text)
    return not any(letter.isalpha() for letter in rest) and bool(fonts.RIGHT_TO_LEFT.search(text))
