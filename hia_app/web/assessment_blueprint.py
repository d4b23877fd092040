"""What the pages about a whole assessment share: their addresses and how a case is found."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from hia_app.domain.errors import Lack
from hia_app.services.work import Case, open_case
from hia_app.web.request import work
from hia_app.web.section_page import section_address

blueprint = Blueprint("assessments", __name__, url_prefix="/assessments")
PLACE = "/<reference>/<int:number>"


def opened(reference: str, number: int) -> Case:
    return open_case(work(), reference, number)


def address(case: Case, endpoint: str = "assessments.show", **more: Any) -> str:
    return url_for(endpoint, reference=case.reference, number=case.version.number, **more)


def go(case: Case, endpoint: str = "assessments.show", **more: Any) -> Response:
    """On to another page of this assessment, after a change."""
    return redirect(address(case, endpoint, **more), 303)


def typed(name: str) -> str:
    """One field of the form as it was typed; the services check it."""
    return request.form.get(name, "")


def lack_address(case: Case, lack: Lack) -> str:
    """The page, and the place on it, where something missing can be put right."""
    match lack.kind:
        case "question":
            section = case.questionnaire.section_of[lack.target]
            return section_address(case, section.id, _anchor=f"question-{lack.target}")
        case "screening":
            section = case.screening.section_of[lack.target]
            return section_address(case, section.id, _anchor=f"question-{lack.target}")
        case "impact":
            return address(case, "impacts.show", impact_id=lack.target, step="all")
        case "point":
            return address(case, "assessments.points", _anchor=f"point-{lack.target}")
    return address(case, "assessments.proposal_form", _anchor=lack.target or None)
