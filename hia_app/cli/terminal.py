"""What every command shares: how it speaks, how it stops, and in whose name it acts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hia_app.config import Settings

if TYPE_CHECKING:  # a command that only says what it can do starts without the database
    from hia_app.services.work import Work

DONE, FAILED = 0, 1
NOT_UNDERSTOOD = 2  # a command, or a file of figures, that makes no sense; argparse uses it too


class Stop(Exception):
    """The command cannot go on; the message is for the person at the terminal."""


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(text: str, code: int = FAILED) -> int:
    """Say on standard error what is wrong, and give the exit code for it."""
    sys.stderr.write("".join(f"hia: {line}\n" for line in text.splitlines() or ["something went wrong"]))
    return code


@contextmanager
def working(settings: Settings, *, writes: bool = True) -> Iterator[Work]:
    """One transaction in the name of whoever may run commands on the server; what it changes is in the history."""
    from hia_app import db
    from hia_app.domain.policy import Actor, Role
    from hia_app.services.work import Work
    from hia_app.store.questionnaires import Shelf

    database = db.Database(settings.address)
    try:
        if not db.is_current(database):
            raise Stop("The database is not up to date. Run `hia db upgrade` first.")
        actor = Actor("", "The command line", frozenset({Role.ADMINISTRATOR, Role.SCRUTINY}))
        shelf = Shelf.load(settings.questionnaires)
        with database.writing() if writes else database.reading() as session:
            yield Work(session, actor, datetime.now(UTC), settings, shelf)
    finally:
        database.dispose()
