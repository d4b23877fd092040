"""Evidence of one assessment: a page for each question and impact with its files, and one for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hia_app.domain.errors import Conflict, InvalidInput
from hia_app.domain.evidence import About, Target
from hia_app.domain.workflow import Action
from hia_app.services import evidence as service
from hia_app.services import evidence_files as files
from hia_app.services import evidence_library as library
from hia_app.services.evidence_files import Held, Subject
from hia_app.services.evidence_record import pieces
from hia_app.services.work import Case, allow, open_case
from hia_app.web.evidence_files import attachment, empty, largest_form, received, sent, too_large
from hia_app.web.forms.evidence import AddFile, ChangeSaid, Withhold
from hia_app.web.request import installation, note_refused, work
from hia_app.web.security import takes_up_to

blueprint = Blueprint("evidence", __name__, url_prefix="/assessments/<reference>/<int:number>/evidence")
TARGET = "/<any(question, impact):kind>/<target>"
FILE = "/file/<uuid:evidence_id>"
YOURS = "What you wrote is below. Save it if it should stand"
HIDDEN_DETAILS = (
    "This picture carries hidden details, such as when and perhaps where it was taken. If they should not be known, "
    "remove it, take them out and attach it again."
)


@dataclass(frozen=True, slots=True)
class TargetPage:
    """The files of one question or impact, and whether this person may add to them."""

    case: Case
    subject: Subject
    files: tuple[Held, ...]
    may_add: bool
    library: library.Page | None
    words: str

    @property
    def address(self) -> str:
        return _address(self.case, self.subject.target)

    @property
    def back(self) -> str:
        where: dict[str, Any] = {"reference": self.case.reference, "number": self.case.version.number}
        anchor = f"question-{self.subject.target.id}" if self.subject.target.kind is About.QUESTION else "impacts"
        return url_for("sections.show", section_id=self.subject.section_id, _anchor=anchor, **where)


@blueprint.get("")
def show(reference: str, number: int) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    return render_template("evidence/show.html", case=case, files=files.files_of(work(), case))


@blueprint.get(TARGET)
def about(reference: str, number: int, kind: str, target: str) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    return _page(case, _target(kind, target), empty())


@blueprint.post(TARGET)
@takes_up_to(largest_form, too_large)
def attach(reference: str, number: int, kind: str, target: str) -> ResponseReturnValue:
    case = _opened_to(Action.ADD_EVIDENCE, reference, number)
    aim, form = _target(kind, target), sent()
    form_id = form.form_id.data
    try:
        form.check()
        words = service.checked(work(), form.said)
        file = received(form.chosen, lambda size: service.expect(work(), case, aim, form_id, size))
        if file is not None:
            case = open_case(work(), reference, number)
            _tell(service.attach(work(), case, aim, form_id, file, words).library_id, hidden=file.hidden_details)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _page(open_case(work(), reference, number), aim, form.refused(invalid.messages)), 422
    return redirect(_address(case, aim), 303)


@blueprint.post(f"{TARGET}/cite")
def cite(reference: str, number: int, kind: str, target: str) -> ResponseReturnValue:
    case, aim = _opened_to(Action.ADD_EVIDENCE, reference, number), _target(kind, target)
    try:
        row = service.cite(work(), case, aim, request.form.get("form_id", ""), request.form.get("library_id", ""))
    except InvalidInput as invalid:
        note_refused(invalid)
        return _page(case, aim, empty(), errors=invalid.messages), 422
    flash(f"{row.label} is cited from the shared library.", "success")
    return redirect(_address(case, aim), 303)


@blueprint.get(FILE)
def file(reference: str, number: int, evidence_id: UUID) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    return _file(case, files.find(work(), case, str(evidence_id)))


@blueprint.get(f"{FILE}/download")
def download(reference: str, number: int, evidence_id: UUID) -> Response:
    case = open_case(work(), reference, number)
    row = files.find(work(), case, str(evidence_id)).row
    return attachment(row.label, row.media_type, row.size, pieces(installation().settings, row.sha256))


@blueprint.post(FILE)
def change(reference: str, number: int, evidence_id: UUID) -> ResponseReturnValue:
    case, form = _opened_to(Action.CHANGE_EVIDENCE, reference, number), ChangeSaid(request.form)
    version = _version(form.row_version.data)
    try:
        form.check()
        service.change(work(), case, str(evidence_id), version, form.said)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _file(case, files.find(work(), case, str(evidence_id)), form.refused(invalid.messages)), 422
    except Conflict as conflict:
        note_refused(conflict)
        held = files.find(work(), case, str(evidence_id))
        form.row_version.data = str(held.row.row_version)
        return _file(case, held, form.refused({"": f"{conflict.reasons[0]} {YOURS}"})), 409
    flash("Saved.", "success")
    return redirect(_file_address(case, evidence_id), 303)


@blueprint.post(f"{FILE}/withhold")
def withhold(reference: str, number: int, evidence_id: UUID) -> ResponseReturnValue:
    case, form = _opened_to(Action.CHANGE_EVIDENCE, reference, number), Withhold(request.form)
    ends = "release" in request.form
    try:
        if not ends:
            form.check()
        service.withhold(work(), case, str(evidence_id), "" if ends else form.reason.data)
    except InvalidInput as invalid:
        note_refused(invalid)
        held = files.find(work(), case, str(evidence_id))
        return _file(case, held, withhold=form.refused(invalid.messages)), 422
    flash("This file is no longer withheld." if ends else "This file is withheld.", "success")
    return redirect(_file_address(case, evidence_id), 303)


@blueprint.post(f"{FILE}/remove")
def remove(reference: str, number: int, evidence_id: UUID) -> ResponseReturnValue:
    case = _opened_to(Action.CHANGE_EVIDENCE, reference, number)
    row = files.find(work(), case, str(evidence_id)).row
    service.remove(work(), case, str(evidence_id))
    flash(f"{row.label} has been removed.", "success")
    return redirect(_address(case, Target(About(row.kind), row.target)), 303)


@blueprint.post(f"{FILE}/share")
def share(reference: str, number: int, evidence_id: UUID) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    try:
        row = library.share(work(), case, str(evidence_id), request.form.get("form_id", ""))
    except InvalidInput as invalid:
        note_refused(invalid)
        return _file(case, files.find(work(), case, str(evidence_id)), errors=invalid.messages), 422
    flash(f"{row.label} is in the shared library now.", "success")
    return redirect(_file_address(case, evidence_id), 303)


def _opened_to(action: Action, reference: str, number: int) -> Case:
    """The case, for somebody who may do this; before anything of the form is looked at."""
    case = open_case(work(), reference, number)
    allow(work(), action, case)
    return case


def _page(case: Case, target: Target, form: AddFile, errors: dict[str, str] | None = None) -> str:
    subject = files.subject_of(work(), case, target)
    may_add = service.may_change(work(), case, subject)
    asked = request.args.get("find", "").strip()[:200]
    page = TargetPage(
        case,
        subject,
        tuple(files.files_on_page(work(), case).get((target.kind, target.id), ())),
        may_add,
        library.to_cite(work(), case, asked) if may_add else None,
        asked,
    )
    return render_template("evidence/about.html", page=page, case=case, form=form, errors=errors or form.errors)


def _file(
    case: Case,
    held: Held,
    form: ChangeSaid | None = None,
    withhold: Withhold | None = None,
    errors: dict[str, str] | None = None,
) -> str:
    target = Target(About(held.row.kind), held.row.target)
    subject = Subject(target, held.about, held.section_id)
    row = held.row
    stored = {name: getattr(row, name) for name in ("row_version", "description", "dated")}
    form = form or ChangeSaid(None, strength=row.strength or "", **stored)
    withhold = withhold or Withhold(None, reason=row.withheld_reason)
    return render_template(
        "evidence/file.html",
        case=case,
        held=held,
        back=_address(case, target),
        may_change=service.may_change(work(), case, subject, Action.CHANGE_EVIDENCE),
        form=form,
        withhold=withhold,
        errors=errors or form.errors or withhold.errors,
    )


def _tell(library_id: str | None, *, hidden: bool) -> None:
    if library_id:
        flash("This very file is in the shared library already, so it is cited from there.", "success")
    else:
        flash("The file is attached.", "success")
    if hidden:
        flash(HIDDEN_DETAILS, "note")


def _target(kind: str, target: str) -> Target:
    return Target(About(kind), target)


def _address(case: Case, target: Target) -> str:
    where: dict[str, Any] = {"reference": case.reference, "number": case.version.number}
    return url_for("evidence.about", kind=str(target.kind), target=target.id, **where)


def _file_address(case: Case, evidence_id: UUID) -> str:
    return url_for("evidence.file", reference=case.reference, number=case.version.number, evidence_id=evidence_id)


def _version(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        abort(400)
    return int(text)
