"""Several reviewers by section: who reviews which, and what each says about theirs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hia_app.domain.errors import InvalidInput
from hia_app.services import review_sections
from hia_app.services.work import Case, open_case
from hia_app.web.forms.reviews import Rescind, SectionReviewed
from hia_app.web.request import note_refused, work

blueprint = Blueprint("review_sections", __name__, url_prefix="/assessments/<reference>/<int:number>/review/sections")


@blueprint.route("", methods=["GET", "POST"])
def assign(reference: str, number: int) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    able = review_sections.reviewers(work(), case)
    held = {one.section.id: one.row.reviewer_id for one in review_sections.given(work(), case)}
    if request.method != "POST":
        return _assign_page(case, able, held)
    chosen = {
        section.id: request.form[f"reviewer-{section.id}"]
        for section in case.questionnaire.sections
        if f"reviewer-{section.id}" in request.form
    }
    try:
        review_sections.assign(work(), case, chosen)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _assign_page(case, able, held | chosen, invalid.messages), 422
    flash("Saved. Each reviewer finds their sections on the page of the review.", "success")
    return _back(case)


@blueprint.get("/<section_id>")
def section(reference: str, number: int, section_id: str) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    one = review_sections.find(work(), case, section_id)
    return _section_page(case, one, SectionReviewed(grade=one.row.grade or "", comment=one.row.comment), Rescind())


@blueprint.post("/<section_id>")
def mark(reference: str, number: int, section_id: str) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    one, form = review_sections.find(work(), case, section_id), SectionReviewed(request.form)
    try:
        form.check()
        review_sections.mark(
            work(), case, section_id, form.grade.data, form.comment.data, no_conflict=form.no_conflict.data
        )
    except InvalidInput as invalid:
        note_refused(invalid)
        return _section_page(case, one, form.refused(invalid.messages), Rescind()), 422
    flash(f"Reviewed: {one.section.title}. The lead sees it.", "success")
    return _back(case)


@blueprint.post("/<section_id>/rescind")
def rescind(reference: str, number: int, section_id: str) -> ResponseReturnValue:
    case = open_case(work(), reference, number)
    one, form = review_sections.find(work(), case, section_id), Rescind(request.form)
    try:
        form.check()
        review_sections.rescind(work(), case, section_id, form.reason.data)
    except InvalidInput as invalid:
        note_refused(invalid)
        said = SectionReviewed(grade=one.row.grade or "", comment=one.row.comment)
        return _section_page(case, one, said, form.refused(invalid.messages)), 422
    flash(f"{one.section.title} has to be looked at again.", "success")
    return _back(case)


def _assign_page(case: Case, able: list[Any], chosen: dict[str, str], errors: dict[str, str] | None = None) -> str:
    people = [(one.id, one.name) for one in able]
    return render_template("reviews/assign.html", case=case, people=people, chosen=chosen, errors=errors or {})


def _section_page(case: Case, one: review_sections.Given, said: SectionReviewed, back: Rescind) -> str:
    errors = said.errors or back.errors
    return render_template("reviews/section.html", case=case, one=one, said=said, back=back, errors=errors)


def _back(case: Case) -> ResponseReturnValue:
    where = url_for("reviews.show", reference=case.reference, number=case.version.number, _anchor="sections")
    return redirect(where, 303)
