"""What administrators do in the browser, and what they never see."""

from __future__ import annotations

import re
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from hia_app.domain.policy import Role
from hia_app.domain.proposal import Proposal
from hia_app.services import assessments, contributors
from hia_app.services.work import open_case
from hia_app.store.tables import AssessmentVersion, Event, Person
from tests.support.people import People, Visitor

SECRET_WORDS = "Only those on the assessment may read this summary."
FORM_ID = "f3c1b0a2-58fb-4d6b-9e33-0b1a6f6d2c11"


@pytest.fixture
def admin(people: People) -> Visitor:
    return people.client("administrator")


@pytest.fixture
def reference(people: People) -> str:
    """An assessment of the officer's, to which somebody contributes."""
    people.id("officer")
    proposal = Proposal(
        title="Holbeck group repair",
        summary=SECRET_WORDS,
        scheme_type="regeneration",
        decision_date=date(2027, 3, 1),
        decided_by="officer",
    )
    with people.place.database.writing() as session:
        work = people.work(session, "officer")
        case = assessments.start(work, str(uuid4()), proposal)
        contributors.invite(work, case, email="partner@charity.org", name="Pat Partner", sections=[])
        return case.reference


def person(people: People, email: str) -> Person | None:
    with people.place.database.reading() as session:
        return session.scalar(select(Person).where(Person.email == email))


def test_a_person_is_added_with_roles_and_a_link_shown_once(people: People, admin: Visitor) -> None:
    form = {"form_id": FORM_ID, "name": "New Person", "email": "new@example.org", "roles": ["officer", "reviewer"]}
    answer = admin.send("/admin/people", form)
    assert answer.status_code == 200
    assert re.search(r"http://127\.0\.0\.1:8000/link/[\w-]{43}", answer.text)
    added = person(people, "new@example.org")
    assert added is not None
    assert added.role_set == {Role.OFFICER, Role.REVIEWER}
    second = admin.send("/admin/people", form)  # a double click
    assert (second.status_code, second.location) == (303, f"/admin/people/{FORM_ID}")


def test_what_is_wrong_is_named_and_what_was_typed_is_there(admin: Visitor) -> None:
    form = {"form_id": FORM_ID, "name": "<b>New</b>", "email": "nonsense", "roles": ["officer"]}
    answer = admin.send("/admin/people", form)
    assert answer.status_code == 422
    assert "<title>Error: Add a person" in answer.text
    assert 'href="#email"' in answer.text
    assert "&lt;b&gt;New&lt;/b&gt;" in answer.text
    assert re.search(r'value="officer" checked', answer.text)


def test_a_person_is_corrected_given_roles_disabled_and_enabled(people: People, admin: Visitor) -> None:
    path = f"/admin/people/{people.id('officer')}"
    changes = {"name": "Olu Officer", "email": "olu@example.org", "job_title": "Housing"}
    assert admin.send(path, changes).status_code == 303
    assert admin.send(f"{path}/roles", {"roles": ["scrutiny"]}).status_code == 303
    assert "Olu Officer" in admin.get(path).text
    assert admin.send(f"{path}/disable").status_code == 303
    disabled = person(people, "olu@example.org")
    assert disabled is not None
    assert disabled.disabled_at is not None
    assert disabled.role_set == {Role.SCRUTINY}
    assert "Disabled" in admin.get("/admin/people").text
    assert admin.send(f"{path}/enable").status_code == 303


def test_nobody_gives_themselves_a_role_and_the_try_is_told(people: People, admin: Visitor) -> None:
    path = f"/admin/people/{people.id('administrator')}"
    answer = admin.send(f"{path}/roles", {"roles": ["administrator", "decision_maker"]})
    assert answer.status_code == 403
    assert "You cannot change your own roles" in answer.text
    assert "roles" not in re.findall(r'name="(\w+)"', admin.get(path).text)
    with people.place.database.reading() as session:
        refused = session.scalars(select(Event).where(Event.outcome == "refused")).one()
    assert (refused.action, refused.person_id) == ("set_roles", people.id("administrator"))
    assert "your own roles" in refused.subject


