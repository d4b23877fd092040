"""The shared evidence library: find a report, open it, add one; reviewers retire what has had its time."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hia_app.domain import policy
from hia_app.domain.errors import InvalidInput
from hia_app.domain.workflow import Action
from hia_app.services import evidence as service
from hia_app.services import evidence_library as library
from hia_app.services.evidence_record import pieces
from hia_app.store.columns import new_id
from hia_app.web.evidence_files import attachment, largest_form, received, said, too_large, typed
from hia_app.web.request import installation, note_refused, work
from hia_app.web.security import takes_up_to

blueprint = Blueprint("evidence_library", __name__, url_prefix="/evidence")


@blueprint.get("")
def find() -> ResponseReturnValue:
    words = request.args.get("words", "").strip()[:200]
    page = library.search(work(), words, request.args.get("after", "")[:36])
    return render_template("evidence_library/find.html", page=page, words=words)


@blueprint.get("/new")
def ask() -> ResponseReturnValue:
    policy.require(Action.ADD_TO_LIBRARY, work().actor)
    return _form(new_id())


@blueprint.post("/new")
@takes_up_to(largest_form, too_large)
def add() -> ResponseReturnValue:
    form_id = request.form.get("form_id", "")
    try:
        words = service.checked(work(), said())
        file = received(lambda size: library.expect(work(), form_id, size))
        row = library.add(work(), form_id, file, words) if file else library.made(work(), form_id)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _form(form_id, typed(), invalid.messages), 422
    flash(f"{row.label} is in the library.", "success")
    return redirect(url_for("evidence_library.show", evidence_id=UUID(row.id)), 303)


@blueprint.get("/<uuid:evidence_id>")
def show(evidence_id: UUID) -> ResponseReturnValue:
    return render_template("evidence_library/show.html", one=library.read(work(), str(evidence_id)))


@blueprint.get("/<uuid:evidence_id>/download")
def download(evidence_id: UUID) -> Response:
    row = library.read(work(), str(evidence_id)).row
    return attachment(row.label, row.media_type, row.size, pieces(installation().settings, row.sha256))


@blueprint.post("/<uuid:evidence_id>/retire")
def retire(evidence_id: UUID) -> ResponseReturnValue:
    library.retire(work(), str(evidence_id))
    flash("The file is no longer in the library. Assessments that cite it keep it.", "success")
    return redirect(url_for("evidence_library.find"), 303)


def _form(form_id: str, words: dict[str, str] | None = None, errors: dict[str, str] | None = None) -> str:
    return render_template("evidence_library/new.html", form_id=form_id, typed=words or {}, errors=errors or {})
