"""Triggers that keep frozen tables frozen, whoever sends the statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, text

from hia_app.domain.record import FIRST_PREV

CHAIN = "archive_record"
# What a disposal record lets go: only the bytes, never the header, and the app's own connection never removes them.
_MAY_GO = {
    "archive_payload": "EXISTS (SELECT 1 FROM archive_record WHERE kind = 'disposal' AND about = OLD.record_id)",
    "submission": "EXISTS (SELECT 1 FROM archive_record WHERE kind = 'disposal' AND version_id = OLD.version_id)",
    "reading_confirmation": (
        "EXISTS (SELECT 1 FROM archive_record r JOIN submission s ON s.version_id = r.version_id "
        "WHERE r.kind = 'disposal' AND s.id = OLD.submission_id)"
    ),
}
_LAST_SEQ = "COALESCE((SELECT MAX(seq) FROM archive_record), 0)"
_LAST_HASH = f"COALESCE((SELECT record_hash FROM archive_record ORDER BY seq DESC LIMIT 1), '{FIRST_PREV}')"  # noqa: S608
_NOT_NEXT = f"NEW.seq <> {_LAST_SEQ} + 1 OR NEW.prev <> {_LAST_HASH}"

# The search path is fixed: a temporary table of the same name must not be asked instead.
_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
{body}
$$
"""
_REFUSE = "RAISE EXCEPTION 'table % is write-once', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';"
BODIES = {
    "hea_write_once": f"BEGIN {_REFUSE} END",
    "hea_only_next": f"BEGIN IF {_NOT_NEXT} THEN RAISE EXCEPTION 'not the next record of the chain' "
    "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END",
    **{
        f"hea_let_go_{table}": f"BEGIN IF TG_OP = 'DELETE' THEN IF {may_go} THEN RETURN OLD; END IF; END IF; "
        f"{_REFUSE} END"
        for table, may_go in _MAY_GO.items()
    },
}


def create(connection: Connection, tables: Sequence[tuple[str, str]]) -> None:
    """Guard each (table, sets of unique columns) on the engine at hand; run by migrations."""
    for statement in statements(connection.dialect.name, tables):
        connection.execute(text(statement))


def remove(connection: Connection) -> None:
    """Take off whatever guards there are.

    For migrations that rebuild a guarded table: Alembic's batch mode would lose its triggers in silence, and SQLite
    refuses to rename a table that another table's trigger asks. `create` puts all of them on again afterwards.
    """
    for table, trigger in existing(connection):
        on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER {trigger}{on}"))


def existing(connection: Connection) -> list[tuple[str, str]]:
    """(table, trigger) of every guard in the database."""
    asked = (
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE t.tgname LIKE 'guard\\_%'"
        if connection.dialect.name == "postgresql"
        else "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard\\_%' ESCAPE '\\'"
    )
    return sorted((table, trigger) for table, trigger in connection.execute(text(asked)))


def faults(connection: Connection, tables: Sequence[tuple[str, str]]) -> list[str]:
    """What is wrong with the guards, in words; empty when each is there, as we made it, and switched on."""
    if connection.dialect.name == "postgresql":
        return _postgresql_faults(connection, tables)
    made = {statement.split()[2]: statement for statement in statements("sqlite", tables)}
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    found = {name: sql for name, sql in rows}  # noqa: C416  (dict(rows) reads a Result as a mapping)
    return [
        *(f"the guard {name} is missing" for name in made if name not in found),
        *(f"the guard {name} is not the one we made" for name in made if found.get(name, made[name]) != made[name]),
        *(f"there is a trigger {name} that we did not make" for name in found if name not in made),
    ]


def _postgresql_faults(connection: Connection, tables: Sequence[tuple[str, str]]) -> list[str]:
    made = {
        statement.split()[2]: statement
        for statement in statements("postgresql", tables)
        if statement.startswith("CREATE TRIGGER")
    }
    rows = connection.execute(
        text(
            "SELECT t.tgname, t.tgenabled, pg_get_triggerdef(t.oid), p.proname, p.prosrc, p.proconfig "
            "FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND c.relname = ANY(:tables)"
        ),
        {"tables": [table for table, _ in tables]},
    )
    problems, seen = [], set()
    for name, enabled, definition, function, source, settings in rows:
        seen.add(name)
        if name not in made:
            problems.append(f"there is a trigger {name} that we did not make")
        elif _plain(definition) != _plain(made[name]):
            problems.append(f"the guard {name} is not the one we made")
        elif enabled not in {"A", b"A"}:
            problems.append(f"the guard {name} is not switched on for everybody (tgenabled is {enabled!r}, not 'A')")
        elif source.strip() != BODIES[function].strip() or settings != ["search_path=public, pg_temp"]:
            problems.append(f"the function {function} behind the guard {name} is not the one we made")
    return [*(f"the guard {name} is missing" for name in made if name not in seen), *problems]


def _plain(definition: str) -> str:
    """A trigger's definition without what PostgreSQL writes differently: schema names and the order of events."""
    words = definition.replace("public.", "").replace("DELETE OR UPDATE", "UPDATE OR DELETE")
    return " ".join(words.split())


def statements(dialect: str, tables: Iterable[tuple[str, str]]) -> list[str]:
    """The DDL for `dialect` ("sqlite" or "postgresql")."""
    if dialect == "postgresql":
        functions = [_FUNCTION.format(name=name, body=body) for name, body in BODIES.items()]
        return [*functions, *(one for table, _ in tables for one in _postgresql(table))]
    return [one for table, columns in tables for one in _sqlite(table, columns)]


def _sqlite(table: str, unique: str) -> list[str]:
    # REPLACE does not fire delete triggers unless recursive_triggers is on, so an insert guard stands beside it.
    same = " OR ".join(
        "(" + " AND ".join(f"{column} = NEW.{column}" for column in columns.split(",")) + ")"
        for columns in unique.split(";")
    )
    abort = f"BEGIN SELECT RAISE(ABORT, 'table {table} is write-once'); END"
    kept = f"WHEN NOT {_MAY_GO[table]} " if table in _MAY_GO else ""
    guards = [
        f"CREATE TRIGGER guard_{table}_update BEFORE UPDATE ON {table} {abort}",
        f"CREATE TRIGGER guard_{table}_delete BEFORE DELETE ON {table} {kept}{abort}",
        f"CREATE TRIGGER guard_{table}_replace BEFORE INSERT ON {table} "  # noqa: S608
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {abort}",
    ]
    if table == CHAIN:
        guards.append(
            f"CREATE TRIGGER guard_{table}_next BEFORE INSERT ON {table} WHEN {_NOT_NEXT} "
            "BEGIN SELECT RAISE(ABORT, 'not the next record of the chain'); END"
        )
    return guards


def _postgresql(table: str) -> list[str]:
    change = f"hea_let_go_{table}" if table in _MAY_GO else "hea_write_once"
    guards = {
        "change": f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {change}()",
        "truncate": f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION hea_write_once()",
    }
    if table == CHAIN:
        guards["next"] = f"BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION hea_only_next()"
    made = [f"CREATE TRIGGER guard_{table}_{name} {what}" for name, what in guards.items()]
    # ALWAYS: replication mode must not switch them off
    return made + [f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER guard_{table}_{name}" for name in guards]
