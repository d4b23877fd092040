"""When a form cannot be taken, because the session ended or its token is wrong, what was typed is given back."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from hia_app.domain.typed import showable
from hia_app.services import kept_forms
from hia_app.services.kept_forms import Field
from hia_app.web import signed_in
from hia_app.web.request import READING, work

NEVER_KEPT = "password"  # a field with this in its name is neither kept nor shown again
OF_OURS = frozenset({"csrf_token", "next"})
KEPT = "kept"
UNSTORABLE = "There is a character in what you sent that cannot be stored. It is shown as \N{REPLACEMENT CHARACTER}."


def typed_fields() -> list[Field]:
    """What this request's form says, in its order, without secrets."""
    fields = [
        Field(showable(name), showable(value))
        for name, value in request.form.items(multi=True)
        if name not in OF_OURS and NEVER_KEPT not in name.lower()
    ]
    files = [
        Field(showable(name), showable(file.filename), True)
        for name, file in request.files.items(multi=True)
        if file.filename
    ]
    return fields + files


def left_out_secrets() -> bool:
    return any(NEVER_KEPT in name.lower() for name in request.form)


def ask_to_sign_in() -> ResponseReturnValue:
    """A page that needs somebody to be signed in was asked for by nobody."""
    if request.method in READING:
        return redirect(url_for("accounts.sign_in", next=here()), 303)
    if wants_json():
        return jsonify(saved=False, signed_out=True, reason="You have been signed out. Save the page to go on."), 401
    fields, path = typed_fields(), here()
    if not any(field.value.strip() for field in fields):
        return redirect(url_for("accounts.sign_in"), 303)
    person_id = signed_in.ended_person_id()
    if person_id is None or not _sent_by_our_page() or not kept_forms.can_be_kept(path, fields):
        return render_template("errors/signed_out.html", fields=fields), 400
    kept_forms.keep(work(), person_id, path, fields)
    flash("Your session had ended. What you typed is kept: sign in and you can save it.", "note")
    return redirect(url_for("accounts.sign_in"), 303)


def give_back() -> ResponseReturnValue:
    """A form without its proper token changes nothing, and comes back to be sent again by hand."""
    if wants_json():
        return jsonify(saved=False, signed_out=False, reason="This page is out of date. Save it by hand."), 400
    resend = _sent_by_our_page() and not left_out_secrets()
    page = render_template("errors/give_back.html", fields=typed_fields(), action=here(), resend=resend)
    return page, 400


def refuse_unstorable() -> ResponseReturnValue:
    """Something was sent that no database can keep; people do not type it, but text that was pasted may hold it."""
    if wants_json():
        return jsonify(saved=False, reason=UNSTORABLE), 422
    return render_template("errors/unstorable.html", fields=typed_fields(), reason=UNSTORABLE), 422


def address_with_kept(path: str, kept_id: str) -> str:
    """The address a kept form is sent to again; when that succeeds, the kept one is forgotten."""
    return f"{path}{'&' if '?' in path else '?'}{urlencode({KEPT: kept_id})}"


def here() -> str:
    return request.full_path.rstrip("?")


def wants_json() -> bool:
    """Whether our own script asked, in the background."""
    return request.accept_mimetypes.best == "application/json"


def text_and_choices(fields: Sequence[Field]) -> tuple[list[Field], list[Field]]:
    """What somebody wrote, and the rest of the form (ticks and choices); nothing empty, nothing of the form's own."""
    filled = [field for field in fields if field.value.strip() and not field.is_file and not _of_the_form(field.name)]
    written = [field for field in filled if " " in field.value.strip() or "\n" in field.value]
    return written, [field for field in filled if field not in written]


def _of_the_form(name: str) -> bool:
    """Whether a hidden field says which form this is; it is kept and sent again, but means nothing to people."""
    return name in {"form_id", "row_version", "submit", "action"} or name.startswith("was:")


def _sent_by_our_page() -> bool:
    """Whether the browser says that the form was on a page of ours; old browsers say nothing."""
    fetch_site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    return fetch_site in {"same-origin", "none"} and (not origin or urlsplit(origin).netloc == request.host)


def _forget_when_saved(response: Response) -> Response:
    kept_id = request.args.get(KEPT)
    if kept_id and request.method not in READING and response.status_code < 400 and current_user.is_authenticated:
        kept_forms.discard(work(), kept_id[:36])
    return response


def register(app: Flask) -> None:
    """To be registered after the request's own transaction, so that it runs before that ends."""
    app.after_request(_forget_when_saved)
    app.add_template_filter(text_and_choices)
    app.add_template_filter(lambda name: name.replace("_", " ").replace("-", " ").strip().capitalize(), "field_words")
