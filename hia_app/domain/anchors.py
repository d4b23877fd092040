"""Anchors: hashes kept outside the service, on receipts and in printed documents, which the archive must still hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hia_app.domain.findings import Finding, Level

# How a receipt names each hash; an anchors file may hold whole receipts, or such lines alone.
RECORD, SNAPSHOT, PREVIOUS, KEY = "Record hash", "Snapshot hash", "Previous record hash", "Signing key"
_HASH = re.compile(r"[0-9a-f]{64}")
_KEY_ID = re.compile(r"[0-9a-f]{32}")
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Anchors:
    """What a file of anchors says: hashes of each kind, keys to believe, and lines that could not be understood."""

    records: frozenset[str] = frozenset()
    snapshots: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    not_understood: tuple[int, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is no hash to compare with; keys alone are none."""
        return not (self.records or self.snapshots)

    def holds(self, record_hash: str, snapshot_hash: str) -> bool:
        """Whether one of them is about this record."""
        return record_hash in self.records or snapshot_hash in self.snapshots

    def problems(self) -> Iterator[Finding]:
        """Why these anchors could not be compared, or not all of them."""
        for line in self.not_understood:
            yield Finding(Level.UNCHECKED, "anchor-unclear", f"line {line} of the anchors names a hash and has none")
        if self.empty:
            yield Finding(Level.UNCHECKED, "anchors-empty", "there is no hash among the anchors")


def read_anchors(text: str) -> Anchors:
    """Every line "<name of the hash>: <hash>", and every line that is nothing but a hash (then of a record).

    Other lines are the rest of a receipt, or a comment. A line that names a hash and has none is reported.
    """
    records, snapshots, keys, unclear = set(), set(), set(), []
    for number, line in enumerate(text.splitlines(), 1):
        name, colon, value = line[:_LONGEST].strip().partition(":")
        value = value.strip().lower()
        if not colon and _HASH.fullmatch(name.lower()):
            records.add(name.lower())
        elif name == KEY:
            keys.add(value) if _KEY_ID.fullmatch(value) else unclear.append(number)
        elif name in {RECORD, SNAPSHOT, PREVIOUS}:
            if not _HASH.fullmatch(value):
                unclear.append(number)
            elif name == SNAPSHOT:
                snapshots.add(value)
            elif name == RECORD or value.strip("0"):  # the first record has none before it
                records.add(value)
    return Anchors(frozenset(records), frozenset(snapshots), frozenset(keys), tuple(unclear))


def receipt(header: Mapping[str, Any], record_hash: str, signature: bytes, council: str) -> str:
    """The message for the records mailbox; it names the record and says nothing of what is in it."""
    target = header["target"]
    what = f"{target['assessment']} version {target['version']}" if target else "the archive itself"
    return "\n".join(
        (
            f"{council}: a record was added to the archive of health equity assessments.",
            "",
            f"About: {what}",
            f"Kind: {header['kind']}",
            f"Number in the archive: {header['seq']}",
            f"Added at: {header['archived_at']}",
            f"{RECORD}: {record_hash}",
            f"{SNAPSHOT}: {header['snapshot_hash']}",
            f"{PREVIOUS}: {header['prev']}",
            f"{KEY}: {header['key']}",
            f"Signature: {signature.hex()}",
            "",
            "Keep this message. If the archive is ever altered, it no longer holds these hashes:",
            "`hia archive verify --anchors FILE` compares them, FILE being this message or many like it.",
            "",
        )
    )
