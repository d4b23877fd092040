"""One worker process: takes its slot, does the jobs, takes over from workers that have died, and ends cleanly."""

from __future__ import annotations

import logging
import os
import signal
import threading
from contextlib import suppress

from hia_app.config import Settings
from hia_app.db import Database
from hia_app.store.questionnaires import Shelf
from hia_app.worker.duties import Duties
from hia_app.worker.engine import Engine
from hia_app.worker.slots import SlotLost

_LOG = logging.getLogger(__name__)
LOOKS_EVERY = 2.0  # seconds between looks after workers that have died
FAILED = 1
_NICE = 5  # people who wait for pages go first


def run(settings: Settings, parent: int | None = None) -> int:
    """Work until told to stop, or until `parent` (the process that started us) is gone; gives the exit code."""
    stop = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stop.set())
    with suppress(OSError):
        os.nice(_NICE)
    database = Database(settings.address)
    duties = Duties(settings, database, Shelf.load(settings.questionnaires))
    duties.failed, duties.clear = Engine.failed, Engine.clear
    engine = Engine(settings.address, duties.by_job(), duties.by_time())
    code = 0
    while not stop.wait(LOOKS_EVERY):
        if parent is not None and os.getppid() != parent:
            break
        try:
            engine.take_over()
        except SlotLost as lost:
            _LOG.error("The connection that held this worker's slot is lost: %s", lost)
            code = FAILED
            break
        except Exception:
            _LOG.exception("Looking after other workers failed; tried again soon")
    # What runs now is gone on with from its last step by whoever comes next, so nobody waits for it here.
    os._exit(code)
