"""The home page shows what waits for whoever signed in, in a number of queries that does not grow."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from hia_app.domain.proposal import Proposal
from hia_app.domain.workflow import State
from hia_app.services import assessments, contributors, home
from hia_app.services.work import open_case
from hia_app.store.tables import AssessmentVersion
from tests.support.people import ROLES, People
from tests.support.queries import counted


def start(people: People, title: str, *, state: State = State.SCREENING, owner: str = "officer", days: int = 60) -> str:
    """An assessment in some state, which rows alone make here; how it gets there is tested elsewhere."""
    proposal = Proposal(
        title=title,
        summary="What is proposed.",
        scheme_type="regeneration",
        decision_date=date.today() + timedelta(days=days),  # noqa: DTZ011  (any day in the future)
        decided_by="officer",
    )
    people.id(owner)
    decider = people.id("decision_maker")
    with people.place.database.writing() as session:
        work = people.work(session, owner)
        case = assessments.start(work, str(uuid4()), proposal)
        version: AssessmentVersion = case.version
        version.state, version.decision_maker_id = state, decider
        if state in {State.IN_REVIEW, State.RETURNED, State.REVIEWED}:
            version.submitted_at = datetime.now(UTC)
        return case.reference


def test_the_officer_sees_what_to_do_first_and_what_is_elsewhere(people: People) -> None:
    start(people, "With public health", state=State.IN_REVIEW)
    start(people, "Later draft", state=State.DRAFT, days=90)
    start(people, "Sooner draft", state=State.DRAFT, days=30)
    start(people, "Sent back", state=State.RETURNED, days=100)
    start(people, "Stopped", state=State.WITHDRAWN)
    start(people, "Somebody else's", owner="other_officer")
    page = people.client("officer").get("/").text
    order = [page.index(title) for title in ("Sent back", "Sooner draft", "Later draft", "With public health")]
    assert order == sorted(order)
    assert "Answer them and submit it again." in page
    assert "Stopped" not in page
    assert "Somebody else" not in page
    assert 'href="/assessments/new"' in page


def test_a_contributor_sees_the_invitation_and_no_way_to_start(people: People) -> None:
    reference = start(people, "Holbeck group repair")
    people.id("contributor")
    with people.place.database.writing() as session:
        work = people.work(session, "officer")
        case = open_case(work, reference, 1)
        contributors.invite(work, case, email="contributor@example.org", name="Contributor", sections=[])
    page = people.client("contributor").get("/").text
    assert "Holbeck group repair" in page
    assert "You are a contributor" in page
    assert "/assessments/new" not in page


def test_the_reviewer_sees_the_queue_and_the_decision_maker_what_is_ready(people: People) -> None:
    start(people, "To review", state=State.IN_REVIEW)
    start(people, "To decide", state=State.REVIEWED)
    reviewer, decider = people.client("reviewer").get("/").text, people.client("decision_maker").get("/").text
    assert "To review" in reviewer
    assert "To decide" not in reviewer
    assert "To decide" in decider
    assert "To review" not in decider


def test_an_administrator_sees_who_has_no_password_and_no_assessment(people: People) -> None:
    start(people, "To review", state=State.IN_REVIEW)
    admin = people.client("administrator")
    form = {"form_id": str(uuid4()), "name": "New Person", "email": "new@example.org"}
    admin.send("/admin/people", form)
    page = admin.get("/").text
    assert "1 of them has not set a password yet." in page
    assert "To review" not in page


@pytest.mark.parametrize("name", sorted(ROLES))
def test_an_empty_home_page_says_what_will_come(people: People, name: str) -> None:
    answer = people.client(name).get("/")
    assert answer.status_code == 200
    assert "app-empty" in answer.text or name == "administrator"


@pytest.mark.parametrize("name", ["officer", "reviewer", "decision_maker", "scrutiny"])
def test_the_number_of_queries_does_not_grow(people: People, name: str) -> None:
    def queries() -> int:
        with people.place.database.reading() as session:
            work = people.work(session, name)
            with counted(session) as sent:
                home.home(work)
            return len(sent)

    start(people, "First", state=State.IN_REVIEW)
    people.id(name)
    few = queries()
    for number in range(6):
        start(people, f"Review {number}", state=State.IN_REVIEW)
        start(people, f"Draft {number}", state=State.DRAFT)
        start(people, f"Decide {number}", state=State.REVIEWED)
    assert queries() == few <= 7


def test_of_two_versions_the_newer_one_is_shown(people: People) -> None:
    reference = start(people, "Holbeck group repair", state=State.SIGNED_OFF)
    assert "Open a new version if something important changes." in people.client("officer").get("/").text
    with people.place.database.writing() as session:
        old = session.scalars(select(AssessmentVersion)).one()
        copied = {column.key: getattr(old, column.key) for column in AssessmentVersion.__table__.columns}
        session.add(AssessmentVersion(**{**copied, "id": str(uuid4()), "number": 2, "state": State.DRAFT}))
    page = people.client("officer").get("/").text
    assert f"{reference}, version 2" in page
    assert "Open a new version" not in page
