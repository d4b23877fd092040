"""The frozen record: canonical bytes, their fingerprints, and the chain that ties each record to the one before."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import rfc8785

SUBMISSION_FORMAT = "hea-submission/1"
ALGORITHMS = {"canonical": "rfc8785", "hash": "sha256", "signature": "ed25519"}
FIRST_PREV = "0" * 64
_LARGEST = 2**53


class NotCanonical(ValueError):
    """A value that must never be in a record: a float, a huge integer, a NUL, a lone surrogate, a strange key."""


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of a value made of dict, list, str, int, bool and None; text is NFC with `\\n`."""
    return rfc8785.dumps(_checked(value, "$"))


def plain(value: Any) -> Any:
    """The same value with decimals, dates and moments as text and tuples as lists, ready for `canonical`."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return value


def submission_hash(payload: bytes) -> str:
    """Fingerprint of a frozen submission (64 hex digits)."""
    return _digest(b"hea:submission:v1\0", payload)


def snapshot_hash(submission: str, decision: Mapping[str, Any]) -> str:
    """Fingerprint of what was decided about which submission (64 hex digits)."""
    return _digest(b"hea:snapshot:v1\0", canonical({"submission_hash": submission, "decision": decision}))


def snapshot_of_bytes(submission: str, decision: bytes) -> str:
    """The same fingerprint, from a decision's canonical bytes as they were stored."""
    framed = b'{"decision":' + decision + b',"submission_hash":"' + submission.encode() + b'"}'
    return _digest(b"hea:snapshot:v1\0", framed)


def statement_hash(statement: bytes) -> str:
    """Fingerprint of what a record says that is not an assessment's own: superseded, decided by a body, disposed of."""
    return _digest(b"hea:statement:v1\0", statement)


def record_hash(header: bytes) -> str:
    """Fingerprint of one record's header; the next record names it as `prev` (64 hex digits)."""
    return _digest(b"hea:record:v1\0", header)


def file_hash(content: bytes) -> str:
    """SHA-256 of a file's bytes (64 hex digits)."""
    return hashlib.sha256(content).hexdigest()


def short(fingerprint: str) -> str:
    """The first twelve digits in groups of four, for people to compare by eye."""
    return " ".join(fingerprint[start : start + 4] for start in (0, 4, 8))


def _digest(label: bytes, payload: bytes) -> str:
    return hashlib.sha256(label + payload).hexdigest()


def _checked(value: Any, place: str) -> Any:
    match value:
        case None | bool():
            return value
        case str():
            return _text(value, place)
        case int():
            if abs(value) >= _LARGEST:
                raise NotCanonical(f"{place}: an integer this large is not exact everywhere")
            return value
        case list() | tuple():
            return [_checked(part, f"{place}[{index}]") for index, part in enumerate(value)]
        case dict():
            for key in value:
                if not (isinstance(key, str) and key.isascii()):
                    raise NotCanonical(f"{place}: key {key!r} is not ASCII text")
            return {key: _checked(part, f"{place}.{key}") for key, part in value.items()}
    raise NotCanonical(f"{place}: {type(value).__name__} has no canonical form here")


def _text(value: str, place: str) -> str:
    if "\0" in value:
        raise NotCanonical(f"{place}: a NUL character")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise NotCanonical(f"{place}: a lone surrogate") from None
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
