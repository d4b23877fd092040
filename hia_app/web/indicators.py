"""What stands below an indicator question: the measures of inequality and their chart, from the stored answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app
from markupsafe import Markup

from hia_app.domain.indicator_statistics import ON_A_PAGE, statistics
from hia_app.domain.questionnaire import Question
from hia_app.domain.record import canonical
from hia_app.domain.report_indicators import about
from hia_app.web.question_fields import remembered

blueprint = Blueprint("indicators", __name__)


@blueprint.app_template_global()
def inequality(question: Question, value: Mapping[str, Any] | None) -> Markup:
    """The measures in words with their chart; nothing without a figure."""
    if not value or not (any(value["values"]) or value.get("groups")):
        return Markup()
    key = canonical([value, question.text]).decode()
    return remembered(("inequality", question.id, key), lambda: _draw(question, value))


def _draw(question: Question, value: Mapping[str, Any]) -> Markup:
    blocks = tuple(about(value, statistics(value, ON_A_PAGE), question.text))
    template = current_app.jinja_env.get_template("components/questions/inequality.html")
    return Markup(template.render(blocks=blocks, q=question))  # noqa: S704  (templates escape what they are given)
