"""The pages about a whole assessment: starting it, screening, submitting, and what can happen to it afterwards."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from hia_app.config import Settings
from hia_app.domain.workflow import State
from hia_app.services.work import open_case
from hia_app.store.tables import Assessment, AssessmentVersion, Event, ReviewRound
from tests.support.answering import fill
from tests.support.drafts import Drafts
from tests.support.forms import form_on
from tests.support.office import QUESTIONNAIRES
from tests.support.people import People, Visitor


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"questionnaires": QUESTIONNAIRES})


@pytest.fixture
def drafts(people: People) -> Drafts:
    return Drafts(people)


@pytest.fixture
def officer(people: People) -> Visitor:
    return people.client("officer")


def count(app: Flask, table: Any) -> int:
    with app.extensions["hea"].database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def move(drafts: Drafts, reference: str, state: State) -> None:
    """Put a version into a state as if the other sides had done their part."""

    def put(work: Any) -> None:
        open_case(work, reference, 1).version.state = state

    drafts.within("officer", put)


STARTING = {
    "decision_date-day": "1",
    "decision_date-month": "3",
    "decision_date-year": "2027",
    "decided_by": "officer",
    "scheme_type": "core",
    "title": "Holbeck group repair",
    "summary": "Repair 240 homes.",
}


def test_a_start_leads_to_the_screening_and_a_double_click_starts_one(app: Flask, officer: Visitor) -> None:
    page = officer.get("/assessments/new").text
    form = form_on(page, "/assessments/new") | STARTING
    first, second = (officer.send("/assessments/new", form) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert re.fullmatch(r"/assessments/HEA-20[0-9]{2}-0001/1/screening", first.location)
    assert count(app, Assessment) == 1


def test_what_is_missing_from_a_start_is_linked_and_the_rest_kept(officer: Visitor) -> None:
    form = form_on(officer.get("/assessments/new").text, "/assessments/new")
    typed = STARTING | {"decision_date-month": "13", "title": "", "decided_by": "body"}
    answer = officer.send("/assessments/new", form | typed)
    assert answer.status_code == 422
    for target in ("#decision_date-month", "#title", "#body_name"):
        assert f'href="{target}"' in answer.text
        assert re.search(rf'id="{target[1:]}"', answer.text)
    again = form_on(answer.text, "/assessments/new")
    assert again["summary"] == ["Repair 240 homes."]
    assert again["form_id"] == form["form_id"]


def test_people_who_are_not_officers_cannot_start(people: People) -> None:
    for name in ("reviewer", "scrutiny", "administrator", "nobody"):
        assert people.client(name).get("/assessments/new").status_code == 403


def test_screening_names_what_is_missing_then_its_outcome_with_reasons(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.screening()
    path = drafts.path(reference, "screening")
    assert "sections/about_the_change#question-changes_home" in officer.get(path).text
    answer = officer.send(drafts.path(reference, "screening/full"))
    assert answer.status_code == 422
    assert "Could it change anyone&#39;s home?" in answer.text
    drafts.within("officer", lambda work: _screen(work, reference, {"changes_home": "not_known"}))
    page = officer.get(path).text
    assert "It may change someone&#39;s home" in page
    assert "screening/not-needed" not in page
    done = officer.send(drafts.path(reference, "screening/full"))
    assert done.location == drafts.path(reference)
    assert officer.send(drafts.path(reference, "screening/full")).status_code == 303  # a second click
    assert "It may change someone&#39;s home" in officer.get(path).text


def test_screening_out_asks_for_a_reason_and_keeps_it(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.screening()
    drafts.within("officer", lambda work: _screen(work, reference, {}))
    out = drafts.path(reference, "screening/not-needed")
    assert 'href="#reason"' in officer.send(out, {"reason": " "}).text
    assert officer.send(out, {"reason": "Only our own forms change."}).status_code == 303
    assert "Only our own forms change." in officer.get(drafts.path(reference)).text


def _screen(work: Any, reference: str, chosen: dict[str, Any]) -> None:
    case = open_case(work, reference, 1)
    fill(work, case, case.screening, chosen)


def test_the_task_list_counts_honestly(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    drafts.answer(reference, {"why_needed": "Cold.", "what_will_change": "Warmth."})
    page = officer.get(drafts.path(reference)).text
    assert "2 of 4 answered" in page
    assert page.count("Not started") == 4
    drafts.answer(reference, {"need_counted": "yes"})
    assert "3 of 6 answered" in officer.get(drafts.path(reference)).text


def test_the_task_list_says_who_when_and_which_questionnaire(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.complete()
    page = officer.get(drafts.path(reference)).text
    for words in ("1 March 2027", "days left", "Decision Maker", "Any other proposal, version 1"):
        assert words in page
    assert re.search(r"[0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4}", page)


def test_missing_things_are_links_and_submitting_says_them_again(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    page = officer.get(drafts.path(reference, "check")).text
    assert f"{drafts.path(reference, 'sections/people')}#question-population_groups" in page
    assert f"{drafts.path(reference, 'proposal')}#decision_maker" in page
    answer = officer.send(drafts.path(reference, "submit"))
    assert answer.status_code == 422
    assert "There is a problem" in answer.text


def test_submitting_twice_submits_once_and_recall_takes_it_back(app: Flask, officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.complete()
    assert "Nothing is missing" in officer.get(drafts.path(reference, "check")).text
    for _ in range(2):
        assert officer.send(drafts.path(reference, "submit")).location == drafts.path(reference)
    assert count(app, ReviewRound) == 1
    assert "you can take it back" in officer.get(drafts.path(reference)).text
    assert officer.send(drafts.path(reference, "recall")).status_code == 303
    assert "Check your answers and submit" in officer.get(drafts.path(reference)).text


def test_nothing_changes_while_others_have_it(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.complete()
    path = drafts.path(reference, "sections/proposal")
    form = form_on(officer.get(path).text, path)
    officer.send(drafts.path(reference, "submit"))
    answer = officer.send(path, form | {"why_needed": "Too late, but not lost."})
    assert answer.status_code == 409
    assert "Too late, but not lost." in answer.text
    assert "You can read this page but not change it" in officer.get(path).text


def test_withdrawing_asks_why(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "withdraw")
    assert officer.get(path).status_code == 200
    assert 'href="#reason"' in officer.send(path).text
    assert officer.send(path, {"reason": "The scheme was dropped."}).status_code == 303
    page = officer.get(drafts.path(reference)).text
    assert "Withdrawn" in page
    assert "The scheme was dropped." in page


def test_a_new_version_begins_with_everything_to_confirm(app: Flask, officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.complete()
    move(drafts, reference, State.SIGNED_OFF)
    path = drafts.path(reference, "reopen")
    form = form_on(officer.get(path).text, path)
    assert officer.send(path, form | {"trigger": "funding"}).status_code == 422
    for _ in range(2):
        answer = officer.send(path, form | {"trigger": "funding", "reason": "A grant was lost."})
        assert answer.location == drafts.path(reference, number=2)
    assert count(app, AssessmentVersion) == 2
    tasks = officer.get(drafts.path(reference, number=2)).text
    assert "A grant was lost." in tasks
    assert "4 to confirm" in tasks
    section = drafts.path(reference, "sections/places", number=2)
    page = officer.get(section).text
    assert "carried over from an earlier version" in page
    officer.send(section, form_on(page, section) | {"action": "return"})
    assert "carried over" not in officer.get(section).text


def test_the_link_for_a_contributor_is_shown_once(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "contributors")
    typed = {"name": "Cem Kaya", "email": "cem@charity.example", "reach": "some", "sections": ["places", "people"]}
    assert officer.send(path, typed | {"sections": []}).status_code == 422
    assert officer.send(path, typed | {"email": "no address"}).status_code == 422
    shown = officer.send(path, typed)
    assert shown.status_code == 200
    link = re.search(r'value="(http[^"]+/link/[^"]+)"', shown.text)
    assert link
    page = officer.get(path).text
    assert "/link/" not in page
    assert "Cem Kaya" in page
    remove = re.search(rf'action="({path}/[^"]+/remove)"', page)
    assert remove
    officer.send(remove[1])
    assert "No longer contributing: Cem Kaya" in officer.get(path).text


def test_returned_points_are_answered_or_rebutted(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.returned(("question", "why_needed"), ("section", "places"))
    path = drafts.path(reference, "points")
    page = officer.get(path).text
    assert page.count("To answer") == 2
    assert f"{drafts.path(reference, 'sections/proposal')}#question-why_needed" in page
    first, second = re.findall(rf'action="({path}/[^"]+)"', page)
    assert officer.send(first, {"response": "answered", "text": ""}).status_code == 422
    kept = officer.send(first, {"text": "We added the figures."})
    assert kept.status_code == 422
    assert "We added the figures." in kept.text
    assert officer.send(drafts.path(reference, "submit")).status_code == 422
    officer.send(first, {"response": "answered", "text": "We added the figures."})
    officer.send(second, {"response": "rebutted", "text": "The average hides nothing here."})
    assert "To answer" not in officer.get(path).text
    assert officer.send(drafts.path(reference, "submit")).status_code == 303


def test_history_reads_in_plain_words_with_refusals(app: Flask, officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "sections/proposal")
    form = form_on(officer.get(path).text, path)
    officer.send(path, form | {"why_needed": "Cold.", "what_will_change": "Warmth."})
    officer.send(drafts.path(reference, "submit"))
    page = officer.get(drafts.path(reference, "history")).text
    assert "Answered 2 questions" in page
    assert "Found that a full assessment is needed" in page
    assert "Refused" in page
    with app.extensions["hea"].database.reading() as session:
        refused = session.scalars(select(Event).where(Event.outcome == "refused")).one()
        assert refused.version_id is not None
    for bad in ("x", "-1", "9" * 40, "١"):
        assert officer.get(drafts.path(reference, "history"), query_string={"before": bad}).status_code == 200


def test_the_proposal_is_changed_and_a_stale_form_shows_both(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "proposal")
    form = form_on(officer.get(path).text, path)
    assert officer.send(path, form | {"title": "First title"}).status_code == 303
    stale = officer.send(path, form | {"title": "Second title"})
    assert stale.status_code == 409
    assert "First title" in stale.text
    again = form_on(stale.text, path)
    assert again["title"] == ["Second title"]
    assert officer.send(path, again).status_code == 303
    assert "Second title" in officer.get(drafts.path(reference)).text


def test_naming_a_decision_maker_refuses_who_cannot_be(people: People, officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "decision-maker")
    for bad in ("", "x", people.id("reviewer"), people.id("officer")):
        answer = officer.send(path, {"person": bad})
        assert answer.status_code == 422
        assert 'href="#person"' in answer.text
    assert officer.send(path, {"person": people.id("decision_maker")}).status_code == 303
    assert "Decision Maker" in officer.get(drafts.path(reference)).text
