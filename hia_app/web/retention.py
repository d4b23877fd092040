"""How long things are kept: what is due to go, legal holds, and disposal of a record's content."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hia_app import db
from hia_app.domain.errors import InvalidInput
from hia_app.services import retention
from hia_app.services.work import Case, open_case
from hia_app.store.afterwards import once_kept
from hia_app.web.forms.afterwards import Dispose, Hold, LiftHold
from hia_app.web.request import installation, note_refused, work

blueprint = Blueprint("retention", __name__, url_prefix="/admin")
AT = "/assessments/<reference>/<int(max=9999):number>/retention"


@blueprint.get("/retention")
def due() -> str:
    return render_template("retention/due.html", rows=retention.due(work()))


@blueprint.get(AT)
def show(reference: str, number: int) -> str:
    return _page(open_case(work(), reference, number))


@blueprint.post(AT + "/hold")
def place_hold(reference: str, number: int) -> ResponseReturnValue:
    case, form = open_case(work(), reference, number), Hold(request.form)
    retention.keeping(work(), case)
    try:
        form.check()
        retention.place_hold(work(), case, form.reason.data)
    except InvalidInput as invalid:
        return _again(case, invalid, placing=form.refused(invalid.messages))
    flash(f"Nothing of {case.reference} will be disposed of until the hold is lifted.", "success")
    return _back(case)


@blueprint.post(AT + "/lift-hold")
def lift_hold(reference: str, number: int) -> ResponseReturnValue:
    case, form = open_case(work(), reference, number), LiftHold(request.form)
    retention.keeping(work(), case)
    try:
        form.check()
        retention.lift_holds(work(), case, form.reason.data)
    except InvalidInput as invalid:
        return _again(case, invalid, lifting=form.refused(invalid.messages))
    flash("The legal hold is lifted.", "success")
    return _back(case)


@blueprint.post(AT + "/dispose")
def dispose(reference: str, number: int) -> ResponseReturnValue:
    case, form = open_case(work(), reference, number), Dispose(request.form)
    retention.keeping(work(), case)
    try:
        form.check()
        retention.dispose(work(), case, form.authority.data, form.why_now.data)
    except InvalidInput as invalid:
        return _again(case, invalid, disposing=form.refused(invalid.messages))
    once_kept(work().session, _remove_bytes(installation().settings.owner_address))
    flash("The disposal is written into the archive. The content of this record can no longer be read.", "success")
    return _back(case)


def _remove_bytes(address: str) -> Any:
    """What follows a kept disposal. Where this server may not do it, `hia archive remove-disposed` does."""

    def act() -> None:
        with db.as_owner(address) as connection:
            retention.remove_disposed(connection)

    return act


def _again(case: Case, invalid: InvalidInput, **form: Any) -> ResponseReturnValue:
    note_refused(invalid)
    return _page(case, **form), 422


def _page(
    case: Case, placing: Hold | None = None, lifting: LiftHold | None = None, disposing: Dispose | None = None
) -> str:
    sent = placing or lifting or disposing
    return render_template(
        "retention/show.html",
        case=case,
        keeping=retention.keeping(work(), case),
        placing=placing or Hold(),
        lifting=lifting or LiftHold(),
        disposing=disposing or Dispose(),
        errors=sent.errors if sent else {},
    )


def _back(case: Case) -> ResponseReturnValue:
    return redirect(url_for("retention.show", reference=case.reference, number=case.version.number), 303)
