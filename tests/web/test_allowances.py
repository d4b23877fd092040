"""What is costly has its limits; and nobody is kept out by strangers who try their name."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from hia_app.services import sign_ins
from hia_app.web.allowances import LIMITED
from tests.support.office import NOON
from tests.support.people import PASSWORD, People, Visitor
from tests.support.reviewing import submitted
from tests.support.stage import Stage


@pytest.fixture
def stage(people: People) -> Stage:
    people.place.settings = people.place.settings.model_copy(
        update={"hourly_documents": 2, "hourly_uploads": 2, "hourly_links": 3}
    )
    return Stage(people)


def test_every_limited_address_is_there(app: Flask) -> None:
    there = {(method, rule.endpoint) for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert LIMITED.keys() <= there


def test_after_the_last_document_of_an_hour_a_page_says_when_to_go_on(stage: Stage) -> None:
    officer, other = stage.people.client("officer"), stage.people.client("other_officer")
    for _ in range(2):
        assert officer.get("/register.csv").status_code == 200
    stage.people.place.clock = lambda: NOON + timedelta(minutes=20)
    refused = officer.get("/register.csv")
    assert refused.status_code == 429
    assert "You have had 2 documents and tables made within an hour. You can go on at 13:00." in refused.text
    assert refused.headers["Retry-After"] == "2400"
    assert other.get("/register.csv").status_code == 200  # each person has an allowance of their own
    stage.people.place.clock = lambda: NOON + timedelta(minutes=61)
    assert stage.people.client("officer").get("/register.csv").status_code == 200


def test_a_file_too_many_is_not_taken_and_what_was_typed_comes_back(stage: Stage) -> None:
    at = stage.set(submitted)
    officer = stage.people.client("officer")

    def send() -> Any:
        form = {"description": "What surveys say of damp", "file": (BytesIO(b"Damp"), "Damp.txt")}
        return officer.send(f"{at}/evidence/question/what_will_change", form, content_type="multipart/form-data")

    assert [send().status_code for _ in range(2)] == [409, 409]  # in review nothing is attached, but it was tried
    refused = send()
    assert refused.status_code == 429
    assert "You have sent 2 files within an hour." in refused.text
    assert "What surveys say of damp" in refused.text


def test_links_are_not_tried_for_ever(stage: Stage) -> None:
    visitor = stage.people.app.test_client()
    assert [visitor.get(f"/link/guess-{number}").status_code for number in range(4)] == [409, 409, 409, 429]


# ---- a browser that is known ----


def sign_in(visitor: Any, password: str = PASSWORD, email: str = "officer@example.org") -> int:
    return int(visitor.send("/sign-in", {"email": email, "password": password}).status_code)


def new_browser(people: People) -> Visitor:
    client = people.app.test_client()
    assert isinstance(client, Visitor)
    return client


def test_a_stranger_cannot_keep_somebody_out_of_their_own_browser(people: People) -> None:
    people.id("officer")
    own, stranger = new_browser(people), new_browser(people)
    assert sign_in(own) == 303
    own.send("/sign-out")
    most = people.place.settings.sign_in_attempts
    assert [sign_in(stranger, "a wrong guess") for _ in range(most + 1)][-1] == 429
    assert sign_in(new_browser(people)) == 429  # where nobody was signed in, it is stopped for everybody
    assert sign_in(own) == 303


def test_a_known_browser_is_slowed_down_like_any_other(people: People) -> None:
    people.id("officer"), people.id("reviewer")
    own = new_browser(people)
    sign_in(own)
    own.send("/sign-out")
    most = people.place.settings.sign_in_attempts
    statuses = [sign_in(own, "a wrong guess") for _ in range(most + 1)]
    assert statuses == [422] * most + [429]
    assert sign_in(own) == 429
    assert sign_in(own, email="reviewer@example.org") == 303  # known for the officer alone


def test_a_made_up_or_borrowed_mark_is_worth_nothing(people: People) -> None:
    people.id("officer"), people.id("reviewer")
    own = new_browser(people)
    sign_in(own)
    cookie = own.get_cookie("device")
    assert cookie is not None
    assert cookie.http_only
    most = people.place.settings.sign_in_attempts
    for value in (cookie.value[:-2] + "xx", "made-up"):
        stranger = new_browser(people)
        stranger.set_cookie("device", value)
        statuses = [sign_in(stranger, "a wrong guess", "reviewer@example.org") for _ in range(most + 1)]
        assert statuses[-1] == 429
    borrowed = new_browser(people)
    borrowed.set_cookie("device", cookie.value)
    assert sign_in(borrowed, PASSWORD, "reviewer@example.org") == 429  # it is the officer's, not the reviewer's


def test_signing_off_is_not_stopped_by_strangers_at_the_door(people: People) -> None:

    people.id("officer")
    stranger = new_browser(people)
    for _ in range(people.place.settings.sign_in_attempts + 1):
        sign_in(stranger, "a wrong guess")
    with people.place.database.writing() as session:
        sign_ins.confirm_password(people.work(session, "officer"), PASSWORD)
