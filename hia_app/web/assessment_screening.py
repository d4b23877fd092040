"""The screening page: its questions, what they lead to, and the two ways on."""

from __future__ import annotations

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from hia_app.domain.errors import Incomplete, InvalidInput
from hia_app.domain.workflow import State
from hia_app.services import overview
from hia_app.services import screening as service
from hia_app.services.work import Case
from hia_app.web.assessment_blueprint import PLACE, blueprint, go, lack_address, opened
from hia_app.web.forms.assessments import ScreenOut
from hia_app.web.request import note_refused, work


@blueprint.get(PLACE + "/screening")
def screening(reference: str, number: int) -> ResponseReturnValue:
    return _page(opened(reference, number), ScreenOut())


@blueprint.post(PLACE + "/screening/full")
def screen_in(reference: str, number: int) -> ResponseReturnValue:
    case = opened(reference, number)
    if case.standing.owner and case.state is State.DRAFT:
        return go(case)  # a second click
    try:
        service.screen_in(work(), case)
    except Incomplete as incomplete:
        return _refused(case, ScreenOut(), incomplete)
    flash("A full assessment has begun. This is its task list.", "success")
    return go(case)


@blueprint.post(PLACE + "/screening/not-needed")
def screen_out(reference: str, number: int) -> ResponseReturnValue:
    case = opened(reference, number)
    if case.standing.owner and case.state is State.SCREENED_OUT:
        return go(case)
    form = ScreenOut(request.form)
    try:
        service.screen_out(work(), case, form.reason.data)  # looks at the answers first, then at the reason
    except Incomplete as incomplete:
        return _refused(case, form, incomplete)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _page(case, form.refused(invalid.messages)), 422
    flash("Screened out. A reviewer in public health will confirm it, or ask for a full assessment.", "success")
    return go(case)


def _refused(case: Case, form: ScreenOut, incomplete: Incomplete) -> ResponseReturnValue:
    note_refused(incomplete)
    return _page(case, form, missing=True), 422


def _page(case: Case, form: ScreenOut, *, missing: bool = False) -> str:
    tasks = overview.screening_progress(work(), case)
    found = service.outcome(work(), case)
    links = [(lack_address(case, lack), _words(case, lack.target)) for lack in found.lacks]
    return render_template(
        "assessments/screening.html",
        case=case,
        tasks=tasks,
        outcome=found,
        links=links,
        form=form,
        errors=links if missing else form.errors,
    )


def _words(case: Case, question_id: str) -> str:
    return case.screening.question_by_id[question_id].text
