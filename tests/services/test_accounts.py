"""People, roles, links and passwords: who may change what, and what each change ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hia_app.domain.errors import InvalidInput, NotNow, NotPermitted, TooOften
from hia_app.domain.policy import Role
from hia_app.services import accounts, one_time_links, passwords, sessions, sign_ins
from hia_app.services.work import Work
from hia_app.store.tables import Event, FailedAttempt, OneTimeLink, Person
from tests.support.people import PASSWORD, People

NEW = "seven green teapots in Armley"


def token_of(link: one_time_links.FreshLink) -> str:
    return link.url.rpartition("/")[2]


def events(work: Work, action: str) -> list[Event]:
    return list(work.session.scalars(select(Event).where(Event.action == action)))


@pytest.fixture
def admin(people: People, session: Session) -> Work:
    return people.work(session, "administrator")


# The people of a test are added before its own transaction begins, since SQLite lets one writer in at a time.
@pytest.fixture(autouse=True)
def everybody(people: People) -> None:
    for name in ("administrator", "officer", "reviewer"):
        people.id(name)


def test_an_added_person_has_roles_a_link_and_no_password(admin: Work) -> None:
    person, link = accounts.add(admin, email=" Olu@Council.GOV.uk ", name="Olu Officer", roles=["officer"])
    assert (person.email, person.role_set, person.password_hash) == ("olu@council.gov.uk", {Role.OFFICER}, None)
    assert link.purpose == "invite"
    assert link.expires_at - admin.now == timedelta(hours=24)
    assert [event.subject for event in events(admin, "add_person")][-1] == "Olu Officer"


def test_a_link_is_kept_only_as_a_hash(admin: Work) -> None:
    person, link = accounts.add(admin, email="a@b.org", name="A")
    kept = admin.session.scalars(select(OneTimeLink).where(OneTimeLink.person_id == person.id)).one()
    assert token_of(link) not in str(vars(kept))
    assert len(token_of(link)) >= 43  # 256 bits


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "officer@example.org"}, "email"),
        ({"email": "no address"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "x" * 250 + "@b.org"}, "email"),
        ({"name": ""}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"job_title": "\ud800"}, "job_title"),
        ({"roles": ["king"]}, "roles"),
    ],
)
def test_bad_input_is_named(admin: Work, fields: dict[str, object], wrong: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        accounts.add(admin, **{"email": "new@b.org", "name": "New", **fields})  # type: ignore[arg-type]
    assert set(refused.value.messages) == {wrong}


def test_only_administrators_manage_people(people: People, session: Session) -> None:
    work, target = people.work(session, "officer"), people.id("reviewer")
    for attempt in (
        lambda: accounts.add(work, email="a@b.org", name="A"),
        lambda: accounts.set_roles(work, target, ["administrator"]),
        lambda: accounts.change(work, target, name="A", email="a@b.org", job_title=""),
        lambda: accounts.disable(work, target),
        lambda: accounts.enable(work, target),
        lambda: accounts.make_link(work, target),
        lambda: accounts.listed(work),
    ):
        with pytest.raises(NotPermitted):
            attempt()


def test_nobody_changes_their_own_roles_or_account(admin: Work) -> None:
    me = admin.actor.person_id
    for attempt in (
        lambda: accounts.set_roles(admin, me, ["administrator", "decision_maker"]),
        lambda: accounts.disable(admin, me),
        lambda: accounts.change(admin, me, name="Other", email="o@b.org", job_title=""),
        lambda: accounts.make_link(admin, me),
    ):
        with pytest.raises(NotPermitted):
            attempt()


def test_roles_are_replaced_and_the_change_is_told(people: People, admin: Work) -> None:
    person = accounts.set_roles(admin, people.id("officer"), ["reviewer"])
    admin.session.flush()
    admin.session.expire(person)
    assert person.role_set == {Role.REVIEWER}
    assert {row.granted_by for row in person.roles} == {admin.actor.person_id}
    told = events(admin, "change_roles")[-1].detail
    assert (told["added"], told["removed"]) == (["reviewer"], ["officer"])


def test_a_role_kept_is_not_granted_again(people: People, admin: Work) -> None:
    accounts.set_roles(admin, people.id("officer"), ["officer"])
    assert events(admin, "change_roles") == []


def test_a_password_is_set_once_with_a_link_and_ends_everything_before_it(people: People, admin: Work) -> None:
    officer = admin.session.get_one(Person, people.id("officer"))
    token, _ = sessions.begin(admin, officer)
    link = accounts.make_link(admin, officer.id)
    assert (link.purpose, link.expires_at - admin.now) == ("reset", timedelta(minutes=60))
    accounts.set_password_by_link(admin, token_of(link), NEW, NEW)
    admin.session.expire_all()
    assert passwords.is_right(NEW, officer.password_hash, admin.settings)
    found = sessions.find(admin.session, token, admin.now, admin.settings)
    assert found is not None
    assert not found.alive
    with pytest.raises(NotNow):
        accounts.set_password_by_link(admin, token_of(link), PASSWORD, PASSWORD)


def test_a_newer_link_ends_the_older(people: People, admin: Work) -> None:
    first = accounts.make_link(admin, people.id("officer"))
    second = accounts.make_link(admin, people.id("officer"))
    with pytest.raises(NotNow):
        one_time_links.find(admin, token_of(first))
    assert one_time_links.find(admin, token_of(second)).person_id == people.id("officer")


def test_two_uses_in_the_same_moment_are_one(people: People, admin: Work) -> None:
    link = one_time_links.find(admin, token_of(accounts.make_link(admin, people.id("officer"))))
    one_time_links.use(admin, link)
    with pytest.raises(NotNow):
        one_time_links.use(admin, link)


def test_a_link_ends_with_a_password_change_with_disabling_and_with_time(people: People, session: Session) -> None:
    admin, officer = people.work(session, "administrator"), people.work(session, "officer")
    link = accounts.make_link(admin, people.id("officer"))
    accounts.change_password(officer, PASSWORD, NEW, NEW)
    with pytest.raises(NotNow):
        one_time_links.find(admin, token_of(link))
    link = accounts.make_link(admin, people.id("officer"))
    accounts.disable(admin, people.id("officer"))
    accounts.enable(admin, people.id("officer"))
    with pytest.raises(NotNow):
        one_time_links.find(admin, token_of(link))
    link = accounts.make_link(admin, people.id("officer"))
    late = Work(session, admin.actor, admin.now + timedelta(minutes=60), admin.settings, admin.shelf)
    with pytest.raises(NotNow):
        one_time_links.find(late, token_of(link))


def test_a_disabled_person_gets_no_link(people: People, admin: Work) -> None:
    accounts.disable(admin, people.id("officer"))
    with pytest.raises(InvalidInput):
        accounts.make_link(admin, people.id("officer"))


@pytest.mark.parametrize(
    "password",
    [
        "short words",
        "Password2026!!",
        "P@ssw0rd12345",
        "qwertyuiop123",
        "123456789012",
        "aaaaaaaaaaaaaaa",
        "abcdefghijklmnop",
        "correct horse battery staple",
        "leeds city council 2026",
        "Officer-officer-1",
        "letmeinletmein",
        "x" * 257,
        "purple kettle\x00 on the roof",
        "purple kettle\x07 on the roof",
    ],
)
def test_weak_and_unusable_passwords_are_refused(people: People, session: Session, password: str) -> None:
    officer = people.work(session, "officer")
    with pytest.raises(InvalidInput) as refused:
        accounts.change_password(officer, PASSWORD, password, password)
    assert set(refused.value.messages) == {"password"}


@pytest.mark.parametrize(
    "password",
    [
        "seven green teapots",
        "z" * 3 + "Mixed 9 pass phrases are fine" * 3,
        "naïve café señor ñandú",
        "kX9$wTq2vLm8",
        "   spaces   everywhere in here   ",
        "lang" * 4 + "weder noch, sondern " * 12,
    ],
)
def test_good_passwords_are_taken_whole(people: People, session: Session, password: str) -> None:
    officer = people.work(session, "officer")
    accounts.change_password(officer, PASSWORD, password, password)
    kept = session.get_one(Person, people.id("officer")).password_hash
    assert kept is not None
    assert kept.startswith("$argon2id$")
    assert passwords.is_right(password, kept, officer.settings)
    assert not passwords.is_right(password[:-1], kept, officer.settings)  # nothing is cut off at 72 bytes
    assert not passwords.is_right(password + "\0", kept, officer.settings)


def test_both_new_passwords_must_be_the_same(people: People, session: Session) -> None:
    with pytest.raises(InvalidInput) as refused:
        accounts.change_password(people.work(session, "officer"), PASSWORD, NEW, NEW + "x")
    assert set(refused.value.messages) == {"repeated_password"}


def test_a_wrong_password_at_confirmation_counts_though_the_work_is_undone(people: People) -> None:
    database = people.place.database
    for _ in range(people.place.settings.sign_in_attempts):
        with pytest.raises(InvalidInput), database.writing() as session:
            sign_ins.confirm_password(people.work(session, "officer"), "wrong")
    with database.reading() as session:
        assert len(session.scalars(select(FailedAttempt)).all()) == people.place.settings.sign_in_attempts
    with pytest.raises(TooOften), database.writing() as session:
        sign_ins.confirm_password(people.work(session, "officer"), PASSWORD)


def test_an_invited_person_who_is_known_gets_no_second_link(people: People, session: Session) -> None:
    officer = people.work(session, "officer")
    known, no_link = accounts.invite(officer, email="REVIEWER@example.org", name="Somebody else")
    assert (known.id, known.name, no_link) == (people.id("reviewer"), "Reviewer", None)
    new, link = accounts.invite(officer, email="partner@charity.org", name="Pat Partner")
    assert new.role_set == frozenset()
    assert link is not None
