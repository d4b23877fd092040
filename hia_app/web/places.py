"""Choosing the small areas that a proposal touches, and seeing at once who lives there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hia_app.domain.areas import Compared, Places
from hia_app.domain.document import Figure
from hia_app.domain.errors import InvalidInput
from hia_app.domain.method import FIFTH_NAMES
from hia_app.domain.report_places import map_figure, share_words
from hia_app.services import areas, boundaries, place_choices, places
from hia_app.services.answers import token
from hia_app.services.place_choices import Choosing, Ticks
from hia_app.services.work import Case, open_case
from hia_app.store.tables import AreaEdition
from hia_app.web.request import note_refused, work

blueprint = Blueprint("places", __name__, url_prefix="/assessments/<reference>/<int:number>/places/<question_id>")
LONGEST_SEARCH = 100


@blueprint.get("/")
def show(reference: str, number: int, question_id: str) -> ResponseReturnValue:
    page = _page(reference, number, question_id, request.args.get("words", ""))
    return _draw(page, {})


@blueprint.post("/")
def save(reference: str, number: int, question_id: str) -> ResponseReturnValue:
    page = _page(reference, number, question_id, request.form.get("shown", ""))
    try:
        place_choices.choose(work(), page, request.form.get("was", ""), _ticks(page))
    except InvalidInput as invalid:
        note_refused(invalid)
        errors = {place_choices.PASTED: invalid.reasons[0]}
        return _draw(place_choices.as_ticked(work(), page, _ticks(page)), errors, request.form.get("pasted", "")), 422
    if request.form.get("action", "").startswith(("stay", "out.")):
        flash("The places are saved.", "success")
        return redirect(_address(page, words=page.words or None), 303)
    return redirect(section_address(page), 303)


@blueprint.post("/sums")
def sums(reference: str, number: int, question_id: str) -> ResponseReturnValue:
    """What the ticks say so far, for our own script; nothing is kept."""
    page = _page(reference, number, question_id, request.form.get("shown", ""))
    try:
        found = page.of(place_choices.after(work(), page, _ticks(page)))
    except InvalidInput as invalid:
        return jsonify(message=invalid.reasons[0]), 422
    rows = {row.key: cells(row) for block in found.blocks() for row in block.rows}
    return jsonify(words=words_of(found), rows=rows)


def _page(reference: str, number: int, question_id: str, words: str) -> Choosing:
    case = open_case(work(), reference, number)
    return place_choices.choosing(work(), case, question_id, words[:LONGEST_SEARCH].strip())


def _ticks(page: Choosing) -> Ticks:
    form = request.form
    verb, _, ward = form.get("action", "").partition(".")
    wards = None if form.get("scripted") else frozenset(form.getlist("wards"))
    whole = frozenset(form.getlist("whole"))
    taken_out = ward if verb == "out" else ""
    return Ticks(page.words, frozenset(form.getlist("areas")), wards, form.get("pasted", ""), taken_out, whole)


def _draw(page: Choosing, errors: dict[str, str], pasted: str = "") -> str:
    return render_template(
        "places/choose.html",
        page=page,
        case=page.case,
        errors=errors,
        pasted=pasted,
        token=token(page.row),
        action=_address(page),
        section_address=section_address(page),
        fifth_names=FIFTH_NAMES,
        map=_map(page.edition, page.codes),
    )


def _address(page: Choosing, words: str | None = None) -> str:
    return url_for(
        "places.show",
        reference=page.case.reference,
        number=page.case.version.number,
        question_id=page.question.id,
        words=words,
    )


def _map(edition: AreaEdition, codes: Collection[str]) -> Figure | None:
    drawn = boundaries.map_of(work(), edition, codes)
    return map_figure(drawn) if drawn else None


def section_address(page: Choosing) -> str:
    return url_for(
        "sections.show",
        reference=page.case.reference,
        number=page.case.version.number,
        section_id=page.section.id,
        _anchor=f"question-{page.question.id}",
    )


# For templates -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands under a places question: the figures there are, and what the chosen places say."""

    edition: AreaEdition
    places: Places | None
    map: Figure | None = None


@blueprint.app_template_global()
def places_beside(case: Case, answer: Mapping[str, Any] | None) -> Beside | None:
    """Under the question with this saved answer; None where no area figures have been imported."""
    edition = case.version.area_edition or areas.current(work())
    if edition is None:
        return None
    codes = places.codes_in([answer])
    return Beside(edition, places.of_codes(work(), edition, codes), _map(edition, codes))


@blueprint.app_template_filter("sum_cells")
def cells(row: Compared) -> list[str]:
    """Number, share there and share in the council, as they are printed."""
    return [f"{row.chosen:,}", share_words(row.share), share_words(row.council_share)]


@blueprint.app_template_filter("places_words")
def words_of(found: Places) -> str:
    """ "96 small areas in 6 wards, with 164,140 residents"."""
    return f"{found.words}, with {found.chosen.total('residents'):,} residents" if found.codes else "No places yet"
