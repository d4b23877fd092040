"""The text of a table that somebody saved from a spreadsheet: UTF-8 or Excel's own kinds of CSV, never a workbook."""

from __future__ import annotations

import re

from hia_app.domain.typed import Unclear

LARGEST_TABLE = 200_000  # bytes; a table of figures has a few hundred

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_SEPARATOR_LINE = re.compile(r"\A(?:sep=.|\"sep=.\")\r?\n", re.IGNORECASE)


def table_text(content: bytes) -> str:
    """What the file says, without a byte-order mark and without Excel's line about separators. Raises Unclear."""
    if len(content) > LARGEST_TABLE:
        raise Unclear(f"The file is larger than {LARGEST_TABLE // 1_000} kB. Choose one with the figures only")
    if content.startswith(_WORKBOOKS):
        raise Unclear("This is a workbook. Save its sheet as “CSV UTF-8” and choose that file")
    text = _decoded(content)
    if not text.strip():
        raise Unclear("The file is empty")
    return _SEPARATOR_LINE.sub("", text, count=1)


def _decoded(content: bytes) -> str:
    kinds = ("utf-16",) if content.startswith(_WIDE) else ("utf-8-sig", "cp1252")
    for kind in kinds:
        try:
            return content.decode(kind)
        except UnicodeDecodeError:
            continue
    raise Unclear("The file is not text. Save the table as “CSV UTF-8” and choose that file")
