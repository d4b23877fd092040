"""Tables chosen as files beside a form: their text becomes what would have been pasted, so one parser reads both."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.datastructures import FileStorage

from hia_app.domain.table_text import LARGEST_TABLE, table_text
from hia_app.domain.typed import Unclear

FILE, PASTE = "-file", "-paste"
Form = dict[str, list[str]]


def with_tables(form: Form, files: Mapping[str, FileStorage]) -> tuple[Form, dict[str, str]]:
    """The form with the text of each chosen table in its field for pasting, and the messages by file field.

    Nothing of a file is kept but its text, which the page shows again where it cannot be read.
    """
    found, messages = dict(form), dict[str, str]()
    for field, file in files.items():
        if not field.endswith(FILE) or not file.filename:
            continue
        pasted = field.removesuffix(FILE) + PASTE
        if any(text.strip() for text in form.get(pasted, ())):
            messages[field] = "Figures are pasted and a file is chosen. Do one of the two"
            continue
        try:
            found[pasted] = [table_text(file.stream.read(LARGEST_TABLE + 1))]
        except Unclear as unclear:
            messages[field] = unclear.message
    return found, messages
