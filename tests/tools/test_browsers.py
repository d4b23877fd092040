"""The browser that tests are given notices what goes wrong behind a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import Flask

from tests.support.browsers import accessibility_problems, opened_page, sideways_overflow

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.servers import LiveServer

SOUND = (
    "<!doctype html><html lang=en><title>Sound</title><link rel=icon href='data:,'>"
    "<main><h1>Sound</h1><p>Nothing to see.</p></main>"
)
FAULTS = {
    "script": ("<script>nowhere.to_be_found()</script>", "script error"),
    "console": ("<script>console.error('it went wrong')</script>", "it went wrong"),
    "part": ("<img alt='' src='/nothing.png'>", "404 for"),
    "elsewhere": ("<img alt='' src='http://192.0.2.1/pixel.png'>", "request to another machine"),
}


@pytest.fixture
def app() -> Flask:
    """A page for each fault, in place of the product."""
    app = Flask("faults")
    app.add_url_rule("/", "sound", lambda: SOUND)
    app.add_url_rule("/refused", "refused", lambda: (SOUND, 422))
    app.add_url_rule("/wide", "wide", lambda: SOUND + "<p style='width:2000px'>Wide")
    app.add_url_rule("/unlabelled", "unlabelled", lambda: SOUND.replace("</main>", "<input></main>"))
    app.add_url_rule("/faults/<fault>", "fault", lambda fault: SOUND + FAULTS[fault][0])
    return app


def test_a_sound_page_passes_also_when_it_refuses_a_form(browser: Browser, live_server: LiveServer) -> None:
    with opened_page(browser, live_server.url) as page:
        for path in ("/", "/refused"):
            page.goto(path)
            assert page.title() == "Sound"
            assert accessibility_problems(page) == []
            assert sideways_overflow(page) == 0


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_behind_the_page_fails_the_test(browser: Browser, live_server: LiveServer, fault: str) -> None:
    def visit() -> None:
        with opened_page(browser, live_server.url) as page:
            # Nothing leaves this machine even when a page asks.
            page.route("http://192.0.2.1/**", lambda route: route.fulfill(status=200, body=""))
            page.goto(f"/faults/{fault}", wait_until="networkidle")

    with pytest.raises(AssertionError, match=FAULTS[fault][1]):
        visit()


def test_what_hinders_people_is_found(browser: Browser, live_server: LiveServer) -> None:
    with opened_page(browser, live_server.url) as page:
        page.goto("/wide")
        assert sideways_overflow(page) > 0
        page.goto("/unlabelled")
        assert [problem.partition(" ")[0] for problem in accessibility_problems(page)] == ["label"]


def test_a_page_without_scripts_is_really_without(browser: Browser, live_server: LiveServer) -> None:
    with opened_page(browser, live_server.url, java_script_enabled=False) as page:
        page.goto("/faults/script")
        assert page.get_by_role("heading", name="Sound").is_visible()
        with pytest.raises(ValueError, match="scripts on"):
            accessibility_problems(page)
