"""How long an import of all of England takes, and how much memory: it must be short and must not grow with the file."""

from __future__ import annotations

import gc
import io
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from hia_app import config, db
from hia_app.domain.policy import Actor, Role
from hia_app.services import area_files, areas
from hia_app.services.work import Work
from hia_app.store.questionnaires import Shelf
from tests.support.areas import WORDS, lines, row

ENGLAND, TOWN = 33_755, 500  # areas
KEEPER = Actor("", "The bench", frozenset({Role.ADMINISTRATOR}))
SECRET = "only-for-the-bench-0123456789-abcdefgh"


def run() -> list[tuple[str, float]]:
    """(what was measured, milliseconds of the clock); peaks of memory are in megabytes."""
    england, town = _table(ENGLAND), _table(TOWN)
    with tempfile.TemporaryDirectory() as folder:
        settings = config.load({}, mode="test", instance=Path(folder), secret_key=SECRET)
        db.upgrade(settings.address)
        database = db.Database(settings.address)
        shelf = Shelf.load(settings.questionnaires)
        try:
            start = time.perf_counter()
            with area_files.checked(io.BytesIO(england)):
                pass
            checked = time.perf_counter()
            with _working(database, settings, shelf) as work:
                areas.import_file(work, io.BytesIO(england), **WORDS)
            imported = time.perf_counter()
            peaks = [_peak(database, settings, shelf, content) for content in (town, england)]
        finally:
            database.dispose()
    return [
        (f"check of {ENGLAND:,} areas, {len(england) / 1e6:.1f} MB", (checked - start) * 1000),
        ("check, write and commit of the same", (imported - checked) * 1000),
        (f"peak of memory for {TOWN} areas (MB)", peaks[0]),
        (f"peak of memory for {ENGLAND:,} areas (MB)", peaks[1]),
    ]


def _table(number: int) -> bytes:
    return "".join(lines(row(place, number) for place in range(1, number + 1))).encode()


@contextmanager
def _working(database: db.Database, settings: config.Settings, shelf: Shelf) -> Iterator[Work]:
    with database.writing() as session:
        yield _work(session, settings, shelf)


def _work(session: Session, settings: config.Settings, shelf: Shelf) -> Work:
    return Work(session, KEEPER, datetime.now(UTC), settings, shelf)


def _peak(database: db.Database, settings: config.Settings, shelf: Shelf, content: bytes) -> float:
    """Megabytes that an import needs beyond the file itself."""
    gc.collect()
    file = io.BytesIO(content)
    tracemalloc.start()
    with _working(database, settings, shelf) as work:
        areas.import_file(work, file, **WORDS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6
