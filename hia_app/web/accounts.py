"""Signing in and out, one's own account, and setting a password with a one-time link."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from hia_app.domain.errors import InvalidInput, TooOften
from hia_app.domain.policy import Actor
from hia_app.services import accounts, kept_forms, one_time_links, sessions, sign_ins
from hia_app.store.tables import Person
from hia_app.web import devices, interrupted, signed_in
from hia_app.web.forms.accounts import ChangePassword, SetPassword, SignIn
from hia_app.web.request import installation, now, set_aside, work, work_as
from hia_app.web.security import public

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    form = SignIn(next=request.args.get("next", ""))
    if current_user.is_authenticated:
        return redirect(form.next.data or "/", 303)
    return render_template("accounts/sign_in.html", form=form, errors={})


@blueprint.post("/sign-in")
@public
def begin() -> ResponseReturnValue:
    form = SignIn(request.form)
    try:
        form.check()
        actor, attempt = _identified(form.email.data, form.password.data)
        act = work_as(actor)
        _begin_session(sign_ins.succeeded(act, attempt, form.password.data))
        devices.remember(form.email.data)
    except InvalidInput as invalid:
        return _sign_in_again(form, invalid.messages), 422
    except TooOften as often:
        return _sign_in_again(form, {"email": often.reasons[0]}), 429
    waiting = kept_forms.waiting(act)
    return redirect(url_for("accounts.show_kept", kept_id=waiting[0].id) if waiting else form.next.data or "/", 303)


def _sign_in_again(form: SignIn, messages: dict[str, str]) -> str:
    return render_template("accounts/sign_in.html", form=form.refused(messages), errors=form.errors)


def _identified(email: str, password: str) -> tuple[Actor, sign_ins.Attempt]:
    """Who this is, without holding the database while the password is checked; raises InvalidInput or TooOften."""
    set_aside()
    place, address = installation(), request.remote_addr or ""
    with place.database.writing() as short:
        attempt = sign_ins.count(short, email, address, now(), place.settings, devices.known(email))
    with place.database.reading() as reading:
        actor = sign_ins.identify(reading, email, password, place.settings)
    if actor is None:
        with place.database.writing() as short:
            sign_ins.failed(short, attempt, address, now())
        raise InvalidInput({"email": sign_ins.WRONG})
    return actor, attempt


def _begin_session(person: Person) -> None:
    token, row = sessions.begin(work(), person, agent=request.user_agent.string)
    signed_in.begin(token, row)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    sessions.end(work(), current_user.session_id)
    signed_in.stop(current_user.token)
    flash("You are signed out.", "success")
    answer = redirect(url_for("accounts.sign_in"), 303)
    answer.headers["Clear-Site-Data"] = '"storage"'  # unsaved drafts that a browser keeps
    return answer


@blueprint.get("/link/<token>")
@public
def open_link(token: str) -> ResponseReturnValue:
    link = one_time_links.find(work(), token)
    return render_template("accounts/link.html", link=link, token=token, form=SetPassword(), errors={})


@blueprint.post("/link/<token>")
@public
def use_link(token: str) -> ResponseReturnValue:
    link = one_time_links.find(work(), token)
    form = SetPassword(request.form)
    try:
        accounts.set_password_by_link(work(), token, form.password.data, form.repeated_password.data)
    except InvalidInput as invalid:
        form.refused(invalid.messages)
        return render_template("accounts/link.html", link=link, token=token, form=form, errors=form.errors), 422
    flash("Your password is set. Sign in with it now.", "success")
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.get("/account")
def show() -> ResponseReturnValue:
    return _account_page(ChangePassword())


@blueprint.post("/account/password")
def change_password() -> ResponseReturnValue:
    form = ChangePassword(request.form)
    try:
        person = accounts.change_password(
            work(), form.current_password.data, form.password.data, form.repeated_password.data
        )
    except InvalidInput as invalid:
        return _account_page(form.refused(invalid.messages)), 422
    _begin_session(person)
    flash("Your password is changed. Other browsers were signed out.", "success")
    return redirect(url_for("accounts.show"), 303)


@blueprint.post("/account/sessions/<uuid:session_id>/end")
def end_session(session_id: object) -> ResponseReturnValue:
    sessions.end(work(), str(session_id))
    flash("That browser is signed out.", "success")
    return redirect(url_for("accounts.show"), 303)


def _account_page(form: ChangePassword) -> str:
    return render_template(
        "accounts/account.html",
        me=accounts.find(work(), work().actor.person_id),
        sessions=sessions.going_on(work()),
        here=current_user.session_id,
        form=form,
        errors=form.errors,
    )


@blueprint.get("/kept/<uuid:kept_id>")
def show_kept(kept_id: object) -> ResponseReturnValue:
    kept = kept_forms.find(work(), str(kept_id))
    return render_template(
        "accounts/kept.html",
        kept=kept,
        fields=kept_forms.fields_of(kept),
        action=interrupted.address_with_kept(kept.path, kept.id),
        others=[other for other in kept_forms.waiting(work()) if other.id != kept.id],
    )


@blueprint.post("/kept/<uuid:kept_id>/discard")
def discard_kept(kept_id: object) -> ResponseReturnValue:
    kept_forms.discard(work(), str(kept_id))
    flash("The kept text is discarded.", "success")
    return redirect(url_for("home.show"), 303)
