"""Taking a file in: what it is, whether it is what it says, whether it is clean; and only then keeping its bytes.

All of this happens outside any transaction, because a scanner may take its time and nobody should wait for it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import IO

from hia_app.config import Settings
from hia_app.domain.errors import InvalidInput
from hia_app.domain.evidence import Scan, size_words
from hia_app.domain.file_kinds import (
    HEAD,
    TAIL,
    TAKEN,
    TEXT_BYTES,
    Kind,
    Look,
    carries_hidden_details,
    disagreement,
    kind_of,
)
from hia_app.domain.file_names import ending, label
from hia_app.store.blobs import StoreUnavailable, blobs_of
from hia_app.store.scanner import ScannerUnavailable, finding

FIELD = "file"
_PIECE = 1_048_576


@dataclass(frozen=True, slots=True)
class Received:
    """A file whose bytes are kept; what an evidence row is made from."""

    label: str
    media_type: str
    size: int
    sha256: str
    scan: Scan
    hidden_details: bool  # a picture that says when, and perhaps where, it was taken


def receive(settings: Settings, name: str, stream: IO[bytes]) -> Received:
    """Check a file and keep its bytes; `stream` can be read again from its start. Raises InvalidInput."""
    shown = label(name)
    kind = _kind(shown)
    size_of(settings, stream)
    look, sha256 = _looked_at(stream)
    if wrong := disagreement(kind, look):
        raise InvalidInput({FIELD: wrong})
    scan = _scanned(settings, stream)
    stream.seek(0)
    try:
        blobs_of(settings).put(sha256, stream, look.size)
    except StoreUnavailable:
        words = "The file could not be kept, because the file store is not working. Try later"
        raise InvalidInput({FIELD: words}) from None
    return Received(shown, kind.media_type, look.size, sha256, scan, carries_hidden_details(kind, look))


def size_of(settings: Settings, stream: IO[bytes]) -> int:
    """How many bytes a sent file has, before anything else is asked about it; raises InvalidInput for too many."""
    size = stream.seek(0, 2)
    stream.seek(0)
    if size > settings.largest_evidence_file:
        raise InvalidInput({FIELD: f"The file must be {size_words(settings.largest_evidence_file)} or smaller"})
    return size


def _kind(shown: str) -> Kind:
    if not shown:
        raise InvalidInput({FIELD: "Choose a file"})
    kind = kind_of(ending(shown))
    if kind is None:
        raise InvalidInput({FIELD: f"This kind of file is not taken. Attach one of these: {TAKEN}"})
    return kind


def _looked_at(stream: IO[bytes]) -> tuple[Look, str]:
    """One pass over the file in pieces, so that memory does not grow with it; gives its look and its SHA-256."""
    digest = hashlib.sha256()
    head, tail, size, only_text = b"", b"", 0, True
    stream.seek(0)
    while piece := stream.read(_PIECE):
        digest.update(piece)
        size += len(piece)
        head += piece[: HEAD - len(head)]
        tail = (tail + piece)[-TAIL:]
        only_text = only_text and not piece.translate(None, TEXT_BYTES)
    return Look(size, head, tail, only_text), digest.hexdigest()


def _scanned(settings: Settings, stream: IO[bytes]) -> Scan:
    """Whatever goes wrong, a file that the scanner did not call clean is refused."""
    if not settings.scanner:
        return Scan.NOT_SCANNED
    stream.seek(0)
    try:
        found = finding(settings.scanner, stream, settings.scanner_seconds)
    except ScannerUnavailable:
        words = "The virus scanner is not answering, so no file can be taken now. Nothing else is affected. Try later"
        raise InvalidInput({FIELD: words}) from None
    if found:
        raise InvalidInput({FIELD: f"The virus scanner found something in this file ({found}). It was not kept"})
    return Scan.CLEAN
