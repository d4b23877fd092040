"""Keeps one worker process running beside the web server, started again whenever it ends."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from hia_app.cli.terminal import complain

_COMMAND = "import sys; from hia_app.cli import main; sys.exit(main(sys.argv[1:]))"
_PAGES_FIRST = 1.5  # seconds that whoever waits for the first page has the machine to themselves
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0  # seconds before it is started again
_QUIETLY = 10.0  # the same where it was told to end
_HEALTHY = 60.0  # having run this long, the next end is the first one again
_PATIENCE = 10.0  # seconds in which it may end by itself


@contextmanager
def keeping_a_worker() -> Iterator[None]:
    """While the block lasts, a worker runs; afterwards it has ended."""
    stop = threading.Event()
    thread = threading.Thread(target=_keep, args=(stop,), name="keeper of the worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_PATIENCE + 5)


def _keep(stop: threading.Event) -> None:
    wait = _FIRST_WAIT
    stop.wait(_PAGES_FIRST)
    while not stop.is_set():
        began = time.monotonic()
        worker = subprocess.Popen([sys.executable, "-c", _COMMAND, "worker", "--parent", str(os.getpid())])
        while worker.poll() is None and not stop.wait(0.2):
            pass
        if stop.is_set():
            _end(worker)
            return
        wait = _FIRST_WAIT if time.monotonic() - began > _HEALTHY else min(wait * 2, _LONGEST_WAIT)
        if worker.returncode == 0:  # it was told to: by Ctrl-C, which reaches it before it has ended the server
            wait = _QUIETLY
        else:
            complain(f"the worker ended with {worker.returncode}; it is started again in {wait:.0f} s")
        stop.wait(wait)


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    try:
        worker.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
