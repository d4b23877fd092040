"""The rating page: one calm screen that says who gains, who loses, why, and what would change it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, render_template, url_for

from hia_app.domain import impacts as domain
from hia_app.domain import policy
from hia_app.domain.charts import title
from hia_app.domain.lines import CountedAs
from hia_app.domain.method import RULE
from hia_app.domain.principles import principle_name
from hia_app.domain.rating import Rating
from hia_app.domain.rating_words import COUNTED_WORDS, SHAPE_WORDS
from hia_app.domain.report_rating import confidence, gains_chart
from hia_app.domain.workflow import Action
from hia_app.services import areas, countersigning, disputes, impacts, ratings
from hia_app.services.work import Case, allow, open_case
from hia_app.web.advice import next_steps
from hia_app.web.request import work
from hia_app.web.svg import svg

blueprint = Blueprint("ratings", __name__, url_prefix="/assessments/<reference>/<int:number>/rating")


@blueprint.get("/")
def show(reference: str, number: int) -> str:
    case = open_case(work(), reference, number)
    allow(work(), Action.SEE_RATING, case)
    lines = {line.name: line for line in impacts.lines_of(work(), case)}
    rating = ratings.of(case)
    editable = policy.may(Action.RECORD_IMPACT, work().actor, case.standing)
    return render_template(
        "ratings/show.html",
        case=case,
        rating=rating,
        lines=lines,
        editable=editable,
        advice=next_steps(case, rating) if rating is not None and editable else (),
        confidence=confidence(rating) if rating else "",
        seen=ratings.disputed_of(case),
        disputes=disputes.of(work(), case),
        signed={one.line.name: one.signed for one in countersigning.claims(work(), case, [*lines.values()])},
        source=areas.reference(work(), case).source,
        shape=SHAPE_WORDS[rating.benefit_shape] if rating is not None and rating.benefit_shape else "",
    )


@blueprint.app_template_global()
def side_rating(case: Case) -> Rating | None:
    """The rating for the side of a page; None for people who may not see it."""
    return ratings.of(case) if policy.may(Action.SEE_RATING, work().actor, case.standing) else None


@blueprint.app_template_global()
def gains_spec(case: Case, rating: Rating) -> Any:
    return gains_chart(rating, areas.reference(work(), case).source)


@blueprint.app_template_global()
def impact_sentence(case: Case, line: impacts.Recorded) -> str:
    return domain.sentence(line.impact, case.questionnaire.groups)


@blueprint.app_template_global()
def impact_scale(line: impacts.Recorded) -> str:
    """The scale of the need against the scale of the scheme; empty where one of them is not known."""
    return domain.scale_words(line.impact)


@blueprint.app_template_global()
def impact_lacks(case: Case, line: impacts.Recorded) -> tuple[tuple[str, str], ...]:
    return domain.missing(line.impact, case.questionnaire.priority_groups)


@blueprint.app_template_global()
def impact_href(case: Case, line: impacts.Recorded) -> str:
    """Where an impact can be changed."""
    where: dict[str, Any] = {"reference": case.reference, "number": case.version.number}
    return url_for("impacts.show", impact_id=uuid.UUID(line.row.id), step="who", **where)


@blueprint.app_template_global()
def fresh_id() -> str:
    """An id for something a form may create, so that sending it twice makes one."""
    return str(uuid.uuid4())


@blueprint.app_template_global()
def rule_label(number: int) -> str:
    return RULE[number].label


@blueprint.app_template_global()
def counted_words(counted_as: CountedAs) -> str:
    """How a mitigation counts, as a sentence of its own."""
    words = COUNTED_WORDS[counted_as]
    return words[:1].upper() + words[1:]


blueprint.add_app_template_global(principle_name)
blueprint.add_app_template_global(svg, "chart_svg")
blueprint.add_app_template_global(title, "chart_finding")
