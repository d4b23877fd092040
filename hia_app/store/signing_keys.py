"""The private keys that sign records: one file each, in a folder that only the service may read."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hia_app.domain.chain import key_id

if TYPE_CHECKING:  # the library is slow to load, and only signing and checking need it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SUFFIX = ".pem"
PUBLIC = ".pub"  # stays when the private key is destroyed after its time


class KeyNotUsable(Exception):
    """A key file is not there, not a key of ours, or open to others; the message says which and why."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key at hand; the private half is never printed."""

    id: str
    public: bytes
    _private: Ed25519PrivateKey = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        """64 bytes; the same message always gives the same ones."""
        return self._private.sign(message)


def known(folder: Path) -> list[str]:
    """The ids of the keys in the folder, in order of their making."""
    if not folder.is_dir():
        return []
    files = sorted(folder.glob(f"*{SUFFIX}"), key=lambda file: (file.stat().st_mtime_ns, file.name))
    return [file.stem for file in files]


def ever_made(folder: Path) -> frozenset[str]:
    """The ids of all keys that were made here, whether or not their private halves are still kept."""
    if not folder.is_dir():
        return frozenset()
    return frozenset(file.stem for suffix in (SUFFIX, PUBLIC) for file in folder.glob(f"*{suffix}"))


def read(folder: Path, name: str) -> SigningKey:
    """The key of this id; raises KeyNotUsable."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    path = folder / f"{name}{SUFFIX}"
    try:
        if path.stat().st_mode & 0o077:
            raise KeyNotUsable(f"{path}: others may read this key; allow only its owner (chmod 600)")
        private = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise KeyNotUsable(f"{path}: {error.strerror}") from None
    except (ValueError, TypeError):
        raise KeyNotUsable(f"{path}: this is not a private key without a password") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyNotUsable(f"{path}: this is not an Ed25519 key")
    found = _signing_key(private)
    if found.id != name:
        raise KeyNotUsable(f"{path}: the file is named after another key; this one is {found.id}")
    return found


def make(folder: Path) -> SigningKey:
    """A new key, in a file of its own that only its owner may read."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    private = Ed25519PrivateKey.generate()
    made = _signing_key(private)
    content = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / f"{made.id}{PUBLIC}").write_text(made.public.hex() + "\n", "ascii")
    path = folder / f"{made.id}{SUFFIX}"
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())  # a signature whose key was lost at power loss could never be followed by another
    return made


def signature_is_right(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature over the message is that of the key; False also for what is no key or signature."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _signing_key(private: Ed25519PrivateKey) -> SigningKey:
    public = private.public_key().public_bytes_raw()
    return SigningKey(key_id(public), public, private)
