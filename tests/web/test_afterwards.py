"""What is added beside a frozen record, and how long it is kept: the pages of both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from hia_app.domain.workflow import State
from hia_app.services import decisions, passwords
from hia_app.services.work import Case
from hia_app.store.tables import ActionItem, ArchivePayload, ArchiveRecord, AssessmentVersion, LegalHold
from tests.support.forms import form_on
from tests.support.people import People
from tests.support.reviewing import PROMISE, Cast, concluded, draw, signing
from tests.support.stage import Stage

BOARD = {"decided_by": "body", "body_name": "Executive Board", "body_meeting_date": date(2026, 12, 15)}
MINUTED = {
    "outcome": "approved_with_changes",
    "decided_on-day": "20",
    "decided_on-month": "11",
    "decided_on-year": "2026",
    "minute": "Minute 12",
    "note": "Rents are capped.",
}
OVER = datetime(2033, 11, 24, 9, 0, tzinfo=UTC)  # signed in November 2026, reviewed for a year, kept for six


@pytest.fixture
def stage(people: People) -> Stage:
    return Stage(people)


def signed(cast: Cast, *harms: Mapping[str, Any], **proposal: object) -> Case:
    """Signed off by the decision-maker, with stand-ins for the PDFs."""
    case = concluded(cast, *harms, **proposal)
    work = cast.works(cast.decider)
    person = work.session.get_one(type(cast.decider), cast.decider.id)
    shown = decisions.shown(work, case)
    for what in ("summary", *(harm.impact["id"] for harm in shown.harms)):
        decisions.confirm_reading(work, case, shown.fingerprint, what)
    kept = person.password_hash
    person.password_hash = passwords.hashed("a long password for tests", work.settings)
    decisions.sign_off(work, case, signing(shown.fingerprint, reasons="The roofs are unsafe"), draw)
    person.password_hash = kept
    return case


def count(stage: Stage, table: type) -> int:
    return stage.rows(select(func.count()).select_from(table))[0]


def test_a_bodys_decision_is_added_and_read_beside_the_record(stage: Stage) -> None:
    at = stage.set(signed, **BOARD).replace("/assessments/", "/register/")
    owner, reader = stage.people.client("officer"), stage.people.client("scrutiny")
    assert "Nothing has been added yet" in reader.get(f"{at}/").text
    assert reader.get(f"{at}/body-decision").status_code == 403
    wrong = owner.send(f"{at}/body-decision", MINUTED | {"decided_on-day": "31", "minute": " "})
    assert wrong.status_code == 422
    assert "November 2026 has no day 31" in wrong.text
    assert 'href="#decided_on-day"' in wrong.text
    assert "Rents are capped." in wrong.text
    late = owner.send(f"{at}/body-decision", MINUTED | {"decided_on-day": "24"})
    assert (late.status_code, "cannot be in the future" in late.text) == (422, True)
    for _ in range(2):  # the second click on the same button adds nothing
        assert owner.send(f"{at}/body-decision", MINUTED).status_code == 303
    assert count(stage, ArchiveRecord) == 2
    page = reader.get(f"{at}/").text
    assert "Approved with changes</strong> on 20 November 2026, minute Minute 12." in page
    assert "Add what Executive Board decided" not in page


def test_how_an_action_stands_is_asked_again_with_what_was_typed(stage: Stage) -> None:
    at, owner = stage.set(signed, PROMISE), stage.people.client("officer")
    (action,) = stage.rows(select(ActionItem))
    page = f"{at}/actions/{action.id}"
    first = form_on(owner.get(page).text, page)
    assert first["status"] == ["open"]
    unsaid = owner.send(page, first | {"status": "dropped", "note": " "})
    assert (unsaid.status_code, 'href="#note"' in unsaid.text) == (422, True)
    unknown = owner.send(page, first | {"status": "replaced", "note": "Rents & <b>"})
    assert (unknown.status_code, 'href="#status"' in unknown.text) == (422, True)
    assert form_on(unknown.text, page)["note"] == ["Rents & <b>"]
    assert owner.send(page, first | {"status": "under_way", "note": "Two landlords so far"}).status_code == 303
    late = owner.send(page, first | {"status": "done", "note": "Measured"})
    assert (late.status_code, "They wrote: Two landlords so far" in late.text) == (409, True)
    again = form_on(late.text, page)
    assert (again["status"], again["note"]) == (["done"], ["Measured"])
    assert owner.send(page, again).status_code == 303


def test_where_an_officer_decides_there_is_nothing_to_add(stage: Stage) -> None:
    at = stage.set(signed).replace("/assessments/", "/register/")
    assert stage.people.client("officer").get(f"{at}/body-decision").status_code == 409
    assert "body-decision" not in stage.people.client("officer").get(f"{at}/").text


def test_a_hold_keeps_a_record_until_it_is_lifted_and_then_its_content_may_go(stage: Stage) -> None:
    at = stage.set(signed)
    pages = at.replace("/assessments/", "/admin/assessments/") + "/retention"
    admin, officer = stage.people.client("administrator"), stage.people.client("officer")
    assert officer.get(pages).status_code == 403
    assert officer.send(f"{pages}/hold", {"reason": "x"}).status_code == 403
    assert "Its time is not over" in admin.get(pages).text
    empty = admin.send(f"{pages}/hold", {"reason": " "})
    assert (empty.status_code, "Say why this must be kept" in empty.text) == (422, True)
    assert admin.send(f"{pages}/hold", {"reason": "Claim 7 is before the court"}).status_code == 303
    assert "Claim 7 is before the court" in admin.get(pages).text

    stage.people.place.clock = lambda: OVER
    admin, reader = stage.people.client("administrator"), stage.people.client("scrutiny")
    assert "Legal hold" in admin.get("/admin/retention").text
    going = {"authority": "Retention schedule 4", "why_now": "Its time is over", "sure": "yes"}
    assert admin.send(f"{pages}/dispose", going).status_code == 409
    assert admin.send(f"{pages}/lift-hold", {"reason": "The claim was settled"}).status_code == 303
    assert [one.lifted_reason for one in stage.rows(select(LegalHold))] == ["The claim was settled"]
    page = admin.get(pages).text
    assert page.count('id="reason"') == page.count('id="why_now"') == 1
    unsure = admin.send(f"{pages}/dispose", going | {"sure": ""})
    assert unsure.status_code == 422
    assert "Retention schedule 4" in unsure.text
    assert count(stage, ArchivePayload) > 0
    assert admin.send(f"{pages}/dispose", going).status_code == 303
    assert count(stage, ArchivePayload) == 0
    assert "was disposed of" in admin.get(pages).text
    gone = reader.get(at.replace("/assessments/", "/register/") + "/")
    assert (gone.status_code, "was disposed of" in gone.text) == (409, True)
    assert admin.send(f"{pages}/dispose", going).status_code == 409


def test_what_was_disposed_of_is_not_read_even_while_its_bytes_are_there(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a server whose database role may not remove them."""
    at = stage.set(signed)
    monkeypatch.setattr("hia_app.services.retention.remove_disposed", lambda _: 1 / 0)
    stage.people.place.clock = lambda: OVER
    going = {"authority": "Schedule 4", "why_now": "Its time is over", "sure": "yes"}
    path = at.replace("/assessments/", "/admin/assessments/") + "/retention/dispose"
    assert stage.people.client("administrator").send(path, going).status_code == 303
    assert count(stage, ArchivePayload) > 0
    for page in ("/", "/report.pdf", "/record.json"):
        address = at.replace("/assessments/", "/register/") + page
        assert stage.people.client("officer").get(address).status_code == 409, page


def test_the_newer_version_is_named_on_every_page_of_the_old_even_when_one_between_was_withdrawn(stage: Stage) -> None:
    at = stage.set(signed)
    reference = at.split("/")[2]
    with stage.cast() as cast:
        old = cast.works(cast.officer).session.scalars(select(AssessmentVersion)).one()
        for number, state in ((2, State.WITHDRAWN), (3, State.SIGNED_OFF)):
            values = {c.key: getattr(old, c.key) for c in AssessmentVersion.__table__.columns if c.key != "id"}
            cast.office.session.add(AssessmentVersion(**(values | {"number": number, "state": state})))
        old.state = State.SUPERSEDED
    owner = stage.people.client("officer")
    for page in (f"/register/{reference}/1/", at + "/", f"{at}/history", f"{at}/rating/"):
        assert f'href="/register/{reference}/3/">version 3</a>' in owner.get(page).text, page
