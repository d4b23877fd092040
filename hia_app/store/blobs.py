"""Where the bytes of evidence files are kept: by their SHA-256, once, for as long as the installation lives.

One small interface with two places behind it: a folder of this machine, or a bucket of any S3-compatible service.
Nothing here ever deletes, and no name that a person gave ever becomes part of a path.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol, cast

from hia_app.config import Settings

if TYPE_CHECKING:
    from obstore.store import S3Config

PIECE = 1_048_576  # bytes read or sent at a time
_HASH = re.compile(r"[0-9a-f]{64}")


class NotStored(Exception):
    """No bytes are kept under this hash."""


class StoreUnavailable(Exception):
    """The place where files are kept did not answer, or has no room; nothing was kept."""


class Blobs(Protocol):
    """Where bytes are kept by their SHA-256 (64 hexadecimal digits; anything else is a ValueError)."""

    def put(self, sha256: str, stream: IO[bytes], size: int) -> None:
        """Keep what is left of `stream`, all of it or nothing; keeping the same bytes again changes nothing."""

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """The bytes in order; raises NotStored before the first of them."""

    def exists(self, sha256: str) -> bool: ...

    def size(self, sha256: str) -> int:
        """How many bytes are kept under this hash; raises NotStored."""


def whole(blobs: Blobs, sha256: str) -> bytes:
    """All bytes at once, checked against their hash; raises NotStored also when they are not what they were."""
    content = b"".join(blobs.pieces(sha256))
    if hashlib.sha256(content).hexdigest() != sha256:
        raise NotStored(sha256)
    return content


def blobs_of(settings: Settings) -> Blobs:
    """The place that the settings name; S3-compatible when there is a bucket, else the folder."""
    if not settings.files_bucket:
        return Folder(settings.files_folder)
    return _bucket(
        settings.files_bucket,
        settings.files_endpoint,
        settings.files_region,
        settings.files_prefix,
        settings.files_key_id,
        settings.files_key,
    )


class Folder:
    """A folder outside the web root: files and folders open to the service's own user alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, sha256: str, stream: IO[bytes], size: int) -> None:
        path = self._path(sha256)
        if path.is_file() and path.stat().st_size == size:
            return
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(path, sha256, stream)
        except OSError as error:
            raise StoreUnavailable(error.strerror or "the folder cannot be written") from error

    def pieces(self, sha256: str) -> Iterator[bytes]:
        try:
            file = self._path(sha256).open("rb")
        except FileNotFoundError:
            raise NotStored(sha256) from None
        except OSError as error:
            raise StoreUnavailable(error.strerror or "the folder cannot be read") from error
        return _read(file)

    def exists(self, sha256: str) -> bool:
        return self._path(sha256).is_file()

    def size(self, sha256: str) -> int:
        try:
            return self._path(sha256).stat().st_size
        except FileNotFoundError:
            raise NotStored(sha256) from None

    def _path(self, sha256: str) -> Path:
        return self._folder / _checked(sha256)[:2] / sha256


class Bucket:
    """A bucket of an S3-compatible service."""

    def __init__(self, bucket: str, endpoint: str, region: str, prefix: str, key_id: str, key: str) -> None:
        from obstore.store import S3Store

        # Without a key of its own the client asks the machine it runs on, as Amazon's services do.
        config: dict[str, Any] = {"region": region, "virtual_hosted_style_request": not endpoint}
        config |= {"endpoint": endpoint} if endpoint else {}
        config |= {"access_key_id": key_id, "secret_access_key": key} if key_id else {}
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            config=cast("S3Config", config),
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=5),
                "timeout": timedelta(seconds=60),
            },
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=15)},
        )

    def put(self, sha256: str, stream: IO[bytes], size: int) -> None:
        import obstore
        from obstore.exceptions import BaseError

        try:
            if self.exists(sha256) and self.size(sha256) == size:
                return
            obstore.put(self._store, _checked(sha256), _counted(stream, sha256))
        except (BaseError, OSError) as error:
            raise StoreUnavailable("the file service did not take it") from error

    def pieces(self, sha256: str) -> Iterator[bytes]:
        import obstore
        from obstore.exceptions import BaseError

        try:
            answer = obstore.get(self._store, _checked(sha256))
        except FileNotFoundError:
            raise NotStored(sha256) from None
        except (BaseError, OSError) as error:
            raise StoreUnavailable("the file service did not answer") from error
        return (bytes(piece) for piece in answer.stream(min_chunk_size=PIECE))

    def exists(self, sha256: str) -> bool:
        try:
            self.size(sha256)
        except NotStored:
            return False
        return True

    def size(self, sha256: str) -> int:
        import obstore
        from obstore.exceptions import BaseError

        try:
            return int(obstore.head(self._store, _checked(sha256))["size"])
        except FileNotFoundError:
            raise NotStored(sha256) from None
        except (BaseError, OSError) as error:
            raise StoreUnavailable("the file service did not answer") from error


@lru_cache(maxsize=4)
def _bucket(*settings: str) -> Bucket:
    """One client for each set of settings, so that its connections are used again."""
    return Bucket(*settings)


def _counted(stream: IO[bytes], sha256: str) -> Iterator[bytes]:
    """The pieces of a stream; an error at its end, before anything is kept, when they are not what was promised."""
    digest = hashlib.sha256()
    while piece := stream.read(PIECE):
        digest.update(piece)
        yield piece
    if digest.hexdigest() != sha256:
        raise OSError("the bytes are not those of the hash")


def _write(path: Path, sha256: str, stream: IO[bytes]) -> None:
    """To a name of its own first, then to its place in one step: nobody ever sees half a file."""
    new = path.with_name(f".new-{secrets.token_hex(16)}")
    try:
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            for piece in _counted(stream, sha256):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        _sync(path.parent)
    finally:
        new.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Make the new name itself survive a power cut; Windows has no such call and does not need it."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _checked(sha256: str) -> str:
    if not _HASH.fullmatch(sha256):
        raise ValueError("not a SHA-256 in hexadecimal digits")
    return sha256
