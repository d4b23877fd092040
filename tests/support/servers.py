"""Real servers on a free loopback port: a quick one inside the test process, and the product's own."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class LiveServer:
    """A server that answers at `url`; `app` is the application when it runs in this process."""

    url: str
    app: Flask | None = None


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Requests are not worth a line in a test's output; errors arrive through the app's own log."""


@contextmanager
def serving(app: Flask) -> Iterator[LiveServer]:
    """The app behind a threaded server in this process: starts in milliseconds, one for each test."""
    # A browser that leaves a page drops the files it was loading, and what compresses them would leave them open.
    app.config["COMPRESS_STREAMS"] = False
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield LiveServer(f"http://127.0.0.1:{server.server_port}", app)
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def product_serving(instance: Path, address: str = "", **settings: str) -> Iterator[LiveServer]:
    """`hia serve` as people start it, on its own folder and database; ended as Ctrl-C would."""
    port = free_port()
    given = {"PORT": str(port), "HEA_INSTANCE": str(instance), "HEA_DATABASE_URL": address}
    given |= {f"HEA_{name.upper()}": value for name, value in settings.items()}
    log = instance / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-c", "from hia_app.cli import main; main()", "serve"],
            cwd=ROOT,
            env=os.environ | given,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_answered(url, server, log)
            yield LiveServer(url)
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


def _wait_until_answered(url: str, server: subprocess.Popen[bytes], log: Path, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310  (our own address)
        except urllib.error.HTTPError as answer:
            answer.close()
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"The server did not answer at {url}:\n{log.read_text(errors='replace')[-4000:]}")
