"""Starting an assessment, its task list, and what is said about the proposal as a whole."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from hia_app.domain import policy, proposal
from hia_app.domain.answers import form_values
from hia_app.domain.errors import Conflict, InvalidInput
from hia_app.domain.questionnaire import STAGES
from hia_app.domain.record import short
from hia_app.domain.workflow import Action, State
from hia_app.services import assessments, overview, responsibilities
from hia_app.services.work import Case
from hia_app.store.tables import Person
from hia_app.web import assessment_ends, assessment_people, assessment_points, assessment_screening
from hia_app.web.assessment_blueprint import PLACE, address, blueprint, go, opened, typed
from hia_app.web.question_fields import anchor, belongs, draw_alone
from hia_app.web.request import note_refused, work

__all__ = ["assessment_ends", "assessment_people", "assessment_points", "assessment_screening", "blueprint"]

STAGE_WORDS: Mapping[str, str] = {
    "proposal": "The proposal",
    "screening": "Screening",
    "people_and_places": "People and places",
    "principles": "The eight principles",
    "across": "Across the principles",
    "actions": "Actions",
}


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    policy.require(Action.START, work().actor)
    return render_template("assessments/new.html", form_id=str(uuid.uuid4()), **_asked({}))


@blueprint.post("/new")
def start() -> ResponseReturnValue:
    form = request.form.to_dict(flat=False)
    try:
        given = proposal.read(form, assessments.scheme_types(work()))
        case = assessments.start(work(), typed("form_id"), given)
    except InvalidInput as invalid:
        note_refused(invalid)
        page = _asked(_as_typed(form), invalid.messages)
        return render_template("assessments/new.html", form_id=typed("form_id"), **page), 422
    return go(case, "assessments.screening")


@blueprint.get(PLACE + "/")
def show(reference: str, number: int) -> ResponseReturnValue:
    case = opened(reference, number)
    if not policy.may(Action.SEE_CONTENT, work().actor, case.standing):
        return render_template("assessments/status.html", case=case)
    tasks = overview.task_list(work(), case)
    stages = [
        (STAGE_WORDS[stage], found)
        for stage in STAGES
        if (found := [task for task in tasks if task.section.stage == stage])
    ]
    return render_template(
        "assessments/show.html", case=case, stages=stages, tasks=tasks, days=_days_left(case), fingerprint=short
    )


@blueprint.get(PLACE + "/proposal")
def proposal_form(reference: str, number: int) -> ResponseReturnValue:
    case = opened(reference, number)
    policy.require(Action.CHANGE_PROPOSAL, work().actor, case.standing)
    values = assessments.proposal_of(case.version).values()
    return _proposal_page(case, _drawn_values(values), case.version.row_version)


@blueprint.post(PLACE + "/proposal")
def save_proposal(reference: str, number: int) -> ResponseReturnValue:
    case = opened(reference, number)
    policy.require(Action.CHANGE_PROPOSAL, work().actor, case.standing)
    form = request.form.to_dict(flat=False)
    seen = typed("row_version")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1
    try:
        given = proposal.read(form, _scheme_types(case))
        assessments.change_proposal(work(), case, given, version)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _proposal_page(case, _as_typed(form), version, invalid.messages), 422
    except Conflict as conflict:
        note_refused(conflict)
        return _proposal_page(case, _as_typed(form), case.version.row_version, conflict=conflict), 409
    flash("The proposal has been saved.", "success")
    return go(case)


@blueprint.post(PLACE + "/decision-maker")
def name_decision_maker(reference: str, number: int) -> ResponseReturnValue:
    case = opened(reference, number)
    try:
        person = responsibilities.name_decision_maker(work(), case, typed("person"))
    except InvalidInput as invalid:
        note_refused(invalid)
        values = assessments.proposal_of(case.version).values()
        return _proposal_page(case, _drawn_values(values), case.version.row_version, invalid.messages), 422
    flash(f"{person.name} is named as the decision-maker.", "success")
    return redirect(address(case), 303)


def _proposal_page(
    case: Case,
    values: Mapping[str, Any],
    version: int,
    messages: Mapping[str, str] | None = None,
    conflict: Conflict | None = None,
) -> str:
    page = _asked(values, messages, case)
    people = responsibilities.candidates(work(), case, "decision_maker")
    return render_template(
        "assessments/proposal.html", case=case, row_version=version, people=people, both=_both(case, conflict), **page
    )


def _both(case: Case, conflict: Conflict | None) -> list[tuple[str, str, str]]:
    """What differs: the question, what somebody else saved, what was typed."""
    if conflict is None:
        return []
    words = {one.id: one.text for one in proposal.questions(_scheme_types(case))}
    return [
        (words[name], str(conflict.stored[name]), str(conflict.typed[name]))
        for name in words
        if conflict.stored[name] != conflict.typed[name]
    ]


def _asked(
    values: Mapping[str, Any], messages: Mapping[str, str] | None = None, case: Case | None = None
) -> dict[str, Any]:
    """The questions of the first page with what was typed, and the messages that lead to them."""
    types = _scheme_types(case) if case else assessments.scheme_types(work())
    questions = proposal.questions(types)
    messages = messages or {}
    links = [
        (f"#{anchor(one, name)}", message)
        for name, message in messages.items()
        for one in questions
        if belongs(one, name)
    ]
    if "person" in messages:
        links.append(("#person", messages["person"]))
    drawn = [draw_alone(f"proposal:{types!r}", one, values, messages) for one in questions]
    return {"asked": drawn, "errors": links, "messages": dict(messages)}


def _scheme_types(case: Case) -> tuple[tuple[str, str, str], ...]:
    """What the proposal can be: anything offered while screening, afterwards only what it is."""
    if case.state is State.SCREENING:
        offered = assessments.scheme_types(work())
        if case.version.scheme_type in {one for one, _, _ in offered}:
            return offered
    pinned = case.questionnaire
    return ((case.version.scheme_type, pinned.title, pinned.summary),)


def _drawn_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Form field → what it shows, from the proposal as it is kept."""
    shown: dict[str, Any] = {}
    for question in proposal.questions(()):
        shown |= form_values(question, values[question.id])
    return shown


def _as_typed(form: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: values[0] for name, values in form.items() if values}


def _days_left(case: Case) -> int:
    """Days until the decision; negative when its date has passed."""
    return (case.version.decision_date - work().today).days


@blueprint.app_template_filter()
def person_option(person: Person) -> tuple[str, str]:
    """A person as a choice; the job tells two of the same name apart."""
    return person.id, f"{person.name}, {person.job_title}" if person.job_title else person.name


@blueprint.app_template_filter()
def as_uuid(text: str) -> uuid.UUID:
    return uuid.UUID(text)
