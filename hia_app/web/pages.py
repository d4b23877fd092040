"""What every page knows: the council, the person, where they are, and the colours of the council."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Flask, Response, request
from flask_login import current_user

from hia_app.config import Settings
from hia_app.domain import policy
from hia_app.domain.policy import Role
from hia_app.domain.workflow import Action
from hia_app.services import archive
from hia_app.services.work import Case
from hia_app.web.request import NOBODY, installation, now, work
from hia_app.web.security import public

theme = Blueprint("theme", __name__)
THEME = ":root{{--app-brand:{colour};--govuk-brand-colour:{colour}}}\n"


@theme.get("/theme.css")
@public
def stylesheet() -> Response:
    """The council's colour; its address changes with the colour, so browsers may keep it."""
    text = THEME.format(colour=installation().settings.brand_colour)
    return Response(text, mimetype="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"})


def may(action: str, case: Case | None = None) -> bool:
    """Whether the person behind this request may do something: what buttons ask before they show."""
    actor = current_user.actor if current_user.is_authenticated else NOBODY
    return policy.may(Action(action), actor, case.standing if case else None)


def newer_version(case: Case) -> int | None:
    """The version that took this one's place, for whoever may read it; asked only where there is one."""
    return archive.superseded_by(work(), case) if may(Action.READ_RECORD, case) else None


def _on_a_review(path: str) -> bool:
    """Whether a page of an assessment is one of its review: /assessments/<reference>/<number>/review…"""
    return path.startswith("/assessments/") and path.split("/")[4:5] == ["review"]


def navigation() -> list[tuple[str, str, bool]]:
    """The menu for this person: text, address, and whether they are there."""
    here = request.path
    places: list[tuple[str, str, bool]] = []
    if current_user.is_authenticated:
        roles = current_user.actor.roles
        reviewing = Role.REVIEWER in roles and _on_a_review(here)
        places.append(("Home", "/", here == "/" or (here.startswith("/assessments") and not reviewing)))
        if Role.REVIEWER in roles:
            places.append(("Reviews", "/reviews", here.startswith("/reviews") or reviewing))
        if may(Action.READ_REGISTER):
            places.append(("Register", "/register", here.startswith("/register")))
        if may(Action.SEE_ACTIONS):
            places.append(("Actions", "/actions", here.startswith("/actions")))
        if may(Action.SEE_LIBRARY):
            places.append(("Evidence", "/evidence", here.startswith("/evidence")))
        if Role.ADMINISTRATOR in roles:
            places.append(("Administration", "/admin/people", here.startswith("/admin")))
    places.append(("Help", "/help", here.startswith("/help")))
    return places


def register(app: Flask, settings: Settings) -> None:
    app.register_blueprint(theme)
    theme_url = f"/theme.css?colour={quote(settings.brand_colour.lstrip('#'))}"

    @app.context_processor
    def known_to_every_page() -> dict[str, Any]:
        # Error pages are also drawn when nobody could be asked about the session (a refused host, a broken database).
        person = current_user.actor if current_user and current_user.is_authenticated else None
        return {"person": person, "unread": current_user.unread if person else 0}

    app.jinja_env.globals.update(
        settings=settings,
        theme_url=theme_url,
        may=may,
        navigation=navigation,
        now=now,
        Action=Action,
        Role=Role,
        newer_version=newer_version,
    )
