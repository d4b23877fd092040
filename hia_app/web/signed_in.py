"""Who is signed in: the cookie names a session on the server, and the server says whether it is still going on."""

from __future__ import annotations

import flask
from flask import Flask, g
from flask_login import LoginManager, UserMixin, login_user, logout_user

from hia_app.domain.policy import Actor
from hia_app.services import sessions
from hia_app.services.work import actor_of
from hia_app.store.tables import UserSession
from hia_app.web import request as this_request

LAST_SESSION = "last"  # after signing out: only good for giving back what was typed


class SignedIn(UserMixin):
    """The person behind this request, through one signed-in browser; plain values that outlive the transaction."""

    def __init__(self, token: str, row: UserSession) -> None:
        self.token = token
        self.session_id = row.id
        self.seen_at = row.seen_at
        self.actor: Actor = actor_of(row.person)
        self.email = row.person.email
        self.unread = row.unread

    def get_id(self) -> str:
        return self.token


def _load(token: str) -> SignedIn | None:
    place = this_request.installation()
    found = sessions.find(this_request.session(), token, this_request.now(), place.settings)
    if found is None:
        return None
    if not found.alive:
        g.ended_person_id = found.row.person_id
        return None
    # The token of every form hangs on the session row, so that it lives exactly as long as the session does.
    if flask.session.get("csrf_token") != found.row.csrf_secret:
        flask.session["csrf_token"] = found.row.csrf_secret
    return SignedIn(token, found.row)


def begin(token: str, row: UserSession) -> None:
    """Sign this browser in; nothing of its life before is carried over."""
    _forget()
    flask.session["csrf_token"] = row.csrf_secret
    login_user(SignedIn(token, row))


def stop(token: str) -> None:
    """Sign this browser out, remembering only whose unsaved text another open tab may still send."""
    logout_user()
    _forget()
    flask.session[LAST_SESSION] = token


def ended_person_id() -> str | None:
    """Whose session this browser had until it ended; None when nobody is known."""
    if "ended_person_id" not in g:
        g.ended_person_id = None
        token = flask.session.get(LAST_SESSION)
        if isinstance(token, str):
            place = this_request.installation()
            found = sessions.find(this_request.session(), token, this_request.now(), place.settings)
            g.ended_person_id = found.row.person_id if found else None
    person_id: str | None = g.ended_person_id
    return person_id


def _forget() -> None:
    flask.session.clear()
    g.pop("csrf_token", None)


def register(app: Flask) -> None:
    login = LoginManager()
    # Sessions are rows on the server; tying them to an address would sign people out when the network changes.
    login.session_protection = None
    login.user_loader(_load)
    login.init_app(app)
