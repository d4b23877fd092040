"""A real Chromium for the journeys, with an eye on everything that goes wrong behind a page."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
# The headless shell is Chromium without windows and what is drawn around a page: the same pages in half the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
NO_BROWSER = """\
No Chromium was found, so the journeys in a real browser cannot run.
  Debian:          sudo apt-get update && sudo apt-get install --yes --no-install-recommends chromium-headless-shell
  Ubuntu, macOS:   install Google Chrome or Chromium from their makers
  elsewhere:       set CHROMIUM to the program's path, such as CHROMIUM=/opt/chromium/chrome
Without a browser, on your own machine only: make test ARGS=--without-browser"""


def chromium_path() -> str | None:
    """The browser's program: what CHROMIUM names, else the first known name on the PATH."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


class Watch:
    """Collects what a person would not see: script errors, failed requests, requests to other machines."""

    def __init__(self, context: BrowserContext) -> None:
        self.problems: list[str] = []
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.hostname not in {"127.0.0.1", "localhost"}:
            self.problems.append(f"request to another machine: {request.url}")

    def _failed(self, request: Request) -> None:
        # Leaving a page, or a download, ends its open requests; that is no fault of the page.
        if request.failure and "ERR_ABORTED" not in request.failure:
            self.problems.append(f"failed request: {request.url} ({request.failure})")

    def _response(self, response: Response) -> None:
        # A page itself may well answer 404 or 422, and a save 409: tests say which. Its parts may not.
        if response.status >= 400 and response.request.resource_type not in {"document", "fetch", "xhr"}:
            self.problems.append(f"{response.status} for {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"console error: {message.text}")


@contextmanager
def opened_page(browser: Browser, address: str, **context_options: Any) -> Iterator[Page]:
    """A page in a context of its own, signed in as nobody; leaving it fails when the watch saw a problem."""
    context_options.setdefault("viewport", {"width": 1280, "height": 900})
    context = browser.new_context(base_url=address, locale="en-GB", **context_options)
    context.set_default_timeout(10_000)
    watch = Watch(context)
    try:
        yield context.new_page()
    finally:
        context.close()
    assert not watch.problems, "\n".join(watch.problems)


@functools.cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def accessibility_problems(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA on the page as it stands, one line for each rule and place."""
    # The content security policy keeps scripts out of the markup, so axe comes in through the debugger.
    if page.evaluate("matchMedia('(scripting: none)').matches"):
        raise ValueError("axe waits for ever on a page whose scripts are off: examine it with scripts on")
    page.evaluate(_axe())
    # Only what is broken is described in full: describing all that holds takes most of axe's time.
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(({violations}) => violations)",
        list(WCAG),
    )
    return [
        f"{broken['id']} ({broken['impact']}): {broken['help']}: {' '.join(map(str, node['target']))}"
        for broken in found
        for node in broken["nodes"]
    ]


def sideways_overflow(page: Page) -> int:
    """How many pixels the page is wider than its window; 0 when nobody has to scroll sideways."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width
