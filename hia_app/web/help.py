"""One page of help for each part people play, written for that part."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from hia_app.web.security import public

blueprint = Blueprint("help", __name__, url_prefix="/help")

# Part: its name on the index, and who that is.
PARTS: dict[str, tuple[str, str]] = {
    "officer": ("Officers", "You start assessments, answer, record impacts and submit."),
    "contributor": ("Contributors", "You were invited to help with one assessment."),
    "reviewer": ("Reviewers", "You are in public health and review what officers submit."),
    "decision_maker": ("Decision-makers", "You decide, and sign off the assessment that informed you."),
    "scrutiny": ("Scrutiny", "You read what was signed off, and ask what became of it."),
    "administrator": ("Administrators", "You look after people, roles and settings."),
}


@blueprint.get("")
@public
def index() -> ResponseReturnValue:
    return render_template("help/index.html", parts=PARTS)


@blueprint.get("/<part>")
@public
def show(part: str) -> ResponseReturnValue:
    if part not in PARTS:
        abort(404)
    return render_template(f"help/{part}.html", parts=PARTS, part=part)
