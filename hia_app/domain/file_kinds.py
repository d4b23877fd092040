"""Which kinds of file are taken as evidence, and how we see that a file is what its name says, without opening it.

Nothing is decoded or unpacked: only the first and the last bytes are looked at, and the table of contents that an
Office file carries at its end. What a file does when somebody opens it is for the scanner and for their computer.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass

from hia_app.domain import zip_shape
from hia_app.domain.zip_shape import NotAnArchive, Part

HEAD, TAIL = 65_536, 1_048_576  # bytes looked at from both ends of a file
LARGEST_UNPACKED = 300_000_000  # bytes that an Office file may say it holds
LARGEST_RATIO = 200  # times that it may say it grows, once it holds more than a little
_LITTLE = 20_000_000
MOST_PIXELS = 250_000_000
# Bytes that stand in a text in any of the encodings that people save texts in: UTF-8 and the one-byte ones.
TEXT_BYTES = bytes({0x09, 0x0A, 0x0C, 0x0D} | set(range(0x20, 0x7F)) | set(range(0x80, 0x100)))


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a file without opening it: its size, both ends, and whether all its bytes could be text."""

    size: int
    head: bytes
    tail: bytes
    only_text: bool


Check = Callable[[Look], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken; `check` gives "" or why the content is not of this kind (“The file …”)."""

    ending: str
    words: str
    media_type: str
    check: Check


def kind_of(ending: str) -> Kind | None:
    """The kind that a file with this ending has to be; None when it is not taken."""
    return _BY_ENDING.get(ending)


def disagreement(kind: Kind, look: Look) -> str:
    """Why the content is not what the name says, as a sentence; "" when they agree."""
    if not look.size:
        return "The file is empty"
    try:
        found = kind.check(look)
    except NotAnArchive as wrong:
        found = str(wrong)
    return f"The file {found}" if found else ""


def carries_hidden_details(kind: Kind, look: Look) -> bool:
    """Whether a picture says when, with what and perhaps where it was taken (Exif)."""
    return kind.ending in {"jpg", "png"} and (b"Exif\0\0" in look.head or b"eXIf" in look.head)


_NOT_SO = "is not what its name says"
_AGAIN = "Open it, save it again and attach the new file"
_MACROS = re.compile(r"(^|/)vbaproject\.bin$|^xl/macrosheets/|^(basic|scripts)/|(^|/)activex/", re.IGNORECASE)


def _also_an_archive(look: Look) -> bool:
    return zip_shape.end_of_archive(look.tail) >= 0


def _pdf(look: Look) -> str:
    end = look.tail.rstrip(b"\0\t\n\f\r ")
    if not re.match(rb"%PDF-[12]\.\d", look.head) or not end.endswith(b"%%EOF") or _also_an_archive(look):
        return f"{_NOT_SO}: a PDF begins and ends otherwise. {_AGAIN}"
    return ""


def _png(look: Look) -> str:
    begins = look.head.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") and len(look.head) >= 33
    if not begins or not look.tail.endswith(b"\0\0\0\0IEND\xaeB\x60\x82"):
        return f"{_NOT_SO}: a PNG picture begins and ends otherwise. {_AGAIN}"
    width, height = struct.unpack_from(">II", look.head, 16)
    return "" if 0 < width * height <= MOST_PIXELS else "has a size that no picture has"


def _jpeg(look: Look) -> str:
    if not look.head.startswith(b"\xff\xd8\xff") or not look.tail.rstrip(b"\0").endswith(b"\xff\xd9"):
        return f"{_NOT_SO}: a JPEG picture begins and ends otherwise. {_AGAIN}"
    return f"{_NOT_SO}: it is an archive too" if _also_an_archive(look) else ""


_MARKUP = re.compile(rb"<[A-Za-z!?/%]|%PDF-|%!PS|\{\\rtf|GIF8|#!|MIME-Version:", re.IGNORECASE)


def _text(look: Look) -> str:
    if not look.only_text:
        return f"{_NOT_SO}: it is not plain text. Save it as text or CSV in UTF-8"
    begins = look.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _MARKUP.match(begins) or _also_an_archive(look):
        return f"{_NOT_SO}: it is a web page, a program or another kind of file"
    return ""


def _office(needed: str) -> Check:
    def check(look: Look) -> str:
        found = zip_shape.parts(look.size, look.head, look.tail)
        if not {"[Content_Types].xml", needed} <= {part.name for part in found}:
            return f"{_NOT_SO}. {_AGAIN}"
        return _unwanted(found, look.size)

    return check


def _open_document(media_type: str) -> Check:
    def check(look: Look) -> str:
        found = zip_shape.parts(look.size, look.head, look.tail)
        kind = zip_shape.first_stored(look.head, "mimetype")
        sizes = {part.name: part.unpacked for part in found}
        named = kind.startswith(media_type.encode("ascii")) and sizes.get("mimetype") == len(media_type)
        if not named or "content.xml" not in sizes:
            return f"{_NOT_SO}. {_AGAIN}"
        return _unwanted(found, look.size)

    return check


def _unwanted(found: tuple[Part, ...], size: int) -> str:
    """What an Office file may not hold, whatever else is right with it."""
    unpacked = sum(part.unpacked for part in found)
    if unpacked > LARGEST_UNPACKED or (unpacked > _LITTLE and unpacked > LARGEST_RATIO * size):
        return "would become far too large when it is opened"
    if any(part.locked for part in found):
        return "is locked with a password, so nobody could check or read it. Save it without one"
    if any(_MACROS.search(part.name) for part in found):
        return "holds macros, which are programs. Save it without macros"
    if any(part.name.startswith("/") or ".." in part.name.split("/") or "\\" in part.name for part in found):
        return "is damaged: it names places outside itself"
    return ""


_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
KINDS: tuple[Kind, ...] = (
    Kind("pdf", "PDF document", "application/pdf", _pdf),
    Kind("docx", "Word document", f"{_OOXML}wordprocessingml.document", _office("word/document.xml")),
    Kind("xlsx", "Excel workbook", f"{_OOXML}spreadsheetml.sheet", _office("xl/workbook.xml")),
    Kind("pptx", "PowerPoint slides", f"{_OOXML}presentationml.presentation", _office("ppt/presentation.xml")),
    Kind("odt", "OpenDocument text", f"{_ODF}text", _open_document(f"{_ODF}text")),
    Kind("ods", "OpenDocument spreadsheet", f"{_ODF}spreadsheet", _open_document(f"{_ODF}spreadsheet")),
    Kind("png", "PNG picture", "image/png", _png),
    Kind("jpg", "JPEG picture", "image/jpeg", _jpeg),
    Kind("csv", "Table as text (CSV)", "text/csv", _text),
    Kind("txt", "Plain text", "text/plain", _text),
)
_BY_ENDING = {kind.ending: kind for kind in KINDS} | {"jpeg": next(kind for kind in KINDS if kind.ending == "jpg")}
ENDINGS = tuple(_BY_ENDING)
TAKEN = "PDF, Word, Excel or PowerPoint without macros, OpenDocument, PNG or JPEG pictures, CSV or plain text"


def kinds_table() -> str:
    """The table as Markdown for `docs/evidence.md`; a test keeps the document equal to it."""
    lines = ["| ending | kind | given back as |", "|---|---|---|"]
    lines += [f"| .{kind.ending} | {kind.words} | `{kind.media_type}` |" for kind in KINDS]
    return "\n".join(lines) + "\n"
