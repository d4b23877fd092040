"""Several reviewers by section: given out, declared, graded, taken back; and only then concluded."""

import json

import pytest
from sqlalchemy import select

from hia_app.domain.errors import InvalidInput, NotNow, NotPermitted, NotVisible
from hia_app.domain.report import report
from hia_app.domain.report_source import Source
from hia_app.services import assessments, decisions, points, review_sections, reviews
from hia_app.store.tables import Event, ReviewSection
from tests.support.reviewing import Cast, cast, conclude, question_point, taken


@pytest.fixture
def people(office) -> Cast:
    return cast(office)


@pytest.fixture
def given(people):
    """In review, with one section given to the second reviewer; the case is as the lead meets it."""
    case = taken(people)
    section = case.questionnaire.sections[0].id
    review_sections.assign(people.works(people.reviewer), case, {section: people.second.id})
    return case, section


def second(people, case):
    return people.works(people.second), people.office.case(people.second, case)


def test_a_section_is_reviewed_by_whom_it_was_given_to_and_then_the_lead_concludes(people, given):
    case, section = given
    lead = people.works(people.reviewer)
    with pytest.raises(InvalidInput) as refused:
        conclude(lead, case, "approve", "Clear")
    assert "Sam Reviewer" in refused.value.messages["sections"]
    with pytest.raises(NotPermitted, match="Sam Reviewer"):
        review_sections.mark(lead, case, section, "B", "", no_conflict=True)
    with pytest.raises(InvalidInput) as refused:
        review_sections.mark(*second(people, case), section, "C", "", no_conflict=False)
    assert set(refused.value.messages) == {"no_conflict", "comment"}
    review_sections.mark(*second(people, case), section, "C", "Names no streets", no_conflict=True)
    (one,) = review_sections.given(lead, case)
    assert (one.reviewed, one.mine, one.row.grade) == (True, False, "C")
    frozen = json.loads(conclude(lead, case, "approve", "Clear").payload)
    (said,) = frozen["review"]["rounds"][0]["sections"]
    assert (said["by"], said["grade"], said["comment"]) == ("Sam Reviewer", "C", "Names no streets")
    assert "Names no streets" in repr(report(Source(frozen, "0" * 64)))


def test_what_was_reviewed_can_be_taken_back_before_the_conclusion(people, given):
    case, section = given
    with pytest.raises(NotNow):
        review_sections.rescind(*second(people, case), section, "Too early")
    review_sections.mark(*second(people, case), section, "B", "", no_conflict=True)
    review_sections.rescind(people.works(people.reviewer), case, section, "The answer was read in haste")
    (one,) = review_sections.given(people.works(people.reviewer), case)
    assert (one.reviewed, one.row.grade) == (False, "B")
    event = people.office.session.scalars(select(Event).where(Event.action == "rescind_section")).one()
    assert event.detail["reason"] == "The answer was read in haste"
    review_sections.mark(*second(people, case), section, "B", "", no_conflict=False)  # declared once
    conclude(people.works(people.reviewer), case, "approve", "Clear")
    with pytest.raises(NotNow):
        review_sections.rescind(*second(people, case), section, "Too late")


def test_only_the_lead_gives_sections_and_only_to_reviewers_who_are_free(people, given):
    case, section = given
    with pytest.raises(NotPermitted):
        review_sections.assign(*second(people, case), {section: people.second.id})
    for person in (people.officer.id, people.decider.id, "nobody"):
        with pytest.raises(InvalidInput):
            review_sections.assign(people.works(people.reviewer), case, {section: person})
    with pytest.raises(InvalidInput):
        review_sections.assign(people.works(people.reviewer), case, {"no_such_section": people.second.id})
    review_sections.mark(*second(people, case), section, "B", "", no_conflict=True)
    review_sections.assign(people.works(people.reviewer), case, {section: people.reviewer.id})
    with pytest.raises(NotVisible):  # it is not theirs any more
        review_sections.mark(*second(people, case), section, "A", "", no_conflict=True)
    (one,) = review_sections.given(people.works(people.reviewer), case)
    assert (one.reviewed, one.row.no_conflict_declared) == (False, True)
    review_sections.assign(people.works(people.reviewer), case, {section: ""})
    assert review_sections.given(people.works(people.reviewer), case) == ()


def test_who_reviews_what_stays_after_a_return_and_what_they_said_after_a_reopening(people, given):
    case, section = given
    review_sections.mark(*second(people, case), section, "B", "", no_conflict=True)
    conclude(people.works(people.reviewer), case, "approve", "Clear")
    decisions.refer_back(people.works(people.decider), people.office.case(people.decider, case), "Look again")
    lead = people.office.case(people.reviewer, case)
    assert [one.reviewed for one in review_sections.given(people.works(people.reviewer), lead)] == [True]
    reviews.return_(people.works(people.reviewer), lead, [question_point()])
    officer = people.office.case(people.officer, case)
    (point,) = points.latest_points(people.works(people.officer), officer)
    points.respond(people.works(people.officer), officer, point.id, "rebutted", "It should stand")
    assessments.submit(people.works(people.officer), people.office.case(people.officer, case))
    again = people.office.case(people.reviewer, case)
    (one,) = review_sections.given(people.works(people.reviewer), again)
    assert (one.reviewed, one.row.reviewer_id, one.row.grade) == (False, people.second.id, "B")
    assert one.row.no_conflict_declared is False
    assert len(people.office.session.scalars(select(ReviewSection)).all()) == 3
