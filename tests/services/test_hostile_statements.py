"""Statements that nobody should ever send, sent through the app's own connection: each is refused, nothing changes."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from hia_app.db import Database
from hia_app.domain.findings import Verdict
from hia_app.services import passwords, verification
from hia_app.services.decisions import confirm_reading, shown, sign_off
from hia_app.store.roles import BadRoleName, grants
from hia_app.store.tables import WRITE_ONCE
from tests.support.archives import NOON, PAPER, intruder, sealed, unguarded
from tests.support.office import Office
from tests.support.reviewing import cast, concluded, draw, signing

FROZEN = [table for table, _ in WRITE_ONCE]
COPY = (
    "INSERT INTO archive_record "
    "(seq, id, kind, version_id, about, header, snapshot_hash, record_hash, prev, archived_at) "
    "SELECT {seq}, 'planted', kind, version_id, about, header, snapshot_hash, 'planted', {prev}, archived_at "
    "FROM archive_record WHERE seq = 1"
)
EVERYWHERE = (
    "UPDATE archive_record SET snapshot_hash = 'changed'",
    "UPDATE archive_record SET seq = seq + 10",
    "update ARCHIVE_PAYLOAD set sha256 = 'changed'",
    "UPDATE archive_signature SET key_id = key_id",
    "UPDATE archive_key SET public_key = 'changed'",
    "UPDATE submission SET submission_hash = 'changed'",
    "UPDATE reading_confirmation SET what = 'changed'",
    "UPDATE questionnaire_edition SET content = '{}'",
    "UPDATE event SET person_name = 'Nobody'",
    "DELETE FROM archive_record",
    "DELETE FROM archive_payload WHERE part = 'pdf_full'",
    "DELETE FROM event WHERE seq = (SELECT MAX(seq) FROM event)",
    COPY.format(seq="seq + 100", prev="(SELECT record_hash FROM archive_record ORDER BY seq DESC LIMIT 1)"),
    COPY.format(seq="(SELECT MAX(seq) + 1 FROM archive_record)", prev="'planted'"),
    "INSERT INTO archive_signature (record_id, key_id, signature) SELECT record_id, key_id, signature "
    "FROM archive_signature WHERE true ON CONFLICT (record_id) DO UPDATE SET key_id = 'changed'",
    "ALTER TABLE archive_record RENAME TO gone",
    "ALTER TABLE event DROP COLUMN subject",
)
SQLITE = (
    *EVERYWHERE,
    "INSERT OR REPLACE INTO archive_record SELECT * FROM archive_record WHERE seq = 1",
    "REPLACE INTO archive_payload (record_id, part, content, sha256) SELECT record_id, part, x'00', sha256 "
    "FROM archive_payload",
    "DROP TABLE archive_signature",
    "DROP TRIGGER guard_event_delete",
    "ATTACH DATABASE ':memory:' AS other",
    "PRAGMA writable_schema = ON",
    "PRAGMA recursive_triggers = OFF",
    "CREATE TEMP TRIGGER swallow BEFORE INSERT ON event BEGIN SELECT RAISE(IGNORE); END",
    "CREATE TEMP TABLE archive_record (seq INTEGER)",
)
POSTGRESQL = (
    *EVERYWHERE,
    "TRUNCATE archive_record CASCADE",
    "MERGE INTO event USING (SELECT 1) AS one ON true WHEN MATCHED THEN UPDATE SET subject = 'changed'",
    "DROP TABLE archive_signature",
    "DROP TRIGGER guard_event_change ON event",
    "ALTER TABLE event DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION hea_write_once() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE TEMP TABLE archive_record (seq INTEGER)",
    "CREATE RULE swallow AS ON INSERT TO event DO INSTEAD NOTHING",
    "ALTER TABLE event OWNER TO CURRENT_USER",
    "DROP FUNCTION hea_only_next CASCADE",
)
STATEMENTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
REFUSALS = ("not authorized", "prohibited", "write-once", "not the next record", "permission denied", "must be owner")
# These need the guards to be there; the others are shown to work once the guards are off.
ABOUT_GUARDS = ("DROP TRIGGER", "DROP FUNCTION")


class Done(Exception):
    pass


@pytest.fixture
def app_database(database, database_url, request) -> Iterator[Database]:
    """The database as the app meets it: on PostgreSQL with a role of its own, as `hia db roles` grants it."""
    if database.engine.dialect.name == "sqlite":
        yield database
        return
    role = f"app_of_{make_url(database_url).database}"
    owner = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD 'for tests' NOSUPERUSER"))
        connection.exec_driver_sql(grants(make_url(database_url).database or "", role, FROZEN))
    own = Database(make_url(database_url).set(username=role, password="for tests").render_as_string(False))
    yield own
    own.dispose()
    with owner.connect() as connection:
        connection.execute(text(f"DROP OWNED BY {role}"))
        connection.execute(text(f"DROP ROLE {role}"))
    owner.dispose()


def fill(database, settings) -> None:
    """A sign-off through the whole service, with a reading that was confirmed, and one with an evidence file."""
    with database.writing() as session:
        people = cast(Office(session, settings))
        people.decider.password_hash = passwords.hashed("a long password for tests", settings)
        case = concluded(people)
        work = people.works(people.decider)
        fingerprint = shown(work, case).fingerprint
        confirm_reading(work, case, fingerprint, "summary")
        sign_off(work, case, signing(fingerprint, reasons="The roofs are unsafe"), draw)
        sealed(people, PAPER)


def frozen_bytes(database) -> str:
    """A fingerprint of every row of every frozen table."""
    digest = hashlib.sha256()
    with database.reading() as session:
        for table in FROZEN:
            rows = session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608
            digest.update(repr(sorted(map(repr, rows))).encode())
    return digest.hexdigest()


def test_there_are_at_least_twenty_four_of_them():
    assert all(len(set(statements)) >= 24 for statements in STATEMENTS.values())


def test_every_hostile_statement_is_refused(app_database, settings):
    fill(app_database, settings)
    before = frozen_bytes(app_database)
    accepted, odd = [], []
    for statement in STATEMENTS[app_database.engine.dialect.name]:
        try:
            with app_database.writing() as session:
                session.connection().exec_driver_sql(statement)
            accepted.append(statement)
        except DBAPIError as error:
            if not any(words in str(error.orig) for words in REFUSALS):
                odd.append(f"{statement}: {error.orig}")
    assert (accepted, odd) == ([], [])
    assert frozen_bytes(app_database) == before
    report = verification.verify(app_database.reading, NOON)
    assert (report.verdict, report.findings) == (Verdict.GOOD, ())


def test_without_guards_each_of_them_would_have_worked(database, database_url, settings):
    """The control: the statements are refused for what they would do, not for how they are written."""
    fill(database, settings)
    for statement in STATEMENTS[database.engine.dialect.name]:
        opened = intruder if statement.startswith(ABOUT_GUARDS) else unguarded
        with suppress(Done), opened(database_url) as connection:
            connection.exec_driver_sql(statement)
            raise Done
    assert verification.verify(database.reading, NOON).verdict is Verdict.GOOD  # all of that was undone


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_guards_hold_for_other_programs_on_the_same_file(database, database_url, settings):
    """A connection that is not ours, with SQLite's own defaults, meets the triggers alone."""
    fill(database, settings)
    for statement in SQLITE[:15] + SQLITE[17:19]:
        with pytest.raises(DBAPIError, match=r"write-once|not the next record"), intruder(database_url) as connection:
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize("name", ["app; DROP TABLE event", "App", "", 'a"b', "a" * 64])
def test_a_role_that_would_need_quoting_is_refused(name):
    with pytest.raises(BadRoleName):
        grants("hea", name, FROZEN)
