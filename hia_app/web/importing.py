"""The page on which an officer begins a new assessment with a record from a file."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hia_app.domain import policy
from hia_app.domain.record_import import LARGEST, Problem, UnreadableRecord
from hia_app.domain.workflow import Action
from hia_app.services import importing
from hia_app.services.assessments import form_key
from hia_app.store.columns import new_id
from hia_app.web.request import work
from hia_app.web.security import takes_up_to

blueprint = Blueprint("importing", __name__)
AROUND = 100_000
PATH = "/assessments/import"


@blueprint.get(PATH)
def ask() -> ResponseReturnValue:
    policy.require(Action.START, work().actor)
    return _page(new_id())


@blueprint.post(PATH)
@takes_up_to(LARGEST + AROUND, lambda _: "A record can have at most 20 million bytes. Nothing was taken over.")
def take() -> ResponseReturnValue:
    policy.require(Action.START, work().actor)
    form_id = form_key(request.form.get("form_id", ""))
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(form_id, "Choose the file of a record"), 422
    try:
        found = importing.import_record(work(), form_id, file.stream.read(LARGEST + 1))
    except UnreadableRecord as unreadable:
        return _page(form_id, "Nothing was taken over: the file is not a record", unreadable.problems), 422
    if found.left_out:
        flash(f"{len(found.left_out)} parts could not be taken over; the history names them.", "success")
    flash(f"{found.case.reference} has begun with what the record says. All of it waits to be confirmed.", "success")
    case = found.case
    return redirect(url_for("assessments.show", reference=case.reference, number=case.version.number), 303)


def _page(form_id: str, error: str = "", problems: tuple[Problem, ...] = ()) -> str:
    return render_template("assessments/import.html", form_id=form_id, error=error, problems=problems)
