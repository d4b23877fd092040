"""Checking and submitting an assessment, taking it back, stopping it, and opening a new version."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from hia_app.domain import policy
from hia_app.domain.answers import as_text
from hia_app.domain.errors import Incomplete, InvalidInput
from hia_app.domain.questionnaire import Section, visible_questions
from hia_app.domain.workflow import Action, State
from hia_app.services import assessments, impacts, versions
from hia_app.services.answers import answers_of, values_of
from hia_app.services.readiness import lacks
from hia_app.services.work import Case, allow
from hia_app.web.assessment_blueprint import PLACE, address, blueprint, go, lack_address, opened
from hia_app.web.forms.assessments import Reopen, Withdraw
from hia_app.web.request import note_refused, work
from hia_app.web.section_page import section_address


@blueprint.get(PLACE + "/check")
def check(reference: str, number: int) -> ResponseReturnValue:
    case = opened(reference, number)
    allow(work(), Action.SEE_RATING, case)  # the whole assessment: not for contributors
    return _check_page(case)


@blueprint.post(PLACE + "/submit")
def submit(reference: str, number: int) -> ResponseReturnValue:
    case = opened(reference, number)
    if case.standing.owner and case.state is State.IN_REVIEW:
        return go(case)  # a second click
    try:
        assessments.submit(work(), case)
    except Incomplete as incomplete:
        note_refused(incomplete)
        return _check_page(case, refused=True), 422
    flash("Submitted. Public health will review it; you can take it back until a reviewer has taken it.", "success")
    return go(case)


@blueprint.post(PLACE + "/recall")
def recall(reference: str, number: int) -> ResponseReturnValue:
    case = opened(reference, number)
    if case.standing.owner and case.state in {State.DRAFT, State.RETURNED}:
        return go(case)
    assessments.recall(work(), case)
    flash("You have taken the assessment back. Nobody reviews it until you submit it again.", "success")
    return go(case)


@blueprint.get(PLACE + "/withdraw")
def confirm_withdrawal(reference: str, number: int) -> ResponseReturnValue:
    case = opened(reference, number)
    allow(work(), Action.WITHDRAW, case)
    return _withdrawal(case, Withdraw())


@blueprint.post(PLACE + "/withdraw")
def withdraw(reference: str, number: int) -> ResponseReturnValue:
    case = opened(reference, number)
    if case.standing.owner and case.state is State.WITHDRAWN:
        return go(case)
    allow(work(), Action.WITHDRAW, case)
    form = Withdraw(request.form)
    try:
        form.check()
        assessments.withdraw(work(), case, form.reason.data)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _withdrawal(case, form.refused(invalid.messages)), 422
    flash("The assessment is withdrawn. It stays readable and cannot be changed.", "success")
    return go(case)


@blueprint.get(PLACE + "/reopen")
def reopen(reference: str, number: int) -> ResponseReturnValue:
    case = opened(reference, number)
    allow(work(), Action.REOPEN, case)
    return _reopening(case, Reopen(form_id=str(uuid.uuid4())))


@blueprint.post(PLACE + "/reopen")
def open_new_version(reference: str, number: int) -> ResponseReturnValue:
    case = opened(reference, number)
    allow(work(), Action.REOPEN, case)
    form = Reopen(request.form)
    try:
        form.check()
        new = versions.reopen(work(), case, form.form_id.data, form.trigger.data, form.reason.data)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _reopening(case, form.refused(invalid.messages)), 422
    flash(f"Version {new.version.number} is open. Everything was carried over for you to confirm.", "success")
    return go(new)


def _withdrawal(case: Case, form: Withdraw) -> str:
    return render_template("assessments/withdraw.html", case=case, form=form, errors=form.errors)


def _reopening(case: Case, form: Reopen) -> str:
    return render_template("assessments/reopen.html", case=case, form=form, errors=form.errors)


def _check_page(case: Case, *, refused: bool = False) -> str:
    found = [(lack_address(case, lack), lack.why) for lack in lacks(work(), case)]
    lines = impacts.lines_of(work(), case)
    may = {name: policy.may(Action(name), work().actor, case.standing) for name in ("submit", "answer")}
    return render_template(
        "assessments/check.html",
        case=case,
        lacks=found,
        errors=found if refused else [],
        parts=list(_parts(case)),
        lines=lines,
        may_submit=may["submit"],
        may_answer=may["answer"],
        proposal_address=address(case, "assessments.proposal_form"),
    )


def _parts(case: Case) -> Iterator[tuple[Section, str, list[tuple[str, Any, str]]]]:
    """Each section with its address and its answers: question, answer in words, where to change it."""
    values = values_of(answers_of(work(), case))
    shown = visible_questions(case.questionnaire, values)
    for section in case.questionnaire.sections:
        rows = [
            (
                question.text,
                as_text(question, values.get(question.id), case.questionnaire),
                section_address(case, section.id, _anchor=f"question-{question.id}"),
            )
            for question in section.questions
            if question.id in shown and question.type not in {"note", "impacts"}
        ]
        yield section, section_address(case, section.id), rows
