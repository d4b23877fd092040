"""The library of indicators: an administrator adds measures, gives them new editions, and retires them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from hia_app.domain.answers import form_values
from hia_app.domain.errors import InvalidInput
from hia_app.domain.indicator_statistics import statistics
from hia_app.domain.report_indicators import about, figures, group_figures
from hia_app.services import indicator_library as library
from hia_app.services.indicator_library import FIGURES, SAID, STEPS, Kept
from hia_app.store.columns import new_id
from hia_app.store.tables import IndicatorEdition
from hia_app.web.forms.indicators import IndicatorWords
from hia_app.web.question_fields import Errors, Values, draw_alone
from hia_app.web.request import note_refused, work
from hia_app.web.table_files import Form, with_tables

blueprint = Blueprint("indicator_library", __name__, url_prefix="/admin/indicators")
DEFAULT_STEPS = 10


@blueprint.get("/")
def find() -> ResponseReturnValue:
    return render_template("administration/indicators.html", kept=library.listed(work()))


@blueprint.get("/new")
def ask() -> ResponseReturnValue:
    library.may_manage(work())
    return _form(_steps(request.args.get("steps", "")), IndicatorWords(form_id=new_id()), {})


@blueprint.post("/new")
def add() -> ResponseReturnValue:
    library.may_manage(work())
    form, messages = with_tables(request.form.to_dict(flat=False), request.files)
    steps = _steps(request.form.get("steps", ""))
    try:
        _refuse(messages)
        row = library.add(work(), request.form.get("form_id", ""), steps, form)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _again(steps, form, invalid), 422
    flash("The indicator is in the library. Officers can take its figures from now on.", "success")
    return redirect(url_for("indicator_library.show", indicator_id=UUID(row.id)), 303)


@blueprint.get("/<uuid:indicator_id>")
def show(indicator_id: UUID) -> ResponseReturnValue:
    kept, editions = library.read(work(), str(indicator_id))
    shown = [(edition, _blocks(edition)) for edition in editions]
    return render_template("administration/indicator.html", kept=kept, editions=shown)


@blueprint.get("/<uuid:indicator_id>/edit")
def edit(indicator_id: UUID) -> ResponseReturnValue:
    kept, _ = library.read(work(), str(indicator_id))
    words = IndicatorWords(**{name: getattr(kept.edition, name) for name in SAID})
    question = library.figures_question(kept.indicator.quantiles)
    return _form(kept.indicator.quantiles, words, form_values(question, kept.edition.value), kept=kept)


@blueprint.post("/<uuid:indicator_id>/edit")
def revise(indicator_id: UUID) -> ResponseReturnValue:
    kept, _ = library.read(work(), str(indicator_id))
    form, messages = with_tables(request.form.to_dict(flat=False), request.files)
    shown = request.form.get("edition", "")
    try:
        _refuse(messages)
        number = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 7 else -1
        row = library.revise(work(), str(indicator_id), number, form)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _again(kept.indicator.quantiles, form, invalid, kept), 422
    flash(f"Edition {row.editions} is in the library. Assessments keep the edition they took.", "success")
    return redirect(url_for("indicator_library.show", indicator_id=indicator_id), 303)


@blueprint.post("/<uuid:indicator_id>/retire")
def retire(indicator_id: UUID) -> ResponseReturnValue:
    library.retire(work(), str(indicator_id))
    flash("The indicator is not offered any more. Assessments that took its figures keep them.", "success")
    return redirect(url_for("indicator_library.find"), 303)


def _steps(text: str) -> int:
    return int(text) if text in map(str, STEPS) else DEFAULT_STEPS


def _refuse(messages: dict[str, str]) -> None:
    if messages:
        raise InvalidInput(messages)


def _blocks(edition: IndicatorEdition) -> tuple[Any, ...]:
    value = edition.value
    said = statistics(value)
    tables = [figures(value, value["title"], said)]
    tables += [group_figures(value, value["title"], said)] if value.get("groups") else []
    return (*about(value, said, value["title"]), *tables)


def _again(steps: int, form: Form, invalid: InvalidInput, kept: Kept | None = None) -> str:
    typed: Values = {name: texts[0] for name, texts in form.items() if name.startswith(f"{FIGURES}-") and any(texts)}
    sent = MultiDict((name, text) for name, texts in form.items() for text in texts)
    ours = {name: text for name, text in invalid.messages.items() if not name.startswith(FIGURES)}
    words = IndicatorWords(sent)
    return _form(steps, words.refused(ours), typed, invalid.messages, kept)


def _form(
    steps: int, words: IndicatorWords, values: Values, errors: Errors | None = None, kept: Kept | None = None
) -> str:
    markup = draw_alone("library", library.figures_question(steps), values, errors, quantiles=steps)
    return render_template(
        "administration/indicator_edit.html", steps=steps, words=words, figures=markup, kept=kept,
        errors=dict(errors or {}),
    )  # fmt: skip
