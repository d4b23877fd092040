"""Checking frozen records: each header, its place in the chain, its signature and every byte it vouches for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hia_app.domain.findings import Finding, Level
from hia_app.domain.record import (
    ALGORITHMS,
    FIRST_PREV,
    canonical,
    file_hash,
    record_hash,
    snapshot_of_bytes,
    statement_hash,
    submission_hash,
)

SEALED = frozenset({"sign-off", "screening"})  # records of an assessment; the other kinds carry a statement
STATEMENTS = frozenset({"supersede", "body-decision", "disposal", "re-anchor"})
Header = Mapping[str, Any]
VerifySignature = Callable[[bytes, bytes, bytes], bool]
"""(public key, signature, message) -> whether the signature is that key's."""

_TEXTS = ("record_id", "kind", "snapshot_hash", "archived_at", "prev", "key")


@dataclass(frozen=True, slots=True)
class Key:
    """A public key as it was stored: 32 bytes as hex digits, and who vouched for it."""

    id: str
    public_key: str
    vouched_by: str | None = None
    vouch: bytes | None = None


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys that may be believed (id → 32 bytes), and those that are known from elsewhere or descend from these."""

    believed: dict[str, bytes] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Link:
    """One record as it was stored, with the columns that repeat what its header says, and its signature."""

    seq: int
    id: str
    kind: str
    about: str | None
    header: bytes
    snapshot_hash: str
    record_hash: str
    prev: str
    archived_at: str
    key_id: str | None
    signature: bytes | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next record must stand: after how many, behind which hash, and not before when."""

    seq: int = 0
    record_hash: str = FIRST_PREV
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one link: findings, its header where it could be read, and the place it leaves behind it."""

    findings: tuple[Finding, ...]
    header: Header | None
    place: Place
    expected: Mapping[str, str] = field(default_factory=dict)  # part -> its SHA-256, "" where another hash covers it


def key_id(public: bytes) -> str:
    """The short name of a key (32 hex digits), worked out from the key itself."""
    return hashlib.sha256(b"hea:key:v1\0" + public).hexdigest()[:32]


def signed_message(fingerprint: str) -> bytes:
    """What is signed: the record's hash, marked so that it can be taken for nothing else."""
    return b"hea:signature:v1\0" + fingerprint.encode("ascii")


def vouching_message(public: bytes) -> bytes:
    """What an older key signs to vouch for a newer one."""
    return b"hea:vouch:v1\0" + public


def check_keys(keys: Iterable[Key], trusted: frozenset[str], verify: VerifySignature) -> tuple[KeyRing, list[Finding]]:
    """Which keys may be believed, and what is wrong with the others.

    Keys come in the order in which they were made. The first is believed because nothing is before it; every other
    must be trusted, or vouched for by one that is believed. A key is *known* when it is trusted or descends from one
    that is; without any trusted key, all that are believed count as known.
    """
    ring = KeyRing()
    findings = []
    for number, key in enumerate(keys):
        public = _from_hex(key.public_key)
        if public is None or key_id(public) != key.id:
            findings.append(_bad("key-altered", f"the key {key.id} is not what its name says"))
            continue
        voucher = ring.believed.get(key.vouched_by or "")
        vouched = voucher is not None and verify(voucher, key.vouch or b"", vouching_message(public))
        if key.vouched_by is not None and not vouched:
            findings.append(_bad("key-vouch", f"the key {key.vouched_by} does not vouch for the key {key.id}"))
        elif vouched or key.id in trusted or number == 0:
            ring.believed[key.id] = public
            if not trusted or key.id in trusted or (vouched and key.vouched_by in ring.known):
                ring.known.add(key.id)
        else:
            findings.append(_bad("key-unknown", f"nobody vouches for the key {key.id}"))
    return ring, findings


def check_link(link: Link, before: Place, keys: Mapping[str, bytes], verify: VerifySignature) -> Checked:
    """One record against the one before it. The hash that the next must name is worked out from the header's bytes."""
    found: list[Finding] = []
    fingerprint = record_hash(link.header)
    if link.seq != before.seq + 1:
        found.append(_bad("sequence", f"number {before.seq + 1} should stand here", link.seq))
    if link.record_hash != fingerprint:
        found.append(_bad("record-hash", "the header's bytes do not give the record hash", link.seq))
    found += _signature(link, fingerprint, keys, verify)
    header = header_of(link.header)
    if header is None:
        found.append(_bad("header", "the header is not a canonical header of ours", link.seq))
        return Checked(tuple(found), None, Place(link.seq, fingerprint, before.archived_at))
    found += _columns(link, header)
    if header["prev"] != before.record_hash:
        found.append(_bad("previous", "it does not follow the record before it", link.seq))
    if header["kind"] in STATEMENTS and statement_hash(canonical(header["statement"])) != header["snapshot_hash"]:
        found.append(_bad("statement", "its statement does not give the hash beside it", link.seq))
    moment = datetime.fromisoformat(header["archived_at"])
    if before.archived_at is not None and moment < before.archived_at:
        found.append(Finding(Level.WARNING, "time", "it says it is earlier than the record before it", link.seq))
    return Checked(tuple(found), header, Place(link.seq, fingerprint, moment), expected_parts(header))


