"""The home page: what waits for the person who is signed in; and the statement about accessibility."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from hia_app.services import home
from hia_app.web.request import work
from hia_app.web.security import public

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def show() -> ResponseReturnValue:
    return render_template("home/home.html", home=home.home(work()))


@blueprint.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    return render_template("home/accessibility.html")
