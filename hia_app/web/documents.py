"""Shows a document on a page: what the component `components/document.html` needs to know of its blocks."""

import re
from datetime import date

from flask import Flask, render_template
from markupsafe import Markup

from hia_app.domain import charts
from hia_app.domain.document import TONE_WORDS, Block, Document, Figure
from hia_app.web.assets import STATIC_FOLDER, manifest
from hia_app.web.svg import svg

BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


def paragraphs(text: str) -> list[str]:
    """Text parted at blank lines."""
    return [part.strip() for part in BLANK_LINE.split(text.replace("\r\n", "\n")) if part.strip()]


def chart_svg(figure: Figure, narrow: bool = False) -> Markup:
    """A figure's chart as SVG, named by the figure's own text alternative."""
    return svg(figure.chart, narrow=narrow, alternative=figure.alternative)


def block_kind(block: Block) -> str:
    """The name of a block's kind, by which the component chooses how to show it."""
    return type(block).__name__


def document_date(day: date) -> str:
    """23 November 2026."""
    return f"{day.day} {day:%B %Y}"


def standalone(app: Flask, document: Document) -> str:
    """A document as one HTML file that needs nothing beside it, for `hia export`."""
    names = manifest()
    sheets = [(STATIC_FOLDER / names[name]).read_text("utf-8") for name in ("govuk-frontend.min.css", "app.css")]
    settings = app.extensions["hea"].settings
    styles = "\n".join([*sheets, f":root{{--app-brand:{settings.brand_colour}}}"])
    with app.app_context():
        # Our own style sheets, which hold nothing that anybody typed.
        return render_template("components/standalone.html", document=document, styles=Markup(styles))  # noqa: S704


def register(app: Flask) -> None:
    """Make the filters of the document component known to the templates."""
    app.jinja_env.filters.update(
        paragraphs=paragraphs,
        chart_svg=chart_svg,
        chart_title=charts.title,
        block_kind=block_kind,
        document_date=document_date,
        tone_word=TONE_WORDS.__getitem__,
    )
