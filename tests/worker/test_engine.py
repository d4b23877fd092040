"""What the background work rests on: nothing lost, nothing for ever, nothing twice but the step in hand."""

from collections import Counter
from pathlib import Path

import pytest
from dbos._migration import get_dbos_migrations, sqlite_migrations
from sqlalchemy import inspect, text

from hia_app.db import Database
from hia_app.store import jobs
from hia_app.store.jobs import CloudRefused, Job
from hia_app.store.tables import Base
from hia_app.worker.engine import MOST_ATTEMPTS
from tests.support.workers import POISON, STEPS, workers


def jobs_in(database: Database, columns: str = "status") -> list[str]:
    schema = "" if database.engine.dialect.name == "sqlite" else "dbos."
    with database.reading() as session:
        return list(session.scalars(text(f"SELECT {columns} FROM {schema}workflow_status")))  # noqa: S608


def test_a_job_is_there_when_its_transaction_is_kept_and_only_then(database: Database) -> None:
    undone = database.open(writes=True)
    jobs.ask(undone, Job.BUILD_PACK, "undone")
    database.finish(undone, keep=False)
    assert jobs_in(database) == []
    for _ in range(2):
        with database.writing() as session:
            jobs.ask(session, Job.DELIVER)
            jobs.ask(session, Job.DELIVER)
            jobs.ask(session, Job.BUILD_PACK, "kept")
    assert Counter(jobs_in(database, "name")) == {"deliver": 2, "build_pack": 1}
    assert set(jobs_in(database, "serialization")) == {"portable_json"}  # never a pickle


def test_killed_workers_are_taken_over_poison_stops_and_times_are_kept_once(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    with workers(database_url, tmp_path / "lines") as team:
        team.start(2)
        team.until(lambda: len(team.lines("tick")) >= 2)
        with database.writing() as session:
            jobs.ask(session, Job.BUILD_PACK, "pack")
        name = "pack"
        team.until(lambda: len(team.lines(name)) >= 2)
        team.kill(team.lines(name)[-1][0])
        team.until(lambda: {step for *_, step in team.lines(name)} == {str(one) for one in range(STEPS)})
        assert len(team.lines("took")) == 1  # by the other one, not at a new start
        assert sum(Counter(step for *_, step in team.lines(name)).values()) <= STEPS + 1  # the step in hand, at most

        ticks = [one for one in jobs_in(database, "workflow_uuid") if one.startswith("sched-tick")]
        assert len(team.lines("tick")) <= len(ticks) == len(set(ticks))

        team.start(MOST_ATTEMPTS)
        with database.writing() as session:
            jobs.ask(session, Job.DELIVER)
        team.until(lambda: not team.alive())
        team.start(1)
        team.until(lambda: "MAX_RECOVERY_ATTEMPTS_EXCEEDED" in jobs_in(database))
        with database.writing() as session:
            jobs.ask(session, Job.BUILD_PACK, "after")
        team.until(lambda: len(team.lines("after")) == STEPS)
        assert len(team.lines(POISON)) == MOST_ATTEMPTS + 1
        assert team.lines("network") == []


def test_the_engine_keeps_its_tables_apart_and_they_are_those_of_the_pinned_version(database: Database) -> None:
    assert not jobs.TABLES & set(Base.metadata.tables)
    assert len(sqlite_migrations) == len(get_dbos_migrations("dbos", True)) == jobs.NEWEST
    sqlite = database.engine.dialect.name == "sqlite"
    found = set(inspect(database.engine).get_table_names(schema=None if sqlite else jobs.SCHEMA))
    assert (found - set(Base.metadata.tables) - {"alembic_version"} if sqlite else found & jobs.TABLES) == jobs.TABLES


def test_the_cloud_of_the_maker_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBOS__CLOUD", "true")
    with pytest.raises(CloudRefused, match="DBOS__CLOUD"):
        jobs.refuse_cloud()
