"""Asking for work that is done later by the worker, in the very transaction from which it follows.

With `hia_app/worker/engine.py` the only module that knows `dbos` (docs/decisions/0009-background-work.md). It is
imported when first needed: it takes half a second, and most processes that read pages never need it.
"""

from __future__ import annotations

import os
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, inspect, make_url, text
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from dbos import DBOSClient

APPLICATION = "health-equity-assessments"
# Raised only when the steps of a job change. Drain the queue first: a worker never goes on with another version's job.
STEPS_VERSION = "1"
SCHEMA = "dbos"  # on PostgreSQL; on SQLite its tables stand beside ours
# How many migrations the pinned version has, on either system; a test compares this with the package.
NEWEST = 125
TABLES = frozenset(
    {
        "application_versions", "dbos_migrations", "notifications", "operation_outputs", "queues",
        "streams", "workflow_events", "workflow_events_history", "workflow_input", "workflow_output",
        "workflow_schedules", "workflow_status",
    }
)  # fmt: skip
_SEEN = "jobs asked for"


class Job(StrEnum):
    """What the worker can be asked for."""

    DELIVER = "deliver"  # send what waits in the outbox
    BUILD_PACK = "build_pack"  # draw the committee pack with this id
    IMPORT_AREAS = "import_areas"  # import the table of area figures with this id


class Queue(StrEnum):
    """Each lets one job run at a time in one worker, so that a long pack holds up nothing else."""

    POST = "post"
    PACKS = "packs"
    IMPORTS = "imports"


QUEUE_OF = {Job.DELIVER: Queue.POST, Job.BUILD_PACK: Queue.PACKS, Job.IMPORT_AREAS: Queue.IMPORTS}


class CloudRefused(Exception):
    """The environment asks for the engine's cloud service."""


def ask(session: Session, job: Job, subject: str = "") -> None:
    """Have a job done once this transaction is kept; undone, it was never asked for.

    `subject` is the id of what it is about, never its content. Asked for twice in one transaction, a job is done once;
    with a subject it is done once for ever.
    """
    asked: set[tuple[Job, str]] = session.info.setdefault(_SEEN, set())
    if (job, subject) in asked:
        return
    asked.add((job, subject))
    from dbos import EnqueueOptions

    session.flush()  # what the job will look for is written before the job
    options = EnqueueOptions(workflow_name=job, queue_name=QUEUE_OF[job], app_version=STEPS_VERSION)
    if subject:
        options["workflow_id"] = id_of(job, subject)
    client = _client(session.get_bind().dialect.name)
    client.enqueue_in_transaction(session, options, *([subject] if subject else []))


def id_of(job: Job, subject: str) -> str:
    """The name under which the engine knows the job about one thing."""
    return f"{job}-{subject}"


@cache
def _client(system: str) -> DBOSClient:
    """A client that never connects by itself: all it does goes through the caller's transaction."""
    from dbos import DBOSClient, DBOSPortableJSONSerializer

    refuse_cloud()
    address = "sqlite://" if system == "sqlite" else "postgresql+psycopg://"
    return DBOSClient(
        system_database_engine=create_engine(address),
        dbos_system_schema=SCHEMA,
        serializer=DBOSPortableJSONSerializer(),  # the default would keep pickles in the database
        application_name=APPLICATION,
        lazy=True,
    )


def refuse_cloud() -> None:
    if os.environ.get("DBOS__CLOUD"):
        raise CloudRefused("DBOS__CLOUD is set. This service runs its background work itself; unset it.")


def migrate(owner_address: str, app_address: str = "") -> None:
    """Make or renew the engine's tables, as the role that owns the database; the app's role may then use them."""
    refuse_cloud()
    from dbos import DBOS

    url, app = make_url(owner_address), make_url(app_address or owner_address)
    other = app.username if url.get_backend_name() != "sqlite" and app.username != url.username else None
    DBOS.migrate(url.render_as_string(hide_password=False), schema=SCHEMA, application_role=other)


def is_current(connection: Connection) -> bool:
    """Whether the engine's tables are those of the pinned version."""
    schema = None if connection.dialect.name == "sqlite" else SCHEMA
    if not inspect(connection).has_table("dbos_migrations", schema=schema):
        return False
    table = f"{schema}.dbos_migrations" if schema else "dbos_migrations"
    return connection.scalar(text(f"SELECT max(version) FROM {table}")) == NEWEST  # noqa: S608  (two fixed names)
