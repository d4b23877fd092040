"""What guards every request: who may come in, forms from our own pages only, and what browsers are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf, validate_csrf
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map
from wtforms import ValidationError

from hia_app.config import Settings
from hia_app.web import interrupted
from hia_app.web.request import READING, installation, set_aside

LARGEST_REQUEST = 4_000_000  # bytes; a section of long answers in a script of three bytes a letter, percent-encoded
MOST_FIELDS = 2_000
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
CONTENT_SECURITY_POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
))  # fmt: skip
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # "no-referrer" would make browsers send forms without an origin
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
SHARED = frozenset({"static", "theme.stylesheet"})  # the same for everybody, so browsers may keep them

View = TypeVar("View", bound=Callable[..., Any])


class Number(IntegerConverter):
    """A number in an address; larger ones than anything has are not found, instead of overflowing a database."""

    def __init__(self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int = 999_999) -> None:
        super().__init__(map, fixed_digits, min, max)


def public(view: View) -> View:
    """Marks a view that needs nobody to be signed in; all others do."""
    view.public = True  # type: ignore[attr-defined]
    return view


def takes_up_to(
    size: int | Callable[[Settings], int], words: Callable[[Settings], str] | None = None
) -> Callable[[View], View]:
    """Marks a view that takes larger forms than others, in bytes; `words` are said when one is larger still."""

    def mark(view: View) -> View:
        view.largest_request = size  # type: ignore[attr-defined]
        view.too_large = words  # type: ignore[attr-defined]
        return view

    return mark


def too_large_words() -> tuple[str, ...]:
    """What the view at hand says about a form that is larger than it takes; nothing when it has no words of its own."""
    view = current_app.view_functions.get(request.endpoint or "")
    words = getattr(view, "too_large", None)
    return (words(installation().settings),) if words else ()


def _largest(view: Callable[..., Any]) -> int:
    size = getattr(view, "largest_request", LARGEST_REQUEST)
    return int(size(installation().settings) if callable(size) else size)


def configuration(settings: Settings) -> dict[str, Any]:
    """Flask's settings; the names beside the defaults that are unsafe are all set here."""
    local = ("localhost", "127.0.0.1", settings.host)
    return {
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_NAME": "__Host-session" if settings.secure else "session",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        # How long a cookie is understood at all. The session it names ends much sooner, on the server; after
        # that it only tells whose unsaved text has to be kept.
        "PERMANENT_SESSION_LIFETIME": timedelta(days=7),
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST_REQUEST,
        "MAX_FORM_PARTS": MOST_FIELDS,
        "TRUSTED_HOSTS": list(settings.trusted_hosts or local),
        "WTF_CSRF_TIME_LIMIT": None,  # a form is good for as long as the session
        "WTF_CSRF_CHECK_DEFAULT": False,
        "PREFERRED_URL_SCHEME": "https" if settings.secure else "http",
        "TEMPLATES_AUTO_RELOAD": settings.mode == "development",
    }


def guard() -> ResponseReturnValue | None:
    """Before each view: nobody unknown beyond public pages, and no change without a form of ours."""
    if request.endpoint is None or request.endpoint in SHARED:
        return None  # not found, or the same for everybody
    if not is_storable(request.path):
        raise NotFound
    if not all(is_storable(text) for pair in request.args.items(multi=True) for text in pair):
        raise BadRequest
    changes = request.method not in READING
    if changes:
        _refuse_other_than_forms()
    view = current_app.view_functions[request.endpoint]
    if not current_user.is_authenticated and not getattr(view, "public", False):
        return interrupted.ask_to_sign_in()
    request.max_content_length = _largest(view)
    if changes and request.max_content_length > LARGEST_REQUEST:
        set_aside()  # a large form may take long to arrive, and nobody should wait for it
    if changes and not _came_from_our_form():
        return interrupted.give_back()
    if changes and not all(is_storable(text) for pair in request.form.items(multi=True) for text in pair):
        return interrupted.refuse_unstorable()
    return None


def is_storable(text: str) -> bool:
    """Whether both databases can look for this text: one of them refuses NUL and neither takes half a character."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _refuse_other_than_forms() -> None:
    if request.mimetype not in FORM_TYPES and (request.content_length or request.mimetype):
        raise BadRequest("Only forms can be sent to this address.")


def _came_from_our_form() -> bool:
    """Whether the form carries the token of this session, or of this visit before anybody has signed in."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True


def protect(response: Response) -> Response:
    """After each view: the headers that browsers must have."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if installation().settings.secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint not in SHARED or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    return response


def register(app: Flask, settings: Settings) -> None:
    app.url_map.converters["int"] = Number
    app.before_request(guard)
    app.after_request(protect)
    app.add_template_global(generate_csrf, "csrf_token")
    if settings.proxy_hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxy_hops, x_proto=settings.proxy_hops
        )
