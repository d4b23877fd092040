"""A scanner that talks as clamd does and behaves as a test wants: well, badly, late, in riddles or not at all."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.files import EICAR

MANNERS: dict[str, bytes | None] = {
    "well": None,
    "riddles": b"stream: maybe\0",
    "nearly": b"stream: OK FOUND OK\0",
    "another file": b"other: OK\0",
    "error": b"INSTREAM size limit exceeded. ERROR\0",
    "nothing": b"",
    "noise": b"\xff\xfe\0\x01" * 3_000,
    "empty line": b"\0",
}


class Clamd:
    """Answers one conversation at a time; `seen` is what it was sent."""

    def __init__(self, manners: str, line: socket.socket) -> None:
        self.manners = manners
        self.seen: list[bytes] = []
        self._line = line
        self._end = threading.Event()

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self._line.getsockname()[1]}"

    def serve(self) -> None:
        while not self._end.is_set():
            try:
                conversation, _ = self._line.accept()
            except OSError:
                return
            with conversation:
                conversation.settimeout(5)
                try:
                    self._talk(conversation)
                except OSError:
                    continue

    def stop(self) -> None:
        self._end.set()
        self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()

    def _talk(self, line: socket.socket) -> None:
        if self.manners == "hangs up":
            return
        if self.manners == "hangs":
            self._end.wait(5)
            return
        assert _exactly(line, 10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", _exactly(line, 4))[0]:
            content += _exactly(line, size)
        self.seen.append(content)
        if self.manners == "late":
            self._end.wait(5)
            return
        if self.manners == "drips":
            while not self._end.wait(0.2):
                line.sendall(b"s")
            return
        answer = MANNERS[self.manners]
        if answer is None:
            answer = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        line.sendall(answer)


def _exactly(line: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        piece = line.recv(size - len(found))
        if not piece:
            raise ConnectionResetError
        found += piece
    return found


@contextmanager
def clamd(manners: str = "well") -> Iterator[Clamd]:
    line = socket.create_server(("127.0.0.1", 0))
    scanner = Clamd(manners, line)
    thread = threading.Thread(target=scanner.serve, daemon=True)
    thread.start()
    try:
        yield scanner
    finally:
        scanner.stop()
        thread.join(10)


def nobody() -> str:
    """The address of a scanner that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as line:
        return f"tcp://127.0.0.1:{line.getsockname()[1]}"
