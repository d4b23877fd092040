"""What changed: between two submissions for those who review and decide, between versions for every reader."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from hia_app.services import comparisons
from hia_app.services.work import open_case
from hia_app.web.request import work

blueprint = Blueprint("changes", __name__)


@blueprint.get("/assessments/<reference>/<int:number>/changes")
def between(reference: str, number: int) -> str:
    case = open_case(work(), reference, number)
    frozen = comparisons.submissions_of(work(), case)
    first, second = _chosen([one.number for one in frozen])
    found = comparisons.between_submissions(work(), case, first, second) if second > first else None
    return render_template("changes/between.html", case=case, frozen=frozen, first=first, second=second, found=found)


@blueprint.get("/register/<reference>/<int:number>/changes")
def versions(reference: str, number: int) -> str:
    case = open_case(work(), reference, number)
    found = comparisons.with_previous_version(work(), case)
    return render_template("changes/versions.html", case=case, found=found)


def _chosen(numbers: list[int]) -> tuple[int, int]:
    """The two asked for, else the newest two; equal where there is nothing to compare."""
    if len(numbers) < 2:
        return 0, 0

    def asked(name: str, otherwise: int) -> int:
        text = request.args.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and int(text[:4]) in numbers else otherwise

    first, second = asked("from", numbers[-2]), asked("to", numbers[-1])
    return min(first, second), max(first, second)
