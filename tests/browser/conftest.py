"""Journeys in a real browser; most begin in a council that is in the middle of its work (mark `in_council`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.conftest import fresh_database
from tests.support.databases import Maker
from tests.support.people import People
from tests.support.servers import LiveServer

SignIn = Callable[[Page, str], Page]


@pytest.fixture
def database_url(request: pytest.FixtureRequest, _makers: dict[str, Maker]) -> Iterator[str]:
    """Journeys run on SQLite, the services below them on both systems."""
    with fresh_database(request, _makers, "sqlite") as address:
        yield address


@pytest.fixture
def sign_in(people: People, live_server: LiveServer) -> SignIn:
    """Signs somebody in without the sign-in page: `sign_in(page, "reviewer").goto("/")`."""

    def signed_in(page: Page, who: str) -> Page:
        cookie = people.client(who).get_cookie("session")
        assert cookie is not None
        page.context.add_cookies([{"name": "session", "value": cookie.value, "url": live_server.url}])
        return page

    return signed_in
