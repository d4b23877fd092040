"""Twelve ways to tamper with the archive, done by somebody who has the database in their hands.

What the check says to each, with and without hashes kept outside, is what docs/archive.md promises.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from hia_app import db
from hia_app.db import Database
from hia_app.domain.anchors import Anchors, read_anchors
from hia_app.domain.chain import signed_message
from hia_app.domain.findings import Report, Verdict
from hia_app.domain.record import canonical, file_hash, record_hash, snapshot_of_bytes, statement_hash, submission_hash
from hia_app.services import verification
from hia_app.store import guards, signing_keys
from hia_app.store.columns import new_id
from tests.support.archives import NOON, PAPER, Signer, sealed, unguarded
from tests.support.office import Office
from tests.support.reviewing import cast

GOOD, TAMPERED = Verdict.GOOD, Verdict.TAMPERED


@dataclass
class Victim:
    """The archive as an attacker has it: the database itself, and perhaps the key."""

    connection: Connection
    key: signing_keys.SigningKey

    def do(self, statement: str, **values: object) -> None:
        self.connection.execute(text(statement), values)

    def header(self, seq: int) -> dict:
        asked = text("SELECT header FROM archive_record WHERE seq = :seq")
        return json.loads(bytes(self.connection.scalar(asked, {"seq": seq})))

    def part(self, seq: int, part: str) -> bytes:
        asked = "SELECT p.content FROM archive_payload p JOIN archive_record r ON r.id = p.record_id WHERE r.seq = :seq"
        return bytes(self.connection.scalar(text(f"{asked} AND p.part = :part"), {"seq": seq, "part": part}))

    def put_part(self, seq: int, part: str, content: bytes) -> None:
        """Change the bytes, and the hash stored beside them."""
        self.do(
            "UPDATE archive_payload SET content = :content, sha256 = :sha256 WHERE part = :part AND record_id = "
            "(SELECT id FROM archive_record WHERE seq = :seq)",
            content=content,
            sha256=file_hash(content),
            part=part,
            seq=seq,
        )

    def remove(self, seq: int) -> None:
        """A record with everything that points to it, so that nothing is left over."""
        owner = "(SELECT id FROM archive_record WHERE seq = :seq)"
        version = "(SELECT version_id FROM archive_record WHERE seq = :seq)"
        self.do(f"UPDATE assessment_version SET state = 'reviewed' WHERE id = {version}", seq=seq)  # noqa: S608
        for table in ("register_entry", "archive_payload", "archive_signature"):
            self.do(f"DELETE FROM {table} WHERE record_id = {owner}", seq=seq)  # noqa: S608
        self.do("DELETE FROM archive_record WHERE seq = :seq", seq=seq)

    def rewrite(
        self, first: int, change: Callable[[dict], dict], sign: Callable[[bytes], bytes] | None, **every: str
    ) -> None:
        """Write the chain again from a record on: every hash fits, signed where there is a key to sign with."""
        prev = self.header(first)["prev"]
        for seq in range(first, 4):
            header = self.header(seq) | {"prev": prev, **every}
            content = canonical(change(header) if seq == first else header)
            prev = record_hash(content)
            said = json.loads(content)
            self.do(
                "UPDATE archive_record SET header = :header, record_hash = :hash, prev = :prev, snapshot_hash = :shot "
                "WHERE seq = :seq",
                header=content,
                hash=prev,
                prev=said["prev"],
                shot=said["snapshot_hash"],
                seq=seq,
            )
            if sign is not None:
                self.do(
                    "UPDATE archive_signature SET signature = :sign WHERE record_id = :id",
                    sign=sign(signed_message(prev)),
                    id=said["record_id"],
                )

    def add(self, key_id: str, sign: Callable[[bytes], bytes] | None, **says: object) -> None:
        """One more record, with everything that a real one has; `says` goes over what the last one said."""
        asked = "SELECT seq, record_hash, version_id FROM archive_record ORDER BY seq DESC LIMIT 1"
        last = self.connection.execute(text(asked)).one()
        header = self.header(last.seq) | {"seq": last.seq + 1, "record_id": new_id(), "prev": last.record_hash}
        header |= {"key": key_id, **says}
        content = canonical(header)
        self.do(
            "INSERT INTO archive_record (seq, id, kind, version_id, about, header, snapshot_hash, record_hash, prev, "
            "archived_at) SELECT :seq, :id, :kind, :version, :about, :header, :shot, :hash, :prev, archived_at "
            "FROM archive_record WHERE seq = :last",
            seq=header["seq"],
            id=header["record_id"],
            kind=header["kind"],
            version=last.version_id,
            about=header["about"],
            header=content,
            shot=header["snapshot_hash"],
            hash=record_hash(content),
            prev=header["prev"],
            last=last.seq,
        )
        if sign is not None:
            self.do(
                "INSERT INTO archive_signature (record_id, key_id, signature) VALUES (:id, :key, :sign)",
                id=header["record_id"],
                key=key_id,
                sign=sign(signed_message(record_hash(content))),
            )


def edited(victim: Victim) -> dict:
    """A submission in which an answer says something else, in place; gives the hashes that a header would need."""
    content = victim.part(1, "submission").replace(b"Repair of the outside", b"Repair of the inside.")
    assert content != victim.part(1, "submission")
    victim.put_part(1, "submission", content)
    fingerprint = submission_hash(content)
    shot = snapshot_of_bytes(fingerprint, victim.part(1, "decision"))
    return {"submission_hash": fingerprint, "snapshot_hash": shot}


def edit_an_answer(victim: Victim) -> None:
    edited(victim)


def swap_the_pdf(victim: Victim) -> None:
    victim.put_part(1, "pdf_full", b"%PDF-1.7 with another rating")


def swap_evidence(victim: Victim) -> None:
    part = f"evidence/{file_hash(PAPER.content)}"
    victim.put_part(1, part, b"%PDF-1.4 tenants are content")


def delete_in_the_middle(victim: Victim) -> None:
    victim.remove(2)


def delete_the_newest(victim: Victim) -> None:
    victim.remove(3)


def swap_two(victim: Victim) -> None:
    for was, now in ((2, 99), (3, 2), (99, 3)):
        victim.do("UPDATE archive_record SET seq = :now WHERE seq = :was", was=was, now=now)


def recompute_without_the_key(victim: Victim) -> None:
    hashes = edited(victim)
    victim.rewrite(1, lambda header: header | hashes, None)


def recompute_with_the_key(victim: Victim) -> None:
    hashes = edited(victim)
    victim.rewrite(1, lambda header: header | hashes, victim.key.sign)


def forge_with_a_key_of_ones_own(victim: Victim) -> None:
    own = Signer(66)
    victim.do(
        "INSERT INTO archive_key (number, id, public_key, made_at) SELECT number + 1, :id, :public, made_at "
        "FROM archive_key",
        id=own.id,
        public=own.public.hex(),
    )
    added(victim, own.id, own.sign)


def fake_a_disposal(victim: Victim) -> None:
    kept = victim.header(1)
    statement = {"record_id": kept["record_id"], "record_hash": record_hash(canonical(kept)), "reason": "Over"}
    victim.add(
        victim.key.id,
        lambda _: b"\0" * 64,
        kind="disposal",
        about=kept["record_id"],
        statement=statement,
        snapshot_hash=statement_hash(canonical(statement)),
    )
    victim.do("DELETE FROM archive_payload WHERE record_id = :id", id=kept["record_id"])


def plant_a_payload(victim: Victim) -> None:
    victim.do(
        "INSERT INTO archive_payload (record_id, part, content, sha256) VALUES (:id, :part, :content, :sha256)",
        id=victim.header(2)["record_id"],
        part=f"evidence/{file_hash(b'never seen')}",
        content=b"never seen",
        sha256=file_hash(b"never seen"),
    )


def forge_with_the_key(victim: Victim) -> None:
    added(victim, victim.key.id, victim.key.sign)


def added(victim: Victim, key_id: str, sign: Callable[[bytes], bytes]) -> None:
    """A statement that nobody made: the body decided otherwise."""
    first = victim.header(1)
    statement = {"outcome": "refused", "record_id": first["record_id"]}
    victim.add(
        key_id,
        sign,
        kind="body-decision",
        about=first["record_id"],
        statement=statement,
        snapshot_hash=statement_hash(canonical(statement)),
    )


@dataclass(frozen=True)
class Expected:
    """What docs/archive.md says: the verdict from inside, what is found, and the verdict with receipts."""

    alone: Verdict
    found: frozenset[str]
    with_anchors: Verdict


def found(*codes: str, with_anchors: Verdict = TAMPERED) -> Expected:
    return Expected(TAMPERED, frozenset(codes), with_anchors)


UNSEEN = Expected(GOOD, frozenset(), TAMPERED)
ATTACKS: dict[Callable[[Victim], None], Expected] = {
    edit_an_answer: found("payload"),
    swap_the_pdf: found("payload"),
    swap_evidence: found("payload"),
    delete_in_the_middle: found("sequence", "previous"),
    delete_the_newest: UNSEEN,
    swap_two: found("column", "previous"),
    recompute_without_the_key: found("signature"),
    recompute_with_the_key: UNSEEN,
    forge_with_a_key_of_ones_own: found("key-unknown", "signature-key", "key-not-known"),
    fake_a_disposal: found("signature"),
    plant_a_payload: found("planted"),
    forge_with_the_key: Expected(GOOD, frozenset(), GOOD),  # and the report names it as newer than every anchor
}


@dataclass
class Place:
    """An archive of three records, and the receipts that were mailed of them."""

    database: Database
    address: str
    keys: Path
    anchors: Anchors

    def check(self, anchors: Anchors | None = None) -> Report:
        trusted = signing_keys.ever_made(self.keys)
        return verification.verify(self.database.reading, NOON, anchors=anchors, trusted=trusted)

    def attack(self, how: Callable[[Victim], None]) -> None:
        (name,) = signing_keys.known(self.keys)
        with unguarded(self.address) as connection:
            how(Victim(connection, signing_keys.read(self.keys, name)))


@pytest.fixture
def place(database, database_url, settings) -> Place:
    with database.writing() as session:
        people = cast(Office(session, settings))
        for evidence in ((PAPER,), (), ()):
            sealed(people, *evidence)
    mailed = "".join(file.read_text("utf-8") for file in sorted((settings.outbox / "receipts").iterdir()))
    return Place(database, database_url, settings.keys_folder, read_anchors(mailed))


def test_the_archive_is_in_order_before_anybody_touches_it(place):
    place.attack(lambda _: None)  # the control: guards taken off and put back, nothing else
    report = place.check(place.anchors)
    assert (report.verdict, report.records) == (GOOD, 3)
    assert not [one for one in report.findings if one.code != "owner"]
    assert not [words for words in report.not_checked if "anchor" in words]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_attack_gets_the_verdict_that_is_promised(place, attack):
    place.attack(attack)
    expected = ATTACKS[attack]
    alone = place.check()
    assert alone.verdict is expected.alone
    assert {one.code for one in alone.findings} - {"owner"} == expected.found
    assert any("--anchors" in words for words in alone.not_checked)
    compared = place.check(place.anchors)
    assert compared.verdict is expected.with_anchors
    if expected.alone is GOOD and expected.with_anchors is TAMPERED:
        assert {one.code for one in compared.findings} - {"owner"} == {"anchor"}


def test_the_documentation_says_the_same():
    """The table of docs/archive.md, row by row in the order of the attacks above."""
    page = (Path(__file__).parents[2] / "docs" / "archive.md").read_text("utf-8")
    rows = [line.split("|")[2:4] for line in page.splitlines() if re.match(r"\| \d+ ", line)]
    words = {GOOD: "in order", TAMPERED: "altered"}
    said = [[cell.strip().strip("*").startswith(words[TAMPERED]) for cell in row] for row in rows]
    assert said == [[e.alone is TAMPERED, e.with_anchors is TAMPERED] for e in ATTACKS.values()]
    assert all(any(word in cell for word in words.values()) for row in rows for cell in row)


def test_what_is_newer_than_every_anchor_is_named(place):
    place.attack(forge_with_the_key)
    assert "record 4 against anchors: none of those given is as new" in place.check(place.anchors).not_checked


def test_what_a_careless_thief_leaves_behind_is_found(place):
    """Deleting a record alone leaves its bytes, its signature, its place in the register and its state."""
    place.attack(lambda victim: victim.do("DELETE FROM archive_record WHERE seq = 3"))
    report = place.check()
    words = " ".join(one.words for one in report.findings if one.code == "orphan")
    assert report.verdict is TAMPERED
    for left in (
        "bytes that belong to no record",
        "a signature that",
        "the register lists",
        "is signed_off, and there",
    ):
        assert left in words


def test_a_chain_written_again_under_another_key_is_found_by_whoever_knows_the_key(place):
    """All hashes, signatures and keys are made anew. From inside that is a perfect archive of somebody else."""

    def anew(victim: Victim) -> None:
        own = Signer(66)
        hashes = edited(victim)
        victim.do("UPDATE archive_key SET id = :id, public_key = :public", id=own.id, public=own.public.hex())
        victim.do("UPDATE archive_signature SET key_id = :id", id=own.id)
        victim.rewrite(1, lambda header: header | hashes, own.sign, key=own.id)

    place.attack(anew)
    assert {one.code for one in place.check().findings} >= {"key-not-known"}
    stranger = verification.verify(place.database.reading, NOON)
    assert stranger.verdict is GOOD
    assert any("whom the first key belongs to" in words for words in stranger.not_checked)


@pytest.mark.parametrize("attack", [edit_an_answer, swap_two, forge_with_a_key_of_ones_own])
def test_the_report_names_the_record(place, attack):
    place.attack(attack)
    named = {one.seq for one in place.check().findings if one.seq is not None}
    assert named == {edit_an_answer: {1}, swap_two: {2, 3}, forge_with_a_key_of_ones_own: {4}}[attack]


# ---- guards, and what cannot be read ----


def test_a_guard_that_was_taken_off_is_named(place):
    with db.as_owner(place.address) as connection:
        on = " ON event" if connection.dialect.name == "postgresql" else ""
        (name, *_) = [trigger for table, trigger in guards.existing(connection) if table == "event"]
        connection.execute(text(f"DROP TRIGGER {name}{on}"))
    report = place.check()
    assert report.verdict is TAMPERED
    assert [one.words for one in report.findings if one.code == "guards"] == [f"the guard {name} is missing"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_guard_that_does_nothing_is_named(place):
    with db.as_owner(place.address) as connection:
        connection.execute(text("DROP TRIGGER guard_event_delete"))
        connection.execute(text("CREATE TRIGGER guard_event_delete BEFORE DELETE ON event BEGIN SELECT 1; END"))
    (finding,) = place.check().findings
    assert (finding.code, finding.words) == ("guards", "the guard guard_event_delete is not the one we made")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("ALTER TABLE event DISABLE TRIGGER guard_event_change", "is not switched on for everybody"),
        ("ALTER TABLE event ENABLE TRIGGER guard_event_change", "is not switched on for everybody"),
        (
            "CREATE OR REPLACE FUNCTION hea_write_once() RETURNS trigger LANGUAGE plpgsql SET search_path = public, "
            "pg_temp AS 'BEGIN RETURN NEW; END'",
            "the function hea_write_once behind the guard",
        ),
    ],
)
def test_a_guard_that_is_switched_off_is_named(place, statement, words):
    with db.as_owner(place.address) as connection:
        connection.execute(text(statement))
    report = place.check()
    assert report.verdict is TAMPERED
    assert any(words in one.words for one in report.findings if one.code == "guards")


def test_a_database_that_cannot_be_read_is_an_answer_and_not_an_error(place, tmp_path):
    def broken():
        raise OSError("the disk is gone")

    report = verification.verify(broken, NOON)
    assert (report.verdict, report.not_checked) == (Verdict.UNCHECKED, ("everything",))


def test_a_file_that_is_no_database_could_not_be_checked(tmp_path):
    (tmp_path / "noise.sqlite").write_bytes(b"SQLite format 3\0" + b"noise" * 4000)
    database = Database(f"sqlite:///{tmp_path / 'noise.sqlite'}")
    assert verification.verify(database.reading, NOON).verdict is Verdict.UNCHECKED
    database.dispose()


def test_a_header_that_is_no_header_is_found_and_the_check_goes_on(place):
    for content in (b"", b"{}", b"[" * 100_000, b'{"seq": 1e400}', b"\xff\xfe"):
        place.attack(lambda victim, c=content: victim.do("UPDATE archive_record SET header = :h WHERE seq = 2", h=c))
        report = place.check()
        assert report.verdict is TAMPERED
        assert report.records == 3
        assert ("header", 2) in {(one.code, one.seq) for one in report.findings}


def test_memory_does_not_grow_with_the_number_of_records(place, monkeypatch):
    """Rows are fetched a few at a time: three records, one at a time, are as good as all at once."""
    monkeypatch.setattr("hia_app.store.archived._AT_A_TIME", 1)
    assert (place.check().verdict, place.check().records) == (GOOD, 3)
