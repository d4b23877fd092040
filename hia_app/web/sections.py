"""One page per section: shown, saved by a button or as people type, and settled when two people wrote at once."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hia_app.domain.answers import as_text
from hia_app.domain.errors import Conflict, InvalidInput
from hia_app.domain.progress import counted
from hia_app.services.answers import Saved, answers_of, record_answers, section_of, token
from hia_app.services.work import LONDON, Case, open_case
from hia_app.web.request import note_refused, work
from hia_app.web.section_page import Again, back_address, next_address, section_address, section_page
from hia_app.web.table_files import with_tables

blueprint = Blueprint("sections", __name__, url_prefix="/assessments/<reference>/<int:number>")
Form = dict[str, list[str]]


@blueprint.get("/sections/<section_id>")
def show(reference: str, number: int, section_id: str) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    page = section_page(work(), case, section_id, more=request.args.get("more", ""))
    return render_template("sections/show.html", page=page, case=case)


@blueprint.post("/sections/<section_id>")
def save(reference: str, number: int, section_id: str) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    action = request.form.get("action", "")
    form, messages = with_tables(request.form.to_dict(flat=False), request.files)
    form, to_edit = _settled(_without_removed_row(form, action))
    if messages:
        return _again(case, section_id, Again(form, messages))
    if to_edit:
        return _again(case, section_id, Again(form))
    try:
        saved = record_answers(work(), case, section_id, form, autosave=_autosaving())
    except InvalidInput as invalid:
        note_refused(invalid)
        return _again(case, section_id, Again(form, invalid.messages, more=_list_to_extend(action)))
    except Conflict as conflict:
        note_refused(conflict)
        return _both(case, section_id, form, conflict)
    if _autosaving():
        return _told(saved)
    return redirect(_after(case, section_id, action, saved), 303)


def _again(case: Case, section_id: str, again: Again) -> ResponseReturnValue:
    page = section_page(work(), case, section_id, again)
    return render_template("sections/show.html", page=page, case=case, errors=page.errors), 422


def _told(saved: Saved) -> ResponseReturnValue:
    """What our own script needs after an autosave."""
    return jsonify(
        saved=f"{work().now.astimezone(LONDON):%H:%M}",
        versions=dict(saved.tokens),
        visible=sorted(saved.visible),
        problems=dict(saved.problems),
    )


def _after(case: Case, section_id: str, action: str, saved: Saved) -> str:
    """Where a save leads: on, back, or to the same page where something more waits there."""
    verb, _, rest = action.partition(".")
    question_id = rest.partition(".")[0]
    if verb == "add":
        return section_address(case, section_id, more=question_id, _anchor=f"question-{question_id}")
    if verb == "remove":
        return section_address(case, section_id, _anchor=f"question-{question_id}")
    if verb == "places":
        return url_for("places.show", reference=case.reference, number=case.version.number, question_id=question_id)
    if verb == "library":
        where = {"reference": case.reference, "number": case.version.number}
        return url_for("indicators.choose", indicator_question=question_id, **where)  # type: ignore[arg-type]
    if verb == "evidence":
        where = {"reference": case.reference, "number": case.version.number}
        return url_for("evidence.about", kind="question", target=rest, **where)  # type: ignore[arg-type]
    if verb == "stay":
        return section_address(case, section_id, **({"_anchor": f"question-{question_id}"} if question_id else {}))
    if saved.appeared and verb != "return":
        flash(
            f"Because of your answers there is more to answer here: {counted(len(saved.appeared), 'question')}.", "note"
        )
        return section_address(case, section_id, _anchor=f"question-{saved.appeared[0]}")
    if verb == "return":
        return back_address(case, section_id)
    return next_address(case, section_id)


def _both(case: Case, section_id: str, form: Form, conflict: Conflict) -> ResponseReturnValue:
    """Both texts side by side, with everything else that was on the page kept to be saved with the choice."""
    if _autosaving():
        return jsonify(saved=False, conflict=True, reason=conflict.reasons[0]), 409
    questionnaire, section = section_of(case, section_id)
    rows = answers_of(work(), case)
    asked = [question for question in section.questions if question.id in conflict.stored]
    both = [
        {
            "question": question,
            "theirs": as_text(question, conflict.stored[question.id], questionnaire),
            "mine": as_text(question, conflict.typed[question.id], questionnaire),
            "token": token(rows.get(question.id)),
        }
        for question in asked
    ]
    ours = {"csrf_token", "action", *(f"was:{question.id}" for question in asked)}
    rest = [(name, value) for name, values in form.items() if name not in ours for value in values]
    page = section_page(work(), case, section_id)
    return render_template("sections/conflict.html", case=case, page=page, both=both, rest=rest), 409


def _settled(form: Form) -> tuple[Form, list[str]]:
    """The form after somebody has chosen between two texts, and the questions they want to edit first."""
    to_edit = []
    for question_id in form.get("conflict", ()):
        choice = (form.pop(f"choose:{question_id}", None) or [""])[0]
        if choice == "theirs":
            form.pop(f"was:{question_id}", None)  # as if the question had not been on the page
        elif choice != "mine":
            to_edit.append(question_id)
    form.pop("conflict", None)
    return form, to_edit


def _without_removed_row(form: Form, action: str) -> Form:
    verb, _, rest = action.partition(".")
    question_id, _, row = rest.partition(".")
    if verb != "remove":
        return form
    return {name: values for name, values in form.items() if not name.startswith(f"{question_id}-{row}-")}


def _list_to_extend(action: str) -> str:
    verb, _, question_id = action.partition(".")
    return question_id if verb == "add" else ""


def _autosaving() -> bool:
    return request.headers.get("X-Autosave") == "1"
