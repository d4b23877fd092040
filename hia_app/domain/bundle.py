"""A bundle: one record with everything it vouches for, laid out as files that anyone can check."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Any

from hia_app.domain import chain
from hia_app.domain.anchors import Anchors
from hia_app.domain.chain import Header, Key, KeyRing, Link, Place, VerifySignature
from hia_app.domain.findings import Finding, Findings, Level, Report
from hia_app.domain.record import record_hash

KEYS, RECORD, README, CHECKER = "keys.json", "record", "README.txt", "check.py"
NOT_SIGNED = frozenset({README, CHECKER})
NOT_CHECKED = (
    "README.txt and check.py, which are not signed",
    "records made after this bundle, and whether all records about this one are enclosed",
    "whether what was signed is true",
)


def file_of(part: str) -> str:
    """Where a part of the record lies in the bundle."""
    if part.startswith("evidence/"):
        return part
    return f"record/{part}.{'pdf' if part.startswith('pdf_') else 'json'}"


def proof(fingerprint: str, key_id: str, signature: bytes) -> dict[str, str]:
    """What lies beside a header: its hash and the signature over it."""
    return {"key": key_id, "record_hash": fingerprint, "signature": signature.hex()}


def key_row(key: Key) -> dict[str, str | None]:
    """A key as the bundle lists it."""
    vouch = key.vouch.hex() if key.vouch is not None else None
    return {"id": key.id, "public_key": key.public_key, "vouched_by": key.vouched_by, "vouch": vouch}


class BundleCheck:
    """One check of one bundle: its names, and how to read the bytes of each."""

    def __init__(
        self,
        names: Collection[str],
        read: Callable[[str], bytes],
        verify: VerifySignature,
        anchors: Anchors | None,
        trusted: frozenset[str],
    ) -> None:
        self.names, self.bytes_of, self.verify = frozenset(names), read, verify
        self.anchors, self.trusted = anchors, trusted
        self.found, self.known = Findings(), set(NOT_SIGNED)
        self.records = 0

    def run(self) -> Report:
        keys = self._keys()
        read = self._record(RECORD, keys)
        not_checked = list(NOT_CHECKED)
        if read is not None:
            header, fingerprint = read
            self._parts(header)
            self._linked(header, keys)
            self._compare(header, fingerprint)
            if not self.trusted:
                not_checked.append(f"that the key {header['key']} is the council's: compare it with a receipt")
        if self.anchors is None:
            not_checked.append("hashes kept outside (--anchors)")
        for name in sorted(self.names - self.known):
            self._bad("planted", f"{name!r:.100} does not belong here: nothing vouches for it")
        head = read[1] if read else ""
        return Report(self.found.all(), tuple(not_checked), self.records, 0, head, self.found.left_out)

    def _keys(self) -> KeyRing:
        content = self._read(KEYS)
        try:
            listed = [_key(row) for row in json.loads(content or b"[]")]
        except (ValueError, TypeError, KeyError, RecursionError):
            self._bad("keys", "keys.json is not a list of keys of ours")
            return KeyRing()
        keys, wrong = chain.check_keys(listed, self.trusted, self.verify)
        self.found.add(*wrong)
        return keys

    def _record(self, folder: str, keys: KeyRing) -> tuple[Header, str] | None:
        content, beside = self._read(f"{folder}/header.json"), self._read(f"{folder}/signature.json")
        header = chain.header_of(content or b"")
        if content is None or beside is None or header is None:
            if content is not None and beside is not None:
                self._bad("header", f"{folder}: the header is not a canonical header of ours")
            return None
        fingerprint = record_hash(content)
        try:
            said = json.loads(beside)
            signature = bytes.fromhex(said["signature"])
            if said != proof(said["record_hash"], said["key"], signature):
                raise ValueError("not written as we write it")
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            self._bad("signature", f"{folder}: the signature cannot be understood")
            return None
        link = _link(header, content, said["record_hash"], said["key"], signature)
        self.found.add(*chain.check_link(link, Place(link.seq - 1, link.prev), keys.believed, self.verify).findings)
        if link.key_id in keys.believed and link.key_id not in keys.known:
            self._bad("key-not-known", f"{folder}: it is not signed with a key that you know")
        self.records += 1
        return header, fingerprint

    def _parts(self, header: Header) -> None:
        if header["kind"] not in chain.SEALED:
            self._bad("kind", "the record is not that of an assessment")
        for part, sha256 in chain.expected_parts(header).items():
            content = self._read(file_of(part))
            if content is not None and not chain.bytes_are_right(header, part, content, sha256):
                self._bad("payload", f"{file_of(part)} is not what was signed")

    def _linked(self, header: Header, keys: KeyRing) -> None:
        for folder in sorted({name.rpartition("/")[0] for name in self.names if name.startswith("linked/")}):
            read = self._record(folder, keys)
            if read is None:
                continue
            if read[0]["about"] != header["record_id"]:
                self._bad("linked", f"{folder}: it is not about this record")
            words = f"a later record says about this one: {read[0]['kind']}"
            self.found.add(Finding(Level.NOTE, "linked", words, read[0]["seq"]))

    def _compare(self, header: Header, fingerprint: str) -> None:
        if self.anchors is None:
            return
        self.found.add(*self.anchors.problems())
        if not self.anchors.empty and not self.anchors.holds(fingerprint, header["snapshot_hash"]):
            self.found.add(Finding(Level.UNCHECKED, "anchor", "none of the anchors is about this record"))

    def _read(self, name: str) -> bytes | None:
        self.known.add(name)
        if name not in self.names:
            self._bad("missing", f"{name} is missing")
            return None
        return self.bytes_of(name)

    def _bad(self, code: str, words: str) -> None:
        self.found.add(Finding(Level.TAMPERED, code, words))


def _key(row: Any) -> Key:
    vouch = None if row["vouch"] is None else bytes.fromhex(row["vouch"])
    key = Key(row["id"], row["public_key"], row["vouched_by"], vouch)
    if key_row(key) != row:
        raise ValueError("not written as we write it")
    return key


def _link(header: Header, content: bytes, fingerprint: str, key_id: str, signature: bytes) -> Link:
    """The record as the bundle holds it: there are no columns that repeat the header, so they cannot differ."""
    return Link(
        seq=header["seq"],
        id=header["record_id"],
        kind=header["kind"],
        about=header["about"],
        header=content,
        snapshot_hash=header["snapshot_hash"],
        record_hash=fingerprint,
        prev=header["prev"],
        archived_at=header["archived_at"],
        key_id=key_id,
        signature=signature,
    )
