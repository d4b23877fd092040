"""Area figures: an administrator hands in a table, watches its import, and chooses the edition in use."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hia_app.domain.area_file import COLUMNS
from hia_app.domain.errors import InvalidInput
from hia_app.services import area_files, area_imports, areas
from hia_app.services.assessments import form_key
from hia_app.store.columns import new_id
from hia_app.web.forms.sources import AreaTable
from hia_app.web.request import installation, note_refused, now, set_aside, work
from hia_app.web.security import takes_up_to

blueprint = Blueprint("areas", __name__, url_prefix="/admin/areas")
LARGEST_FILE = 40_000_000  # bytes; all of England is about 8 million


@blueprint.get("/")
def show() -> ResponseReturnValue:
    return render_template(
        "administration/areas.html",
        editions=areas.editions(work()),
        imports=area_imports.latest(work()),
        source_of=areas.source_of,
    )


@blueprint.get("/import")
def ask() -> ResponseReturnValue:
    return _form(AreaTable(None, form_id=new_id(), **area_imports.words_to_begin_with(work())))


@blueprint.post("/import")
@takes_up_to(LARGEST_FILE, lambda _: "A table can have at most 40 million bytes. Nothing was imported.")
def import_file() -> ResponseReturnValue:
    areas.may_manage(work())
    form = AreaTable(request.form, file=request.files.get("file"))
    form_id = form_key(form.form_id.data)
    try:
        if not area_imports.begun(work(), form_id):
            set_aside()  # looking at a file and keeping its bytes may take a second; nobody waits for that
            _take(form_id, form)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _form(form.refused(invalid.messages), invalid), 422
    return redirect(url_for("areas.progress", import_id=form_id), 303)


@blueprint.get("/imports/<uuid:import_id>")
def progress(import_id: object) -> ResponseReturnValue:
    row, asker, edition = area_imports.find(work(), str(import_id))
    return render_template(
        "administration/area_import_progress.html",
        row=row,
        asker=asker,
        edition=edition,
        going=row.state in area_imports.GOING_ON,
        late=area_imports.late(row, now()),
        problems=area_imports.problems_of(row),
        source_of=areas.source_of,
    )


@blueprint.post("/imports/<uuid:import_id>/stop")
def stop(import_id: object) -> ResponseReturnValue:
    if area_imports.stop(work(), str(import_id)):
        flash("The import is stopped. Nothing was imported.", "success")
    return redirect(url_for("areas.progress", import_id=import_id), 303)


@blueprint.post("/<uuid:edition_id>/current")
def make_current(edition_id: object) -> ResponseReturnValue:
    edition = areas.make_current(work(), str(edition_id))
    flash(f"New assessments use edition {edition.number} from now on.", "success")
    return redirect(url_for("areas.show"), 303)


def _take(form_id: str, form: AreaTable) -> None:
    """Hand the table over to the worker; what can be told from its words and its header is refused at once."""
    form.check()
    file = form.chosen
    rows = area_files.look(file.stream)
    area_imports.receive(installation().settings, form_id, file.stream)
    area_imports.ask(work(), form_id, name=file.filename or "", rows=rows, **form.words)


def _form(form: AreaTable, invalid: InvalidInput | None = None) -> str:
    return render_template(
        "administration/area_import.html",
        form=form,
        columns=COLUMNS,
        largest=LARGEST_FILE,
        problems=invalid.problems if isinstance(invalid, area_files.FaultyFile) else None,
        errors=form.errors,
    )
