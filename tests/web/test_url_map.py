"""The whole address map on a council in the middle of its work, without a browser: closed, quiet, guarded and quick."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from jinja2 import StrictUndefined
from sqlalchemy import Engine, event, select
from werkzeug.test import TestResponse

from hia_app.config import Settings
from hia_app.db import Database
from hia_app.store.tables import Base
from hia_app.web.evidence_files import INERT
from hia_app.web.security import HEADERS, SHARED
from tests.support.council import Council, Councils, grow
from tests.support.databases import SYSTEMS
from tests.support.people import People
from tests.support.site import addresses, rules

ROLES = (
    "officer", "contributor", "section_contributor", "reviewer", "director", "scrutiny", "administrator", "nobody",
)  # fmt: skip
# Between them they open whatever there is; the others see less of the same pages.
BUSIEST = ("officer", "reviewer", "director", "administrator")
PUBLIC = {
    "/accessibility", "/check-a-document", "/help", "/help/<part>", "/link/<token>", "/sign-in", "/theme.css",
}  # fmt: skip
MOST_QUERIES = 8  # of a page with questions


@pytest.fixture(params=SYSTEMS)
def database_url(request: pytest.FixtureRequest, councils: Councils) -> Iterator[str]:
    with councils.copy(request.param) as address:
        yield address


@pytest.fixture
def council(councils: Councils, database_url: str, settings: Settings) -> Council:
    return councils.settle("sqlite" if database_url.startswith("sqlite") else "postgresql", settings.instance)


@pytest.fixture
def people(app: Flask, council: Council) -> People:
    people = People(app)
    people.know(council.ids)
    return people


sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@contextmanager
def counting(engine: Engine) -> Iterator[list[str]]:
    """What is asked of the database inside the block, without beginning and ending transactions."""
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def dump(database: Database) -> dict[str, str]:
    """A fingerprint of every table but what reading may write: when a session was last used, and how much of what is
    costly somebody has asked for."""
    with database.reading() as session:
        return {
            table.name: hashlib.sha256(
                json.dumps(
                    sorted(
                        repr([value for name, value in row._mapping.items() if name != "seen_at"])
                        for row in session.execute(select(table))
                    )
                ).encode()
            ).hexdigest()
            for table in Base.metadata.sorted_tables
            if table.name != "used_allowance"
        }


def well_dressed(answer: TestResponse, path: str) -> list[str]:
    """The headers that an answer lacks; a file that is handed out is shut in even more tightly than a page."""
    wanted = dict(HEADERS)
    if answer.headers.get("Content-Disposition", "").startswith("attachment") and "/evidence/" in path:
        wanted["Content-Security-Policy"] = INERT
    return [f"{path}: {name}" for name, value in wanted.items() if answer.headers.get(name) != value]


@sqlite_only
def test_templates_are_strict_about_what_they_are_given(app: Flask) -> None:
    assert app.jinja_env.undefined is StrictUndefined


@sqlite_only
def test_places_hold_every_state(people: People, council: Council) -> None:
    from hia_app.domain.workflow import State
    from hia_app.store.tables import AssessmentVersion

    with people.place.database.reading() as session:
        assert set(session.scalars(select(AssessmentVersion.state).distinct())) == set(State)


@sqlite_only
def test_nobody_comes_in_without_signing_in(app: Flask, council: Council) -> None:
    visitor = app.test_client()
    opened, faults = set(), []
    for address in addresses(app, council):
        answer = visitor.get(address.path)
        faults += well_dressed(answer, address.path)
        if answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in?next="):
            continue
        opened.add(address.rule)
    assert opened == PUBLIC
    assert not faults


def test_opening_every_page_changes_nothing(people: People, council: Council) -> None:
    """By everybody, whether they are let in or not; and no answer comes without its headers, or from a fault."""
    database = people.place.database
    everybody = ROLES if database.engine.dialect.name == "sqlite" else BUSIEST
    clients = {who: people.client(who) for who in everybody}
    before = dump(database)
    faults = []
    for address in addresses(people.app, council):
        for who, client in clients.items():
            answer = client.get(address.path)
            faults += well_dressed(answer, address.path)
            if answer.status_code not in {200, 302, 303, 403, 404, 409}:
                faults.append(f"{address.path} answers {answer.status_code} to {who}")
            if address.endpoint not in SHARED and answer.headers.get("Cache-Control") != "no-store":
                faults.append(f"{address.path} may be kept by a browser")
            answer.close()
    assert not faults, "\n".join(faults[:40])
    after = dump(database)
    assert [name for name in before if before[name] != after[name]] == []


@sqlite_only
def test_a_change_without_a_token_is_refused_everywhere(people: People, council: Council) -> None:
    """Also with the token of another session; nothing is written, not even that it was tried."""
    database = people.place.database
    clients = {who: people.client(who) for who in BUSIEST}
    stranger = people.client("scrutiny").token()
    before = dump(database)
    faults = []
    tried = set()
    for address in addresses(people.app, council, "POST"):
        tried.add(address.rule)
        for who, client in clients.items():
            for form in ({}, {"csrf_token": "made-up"}, {"csrf_token": stranger}):
                answer = client.post(address.path, data=form | {"reason": "Words that matter."})
                faults += well_dressed(answer, address.path)
                if answer.status_code != 400:
                    faults.append(f"{address.path} answers {answer.status_code} to {who}")
                if "Words that matter." not in answer.text:
                    faults.append(f"{address.path} does not give {who} the words back")
    assert tried == {rule.rule for rule in rules(people.app, "POST")}
    assert not faults, "\n".join(faults[:40])
    after = dump(database)
    assert [name for name in before if before[name] != after[name]] == []


@sqlite_only
def test_the_number_of_queries_does_not_grow_with_the_rows(people: People, council: Council) -> None:
    """Every page of those who see most, before and after the council has grown several times over."""
    before = _queries(people, council)
    grow(people.place.settings.address, people.place.settings.instance, council)
    after = _queries(people, council, of=before)
    worse = {page: (before[page], after[page]) for page in before if after[page] > before[page]}
    assert not worse, f"(before, after): {worse}"


@sqlite_only
def test_a_page_with_questions_asks_the_database_eight_times_at_most(people: People, council: Council) -> None:
    counts = _queries(people, council, only="/sections/<section_id>")
    assert counts
    assert {page: count for page, count in counts.items() if count > MOST_QUERIES} == {}


def _queries(
    people: People, council: Council, only: str = "", of: Collection[tuple[str, str]] | None = None
) -> dict[tuple[str, str], int]:
    """(who, path) → how many queries a page asks, for the pages `of` which it is wanted.

    The first page of each rule and of each place is opened before, since what never changes is remembered.
    """
    engine = people.place.database.engine
    found, met = {}, set()
    for who in BUSIEST:
        client = people.client(who)
        for address in addresses(people.app, council):
            if not address.rule.endswith(only) or (of is not None and (who, address.path) not in of):
                continue
            if not {address.rule, address.where} <= met:
                client.get(address.path).close()
                met |= {address.rule, address.where}
            with counting(engine) as sent:
                answer = client.get(address.path)
                answer.close()
            if answer.status_code == 200:
                found[who, address.path] = len(sent)
    return found
