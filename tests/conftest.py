"""What every test may ask for: a database of each system, the app on it, a server, and a real browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.orm import Session

from hia_app import config as app_config
from hia_app import db
from hia_app.config import Settings
from hia_app.db import Database
from tests.support.browsers import FLAGS, NO_BROWSER, chromium_path, opened_page
from tests.support.databases import SYSTEMS, Maker, PostgresMaker, SqliteMaker, kept_engine, run_name

if TYPE_CHECKING:  # unit tests start without the web and the browser
    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser, Page

    from tests.support.council import Council, Councils
    from tests.support.people import People
    from tests.support.servers import LiveServer
    from tests.support.walk import Walk

pytest_plugins = ("tests.support.selection", "tests.support.spreading")


# ---- databases ----


@pytest.fixture(scope="session", autouse=True)
def _engines() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "_engine", kept_engine)
        yield


@pytest.fixture(scope="session")
def _makers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Maker]]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    postgres = PostgresMaker(run_name(), worker)
    yield {"sqlite": SqliteMaker(tmp_path_factory.mktemp("databases")), "postgresql": postgres}
    postgres.stop()


@pytest.fixture(scope="session")
def councils(_makers: dict[str, Maker], tmp_path_factory: pytest.TempPathFactory) -> Councils:
    """Databases with a council in the middle of its work, filled once for each system."""
    from tests.support.council import Councils

    return Councils(_makers, tmp_path_factory.mktemp("council"))


@pytest.fixture(params=SYSTEMS)
def database_url(request: pytest.FixtureRequest, _makers: dict[str, Maker]) -> Iterator[str]:
    """The address of a migrated database of the test's own; the test runs once on each system.

    It is empty, or under the mark `in_council` filled with the council of `councils`.
    For one system only: `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
    """
    with fresh_database(request, _makers, request.param) as address:
        yield address


@contextmanager
def fresh_database(request: pytest.FixtureRequest, makers: dict[str, Maker], system: str) -> Iterator[str]:
    """What `database_url` gives, on one system."""
    if request.node.get_closest_marker("in_council"):
        with request.getfixturevalue("councils").copy(system) as address:
            yield address
    else:
        address = makers[system].make()
        yield address
        makers[system].drop(address)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings for the test's own database and instance folder, with the cheapest password hash."""
    return app_config.load(
        {},
        mode="test",
        instance=tmp_path / "instance",
        database_url=database_url,
        secret_key="only-for-tests-0123456789-abcdefghijklm",
        argon2_memory_kib=8,
        argon2_rounds=1,
        hourly_documents=10_000,  # tests open every page as everybody
    )


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The test's own database, for what needs several transactions: `with database.writing() as session`."""
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One writing transaction, undone at the end. While it is open, SQLite lets nobody else write."""
    session = database.open(writes=True)
    yield session
    database.finish(session, keep=False)


# ---- the app and its servers ----


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole app on the test's own database."""
    from tests.support.apps import installed

    with installed(settings) as app:
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor who runs no scripts and is signed in as nobody."""
    return app.test_client()


@pytest.fixture
def council(councils: Councils, database_url: str, settings: Settings) -> Council:
    """Where everything is in the test's council (mark `in_council`); its files are in the instance folder."""
    return councils.settle("sqlite" if database_url.startswith("sqlite") else "postgresql", settings.instance)


@pytest.fixture
def people(app: Flask, request: pytest.FixtureRequest) -> People:
    """Everybody a test needs: `people.client("officer").send("/…", {…})`, `people.id("reviewer")`.

    In a council they are its own people, by the demonstration's names.
    """
    from tests.support.people import People

    people = People(app)
    if request.node.get_closest_marker("in_council"):
        people.know(request.getfixturevalue("council").ids)
    return people


@pytest.fixture(scope="session")
def walk(councils: Councils, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """Every page of the council as everybody, opened once; tests have copies in which the addresses are the same."""
    from tests.support.apps import installed
    from tests.support.council import settings_for
    from tests.support.people import People
    from tests.support.walk import Walk

    instance = tmp_path_factory.mktemp("walk") / "instance"
    council = councils.settle("sqlite", instance)
    with councils.copy("sqlite") as address:
        settings = settings_for(address, instance).model_copy(update={"hourly_documents": 10_000})
        with installed(settings) as app:
            people = People(app)
            people.know(council.ids)
            return Walk(people, council)


@pytest.fixture
def live_server(app: Flask) -> Iterator[LiveServer]:
    """The app on a loopback port, on the test's own database; made for browsers."""
    from tests.support.servers import serving

    with serving(app) as server:
        yield server


# ---- the browser ----


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One real Chromium for all journeys of a run. A missing one fails the tests; it never skips them."""
    from playwright.sync_api import sync_playwright

    program = chromium_path()
    if program is None:
        pytest.fail(NO_BROWSER, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Opens pages for different people, each with cookies of its own: `open_page(java_script_enabled=False)`.

    Paths are enough in `page.goto("/sign-in")`. Keywords are those of Playwright's `new_context`.
    """
    with ExitStack() as stack:
        opened: Callable[..., AbstractContextManager[Page]] = partial(opened_page, browser, live_server.url)

        def opener(**context_options: Any) -> Page:
            return stack.enter_context(opened(**context_options))

        yield opener


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page at 1280 pixels, scripts on, signed in as nobody."""
    return open_page()
