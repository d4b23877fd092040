"""Handing a record out as one file that anyone can check without us, and checking such a file."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select

from hia_app.domain.anchors import Anchors
from hia_app.domain.bundle import CHECKER, KEYS, README, RECORD, BundleCheck, file_of, key_row, proof
from hia_app.domain.chain import expected_parts
from hia_app.domain.errors import NotNow
from hia_app.domain.findings import Finding, Level, Report
from hia_app.domain.workflow import Action
from hia_app.services.archive import DISPOSED, read, record_of
from hia_app.services.work import Case, Work, allow
from hia_app.store.archived import Stored
from hia_app.store.signing_keys import signature_is_right
from hia_app.store.tables import ArchivePayload, ArchiveRecord, ArchiveSignature

LARGEST = 512 * 1024 * 1024
MOST_FILES = 10_000
_STAMP = (1980, 1, 1, 0, 0, 0)  # the same record gives the same bundle
_COMPRESSED = {".json", ".txt", ".py"}


def write(work: Work, case: Case, file: BinaryIO) -> None:
    """Write the bundle of a version's record: header, snapshot, PDFs, evidence, keys, and how to check them."""
    allow(work, Action.READ_RECORD, case)
    read(work, case, "full")  # a bundle holds everything, so it is for those who are entitled to everything
    record = record_of(work, case)
    with zipfile.ZipFile(file, "w") as bundle:
        for name, content in _content(work, case, record):
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED if Path(name).suffix in _COMPRESSED else zipfile.ZIP_STORED
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, content)


def _content(work: Work, case: Case, record: ArchiveRecord) -> Iterator[tuple[str, bytes]]:
    yield README, _readme(work, case, record).encode()
    yield CHECKER, files("hia_app.archive_checker").joinpath("check.py").read_bytes()
    keys = [key_row(key) for key in Stored(work.session.connection()).public_keys()]
    yield KEYS, json.dumps(keys, indent=1).encode()
    yield from _proven(work, RECORD, record)
    for part in expected_parts(json.loads(record.header)):
        content = work.session.scalar(
            select(ArchivePayload.content).where(ArchivePayload.record_id == record.id, ArchivePayload.part == part)
        )
        if content is None:
            raise NotNow(DISPOSED)
        yield file_of(part), content
    about = select(ArchiveRecord).where(ArchiveRecord.about == record.id).order_by(ArchiveRecord.seq)
    for other in work.session.scalars(about):
        yield from _proven(work, f"linked/{other.seq:08}-{other.kind}", other)


def _proven(work: Work, folder: str, record: ArchiveRecord) -> Iterator[tuple[str, bytes]]:
    signed = work.session.get_one(ArchiveSignature, record.id)
    yield f"{folder}/header.json", record.header
    beside = proof(record.record_hash, signed.key_id, signed.signature)
    yield f"{folder}/signature.json", json.dumps(beside, indent=1).encode()


def check(path: Path, *, anchors: Anchors | None = None, trusted: frozenset[str] = frozenset()) -> Report:
    """Check a bundle; never raises. What cannot be read is reported as not checked."""
    begun = None
    try:
        with zipfile.ZipFile(path) as bundle:
            names = _names(bundle)
            begun = BundleCheck(names, lambda name: _read(bundle, name), signature_is_right, anchors, trusted)
            return begun.run()
    except Exception as error:
        words = f"the bundle could not be read: {type(error).__name__}: {str(error)[:200]}"
        before = begun.found.all() if begun else ()  # what was found altered stays found
        return Report((*before, Finding(Level.UNCHECKED, "unreadable", words)), ("everything else",))


def _names(bundle: zipfile.ZipFile) -> list[str]:
    names = bundle.namelist()
    if len(names) != len(set(names)):
        raise ValueError("it holds the same name twice")
    if len(names) > MOST_FILES:
        raise ValueError("it holds too many files")
    return names


def _read(bundle: zipfile.ZipFile, name: str) -> bytes:
    with bundle.open(name) as opened:
        content = opened.read(LARGEST + 1)  # whatever size the zip claims
    if len(content) > LARGEST:
        raise ValueError(f"{name} is too large")
    return content


def _readme(work: Work, case: Case, record: ArchiveRecord) -> str:
    header = json.loads(record.header)
    return f"""{work.settings.council_name}: one record of the archive of health equity assessments

{case.name}, {header["kind"]}, number {record.seq} in the archive, {header["archived_at"]}
Record hash: {record.record_hash}
Snapshot hash: {record.snapshot_hash}
Signing key: {header["key"]}

What is in here
  record/header.json      what the record says of itself and which bytes it vouches for; this is what was signed
  record/signature.json   the Ed25519 signature over the record hash
  record/submission.json  what the decision-maker was shown
  record/decision.json    what was decided, by whom, with which statements
  record/pdf_full.pdf     the printed report as it was made then
  record/pdf_public.pdf   the same without what is exempt from publication
  evidence/               evidence files by their SHA-256; header.json has their names
  linked/                 later records about this one: replaced, decided by a body
  keys.json               the public keys; each newer one is vouched for by the one before

How to check it
  python3 check.py THIS-FILE.zip --anchors RECEIPT.txt
needs Python and the library "cryptography" (python3 -m pip install cryptography), and no access to us. It answers with
0: in order, 1: altered, 2: could not be checked.

By hand, every hash is SHA-256 over a label, a zero byte and the bytes:
  record hash      label hea:record:v1      over header.json
  submission hash  label hea:submission:v1  over submission.json
  snapshot hash    label hea:snapshot:v1    over {{"decision":DECISION,"submission_hash":"HASH"}}, where DECISION
                   stands for decision.json and HASH for the submission hash
  a PDF, evidence  no label, the plain SHA-256 of the file
  signature        over the text hea:signature:v1, a zero byte and the record hash in hex digits
  key id           label hea:key:v1, over the 32 bytes of the public key, the first 32 digits

What this proves, and what it does not
  It proves that these bytes are those that the holder of the key signed, whole and unaltered.
  It does not prove whose key it is, nor when it signed: compare the record hash with the receipt in the council's
  records mailbox, or with a later committee paper, which prints the hash of the record before it.
"""
