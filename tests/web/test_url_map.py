"""The whole address map on a council in the middle of its work, without a browser: closed, quiet, guarded and quick."""

from __future__ import annotations

import pytest
from flask import Flask
from jinja2 import StrictUndefined
from sqlalchemy import select
from werkzeug.datastructures import Headers

from hia_app.web.evidence_files import INERT
from hia_app.web.security import HEADERS, SHARED
from tests.support.council import Council, grow
from tests.support.people import People
from tests.support.site import addresses, rules
from tests.support.walk import BUSIEST, Walk, dump, visits

pytestmark = pytest.mark.in_council
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PUBLIC = {
    "/accessibility", "/check-a-document", "/help", "/help/<part>", "/link/<token>", "/sign-in", "/theme.css",
}  # fmt: skip
MOST_QUERIES = 8  # of a page with questions
ANSWERS = {200, 302, 303, 403, 404, 409}


def lacking(headers: Headers, path: str) -> list[str]:
    """The headers that an answer lacks; a file that is handed out is shut in even more tightly than a page."""
    wanted = dict(HEADERS)
    if headers.get("Content-Disposition", "").startswith("attachment") and "/evidence/" in path:
        wanted["Content-Security-Policy"] = INERT
    return [f"{path}: {name}" for name, value in wanted.items() if headers.get(name) != value]


@sqlite_only
def test_templates_are_strict_about_what_they_are_given(app: Flask) -> None:
    assert app.jinja_env.undefined is StrictUndefined


@sqlite_only
def test_places_hold_every_state(people: People, council: Council) -> None:
    from hia_app.domain.workflow import State
    from hia_app.store.tables import AssessmentVersion

    with people.place.database.reading() as session:
        assert set(session.scalars(select(AssessmentVersion.state).distinct())) == set(State)


def test_nobody_comes_in_without_signing_in(walk: Walk) -> None:
    opened = {
        visit.address.rule
        for visit in walk.visits
        if not visit.who and not (visit.status == 303 and visit.headers["Location"].startswith("/sign-in?next="))
    }
    assert opened == PUBLIC


def test_every_page_answers_and_changes_nothing(walk: Walk) -> None:
    """To everybody, whether they are let in or not; and no answer comes without its headers, or from a fault."""
    faults = []
    for visit in walk.visits:
        path = visit.address.path
        faults += lacking(visit.headers, path)
        if visit.status not in ANSWERS:
            faults.append(f"{path} answers {visit.status} to {visit.who or 'nobody'}")
        if visit.address.endpoint not in SHARED and visit.headers.get("Cache-Control") != "no-store":
            faults.append(f"{path} may be kept by a browser")
    assert not faults, "\n".join(faults[:40])
    assert walk.changed == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_every_page_answers_and_changes_nothing_on_the_other_system_too(people: People, council: Council) -> None:
    """Each address as the first of those who may open it."""
    clients = {who: people.client(who) for who in BUSIEST}
    before = dump(people.place.database)
    faults = []
    for address in addresses(people.app, council):
        for who, client in clients.items():
            with client.get(address.path) as answer:
                if answer.status_code not in ANSWERS:
                    faults.append(f"{address.path} answers {answer.status_code} to {who}")
                if answer.status_code in {200, 302, 303}:
                    break
    assert not faults, "\n".join(faults[:40])
    after = dump(people.place.database)
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
        if address.rule in tried:
            continue  # the token is looked at before anything of the assessment is
        tried.add(address.rule)
        for who, client in clients.items():
            for form in ({}, {"csrf_token": "made-up"}, {"csrf_token": stranger}):
                answer = client.post(address.path, data=form | {"reason": "Words that matter."})
                faults += lacking(answer.headers, address.path)
                if answer.status_code != 400:
                    faults.append(f"{address.path} answers {answer.status_code} to {who}")
                if "Words that matter." not in answer.text:
                    faults.append(f"{address.path} does not give {who} the words back")
    assert tried == {rule.rule for rule in rules(people.app, "POST")}
    assert not faults, "\n".join(faults[:40])
    after = dump(database)
    assert [name for name in before if before[name] != after[name]] == []


@sqlite_only
def test_the_number_of_queries_does_not_grow_with_the_rows(people: People, council: Council, walk: Walk) -> None:
    """Every page of those who see most, and every file once, before and after the council has grown a lot."""
    before = walk.queries(lambda visit: visit.who == BUSIEST[0] or (visit.who in BUSIEST and visit.page is not None))
    grow(people.place.settings.address, people.place.settings.instance, council)
    clients = {who: people.client(who) for who in BUSIEST}
    after = {(one.who, one.address.path): one.queries for one in visits(people, council, clients, only=before)}
    assert after.keys() == before.keys()
    worse = {page: (before[page], after[page]) for page in before if after[page] > before[page]}
    assert not worse, f"(before, after): {worse}"


def test_a_page_with_questions_asks_the_database_eight_times_at_most(walk: Walk) -> None:
    counts = walk.queries(lambda visit: visit.address.rule.endswith("/sections/<section_id>"))
    assert counts
    assert {page: count for page, count in counts.items() if count > MOST_QUERIES} == {}
