"""Fields and parts of pages: what people typed comes back exactly, and nothing they typed becomes markup."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from markupsafe import Markup

from hia_app.web.components import component
from hia_app.web.wording import browser, date_parts, day, moment

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Draw = Callable[..., str]
NASTY = "<script>alert(1)</script>\"'&{{7*7}}"


@pytest.fixture
def draw(app: Flask) -> Draw:
    """Draws one macro call as a page would: `draw('textarea("a", "B", value)', value="…")`."""

    def drawn(call: str, **values: object) -> str:
        source = (
            "{% import 'components/forms.html' as forms %}{% import 'components/parts.html' as parts %}{{ "
            + call
            + " }}"
        )
        with app.test_request_context():
            return app.jinja_env.from_string(source).render(**values)

    return drawn


@pytest.mark.parametrize(
    "text", ["", "one", "\nstarts with an empty line", "two\n\nparagraphs", "  indented\n    more", NASTY]
)
def test_a_textarea_gives_back_exactly_what_was_typed(draw: Draw, text: str) -> None:
    for call in ("forms.textarea('a', 'Label', text)", "forms.textarea('a', 'Label', text, words=300)"):
        found = re.search(r"<textarea[^>]*>(.*)</textarea>", draw(call, text=text), re.DOTALL)
        assert found is not None
        shown = html.unescape(found.group(1))
        assert shown.removeprefix("\n") == text  # browsers drop one line end after the tag


@pytest.mark.parametrize(
    "call",
    [
        "forms.text_input('a', nasty, nasty, nasty, nasty)",
        "forms.text_input('a', nasty, prefix=nasty, suffix=nasty)",
        "forms.textarea('a', nasty, nasty, nasty, nasty, words=10)",
        "forms.password_input('a', nasty, nasty, nasty)",
        "forms.radios('a', nasty, [(nasty, nasty, nasty), {'divider': nasty}], nasty, nasty, nasty)",
        "forms.checkboxes('a', nasty, [(nasty, nasty, nasty)], [nasty], nasty, nasty)",
        "forms.checkbox('a', nasty, True, nasty, nasty)",
        "forms.date_input('a', nasty, {'day': nasty, 'month': nasty, 'year': nasty}, nasty, nasty)",
        "forms.select('a', nasty, [(nasty, nasty)], nasty, nasty, nasty, empty=nasty)",
        "forms.button(nasty, name='a', value=nasty)",
        "forms.button_link(nasty, nasty)",
        "forms.hidden('a', nasty)",
        "forms.error_summary({'a': nasty}, nasty)",
        "parts.tag(nasty)",
        "parts.summary_list([(nasty, nasty), (nasty, [nasty]), {'key': nasty, 'value': nasty, 'href': '/x'}])",
        "parts.data_table(nasty, [nasty], [[nasty]])",
        "parts.details(nasty, nasty)",
        "parts.inset(nasty)",
        "parts.warning(nasty)",
        "parts.banner([('success', nasty)])",
        "parts.breadcrumbs([(nasty, nasty)])",
        "parts.back_link(nasty, nasty)",
        "parts.empty_state(nasty, nasty, nasty, nasty)",
    ],
)
def test_nothing_typed_becomes_markup(draw: Draw, call: str) -> None:
    drawn = draw(call, nasty=NASTY)
    assert "<script" not in drawn
    assert "alert(1)" in drawn
    assert "{{7*7}}" in drawn
    assert not re.search(r"=\"[^\"]*alert\(1\)[^\"]*\"'", drawn)
    assert " style=" not in drawn


def test_a_remembered_field_tells_text_from_markup(app: Flask) -> None:
    bold = component("inset-text", {"text": Markup("<b>ours</b>")})
    typed = component("inset-text", {"text": "<b>ours</b>"})
    assert "<b>ours</b>" in bold
    assert "<b>ours</b>" not in typed


def test_errors_are_tied_to_their_fields(draw: Draw) -> None:
    field = draw("forms.text_input('email', 'Email', 'x', 'Enter an address', 'As on your badge')")
    assert 'aria-describedby="email-hint email-error"' in field
    summary = draw("forms.error_summary({'email': 'Enter an address', '': 'No field'})")
    assert 'href="#email"' in summary
    assert summary.count("<a ") == 1
    assert draw("forms.error_summary({})") == ""


def test_choices_are_chosen_and_reveal_what_belongs_to_them(draw: Draw) -> None:
    options = [("yes", "Yes"), {"value": "no", "label": "No", "reveal": Markup("<p>Why?</p>")}]
    drawn = draw("forms.radios('a', 'Legend', options, 'no')", options=options)
    assert re.findall(r'value="(\w+)" checked', drawn) == ["no"]
    assert "<p>Why?</p>" in drawn
    options = [("1", "One"), ("2", "Two"), {"value": "0", "label": "None", "exclusive": True}]
    boxes = draw("forms.checkboxes('a', 'Legend', options, ['2'])", options=options)
    assert re.findall(r'value="(\w+)" checked', boxes) == ["2"]
    assert 'data-behaviour="exclusive"' in boxes


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("2027-03-01", ("1", "3", "2027")),
        ("2027-03", ("", "3", "2027")),
        ("", ("", "", "")),
        (None, ("", "", "")),
        ({"day": "31", "month": "Feb"}, ("31", "Feb", "")),
    ],
)
def test_dates_come_back_as_they_were_typed(app: Flask, value: object, parts: tuple[str, str, str]) -> None:
    found = date_parts(value)
    assert (found.day, found.month, found.year) == parts


def test_dates_are_written_as_people_write_them(app: Flask) -> None:
    from datetime import UTC, datetime

    summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert (day(summer), moment(summer)) == ("2 July 2026", "2 July 2026 at 00:30")
    assert (day("2026-11-23"), day(None), moment(None)) == ("23 November 2026", "", "")


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130 Safari/537.36 Edg/130",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("", "A browser"),
    ],
)
def test_browsers_are_told_apart(app: Flask, agent: str, words: str) -> None:
    assert browser(agent) == words
