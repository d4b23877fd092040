"""A sign-off happens wholly or not at all: it is broken off after each of its statements in turn."""

import hashlib

import pytest
from sqlalchemy import event, inspect, text
from sqlalchemy.orm import Session

from hia_app.db import Database
from hia_app.domain.findings import Verdict
from hia_app.services import passwords, verification, versions
from hia_app.services.decisions import confirm_reading, shown, sign_off
from hia_app.services.work import Work, actor_of, open_case
from hia_app.store.columns import new_id
from hia_app.store.tables import Person
from tests.support.archives import NOON, concluded_again, sealed
from tests.support.office import Office, shelf
from tests.support.reviewing import cast, draw, signing


class PulledOut(Exception):
    """The plug."""


class Ready:
    """Version 2, concluded and read, waiting for its signature; version 1 is to be superseded by it."""

    def __init__(self, database: Database, settings) -> None:
        self.database, self.settings = database, settings
        with database.writing() as session:
            people = cast(Office(session, settings))
            people.decider.password_hash = passwords.hashed("a long password for tests", settings)
            first, _ = sealed(people)
            mine = people.office.case(people.officer, first)
            opened = versions.reopen(people.works(people.officer), mine, new_id(), "funding", "Money was lost")
            case = concluded_again(people, opened)
            work = people.works(people.decider)
            self.fingerprint = shown(work, case).fingerprint
            confirm_reading(work, case, self.fingerprint, "summary")
            self.place, self.decider = (case.reference, case.version.number), people.decider.id

    def sign(self, stop_after: int | None = None) -> int:
        """Sign off in a transaction of its own, pulled out after so many statements; gives how many there were."""
        sent = 0

        def count(*_: object) -> None:
            nonlocal sent
            sent += 1
            if sent == stop_after:
                raise PulledOut

        with self.database.writing() as session:
            work = Work(session, actor_of(session.get_one(Person, self.decider)), NOON, self.settings, shelf())
            case = open_case(work, *self.place)
            connection = session.connection()
            event.listen(connection, "after_cursor_execute", count)
            try:
                sign_off(work, case, signing(self.fingerprint, reasons="The roofs are unsafe"), draw)
                session.flush()
            finally:
                event.remove(connection, "after_cursor_execute", count)
        return sent

    def everything(self) -> str:
        """A fingerprint of every row of every table, and of the receipts."""
        digest = hashlib.sha256()
        for table in sorted(inspect(self.database.engine).get_table_names()):
            with self.database.reading() as session:
                rows = session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608
            digest.update(f"{table} {sorted(map(repr, rows))}".encode())
        digest.update(repr(self.receipts()).encode())
        return digest.hexdigest()

    def receipts(self) -> list[str]:
        return sorted(file.name for file in (self.settings.outbox / "receipts").glob("*"))


@pytest.fixture
def ready(database, settings) -> Ready:
    return Ready(database, settings)


def test_a_sign_off_that_is_broken_off_after_any_statement_changes_nothing(ready):
    before = ready.everything()
    statement = 0
    while True:
        statement += 1
        try:
            total = ready.sign(stop_after=statement)
        except PulledOut:
            assert ready.everything() == before, f"something was left after statement {statement}"
        else:
            break
    assert total == statement - 1 >= 15
    # the control: with nothing pulled out, the very same act changes all of it
    assert ready.everything() != before
    with ready.database.reading() as session:
        states = session.scalars(text("SELECT state FROM assessment_version ORDER BY number")).all()
        kinds = session.scalars(text("SELECT kind FROM archive_record ORDER BY seq")).all()
    assert states == ["superseded", "signed_off"]
    assert kinds == ["sign-off", "sign-off", "supersede"]
    assert len(ready.receipts()) == 3
    assert verification.verify(ready.database.reading, NOON).verdict is Verdict.GOOD


def test_a_commit_that_fails_leaves_nothing_and_sends_no_receipt(ready, monkeypatch):
    before = ready.everything()

    def fail(_: object) -> None:
        raise PulledOut

    with monkeypatch.context() as patched:
        patched.setattr(Session, "commit", fail)
        with pytest.raises(PulledOut):
            ready.sign()
    assert ready.everything() == before


def test_a_receipt_that_cannot_be_written_does_not_undo_the_sign_off_and_is_made_up_for(ready, caplog):
    (ready.settings.outbox / "receipts").rename(ready.settings.outbox / "moved")
    (ready.settings.outbox / "receipts").write_text("in the way")
    ready.sign()
    assert "could not be done" in caplog.text
    assert verification.verify(ready.database.reading, NOON).records == 3
    (ready.settings.outbox / "receipts").unlink()
    (ready.settings.outbox / "moved").rename(ready.settings.outbox / "receipts")
    from hia_app.services import chain

    with ready.database.reading() as session:
        work = Work(session, actor_of(session.get_one(Person, ready.decider)), NOON, ready.settings, shelf())
        assert chain.write_missing_receipts(work) == 2
        assert chain.write_missing_receipts(work) == 0
    assert len(ready.receipts()) == 3
