"""Asks a virus scanner about a file, in ClamAV's own protocol; whatever is not a plain “OK” is not one.

The protocol is clamd's INSTREAM: the command, then pieces each with its length in front, then a length of nought; the
answer is one line. See `man clamd`, section “COMMANDS”.
"""

from __future__ import annotations

import socket
import struct
import time
from typing import IO
from urllib.parse import urlsplit

_PIECE = 65_536
_LONGEST_ANSWER = 4_096
_CLEAN = b"stream: OK"
_FOUND = b" FOUND"


class ScannerUnavailable(Exception):
    """The scanner could not be asked, or what it said is not an answer: the file must not be taken."""


def finding(address: str, stream: IO[bytes], seconds: float) -> str:
    """What the scanner at `address` found in the rest of `stream`, "" for nothing; raises ScannerUnavailable.

    `address` is "tcp://host:port" or "unix:///path"; `seconds` is for the whole conversation.
    """
    end = time.monotonic() + seconds
    try:
        with _connected(address, end) as line:
            answer = _asked(line, stream, end)
    except OSError as error:
        raise ScannerUnavailable(str(error) or type(error).__name__) from error
    if answer == _CLEAN:
        return ""
    if answer.startswith(b"stream: ") and answer.endswith(_FOUND):
        name = answer[len(b"stream: ") : -len(_FOUND)].decode("ascii", "replace")
        return "".join(letter for letter in name if letter.isprintable())[:100] or "something unnamed"
    raise ScannerUnavailable("its answer could not be understood")


def _connected(address: str, end: float) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(_left(end))
            line.connect(parts.path)
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((parts.hostname or "", parts.port or 3310), _left(end))


def _asked(line: socket.socket, stream: IO[bytes], end: float) -> bytes:
    """Send the whole stream, then read one answer. A scanner that has seen enough may answer before the end."""
    try:
        _send(line, b"zINSTREAM\0", end)
        while piece := stream.read(_PIECE):
            _send(line, struct.pack(">I", len(piece)) + piece, end)
        _send(line, struct.pack(">I", 0), end)
    except (BrokenPipeError, ConnectionResetError):
        pass  # it hung up: what it said before that is its answer, and nothing is no answer
    return _answer(line, end)


def _answer(line: socket.socket, end: float) -> bytes:
    answer = b""
    while b"\0" not in answer and len(answer) < _LONGEST_ANSWER:
        line.settimeout(_left(end))
        piece = line.recv(_LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.partition(b"\0")[0].strip(b"\r\n")


def _send(line: socket.socket, content: bytes, end: float) -> None:
    line.settimeout(_left(end))
    line.sendall(content)


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError("it took too long")
    return left
