"""Connections and transactions: the only file that commits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker

from hia_app.config import PROJECT
from hia_app.store import guards, jobs
from hia_app.store.afterwards import remembered
from hia_app.store.authorizer import authorizer
from hia_app.store.tables import WRITE_ONCE
from hia_app.store.undone import taken

_LOG = logging.getLogger(__name__)

_SQLITE_PRAGMAS = (
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "trusted_schema=OFF",
    "journal_mode=WAL",
    "synchronous=FULL",  # NORMAL can lose the last saves when the power fails
    "busy_timeout=10000",
    "cache_size=-20000",
    "mmap_size=268435456",
)


class Database:
    """One database with two ways in: reading (which cannot write) and writing (which begins immediately)."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.engine = _engine(address)
        reading = self.engine.execution_options(hea_writes=False, postgresql_readonly=True)
        writing = self.engine.execution_options(hea_writes=True, postgresql_readonly=False)
        self._read = sessionmaker(reading, expire_on_commit=False)
        self._write = sessionmaker(writing, expire_on_commit=False)

    def open(self, *, writes: bool) -> Session:
        """A session that the caller gives back to `finish`."""
        return (self._write if writes else self._read)()

    def finish(self, session: Session, *, keep: bool) -> None:
        """Commit what was done, or undo it; either way the connection goes back, and rows that stay are written."""
        rows, acts = taken(session), remembered(session)
        try:
            if keep:
                session.add_all(rows)
                session.commit()
        finally:
            session.close()  # undoes what was not committed; what was read stays readable
        if keep:
            _do(acts)
        elif rows:
            with self.writing() as short:
                short.add_all(rows)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One short transaction: all of it or nothing."""
        session = self.open(writes=True)
        try:
            yield session
        except BaseException:
            self.finish(session, keep=False)
            raise
        self.finish(session, keep=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session in which writing is refused by the database itself."""
        session = self.open(writes=False)
        try:
            yield session
        finally:
            self.finish(session, keep=False)

    def dispose(self) -> None:
        self.engine.dispose()


class GuardsMissing(Exception):
    """After a migration, a frozen table is not guarded as it should be; the message names each guard."""


def upgrade(address: str, app_address: str = "") -> None:
    """Bring the database to the newest migration; raises GuardsMissing when a migration lost a guard.

    `address` is that of the role that owns the tables; `app_address` that of the app where it is another one.
    """
    url = make_url(address)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(_alembic(address), "head")
    with as_owner(address) as connection:
        faults = guards.faults(connection, WRITE_ONCE)
        jobs_ready = jobs.is_current(connection)
    if faults:
        raise GuardsMissing("; ".join(faults))
    if not jobs_ready:
        jobs.migrate(address, app_address)


@contextmanager
def as_owner(address: str) -> Iterator[Connection]:
    """One transaction on a connection that owns the tables, as migrations do: guards hold, nothing else does."""
    engine = create_engine(make_url(address), poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_owner)
        event.listen(engine, "begin", _begin_sqlite)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def is_current(database: Database) -> bool:
    """Whether every migration has been applied."""
    script = ScriptDirectory.from_config(_alembic(database.address))
    with database.engine.connect() as connection:
        at_head = set(MigrationContext.configure(connection).get_current_heads()) == set(script.get_heads())
        return at_head and jobs.is_current(connection)


def _alembic(address: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    config.attributes["address"] = address
    return config


def _engine(address: str) -> Engine:
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"isolation_level": None})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=3,
        connect_args={"options": "-c statement_timeout=30000 -c timezone=UTC"},
    )


def _do(acts: list[Callable[[], object]]) -> None:
    """What was kept stays kept, whatever happens now."""
    for act in acts:
        try:
            act()
        except Exception:
            _LOG.exception("Something that follows a kept transaction could not be done")


def _prepare_sqlite(connection: Any, _: Any) -> None:
    _set_pragmas(connection)
    connection.set_authorizer(authorizer(table for table, _ in WRITE_ONCE))


def _prepare_owner(connection: Any, _: Any) -> None:
    connection.isolation_level = None
    _set_pragmas(connection)


def _set_pragmas(connection: DBAPIConnection) -> None:
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # A transaction that reads and then writes would fail at once when somebody else wrote in between,
    # so writing ones take the lock when they begin; reading ones cannot write at all.
    writes = connection.get_execution_options().get("hea_writes", True)
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
