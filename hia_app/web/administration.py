"""People and roles, settings, questionnaires, and who is responsible for which assessment."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hia_app.domain.errors import InvalidInput
from hia_app.domain.workflow import Action
from hia_app.services import accounts, administration, contributors, entitlements, responsibilities
from hia_app.services.assessments import form_key
from hia_app.services.responsibilities import PARTS
from hia_app.services.work import Case, allow, open_case
from hia_app.store.columns import new_id
from hia_app.store.tables import Person
from hia_app.web.forms.fields import Sent
from hia_app.web.forms.people import AssessmentSearch, EndEntitlement, Entitle, Named, NewPerson, Reassign, Roles
from hia_app.web.request import note_refused, work

blueprint = Blueprint("administration", __name__, url_prefix="/admin")


@blueprint.get("/people")
def people() -> ResponseReturnValue:
    return render_template("administration/people.html", people=accounts.listed(work()))


@blueprint.get("/people/new")
def new_person() -> ResponseReturnValue:
    accounts.may_manage(work())
    return _new_person_page(NewPerson(form_id=new_id()))


@blueprint.post("/people")
def add_person() -> ResponseReturnValue:
    accounts.may_manage(work())
    form = NewPerson(request.form)
    form_id = form_key(form.form_id.data)
    if work().session.get(Person, form_id) is not None:  # a second click on the same button
        return redirect(url_for("administration.person", person_id=form_id), 303)
    try:
        form.check()
        person, link = accounts.add(work(), **form.entry, roles=form.roles.data, person_id=form_id)
    except InvalidInput as invalid:
        return _new_person_page(form.refused(invalid.messages)), 422
    return render_template("administration/link.html", who=person, link=link, added=True)


@blueprint.get("/people/<uuid:person_id>")
def person(person_id: object) -> ResponseReturnValue:
    return _person_page(_who(person_id))


@blueprint.post("/people/<uuid:person_id>")
def change_person(person_id: object) -> ResponseReturnValue:
    who, form = _who(person_id), Named(request.form)
    try:
        form.check()
        accounts.change(work(), who.id, **form.entry)
    except InvalidInput as invalid:
        return _person_page(who, named=form.refused(invalid.messages)), 422
    flash("The changes are saved.", "success")
    return redirect(url_for("administration.person", person_id=person_id), 303)


@blueprint.post("/people/<uuid:person_id>/roles")
def set_roles(person_id: object) -> ResponseReturnValue:
    who, form = _who(person_id), Roles(request.form)
    try:
        form.check()
        accounts.set_roles(work(), who.id, form.roles.data)
    except InvalidInput as invalid:
        return _person_page(who, roles=form.refused(invalid.messages)), 422
    flash(f"The roles of {who.name} are saved. They count from the next click.", "success")
    return redirect(url_for("administration.person", person_id=person_id), 303)


@blueprint.post("/people/<uuid:person_id>/full-edition")
def entitle(person_id: object) -> ResponseReturnValue:
    who, form = _who(person_id), Entitle(request.form)
    try:
        form.check()
        entitlements.entitle(work(), who.id, form.reason.data)
    except InvalidInput as invalid:
        return _person_page(who, full=form.refused(invalid.messages)), 422
    flash(f"{who.name} may now read the full edition of every record.", "success")
    return redirect(url_for("administration.person", person_id=person_id), 303)


@blueprint.post("/people/<uuid:person_id>/full-edition/end")
def end_entitlement(person_id: object) -> ResponseReturnValue:
    who, form = _who(person_id), EndEntitlement(request.form)
    try:
        form.check()
        entitlements.end(work(), who.id, form.reason.data)
    except InvalidInput as invalid:
        return _person_page(who, full=form.refused(invalid.messages)), 422
    flash(f"{who.name} is no longer entitled to full editions.", "success")
    return redirect(url_for("administration.person", person_id=person_id), 303)


@blueprint.post("/people/<uuid:person_id>/disable")
def disable(person_id: object) -> ResponseReturnValue:
    accounts.disable(work(), str(person_id))
    flash("The account is disabled, and signed out everywhere.", "success")
    return redirect(url_for("administration.person", person_id=person_id), 303)


@blueprint.post("/people/<uuid:person_id>/enable")
def enable(person_id: object) -> ResponseReturnValue:
    accounts.enable(work(), str(person_id))
    flash("The account works again.", "success")
    return redirect(url_for("administration.person", person_id=person_id), 303)


@blueprint.post("/people/<uuid:person_id>/link")
def make_link(person_id: object) -> ResponseReturnValue:
    link = accounts.make_link(work(), str(person_id))
    # Shown in the answer to the form itself: its secret is kept nowhere, so there is no page to send the browser to.
    return render_template(
        "administration/link.html", who=accounts.find(work(), str(person_id)), link=link, added=False
    )


@blueprint.get("/settings")
def settings() -> ResponseReturnValue:
    return render_template("administration/settings.html", rows=administration.settings(work()))


@blueprint.get("/questionnaires")
def questionnaires() -> ResponseReturnValue:
    return render_template("administration/questionnaires.html", rows=administration.questionnaires(work()))


@blueprint.get("/assessments")
def assessments() -> ResponseReturnValue:
    form = AssessmentSearch(request.args)
    page = request.args.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    found = administration.assessments(work(), form.words.data, form.state.data, number)
    return render_template("administration/assessments.html", found=found, form=form)


@blueprint.get("/assessments/<reference>/<int(max=9999):number>")
def assessment(reference: str, number: int) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    helping = administration.contributors(work(), case)
    return render_template("administration/assessment.html", case=case, parts=PARTS, contributors=helping)


@blueprint.get("/assessments/<reference>/<int(max=9999):number>/<any(owner, lead_reviewer, decision_maker):what>")
def choose_person(reference: str, number: int, what: str) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    return _reassign_page(case, what, _reassigning(case, what))


@blueprint.post("/assessments/<reference>/<int(max=9999):number>/<any(owner, lead_reviewer, decision_maker):what>")
def reassign(reference: str, number: int, what: str) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    form = _reassigning(case, what, request.form)
    try:
        form.check()
        chosen = responsibilities.reassign(work(), case, what=what, person_id=form.person.data, reason=form.reason.data)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _reassign_page(case, what, form.refused(invalid.messages)), 422
    flash(f"{chosen.name} is now the {PARTS[what].label}.", "success")
    return redirect(url_for("administration.assessment", reference=reference, number=number), 303)


@blueprint.post("/assessments/<reference>/<int(max=9999):number>/contributors/<uuid:contributor_id>/remove")
def remove_contributor(reference: str, number: int, contributor_id: object) -> ResponseReturnValue:
    removed = contributors.remove(work(), open_case(work(), reference, number), str(contributor_id))
    flash(f"{removed.person.name} no longer contributes.", "success")
    return redirect(url_for("administration.assessment", reference=reference, number=number), 303)


def _who(person_id: object) -> Person:
    accounts.may_manage(work())
    return accounts.find(work(), str(person_id))


def _new_person_page(form: NewPerson) -> str:
    return render_template("administration/new_person.html", form=form, errors=form.errors)


def _person_page(
    who: Person,
    named: Named | None = None,
    roles: Roles | None = None,
    full: Entitle | EndEntitlement | None = None,
) -> str:
    """Somebody's page, with what is stored in its forms but for the one that was refused."""
    entitled = entitlements.history(work(), who.id)
    full = full or (EndEntitlement() if any(one.ended_at is None for one in entitled) else Entitle())
    named = named or Named(name=who.name, email=who.email, job_title=who.job_title)
    roles = roles or Roles(roles=who.role_set)
    return render_template(
        "administration/person.html",
        who=who,
        named=named,
        roles=roles,
        full=full,
        entitled=entitled,
        errors=named.errors | roles.errors | full.errors,
        myself=who.id == work().actor.person_id,
    )


def _reassigning(case: Case, what: str, sent: Sent | None = None) -> Reassign:
    allow(work(), Action.REASSIGN, case)
    return Reassign(PARTS[what], responsibilities.candidates(work(), case, what), sent)


def _reassign_page(case: Case, what: str, form: Reassign) -> str:
    return render_template("administration/reassign.html", case=case, part=PARTS[what], form=form, errors=form.errors)
