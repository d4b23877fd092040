"""Small files of every kind that is taken, and of many that are not, made here byte by byte."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
TEXT = "Damp in 43% of homes – see the survey of März.\nWho: tenants & owners.\n".encode()
CSV = "ward;homes;share\nGipton;1 204;0,43\n".encode("cp1252") + "Chapel Allerton;£3;0.1\n".encode("cp1252")
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xda\0\x08\x01\x01\0\0?\0"
JPEG += b"\x12" * 9 + b"\xff\xd9"
EXIF = b"\xff\xd8\xff\xe1\0\x20Exif\0\0II*\0\x08\0\0\0\x01\0\x25\x88" + b"\0" * 20 + JPEG[2:]
# The harmless file by which scanners are tried out (eicar.org), put together so that no scanner stops at this source.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS" + b"-TEST-FILE!$H+H*"
MACRO = {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = b"".join(b"\0" + b"\x7f\x10\x20" * 2 for _ in range(2))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def archive(parts: Mapping[str, bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    """A ZIP archive with these parts in this order; `stored` ones are not packed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return made.getvalue()


def office(part: str, more: Mapping[str, bytes] | None = None) -> bytes:
    """An Office file as small as one can be: `part` is the main part of its kind."""
    parts = {"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<Relationships/>", part: b"<x/>"}
    return archive(parts | dict(more or {}))


def docx(more: Mapping[str, bytes] | None = None) -> bytes:
    return office("word/document.xml", more)


def open_document(kind: str = "text", more: Mapping[str, bytes] | None = None) -> bytes:
    media_type = f"application/vnd.oasis.opendocument.{kind}".encode()
    parts = {"mimetype": media_type, "content.xml": b"<office/>", **(more or {})}
    return archive(parts, stored=("mimetype",))


def locked(content: bytes) -> bytes:
    """The same archive with every part marked as locked by a password."""
    made = bytearray(content)
    place = made.find(b"PK\x01\x02")
    while place >= 0:
        made[place + 8] |= 1
        place = made.find(b"PK\x01\x02", place + 4)
    return bytes(made)


def bomb(times: int) -> bytes:
    """A Word file of a few hundred kB that holds `times` million bytes of nothing."""
    return docx({f"word/media/{number}.xml": b"\0" * 1_000_000 for number in range(times)})


def lying_bomb(times: int) -> bytes:
    """The same, with a table of contents that says that every part is small."""
    made = bytearray(bomb(times))
    place = made.find(b"PK\x01\x02")
    while place >= 0:
        struct.pack_into("<I", made, place + 24, 10)
        place = made.find(b"PK\x01\x02", place + 4)
    return bytes(made)


RIGHT: dict[str, bytes] = {
    "report.pdf": PDF,
    "older report.PDF": PDF.replace(b"1.7", b"2.0") + b"\r\n\0",
    "minutes.docx": docx(),
    "figures.xlsx": office("xl/workbook.xml"),
    "slides.pptx": office("ppt/presentation.xml"),
    "letter.odt": open_document(),
    "sheet.ods": open_document("spreadsheet"),
    "map.png": png(),
    "street.jpg": JPEG,
    "street.jpeg": JPEG,
    "phone.jpg": EXIF + b"\0\0",
    "homes.csv": CSV,
    "homes in UTF-8.csv": b"\xef\xbb\xbf" + CSV.decode("cp1252").encode(),
    "notes.txt": TEXT,
    "less than.txt": b"<5 people answered, so the figure is left out.\n",
    "archive.2024.final.pdf": PDF,
}

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'
HTML = b"<!DOCTYPE html><html><script>alert(document.cookie)</script></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
EXE = b"MZ\x90\0" + b"\0" * 200 + b"This program cannot be run in DOS mode"

WRONG: dict[str, bytes] = {
    # endings that are not taken, whatever is inside
    "page.html": HTML,
    "page.htm": HTML,
    "drawing.svg": SVG,
    "mail.eml": b"From: a@example.org\nSubject: x\n\ntext",
    "mail.msg": OLE,
    "old.doc": OLE,
    "old.xls": OLE,
    "macros.docm": docx(MACRO),
    "program.exe": EXE,
    "script.js": b"alert(1)",
    "script.pdf.js": b"alert(1)",
    "parts.zip": archive({"a.txt": b"a"}),
    "feed.xml": b"<?xml version='1.0'?><x/>",
    "shortcut.lnk": b"L\0\0\0",
    "eicar.com": EICAR,
    "picture.gif": b"GIF89a" + b"\0" * 20,
    "no ending": PDF,
    ".pdf": PDF,
    "report.pdf.": b"",
    "invoice\u202efdp.exe": EXE,
    # contents that are not what the ending says
    "html.pdf": HTML,
    "html.txt": HTML,
    "html.csv": b"\xef\xbb\xbf  \n" + HTML,
    "svg.png": SVG,
    "svg.txt": SVG,
    "xml.txt": b"<?xml version='1.0'?><x/>",
    "exe.pdf": EXE,
    "exe.txt": EXE,
    "shell.txt": b"#!/bin/sh\nrm -rf /\n",
    "pdf.txt": PDF,
    "rtf.txt": b"{\\rtf1 hello}",
    "utf16.csv": "a;b\n1;2\n".encode("utf-16"),
    "jpg.png": JPEG,
    "png.jpg": png(),
    "gif.png": b"GIF89a" + b"\0" * 40,
    "docx.xlsx": docx(),
    "xlsx.docx": office("xl/workbook.xml"),
    "zip.docx": archive({"a.txt": b"a"}),
    "ole.docx": OLE,
    "odt.ods": open_document(),
    "docx.odt": docx(),
    "packed mimetype.odt": archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"x"}),
    # two things at once
    "pdf and zip.pdf": PDF + archive({"a.txt": b"a" * 50}),
    "zip with a PDF in front.docx": PDF + docx(),
    "pdf behind html.pdf": HTML + PDF,
    "png and html.png": png() + HTML,
    "png and zip.png": png() + archive({"a.txt": b"a"}),
    "jpg and zip.jpg": JPEG + archive({"a.txt": b"a"}),
    "jpg and script.jpg": JPEG + b"<script>alert(1)</script>",
    "docx and html.docx": docx() + HTML,
    "docx twice.docx": docx() + docx(),
    "text and zip.txt": b"hello\n" + archive({"a.txt": b"a"}),
    # damaged, locked, or holding what it should not
    "empty.pdf": b"",
    "empty.txt": b"",
    "cut.pdf": PDF[:60],
    "cut.png": png()[:-6],
    "cut.docx": docx()[:-30],
    "huge.png": png(60_000, 60_000),
    "nothing.png": png(0, 2),
    "macro.docx": docx(MACRO),
    "macro.odt": open_document(more={"Basic/Standard/Module1.xml": b"x"}),
    "locked.xlsx": locked(office("xl/workbook.xml")),
    "climbing.docx": docx({"../../../etc/cron.d/x": b"x"}),
    "bomb.docx": bomb(210),
    "nul.txt": b"a\0b",
}
