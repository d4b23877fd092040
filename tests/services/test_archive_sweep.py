"""Not one bit of an archive can change unnoticed: every bit of a small one, and chosen bits of a real one."""

import random
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import lru_cache

import pytest
from sqlalchemy import Connection

from hia_app.domain.chain import Key, Link
from hia_app.domain.findings import Level, Report, Verdict
from hia_app.services import verification
from hia_app.services.verification import Audit
from hia_app.store.archived import Stored
from tests.support.archives import NOON, PAPER, SmallArchive, sealed, small_archive, unguarded
from tests.support.office import Office
from tests.support.reviewing import cast

ODD = "surrogateescape"


@pytest.fixture(autouse=True)
def _what_stays_the_same_is_worked_out_once(monkeypatch):
    monkeypatch.setattr(verification, "signature_is_right", lru_cache(verification.signature_is_right))
    monkeypatch.setattr(verification.chain, "header_of", lru_cache(verification.chain.header_of))


def audited(made: SmallArchive) -> Report:
    return Audit(made, None, frozenset({made.keys[0].id}), NOON.replace(hour=23)).run()


def flips(value: object) -> Iterator[object]:
    """The value with each of its bits flipped, as a database would give it back."""
    if isinstance(value, int):
        yield from (value ^ (1 << bit) for bit in range(31))
    elif isinstance(value, str | bytes):
        content = bytearray(value.encode("utf-8", ODD) if isinstance(value, str) else value)
        for place in range(len(content)):
            for bit in range(8):
                content[place] ^= 1 << bit
                yield bytes(content).decode("utf-8", ODD) if isinstance(value, str) else bytes(content)
                content[place] ^= 1 << bit


def altered(made: SmallArchive) -> Iterator[tuple[str, SmallArchive]]:
    """Every archive that differs from this one in a single bit of anything that is stored."""
    for name, rows, kind in (("chain", made.chain, Link), ("keys", made.keys, Key)):
        for place, row in enumerate(rows):
            for column in fields(kind):
                for value in flips(getattr(row, column.name)):
                    changed = [*rows]
                    changed[place] = replace(row, **{column.name: value})
                    yield f"{name} {place} {column.name}", replace(made, **{name: changed})
    for place, row in enumerate(made.payload):
        for column, held in enumerate(row):
            for value in flips(held):
                changed = [*made.payload]
                changed[place] = (*row[:column], value, *row[column + 1 :])
                yield f"payload {place} {column}", replace(made, payload=changed)


def test_every_single_bit_of_a_small_archive_is_noticed():
    made = small_archive()
    assert audited(made).verdict is Verdict.GOOD  # the control: unchanged, nothing is found
    tried, unnoticed = 0, []
    for where, other in altered(made):
        tried += 1
        if audited(other).verdict is not Verdict.TAMPERED:
            unnoticed.append(where)
    assert unnoticed == []
    assert tried > 30_000


def test_the_sweep_itself_would_notice_a_check_that_does_not_look(monkeypatch):
    """The control: with the comparison of parts switched off, flips in parts go unnoticed, and only there."""
    monkeypatch.setattr(verification.chain, "part_is_right", lambda *_: True)
    unnoticed = {
        where.rpartition(" ")[2]
        for where, other in altered(small_archive())
        if where.startswith("payload 0") and audited(other).verdict is not Verdict.TAMPERED
    }
    assert unnoticed == {"2", "3"}  # the bytes and the hash beside them


COLUMNS = {
    "archive_record": ("id", "kind", "header", "snapshot_hash", "record_hash", "prev", "archived_at"),
    "archive_payload": ("record_id", "part", "content", "sha256"),
    "archive_signature": ("record_id", "key_id", "signature"),
    "archive_key": ("id", "public_key"),
}
FLIPS_PER_VALUE = 6


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_flipped_bits_in_a_real_archive_are_noticed(database, database_url, settings):
    with database.writing() as session:
        sealed(cast(Office(session, settings)), PAPER)
    assert verification.verify(database.reading, NOON).verdict is Verdict.GOOD
    chance = random.Random(20261123)
    unnoticed, tried = [], 0
    with unguarded(database_url) as connection:
        for table, columns in COLUMNS.items():
            for column in columns:
                for _ in flipped_in_turn(connection, table, column, chance):
                    tried += 1
                    if not found_beside_guards(connection):
                        unnoticed.append(f"{table}.{column}")
        assert not found_beside_guards(connection)  # the control: all is as it was, so the flips alone were found
    assert unnoticed == []
    assert tried > 100


def flipped_in_turn(connection: Connection, table: str, column: str, chance: random.Random) -> Iterator[None]:
    """Some bits of each stored value of a column are flipped, one at a time, and put back."""
    rows = connection.exec_driver_sql(
        f"SELECT rowid, CAST({column} AS BLOB), typeof({column}) FROM {table}"  # noqa: S608
    ).all()
    for rowid, content, kind in rows:
        value = "CAST(? AS TEXT)" if kind == "text" else "?"
        write = f"UPDATE {table} SET {column} = {value} WHERE rowid = ?"  # noqa: S608
        for _ in range(FLIPS_PER_VALUE):
            changed = bytearray(content)
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
            connection.exec_driver_sql(write, (bytes(changed), rowid))
            yield
            connection.exec_driver_sql(write, (content, rowid))


def found_beside_guards(connection: Connection) -> list[str]:
    """What a check finds altered, other than that somebody has taken the guards off."""
    report = Audit(Stored(connection), None, frozenset(), NOON).run()
    return [one.code for one in report.findings if one.level is Level.TAMPERED and one.code != "guards"]
