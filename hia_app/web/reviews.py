"""The reviewer's pages: the queue, the review of one assessment, and each thing a reviewer can do there."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hia_app.domain.errors import InvalidInput
from hia_app.domain.quality import PROMPTS
from hia_app.domain.report_decision import OUTCOMES, RECOMMENDATIONS, RESPONSES
from hia_app.domain.workflow import Action, State
from hia_app.services import (
    comparisons,
    countersigning,
    cover,
    disputes,
    exempt_marks,
    impacts,
    quality,
    ratings,
    review_queue,
    review_rounds,
    review_sections,
    reviews,
    screening_reviews,
    threads,
)
from hia_app.services.reviews import Point
from hia_app.services.work import Case, allow, open_case
from hia_app.web.forms.conditions import rows_shown, typed_conditions
from hia_app.web.forms.fields import FixedForm
from hia_app.web.forms.reviews import (
    Absence,
    Conclude,
    ConfirmScreening,
    Countersign,
    HandOver,
    NoConflict,
    ReopenReview,
    WithdrawCountersignature,
)
from hia_app.web.printing import printer
from hia_app.web.request import installation, note_refused, work

blueprint = Blueprint("reviews", __name__)
AT = "/assessments/<reference>/<int:number>/review"
NO_ERRORS: Mapping[str, str] = {}


@blueprint.get("/reviews")
def queue() -> str:
    page = request.args.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    found = review_queue.queue(work(), request.args.get("show", "waiting"), number)
    return render_template(
        "reviews/queue.html", queue=found, shelves=review_queue.SHELVES, away=cover.planned(work()), me=_me()
    )


@blueprint.route("/reviews/away", methods=["GET", "POST"])
def plan_absence() -> ResponseReturnValue:
    free = cover.colleagues(work())
    form = Absence(free, request.form)
    if request.method != "POST":
        return render_template("reviews/away.html", form=form, errors=form.errors)
    try:
        form.check()
        cover.plan(work(), form.cover.data, *form.days)
    except InvalidInput as invalid:
        note_refused(invalid)
        form.refused(invalid.messages)
        return render_template("reviews/away.html", form=form, errors=form.errors), 422
    flash("Your absence is noted. Whoever covers can take your reviews over on these days.", "success")
    return redirect(url_for("reviews.queue"), 303)


@blueprint.post("/reviews/away/<uuid:absence_id>/cancel")
def cancel_absence(absence_id: uuid.UUID) -> ResponseReturnValue:
    cover.cancel(work(), str(absence_id))
    flash("Your absence is cancelled.", "success")
    return redirect(url_for("reviews.queue"), 303)


@blueprint.post(AT + "/cover")
def cover_review(reference: str, number: int) -> ResponseReturnValue:
    case, form = _open(reference, number), NoConflict(request.form)
    try:
        reviews.cover_for(work(), case, no_conflict=form.no_conflict.data)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _page(case, form.refused(invalid.messages)), 422
    flash("You lead this review.", "success")
    return _to("show", case)


@blueprint.get(AT)
def show(reference: str, number: int) -> ResponseReturnValue:
    return _page(_case(reference, number), NoConflict())


@blueprint.post(AT + "/take")
def take_review(reference: str, number: int) -> ResponseReturnValue:
    case, form = _open(reference, number), NoConflict(request.form)
    try:
        reviews.take(work(), case, no_conflict=form.no_conflict.data)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _page(case, form.refused(invalid.messages)), 422
    flash("You lead this review.", "success")
    return _to("show", case)


@blueprint.route(AT + "/hand-over", methods=["GET", "POST"])
def hand_over_review(reference: str, number: int) -> ResponseReturnValue:
    case = _open(reference, number)
    allow(work(), Action.HAND_OVER_REVIEW, case)
    free = reviews.free_reviewers(work(), case)
    form = HandOver(free, request.form)
    if request.method != "POST":
        return _form("hand_over", case, form)
    try:
        form.check()
        chosen = reviews.hand_over(work(), case, form.to.data, form.reason.data)
    except InvalidInput as invalid:
        return _form("hand_over", case, form, invalid)
    flash(f"{chosen.name} now leads this review.", "success")
    return _to("show", case)


@blueprint.route(AT + "/return", methods=["GET", "POST"], endpoint="return")
def return_(reference: str, number: int) -> ResponseReturnValue:
    case = _open(reference, number)
    allow(work(), Action.RETURN, case)
    if request.method != "POST":
        return _return_page(case, ())
    points = _points()
    try:
        reviews.return_(work(), case, points)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _return_page(case, points, invalid.messages), 422
    flash(f"Returned to {case.version.owner.name} with your points.", "success")
    return _to("show", case)


@blueprint.route(AT + "/conclude", methods=["GET", "POST"])
def conclude(reference: str, number: int) -> ResponseReturnValue:
    case = _open(reference, number)
    allow(work(), Action.CONCLUDE, case)
    form = Conclude(request.form)
    if request.method != "POST":
        return _conclude_page(case, form)
    conditions, decided = typed_conditions(request.form), form.exempt_decided.data
    try:
        reviews.conclude(work(), case, form.recommendation.data, form.reasons.data, conditions, exempt_decided=decided)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _conclude_page(case, form, invalid.messages), 422
    flash("The review is concluded. The decision-maker has it now.", "success")
    return _to("show", case)


@blueprint.route(AT + "/reopen", methods=["GET", "POST"])
def reopen_review(reference: str, number: int) -> ResponseReturnValue:
    case = _open(reference, number)
    allow(work(), Action.REOPEN_REVIEW, case)
    form = ReopenReview(request.form)
    if request.method != "POST":
        return _form("reopen", case, form)
    try:
        form.check()
        reviews.reopen_review(work(), case, form.reason.data)
    except InvalidInput as invalid:
        return _form("reopen", case, form, invalid)
    flash("The review is open again.", "success")
    return _to("show", case)


@blueprint.route(AT + "/impacts/<uuid:impact_id>/countersign", methods=["GET", "POST"])
def countersign(reference: str, number: int, impact_id: uuid.UUID) -> ResponseReturnValue:
    case = _open(reference, number)
    claim, form = countersigning.find(work(), case, str(impact_id)), Countersign(request.form)
    version = _row_version(form.row_version.data)
    form.row_version.data = str(claim.line.row.row_version)  # the page shows the impact as it is now
    if request.method != "POST":
        return _form("countersign", case, WithdrawCountersignature() if claim.signed else form, claim=claim)
    try:
        if claim.signed is None:  # a second click changes nothing, whatever it says
            form.check()
        countersigning.countersign(work(), case, str(impact_id), version, form.reason.data)
    except InvalidInput as invalid:
        return _form("countersign", case, form, invalid, claim=claim)
    flash(f"You countersigned the mitigation of {claim.line.name}. It counts from now on.", "success")
    return _to("show", case)


@blueprint.post(AT + "/impacts/<uuid:impact_id>/withdraw-countersignature")
def withdraw_countersignature(reference: str, number: int, impact_id: uuid.UUID) -> ResponseReturnValue:
    case = _open(reference, number)
    claim, form = countersigning.find(work(), case, str(impact_id)), WithdrawCountersignature(request.form)
    try:
        if claim.signed is not None:  # otherwise there is nothing to withdraw, which the service says
            form.check()
        countersigning.withdraw(work(), case, str(impact_id), form.reason.data)
    except InvalidInput as invalid:
        return _form("countersign", case, form, invalid, claim=claim)
    flash(f"The countersignature of {claim.line.name} is withdrawn. The mitigation no longer counts.", "success")
    return _to("show", case)


@blueprint.route(AT + "/screening", methods=["GET", "POST"])
def confirm_screen_out(reference: str, number: int) -> ResponseReturnValue:
    case = _open(reference, number)
    allow(work(), Action.CONFIRM_SCREEN_OUT, case)
    answers, form = screening_reviews.answers_in_words(work(), case), ConfirmScreening(request.form)
    if request.method != "POST":
        return _form("screening", case, form, answers=answers)
    try:
        form.check()
        render = printer(installation().settings)
        screening_reviews.decide(work(), case, form.outcome.data, form.reason.data, render)
    except InvalidInput as invalid:
        return _form("screening", case, form, invalid, answers=answers)
    if form.outcome.data == "full":
        flash(f"{case.version.owner.name} is asked for a full assessment.", "success")
        return redirect(url_for("reviews.queue"), 303)
    flash("Confirmed: a full assessment is not needed. The record is frozen.", "success")
    return redirect(url_for("register.read", reference=case.reference, number=case.version.number), 303)


def _open(reference: str, number: int) -> Case:
    return open_case(work(), reference, number)


def _case(reference: str, number: int) -> Case:
    case = _open(reference, number)
    allow(work(), Action.SEE_REVIEW, case)
    return case


def _page(case: Case, form: NoConflict) -> str:
    """The review of one assessment: where it stands, what can be done now, and all that was said before."""
    allow(work(), Action.SEE_REVIEW, case)
    lines = impacts.lines_of(work(), case)
    found = review_rounds.rounds(work(), case, lines)
    current = next((one.round for one in found if one.round.outcome is None), None)
    mine = case.standing.lead and current is not None
    return render_template(
        "reviews/show.html",
        case=case,
        form=form,
        errors=form.errors,
        rounds=found,
        current=current,
        accepted=mine and current is not None and current.no_conflict_declared and current.lead_id == _me(),
        claims=countersigning.claims(work(), case, lines),
        lines=lines,
        given=review_sections.given(work(), case),
        grades=quality.latest(work(), case),
        prompts=PROMPTS,
        disputes=disputes.of(work(), case),
        ratings=(ratings.of(case), ratings.disputed_of(case)),
        marks=exempt_marks.of(work(), case),
        threads=threads.threads(work(), case),
        covers=cover.may_cover(work(), case),
        returns=sum(one.round.outcome == "returned" for one in found),
        next_lead=cover.after_returns(work(), case) if case.state is State.RETURNED else None,
        compared=len(comparisons.submissions_of(work(), case)) > 1,
        today=work().today,
        screened_out=case.state is State.SCREENED_OUT,
    )


def _form(
    name: str, case: Case, form: FixedForm, invalid: InvalidInput | None = None, **context: Any
) -> ResponseReturnValue:
    """One form of the review, empty or, after a refusal, with what was typed and what to put right."""
    if invalid is not None:
        note_refused(invalid)
        form.refused(invalid.messages)
    page = render_template(f"reviews/{name}.html", case=case, form=form, errors=form.errors, **context)
    return page, 422 if invalid is not None else 200


def _return_page(case: Case, points: Sequence[Point], errors: Mapping[str, str] = NO_ERRORS) -> str:
    """Every part of the questionnaire with a box and a reason: fields as they come from its version."""
    chosen = {(point.kind, point.target) for point in points}
    sections = reviews.returnable(work(), case)
    return render_template(
        "reviews/return.html", case=case, sections=sections, chosen=chosen, typed=request.form, errors=errors
    )


def _conclude_page(case: Case, form: Conclude, errors: Mapping[str, str] = NO_ERRORS) -> str:
    held = review_rounds.open_round(work(), case)
    return render_template(
        "reviews/conclude.html",
        case=case,
        form=form.refused(errors),
        errors=errors,
        waiting=[claim for claim in countersigning.claims(work(), case) if claim.signed is None],
        rows=rows_shown(request.form),
        marks=exempt_marks.of(work(), case),
        obstacles=reviews.obstacles(work(), case, held) if held else {},
    )


def _to(view: str, case: Case) -> ResponseReturnValue:
    return redirect(url_for(f"reviews.{view}", reference=case.reference, number=case.version.number), 303)


def _points() -> list[Point]:
    """The ticked boxes, each with the reason beside it; a reason without a tick does not count."""
    points = []
    for ticked in dict.fromkeys(request.form.getlist("point")):
        kind, _, target = ticked.partition(":")
        points.append(Point(kind, target, request.form.get(f"reason-{kind}-{target}", "")))
    return points


def _row_version(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _me() -> str:
    return work().actor.person_id


@blueprint.app_template_filter()
def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


@blueprint.app_template_filter()
def recommendation(found: str | None) -> str:
    return RECOMMENDATIONS.get(found or "", "")


@blueprint.app_template_filter()
def round_outcome(found: str | None) -> str:
    return OUTCOMES[found]


@blueprint.app_template_filter()
def point_response(found: str | None) -> str:
    return RESPONSES[found]
