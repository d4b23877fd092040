"""Committee packs: chosen on a page, drawn in the background, watched, and taken away by whoever asked for them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from hia_app.domain.errors import InvalidInput
from hia_app.domain.pack import MOST
from hia_app.services import packs
from hia_app.services.assessments import form_key
from hia_app.services.register import Listed
from hia_app.services.work import LONDON
from hia_app.store.columns import new_id
from hia_app.web.forms.packs import NewPack, PackSearch
from hia_app.web.request import note_refused, now, work

blueprint = Blueprint("packs", __name__, url_prefix="/register")


@blueprint.get("/pack")
def choose() -> str:
    return _choosing(NewPack(form_id=new_id(), edition="full"))


@blueprint.post("/pack")
def ask() -> ResponseReturnValue:
    form = NewPack(request.form)
    shown = [one.entry.version_id for one in _shown(_search())] if form.all_shown else []
    chosen = shown or request.form.getlist("record")[: MOST + 1]
    try:
        form.check()
        row = packs.ask(
            work(),
            form_key(form.form_id.data),
            title=form.title.data,
            edition=form.edition.data,
            version_ids=chosen,
        )
    except InvalidInput as invalid:
        note_refused(invalid)
        problem = invalid.messages.pop("record", "")
        return _choosing(form.refused(invalid.messages), chosen, problem), 422
    return redirect(url_for("packs.show", pack_id=row.id), 303)


@blueprint.get("/packs")
def mine() -> str:
    return render_template("register/packs.html", rows=packs.mine(work()), kept_until=packs.kept_until)


@blueprint.get("/packs/<uuid:pack_id>")
def show(pack_id: object) -> str:
    row = packs.find(work(), str(pack_id))
    going = row.state in packs.GOING_ON
    return render_template(
        "register/pack_progress.html", row=row, going=going, late=packs.late(row, now()), kept_until=packs.kept_until
    )


@blueprint.get("/packs/<uuid:pack_id>/pack.pdf")
def file(pack_id: object) -> Response:
    row = packs.find(work(), str(pack_id))
    path = packs.file_of(work(), row.id)
    day = row.asked_at.astimezone(LONDON).date().isoformat()
    title = " ".join("".join(letter if letter.isalnum() else " " for letter in row.title).split())
    name = f"Committee pack {title} {row.edition} edition {day}.pdf"
    return send_file(path, mimetype="application/pdf", as_attachment=True, download_name=name)


@blueprint.post("/packs/<uuid:pack_id>/stop")
def stop(pack_id: object) -> ResponseReturnValue:
    if packs.stop(work(), str(pack_id)):
        flash("The pack is not drawn any further.", "success")
    return redirect(url_for("packs.show", pack_id=pack_id), 303)


def _search() -> PackSearch:
    """What narrows the list; the form for the pack carries it along."""
    return PackSearch(request.values)


def _shown(search: PackSearch) -> list[Listed]:
    return packs.choices(work(), search.words.data, search.since, search.until, replaced=search.replaced.data)


def _choosing(form: NewPack, chosen: Sequence[str] = (), problem: str = "") -> str:
    search = _search()
    rows = _shown(search)
    return render_template(
        "register/pack.html",
        form=form,
        search=search,
        rows=rows,
        most=MOST,
        chosen=chosen,
        problem=problem,
        errors=form.errors | search.errors | ({"record": problem} if problem else {}),
    )
