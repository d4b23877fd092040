"""The decision-maker's pages: read, confirm, state and sign off; or refer back, or refuse."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hia_app.domain import report_review
from hia_app.domain.errors import Incomplete, InvalidInput, NotNow, Refused, TooOften
from hia_app.domain.report import report
from hia_app.domain.report_rating import gains_and_losses, summary
from hia_app.domain.workflow import Action, State
from hia_app.services import comparisons, decisions, delegations
from hia_app.services.decisions import SUMMARY, Shown
from hia_app.services.work import Case, allow, open_case
from hia_app.web.forms.decisions import Delegate, ReferBack, Refuse, SignOff
from hia_app.web.forms.fields import FixedForm
from hia_app.web.pages import may
from hia_app.web.printing import printer
from hia_app.web.request import installation, note_refused, work

blueprint = Blueprint("decisions", __name__)
AT = "/assessments/<reference>/<int:number>/decision"
NO_ERRORS: Mapping[str, str] = {}


@blueprint.get(AT)
def show(reference: str, number: int) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    if case.state in {State.SIGNED_OFF, State.SUPERSEDED}:
        return redirect(url_for("register.read", reference=reference, number=number), 303)
    allow(work(), Action.CONFIRM_READING, case)
    return _page(case, SignOff())


@blueprint.get(AT + "/submission")
def submission(reference: str, number: int) -> str:
    """All of what was put to the decision-maker, as it was frozen; also for the author and review sides."""
    case = open_case(work(), reference, number)
    page = decisions.shown(work(), case)
    deciding = may(Action.CONFIRM_READING, case)
    return render_template("decisions/submission.html", case=case, document=report(page.source), deciding=deciding)


@blueprint.post(AT + "/read")
def confirm_reading(reference: str, number: int) -> ResponseReturnValue:
    """One button of the page; whatever is already written below it stays there."""
    case = open_case(work(), reference, number)
    form, what = SignOff(request.form), request.form.get("what", "")
    try:
        decisions.confirm_reading(work(), case, form.submission_hash.data, what)
    except NotNow as refused:
        allow(work(), Action.CONFIRM_READING, case)
        return _refused(case, form, refused, {"": str(refused)}, 409)
    if form.written:
        return _page(case, form)
    return redirect(url_for("decisions.show", reference=reference, number=number), 303)


@blueprint.post(AT + "/sign-off")
def sign_off(reference: str, number: int) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    form = SignOff(request.form)
    try:
        decisions.sign_off(work(), case, form.signing, printer(installation().settings))
    except Incomplete as lacking:
        return _refused(case, form, lacking, {lack.target: lack.why for lack in lacking.lacks}, 422)
    except InvalidInput as invalid:
        return _refused(case, form, invalid, invalid.messages, 422)
    except TooOften as often:
        return _refused(case, form, often, {"password": str(often)}, 429)
    except NotNow as moved_on:
        return _moved_on(case, form, moved_on)
    flash("Signed off. The record is frozen and is in the register.", "success")
    return redirect(url_for("register.read", reference=reference, number=number), 303)


@blueprint.route(AT + "/refer-back", methods=["GET", "POST"])
def refer_back(reference: str, number: int) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    allow(work(), Action.REFER_BACK, case)
    form = ReferBack(request.form)
    if request.method != "POST":
        return _form("refer_back", case, form)
    try:
        form.check()
        decisions.refer_back(work(), case, form.reason.data)
    except InvalidInput as invalid:
        return _form("refer_back", case, form, invalid)
    flash("Referred back to the reviewer with your reason.", "success")
    return redirect(url_for("home.show"), 303)


@blueprint.route(AT + "/refuse", methods=["GET", "POST"])
def refuse(reference: str, number: int) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    allow(work(), Action.REFUSE, case)
    form = Refuse(request.form)
    if request.method != "POST":
        return _form("refuse", case, form)
    try:
        form.check()
        decisions.refuse(work(), case, form.reason.data)
    except InvalidInput as invalid:
        return _form("refuse", case, form, invalid)
    flash("Refused. The assessment is kept, with your reason, and can no longer be changed.", "success")
    return redirect(url_for("home.show"), 303)


@blueprint.route(AT + "/delegate", methods=["GET", "POST"])
def delegate(reference: str, number: int) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    free = delegations.deputies(work(), case)
    form = Delegate(free, request.form)
    if request.method != "POST":
        return _form("delegate", case, form)
    try:
        form.check()
        assert form.first.day is not None  # noqa: S101  both were asked for
        assert form.last.day is not None  # noqa: S101
        given = delegations.delegate(work(), case, form.to.data, form.first.day, form.last.day, form.reason.data)
    except InvalidInput as invalid:
        return _form("delegate", case, form, invalid)
    flash(f"{given.to.name} may decide on these days. You still may too.", "success")
    return redirect(url_for("decisions.show", reference=reference, number=number), 303)


@blueprint.post(AT + "/delegations/<uuid:delegation_id>/end")
def end_delegation(reference: str, number: int, delegation_id: object) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    ended = delegations.end(work(), case, str(delegation_id))
    flash(f"{ended.to.name} may no longer decide.", "success")
    return redirect(url_for("decisions.show", reference=reference, number=number), 303)


def _page(case: Case, form: SignOff, errors: Mapping[str, str] = NO_ERRORS) -> str:
    """All of it on one page: what to read, with a button each, and below it what to state."""
    page = decisions.shown(work(), case)
    form.before(page.fingerprint, reasons_needed=bool(page.reasons_needed))
    return render_template(
        "decisions/show.html",
        case=case,
        page=page,
        compared=len(comparisons.submissions_of(work(), case)) > 1,
        summary=[*summary(page.source), *gains_and_losses(page.source)],
        findings=[*report_review.disputes(page.source), *report_review.grades(page.source)],
        form=form.refused(errors),
        fields=errors,
        errors=_links(page, errors),
        late=decisions.late_words(case) if page.late else "",
        delegated=delegations.standing(work(), case),
    )


def _links(page: Shown, errors: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each message with the place on the page where it can be put right."""
    places = {harm.impact["id"]: harm.impact["name"] for harm in page.harms} | {SUMMARY: "read-summary", "": ""}
    found = ((places.get(target, target), message) for target, message in errors.items())
    return [(f"#{place}" if place else "", message) for place, message in found]


def _refused(
    case: Case, form: SignOff, refused: Refused, errors: Mapping[str, str], status: int
) -> ResponseReturnValue:
    note_refused(refused)
    return _page(case, form, errors), status


def _moved_on(case: Case, form: SignOff, refused: NotNow) -> ResponseReturnValue:
    """Something changed meanwhile: show the new page with the old words while there is still something to decide."""
    if case.state is not State.REVIEWED:
        raise refused
    return _refused(case, form, refused, {"": str(refused)}, 409)


def _form(name: str, case: Case, form: FixedForm, invalid: InvalidInput | None = None) -> ResponseReturnValue:
    if invalid is not None:
        note_refused(invalid)
        form.refused(invalid.messages)
    page = render_template(f"decisions/{name}.html", case=case, form=form, errors=form.errors)
    return page, 422 if invalid is not None else 200
