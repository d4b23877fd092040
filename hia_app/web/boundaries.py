"""Boundaries of small areas: an administrator imports a GeoJSON file, from which maps of chosen places are drawn."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hia_app.domain.errors import InvalidInput
from hia_app.domain.typed import showable
from hia_app.services import areas, boundaries
from hia_app.services.assessments import form_key
from hia_app.store.columns import new_id
from hia_app.store.tables import BoundaryEdition
from hia_app.web.request import note_refused, set_aside, work
from hia_app.web.security import takes_up_to

blueprint = Blueprint("boundaries", __name__, url_prefix="/admin/areas/boundaries")
WORDS = ("source", "year", "licence")
LARGEST_FILE = 100_000_000  # bytes; generalised boundaries of all of England and Wales are about 50 million


@blueprint.get("/")
def show() -> ResponseReturnValue:
    kept = boundaries.editions(work())
    last = kept[0].edition if kept else None
    return _form({name: getattr(last, name) if last else "" for name in WORDS}, new_id(), kept)


@blueprint.post("/")
@takes_up_to(LARGEST_FILE, lambda _: "A file can have at most 100 million bytes. Nothing was imported.")
def import_file() -> ResponseReturnValue:
    areas.may_manage(work())
    form_id = form_key(request.form.get("form_id", ""))
    typed = {name: request.form.get(name, "") for name in WORDS}
    try:
        edition = _take(form_id, typed)
    except InvalidInput as invalid:
        note_refused(invalid)
        kept = boundaries.editions(work())
        return _form({name: showable(text) for name, text in typed.items()}, form_id, kept, invalid), 422
    flash(
        f"The boundaries of {edition.areas:,} small areas are imported. Maps of places are drawn from them.", "success"
    )
    return redirect(url_for("boundaries.show"), 303)


def _take(form_id: str, typed: dict[str, str]) -> BoundaryEdition:
    words = areas.words_given(**typed)
    needed = boundaries.wanted(work())
    file = request.files.get("file")
    if file is None or not file.filename:
        raise InvalidInput({"file": "Choose the file to import"})
    set_aside()  # a long file is checked before the transaction begins, so that nobody waits for it
    found = boundaries.checked(file.stream, needed)
    return boundaries.keep(work(), needed, found, words, form_id)


def _form(typed: dict[str, str], form_id: str, kept: list[boundaries.Kept], invalid: InvalidInput | None = None) -> str:
    shown: dict[str, Any] = {"typed": typed, "form_id": form_id, "kept": kept, "source_of": boundaries.source_of}
    return render_template(
        "administration/boundaries.html",
        **shown,
        figures=areas.current(work()),
        problems=invalid.problems if isinstance(invalid, boundaries.FaultyBoundaries) else None,
        errors=invalid.messages if invalid else {},
    )


@blueprint.app_template_global()
def newest_boundaries() -> boundaries.Kept | None:
    """The boundaries imported last, for the page of the area figures."""
    return next(iter(boundaries.editions(work())), None)
