"""Everybody sends every form of every assessment: the answer is the policy table's, and strangers learn nothing."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from hia_app.db import Database
from hia_app.domain.policy import visible
from tests.support.council import Council
from tests.support.matrix import FORMS, OF_THEIR_OWN, PAGES, PEOPLE, Expected, Matrix
from tests.support.people import People, Visitor
from tests.support.site import addresses, rules

pytestmark = pytest.mark.in_council
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def clients(people: People, monkeypatch: pytest.MonkeyPatch) -> dict[str, Visitor]:
    """Everybody signed in; from here on nothing that a request does is kept, so that all of them meet one council."""
    found = {who: people.client(who) for who in PEOPLE if who != "former"}
    keep = Database.finish

    def undo(self: Database, session: Session, *, keep: bool) -> None:
        finish(self, session, keep=False)

    finish = keep
    monkeypatch.setattr(Database, "finish", undo)
    return found


@sqlite_only
def test_every_address_of_an_assessment_has_its_row(app: Flask) -> None:
    for method, table in (("GET", PAGES), ("POST", FORMS)):
        about = {rule.endpoint for rule in rules(app, method) if "reference" in rule.arguments}
        assert about - table.keys() - OF_THEIR_OWN == set(), method
        assert table.keys() - about == set(), method


@sqlite_only
def test_every_form_is_answered_as_the_table_says(
    people: People, council: Council, clients: dict[str, Visitor]
) -> None:
    matrix = Matrix(people, council)
    faults, seen = [], set()
    for address in addresses(people.app, council, "POST", placed=True):
        if address.endpoint not in FORMS:
            continue
        for who, client in clients.items():
            expected = matrix.expected(FORMS[address.endpoint], who, address.where)
            if (address.endpoint, expected) in seen:
                continue  # the same roles, the same standing, the same form
            seen.add((address.endpoint, expected))
            status = client.send(address.path).status_code
            if not fits(address.endpoint, status, expected):
                faults.append(
                    f"{address.endpoint} at {address.where} answers {status} to {who}, not {expected.refusal}"
                )
    assert not faults, "\n".join(faults[:400])
    assert {refused.refusal for _, refused in seen} == {None, 403, 404, 409}


@sqlite_only
def test_every_page_is_refused_as_the_table_says(people: People, council: Council, clients: dict[str, Visitor]) -> None:
    """Those that the table allows are opened in tests/web/test_url_map.py, which takes longer."""
    matrix = Matrix(people, council)
    faults, seen = [], set()
    for address in addresses(people.app, council, placed=True):
        if address.endpoint not in PAGES:
            continue
        for who, client in clients.items():
            expected = matrix.expected(PAGES[address.endpoint], who, address.where)
            if expected.refusal is None or (address.endpoint, expected) in seen:
                continue
            seen.add((address.endpoint, expected))
            status = client.get(address.path).status_code
            if status != expected.refusal and not (status == 404 and expected.standing.sections):
                faults.append(
                    f"{address.endpoint} at {address.where} answers {status} to {who}, not {expected.refusal}"
                )
    assert not faults, "\n".join(faults[:400])


# Pressed a second time they say that it has happened, instead of that it cannot.
TWICE = frozenset({f"assessments.{one}" for one in ("submit", "recall", "withdraw", "screen_in", "screen_out")})


def fits(endpoint: str, status: int, expected: Expected) -> bool:
    """Refused as said; what the table allows may still be incomplete, too late, or about something not there."""
    if expected.refusal is None:
        # What a reviewer opened only a reviewer settles: tests/services/test_threads.py.
        return status != 500 and (status != 403 or endpoint == "threads.settle")
    if expected.refusal == 409 and status == 303:
        return endpoint in TWICE
    # For somebody with a few sections the others are not there, whatever could be done in them.
    return status == expected.refusal or (status == 404 and bool(expected.standing.sections))


@sqlite_only
def test_a_stranger_cannot_tell_what_is_not_theirs_from_what_does_not_exist(
    people: People, council: Council, clients: dict[str, Visitor]
) -> None:
    """Pages, exports, comments, evidence, differences and forms: the same status, headers and words."""
    matrix = Matrix(people, council)
    faults, compared = [], set()
    for method in ("GET", "POST"):
        for address in addresses(people.app, council, method, placed=True):
            if address.where not in {"draft", "in_review"} or (method, address.rule) in compared:
                continue
            reference = council.places[address.where][0]
            nothing = address.path.replace(f"/{reference}/", f"/{NOWHERE}/")
            for who in ("nobody", "second_officer", "director"):
                actor, standing = matrix.met(who, address.where)
                if visible(actor, standing):
                    continue
                here, there = (_told(_sent(clients[who], method, path)) for path in (address.path, nothing))
                compared.add((method, address.rule))
                if here[0] not in {404, 302} or here != there:
                    faults.append(
                        f"{method} {address.path} tells {who}: {here[0]}, and {there[0]} of what is not there"
                    )
    assert not faults, "\n".join(faults[:40])
    assert len(compared) > 90


@sqlite_only
def test_what_belongs_to_one_person_is_not_there_for_another(council: Council, clients: dict[str, Visitor]) -> None:
    """Kept texts and sessions; and neither a search nor a list tells a stranger of what goes on."""
    for own, form in (
        (f"/kept/{council.kept}", None),
        (f"/account/sessions/{council.session}/end", {}),
        (
            f"/kept/{council.kept}/discard",
            {},
        ),  # the last, since it says "done" on the page after it, whatever was there
    ):
        one = own.split("/")[2] if own.startswith("/kept") else council.session
        method = "GET" if form is None else "POST"
        for who in ("second_officer", "administrator", "nobody"):
            here, there = (_told(_sent(clients[who], method, path)) for path in (own, own.replace(one, str(uuid4()))))
            assert here == there, own
    title = "Repairs can only be reported online"  # in review
    for who in ("scrutiny", "second_officer", "nobody"):
        for page in ("/", "/reviews", "/actions", "/evidence", "/notices", "/register"):
            assert title not in clients[who].get(page).get_data(as_text=True), page
    found = clients["scrutiny"].get("/register", query_string={"words": title}).get_data(as_text=True)
    assert "Nothing matches" in found


NOWHERE = "HEA-2026-9999"
WORDS = {"reason": "Words that matter.", "text": "Words that matter."}


def _sent(client: Visitor, method: str, path: str) -> TestResponse:
    return client.get(path) if method == "GET" else client.send(path, WORDS)


def _told(answer: TestResponse) -> tuple[int, str]:
    """Status, headers and words of an answer, without what differs between any two: tokens and its own address."""
    headers = sorted((name, value) for name, value in answer.headers if name not in {"Set-Cookie", "Content-Length"})
    text = re.sub(r'(name="csrf_token" value=)"[^"]*"', r"\1", answer.get_data(as_text=True))
    answer.close()
    plain = re.sub(r"HEA-\d{4}-\d{4}", "REFERENCE", f"{headers} {text}")
    return answer.status_code, re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", plain)  # made for the answer
