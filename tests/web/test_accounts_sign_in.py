"""Signing in and out: sessions live on the server, guessing is slow, and nobody learns who has an account."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hia_app.services import accounts, passwords
from hia_app.store.tables import Event, FailedAttempt, UserSession
from tests.support.people import PASSWORD, SETUP, People, Visitor

NEW = "seven green teapots in Armley"


@pytest.fixture
def visitor(people: People) -> Visitor:
    """Signed in as nobody; an officer, with PASSWORD, can be signed in."""
    people.id("officer")
    visitor = people.app.test_client()
    assert isinstance(visitor, Visitor)
    return visitor


def sign_in(visitor: Visitor, email: str = "officer@example.org", password: str = PASSWORD, **more: str) -> int:
    return visitor.send("/sign-in", {"email": email, "password": password, **more}).status_code


def session_cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


def later(people: People, **passed: float) -> None:
    moment = datetime.now(UTC) + timedelta(**passed)
    people.place.clock = lambda: moment


def test_signing_in_leads_home(people: People, visitor: Visitor) -> None:
    answer = visitor.send("/sign-in", {"email": "Officer@example.org ", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")
    home = visitor.get("/")
    assert home.status_code == 200
    assert "What waits for you" in home.text


def test_signing_in_leads_back_to_where_one_wanted_to_go(visitor: Visitor) -> None:
    asked = visitor.get("/account?x=1")
    assert (asked.status_code, asked.location) == (303, "/sign-in?next=/account?x%3D1")
    answer = visitor.send("/sign-in", {"email": "officer@example.org", "password": PASSWORD, "next": "/account?x=1"})
    assert answer.location == "/account?x=1"


def test_the_same_words_and_status_whoever_is_meant(people: People, visitor: Visitor) -> None:
    people.id("reviewer")
    people.id("administrator")
    with people.place.database.writing() as session:
        accounts.disable(people.work(session, "administrator"), people.id("reviewer"))
        accounts.add(people.work(session, "administrator"), email="invited@example.org", name="Invited")
    pages = []
    for email, password in (
        ("officer@example.org", "wrong password"),
        ("unknown@example.org", PASSWORD),
        ("reviewer@example.org", PASSWORD),
        ("invited@example.org", ""),
        ("invited@example.org", PASSWORD),
    ):
        answer = visitor.send("/sign-in", {"email": email, "password": password or "x"})
        assert answer.status_code == 422
        text = answer.text.replace(email, "…")
        pages.append(re.sub(r'name="csrf_token" value="[^"]*"', "", text))
    assert len(set(pages)) == 1
    assert "The email address or the password is not right." in pages[0]


def test_the_same_work_is_done_whoever_is_meant(people: People, visitor: Visitor, monkeypatch: object) -> None:
    done: list[bool] = []
    real = passwords.PasswordHasher.verify

    def counted(self: passwords.PasswordHasher, kept: str, typed: bytes) -> bool:
        done.append(True)
        return real(self, kept, typed)

    monkeypatch.setattr(passwords.PasswordHasher, "verify", counted)  # type: ignore[attr-defined]
    for email in ("officer@example.org", "unknown@example.org"):
        sign_in(visitor, email, "wrong password")
    assert len(done) == 2


def test_guessing_one_password_is_stopped_also_for_unknown_people(people: People, visitor: Visitor) -> None:
    most = people.place.settings.sign_in_attempts
    for email in ("officer@example.org", "unknown@example.org"):
        statuses = [sign_in(visitor, email, f"wrong {number}") for number in range(most + 1)]
        assert statuses == [422] * most + [429]
    assert sign_in(visitor) == 429  # the right password, too late
    later(people, minutes=people.place.settings.sign_in_window_minutes + 1)
    assert sign_in(visitor) == 303


def test_trying_one_password_on_many_people_is_stopped(people: People, visitor: Visitor) -> None:
    most = people.place.settings.sign_in_attempts * 10
    with people.place.database.writing() as session:
        now = datetime.now(UTC)
        subject = next(iter(_address_subject()))
        session.add_all([FailedAttempt(subject=subject, at=now) for _ in range(most)])
    assert sign_in(visitor, "another@example.org") == 429


def _address_subject() -> set[str]:
    from hia_app.services.sign_ins import _subject

    return {_subject("address", "127.0.0.1")}


def test_success_forgets_the_failures(people: People, visitor: Visitor) -> None:
    for _ in range(people.place.settings.sign_in_attempts - 1):
        sign_in(visitor, password="wrong")
    assert sign_in(visitor) == 303
    with people.place.database.reading() as session:
        subjects = [row.subject.partition(":")[0] for row in session.scalars(select(FailedAttempt))]
    assert "person" not in subjects


def test_failures_and_sign_ins_are_in_the_history(people: People, visitor: Visitor) -> None:
    sign_in(visitor, password="wrong")
    sign_in(visitor)
    with people.place.database.reading() as session:
        told = session.execute(select(Event.outcome, Event.person_id).where(Event.action == "sign_in")).all()
    assert [tuple(row) for row in told] == [("refused", people.id("officer")), ("done", people.id("officer"))]


def test_the_cookie_changes_at_sign_in_and_nothing_is_carried_over(visitor: Visitor) -> None:
    visitor.get("/sign-in")
    with visitor.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        before = dict(cookie)
    sign_in(visitor)
    with visitor.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["csrf_token"] != before["csrf_token"]
        token = cookie["_user_id"]
    assert len(token) >= 43  # 256 random bits
    visitor.delete_cookie("session")
    sign_in(visitor)
    with visitor.session_transaction() as cookie:
        assert cookie["_user_id"] != token


def test_the_token_is_kept_only_as_a_hash(people: People, visitor: Visitor) -> None:
    sign_in(visitor)
    with visitor.session_transaction() as cookie:
        token = cookie["_user_id"]
    with people.place.database.reading() as session:
        row = session.scalars(select(UserSession)).one()
    assert token not in (row.token_hash, row.id, row.csrf_secret)


def test_a_copied_cookie_is_worthless_after_signing_out(people: People) -> None:
    officer = people.client("officer")
    copied = session_cookie(officer)
    answer = officer.send("/sign-out")
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    thief = people.app.test_client()
    thief.set_cookie("session", copied)
    assert thief.get("/account").status_code == 303


def test_a_session_ends_when_idle_and_in_any_case(people: People) -> None:
    settings = people.place.settings
    officer = people.client("officer")
    step = settings.session_idle_minutes - 1
    for minutes in range(step, settings.session_hours * 60, step):
        later(people, minutes=minutes)
        assert officer.get("/account").status_code == 200
    later(people, hours=settings.session_hours, minutes=1)
    assert officer.get("/account").status_code == 303
    idle = people.client("officer")
    later(people, hours=settings.session_hours, minutes=settings.session_idle_minutes + 2)
    assert idle.get("/account").status_code == 303


def test_disabling_ends_the_session_at_the_next_click(people: People) -> None:
    officer, admin = people.client("officer"), people.client("administrator")
    assert officer.get("/").status_code == 200
    assert admin.send(f"/admin/people/{people.id('officer')}/disable").status_code == 303
    assert officer.get("/").status_code == 303


def test_a_role_taken_away_is_gone_at_the_next_click_even_in_an_open_form(people: People) -> None:
    second = people.add("second_admin", *SETUP.roles)
    other, admin = people.client("second_admin"), people.client("administrator")
    form = {"form_id": "f3c1b0a2-58fb-4d6b-9e33-0b1a6f6d2c11", "name": "New", "email": "new@example.org"}
    assert other.get("/admin/people/new").status_code == 200
    admin.send(f"/admin/people/{second}/roles", {"roles": ["officer"]})
    assert other.send("/admin/people", form).status_code == 403
    assert other.get("/admin/people").status_code == 403
    with people.place.database.reading() as session:
        refused = session.scalars(select(Event).where(Event.outcome == "refused")).all()
    assert [(event.action, event.person_id) for event in refused] == [("add_person", second)]


def test_people_see_and_end_their_own_sessions_only(people: People) -> None:
    here, elsewhere, other = people.client("officer"), people.client("officer"), people.client("reviewer")
    page = here.get("/account").text
    assert "This browser" in page
    (ending,) = set(re.findall(r"/account/sessions/[0-9a-f-]+/end", page))
    assert other.send(ending).status_code == 404
    assert elsewhere.get("/account").status_code == 200
    assert here.send(ending).status_code == 303
    assert elsewhere.get("/account").status_code == 303
    assert here.get("/account").status_code == 200


def test_changing_the_password_signs_out_everywhere_else_and_rotates_here(people: People) -> None:
    here, elsewhere = people.client("officer"), people.client("officer")
    copied = session_cookie(here)
    form = {"current_password": PASSWORD, "password": NEW, "repeated_password": NEW}
    assert here.send("/account/password", form).status_code == 303
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    thief = people.app.test_client()
    thief.set_cookie("session", copied)
    assert thief.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"current_password": "wrong", "password": NEW, "repeated_password": NEW}, "current_password"),
        ({"current_password": PASSWORD, "password": "short", "repeated_password": "short"}, "password"),
        ({"current_password": PASSWORD, "password": NEW, "repeated_password": ""}, "repeated_password"),
        ({}, "current_password"),
    ],
)
def test_a_refused_password_changes_nothing_and_is_never_shown_again(
    people: People, form: dict[str, str], field: str
) -> None:
    officer = people.client("officer")
    answer = officer.send("/account/password", form)
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert f'href="#{field}"' in answer.text
    assert not any(f'value="{value}"' in answer.text for value in form.values() if value)
    assert NEW not in answer.text
    assert PASSWORD not in answer.text
    assert sign_in(people.app.test_client()) == 303  # type: ignore[arg-type]


def test_opening_pages_notes_a_click_at_most_once_a_minute(people: People) -> None:
    officer = people.client("officer")

    def seen() -> datetime:
        with people.place.database.reading() as session:
            return session.scalars(select(UserSession)).one().seen_at

    first = seen()
    officer.get("/account")
    assert seen() == first
    later(people, seconds=61)
    officer.get("/account")
    assert seen() - first > timedelta(seconds=60)
