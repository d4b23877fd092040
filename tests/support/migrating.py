"""What a migration may never change: guards, the head of the chain, and every byte of what is frozen."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, LargeBinary, MetaData, insert, inspect, select, text

from hia_app.domain.record import canonical
from hia_app.store import guards
from hia_app.store.tables import WRITE_ONCE
from tests.support.archives import Signer, SmallArchive, small_archive

NOW = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001  (as SQLite keeps it; PostgreSQL's session is in UTC)


@dataclass(frozen=True)
class Kept:
    """What is compared before and after."""

    guards: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]
    head: str
    rows: Mapping[str, str]  # table -> a fingerprint of the columns that were there before

    @classmethod
    def of(cls, connection: Connection, columns: Mapping[str, list[str]] | None = None) -> "Kept":
        columns = columns or columns_of(connection)
        return cls(
            tuple(guards.existing(connection)),
            tuple(guards.faults(connection, WRITE_ONCE)),
            str(connection.scalar(text("SELECT record_hash FROM archive_record ORDER BY seq DESC LIMIT 1"))),
            {table: _fingerprint(connection, table, names) for table, names in columns.items()},
        )


def columns_of(connection: Connection) -> dict[str, list[str]]:
    """The columns of each frozen table, as they are now."""
    return {table: [one["name"] for one in inspect(connection).get_columns(table)] for table, _ in WRITE_ONCE}


def lost(before: Kept, after: Kept) -> list[str]:
    """What did not survive, in words."""
    return [
        *(f"guard {trigger} on {table}" for table, trigger in before.guards if (table, trigger) not in after.guards),
        *after.faults,
        *(["the head of the chain"] if before.head != after.head else []),
        *(f"rows of {table}" for table in before.rows if before.rows[table] != after.rows[table]),
    ]


def _fingerprint(connection: Connection, table: str, columns: list[str]) -> str:
    rows = connection.execute(text(f"SELECT {', '.join(columns)} FROM {table}")).all()  # noqa: S608
    plain = [[bytes(value) if isinstance(value, memoryview) else value for value in row] for row in rows]
    assert plain, f"{table} is empty, so nothing would be compared"
    return hashlib.sha256(repr(sorted(map(repr, plain))).encode()).hexdigest()


def populate(connection: Connection) -> SmallArchive:
    """Rows in every frozen table, in the form of whatever migration the database is at: nothing of today's code."""
    kept = MetaData()
    kept.reflect(connection)

    def add(table: str, **values: Any) -> None:
        columns = {column.name: column for column in kept.tables[table].columns}
        for name, column in columns.items():
            needed = not column.nullable and column.server_default is None and column.autoincrement is not True
            if name not in values and needed:
                values[name] = _filler(column)
        connection.execute(insert(kept.tables[table]).values(**values))

    made = small_archive()
    add("person", id="p", email="a@council.example", name="Ann", created_at=NOW)
    add("assessment", id="a", reference="HEA-2026-0001", created_at=NOW)
    add("questionnaire_edition", fingerprint="f" * 64, content="{}")
    add(
        "assessment_version",
        **{"id": "v", "assessment_id": "a", "number": 1, "state": "superseded", "decided_by": "officer"},
        **{"owner_id": "p", "screening_fingerprint": "f" * 64, "questionnaire_fingerprint": "f" * 64},
    )
    add("submission", id="s", version_id="v", kind="concluded", payload=canonical({"a": 1}), frozen_by="p")
    add("reading_confirmation", id="r", submission_id="s", person_id="p", what="summary")
    add("library_indicator", id="i", quantiles=5)
    add("indicator_edition", id="e", indicator_id="i", value="{}")
    add("event", seq=1, action="start", outcome="done", detail="{}")
    for number, key in enumerate(made.keys, 1):
        add("archive_key", number=number, **{name: getattr(key, name) for name in ("id", "public_key", "vouched_by")},
            vouch=key.vouch)  # fmt: skip
    for link in made.chain:
        values = {name: getattr(link, name) for name in ("seq", "id", "kind", "about", "header", "snapshot_hash")}
        moment = datetime.fromisoformat(link.archived_at).replace(tzinfo=None)
        add(
            "archive_record", **values, record_hash=link.record_hash, prev=link.prev, version_id="v", archived_at=moment
        )
        add("archive_signature", record_id=link.id, key_id=link.key_id, signature=link.signature)
    for record_id, part, content, sha256 in made.payload:
        add("archive_payload", record_id=record_id, part=part, content=content, sha256=sha256)
    found = connection.scalar(select(kept.tables["archive_signature"].c.key_id).limit(1))
    assert found in {Signer(1).id, Signer(2).id}
    return made


def _filler(column: Any) -> Any:
    """Something that a column of a later migration takes, when it takes no emptiness."""
    kind = column.type
    if kind.python_type is datetime:
        return NOW
    if kind.python_type.__name__ == "date":
        return NOW.date()
    if isinstance(kind, LargeBinary):
        return b""
    return 1 if isinstance(kind, Integer) else kind.python_type()
