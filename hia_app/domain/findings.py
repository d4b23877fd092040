"""What a check of the archive found: what was altered, what could not be checked, and what only deserves a look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any


class Level(StrEnum):
    """How bad a finding is; the first two decide the verdict."""

    TAMPERED = "tampered"
    UNCHECKED = "unchecked"
    WARNING = "warning"
    NOTE = "note"


class Verdict(IntEnum):
    """The exit code of every check."""

    GOOD = 0
    TAMPERED = 1
    UNCHECKED = 2


VERDICT_WORDS = {
    Verdict.GOOD: "Everything that was checked is in order.",
    Verdict.TAMPERED: "Something was altered, removed or added. See below.",
    Verdict.UNCHECKED: "The check could not be completed. See below.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be; `code` is for machines, `words` for people, `seq` the record's number."""

    level: Level
    code: str
    words: str
    seq: int | None = None

    def __str__(self) -> str:
        where = f"record {self.seq}: " if self.seq is not None else ""
        return f"{self.level.upper()}: {where}{self.words} [{self.code}]"


def verdict(findings: Iterable[Finding]) -> Verdict:
    """Tampering outweighs what could not be checked, and that outweighs warnings."""
    levels = {finding.level for finding in findings}
    if Level.TAMPERED in levels:
        return Verdict.TAMPERED
    return Verdict.UNCHECKED if Level.UNCHECKED in levels else Verdict.GOOD


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one check: what was counted, what was found, and what this check cannot see."""

    findings: tuple[Finding, ...]
    not_checked: tuple[str, ...]
    records: int = 0
    disposed: int = 0
    head: str = ""
    left_out: int = 0  # findings beyond the most that a report names

    @property
    def verdict(self) -> Verdict:
        return verdict(self.findings)

    def to_json(self) -> dict[str, Any]:
        """As a machine reads it."""
        return {
            "verdict": self.verdict.name.lower(),
            "exit_code": int(self.verdict),
            "records": self.records,
            "disposed": self.disposed,
            "head": self.head,
            "findings": [
                {"level": f.level.value, "code": f.code, "seq": f.seq, "words": f.words} for f in self.findings
            ],
            "findings_left_out": self.left_out,
            "not_checked": list(self.not_checked),
        }

    def to_text(self) -> str:
        """As a person at a terminal reads it."""
        lines = [VERDICT_WORDS[self.verdict], f"Records: {self.records}, of which disposed of: {self.disposed}."]
        if self.head:
            lines.append(f"Newest record hash: {self.head}")
        lines += [str(finding) for finding in self.findings]
        if self.left_out:
            lines.append(f"… and {self.left_out} more findings.")
        lines += [f"Not checked: {words}" for words in self.not_checked]
        return "\n".join(lines)


class Findings:
    """Findings as they are made; only the first of very many are kept, so that memory stays small."""

    MOST = 1000

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._worst: Finding | None = None
        self.left_out = 0

    def add(self, *found: Finding) -> None:
        for finding in found:
            if finding.level is Level.TAMPERED and self._worst is None:
                self._worst = finding
            if len(self._kept) < self.MOST:
                self._kept.append(finding)
            else:
                self.left_out += 1

    def all(self) -> tuple[Finding, ...]:
        """The first thousand, and the first tampering among all."""
        if self._worst is not None and self._worst not in self._kept:
            return (*self._kept, self._worst)
        return tuple(self._kept)
