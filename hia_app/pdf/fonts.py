"""The letters a printed record may use, and what happens to a character that no font has: it is named, never dropped.

Source Sans 3 carries the text; Noto Sans Hebrew and Noto Naskh Arabic stand in, run by run, for names in those scripts.
"""

import re
import threading
import unicodedata
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import uharfbuzz
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).resolve().parents[2] / "static" / "built" / "fonts"
REGULAR, BOLD, HEBREW, ARABIC = "HeaText", "HeaBold", "HeaHebrew", "HeaArabic"
FILES = {
    REGULAR: "SourceSans3-Regular.ttf",
    BOLD: "SourceSans3-Bold.ttf",
    HEBREW: "NotoSansHebrew-Regular.ttf",
    ARABIC: "NotoNaskhArabic-Regular.ttf",
}
STAND_INS = (HEBREW, ARABIC)

# Letters written from right to left (Hebrew, Arabic and their presentation forms), and a stretch of them with the
# spaces and signs between: digits and Latin letters end a stretch.
_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
RIGHT_TO_LEFT = re.compile(f"[{_RTL}](?:[{_RTL}\u200c\u200d\\s\\W]*[{_RTL}])?")
_JOINERS = "\u200c\u200d"
# Characters that have no form of their own; they are left out of the line and listed at the end.
INVISIBLE = frozenset(
    "\u00ad\u200b\u2060\ufeff\u200e\u200f\u061c" + _JOINERS + "".join(map(chr, range(0xFE00, 0xFE10)))
)
# Characters that would turn text round and so hide what it says: always printed by name.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
SPACE = re.compile(r"[^\S\u00a0\u2007\u202f\n]+")
_NAMELESS = {"Cc": "CONTROL CHARACTER", "Co": "PRIVATE USE CHARACTER", "Cs": "HALF A CHARACTER", "Cn": "UNASSIGNED"}
_SHAPED = 0xF0000
"""A glyph chosen by shaping has this plus its number as its code: fixed, so bytes never depend on earlier documents."""

_lock = threading.Lock()


class FontsMissing(RuntimeError):
    """The font files have not been fetched yet."""


class Run(NamedTuple):
    """A stretch of text in one font, or a right-to-left stretch with its parts in the order in which they are drawn."""

    face: str
    text: str
    parts: "tuple[Run, ...]" = ()


class Glyph(NamedTuple):
    """A letter form chosen by shaping: its code in the font, and its measures in thousandths of the type size."""

    code: str
    advance: float
    right: float
    up: float
    width: float


def load() -> None:
    """Make the fonts known to ReportLab, once per process."""
    with _lock:
        if BOLD in pdfmetrics.getRegisteredFontNames() and _coverage.cache_info().currsize:
            return
        missing = [name for name in FILES.values() if not (FOLDER / name).is_file()]
        if missing:
            raise FontsMissing(f"{', '.join(missing)}: not in {FOLDER}. Build the assets first.")
        for face, name in FILES.items():
            pdfmetrics.registerFont(TTFont(face, str(FOLDER / name)))
        _coverage()


@lru_cache(maxsize=1)
def _coverage() -> dict[str, frozenset[str]]:
    """The characters each font has; the text font has what both its weights have."""
    has = {face: frozenset(map(chr, pdfmetrics.getFont(face).face.charToGlyph)) for face in FILES}
    own = (has[REGULAR] & has[BOLD]) - INVISIBLE - TURNING
    own = frozenset(letter for letter in own if unicodedata.category(letter) != "Cc") | {"\n", "\u00a0"}
    return {REGULAR: own, BOLD: own, HEBREW: has[HEBREW] - own, ARABIC: has[ARABIC] - own}


def name_of(letter: str) -> str:
    """A character by number and name: "U+1F3E0 HOUSE BUILDING"."""
    name = unicodedata.name(letter, "") or _NAMELESS.get(unicodedata.category(letter), "CHARACTER WITHOUT A NAME")
    return f"U+{ord(letter):04X} {name}"


