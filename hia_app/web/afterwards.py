"""What is added beside a frozen record: the decision of the body that it was put to."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hia_app.domain.errors import InvalidInput
from hia_app.domain.workflow import Action
from hia_app.services import body_decisions
from hia_app.services.work import Case, allow, open_case
from hia_app.web.forms.afterwards import Decided
from hia_app.web.request import note_refused, work

blueprint = Blueprint("afterwards", __name__)


@blueprint.get("/register/<reference>/<int:number>/body-decision")
def body_decision(reference: str, number: int) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    allow(work(), Action.RECORD_BODY_DECISION, case)
    body_decisions.of_a_body(case)
    return _page(case, Decided())


@blueprint.post("/register/<reference>/<int:number>/body-decision")
def add_body_decision(reference: str, number: int) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    allow(work(), Action.RECORD_BODY_DECISION, case)
    body_decisions.of_a_body(case)
    form = Decided(request.form)
    try:
        form.check()
        body_decisions.add(work(), case, form.said)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _page(case, form.refused(invalid.messages)), 422
    flash("The decision is added beside the record, in the same chain.", "success")
    where = url_for("register.read", reference=reference, number=number, _anchor="body-decision")
    return redirect(where, 303)


def _page(case: Case, form: Decided) -> str:
    return render_template("register/body_decision.html", case=case, form=form, errors=form.errors)
