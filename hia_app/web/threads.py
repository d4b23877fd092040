"""Comments on questions, impacts and sections: all of them, those about one thing, and what can be done with each."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hia_app.domain.errors import InvalidInput
from hia_app.domain.workflow import Action
from hia_app.services import thread_people
from hia_app.services import threads as service
from hia_app.services.work import Case, allow, open_case
from hia_app.store.tables import Thread
from hia_app.web.pages import may
from hia_app.web.request import note_refused, work

blueprint = Blueprint("threads", __name__, url_prefix="/assessments/<reference>/<int:number>/comments")


@blueprint.get("/")
def show(reference: str, number: int) -> str:
    case = open_case(work(), reference, number)
    allow(work(), Action.SEE_CONTENT, case)
    sections = [one for one in case.questionnaire.sections if service.reaches(work(), case, one.id)]
    return render_template(
        "threads/show.html",
        case=case,
        threads=service.threads(work(), case),
        sections=sections if may(Action.COMMENT, case) else (),
        reviewing=service.sees_private(work(), case),
    )


@blueprint.route("/<kind>/<target>", methods=["GET", "POST"])
def about(reference: str, number: int, kind: str, target: str) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    allow(work(), Action.SEE_CONTENT, case)
    if request.method != "POST":
        return _page(case, kind, target)
    private = request.form.get("private") == "yes"
    g.private = private
    blocking = request.form.get("blocking") == "yes"
    form_id, text = request.form.get("form_id", ""), request.form.get("text", "")
    try:
        service.open_thread(work(), case, form_id, (kind, target), text, private=private, blocking=blocking)
    except InvalidInput as invalid:
        return _page(case, kind, target, invalid)
    flash("Your note is kept for the reviewers." if private else "Your comment is added.", "success")
    return _to(case, kind, target)


@blueprint.post("/threads/<uuid:thread_id>/reply")
def reply(reference: str, number: int, thread_id: uuid.UUID) -> ResponseReturnValue:
    case, thread = _found(reference, number, thread_id)
    form_id, text = request.form.get("form_id", ""), request.form.get("text", "")
    try:
        service.reply(work(), case, str(thread_id), form_id, text)
    except InvalidInput as invalid:
        return _page(case, thread.kind, thread.target, invalid, refused=str(thread_id))
    return _to(case, thread.kind, thread.target, str(thread_id))


@blueprint.post("/threads/<uuid:thread_id>/settle")
def settle(reference: str, number: int, thread_id: uuid.UUID) -> ResponseReturnValue:
    case, thread = _found(reference, number, thread_id)
    if request.form.get("to") == "resolved":
        service.resolve(work(), case, str(thread_id))
    else:
        service.reopen(work(), case, str(thread_id))
    return _to(case, thread.kind, thread.target, str(thread_id))


@blueprint.post("/threads/<uuid:thread_id>/assign")
def assign(reference: str, number: int, thread_id: uuid.UUID) -> ResponseReturnValue:
    case, thread = _found(reference, number, thread_id)
    service.assign(work(), case, str(thread_id), request.form.get("person", ""))
    return _to(case, thread.kind, thread.target, str(thread_id))


def _found(reference: str, number: int, thread_id: uuid.UUID) -> tuple[Case, Thread]:
    """The thread, and a mark on the request that what is refused about a private note is told to nobody."""
    case = open_case(work(), reference, number)
    thread = service.find(work(), case, str(thread_id)).thread
    g.private = thread.private
    return case, thread


def _page(
    case: Case, kind: str, target: str, invalid: InvalidInput | None = None, refused: str = ""
) -> ResponseReturnValue:
    if invalid is not None:
        note_refused(invalid)
    errors = invalid.messages if invalid is not None else {}
    found = service.threads(work(), case, (kind, target))
    able = may(Action.ASSIGN_THREAD, case)
    page = render_template(
        "threads/about.html",
        case=case,
        about=service.target(work(), case, kind, target),
        kind=kind,
        target=target,
        threads=found,
        people=thread_people.people_of_each(work(), case, [one.thread for one in found]) if able else {},
        private=may(Action.NOTE_PRIVATELY, case),
        form_id=request.form.get("form_id", "") if invalid and not refused else str(uuid.uuid4()),
        refused=refused,
        typed=request.form,
        errors={f"text-{refused}": message for message in errors.values()} if refused else errors,
    )
    return page, 422 if invalid is not None else 200


def _to(case: Case, kind: str, target: str, thread_id: str = "") -> ResponseReturnValue:
    where: dict[str, Any] = {"reference": case.reference, "number": case.version.number}
    anchor = f"thread-{thread_id}" if thread_id else None
    return redirect(url_for("threads.about", kind=kind, target=target, _anchor=anchor, **where), 303)
