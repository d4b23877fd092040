"""Gives pages the address of their styles and scripts, which changes whenever their content does."""

import json
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, url_for

STATIC_FOLDER = Path(__file__).resolve().parents[2] / "static" / "built"
MANIFEST = STATIC_FOLDER / "manifest.json"
FOR_EVER = "public, max-age=31536000, immutable"


class UnknownAsset(LookupError):
    """A page asked for an asset that was never built."""


@cache
def manifest() -> dict[str, str]:
    """Logical name -> name under static/built/, as tools/build_assets.py wrote it; read once per process."""
    try:
        text = MANIFEST.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UnknownAsset(
            "The page styles and scripts are not built yet. Run `python3 tools/bootstrap.py setup`."
        ) from None
    names: dict[str, str] = json.loads(text)
    return names


def asset_url(name: str) -> str:
    """The address of an asset by its logical name, such as "govuk-frontend.min.css"."""
    names = manifest()
    if name not in names:
        raise UnknownAsset(f"There is no asset called {name!r}. Known: {', '.join(names)}.")
    return url_for("static", filename=names[name])


def keep_for_ever(response: Response) -> Response:
    """A name that carries its content never changes meaning; anything else is asked for again each time."""
    filename = (request.view_args or {}).get("filename")
    if request.endpoint == "static" and response.status_code in {200, 304}:
        kept = filename in manifest().values()
        response.headers["Cache-Control"] = FOR_EVER if kept else "no-cache"
        # Read whole: a file that is compressed while it is sent would stay open until somebody collects it.
        response.direct_passthrough = False
        response.make_sequence()
    return response


def register(app: Flask) -> None:
    """Makes `asset_url` known to templates; the app must be made with `static_folder=STATIC_FOLDER`."""
    app.add_template_global(asset_url)
    app.after_request(keep_for_ever)
