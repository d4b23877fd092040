"""What a reviewer finds: grades of quality, values seen otherwise, and parts that the public edition leaves out."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hia_app.domain.disputes import disputable
from hia_app.domain.errors import InvalidInput, NotVisible
from hia_app.domain.quality import GRADES, PROMPTS
from hia_app.domain.workflow import Action
from hia_app.services import disputes, exempt_marks, quality
from hia_app.services.work import NOTHING, Case, allow, open_case
from hia_app.web.forms.fields import FixedForm
from hia_app.web.forms.findings import Disagree, LiftMark, MarkExempt, WithdrawDispute
from hia_app.web.request import note_refused, work

blueprint = Blueprint("findings", __name__, url_prefix="/assessments/<reference>/<int:number>/review")


@blueprint.route("/grades", methods=["GET", "POST"])
def grades(reference: str, number: int) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    allow(work(), Action.GRADE, case)
    if request.method != "POST":
        kept = {prompt: (row.grade, row.comment) for prompt, row in quality.latest(work(), case).items()}
        return _grades(case, kept)
    typed = {
        prompt.id: (request.form.get(f"grade-{prompt.id}", ""), request.form.get(f"comment-{prompt.id}", ""))
        for prompt in PROMPTS
    }
    try:
        quality.grade(work(), case, typed)
    except InvalidInput as invalid:
        return _grades(case, typed, invalid)
    flash("Your grades are saved.", "success")
    return _back(case)


@blueprint.route("/impacts/<uuid:impact_id>/dispute", methods=["GET", "POST"])
def dispute(reference: str, number: int, impact_id: uuid.UUID) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    line = disputes.find(work(), case, str(impact_id))
    form = Disagree(disputable(line.impact), request.form)
    if request.method != "POST":
        return _form("dispute", case, form, line=line)
    try:
        form.check()
        disputes.dispute(work(), case, str(impact_id), *form.seen, form.reason.data)
    except InvalidInput as invalid:
        return _form("dispute", case, form, invalid, line=line)
    flash(f"Your view of {line.name} stands beside the officer’s. Both ratings are shown.", "success")
    return _back(case, "disputes")


@blueprint.route("/disputes/<uuid:dispute_id>/withdraw", methods=["GET", "POST"])
def withdraw_dispute(reference: str, number: int, dispute_id: uuid.UUID) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    allow(work(), Action.DISPUTE, case)
    view = next((one for one in disputes.of(work(), case) if one.dispute.id == str(dispute_id)), None)
    if view is None:
        raise NotVisible(NOTHING)
    form = WithdrawDispute(request.form)
    if request.method != "POST":
        return _form("withdraw_dispute", case, form, view=view)
    try:
        form.check()
        disputes.withdraw(work(), case, str(dispute_id), form.reason.data)
    except InvalidInput as invalid:
        return _form("withdraw_dispute", case, form, invalid, view=view)
    flash("The dispute is withdrawn. The record keeps that it was raised.", "success")
    return _back(case, "disputes")


@blueprint.route("/exempt/<kind>/<target>", methods=["GET", "POST"])
def mark_exempt(reference: str, number: int, kind: str, target: str) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    label = exempt_marks.about(work(), case, kind, target)
    form = MarkExempt(request.form)
    if request.method != "POST":
        return _form("exempt", case, form, label=label, kind=kind, target=target)
    try:
        form.check()
        exempt_marks.mark(work(), case, kind, target, int(form.paragraph.data), form.public_interest.data)
    except InvalidInput as invalid:
        return _form("exempt", case, form, invalid, label=label, kind=kind, target=target)
    flash("Marked: the public edition will leave it out.", "success")
    return _back(case, "exempt")


@blueprint.route("/exempt-marks/<uuid:mark_id>/lift", methods=["GET", "POST"])
def lift_exempt(reference: str, number: int, mark_id: uuid.UUID) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    allow(work(), Action.MARK_EXEMPT, case)
    view = next((one for one in exempt_marks.of(work(), case) if one.mark.id == str(mark_id)), None)
    if view is None:
        raise NotVisible(NOTHING)
    form = LiftMark(request.form)
    if request.method != "POST":
        return _form("lift_exempt", case, form, view=view)
    try:
        form.check()
        exempt_marks.lift(work(), case, str(mark_id), form.reason.data)
    except InvalidInput as invalid:
        return _form("lift_exempt", case, form, invalid, view=view)
    flash("The mark is lifted. The public edition shows it again.", "success")
    return _back(case, "exempt")


def _grades(case: Case, given: quality.Typed, invalid: InvalidInput | None = None) -> ResponseReturnValue:
    if invalid is not None:
        note_refused(invalid)
    errors = invalid.messages if invalid is not None else {}
    shown = {"given": given, "prompts": PROMPTS, "grades": list(GRADES.items()), "errors": errors}
    page = render_template("reviews/grades.html", case=case, **shown)
    return page, 422 if invalid is not None else 200


def _form(
    name: str, case: Case, form: FixedForm, invalid: InvalidInput | None = None, **context: Any
) -> ResponseReturnValue:
    if invalid is not None:
        note_refused(invalid)
        form.refused(invalid.messages)
    page = render_template(f"reviews/{name}.html", case=case, form=form, errors=form.errors, **context)
    return page, 422 if invalid is not None else 200


def _back(case: Case, anchor: str = "") -> ResponseReturnValue:
    where: dict[str, Any] = {"reference": case.reference, "number": case.version.number}
    return redirect(url_for("reviews.show", **where, _anchor=anchor or None), 303)
