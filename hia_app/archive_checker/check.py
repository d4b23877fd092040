#!/usr/bin/env python3
"""Checks one bundle of the archive of health equity assessments, with no access to the council that made it.

    python3 check.py BUNDLE.zip [--anchors FILE] [--key KEY-ID]

BUNDLE may also be the folder into which the zip was unpacked. Needs Python 3.9 or newer and one library for
signatures (`cryptography`); nothing of the service that made the bundle. Exit code: 0 everything that was checked is
in order, 1 something was altered, 2 the check could not be completed.

This file is not signed. Take it from where you trust it, or read it: it is short, and README.txt says what it does.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import unicodedata
import zipfile
from pathlib import Path

FILES = {"submission": "record/submission.json", "decision": "record/decision.json"}
NOT_SIGNED = {"README.txt", "check.py"}
SEALED = {"sign-off", "screening"}
ALGORITHMS = {"canonical": "rfc8785", "hash": "sha256", "signature": "ed25519"}
LARGEST = 512 * 1024 * 1024
HASH = re.compile(r"[0-9a-f]{64}")


class CannotCheck(Exception):
    """The check stops here; the message says why."""


def sha256(label, content):
    return hashlib.sha256(label + content).hexdigest()


def open_bundle(path):
    """{name: function that gives the bytes} of a zip file or a folder."""
    path = Path(path)
    if path.is_dir():
        found = {
            one.relative_to(path).as_posix(): (lambda one=one: one.read_bytes())
            for one in path.rglob("*")
            if one.is_file()
        }
        return found
    try:
        bundle = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise CannotCheck(f"{path} cannot be opened: {error}") from None
    names = [entry.filename for entry in bundle.infolist()]
    if len(names) != len(set(names)):
        raise CannotCheck("the bundle holds the same name twice")
    return {entry.filename: (lambda entry=entry: read_entry(bundle, entry)) for entry in bundle.infolist()}


def read_entry(bundle, entry):
    try:
        with bundle.open(entry) as opened:
            content = opened.read(LARGEST + 1)
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise CannotCheck(f"{entry.filename} cannot be read: {error}") from None
    if len(content) > LARGEST:
        raise CannotCheck(f"{entry.filename} is too large")
    return content


def canonical(value):
    """RFC 8785 for what a record may hold: no floats, whole numbers below 2**53, ASCII keys, text in one form."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def plain(value):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < 2**53:
        return value
    if isinstance(value, str) and "\0" not in value:
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, dict) and all(isinstance(key, str) and key.isascii() for key in value):
        return {key: plain(part) for key, part in value.items()}
    raise ValueError("not a value that a record may hold")


def signed_by(public, signature, message):
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        raise CannotCheck("the library `cryptography` is needed: python3 -m pip install cryptography") from None
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


