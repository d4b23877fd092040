"""What a file is called when people see it: a label, and never a place on any disk."""

from __future__ import annotations

import unicodedata

LONGEST_LABEL = 255
_LONGEST_ENDING = 10
# Control and format characters (among them those that turn the reading direction round), half characters,
# private ones and ones that nobody has assigned: none of them belongs into a name that people compare by eye.
_NOT_SHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_NOT_IN_NAMES = frozenset('<>:"|?*')  # no Windows file has them in its name, and a colon names a drive or worse
_SPACES = frozenset({"Zl", "Zp", "Zs"})
# Names that mean a device on Windows, whatever stands behind the dot.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})


def label(name: str) -> str:
    """The name a browser sent, as it may be shown and given back; "" when nothing of it is left."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(_shown(letter) for letter in last)
    plain = " ".join(kept.split()).strip(" .")
    if plain.partition(".")[0].strip().lower() in _DEVICES:
        plain = f"_{plain}"
    return _short(plain)


def ending(shown: str) -> str:
    """What stands behind the last dot, in small letters: "pdf"; "" without one."""
    stem, _, last = shown.rpartition(".")
    return last.lower() if stem else ""


def _shown(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in _NOT_SHOWN:
        return ""
    return " " if category in _SPACES else "_" if letter in _NOT_IN_NAMES else letter


def _short(text: str) -> str:
    """At most 255 characters, with the ending kept."""
    if len(text) <= LONGEST_LABEL:
        return text
    last = ending(text)
    behind = f".{last}" if 0 < len(last) <= _LONGEST_ENDING else ""
    return text[: LONGEST_LABEL - len(behind)].rstrip(" .") + behind
