"""Puts the parts together."""

from __future__ import annotations

from flask import Flask
from flask_compress import Compress
from jinja2 import FileSystemBytecodeCache, StrictUndefined

from hia_app import config
from hia_app.config import Settings
from hia_app.db import Database
from hia_app.store.questionnaires import Shelf
from hia_app.web import (
    allowances,
    assets,
    blueprints,
    components,
    devices,
    documents,
    errors,
    interrupted,
    pages,
    question_fields,
    request,
    security,
    signed_in,
    wording,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The app on the given settings, else on those of the environment; raises UnsafeSettings and ShelfRefused."""
    settings = settings or config.load()
    app = Flask("hia_app.web", static_folder=assets.STATIC_FOLDER, static_url_path="/static")
    app.config.update(security.configuration(settings))
    app.extensions["hea"] = request.Installation(
        settings, Database(settings.address), Shelf.load(settings.questionnaires)
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache()  # a folder of this user's own
    Compress(app)
    security.register(app, settings)
    allowances.register(app)
    request.register(app)
    interrupted.register(app)
    signed_in.register(app)
    devices.register(app)
    errors.register(app)
    for part in (assets, components, documents, question_fields, wording):
        part.register(app)
    pages.register(app, settings)
    blueprints.register_all(app)
    return app
