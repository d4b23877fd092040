"""PostgreSQL databases that a test has used, put back to how they were when new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import LiteralString, cast

import psycopg
from psycopg.sql import SQL, Composable, Composed, Identifier

# Everything about a database but the rows of its tables: what an emptied one must have in common with a new one.
_SHAPE = """
WITH own AS (SELECT oid FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema')
SELECT md5(string_agg(part, '|' ORDER BY part)) FROM (
    SELECT concat_ws(' ', relkind, oid::regclass, relacl, relowner) FROM pg_class
        WHERE relnamespace IN (SELECT oid FROM own)
    UNION ALL SELECT concat_ws(' ', attrelid::regclass, attname, atttypid, attnotnull) FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace IN (SELECT oid FROM own) AND attnum > 0 AND NOT attisdropped
    UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
        WHERE connamespace IN (SELECT oid FROM own)
    UNION ALL SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT concat_ws(' ', proname, md5(prosrc), proacl) FROM pg_proc
        WHERE pronamespace IN (SELECT oid FROM own)
) AS parts (part)"""


class Emptier:
    """Empties databases that are like a new one, in a fraction of the time of dropping them and making others."""

    def __init__(self, new: str) -> None:
        """`new` is the address of a new database; what a migration has put into its tables stays there."""
        with psycopg.connect(new, autocommit=True) as connection:
            tables = _named(connection, "SELECT schemaname, tablename FROM pg_tables")
            sequences = _named(connection, "SELECT schemaname, sequencename FROM pg_sequences")
            filled = _filled(connection, tables)
            self._tables = [table for table in tables if table not in filled]
            self._restart = [_about("ALTER SEQUENCE {} RESTART", name) for name in sequences]
            self._guards = _guards(connection)
            rows = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t"
            self._look = SQL("; ").join([SQL(_SHAPE), *(_about(rows, table) for table in filled)])
            self._as_new = self._state(connection)

    def empty(self, address: str) -> bool:
        """Whether the database is as new now; False when a test has changed more than rows."""
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            try:
                filled = _filled(connection, self._tables)
                unbound = SQL("SET session_replication_role = replica")  # in whatever order tables refer to each other
                deletions = (one for table in filled for one in self._deletion(table))
                connection.execute(SQL("; ").join([unbound, *deletions, *self._restart]))
                return self._state(connection) == self._as_new
            except psycopg.Error:
                return False

    def _deletion(self, table: str) -> Iterator[Composable]:
        """Of a table that is written once, too."""
        if table in self._guards:
            yield _about("ALTER TABLE {} DISABLE TRIGGER USER", table)
        yield _about("DELETE FROM {}", table)
        yield from self._guards.get(table, ())

    def _state(self, connection: psycopg.Connection) -> list[object]:
        return [answer.fetchone() for answer in connection.execute(self._look).results()]


def _about(statement: LiteralString, *names: str) -> Composed:
    """A statement about tables and the like, whose names are quoted already."""
    return SQL(statement).format(*(SQL(cast("LiteralString", name)) for name in names))


def _quoted(connection: psycopg.Connection, *names: str) -> str:
    return ".".join(Identifier(name).as_string(connection) for name in names)


def _guards(connection: psycopg.Connection) -> dict[str, list[Composable]]:
    """By table: what makes its guards effective again."""
    found: dict[str, list[Composable]] = {}
    for schema, table, name, always in connection.execute(
        "SELECT relnamespace::regnamespace::text, relname, tgname, tgenabled = 'A' FROM pg_trigger"
        " JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal"
    ):
        guarded = _quoted(connection, schema, table)
        enable: LiteralString = (
            "ALTER TABLE {} ENABLE ALWAYS TRIGGER {}" if always else "ALTER TABLE {} ENABLE TRIGGER {}"
        )
        found.setdefault(guarded, []).append(_about(enable, guarded, _quoted(connection, name)))
    return found


def _named(connection: psycopg.Connection, query: LiteralString) -> list[str]:
    """The product's own among what this query of two columns (schema, name) finds."""
    return [
        _quoted(connection, schema, name)
        for schema, name in connection.execute(query)
        if schema not in {"pg_catalog", "information_schema"}
    ]


def _filled(connection: psycopg.Connection, tables: Sequence[str]) -> list[str]:
    """Those of the tables that have rows; one query."""
    asked = [
        SQL("SELECT {} WHERE EXISTS ({})").format(number, _about("SELECT FROM {}", table))
        for number, table in enumerate(tables)
    ]
    return [tables[number] for (number,) in connection.execute(SQL(" UNION ALL ").join(asked))]
