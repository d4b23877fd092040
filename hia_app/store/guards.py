"""Triggers that keep frozen tables frozen, whoever sends the statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, text

_FUNCTION = """
CREATE OR REPLACE FUNCTION hea_write_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'table % is write-once', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""


def create(connection: Connection, tables: Sequence[tuple[str, str]]) -> None:
    """Guard each (table, primary key column list) on the engine at hand; run by migrations."""
    for statement in statements(connection.dialect.name, tables):
        connection.execute(text(statement))


def statements(dialect: str, tables: Iterable[tuple[str, str]]) -> list[str]:
    """The DDL for `dialect` ("sqlite" or "postgresql")."""
    if dialect == "postgresql":
        return [_FUNCTION, *(one for table, _ in tables for one in _postgresql(table))]
    return [one for table, columns in tables for one in _sqlite(table, columns)]


def names(tables: Iterable[tuple[str, str]], dialect: str) -> set[str]:
    """The triggers that must exist; migration tests and verification look for them."""
    kinds = ("change", "truncate") if dialect == "postgresql" else ("update", "delete", "replace")
    return {f"guard_{table}_{kind}" for table, _ in tables for kind in kinds}


def _sqlite(table: str, columns: str) -> list[str]:
    # REPLACE does not fire delete triggers unless recursive_triggers is on, so an insert guard stands beside it.
    same = " AND ".join(f"{column} = NEW.{column}" for column in columns.split(","))
    abort = f"BEGIN SELECT RAISE(ABORT, 'table {table} is write-once'); END"
    return [
        f"CREATE TRIGGER guard_{table}_update BEFORE UPDATE ON {table} {abort}",
        f"CREATE TRIGGER guard_{table}_delete BEFORE DELETE ON {table} {abort}",
        f"CREATE TRIGGER guard_{table}_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {abort}",
    ]


def _postgresql(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER guard_{table}_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION hea_write_once()",
        f"CREATE TRIGGER guard_{table}_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION hea_write_once()",
        # ALWAYS: replication mode must not switch them off
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER guard_{table}_change",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER guard_{table}_truncate",
    ]
