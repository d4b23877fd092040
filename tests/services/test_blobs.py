"""Bytes are kept once, by their hash, in a folder or in a bucket; both keep the same promises."""

from __future__ import annotations

import hashlib
import http.client
import io
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hia_app.store.blobs import Blobs, Bucket, Folder, NotStored, StoreUnavailable, whole
from tests.support.servers import free_port

SECRETS = ("an-id", "a-secret")


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def kept(blobs: Blobs, content: bytes) -> str:
    blobs.put(sha(content), io.BytesIO(content), len(content))
    return sha(content)


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A real S3 server (moto's) on loopback, with one bucket in it."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            assert server.poll() is None, "the S3 server ended"
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        address = f"http://127.0.0.1:{port}"
        _make_bucket(address)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)


def _make_bucket(address: str) -> None:
    """One plain PUT; the server asks for a signature and does not check it."""
    line = http.client.HTTPConnection(address.removeprefix("http://"), timeout=20)
    credential = "AWS4-HMAC-SHA256 Credential=an-id/20261123/us-east-1/s3/aws4_request"
    line.request("PUT", "/evidence", headers={"Authorization": credential})
    assert line.getresponse().status == 200
    line.close()


@pytest.fixture(params=["folder", "bucket"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "folder":
        return Folder(tmp_path / "files")
    return Bucket("evidence", request.getfixturevalue("s3"), "us-east-1", f"run-{time.time_ns()}", *SECRETS)


@pytest.mark.parametrize("size", [1, 1_048_576, 1_048_577, 12_000_001])
def test_what_is_kept_comes_back(blobs: Blobs, size: int) -> None:
    content = os.urandom(size)
    name = kept(blobs, content)
    assert b"".join(blobs.pieces(name)) == whole(blobs, name) == content
    assert blobs.exists(name)
    assert blobs.size(name) == size


def test_keeping_the_same_again_changes_nothing(blobs: Blobs) -> None:
    assert kept(blobs, b"one") == kept(blobs, b"one")
    assert whole(blobs, sha(b"one")) == b"one"


def test_what_is_not_kept_is_said_so(blobs: Blobs) -> None:
    name = sha(b"never kept")
    assert not blobs.exists(name)
    for ask in (blobs.size, lambda one: list(blobs.pieces(one)), lambda one: whole(blobs, one)):
        with pytest.raises(NotStored):
            ask(name)


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "g" * 64, "a" * 64 + "\n", "a/../" + "b" * 59]
)
def test_nothing_but_a_hash_is_a_name(blobs: Blobs, name: str) -> None:
    for ask in (blobs.exists, blobs.size, blobs.pieces, lambda one: blobs.put(one, io.BytesIO(b"x"), 1)):
        with pytest.raises(ValueError, match="SHA-256"):
            ask(name)


def test_bytes_that_are_not_those_of_the_hash_are_never_kept(blobs: Blobs) -> None:
    name = sha(b"right")
    with pytest.raises(StoreUnavailable):
        blobs.put(name, io.BytesIO(b"wrong"), 5)
    assert not blobs.exists(name)


def test_a_folder_is_open_to_nobody_else_and_holds_no_halves(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "files")
    name = kept(folder, b"secret")
    with pytest.raises(StoreUnavailable):
        folder.put(sha(b"other"), io.BytesIO(b"cut off"), 5)
    found = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert [path.name for path in found] == [name]
    assert stat.S_IMODE(found[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(found[0].parent.stat().st_mode) == 0o700


def test_a_changed_file_is_not_handed_over_as_what_it_was(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "files")
    name = kept(folder, b"the real one")
    next(path for path in tmp_path.rglob(name)).write_bytes(b"another one!")
    with pytest.raises(NotStored):
        whole(folder, name)


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where the folder should be")
    with pytest.raises(StoreUnavailable):
        kept(Folder(tmp_path / "files"), b"x")


def test_a_service_that_is_not_there_says_so() -> None:
    bucket = Bucket("evidence", f"http://127.0.0.1:{free_port()}", "us-east-1", "", *SECRETS)
    with pytest.raises(StoreUnavailable):
        kept(bucket, b"x")
    with pytest.raises(StoreUnavailable):
        bucket.pieces(sha(b"x"))


def test_a_wrong_bucket_keeps_nothing(s3: str) -> None:
    bucket = Bucket("no-such-bucket", s3, "us-east-1", "", *SECRETS)
    with pytest.raises(StoreUnavailable):
        kept(bucket, b"x")
