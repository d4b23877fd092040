"""Which workers are alive: each holds one numbered slot, and the lock on it vanishes with the process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, NullPool, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

SLOTS = 16
_CLASS = 4_817_239  # the first half of our advisory locks on PostgreSQL; the slot is the second


class NoSlot(Exception):
    """Every slot is taken: there are as many workers as there may be."""


class SlotLost(Exception):
    """The connection that held the slot is gone, so another worker may have taken it."""


class Slots(Protocol):
    """Locks on numbers, of which one is held for as long as the worker lives."""

    def take(self) -> int:
        """The first free slot, held until the process ends; raises NoSlot."""

    def trying(self, slot: int) -> AbstractContextManager[bool]:
        """Whether a slot was free; while the block lasts, nobody else has it."""

    def check(self) -> None:
        """Raise SlotLost when our own lock is not held any more."""

    def close(self) -> None: ...


class FileSlots:
    """For SQLite: locked files beside the database, which end with the process that holds them."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._held = -1

    def take(self) -> int:
        for slot in range(SLOTS):
            descriptor = self._lock(slot)
            if descriptor is not None:
                self._held = descriptor
                return slot
        raise NoSlot(f"{SLOTS} workers are running on this database already")

    @contextmanager
    def trying(self, slot: int) -> Iterator[bool]:
        descriptor = self._lock(slot)
        try:
            yield descriptor is not None
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def check(self) -> None:
        """A file that is locked stays so while we live."""

    def close(self) -> None:
        if self._held >= 0:
            os.close(self._held)
            self._held = -1

    def _lock(self, slot: int) -> int | None:
        path = self._database.with_name(f"{self._database.name}-worker{slot}")
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return None
        return descriptor


class AdvisorySlots:
    """For PostgreSQL: advisory locks of one session, which end with its connection."""

    def __init__(self, address: str) -> None:
        self._engine = create_engine(make_url(address), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._connection: Connection = self._engine.connect()

    def take(self) -> int:
        for slot in range(SLOTS):
            if self._lock(slot):
                return slot
        raise NoSlot(f"{SLOTS} workers are running on this database already")

    @contextmanager
    def trying(self, slot: int) -> Iterator[bool]:
        free = self._lock(slot)
        try:
            yield free
        finally:
            if free:
                self._ask("SELECT pg_advisory_unlock(:class, :slot)", slot)

    def check(self) -> None:
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError as error:
            raise SlotLost(str(error.orig)) from None

    def close(self) -> None:
        self._connection.close()
        self._engine.dispose()

    def _lock(self, slot: int) -> bool:
        return bool(self._ask("SELECT pg_try_advisory_lock(:class, :slot)", slot))

    def _ask(self, statement: str, slot: int) -> object:
        try:
            return self._connection.scalar(text(statement), {"class": _CLASS, "slot": slot})
        except DBAPIError as error:
            raise SlotLost(str(error.orig)) from None


def slots_of(address: str) -> Slots:
    """The slots of the workers on one database."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        return FileSlots(Path(url.database or ""))
    return AdvisorySlots(address)
