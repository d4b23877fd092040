"""One-time links in the browser: looking uses nothing, using works once, and the secret goes nowhere else."""

from __future__ import annotations

import re

import pytest

from tests.support.people import PASSWORD, People, Visitor

NEW = "seven green teapots in Armley"


@pytest.fixture
def admin(people: People) -> Visitor:
    return people.client("administrator")


@pytest.fixture
def visitor(people: People) -> Visitor:
    visitor = people.app.test_client()
    assert isinstance(visitor, Visitor)
    return visitor


def made_link(admin: Visitor, people: People, name: str = "officer") -> str:
    page = admin.send(f"/admin/people/{people.id(name)}/link")
    assert page.status_code == 200
    found = re.search(r"http://127\.0\.0\.1:8000(/link/[\w-]+)", page.text)
    assert found is not None
    return found.group(1)


def test_a_link_sets_a_password_once(people: People, admin: Visitor, visitor: Visitor) -> None:
    path = made_link(admin, people)
    for _ in range(3):  # a mail scanner looks first
        assert "Officer" in visitor.get(path).text
    form = {"password": NEW, "repeated_password": NEW}
    answer = visitor.send(path, form)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert visitor.get(path).status_code == 409
    assert visitor.send(path, form).status_code == 409
    assert visitor.send("/sign-in", {"email": "officer@example.org", "password": PASSWORD}).status_code == 422
    assert visitor.send("/sign-in", {"email": "officer@example.org", "password": NEW}).status_code == 303


def test_a_refused_password_leaves_the_link_good(people: People, admin: Visitor, visitor: Visitor) -> None:
    path = made_link(admin, people)
    answer = visitor.send(path, {"password": "short", "repeated_password": "short"})
    assert answer.status_code == 422
    assert "at least 12 characters" in answer.text
    assert visitor.send(path, {"password": NEW, "repeated_password": NEW}).status_code == 303


def test_the_link_is_shown_once_and_never_again(people: People, admin: Visitor) -> None:
    path = made_link(admin, people)
    token = path.rpartition("/")[2]
    for page in ("/admin/people", f"/admin/people/{people.id('officer')}", "/"):
        assert token not in admin.get(page).text


def test_the_page_of_a_link_tells_its_address_to_nobody(people: People, admin: Visitor, visitor: Visitor) -> None:
    answer = visitor.get(made_link(admin, people))
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert not re.search(r'(href|src)="https?:', answer.text)


@pytest.mark.parametrize("token", ["x", "%00", "%F0%9F%98%80", "a" * 5000, "../admin"])
def test_a_made_up_link_is_refused_in_plain_words(visitor: Visitor, token: str) -> None:
    assert visitor.get(f"/link/{token}").status_code in {404, 409}


def test_another_persons_session_is_not_touched_by_using_a_link(people: People, admin: Visitor) -> None:
    path = made_link(admin, people)
    reviewer = people.client("reviewer")
    assert reviewer.send(path, {"password": NEW, "repeated_password": NEW}).status_code == 303
    assert reviewer.get("/account").status_code == 200
    assert people.client("officer").get("/account").status_code == 200