def printable(text: str, not_printed: Counter[str]) -> str:
    """The text with every character that no font has replaced by its name in brackets.

    What was replaced or left out is counted in `not_printed`, by character. Joiners inside Arabic are kept for shaping.
    """
    text = SPACE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    covered = _coverage()
    if not set(text) - covered[REGULAR]:
        return text
    kept = []
    for place, letter in enumerate(text):
        joins = letter in _JOINERS and place > 0 and RIGHT_TO_LEFT.match(text[place - 1])
        if joins or (
            letter not in INVISIBLE | TURNING and any(letter in covered[face] for face in (REGULAR, *STAND_INS))
        ):
            kept.append(letter)
            continue
        not_printed[letter] += 1
        kept.append("" if letter in INVISIBLE else f"[{name_of(letter)}]")
    return "".join(kept)


@lru_cache(maxsize=8192)
def runs(text: str, bold: bool) -> tuple[Run, ...]:
    """Printable text as runs in the order in which they stand on the line, from left to right."""
    face, covered = BOLD if bold else REGULAR, _coverage()
    if not set(text) - covered[face]:
        return (Run(face, text),)
    found: list[Run] = []
    place = 0
    for stretch in RIGHT_TO_LEFT.finditer(text):
        found += _by_font(text[place : stretch.start()], face)
        found.append(Run(face, stretch.group(), tuple(reversed(_by_font(stretch.group(), face)))))
        place = stretch.end()
    return (*found, *_by_font(text[place:], face))


def _by_font(text: str, face: str) -> list[Run]:
    """Text cut where the font changes; a space or joiner stays with what stands before it when that font has it too."""
    covered = _coverage()
    found: list[Run] = []
    for letter in text:
        chosen = next((one for one in (face, *STAND_INS) if letter in covered[one]), ARABIC)
        if found and chosen == face and letter in " " and found[-1].face != face:
            chosen = found[-1].face
        if found and found[-1].face == chosen:
            found[-1] = Run(chosen, found[-1].text + letter)
        else:
            found.append(Run(chosen, letter))
    return found


@lru_cache(maxsize=65536)
def width(text: str, bold: bool) -> float:
    """How wide printable text is at size 1, in points."""
    return sum(_run_width(run) for run in runs(text, bold))


def _run_width(run: Run) -> float:
    if run.parts:
        return sum(glyph.advance for part in run.parts for glyph in shaped(part)) / 1000
    widths, other = pdfmetrics.getFont(run.face).face.charWidths, pdfmetrics.getFont(run.face).face.defaultWidth
    return sum(widths.get(ord(" " if letter == "\u00a0" else letter), other) for letter in run.text) / 1000


@lru_cache(maxsize=4096)
def shaped(run: Run) -> tuple[Glyph, ...]:
    """A right-to-left run with its letters joined and in the order in which they stand on the line."""
    font = pdfmetrics.getFont(run.face)
    face = font.face
    buffer = uharfbuzz.Buffer()
    buffer.add_str(run.text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl"
    harfbuzz = _harfbuzz(run.face)
    uharfbuzz.shape(harfbuzz, buffer, {"kern": True, "liga": True})
    found = []
    for glyph, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        code = _SHAPED + glyph.codepoint
        if code not in face.charToGlyph:
            face.charWidths[code] = face._pdfScale(harfbuzz.get_glyph_h_advance(glyph.codepoint))
            face.charToGlyph[code] = glyph.codepoint
        advance, right, up = (face._pdfScale(value) for value in (place.x_advance, place.x_offset, place.y_offset))
        found.append(Glyph(chr(code), advance, right, up, face.charWidths[code]))
    return tuple(found)


@lru_cache(maxsize=4)
def _harfbuzz(face: str) -> uharfbuzz.Font:
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob((FOLDER / FILES[face]).read_bytes())))
