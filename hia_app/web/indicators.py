"""What stands below an indicator question: the measures and their chart, and the way to the council's library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from hia_app.domain.errors import InvalidInput
from hia_app.domain.indicator_statistics import statistics
from hia_app.domain.questionnaire import Question
from hia_app.domain.record import canonical
from hia_app.domain.report_indicators import about
from hia_app.services import indicator_choices
from hia_app.services.answers import token
from hia_app.services.indicator_choices import FIELD, Choosing
from hia_app.services.work import open_case
from hia_app.web.question_fields import remembered
from hia_app.web.request import note_refused, work
from hia_app.web.section_page import section_address

blueprint = Blueprint(
    "indicators", __name__, url_prefix="/assessments/<reference>/<int:number>/library/<indicator_question>"
)


@blueprint.get("/")
def choose(reference: str, number: int, indicator_question: str) -> ResponseReturnValue:
    return _page(_choosing(reference, number, indicator_question))


@blueprint.post("/")
def take(reference: str, number: int, indicator_question: str) -> ResponseReturnValue:
    page = _choosing(reference, number, indicator_question)
    try:
        indicator_choices.take(work(), page, request.form.get("was", ""), request.form.get(FIELD, ""))
    except InvalidInput as invalid:
        note_refused(invalid)
        return _page(page, invalid.messages), 422
    flash("The figures are taken from the library.", "success")
    return redirect(_back(page), 303)


def _choosing(reference: str, number: int, indicator_question: str) -> Choosing:
    return indicator_choices.choosing(work(), open_case(work(), reference, number), indicator_question)


def _page(page: Choosing, messages: Mapping[str, str] | None = None) -> str:
    where = {"reference": page.case.reference, "number": page.case.version.number}
    return render_template(
        "indicators/choose.html",
        page=page,
        token=token(page.row),
        action=url_for("indicators.choose", indicator_question=page.question.id, **where),  # type: ignore[arg-type]
        section_address=_back(page),
        errors=dict(messages or {}),
    )


def _back(page: Choosing) -> str:
    return section_address(page.case, page.section.id, _anchor=f"question-{page.question.id}")


@blueprint.app_template_global()
def inequality(question: Question, value: Mapping[str, Any] | None) -> Markup:
    """The measures in words with their chart; nothing without a figure."""
    if not value or not (any(value["values"]) or value.get("groups")):
        return Markup()
    key = canonical([value, question.text]).decode()
    return remembered(("inequality", question.id, key), lambda: _draw(question, value))


def _draw(question: Question, value: Mapping[str, Any]) -> Markup:
    blocks = tuple(about(value, statistics(value), question.text))
    template = current_app.jinja_env.get_template("components/questions/inequality.html")
    return Markup(template.render(blocks=blocks, q=question))  # noqa: S704  (templates escape what they are given)
