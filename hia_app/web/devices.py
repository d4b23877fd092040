"""Browsers in which somebody has signed in before: a signed cookie that says so, and proves nothing else.

It never signs anybody in. Whoever has it is counted apart from strangers when passwords are tried, so that a stranger
who tries somebody's name again and again cannot keep that person out on their own device.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from hia_app.services.sign_ins import normal_email
from hia_app.web.request import installation

KEPT = timedelta(days=180)
MOST = 5  # people of one browser, the newest first


def known(email: str) -> str:
    """The name of this browser when this person has signed in with it before; else nothing."""
    held = _held()
    return str(held["device"]) if _mark(email) in held["people"] else ""


def remember(email: str) -> None:
    """Write down, with this answer, that somebody signed in here."""
    held = _held()
    others = [one for one in held["people"] if one != _mark(email)]
    g.device = {"device": held["device"] or secrets.token_urlsafe(16), "people": [_mark(email), *others][:MOST]}


def _held() -> dict[str, Any]:
    try:
        found = _serializer().loads(request.cookies.get(_name(), ""), max_age=int(KEPT.total_seconds()))
    except BadSignature:  # also one that is too old
        found = None
    good = isinstance(found, dict) and isinstance(found.get("device"), str) and isinstance(found.get("people"), list)
    return found if good else {"device": "", "people": []}


def _mark(email: str) -> str:
    return hashlib.sha256(normal_email(email).encode("utf-8", "replace")).hexdigest()[:32]


def _name() -> str:
    return "__Host-device" if installation().settings.secure else "device"


def _serializer() -> URLSafeTimedSerializer:
    key = current_app.secret_key
    assert key is not None  # noqa: S101  the configuration has one
    return URLSafeTimedSerializer(key, salt="known-device")


def _write(response: Response) -> Response:
    if "device" in g:
        response.set_cookie(
            _name(),
            _serializer().dumps(g.device),
            max_age=KEPT,
            secure=installation().settings.secure,
            httponly=True,
            samesite="Lax",
            path="/",
        )
    return response


def register(app: Flask) -> None:
    app.after_request(_write)
