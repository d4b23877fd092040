"""What people read when something cannot be done: what happened, what was kept, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge, SecurityError

from hia_app.domain.errors import (
    Conflict,
    Incomplete,
    InvalidInput,
    NotNow,
    NotPermitted,
    NotVisible,
    Refused,
    TooOften,
)
from hia_app.services.kept_forms import Field
from hia_app.web import interrupted, security
from hia_app.web.request import READING, note_refused


@dataclass(frozen=True, slots=True)
class Words:
    """The page for one kind of answer."""

    title: str
    happened: str
    next_step: str


NOTHING_CHANGED = "Nothing was changed."
PAGES: dict[int, Words] = {
    400: Words(
        "This request could not be understood",
        "Something in what your browser sent was not right.",
        "Go back, load the page again and try once more.",
    ),
    403: Words(
        "You cannot do this",
        "Your role does not allow it here.",
        "If you think it should, ask an administrator about your roles, or the owner of the assessment.",
    ),
    404: Words(
        "There is nothing here for you",
        "The page does not exist, or it is not open to you.",
        "Check the address, or start again from the home page, which shows what you can open.",
    ),
    405: Words(
        "This page does not work that way",
        "The address was used in a way it does not allow, for example by loading again a page that was sent.",
        "Go back to the page you came from and use its buttons.",
    ),
    409: Words(
        "This cannot be done now",
        "Things have moved on since you opened the page.",
        "Open the assessment again to see where it stands.",
    ),
    413: Words(
        "That is too much at once",
        "What you sent is larger than one page may be.",
        "Use your browser's Back button: what you typed is still in the page. Make it smaller and save again.",
    ),
    422: Words(
        "Something is missing or cannot be used",
        "Some of what you sent is not complete.",
        "Use your browser's Back button, correct it and send it again.",
    ),
    429: Words(
        "Too often in a short time",
        "This was asked for too often in a short time, so nothing was done.",
        "Wait a little and try again.",
    ),
    500: Words(
        "Something went wrong on our side",
        "The service met a fault that it has written down for the people who look after it.",
        "Go back and try again. If it happens again, say what you were doing and when.",
    ),
}
STATUS: dict[type[Refused], int] = {
    NotVisible: 404,
    NotPermitted: 403,
    NotNow: 409,
    Conflict: 409,
    Incomplete: 422,
    InvalidInput: 422,
    TooOften: 429,
}


def refused(error: Refused) -> ResponseReturnValue:
    """Something that the rules forbid; said in the rules' own words, with what was typed given back."""
    note_refused(error)
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 409)
    return page(status, reasons=error.reasons if status != 404 else ())


def unusable(error: HTTPException) -> ResponseReturnValue:
    """An answer that the framework gives: unknown address, wrong method, too large."""
    reasons = security.too_large_words() if error.code == 413 else ()
    answer = page(error.code if error.code in PAGES else 400 if (error.code or 500) < 500 else 500, reasons)
    if error.code == 405 and isinstance(answer, tuple) and getattr(error, "valid_methods", None):
        return (*answer, {"Allow": ", ".join(sorted(error.valid_methods))})  # type: ignore[attr-defined]
    return answer


def wrong_host(_: SecurityError) -> ResponseReturnValue:
    """Somebody used a host name this service does not answer to; no page, because its links would name that host."""
    return "This service does not answer under that name.", 400, {"Content-Type": "text/plain; charset=utf-8"}


def broken(error: InternalServerError) -> ResponseReturnValue:
    """The last resort; it must not fail itself, whatever else has failed."""
    try:
        return page(500)
    except Exception:  # a page that needs what is broken is no use
        words = PAGES[500]
        return f"{words.title}. {words.happened} {words.next_step}", 500, {"Content-Type": "text/plain; charset=utf-8"}


def page(status: int, reasons: tuple[str, ...] = ()) -> ResponseReturnValue:
    """An error page; `reasons` are sentences that say more than the page's own words."""
    words = PAGES[status]
    if interrupted.wants_json():
        return jsonify(saved=False, reason=" ".join(reasons) or words.happened), status
    sent = request.method not in READING
    fields = _given_back() if sent and status not in {400, 413} else []
    written, _ = interrupted.text_and_choices(fields)
    text = render_template("errors/error.html", words=words, reasons=reasons, sent=sent, written=written, status=status)
    return text, status


def _given_back() -> list[Field]:
    """What was typed; nothing of a form that is too large to be read at all."""
    try:
        return interrupted.typed_fields()
    except RequestEntityTooLarge:
        return []


def register(app: Flask) -> None:
    app.register_error_handler(Refused, refused)
    app.register_error_handler(HTTPException, unusable)
    app.register_error_handler(SecurityError, wrong_host)
    app.register_error_handler(500, broken)
