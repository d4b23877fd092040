"""Which address somebody may be sent on to: one of our own pages and nothing else."""

from __future__ import annotations

from urllib.parse import urlsplit

LONGEST = 500


def own_path(text: str | None) -> str | None:
    """The path if it plainly leads to a page of ours, else None.

    Browsers drop tabs and line breaks inside addresses and read a backslash as a slash, so an address with any of
    these, or with anything that could name another host, is not used at all.
    """
    if not text or len(text) > LONGEST or not text.startswith("/") or not text.isascii():
        return None
    if "\\" in text or any(ord(letter) <= 0x20 or ord(letter) == 0x7F for letter in text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or "//" in text.partition("?")[0]:
        return None
    return text
