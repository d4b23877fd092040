"""Draws the GOV.UK components that pages are made of, and remembers what it has drawn."""

from __future__ import annotations

from collections import OrderedDict
from functools import cache
from threading import Lock
from typing import Any

from flask import Flask
from jinja2 import Environment, PackageLoader, PrefixLoader
from markupsafe import Markup

MOST_REMEMBERED = 5_000
LONGEST_REMEMBERED = 20_000
_drawn: OrderedDict[str, Markup] = OrderedDict()
_lock = Lock()


@cache
def _environment() -> Environment:
    # The package's macros ask for parameters that were not given, which our own strict templates forbid.
    loader = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)


@cache
def _macro(name: str) -> Any:
    camel = "govuk" + "".join(part.capitalize() for part in name.split("-"))
    module = _environment().get_template(f"govuk_frontend_jinja/components/{name}/macro.html").module
    return getattr(module, camel)


def component(name: str, params: dict[str, Any]) -> Markup:
    """One GOV.UK component as markup; text in `params` is escaped unless its key is `html`.

    Drawing one takes about half a millisecond, so results are kept by name and parameters. Tokens never come
    through here: a remembered field is the same for everybody who has the same value in it.
    """
    key = f"{name}:{params!r}"  # repr tells text from markup, which an equal JSON text would not
    with _lock:
        found = _drawn.get(key)
        if found is not None:
            _drawn.move_to_end(key)
            return found
    markup = Markup(str(_macro(name)(params)).strip())  # noqa: S704  (the macro escaped what it was given)
    if len(key) <= LONGEST_REMEMBERED:
        with _lock:
            _drawn[key] = markup
            while len(_drawn) > MOST_REMEMBERED:
                _drawn.popitem(last=False)
    return markup


def register(app: Flask) -> None:
    """Makes `component` known to templates."""
    app.add_template_global(component)
