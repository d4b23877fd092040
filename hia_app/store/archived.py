"""Reading the archive exactly as it is stored, also where somebody has damaged it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, text

from hia_app.domain.chain import Key, Link
from hia_app.store import guards
from hia_app.store.tables import WRITE_ONCE

_AT_A_TIME = 50
_ODD = "surrogateescape"  # bytes that are no text stay different from every text

# what to look for, and the rows that must not be there
ORPHANS: tuple[tuple[str, str], ...] = (
    (
        "there are bytes that belong to no record ({0}, {1})",
        "SELECT p.record_id, p.part FROM archive_payload p WHERE NOT EXISTS "
        "(SELECT 1 FROM archive_record r WHERE r.id = p.record_id) ORDER BY 1, 2",
    ),
    (
        "there is a signature that belongs to no record ({0})",
        "SELECT s.record_id FROM archive_signature s WHERE NOT EXISTS "
        "(SELECT 1 FROM archive_record r WHERE r.id = s.record_id) ORDER BY 1",
    ),
    (
        "the register lists {0} version {1}, which has no record",
        "SELECT e.reference, e.number FROM register_entry e WHERE NOT EXISTS (SELECT 1 FROM archive_record r "
        "WHERE r.id = e.record_id AND r.version_id = e.version_id AND r.kind IN ('sign-off', 'screening')) "
        "ORDER BY 1, 2",
    ),
    (
        "{0} version {1} is {2}, and there is no record of it",
        "SELECT a.reference, v.number, v.state FROM assessment_version v JOIN assessment a ON a.id = v.assessment_id "
        "WHERE v.state IN ('signed_off', 'superseded', 'screened_out_confirmed') AND NOT EXISTS (SELECT 1 FROM "
        "archive_record r WHERE r.version_id = v.id AND r.kind IN ('sign-off', 'screening')) ORDER BY 1, 2",
    ),
    (
        "{0} version {1} has a record, and yet it is {2}",
        "SELECT a.reference, v.number, v.state FROM assessment_version v JOIN assessment a ON a.id = v.assessment_id "
        "WHERE v.state NOT IN ('signed_off', 'superseded', 'screened_out_confirmed') AND EXISTS (SELECT 1 FROM "
        "archive_record r WHERE r.version_id = v.id AND r.kind IN ('sign-off', 'screening')) ORDER BY 1, 2",
    ),
    (
        "{0} version {1} has more than one record of its decision",
        "SELECT a.reference, v.number FROM archive_record r JOIN assessment_version v ON v.id = r.version_id "
        "JOIN assessment a ON a.id = v.assessment_id WHERE r.kind IN ('sign-off', 'screening') "
        "GROUP BY a.reference, v.number HAVING COUNT(*) > 1 ORDER BY 1, 2",
    ),
)


class Stored:
    """The archive of one database, read in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def hold_still(self) -> None:
        """See the archive as it is now, whatever is added meanwhile; before anything is read."""
        if self.connection.dialect.name == "postgresql":
            self.connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))

    def links(self) -> Iterator[Link]:
        """Every record in order, a few at a time."""
        columns = ("id", "kind", "about", "header", "snapshot_hash", "record_hash", "prev", "archived_at")
        signed = _raw(self.connection, "s", ("key_id", "signature"))
        asked = (
            f"SELECT r.seq, {_raw(self.connection, 'r', columns)}, {signed} "  # noqa: S608
            "FROM archive_record r LEFT JOIN archive_signature s ON s.record_id = r.id "
            "WHERE r.seq > :after ORDER BY r.seq LIMIT :most"
        )
        after = -(2**31)  # also what stands before the first
        while rows := self.connection.execute(text(asked), {"after": after, "most": _AT_A_TIME}).all():
            for row in rows:
                yield Link(
                    seq=row.seq,
                    id=_text(row.id),
                    kind=_text(row.kind),
                    about=_optional(row.about),
                    header=_bytes(row.header),
                    snapshot_hash=_text(row.snapshot_hash),
                    record_hash=_text(row.record_hash),
                    prev=_text(row.prev),
                    archived_at=_time(row.archived_at),
                    key_id=_optional(row.key_id),
                    signature=None if row.signature is None else _bytes(row.signature),
                )
            after = rows[-1].seq

    def parts(self, record_id: str) -> Iterator[tuple[str, bytes, str]]:
        """(part, bytes, the SHA-256 stored beside them) of one record, one after the other."""
        columns = _raw(self.connection, "p", ("part", "content", "sha256"))
        asked = text(
            f"SELECT {columns} FROM archive_payload p WHERE p.record_id = :id "  # noqa: S608
            "ORDER BY p.part LIMIT 1 OFFSET :before"
        )
        # By their place and not by their name, which may be damaged too.
        for before in count():
            row = self.connection.execute(asked, {"id": record_id, "before": before}).first()
            if row is None:
                return
            yield _text(row.part), _bytes(row.content), _text(row.sha256)

    def public_keys(self) -> Iterator[Key]:
        """Every public key, in the order of their making."""
        columns = _raw(self.connection, "k", ("id", "public_key", "vouched_by", "vouch"))
        for row in self.connection.execute(text(f"SELECT {columns} FROM archive_key k ORDER BY k.number")):  # noqa: S608
            vouch = None if row.vouch is None else _bytes(row.vouch)
            yield Key(_text(row.id), _text(row.public_key), _optional(row.vouched_by), vouch)

    def disposal_headers(self, record_id: str) -> list[bytes]:
        """The headers of disposal records about a record."""
        asked = "SELECT header FROM archive_record WHERE kind = 'disposal' AND about = :id"
        return [_bytes(header) for (header,) in self.connection.execute(text(asked), {"id": record_id})]

    def orphans(self) -> Iterator[str]:
        """What stands where nothing should, or is missing where something should be, in words."""
        for words, asked in ORPHANS:
            for row in self.connection.execute(text(asked)):
                yield words.format(*row)

    def guard_faults(self) -> list[str]:
        """What is wrong with the guards, in words."""
        return guards.faults(self.connection, WRITE_ONCE)

    def holds_snapshot(self, fingerprint: str) -> bool:
        """Whether a record of this snapshot is there."""
        asked = text("SELECT 1 FROM archive_record WHERE snapshot_hash = :hash")
        return self.connection.scalar(asked, {"hash": fingerprint}) is not None

    def owned_by_the_app(self) -> bool:
        """On PostgreSQL: whether this connection's role could switch the guards off."""
        if self.connection.dialect.name != "postgresql":
            return False
        asked = (
            "SELECT bool_or(pg_has_role(current_user, c.relowner, 'MEMBER')) FROM pg_class c "
            "WHERE c.relname = 'archive_record' AND c.relkind = 'r'"
        )
        return bool(self.connection.scalar(text(asked)))


def _raw(connection: Connection, table: str, columns: tuple[str, ...]) -> str:
    """The columns as bytes on SQLite, which stores text that is no text without complaint."""
    if connection.dialect.name != "sqlite":
        return ", ".join(f"{table}.{column} AS {column}" for column in columns)
    return ", ".join(f"CAST({table}.{column} AS BLOB) AS {column}" for column in columns)


def _bytes(value: Any) -> bytes:
    return value.encode("utf-8", _ODD) if isinstance(value, str) else bytes(value or b"")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else bytes(value or b"").decode("utf-8", _ODD)


def _optional(value: Any) -> str | None:
    return None if value is None else _text(value)


def _time(value: Any) -> str:
    """As the header writes it: SQLite keeps moments as text without their zone, which is always universal time."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    written = _text(value)
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return written
    # reading is generous, also with a damaged moment: only what we would write ourselves counts as ours
    return moment.replace(tzinfo=UTC).isoformat() if f"{moment:%Y-%m-%d %H:%M:%S.%f}" == written else written
