"""Journeys begin in a council that is in the middle of its work; who needs an empty one says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from hia_app.config import Settings
from tests.support.council import Council, Councils
from tests.support.people import People
from tests.support.servers import LiveServer

SignIn = Callable[[Page, str], Page]


@pytest.fixture
def database_url(councils: Councils) -> Iterator[str]:
    """A copy of the filled database; journeys run on SQLite, the services below them on both systems."""
    with councils.copy("sqlite") as address:
        yield address


@pytest.fixture
def council(councils: Councils, settings: Settings) -> Council:
    """Where everything is in that database; its files are in the instance folder."""
    return councils.settle("sqlite", settings.instance)


@pytest.fixture
def people(app: Flask, council: Council) -> People:
    """The council's own people, by the demonstration's names."""
    people = People(app)
    people.know(council.ids)
    return people


@pytest.fixture
def sign_in(people: People, live_server: LiveServer) -> SignIn:
    """Signs somebody in without the sign-in page: `sign_in(page, "reviewer").goto("/")`."""

    def signed_in(page: Page, who: str) -> Page:
        cookie = people.client(who).get_cookie("session")
        assert cookie is not None
        page.context.add_cookies([{"name": "session", "value": cookie.value, "url": live_server.url}])
        return page

    return signed_in
