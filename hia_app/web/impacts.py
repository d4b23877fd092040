"""The guided form of an impact: five short steps, or all of them on one page when scripts run."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from hia_app.domain import impact_form as form
from hia_app.domain.errors import Conflict, InvalidInput
from hia_app.domain.impacts import pathway_sentence, sentence
from hia_app.domain.workflow import Action
from hia_app.services import impacts as service
from hia_app.services.work import Case, allow, open_case
from hia_app.web.forms.assessments import Decline
from hia_app.web.impact_page import ImpactPage, sums_words, typed
from hia_app.web.request import note_refused, work

blueprint = Blueprint("impacts", __name__, url_prefix="/assessments/<reference>/<int:number>")
Answer = str | BaseResponse | tuple[str, int] | tuple[BaseResponse, int]
WHOLE = "all"


@blueprint.get("/sections/<section_id>/impacts/new")
def new(reference: str, number: int, section_id: str) -> Answer:
    """Gives the impact its id before anything is typed, so that a double click makes one."""
    step = WHOLE if request.args.get("whole") else form.STEPS[0].id
    return redirect(_address(reference, number, str(uuid.uuid4()), step, section=section_id))


@blueprint.get("/impacts/<uuid:impact_id>/<step>")
def show(reference: str, number: int, impact_id: uuid.UUID, step: str) -> Answer:
    page = _page(reference, number, str(impact_id), step)
    return render_template("impacts/edit.html", page=page, values=page.stored_values(), errors={})


@blueprint.post("/impacts/<uuid:impact_id>/<step>")
def save(reference: str, number: int, impact_id: uuid.UUID, step: str) -> Answer:
    page = _page(reference, number, str(impact_id), step)
    raw = request.form.to_dict(flat=False)
    try:
        row = service.save(
            work(), page.case, page.impact_id, page.section.id, _version(), raw, [one.id for one in page.asked]
        )
    except InvalidInput as invalid:
        return _shown_again(page, raw, invalid)
    except Conflict as conflict:
        return _both(page, conflict)
    if _autosaving():
        return jsonify(saved=page.clock, versions={"row_version": row.row_version})
    if "add_evidence" in raw:
        where = {"reference": reference, "number": number, "kind": "impact", "target": row.id}
        return redirect(url_for("evidence.about", **where), 303)  # type: ignore[arg-type]
    return redirect(page.after_saving(row, finish="finish" in raw), 303)


@blueprint.post("/impacts/<uuid:impact_id>/preview")
def preview(reference: str, number: int, impact_id: uuid.UUID) -> Answer:
    """The sentence that what is typed so far would read as; nothing is kept."""
    page = _page(reference, number, str(impact_id), WHOLE)
    try:
        impact = page.impact_as_typed(request.form.to_dict(flat=False))
    except InvalidInput:
        return jsonify(sentence="", conversion="", pathway="")
    groups = page.case.questionnaire.groups
    return jsonify(sentence=sentence(impact, groups), conversion=sums_words(impact), pathway=pathway_sentence(impact))


@blueprint.post("/impacts/<uuid:impact_id>/copy")
def copy(reference: str, number: int, impact_id: uuid.UUID) -> Answer:
    case = open_case(work(), reference, number)
    allow(work(), Action.RECORD_IMPACT, case)
    row = service.copy(work(), case, str(impact_id), _new_id())
    flash(f"Copied as {service.name_of(row)}. Change what is different and save.", "success")
    return redirect(_address(reference, number, row.id, form.STEPS[0].id), 303)


@blueprint.get("/impacts/<uuid:impact_id>/remove")
def confirm_removal(reference: str, number: int, impact_id: uuid.UUID) -> Answer:
    case = open_case(work(), reference, number)
    allow(work(), Action.RECORD_IMPACT, case)
    found = service.find(work(), case, str(impact_id))
    return render_template("impacts/remove.html", case=case, line=found)


@blueprint.post("/impacts/<uuid:impact_id>/remove")
def remove(reference: str, number: int, impact_id: uuid.UUID) -> Answer:
    case = open_case(work(), reference, number)
    found = service.find(work(), case, str(impact_id))
    service.remove(work(), case, str(impact_id), _version())
    flash(f"{found.name} has been removed.", "success")
    return redirect(_section(case, found.row.section_id), 303)


@blueprint.post("/suggestions/<key>/accept")
def accept(reference: str, number: int, key: str) -> Answer:
    case = open_case(work(), reference, number)
    allow(work(), Action.RECORD_IMPACT, case)
    row = service.accept(work(), case, key, _new_id())
    flash(f"Recorded as {service.name_of(row)}. Check who and how, then say how much it matters.", "success")
    return redirect(_address(reference, number, row.id, form.STEPS[0].id), 303)


@blueprint.route("/suggestions/<key>/decline", methods=["GET", "POST"])
def decline(reference: str, number: int, key: str) -> Answer:
    case = open_case(work(), reference, number)
    offer = service.offered(work(), case, key)
    if request.method != "POST":
        return render_template("impacts/decline.html", case=case, offer=offer, form=Decline(), errors={})
    answer = Decline(request.form)
    try:
        answer.check()
        service.decline(work(), case, key, answer.reason.data)
    except InvalidInput as invalid:
        note_refused(invalid)
        answer.refused(invalid.messages)
        return render_template("impacts/decline.html", case=case, offer=offer, form=answer, errors=answer.errors), 422
    flash("The suggestion has been declined.", "success")
    return redirect(_section(case, offer.section_id), 303)


def _page(reference: str, number: int, impact_id: str, step: str) -> ImpactPage:
    case = open_case(work(), reference, number)
    asked = form.STEPS if step == WHOLE else tuple(one for one in form.STEPS if one.id == step)
    if not asked:
        abort(404)
    return ImpactPage.of(work(), case, impact_id, request.values.get("section", ""), asked)


def _shown_again(page: ImpactPage, raw: dict[str, list[str]], invalid: InvalidInput) -> Answer:
    note_refused(invalid)
    if _autosaving():
        return jsonify(errors=invalid.messages), 422
    return render_template("impacts/edit.html", page=page, values=typed(raw), errors=invalid.messages), 422


def _both(page: ImpactPage, conflict: Conflict) -> Answer:
    note_refused(conflict)
    if _autosaving():
        return jsonify(message=conflict.reasons[0]), 409
    return render_template("impacts/conflict.html", page=page, conflict=conflict, errors={}), 409


def _autosaving() -> bool:
    return request.headers.get("X-Autosave") == "1"


def _version() -> int:
    text = request.form.get("row_version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _new_id() -> str:
    """The id a form was given when it was shown; a made-up one is refused."""
    try:
        return str(uuid.UUID(request.form.get("form_id", "")))
    except ValueError:
        abort(400)


def _address(reference: str, number: int, impact_id: str, step: str, **more: Any) -> str:
    return url_for(
        "impacts.show", reference=reference, number=number, impact_id=uuid.UUID(impact_id), step=step, **more
    )


def _section(case: Case, section_id: str) -> str:
    return (
        url_for("sections.show", reference=case.reference, number=case.version.number, section_id=section_id)
        + "#impacts"
    )
