"""What is said about an evidence file: how strong it is, of when, what it belongs to, and when it is getting old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

OLD_AFTER_MONTHS = 36
LONGEST_DESCRIPTION = 300
LONGEST_WITHHOLDING = 500


class Strength(StrEnum):
    """How much weight a file can bear, as its owner judges it."""

    STRONG = "strong"
    MODERATE = "moderate"
    WEAK = "weak"


class About(StrEnum):
    """What a file in an assessment is attached to."""

    QUESTION = "question"
    IMPACT = "impact"


class Scan(StrEnum):
    """What the scanner said before the file was kept; a file with a finding is never kept."""

    CLEAN = "clean"
    NOT_SCANNED = "not_scanned"


STRENGTHS: tuple[tuple[str, str, str], ...] = (
    (Strength.STRONG, "Strong", "Good local figures, an evaluation, or research about people like these"),
    (Strength.MODERATE, "Moderate", "A survey, figures from elsewhere, or experience of a scheme like this"),
    (Strength.WEAK, "Weak", "A single account, an estimate, or something hard to check"),
)
STRENGTH_WORDS: dict[str | None, str] = {**{value: words for value, words, _ in STRENGTHS}, None: "Not judged"}
SCAN_WORDS: dict[str, str] = {
    Scan.CLEAN: "Scanned for viruses: nothing found",
    Scan.NOT_SCANNED: "Not scanned for viruses",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says about a file: what it shows, how strong it is, and its date."""

    description: str = ""
    strength: str | None = None
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A question or an impact of one version."""

    kind: About
    id: str


def is_old(dated: date | None, today: date) -> bool:
    """Whether the evidence is older than 36 months: things may have changed since."""
    if dated is None:
        return False
    last_good = dated.year * 12 + dated.month - 1 + OLD_AFTER_MONTHS
    reached = today.year * 12 + today.month - 1
    return reached > last_good or (reached == last_good and today.day > dated.day)


def size_words(size: int) -> str:
    """A size as people read it: "340 bytes", "12 kB", "1.4 MB" (thousands, as on their own computer's label)."""
    if size < 1_000:
        return f"{size} byte{'' if size == 1 else 's'}"
    if size < 999_500:
        return f"{round(size / 1_000)} kB"
    return f"{size / 1_000_000:.1f}".removesuffix(".0") + " MB"
