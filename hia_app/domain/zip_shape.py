"""Reads the table of contents at the end of an archive, and nothing behind it: no part is ever unpacked here.

Office files are such archives. The layout is that of the ZIP specification (APPNOTE 6.3.10, sections 4.3.7, 4.3.12
and 4.3.16). What does not lie exactly where the table says is refused, so that a file cannot be two things at once.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

_END = b"PK\x05\x06"
_ENTRY = b"PK\x01\x02"
_PART = b"PK\x03\x04"
_END_SIZE, _ENTRY_SIZE, _PART_SIZE = 22, 46, 30
_LONGEST_COMMENT = 65_535
_STORED = 0
_ENCRYPTED = 0x1
MOST_PARTS = 10_000


class NotAnArchive(ValueError):
    """The file is not an archive as the specification says; the message completes “the file …”."""


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of the table of contents: its name, what it says of its sizes in bytes, and where it begins."""

    name: str
    packed: int
    unpacked: int
    begins: int
    locked: bool  # by a password


def end_of_archive(tail: bytes) -> int:
    """Where in `tail` the end record of an archive stands that ends exactly with the file; -1 when there is none."""
    place = tail.rfind(_END, max(0, len(tail) - _END_SIZE - _LONGEST_COMMENT))
    while place >= 0:
        if len(tail) - place >= _END_SIZE:
            (comment,) = struct.unpack_from("<H", tail, place + 20)
            if place + _END_SIZE + comment == len(tail):
                return place
        place = tail.rfind(_END, 0, place)
    return -1


def parts(size: int, head: bytes, tail: bytes) -> tuple[Part, ...]:
    """The table of contents of an archive of `size` bytes, from its first and last bytes; raises NotAnArchive."""
    end = end_of_archive(tail)
    if not head.startswith(_PART) or end < 0:
        raise NotAnArchive("is damaged or is not what its name says")
    disk, first_disk, here, count, length, begins = struct.unpack_from("<HHHHII", tail, end + 4)
    offset = size - len(tail)
    if disk or first_disk or here != count or not 0 < count <= MOST_PARTS:
        raise NotAnArchive("is damaged, or has more parts than any document needs")
    if begins + length != offset + end or begins < offset:
        raise NotAnArchive("is damaged, or something was added to it")
    found = tuple(_entries(tail[begins - offset : end], count))
    if min(part.begins for part in found) != 0 or max(part.begins for part in found) >= begins:
        raise NotAnArchive("is damaged, or something was put in front of it")
    if len({part.name for part in found}) != count:
        raise NotAnArchive("holds two parts of the same name")
    return found


def first_stored(head: bytes, name: str) -> bytes:
    """What follows the header of the first part, if it has this name and is not packed; else nothing."""
    if len(head) < _PART_SIZE or not head.startswith(_PART):
        return b""
    method, length, extra = (struct.unpack_from("<H", head, at)[0] for at in (8, 26, 28))
    named = head[_PART_SIZE : _PART_SIZE + length] == name.encode("ascii")
    return head[_PART_SIZE + length + extra :] if named and method == _STORED else b""


def _entries(table: bytes, count: int) -> list[Part]:
    found, place = [], 0
    for _ in range(count):
        if table[place : place + 4] != _ENTRY or len(table) - place < _ENTRY_SIZE:
            raise NotAnArchive("has a damaged table of contents")
        (flags,) = struct.unpack_from("<H", table, place + 8)
        packed, unpacked, name, extra, comment = struct.unpack_from("<IIHHH", table, place + 20)
        (begins,) = struct.unpack_from("<I", table, place + 42)
        start = place + _ENTRY_SIZE
        text = table[start : start + name].decode("utf-8", "replace")
        found.append(Part(text, packed, unpacked, begins, bool(flags & _ENCRYPTED)))
        place = start + name + extra + comment
    if place != len(table):
        raise NotAnArchive("has a damaged table of contents")
    return found
