"""Area figures: an administrator imports a table, sees what is wrong with it, and chooses the edition in use."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hia_app.domain.area_file import COLUMNS
from hia_app.domain.errors import InvalidInput
from hia_app.domain.typed import showable
from hia_app.services import areas
from hia_app.services.assessments import form_key
from hia_app.store.columns import new_id
from hia_app.web.request import note_refused, set_aside, work
from hia_app.web.security import takes_up_to

blueprint = Blueprint("areas", __name__, url_prefix="/admin/areas")
WORDS = ("source", "year", "licence")
LARGEST_FILE = 40_000_000  # bytes; all of England is about 8 million


@blueprint.get("/")
def show() -> ResponseReturnValue:
    return render_template("administration/areas.html", editions=areas.editions(work()), source_of=areas.source_of)


@blueprint.get("/import")
def ask() -> ResponseReturnValue:
    areas.may_manage(work())
    last = areas.current(work())
    return _form({name: getattr(last, name) if last else "" for name in WORDS}, new_id())


@blueprint.post("/import")
@takes_up_to(LARGEST_FILE)
def import_file() -> ResponseReturnValue:
    areas.may_manage(work())
    form_id, words = form_key(request.form.get("form_id", "")), _typed()
    file = request.files.get("file")
    set_aside()  # a long file is checked before the transaction begins, so that nobody waits for it
    try:
        if file is None or not file.filename:
            raise InvalidInput({"file": "Choose the table to import"})
        edition = areas.import_file(
            work(),
            file.stream,
            source=words["source"],
            year=words["year"],
            licence=words["licence"],
            edition_id=form_id,
        )
    except InvalidInput as invalid:
        note_refused(invalid)
        return _form({name: showable(text) for name, text in words.items()}, form_id, invalid), 422
    flash(f"{edition.sums['areas']:,} small areas are imported. New assessments use them.", "success")
    return redirect(url_for("areas.show"), 303)


@blueprint.post("/<uuid:edition_id>/current")
def make_current(edition_id: object) -> ResponseReturnValue:
    edition = areas.make_current(work(), str(edition_id))
    flash(f"New assessments use edition {edition.number} from now on.", "success")
    return redirect(url_for("areas.show"), 303)


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in WORDS}


def _form(typed: dict[str, str], form_id: str, invalid: InvalidInput | None = None) -> str:
    shown: dict[str, Any] = {"typed": typed, "form_id": form_id, "columns": COLUMNS}
    problems = invalid.problems if isinstance(invalid, areas.FaultyFile) else None
    errors = invalid.messages if invalid else {}
    return render_template("administration/area_import.html", **shown, problems=problems, errors=errors)
