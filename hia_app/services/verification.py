"""Checking the whole archive: nothing altered, lost or planted, as far as that can be seen from inside."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from hia_app.domain import chain
from hia_app.domain.anchors import Anchors
from hia_app.domain.chain import Link, Place
from hia_app.domain.findings import Finding, Findings, Level, Report
from hia_app.store.archived import Stored
from hia_app.store.signing_keys import signature_is_right

WITHOUT_ANCHORS = (
    "whether the newest records were cut off, an older database was put back, or everything was written again with "
    "a stolen key: only hashes kept outside can show that (--anchors)"
)
WITHOUT_TRUST = "whom the first key belongs to: compare its name with a receipt (it is on every one)"
ALWAYS = (
    "whether what was signed is true, or who held the key",
    "the working tables and the register's words, from which no record is drawn",
)


class Audit:
    """One check of one database; each step adds to what was found, and no step stops the others."""

    def __init__(self, stored: Stored, anchors: Anchors | None, trusted: frozenset[str], now: datetime) -> None:
        self.stored, self.anchors, self.now = stored, anchors, now
        self.trusted = trusted | (anchors.keys if anchors else frozenset())
        self.found = Findings()
        self.not_checked: list[str] = []
        self.place = Place()
        self.disposed = 0
        self.newest_anchored = 0
        self.missing = set(anchors.records) if anchors else set()
        self.unknown_from = 0  # the first of the newest records that no known key signed

    def run(self) -> Report:
        self.stored.hold_still()
        for step in (self._guards, self._records, self._orphans, self._anchors):
            with self._no_matter_what(step.__name__.strip("_")):
                step()
        if not self.trusted:
            self.not_checked.append(WITHOUT_TRUST)
        self.not_checked.extend(ALWAYS)
        return Report(
            self.found.all(),
            tuple(self.not_checked),
            self.place.seq,
            self.disposed,
            self.place.record_hash if self.place.seq else "",
            self.found.left_out,
        )

    @contextmanager
    def _no_matter_what(self, what: str, seq: int | None = None) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            words = f"the check of {what} stopped: {type(error).__name__}: {str(error)[:200]}"
            self.found.add(Finding(Level.UNCHECKED, "stopped", words, seq))

    def _guards(self) -> None:
        for fault in self.stored.guard_faults():
            self.found.add(Finding(Level.TAMPERED, "guards", fault))
        if self.stored.owned_by_the_app():
            words = "the database role that was used owns the tables and could switch the guards off (`hia db roles`)"
            self.found.add(Finding(Level.WARNING, "owner", words))

    def _records(self) -> None:
        ring, wrong = chain.check_keys(self.stored.public_keys(), self.trusted, signature_is_right)
        self.found.add(*wrong)
        for link in self.stored.links():
            before = self.place
            self.place = Place(link.seq, link.record_hash, before.archived_at)  # should the check itself stop
            with self._no_matter_what("this record", link.seq):
                checked = chain.check_link(link, before, ring.believed, signature_is_right)
                self.found.add(*checked.findings)
                self.place = checked.place
                self._note(link, checked.place.record_hash)
                self.unknown_from = 0 if link.key_id in ring.known else self.unknown_from or link.seq
                if checked.header is not None:
                    self._parts(link, checked.header, checked.expected)
        if self.place.archived_at is not None and self.place.archived_at > self.now:
            self.found.add(Finding(Level.WARNING, "time", "it says it is of the future", self.place.seq))
        if self.unknown_from:  # what stands before a record of a known key is vouched for by that record
            words = f"from record {self.unknown_from} on, no known key has signed, or vouches for the one that did"
            self.found.add(Finding(Level.TAMPERED, "key-not-known", words))

    def _parts(self, link: Link, header: chain.Header, expected: Mapping[str, str]) -> None:
        seen = set()
        for part, content, sha256 in self.stored.parts(link.id):
            if part not in expected:
                self._bad("planted", f"it holds a part that its header does not name ({part!r:.60})", link)
            elif not chain.part_is_right(header, part, content, sha256):
                self._bad("payload", f"the bytes of its part {part} were altered", link)
            seen.add(part)
        lacking = sorted(expected.keys() - seen)
        if not expected:
            return
        if self._was_disposed(link):
            self.disposed += 1
            if seen:
                words = f"it was disposed of, and {', '.join(sorted(seen & expected.keys()))} still there"
                self.found.add(Finding(Level.WARNING, "not-removed", words, link.seq))
        elif lacking:
            self._bad("payload-missing", f"{', '.join(lacking)} missing, and no disposal says why", link)

    def _was_disposed(self, link: Link) -> bool:
        """The disposal is a record too: whether it is genuine shows when the check comes to it."""
        for header in self.stored.disposal_headers(link.id):
            try:
                if chain.disposes_of(json.loads(header), link.id, link.record_hash):
                    return True
            except (ValueError, RecursionError, AttributeError):
                continue
        return False

    def _note(self, link: Link, fingerprint: str) -> None:
        if self.anchors and self.anchors.holds(fingerprint, link.snapshot_hash):
            self.newest_anchored = link.seq
        self.missing -= {fingerprint}

    def _orphans(self) -> None:
        for words in self.stored.orphans():
            self.found.add(Finding(Level.TAMPERED, "orphan", words))

    def _anchors(self) -> None:
        if self.anchors is None:
            self.not_checked.append(WITHOUT_ANCHORS)
            return
        self.found.add(*self.anchors.problems())
        lost = {one for one in self.anchors.snapshots if not self.stored.holds_snapshot(one)}
        for fingerprint in sorted(self.missing | lost):
            words = f"the archive no longer holds {fingerprint}, which was noted outside"
            self.found.add(Finding(Level.TAMPERED, "anchor", words))
        if self.newest_anchored < self.place.seq:
            first, last = self.newest_anchored + 1, self.place.seq
            which = f"record {last}" if first == last else f"records {first} to {last}"
            self.not_checked.append(f"{which} against anchors: none of those given is as new")

    def _bad(self, code: str, words: str, link: Link) -> None:
        self.found.add(Finding(Level.TAMPERED, code, words, link.seq))


def verify(
    reading: Callable[[], AbstractContextManager[Session]],
    now: datetime,
    *,
    anchors: Anchors | None = None,
    trusted: frozenset[str] = frozenset(),
) -> Report:
    """Check everything the archive holds; never raises. Memory does not grow with the number of records.

    `reading` opens a session (`Database.reading`); `trusted` are ids of keys known from elsewhere.
    """
    try:
        with reading() as session:
            return Audit(Stored(session.connection()), anchors, trusted, now).run()
    except Exception as error:
        words = f"the database could not be read: {type(error).__name__}: {str(error)[:200]}"
        return Report((Finding(Level.UNCHECKED, "unreadable", words),), ("everything",))
