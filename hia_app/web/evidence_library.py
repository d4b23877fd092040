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
from hia_app.web.evidence_files import attachment, empty, largest_form, received, sent, too_large
from hia_app.web.forms.evidence import AddFile
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
    return _form(empty())


@blueprint.post("/new")
@takes_up_to(largest_form, too_large)
def add() -> ResponseReturnValue:
    policy.require(Action.ADD_TO_LIBRARY, work().actor)
    form = sent()
    form_id = form.form_id.data
    try:
        form.check()
        words = service.checked(work(), form.said)
        file = received(form.chosen, lambda size: library.expect(work(), form_id, size))
        row = library.add(work(), form_id, file, words) if file else library.made(work(), form_id)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _form(form.refused(invalid.messages)), 422
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


def _form(form: AddFile) -> str:
    return render_template("evidence_library/new.html", form=form, errors=form.errors)
