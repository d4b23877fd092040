"""How files come in and go out over HTTP: each by a form of its own, and given back so that nothing in it runs."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from urllib.parse import quote

from flask import Response, request
from werkzeug.datastructures import FileStorage

from hia_app.config import Settings
from hia_app.domain.evidence import size_words
from hia_app.services.evidence_intake import FIELD, Received, receive, size_of
from hia_app.store.columns import new_id
from hia_app.store.tables import EvidenceFile
from hia_app.web.forms.evidence import AddFile
from hia_app.web.request import installation, set_aside

BESIDES_THE_FILE = 100_000  # bytes of the form around a file
# Inside this policy nothing is loaded, nothing runs, and the file has an origin of its own.
INERT = "sandbox; default-src 'none'"
_NOT_QUOTED = "!#$&+^`|~"  # RFC 8187, attr-char


def largest_form(settings: Settings) -> int:
    return settings.largest_evidence_file + BESIDES_THE_FILE


def too_large(settings: Settings) -> str:
    return f"An evidence file can be at most {size_words(settings.largest_evidence_file)}. Nothing was kept."


def received(file: FileStorage, expect: Callable[[int], EvidenceFile | None]) -> Received | None:
    """The file of this form, checked and kept; None when an earlier click on the same button did it all.

    The transaction ends before the file is looked at and scanned: whoever calls begins another one.
    """
    settings = installation().settings
    if expect(size_of(settings, file.stream)) is not None:
        return None
    set_aside()
    return receive(settings, file.filename or "", file.stream)


def empty() -> AddFile:
    """The form of a file to begin with."""
    return AddFile(installation().settings.largest_evidence_file, form_id=new_id())


def sent() -> AddFile:
    """The form of a file as it was sent."""
    largest = installation().settings.largest_evidence_file
    return AddFile(largest, request.form, file=request.files.get(FIELD))


def attachment(label: str, media_type: str, size: int, pieces: Iterable[bytes]) -> Response:
    """A file to be saved, never shown: whatever its bytes say, browsers neither guess nor run anything."""
    response = Response(pieces, mimetype=media_type, direct_passthrough=True)
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode("ascii")
    plain = "".join("_" if letter in '"\\%/' else letter for letter in plain)
    # RFC 6266: a plain name for old browsers, and the whole one (RFC 8187) beside it.
    whole = {} if plain == label else {"filename*": f"UTF-8''{quote(label, safe=_NOT_QUOTED)}"}
    response.headers.set("Content-Disposition", "attachment", filename=plain, **whole)
    response.headers["Content-Security-Policy"] = INERT
    response.content_length = size
    return response