@pytest.mark.parametrize("name", ["officer", "reviewer", "decision_maker", "scrutiny", "nobody"])
def test_the_administration_is_closed_to_everybody_else(people: People, reference: str, name: str) -> None:
    client, other = people.client(name), people.id("administrator")
    for path in ("people", "people/new", f"people/{other}", "settings", "questionnaires", "assessments"):
        assert client.get(f"/admin/{path}").status_code == 403
    assert client.get(f"/admin/assessments/{reference}/1").status_code in {403, 404}
    assert client.get(f"/admin/assessments/{reference}/1/owner").status_code in {403, 404}
    for path in (
        "people",
        f"people/{other}",
        f"people/{other}/roles",
        f"people/{other}/disable",
        f"people/{other}/link",
    ):
        form = {"form_id": FORM_ID, "name": "A", "email": "a@b.org"}
        assert client.send(f"/admin/{path}", form).status_code == 403


def test_administrators_see_names_states_and_dates_but_no_content(admin: Visitor, reference: str) -> None:
    for path in ("/admin/assessments", f"/admin/assessments/{reference}/1", f"/admin/assessments/{reference}/1/owner"):
        page = admin.get(path)
        assert page.status_code == 200
        assert "Holbeck group repair" in page.text
        assert SECRET_WORDS not in page.text
    assert admin.get(f"/assessments/{reference}/1/read").status_code in {403, 404}


@pytest.mark.parametrize(
    ("query", "found"),
    [("words=holbeck+repair", True), ("words=officer", True), ("words=100%25", False), ("state=draft", False)],
)
def test_assessments_are_found_by_title_owner_and_state(
    admin: Visitor, reference: str, query: str, found: bool
) -> None:
    page = admin.get(f"/admin/assessments?{query}").text
    assert (reference in page) is found
    assert ("Nothing matches" in page) is not found


def test_an_assessment_changes_hands_with_a_reason(people: People, admin: Visitor, reference: str) -> None:
    path = f"/admin/assessments/{reference}/1/owner"
    other = people.id("other_officer")
    without = admin.send(path, {"person": other, "reason": " "})
    assert without.status_code == 422
    assert 'href="#reason"' in without.text
    assert re.search(rf'value="{other}" selected', without.text)
    assert admin.send(path, {"person": other, "reason": "The owner has left."}).status_code == 303
    assert "Other Officer" in admin.get(f"/admin/assessments/{reference}/1").text
    with people.place.database.reading() as session:
        assert session.scalars(select(AssessmentVersion)).one().owner_id == other


def test_a_contributor_is_removed(people: People, admin: Visitor, reference: str) -> None:
    page = admin.get(f"/admin/assessments/{reference}/1").text
    (path,) = re.findall(rf'action="(/admin/assessments/{reference}/1/contributors/[0-9a-f-]+/remove)"', page)
    assert admin.send(path).status_code == 303
    assert "Nobody contributes" in admin.get(f"/admin/assessments/{reference}/1").text
    with people.place.database.reading() as session:
        work = people.work(session, "officer")
        gone = contributors.contributors_of(work, open_case(work, reference, 1))
        assert [one.removed_at is not None for one in gone] == [True]


def test_secrets_are_not_among_the_settings_shown(people: People, admin: Visitor) -> None:
    page = admin.get("/admin/settings").text
    assert "session_idle_minutes" in page
    assert people.place.settings.secret_key not in page
    assert people.place.settings.database_url not in page


def test_questionnaires_are_listed_with_their_fingerprints(people: People, admin: Visitor) -> None:
    page = admin.get("/admin/questionnaires").text
    for questionnaire, _ in people.place.shelf.versions():
        assert questionnaire.title in page
        assert questionnaire.fingerprint in page


def test_somebody_is_entitled_to_full_editions_and_no_longer(people: People, admin: Visitor) -> None:
    page = f"/admin/people/{people.id('scrutiny')}"
    refused = admin.send(f"{page}/full-edition", {"reason": ""})
    assert refused.status_code == 422
    assert 'href="#reason"' in refused.text
    assert admin.send(f"{page}/full-edition", {"reason": "Monitoring officer"}).status_code == 303
    shown = admin.get(page).text
    assert "Monitoring officer" in shown
    assert "End the entitlement" in shown
    assert admin.send(f"{page}/full-edition/end", {"reason": "Another post"}).status_code == 303
    assert "Another post" in admin.get(page).text
    assert people.client("officer").send(f"{page}/full-edition", {"reason": "Me"}).status_code in {403, 404}
