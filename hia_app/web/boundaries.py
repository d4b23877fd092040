"""Boundaries of small areas: an administrator imports a GeoJSON file, from which maps of chosen places are drawn."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hia_app.domain.errors import InvalidInput
from hia_app.services import areas, boundaries
from hia_app.services.assessments import form_key
from hia_app.store.columns import new_id
from hia_app.store.tables import BoundaryEdition
from hia_app.web.forms.sources import Outlines
from hia_app.web.request import note_refused, set_aside, work
from hia_app.web.security import takes_up_to

blueprint = Blueprint("boundaries", __name__, url_prefix="/admin/areas/boundaries")
LARGEST_FILE = 100_000_000  # bytes; generalised boundaries of all of England and Wales are about 50 million


@blueprint.get("/")
def show() -> ResponseReturnValue:
    kept = boundaries.editions(work())
    last = kept[0].edition if kept else None
    words = {name: getattr(last, name) for name in ("source", "year", "licence")} if last else {}
    return _form(Outlines(form_id=new_id(), **words), kept)


@blueprint.post("/")
@takes_up_to(LARGEST_FILE, lambda _: "A file can have at most 100 million bytes. Nothing was imported.")
def import_file() -> ResponseReturnValue:
    areas.may_manage(work())
    form = Outlines(request.form, file=request.files.get("file"))
    form_id = form_key(form.form_id.data)
    try:
        edition = _take(form_id, form)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _form(form.refused(invalid.messages), boundaries.editions(work()), invalid), 422
    flash(
        f"The boundaries of {edition.areas:,} small areas are imported. Maps of places are drawn from them.", "success"
    )
    return redirect(url_for("boundaries.show"), 303)


def _take(form_id: str, form: Outlines) -> BoundaryEdition:
    form.check()
    words = areas.words_given(**form.words)
    needed = boundaries.wanted(work())
    set_aside()  # a long file is checked before the transaction begins, so that nobody waits for it
    found = boundaries.checked(form.chosen.stream, needed)
    return boundaries.keep(work(), needed, found, words, form_id)


def _form(form: Outlines, kept: list[boundaries.Kept], invalid: InvalidInput | None = None) -> str:
    shown: dict[str, Any] = {"form": form, "kept": kept, "source_of": boundaries.source_of}
    return render_template(
        "administration/boundaries.html",
        **shown,
        figures=areas.current(work()),
        problems=invalid.problems if isinstance(invalid, boundaries.FaultyBoundaries) else None,
        errors=form.errors,
    )


@blueprint.app_template_global()
def newest_boundaries() -> boundaries.Kept | None:
    """The boundaries imported last, for the page of the area figures."""
    return next(iter(boundaries.editions(work())), None)