def expected_parts(header: Header) -> dict[str, str]:
    """The parts that a record vouches for, with the SHA-256 of each; "" for those that labelled hashes cover."""
    if header["kind"] not in SEALED:
        return {}
    return (
        {"submission": "", "decision": ""}
        | dict(header["documents"])
        | {f"evidence/{one['sha256']}": one["sha256"] for one in header["evidence"]}
    )


def part_is_right(header: Header, part: str, content: bytes, stored_sha256: str) -> bool:
    """Whether the stored bytes of a part, and the hash stored beside them, are those that the header vouches for."""
    expected = expected_parts(header).get(part)
    return (
        expected is not None
        and file_hash(content) == stored_sha256
        and bytes_are_right(header, part, content, expected)
    )


def bytes_are_right(header: Header, part: str, content: bytes, sha256: str) -> bool:
    """Whether the bytes of a part are those that the header vouches for (`sha256` as `expected_parts` has it)."""
    if part == "submission":
        return bool(submission_hash(content) == header["submission_hash"])
    if part == "decision":
        return bool(snapshot_of_bytes(header["submission_hash"], content) == header["snapshot_hash"])
    return file_hash(content) == sha256


def disposes_of(header: Header, record_id: str, fingerprint: str) -> bool:
    """Whether this is the header of a disposal of exactly that record."""
    statement = header.get("statement")
    return (
        header.get("kind") == "disposal"
        and isinstance(statement, Mapping)
        and (statement.get("record_id"), statement.get("record_hash")) == (record_id, fingerprint)
    )


def _signature(link: Link, fingerprint: str, keys: Mapping[str, bytes], verify: VerifySignature) -> list[Finding]:
    if link.signature is None or link.key_id is None:
        return [_bad("signature-missing", "it is not signed", link.seq)]
    public = keys.get(link.key_id)
    if public is None:
        return [_bad("signature-key", f"it is signed with the key {link.key_id}, which is not believed", link.seq)]
    if not verify(public, link.signature, signed_message(fingerprint)):
        return [_bad("signature", f"the signature is not that of the key {link.key_id}", link.seq)]
    return []


def _columns(link: Link, header: Header) -> list[Finding]:
    """What is repeated in columns for searching must be what the header says."""
    about = header["about"]
    repeated = {
        "number": (link.seq, header["seq"]),
        "id": (link.id, header["record_id"]),
        "kind": (link.kind, header["kind"]),
        "record it is about": (link.about, about),
        "snapshot hash": (link.snapshot_hash, header["snapshot_hash"]),
        "previous hash": (link.prev, header["prev"]),
        "time": (link.archived_at, header["archived_at"]),
        "key": (link.key_id, header["key"]),
    }
    return [
        _bad("column", f"its {name} is not what the header says", link.seq)
        for name, (stored, said) in repeated.items()
        if stored != said
    ]


def header_of(content: bytes) -> Header | None:
    """The header, if these are the canonical bytes of one."""
    try:
        header = json.loads(content)
        return header if canonical(header) == content and _is_header(header) else None
    except (ValueError, TypeError, RecursionError, KeyError):
        return None


def _is_header(header: Any) -> bool:
    if not isinstance(header, dict) or not all(isinstance(header.get(name), str) for name in _TEXTS):
        return False
    kind, about = header["kind"], header["about"]
    datetime.fromisoformat(header["archived_at"])
    if type(header["seq"]) is not int or header["algorithms"] != ALGORITHMS or not isinstance(about, str | None):
        return False
    if kind in STATEMENTS:
        return isinstance(header["statement"], dict)
    return (
        kind in SEALED
        and isinstance(header["submission_hash"], str)
        and isinstance(header["documents"], dict)
        and all(isinstance(one, dict) and isinstance(one["sha256"], str) for one in header["evidence"])
    )


def _from_hex(text: str) -> bytes | None:
    try:
        public = bytes.fromhex(text)
    except ValueError:
        return None
    # fromhex also reads capitals and spaces; a key is stored in one way only
    return public if len(public) == 32 and public.hex() == text else None


def _bad(code: str, words: str, seq: int | None = None) -> Finding:
    return Finding(Level.TAMPERED, code, words, seq)
