"""Importing area figures in the background: whole or not at all, once, whatever happens to the worker."""

import io
import logging
import os
import signal
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from hia_app.db import Database
from hia_app.domain.policy import Role
from hia_app.services import area_imports, areas
from hia_app.store.columns import new_id
from hia_app.store.tables import Area, AreaEdition, AreaImport, Event, PersonRole
from hia_app.worker.duties import Duties
from tests.support.areas import WORDS, table
from tests.support.people import People

ROWS = 2_500


def asked(people: People, content: bytes = b"", rows: int = ROWS) -> str:
    """The id of an import that an administrator handed in."""
    place, import_id = people.place, new_id()
    people.id("administrator")
    area_imports.receive(place.settings, import_id, io.BytesIO(content or table(rows)))
    with place.database.writing() as session:
        area_imports.ask(people.work(session, "administrator"), import_id, name="t.csv", rows=rows, **WORDS)
    return import_id


def run(people: People, import_id: str, database: Database | None = None) -> None:
    """What the worker does, without an engine."""
    duties_of(people, database).import_areas(lambda act: act(), import_id)


def duties_of(people: People, database: Database | None = None) -> Duties:
    place = people.place
    return Duties(place.settings, database or place.database, place.shelf, place.clock)


def found(people: People, import_id: str) -> tuple[str, int, int, int]:
    """State and rows read of an import, and how many editions and areas there are."""
    with people.place.database.reading() as session:
        row = session.get_one(AreaImport, import_id)
        editions, rows = (session.scalar(select(func.count()).select_from(one)) for one in (AreaEdition, Area))
        return row.state, row.done, editions or 0, rows or 0


def waiting_tables(people: People) -> list[str]:
    return [one.name for one in people.place.settings.imports_folder.glob("*")]


def test_a_table_is_imported_by_a_job_that_was_asked_for_with_it(people: People) -> None:
    import_id = asked(people)
    place = people.place
    with place.database.reading() as session:
        schema = "" if session.get_bind().dialect.name == "sqlite" else "dbos."
        named = f"SELECT workflow_uuid, queue_name FROM {schema}workflow_status WHERE name = 'import_areas'"  # noqa: S608
        assert session.execute(text(named)).all() == [(f"import_areas-{import_id}", "imports")]
    assert found(people, import_id) == ("waiting", 0, 0, 0)
    assert place.settings.imports_folder.stat().st_mode & 0o077 == 0
    run(people, import_id)
    assert found(people, import_id) == ("imported", ROWS, 1, ROWS)
    assert waiting_tables(people) == []
    with place.database.reading() as session:
        edition = session.get_one(AreaEdition, import_id)
        assert (edition.current, edition.imported_by) == (True, people.id("administrator"))
        assert edition.sums["areas"] == ROWS
        event = session.scalars(select(Event).where(Event.action == "import_areas")).one()
        assert (event.person_id, event.detail["areas"]) == (people.id("administrator"), ROWS)
    run(people, import_id)  # the engine may do a step twice
    assert found(people, import_id) == ("imported", ROWS, 1, ROWS)


@pytest.mark.parametrize("moment", ["reading", "storing", "written"])
def test_a_worker_that_is_killed_leaves_nothing_and_the_next_one_begins_again(
    people: People, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    import_id = asked(people)
    people.place.database.dispose()
    child = os.fork()
    if child == 0:  # a worker of its own that dies in this very moment, as with kill -9
        database = Database(people.place.database.address)
        note, record = area_imports.note, areas.record

        def dies() -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        def noted(*given: object, **told: object) -> bool:
            going_on = note(*given, **told)  # type: ignore[arg-type]
            if (told["state"], told["done"]) == (moment, ROWS if moment == "storing" else 2_000):
                given[0].commit()  # type: ignore[attr-defined]
                dies()
            return going_on

        monkeypatch.setattr(area_imports, "note", noted)
        monkeypatch.setattr(areas, "record", lambda *given, **told: (record(*given, **told), dies()))
        run(people, import_id, database)
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    state, done = ("reading", 2_000) if moment == "reading" else ("storing", ROWS)
    assert found(people, import_id) == (state, done, 0, 0)
    assert waiting_tables(people) == [f"{import_id}.csv"]
    run(people, import_id)
    assert found(people, import_id) == ("imported", ROWS, 1, ROWS)
    assert waiting_tables(people) == []


def test_an_import_that_is_stopped_ends_at_the_next_thousand_rows(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = asked(people)
    note = area_imports.note

    def stopped_in_between(session, one, now, *, state, done):  # type: ignore[no-untyped-def]
        if done == 2_000:
            with people.place.database.writing() as page:
                assert area_imports.stop(people.work(page, "administrator"), one)
        return note(session, one, now, state=state, done=done)

    monkeypatch.setattr(area_imports, "note", stopped_in_between)
    run(people, import_id)
    assert found(people, import_id) == ("stopped", 1_000, 0, 0)
    assert waiting_tables(people) == []
    with people.place.database.writing() as session:
        assert not area_imports.stop(people.work(session, "administrator"), import_id)


def test_what_goes_wrong_is_said_and_nothing_is_kept(
    people: People, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    faulty = asked(people, table(300, **{f"row{place}": {"hh_owned": "?"} for place in range(1, 251)}), 300)
    run(people, faulty)
    with people.place.database.reading() as session:
        row = session.get_one(AreaImport, faulty)
        problems = area_imports.problems_of(row)
    assert (row.state, problems.count, len(problems.first)) == ("faulty", 250, 200)
    assert str(problems.first[0]) == "line 2, hh_owned: “?”: enter a number in digits only, such as 12,500"

    broken = asked(people, rows=20)
    with monkeypatch.context() as away, caplog.at_level(logging.ERROR):
        away.setattr(areas, "record", lambda *_, **__: 1 / 0)
        run(people, broken)
    assert found(people, broken) == ("failed", 20, 0, 0)
    assert "could not be imported" in caplog.text

    given_up = asked(people, rows=20)  # by the engine, because its worker died again and again
    duties = duties_of(people)
    duties.failed = list
    duties.sweep(lambda act: act())
    assert found(people, given_up) == ("failed", 0, 0, 0)
    later = people.place.clock() + timedelta(days=2)
    duties.clock = lambda: later
    duties.night(lambda act: act())
    assert waiting_tables(people) == []

    no_longer = asked(people, rows=20)
    with people.place.database.writing() as session:
        session.delete(session.get_one(PersonRole, (people.id("administrator"), Role.ADMINISTRATOR)))
    run(people, no_longer)
    assert found(people, no_longer) == ("failed", 0, 0, 0)
    assert waiting_tables(people) == []
