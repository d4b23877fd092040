"""The whole app for a test; what takes long to build and is the same for all tests is built once in a process."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from hia_app.app import create_app
from hia_app.config import Settings
from hia_app.db import Database
from hia_app.web.request import Installation

NOBODYS = {"instance": Path("nowhere"), "database_url": ""}  # what every test has for itself; pages know nothing of it


@contextmanager
def installed(settings: Settings) -> Iterator[Flask]:
    """The app on these settings, and on nothing that an earlier test left behind."""
    app = _built(settings.model_copy(update=NOBODYS))
    first: Installation = app.extensions["hea"]
    app.extensions["hea"] = mine = Installation(settings, Database(settings.address), first.shelf)
    kept = dict(app.config)
    try:
        yield app
    finally:
        mine.database.dispose()
        app.extensions["hea"] = first
        app.config.clear()
        app.config.update(kept)
        app.test_client_class = None


@functools.cache
def _built(settings: Settings) -> Flask:
    return create_app(settings)
