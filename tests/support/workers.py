"""Worker processes with duties that leave a line for each thing they do, for tests that kill them.

Run as a program it is the nursery: it loads everything once, and forks one such worker for each line it is sent.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STEPS = 8
POISON = "poison"


@dataclass
class Workers:
    """Some workers on one database, and the lines they left: who, what, which step."""

    nursery: "subprocess.Popen[bytes]"
    lines_file: Path
    pids: list[str] = field(default_factory=list)

    def start(self, count: int = 1) -> None:
        self.nursery.stdin.write(b"one more\n" * count)
        self.nursery.stdin.flush()
        wanted = len(self.pids) + count
        self.until(lambda: len(self.lines("ready")) == wanted)
        self.pids = [pid for pid, *_ in self.lines("ready")]

    def lines(self, what: str = "") -> list[tuple[str, str, str]]:
        if not self.lines_file.exists():
            return []
        found = [tuple(line.split(" ")) for line in self.lines_file.read_text().splitlines()]
        return [(one[0], one[1], one[2]) for one in found if what in ("", one[1])]

    def until(self, happened, seconds: float = 40) -> None:
        """Wait until something has happened; fails when it does not."""
        end = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < end, f"it did not happen; lines: {self.lines()[-12:]}"
            time.sleep(0.05)

    def kill(self, pid: str) -> None:
        """kill -9, and wait until the process is gone with its locks."""
        with suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)
        self.until(lambda: pid not in self.alive())

    def alive(self) -> list[str]:
        found = []
        for pid in self.pids:
            with suppress(ProcessLookupError):
                os.kill(int(pid), 0)
                found.append(pid)
        return found


@contextmanager
def workers(address: str, lines_file: Path) -> Iterator[Workers]:
    command = [sys.executable, "-W", "error", "-m", "tests.support.workers", address, str(lines_file)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as nursery:
        found = Workers(nursery, lines_file)
        try:
            yield found
        finally:
            for pid in found.alive():
                found.kill(pid)
            nursery.kill()


def nurse(address: str, lines_file: str) -> None:
    import hia_app.worker.engine  # noqa: F401  (loaded before the forks; launched only after them)

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        if os.fork() == 0:
            main(address, lines_file)


def main(address: str, lines_file: str) -> None:
    from sqlalchemy import make_url

    from hia_app.worker.engine import Engine

    def line(what: str, detail: object = "-") -> None:
        with open(lines_file, "a", encoding="ascii") as file:  # noqa: PTH123  (as short as can be)
            file.write(f"{os.getpid()} {what} {detail}\n")

    def no_network(event: str, arguments: tuple) -> None:
        """Nothing but the database is ever asked for or connected to."""
        if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
            line("network", str(arguments[:2]).replace(" ", ""))

    def build(do_step, subject: str) -> None:
        for number in range(STEPS):
            do_step(lambda number=number: (time.sleep(0.1), line(subject, number))[1])

    def poison(do_step) -> None:
        def act() -> None:
            line(POISON)
            os.kill(os.getpid(), signal.SIGKILL)

        do_step(act)

    if make_url(address).get_backend_name() == "sqlite":  # psycopg reaches its server beside Python's sockets
        sys.addaudithook(no_network)
    every_second = ("* * * * * *", lambda do_step: do_step(lambda: line("tick")))
    engine = Engine(address, {"build_pack": build, "deliver": poison}, {"tick": every_second})
    line("ready", engine.name)
    while True:
        time.sleep(0.3)
        for name in engine.take_over():
            line("took", name)


if __name__ == "__main__":
    nurse(*sys.argv[1:])
