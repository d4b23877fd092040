"""A document as a page: the same strings as in print, marked up for everybody, and never as anybody's markup."""

import re
from html.parser import HTMLParser

import pytest
from flask import Flask, get_template_attribute

from hia_app.domain.charts import BeyondTheAverage
from hia_app.domain.document import Callout, Document, Figure, Heading, Paragraph, Table, plain_text
from hia_app.web import documents as shown_documents
from hia_app.web.svg import svg
from tests.support import documents

VOID = {"line", "rect", "polygon", "br", "img", "meta", "link", "input"}


class Page(HTMLParser):
    """A page as elements and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert tag in VOID or self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def shown(document: Document) -> Page:
    app = Flask("hia_app.web", template_folder="templates")
    shown_documents.register(app)
    with app.app_context():
        page = Page(str(get_template_attribute("components/document.html", "show")(document)))
    assert page.open == []
    return page


@pytest.mark.parametrize("made", [documents.short, documents.holbeck, documents.hostile])
def test_every_text_is_on_the_page_as_text(made: type[Document]) -> None:
    document = made()
    page = shown(document)
    words = re.sub(r"\s+", "", "".join(page.words))
    outside = {document.title, document.council}  # the page around it shows these
    missing = [
        text[:80]
        for text in plain_text(document)
        if text not in outside and re.sub(r"\s+", "", text.replace("\x00", "")) not in words
    ]
    assert missing == []


def test_no_markup_of_anybody_survives_and_nothing_breaks_the_content_policy() -> None:
    page = shown(documents.hostile())
    assert not {"script", "img", "b", "font", "para", "a", "style"} & {tag for tag, _ in page.tags}
    for _, attributes in page.tags:
        assert not {name for name in attributes if name == "style" or name.startswith("on")}


def test_headings_carry_their_anchors_once_and_tables_their_scopes() -> None:
    page = shown(documents.holbeck())
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert {"rating", "harms", "answer-1"} <= set(ids)
    assert len(ids) == len(set(ids))
    assert {attributes["scope"] for attributes in page.named("th")} == {"col", "row"}
    assert len(page.named("caption")) == len(page.named("table"))


def test_a_chart_is_an_image_with_words_and_a_table_behind_it() -> None:
    figure = Figure(documents.GAINS, "My own alternative", "Caption")
    page = shown(documents.document(figure))
    wide, narrow = page.named("svg")
    assert wide["role"] == narrow["role"] == "img"
    assert wide["aria-label"] == narrow["aria-label"] == "My own alternative"
    assert (wide["viewbox"] or "").startswith("0 0 467 ")
    assert (narrow["viewbox"] or "").startswith("0 0 320 ")
    assert len(page.named("details")) == 1


def test_chart_labels_are_escaped() -> None:
    chart = BeyondTheAverage('<script>"x"</script>', ("<b>", "&amp;"), (1, 2), axis="<i>")
    drawn = str(svg(chart))
    page = Page(drawn)
    assert {tag for tag, _ in page.tags} <= {"svg", "line", "rect", "text", "polygon"}
    assert "<b>" in page.words
    assert "&amp;" in page.words


def test_a_callout_says_its_tone_and_a_welsh_passage_its_language() -> None:
    page = shown(
        documents.document(Callout("stop", "Harm"), Paragraph("Croeso", lang="cy"), Table("", ("A",), ()), Heading("H"))
    )
    assert "Stop: Harm" in [words.strip() for words in page.words]
    assert "cy" in [attributes.get("lang") for attributes in page.named("p")]
