"""Every group of pages, in the order of the address map."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from flask import Flask

NAMES = (
    "home", "accounts", "help", "assessments", "sections", "impacts", "ratings", "reviews", "decisions", "register",
    "changes", "administration", "areas", "places",
)  # fmt: skip


def register(app: Flask) -> None:
    for name in NAMES:
        if find_spec(f"hia_app.web.{name}") is None:
            continue
        app.register_blueprint(import_module(f"hia_app.web.{name}").blueprint)
