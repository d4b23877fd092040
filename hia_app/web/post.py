"""For administrators: e-mail on its way, and what did not get through."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hia_app.services import outbox
from hia_app.web.request import work

blueprint = Blueprint("post", __name__, url_prefix="/admin/post")


@blueprint.get("")
def show() -> str:
    return render_template("administration/post.html", found=outbox.overview(work()))


@blueprint.post("/<uuid:mail_id>/again")
def try_again(mail_id: object) -> ResponseReturnValue:
    outbox.try_again(work(), str(mail_id))
    flash("The message is on its way again.", "success")
    return redirect(url_for("post.show"), 303)
