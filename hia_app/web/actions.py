"""What was promised in signed-off records, and how each promise stands."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from hia_app.domain.errors import Conflict, InvalidInput
from hia_app.domain.promises import STATUSES
from hia_app.services import actions
from hia_app.services.work import Case, open_case
from hia_app.store.tables import ActionItem
from hia_app.web.forms.actions import ChangeAction, ReportStatus
from hia_app.web.request import note_refused, work

blueprint = Blueprint("actions", __name__)


@blueprint.get("/actions")
def listing() -> str:
    page = request.args.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    found = actions.listing(work(), request.args.get("show", "standing"), number)
    return render_template("actions/list.html", listing=found, shelves=actions.SHELVES)


@blueprint.route("/assessments/<reference>/<int:number>/actions/<uuid:action_id>", methods=["GET", "POST"])
def update(reference: str, number: int, action_id: uuid.UUID) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    item = actions.find(work(), case, str(action_id))
    if request.method != "POST":
        held = {name: getattr(item, name) for name in ("row_version", "status", "note")}
        return _page(case, item, ReportStatus(None, **held))
    form = ReportStatus(request.form)
    version, status, note = _version(form.row_version), form.status.data, form.note.data
    try:
        form.check()
        actions.report_status(work(), case, str(action_id), version, status, note)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _page(case, item, form.refused(invalid.messages)), 422
    except Conflict as conflict:
        note_refused(conflict)
        form.row_version.data = str(item.row_version)
        return _page(case, item, form.refused({"note": f"{conflict} They wrote: {conflict.stored['note']}"})), 409
    flash(f"{item.name}: {STATUSES[status].lower()}.", "success")
    return redirect(url_for("actions.listing"), 303)


@blueprint.route("/assessments/<reference>/<int:number>/actions/<uuid:action_id>/change", methods=["GET", "POST"])
def change(reference: str, number: int, action_id: uuid.UUID) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    people = actions.keepers(work(), case)
    item = actions.find(work(), case, str(action_id))
    if request.method != "POST":
        held = {name: getattr(item, name) for name in ("row_version", "owner", "due", "measure")}
        return _change_page(case, item, ChangeAction(people, keeper=item.keeper_id or "", **held)), 200
    form = ChangeAction(people, request.form)
    try:
        form.check()
        actions.change(work(), case, str(action_id), _version(form.row_version), form.said)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _change_page(case, item, form.refused(invalid.messages)), 422
    except Conflict as conflict:
        note_refused(conflict)
        form.row_version.data = str(item.row_version)
        return _change_page(case, item, form.refused({"": f"{conflict} It now says what stands above the form."})), 409
    flash(f"{item.name} is changed. The record keeps what was promised.", "success")
    return redirect(url_for("actions.update", reference=reference, number=number, action_id=action_id), 303)


def _change_page(case: Case, item: ActionItem, form: ChangeAction) -> str:
    return render_template("actions/change.html", case=case, item=item, form=form, errors=form.errors)


def _version(field: HiddenField) -> int:
    sent = field.data
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0


def _page(case: Case, item: ActionItem, form: ReportStatus) -> str:
    return render_template(
        "actions/update.html",
        case=case,
        item=item,
        form=form,
        told=actions.told(work(), case, item),
        statuses=STATUSES,
        errors=form.errors,
    )
