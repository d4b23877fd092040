"""Archives to check and to attack: a small one in memory, and real ones whose guards can be taken off."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, NullPool, create_engine, event, text

from hia_app.domain.chain import Key, Link, key_id, signed_message, vouching_message
from hia_app.domain.record import (
    ALGORITHMS,
    FIRST_PREV,
    canonical,
    file_hash,
    record_hash,
    snapshot_hash,
    statement_hash,
    submission_hash,
)
from hia_app.domain.workflow import Action
from hia_app.services import archive, decision_record, ratings, reviews, submissions
from hia_app.services.archive import Attachment
from hia_app.services.work import Case, move
from hia_app.store import guards
from hia_app.store.tables import WRITE_ONCE, ArchiveRecord
from tests.support.reviewing import Cast, conclude, concluded, draw, submit_as_it_is

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PAPER = Attachment("Survey of tenants.pdf", b"%PDF-1.4 what tenants told us")


class Signer:
    """A key made from a number, so that tests are alike every time."""

    def __init__(self, number: int) -> None:
        self.private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        self.public = self.private.public_key().public_bytes_raw()
        self.id = key_id(self.public)

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)

    def key(self, vouched_by: "Signer | None" = None) -> Key:
        if vouched_by is None:
            return Key(self.id, self.public.hex())
        return Key(self.id, self.public.hex(), vouched_by.id, vouched_by.sign(vouching_message(self.public)))


@dataclass
class SmallArchive:
    """A chain of a few kB in memory, which answers the questions that a stored one answers."""

    keys: list[Key]
    chain: list[Link] = field(default_factory=list)
    payload: list[tuple[str, str, bytes, str]] = field(default_factory=list)  # record id, part, bytes, SHA-256

    def hold_still(self) -> None:
        pass

    def guard_faults(self) -> list[str]:
        return []

    def owned_by_the_app(self) -> bool:
        return False

    def public_keys(self) -> list[Key]:
        return self.keys

    def links(self) -> list[Link]:
        return self.chain

    def parts(self, record_id: str) -> list[tuple[str, bytes, str]]:
        return [row[1:] for row in self.payload if row[0] == record_id]

    def disposal_headers(self, record_id: str) -> list[bytes]:
        return [link.header for link in self.chain if link.kind == "disposal" and link.about == record_id]

    def orphans(self) -> list[str]:
        ids = {link.id for link in self.chain}
        return [f"bytes of {row[0]}" for row in self.payload if row[0] not in ids]

    def holds_snapshot(self, fingerprint: str) -> bool:
        return any(link.snapshot_hash == fingerprint for link in self.chain)

    def add(self, signer: Signer, kind: str, says: Mapping[str, Any], about: str | None = None, hour: int = 0) -> Link:
        """Append a record whose header says this, signed."""
        seq = len(self.chain) + 1
        moment = NOON.replace(hour=12 + hour, minute=seq).isoformat()
        prev = self.chain[-1].record_hash if self.chain else FIRST_PREV
        header = canonical(
            {
                "seq": seq,
                "record_id": f"record-{seq}",
                "kind": kind,
                "target": {"assessment": "HEA-2026-0001", "version": 1},
                "about": about,
                "archived_at": moment,
                "prev": prev,
                "algorithms": ALGORITHMS,
                "key": signer.id,
                **says,
            }
        )
        fingerprint = record_hash(header)
        link = Link(
            seq=seq,
            id=f"record-{seq}",
            kind=kind,
            about=about,
            header=header,
            snapshot_hash=says["snapshot_hash"],
            record_hash=fingerprint,
            prev=prev,
            archived_at=moment,
            key_id=signer.id,
            signature=signer.sign(signed_message(fingerprint)),
        )
        self.chain.append(link)
        return link

    def seal(self, signer: Signer, answer: str, **when: int) -> Link:
        """A record of an assessment with one answer, a PDF and an evidence file."""
        submission, decision = canonical({"answer": answer}), canonical({"signed_by": "Dee", "salt": "00"})
        pdf, paper = b"%PDF " + answer.encode(), b"a survey"
        says = {
            "submission_hash": submission_hash(submission),
            "snapshot_hash": snapshot_hash(submission_hash(submission), {"signed_by": "Dee", "salt": "00"}),
            "documents": {"pdf_full": file_hash(pdf)},
            "evidence": [{"sha256": file_hash(paper), "name": "Survey.pdf", "size": len(paper)}],
        }
        link = self.add(signer, "sign-off", says, **when)
        parts = {
            "submission": submission,
            "decision": decision,
            "pdf_full": pdf,
            f"evidence/{file_hash(paper)}": paper,
        }
        self.payload += [(link.id, part, content, file_hash(content)) for part, content in parts.items()]
        return link

    def state(self, signer: Signer, kind: str, about: Link, **when: int) -> Link:
        """A record that says something about another."""
        statement = {"record_id": about.id, "record_hash": about.record_hash, "reason": "The time is over"}
        says = {"statement": statement, "snapshot_hash": statement_hash(canonical(statement))}
        return self.add(signer, kind, says, about.id, **when)


def small_archive() -> SmallArchive:
    """Three records, the last of which replaces the first, under a key that another one followed."""
    first, second = Signer(1), Signer(2)
    made = SmallArchive([first.key(), second.key(first)])
    old = made.seal(first, "yes")
    made.seal(second, "no")
    made.state(second, "supersede", old)
    return made


def changed_link(made: SmallArchive, place: int, **values: Any) -> None:
    made.chain[place] = replace(made.chain[place], **values)


# ---- real archives ----


def sealed(
    cast: Cast, *evidence: Attachment, harms: Sequence[Mapping[str, Any]] = (), **proposal: Any
) -> tuple[Case, ArchiveRecord]:
    """A concluded assessment, signed off with evidence files; the statements have tests of their own."""
    return signed_off(cast, concluded(cast, *harms, **proposal), *evidence)


def signed_off(cast: Cast, case: Case, *evidence: Attachment) -> tuple[Case, ArchiveRecord]:
    """What was concluded, signed off."""
    work = cast.works(cast.decider)
    submission = submissions.latest(work, case, "concluded")
    assert submission is not None
    statements = dict.fromkeys(("eliminate", "advance", "foster", "socio_economic", "reasons"), "Considered.")
    decision = decision_record.sign_off_decision(work, case, submission, (), statements, ())
    case.version.signed_off_at = work.now
    move(work, Action.SIGN_OFF, case)
    record = archive.seal(work, case, submission, decision, "sign-off", draw, evidence)
    return cast.office.case(cast.decider, case), record


def concluded_again(cast: Cast, opened: Case) -> Case:
    """A version that was opened again, submitted and concluded without a word changed."""
    ratings.refresh(cast.works(cast.officer), opened)
    submit_as_it_is(cast.works(cast.officer), cast.office.case(cast.officer, opened))
    reviews.take(cast.works(cast.reviewer), cast.office.case(cast.reviewer, opened), no_conflict=True)
    conclude(cast.works(cast.reviewer), cast.office.case(cast.reviewer, opened), "approve", "As before")
    return cast.office.case(cast.decider, opened)


@contextmanager
def intruder(address: str) -> Iterator[Connection]:
    """One transaction of a program that is not ours: the guards are there, and nothing else holds it back."""
    engine = create_engine(address, poolclass=NullPool)
    if engine.dialect.name == "sqlite":  # which would otherwise keep changes of the tables' shape at once
        event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@contextmanager
def unguarded(address: str) -> Iterator[Connection]:
    """The same with the whole database in their hands: no rules hold, and the guards are put back."""
    with intruder(address) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        guards.remove(connection)
        yield connection
        guards.create(connection, WRITE_ONCE)
