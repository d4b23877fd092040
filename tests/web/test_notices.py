"""Notices and mail on pages: what waits is counted, read by its owner alone, and told as they prefer."""

import pytest
from sqlalchemy import select

from hia_app.services import outbox
from hia_app.store.tables import Notice, OutgoingMail, Person
from tests.support.people import People
from tests.support.reviewing import submitted
from tests.support.stage import Stage

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def stage(people: People) -> Stage:
    return Stage(people)


def test_a_notice_waits_in_the_header_until_it_is_opened(stage: Stage) -> None:
    address = stage.set(submitted)
    client, other = stage.people.client("reviewer"), stage.people.client("other_reviewer")
    page = client.get("/notices").text
    assert "Notices (1" in page
    assert "was submitted and waits for a reviewer" in page
    (mine,) = stage.rows(select(Notice.id).where(Notice.person_id == stage.people.id("reviewer")))
    assert other.send(f"/notices/{mine}/read").status_code == 404
    opened = client.send(f"/notices/{mine}/read")
    assert (opened.status_code, opened.location) == (303, f"{address}/review")
    assert "Notices (" not in client.get("/notices").text
    assert other.send("/notices/read").status_code == 303
    assert "You have read them all" in other.get("/notices").text


@sqlite_only
def test_each_chooses_how_they_get_mail(stage: Stage) -> None:
    client = stage.people.client("reviewer")
    assert client.send("/notices/mail", {"mail": "pigeon"}).status_code == 422
    assert client.send("/notices/mail", {"mail": "never"}).status_code == 303
    assert stage.rows(select(Person.mail).where(Person.id == stage.people.id("reviewer"))) == ["never"]
    stage.set(submitted)
    told = select(OutgoingMail.address).where(OutgoingMail.kind == "notice")
    assert stage.rows(told) == ["other_reviewer@example.org"]


@sqlite_only
def test_an_administrator_sees_what_did_not_get_through_and_none_of_its_words(stage: Stage) -> None:
    stage.set(submitted)
    place = stage.people.place
    clock = place.clock
    with place.database.writing() as session:
        row = session.scalars(select(OutgoingMail).where(OutgoingMail.kind == "notice")).first()
        row.given_up_at, row.problem, row.attempts = clock(), "550 no such user", 9
        mail, subject, address = row.id, row.subject, row.address
    admin = stage.people.client("administrator")
    page = admin.get("/admin/post").text
    assert "550 no such user" in page
    assert address in page
    assert subject not in page
    assert stage.people.client("officer").get("/admin/post").status_code == 403
    assert stage.people.client("officer").send(f"/admin/post/{mail}/again").status_code == 403
    assert admin.send(f"/admin/post/{mail}/again").status_code == 303
    outbox.deliver(place.database.writing, place.settings, clock)
    assert "550" not in admin.get("/admin/post").text
    (sent,) = stage.rows(select(OutgoingMail.sent_at).where(OutgoingMail.id == mail))
    assert sent is not None
