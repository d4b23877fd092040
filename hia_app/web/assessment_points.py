"""The points a reviewer returned, with a response to each; and the history of an assessment."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from hia_app.domain import policy
from hia_app.domain.errors import InvalidInput
from hia_app.domain.targets import target_label
from hia_app.domain.workflow import Action
from hia_app.services import comparisons, impacts
from hia_app.services import points as service
from hia_app.services.history import history as told
from hia_app.services.work import Case, allow
from hia_app.store.tables import ReturnPoint
from hia_app.web.assessment_blueprint import PLACE, address, blueprint, go, opened, typed
from hia_app.web.request import note_refused, work
from hia_app.web.section_page import section_address


@blueprint.get(PLACE + "/points")
def points(reference: str, number: int) -> ResponseReturnValue:
    return _page(opened(reference, number))


@blueprint.post(PLACE + "/points/<uuid:point_id>")
def respond(reference: str, number: int, point_id: uuid.UUID) -> ResponseReturnValue:
    case = opened(reference, number)
    try:
        service.respond(work(), case, str(point_id), typed("response"), typed("text"))
    except InvalidInput as invalid:
        note_refused(invalid)
        return _page(case, str(point_id), invalid.messages), 422
    flash("Your response is saved. The reviewer sees it when you submit again.", "success")
    return go(case, "assessments.points")


@blueprint.get(PLACE + "/history")
def history(reference: str, number: int) -> ResponseReturnValue:
    case = opened(reference, number)
    before = request.args.get("before", "")
    known = before.isascii() and before.isdigit() and len(before) < 18
    return render_template(
        "assessments/history.html", case=case, told=told(work(), case, before=int(before) if known else None)
    )


def _page(case: Case, refused: str = "", messages: dict[str, str] | None = None) -> str:
    allow(work(), Action.SEE_CONTENT, case)
    found = service.latest_points(work(), case)
    homes = service.sections_of(work(), case, found)
    names = {line.row.id: line.name for line in impacts.lines_of(work(), case)}
    standing = case.standing
    mine = [one for one in found if not standing.contributor or standing.owner or standing.reaches(homes[one.id])]
    return render_template(
        "assessments/points.html",
        case=case,
        points=[_shown(case, one, homes[one.id], names, refused) for one in mine],
        compared=len(comparisons.submissions_of(work(), case)) > 1
        if policy.may(Action.SEE_SUBMISSION, work().actor, standing)
        else False,
        may_respond=policy.may(Action.RESPOND, work().actor, standing),
        refused=refused,
        messages=messages or {},
        errors=[(f"#{name}-{refused}", message) for name, message in (messages or {}).items()],
    )


def _shown(case: Case, point: ReturnPoint, section_id: str, names: dict[str, str], refused: str) -> dict[str, Any]:
    """One point in words, with where it leads and the response as it is kept or was just typed."""
    where = section_address(case, section_id) if section_id else address(case)
    if point.kind == "question":
        where = section_address(case, section_id, _anchor=f"question-{point.target}")
    if point.kind == "impact" and point.target in names:
        where = address(case, "impacts.show", impact_id=point.target, step="all")
    again = point.id == refused
    return {
        "point": point,
        "label": target_label(case.questionnaire, point.kind, point.target, names),
        "href": where,
        "response": typed("response") if again else point.response or "",
        "text": typed("text") if again else point.response_text,
    }
