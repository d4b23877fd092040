"""Nothing typed is lost when a session ends or a form is out of date; and nobody else ever sees it."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from hia_app.services import kept_forms
from hia_app.store.tables import KeptForm, Person
from tests.support.people import PASSWORD, People, Visitor

LONG = "Residents told us in March that the stairs are cold.\r\n\r\n" * 60
FORM = {
    "form_id": "f3c1b0a2-58fb-4d6b-9e33-0b1a6f6d2c11",
    "name": "Néw <b>Person</b>",
    "email": "new@example.org",
    "job_title": "Housing & repairs officer",
    "roles": ["officer", "reviewer"],
    "notes": LONG,
    "password": "never to be kept",
    "current_Password": "never to be kept either",
}
SECRETS = ("never to be kept",)


@pytest.fixture
def admin(people: People) -> Visitor:
    """An administrator whose session has ended without their noticing."""
    client = people.client("administrator")
    moment = datetime.now(UTC) + timedelta(minutes=people.place.settings.session_idle_minutes + 1)
    people.place.clock = lambda: moment
    return client


def sign_in(visitor: Visitor, name: str) -> TestResponse:
    return visitor.send("/sign-in", {"email": f"{name}@example.org", "password": PASSWORD})


def kept(people: People) -> list[KeptForm]:
    with people.place.database.reading() as session:
        return list(session.scalars(select(KeptForm)))


def hidden_fields(page: str) -> list[tuple[str, str]]:
    before = page[: page.index("Save it now")]
    form = before[before.rindex("<form") :]
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return [(unescape(name), unescape(value)) for name, value in pairs]


def test_the_text_comes_back_after_signing_in_and_is_saved_with_one_click(people: People, admin: Visitor) -> None:
    answer = admin.send("/admin/people", FORM)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert "is kept" in admin.get("/sign-in").text
    landed = sign_in(admin, "administrator")
    (form,) = kept(people)
    assert landed.location == f"/kept/{form.id}"
    page = admin.get(landed.location).text
    assert "N&eacute;w" in page or "Néw &lt;b&gt;Person&lt;/b&gt;" in page
    assert "the stairs are cold" in page
    assert not any(secret in page for secret in SECRETS)

    sent = hidden_fields(page)
    token = dict(sent).pop("csrf_token")
    assert token
    fields = [(name, value) for name, value in sent if name != "csrf_token"]
    assert [value for name, value in fields if name == "roles"] == ["officer", "reviewer"]
    assert dict(fields)["notes"].replace("\r\n", "\n") == LONG.replace("\r\n", "\n")
    form_data: dict[str, list[str]] = {}
    for name, value in sent:
        form_data.setdefault(name, []).append(value)
    saved = admin.post(f"/admin/people?kept={form.id}", data=form_data)
    assert saved.status_code == 200
    assert "is added" in saved.text
    assert kept(people) == []
    with people.place.database.reading() as session:
        person = session.scalars(select(Person).where(Person.email == "new@example.org")).one()
    assert person.name == "Néw <b>Person</b>"


def test_nobody_else_sees_or_discards_it(people: People, admin: Visitor) -> None:
    admin.send("/admin/people", FORM)
    (form,) = kept(people)
    officer = people.client("officer")
    assert officer.get(f"/kept/{form.id}").status_code == 404
    assert officer.send(f"/kept/{form.id}/discard").status_code == 303
    assert len(kept(people)) == 1
    people.id("reviewer")
    landed = sign_in(admin, "reviewer")  # somebody else at the same computer
    assert landed.location == "/"
    assert "is kept and not saved" not in admin.get("/").text
    assert "stairs are cold" not in admin.get("/").text


def test_a_failed_save_keeps_it(people: People, admin: Visitor) -> None:
    admin.send("/admin/people", FORM | {"email": "no address"})
    sign_in(admin, "administrator")
    (form,) = kept(people)
    answer = admin.send(f"/admin/people?kept={form.id}", FORM | {"email": "no address"})
    assert answer.status_code == 422
    assert len(kept(people)) == 1
    assert f"/kept/{form.id}" in admin.get("/").text


def test_it_can_be_discarded(people: People, admin: Visitor) -> None:
    admin.send("/admin/people", FORM)
    sign_in(admin, "administrator")
    (form,) = kept(people)
    assert admin.send(f"/kept/{form.id}/discard").status_code == 303
    assert kept(people) == []
    assert admin.get(f"/kept/{form.id}").status_code == 404


def test_a_form_sent_from_another_tab_after_signing_out_is_kept_too(people: People) -> None:
    officer = people.client("officer")
    officer.send("/sign-out")
    assert officer.send("/account/anything", {"notes": "x y"}).status_code == 404
    officer.send("/kept/f3c1b0a2-58fb-4d6b-9e33-0b1a6f6d2c11/discard", {"notes": "some words"})
    assert [form.person_id for form in kept(people)] == [people.id("officer")]


def test_text_from_nobody_we_know_is_given_back_at_once(people: People) -> None:
    stranger = people.app.test_client()
    answer = stranger.post("/admin/people", data={"notes": "words that took an hour", "password": "not this"})
    assert answer.status_code == 400
    assert "words that took an hour" in answer.text
    assert "not this" not in answer.text
    assert kept(people) == []


def test_a_form_of_another_site_is_not_kept(people: People, admin: Visitor) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert admin.send("/admin/people", FORM, headers=headers).status_code == 400
    assert kept(people) == []


def test_what_is_kept_has_limits(people: People, admin: Visitor) -> None:
    answer = admin.send("/admin/people", {"notes": "long text " * (kept_forms.LARGEST // 10 + 1)})
    assert answer.status_code == 400
    assert "long text long text" in answer.text  # given back in place
    for number in range(kept_forms.MOST + 3):
        moment = people.place.clock() + timedelta(seconds=1)
        people.place.clock = lambda moment=moment: moment
        admin.send("/admin/people", {"notes": f"text number {number}"})
    values = {form.fields[0][1] for form in kept(people)}
    assert values == {f"text number {number}" for number in range(3, kept_forms.MOST + 3)}


def test_a_chosen_file_is_named_as_to_be_chosen_again(people: People, admin: Visitor) -> None:
    form = FORM | {"paper": (io.BytesIO(b"%PDF"), "Business case.pdf")}
    answer = admin.send("/admin/people", form, content_type="multipart/form-data")
    assert answer.status_code == 303
    sign_in(admin, "administrator")
    page = admin.get(f"/kept/{kept(people)[0].id}").text
    assert "Business case.pdf" in page
    assert "Choose it again" in page


def test_the_background_save_of_an_ended_session_says_so(people: People, admin: Visitor) -> None:
    answer = admin.send("/admin/people", FORM, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["signed_out"] is True
    assert kept(people) == []  # the text is still in the page


# ---- forms out of date ----


@pytest.mark.parametrize("token", [None, "", "wrong", "other session"])
def test_a_wrong_token_changes_nothing_and_gives_the_text_back(people: People, token: str | None) -> None:
    admin, other = people.client("administrator"), people.client("officer")
    form = dict(FORM)
    if token is not None:
        form["csrf_token"] = other.token() if token == "other session" else token
    answer = admin.post("/admin/people", data=form)
    assert answer.status_code == 400
    assert "Nothing was saved yet" in answer.text
    assert "the stairs are cold" in answer.text
    assert not any(secret in answer.text for secret in SECRETS)
    with people.place.database.reading() as session:
        assert session.scalars(select(Person).where(Person.email == "new@example.org")).all() == []


def test_it_can_be_sent_again_with_a_good_token(people: People) -> None:
    admin = people.client("administrator")
    form = {name: value for name, value in FORM.items() if "assword" not in name}
    page = admin.post("/admin/people", data=form).text
    assert 'action="/admin/people"' in page
    assert "Send it again" in page
    token = re.search(r'action="/admin/people"[^>]*>\s*<input type="hidden" name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    assert admin.post("/admin/people", data=form | {"csrf_token": token.group(1)}).status_code == 200


def test_a_form_of_another_site_gets_no_button_to_send_it(people: People) -> None:
    admin = people.client("administrator")
    answer = admin.post("/admin/people", data={"notes": "planted words"}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 400
    assert "Send it again" not in answer.text


def test_a_token_in_the_address_does_not_count(people: People) -> None:
    admin = people.client("administrator")
    assert admin.post(f"/admin/people?csrf_token={admin.token()}", data=FORM).status_code == 400


def test_a_form_is_good_for_as_long_as_the_session(people: People) -> None:
    admin = people.client("administrator")
    token = admin.token()
    for minutes in range(50, 601, 50):
        moment = datetime.now(UTC) + timedelta(minutes=minutes)
        people.place.clock = lambda moment=moment: moment
        admin.get("/")
    form = {name: value for name, value in FORM.items() if "assword" not in name}
    assert admin.post("/admin/people", data=form | {"csrf_token": token}).status_code == 200


def test_a_character_that_cannot_be_stored_is_refused_with_the_text(people: People) -> None:
    admin = people.client("administrator")
    answer = admin.send("/admin/people", FORM | {"name": "New\0 Person"})
    assert answer.status_code == 422
    assert "New\N{REPLACEMENT CHARACTER} Person" in answer.text
