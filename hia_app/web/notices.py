"""What somebody was told, in the service; and how they want to be told by e-mail."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hia_app.domain.errors import InvalidInput
from hia_app.services import notices
from hia_app.web.forms.notices import MailPreference
from hia_app.web.request import work

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@blueprint.get("")
def show() -> str:
    page = request.args.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return render_template("notices/list.html", found=notices.listing(work(), number))


@blueprint.post("/read")
def read_all() -> ResponseReturnValue:
    notices.read_all(work())
    flash("All notices are marked as read.", "success")
    return redirect(url_for("notices.show"), 303)


@blueprint.post("/<uuid:notice_id>/read")
def read(notice_id: object) -> ResponseReturnValue:
    """Mark one as read and go to what it is about."""
    found = notices.read(work(), str(notice_id))
    return redirect(found.path, 303)


@blueprint.route("/mail", methods=["GET", "POST"])
def mail() -> ResponseReturnValue:
    if request.method != "POST":
        return _mail_page(MailPreference(mail=notices.preference(work())))
    form = MailPreference(request.form)
    try:
        form.check()
        notices.prefer(work(), form.mail.data)
    except InvalidInput as invalid:
        return _mail_page(form.refused(invalid.messages)), 422
    flash("Your choice is saved.", "success")
    return redirect(url_for("accounts.show"), 303)


def _mail_page(form: MailPreference) -> str:
    return render_template("notices/mail.html", form=form, errors=form.errors)
