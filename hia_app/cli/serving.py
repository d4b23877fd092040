"""Starting the service: its database, its demonstration, its server."""

from __future__ import annotations

import argparse
import os
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hia_app import config
from hia_app.cli import keeper
from hia_app.cli.terminal import DONE, Stop, say
from hia_app.config import Settings

if TYPE_CHECKING:  # a command that only says what it can do starts without the server
    from granian.server.common import AbstractServer as Server


def serve(chosen: argparse.Namespace) -> int:
    if chosen.port:
        os.environ["PORT"] = str(chosen.port)  # the server's own processes read their settings themselves
    settings = config.load()
    _check_ready(settings)
    _announce(settings)
    with nullcontext() if chosen.no_worker else keeper.keeping_a_worker():
        _server(settings, chosen).serve()
    return DONE


def work(chosen: argparse.Namespace) -> int:
    settings = config.load()
    _check_ready(settings)
    from hia_app.worker import running

    return running.run(settings, chosen.parent)


def _server(settings: Settings, chosen: argparse.Namespace) -> Server:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    return Granian(
        "hia_app.app:create_app",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=chosen.workers or settings.workers,
        blocking_threads=1,  # threads that share an SQLite file make saving wait; processes do not
        backpressure=64,
        respawn_failed_workers=True,
        workers_kill_timeout=3,  # Ctrl-C reaches the processes too, and one that hears it twice may wait for ever
        log_level=LogLevels.warning,
        websockets=False,
    )


def _check_ready(settings: Settings) -> None:
    """Refuse to start on a database or questionnaires that the app cannot work with."""
    from hia_app import db
    from hia_app.services import signing
    from hia_app.store.questionnaires import Shelf

    database = db.Database(settings.address)
    try:
        if not db.is_current(database):
            raise Stop("The database is not up to date. Run `hia db upgrade` first.")
        with database.reading() as session:
            signs = signing.is_ready(session, settings)
        if settings.mode == "production" and not signs:
            raise Stop(f"{settings.keys_folder}: no key to sign records with. Make one with `hia archive keys new`.")
    finally:
        database.dispose()
    Shelf.load(settings.questionnaires)


def _announce(settings: Settings) -> None:
    from hia_app.demo import people

    lines = [f"{settings.service_name} at {settings.public_url}  (stop with Ctrl-C)"]
    shown = people.kept(settings.instance) if settings.mode != "production" else []
    if shown:
        lines += ["", "Demonstration people, and how each signs in:"]
        lines += [f"  {one['role']:<15} {one['email']:<30} {one['password']}" for one in shown]
        lines += ["", f"(kept in {settings.instance / people.FILE})"]
    say("\n".join(lines))


def upgrade(_: argparse.Namespace) -> int:
    from hia_app import db

    settings = config.load()
    db.upgrade(settings.owner_address, settings.address)
    say("The database is up to date.")
    return DONE


def load_demonstration(chosen: argparse.Namespace) -> int:
    from hia_app import db
    from hia_app.demo import load
    from hia_app.store.questionnaires import Shelf
    from hia_app.web.printing import printer

    settings = config.load()
    if settings.mode == "production":
        raise Stop("The demonstration is not loaded in production.")
    database = db.Database(settings.address)
    try:
        if not load.is_empty(database):
            if chosen.if_empty:
                return DONE
            raise Stop("There are people in this database already; the demonstration needs an empty one.")
        load.load(database, settings, Shelf.load(settings.questionnaires), printer(settings), datetime.now(UTC))
    finally:
        database.dispose()
    if not chosen.quiet:
        say(f"The demonstration is loaded. Who signs in how: {settings.instance / 'demo-people.toml'}")
    return DONE
