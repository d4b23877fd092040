"""Migrations on a populated database: guards, the chain's head and every frozen byte are as they were."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from hia_app import db
from hia_app.db import Database
from hia_app.services.verification import Audit
from hia_app.store import guards
from hia_app.store.archived import Stored
from hia_app.store.tables import WRITE_ONCE
from tests.support.archives import intruder
from tests.support.migrating import Kept, columns_of, lost, populate

FIRST = "0001"
EVENING = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)


@pytest.fixture
def empty(tmp_path: Path, _makers, request) -> Iterator[str]:
    """A database at the first migration, whatever came later."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'old.sqlite'}"
    else:
        maker = _makers["postgresql"]
        address = maker.make()
        with intruder(address) as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    command.upgrade(db._alembic(address), FIRST)
    yield address
    if request.param == "postgresql":
        _makers["postgresql"].drop(address)


on_both = pytest.mark.parametrize("empty", ["sqlite", "postgresql"], indirect=True)


@on_both
def test_every_migration_keeps_guards_head_and_bytes(empty):
    with intruder(empty) as connection:
        populate(connection)
        before, columns = Kept.of(connection), columns_of(connection)
    script = ScriptDirectory.from_config(db._alembic(empty))
    later = [one.revision for one in script.walk_revisions() if one.revision != FIRST]
    for revision in reversed(later):
        command.upgrade(db._alembic(empty), revision)
        with intruder(empty) as connection:
            assert lost(before, Kept.of(connection, columns)) == [], f"after migration {revision}"
    db.upgrade(empty)
    database = Database(empty)
    with database.reading() as session:
        report = Audit(Stored(session.connection()), None, frozenset(), EVENING).run()
    database.dispose()
    assert report.records == 3
    # made without the register and the working tables, which the check would miss
    assert {one.code for one in report.findings} <= {"owner", "orphan"}


# ---- controls: migrations nobody should write, and one that is right ----


def rebuild(connection: Connection, table: str) -> None:
    """What Alembic's batch mode does on SQLite to add a rule: a new table, the rows, and the old name."""
    operations = Operations(MigrationContext.configure(connection))
    recreate = "always" if connection.dialect.name == "sqlite" else "never"
    with operations.batch_alter_table(table, recreate=recreate) as batch:
        batch.add_column(sa.Column("later", sa.Integer, nullable=True))


def careless(connection: Connection) -> None:
    rebuild(connection, "event")


def careful(connection: Connection) -> None:
    guards.remove(connection)
    rebuild(connection, "archive_record")
    guards.create(connection, WRITE_ONCE)


def rewrites_bytes(connection: Connection) -> None:
    guards.remove(connection)
    connection.execute(text("UPDATE archive_payload SET content = :other WHERE part = 'decision'"), {"other": b"{}"})
    guards.create(connection, WRITE_ONCE)


def drops_the_newest(connection: Connection) -> None:
    guards.remove(connection)
    connection.execute(text("DELETE FROM archive_signature WHERE record_id = 'record-3'"))
    connection.execute(text("DELETE FROM archive_record WHERE id = 'record-3'"))
    guards.create(connection, WRITE_ONCE)


def switches_off(connection: Connection) -> None:
    guards.remove(connection)
    guards.create(connection, tuple(one for one in WRITE_ONCE if one[0] != "event"))


MIGRATIONS: dict[Callable[[Connection], None], set[str]] = {
    careful: set(),
    rewrites_bytes: {"rows of archive_payload"},
    drops_the_newest: {"the head of the chain", "rows of archive_record", "rows of archive_signature"},
}


@on_both
@pytest.mark.parametrize("migrate", MIGRATIONS, ids=lambda migrate: migrate.__name__)
def test_the_comparison_sees_what_a_migration_did(empty, migrate):
    with intruder(empty) as connection:
        populate(connection)
        before, columns = Kept.of(connection), columns_of(connection)
    with intruder(empty) as connection:
        migrate(connection)
    with intruder(empty) as connection:
        assert set(lost(before, Kept.of(connection, columns))) == MIGRATIONS[migrate]


@pytest.mark.parametrize("empty", ["sqlite"], indirect=True)
@pytest.mark.parametrize("migrate", [careless, switches_off], ids=lambda migrate: migrate.__name__)
def test_a_lost_guard_is_seen_by_the_comparison_and_stops_the_upgrade(empty, migrate):
    with intruder(empty) as connection:
        populate(connection)
        before, columns = Kept.of(connection), columns_of(connection)
    with intruder(empty) as connection:
        migrate(connection)
    with intruder(empty) as connection:
        missing = lost(before, Kept.of(connection, columns))
    assert "guard guard_event_delete on event" in missing
    assert not [words for words in missing if words.startswith("rows")]
    with pytest.raises(db.GuardsMissing, match="guard_event_delete is missing"):
        db.upgrade(empty)