class Check:
    def __init__(self, bundle, anchors, trusted):
        self.bundle, self.anchors, self.trusted = bundle, anchors, set(trusted)
        self.altered, self.unclear, self.notes = [], [], []
        self.read_names, self.known_keys = set(), set()

    def run(self):
        keys = self.keys()
        header = self.record("record", keys)
        if header is not None:
            self.parts(header)
            self.linked(header, keys)
            self.compare_with_anchors(header)
        for name in sorted(set(self.bundle) - self.read_names - NOT_SIGNED):
            self.altered.append(f"{name!r} does not belong here: nothing vouches for it")
        if header is not None and not self.trusted:
            self.notes.append(f"not checked: that the key {header['key']} is the council's. Compare it with a receipt.")
        self.notes += [
            "not checked: README.txt and check.py, which are not signed",
            "not checked: records made after this bundle, and whether all records about this one are enclosed",
            "not checked: whether what was signed is true",
        ]

    def read(self, name):
        self.read_names.add(name)
        if name not in self.bundle:
            self.altered.append(f"{name} is missing")
            return None
        return self.bundle[name]()

    def keys(self):
        """The keys that may be believed: the first one, trusted ones, and those that a believed one vouches for."""
        believed: dict[str, bytes] = {}
        try:
            listed = json.loads(self.read("keys.json") or b"[]")
            for number, key in enumerate(listed):
                public = bytes.fromhex(key["public_key"])
                if sha256(b"hea:key:v1\0", public)[:32] != key["id"] or public.hex() != key["public_key"]:
                    self.altered.append(f"the key {key['id']} is not what its name says")
                    continue
                voucher = believed.get(key["vouched_by"])
                vouch = bytes.fromhex(key["vouch"] or "")
                vouched = voucher is not None and signed_by(voucher, vouch, b"hea:vouch:v1\0" + public)
                if key["vouched_by"] is not None and not vouched:
                    self.altered.append(f"the key {key['vouched_by']} does not vouch for the key {key['id']}")
                elif vouched or key["id"] in self.trusted or number == 0:
                    believed[key["id"]] = public
                    if not self.trusted or key["id"] in self.trusted or key["vouched_by"] in self.known_keys:
                        self.known_keys.add(key["id"])
                else:
                    self.altered.append(f"nobody vouches for the key {key['id']}")
        except (ValueError, KeyError, TypeError, AttributeError):
            self.altered.append("keys.json is not a list of keys of ours")
        return believed

    def record(self, folder, keys):
        """The header in a folder, once its own hash and signature are found right; None when it cannot be read."""
        content, proof = self.read(f"{folder}/header.json"), self.read(f"{folder}/signature.json")
        if content is None or proof is None:
            return None
        fingerprint = sha256(b"hea:record:v1\0", content)
        try:
            proof = json.loads(proof)
            header = json.loads(content)
            public, signature = keys.get(proof["key"]), bytes.fromhex(proof["signature"])
            if proof["record_hash"] != fingerprint or set(proof) != {"record_hash", "key", "signature"}:
                self.altered.append(f"{folder}: the header's bytes do not give the record hash")
            if signature.hex() != proof["signature"] or public is None or proof["key"] != header["key"]:
                self.altered.append(f"{folder}: it is not signed with a key that is believed")
            elif not signed_by(public, signature, b"hea:signature:v1\0" + fingerprint.encode()):
                self.altered.append(f"{folder}: the signature is not that of the key {proof['key']}")
            elif proof["key"] not in self.known_keys:
                self.altered.append(f"{folder}: it is not signed with a key that you know")
            if canonical(header) != content or header["algorithms"] != ALGORITHMS:
                self.altered.append(f"{folder}: the header is not a canonical header of ours")
            if header["kind"] not in SEALED:
                statement = canonical(header["statement"])
                if sha256(b"hea:statement:v1\0", statement) != header["snapshot_hash"]:
                    self.altered.append(f"{folder}: its statement does not give the hash beside it")
            print(f"{folder}: {header['kind']}, number {header['seq']}, {header['archived_at']}, {fingerprint}")
            return {**header, "record_hash": fingerprint}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self.altered.append(f"{folder}: the header or its signature cannot be understood")
            return None

    def parts(self, header):
        """Every byte that the header vouches for."""
        try:
            if header["kind"] not in SEALED:
                raise ValueError
            submission, decision = self.read(FILES["submission"]), self.read(FILES["decision"])
            if submission is not None and sha256(b"hea:submission:v1\0", submission) != header["submission_hash"]:
                self.altered.append("the submission is not the one that was decided on")
            if decision is not None:
                framed = (
                    b'{"decision":' + decision + b',"submission_hash":"' + header["submission_hash"].encode() + b'"}'
                )
                if sha256(b"hea:snapshot:v1\0", framed) != header["snapshot_hash"]:
                    self.altered.append("the decision is not the one that was signed")
            files = {f"record/{part}.pdf": digest for part, digest in header["documents"].items()}
            files.update({f"evidence/{one['sha256']}": one["sha256"] for one in header["evidence"]})
            for name, digest in files.items():
                content = self.read(name)
                if content is not None and hashlib.sha256(content).hexdigest() != digest:
                    self.altered.append(f"{name} is not the file that was signed")
        except (ValueError, KeyError, TypeError, AttributeError):
            self.altered.append("record: the header does not say which files belong to it")

    def linked(self, header, keys):
        """Records that say something about this one: replaced, decided by a body, disposed of."""
        for folder in sorted({name.rpartition("/")[0] for name in self.bundle if name.startswith("linked/")}):
            other = self.record(folder, keys)
            if other is None:
                continue
            if other.get("about") != header.get("record_id"):
                self.altered.append(f"{folder}: it is not about this record")
            self.notes.append(f"a later record says about this one: {other['kind']}")

    def compare_with_anchors(self, header):
        if self.anchors is None:
            self.notes.append("not checked: hashes kept outside (--anchors)")
            return
        hashes, odd = self.anchors
        self.unclear += [f"line {number} of the anchors names a hash and has none" for number in odd]
        if not hashes:
            self.unclear.append("there is no hash among the anchors")
        elif not hashes & {("Record hash", header["record_hash"]), ("Snapshot hash", header["snapshot_hash"])}:
            self.unclear.append("none of the anchors is about this record")


def read_anchors(text):
    """Lines "Record hash: …" and "Snapshot hash: …" of receipts; a lone hash is a record's. Odd lines by number."""
    found, odd = set(), []
    for number, line in enumerate(text.splitlines(), 1):
        name, colon, value = line.strip().partition(":")
        value = value.strip().lower()
        if not colon and HASH.fullmatch(name.lower()):
            found.add(("Record hash", name.lower()))
        elif name in ("Record hash", "Snapshot hash"):
            found.add((name, value)) if HASH.fullmatch(value) else odd.append(number)
    return found, odd


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Check one bundle of the archive.", epilog="Exit codes: 0, 1, 2.")
    parser.add_argument("bundle", help="the zip file, or the folder into which it was unpacked")
    parser.add_argument("--anchors", help="a file with receipts, or with hashes that were kept elsewhere")
    parser.add_argument("--key", action="append", default=[], help="the id of a key known to be the council's")
    chosen = parser.parse_args(arguments)
    check = None
    try:
        anchors = read_anchors(Path(chosen.anchors).read_text("utf-8")) if chosen.anchors else None
        check = Check(open_bundle(chosen.bundle), anchors, chosen.key)
        check.run()
        unclear = check.unclear
    except (CannotCheck, OSError, UnicodeDecodeError) as stop:
        unclear = [str(stop)]
    except Exception as error:  # whatever a bundle holds, the answer is a verdict
        unclear = [f"the check stopped: {type(error).__name__}: {error}"]
    altered = check.altered if check else []
    for label, lines in (("ALTERED", altered), ("COULD NOT CHECK", unclear), ("note", check.notes if check else [])):
        for line in lines:
            print(f"{label}: {line}")
    print("ALTERED" if altered else "COULD NOT CHECK" if unclear else "IN ORDER")
    return 1 if altered else 2 if unclear else 0


if __name__ == "__main__":
    sys.exit(main())
