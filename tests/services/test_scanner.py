"""A file is clean only when the scanner says so, in its own words and in time."""

from __future__ import annotations

import io
import socket
import threading
import time
from pathlib import Path

import pytest

from hia_app.store.scanner import ScannerUnavailable, finding
from tests.support.clamd import MANNERS, Clamd, clamd, nobody
from tests.support.files import EICAR, PDF


def asked(address: str, content: bytes, seconds: float = 2) -> str:
    return finding(address, io.BytesIO(content), seconds)


def test_a_clean_file_is_clean_and_was_seen_whole() -> None:
    content = PDF * 3_000
    with clamd() as scanner:
        assert asked(scanner.address, content) == ""
        assert scanner.seen == [content]


def test_a_finding_is_named() -> None:
    with clamd() as scanner:
        assert asked(scanner.address, b"text before " + EICAR) == "Eicar-Test-Signature"


@pytest.mark.parametrize("manners", [*(one for one in MANNERS if one != "well"), "hangs up", "hangs", "late", "drips"])
def test_whatever_else_it_says_or_does_not_say_is_no_answer(manners: str) -> None:
    began = time.monotonic()
    with clamd(manners) as scanner, pytest.raises(ScannerUnavailable):
        asked(scanner.address, PDF, 0.5)
    assert time.monotonic() - began < 4


def test_a_scanner_that_is_not_there_is_no_answer() -> None:
    with pytest.raises(ScannerUnavailable):
        asked(nobody(), PDF)
    with pytest.raises(ScannerUnavailable):
        asked("unix:///nowhere/clamd.ctl", PDF)


def test_a_scanner_may_be_a_socket_of_this_machine(tmp_path: Path) -> None:
    path = tmp_path / "clamd.ctl"
    line = socket.socket(socket.AF_UNIX)
    line.bind(str(path))
    line.listen()
    scanner = Clamd("well", line)
    thread = threading.Thread(target=scanner.serve, daemon=True)
    thread.start()
    assert asked(f"unix://{path}", EICAR) == "Eicar-Test-Signature"
    scanner.stop()
    thread.join(10)
