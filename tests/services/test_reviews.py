"""The review: who may take it, who leads, what a return and a conclusion need, and what they leave behind."""

import json

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hia_app.domain.errors import InvalidInput, NotNow, NotPermitted, NotVisible
from hia_app.domain.policy import Role, Side
from hia_app.domain.workflow import State
from hia_app.services import assessments, review_rounds, reviews
from hia_app.services.reviews import Point
from hia_app.services.work import join_side
from hia_app.store.tables import Event, PersonSide, ReturnPoint
from tests.support.office import Office
from tests.support.reviewing import (
    HARM,
    QUESTION,
    Cast,
    cast,
    conclude,
    concluded,
    condition,
    harm_ids,
    question_point,
    submitted,
    taken,
)


@pytest.fixture
def people(office: Office) -> Cast:
    return cast(office)


def events(people: Cast, action: str) -> list[Event]:
    session = people.office.session
    session.flush()
    return list(session.scalars(select(Event).where(Event.action == action).order_by(Event.seq)))


# ---- taking a review ----


def test_the_first_taker_leads_and_is_on_the_review_side(people):
    case = submitted(people)
    reviews.take(people.works(people.reviewer), people.office.case(people.reviewer, case), no_conflict=True)
    mine = people.office.case(people.reviewer, case)
    assert mine.standing.lead
    assert mine.standing.side is Side.REVIEW
    assert review_rounds.open_round(people.works(people.reviewer), mine).no_conflict_declared
    assert events(people, "take_review")[0].person_name == "Rae Reviewer"


def test_taking_needs_the_declaration(people):
    case = submitted(people)
    with pytest.raises(InvalidInput) as refused:
        reviews.take(people.works(people.reviewer), people.office.case(people.reviewer, case), no_conflict=False)
    assert "conflict of interest" in refused.value.messages["no_conflict"]
    assert case.version.lead_reviewer_id is None
    assert people.office.session.get(PersonSide, (case.version.assessment_id, people.reviewer.id)) is None


def test_a_second_taker_is_told_who_leads(people):
    case = taken(people)
    with pytest.raises(NotNow, match="Rae Reviewer took this review first"):
        reviews.take(people.works(people.second), people.office.case(people.second, case), no_conflict=True)


def test_taking_twice_is_taking_once(people):
    case = taken(people)
    reviews.take(people.works(people.reviewer), case, no_conflict=True)
    assert len(events(people, "take_review")) == 1
    assert events(people, "accept_review") == []


@pytest.mark.parametrize("side", [Side.AUTHOR, Side.DECISION])
def test_nobody_reviews_from_another_side(people, side):
    case = submitted(people)
    work = people.works(people.reviewer)
    join_side(work, case.version.assessment_id, people.reviewer.id, side)
    with pytest.raises((NotPermitted, NotVisible)):
        reviews.take(work, people.office.case(people.reviewer, case), no_conflict=True)
    assert case.version.lead_reviewer_id is None


def test_an_owner_who_is_also_a_reviewer_is_told_why_not(people):
    case = submitted(people)
    from hia_app.store.tables import PersonRole

    people.officer.roles.append(PersonRole(role=Role.REVIEWER, granted_at=people.office.now))
    with pytest.raises(NotPermitted, match="author side"):
        reviews.take(people.works(people.officer), people.office.case(people.officer, case), no_conflict=True)


def test_the_database_itself_refuses_a_second_side(people):
    case = taken(people)
    session = people.office.session
    session.flush()
    session.expunge_all()
    session.add(
        PersonSide(
            assessment_id=case.version.assessment_id,
            person_id=people.reviewer.id,
            side=Side.AUTHOR,
            joined_at=people.office.now,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_side_stays_after_the_review_has_been_handed_on(people):
    case = taken(people)
    reviews.hand_over(people.works(people.reviewer), case, people.second.id, "I am on leave")
    assert not join_side(people.works(people.reviewer), case.version.assessment_id, people.reviewer.id, Side.DECISION)


def test_a_reviewer_without_the_role_any_more_cannot_go_on(people):
    case = taken(people)
    people.reviewer.roles.clear()
    people.office.session.flush()
    with pytest.raises(NotVisible):
        people.office.case(people.reviewer, case)
    with pytest.raises((NotPermitted, NotVisible)):
        reviews.return_(people.works(people.reviewer), case, [question_point()])


def test_a_draft_cannot_be_taken_because_it_is_not_there(people):
    case = submitted(people)
    case.version.state = State.DRAFT
    case.version.submitted_at = None
    with pytest.raises(NotVisible):
        people.office.case(people.reviewer, case)


# ---- handing over ----


def test_handing_over_asks_the_next_lead_to_declare_first(people):
    case = taken(people)
    reviews.hand_over(people.works(people.reviewer), case, people.second.id, "I am on leave")
    theirs = people.office.case(people.second, case)
    assert theirs.standing.lead
    with pytest.raises(NotNow, match="Take up this review first"):
        reviews.return_(people.works(people.second), theirs, [question_point()])
    with pytest.raises(NotNow, match="Take up this review first"):
        conclude(people.works(people.second), theirs, "approve", "Good")
    reviews.take(people.works(people.second), theirs, no_conflict=True)
    assert events(people, "accept_review")[0].person_name == "Sam Reviewer"
    reviews.return_(people.works(people.second), theirs, [question_point()])
    assert case.version.state == State.RETURNED


def test_the_former_lead_can_no_longer_act(people):
    case = taken(people)
    reviews.hand_over(people.works(people.reviewer), case, people.second.id, "I am on leave")
    with pytest.raises(NotPermitted):
        conclude(people.works(people.reviewer), people.office.case(people.reviewer, case), "approve", "Good")


def test_a_stale_lead_is_told_that_the_review_has_been_handed_on(people):
    case = taken(people)
    reviews.hand_over(people.works(people.reviewer), case, people.second.id, "I am on leave")
    with pytest.raises(NotNow, match="handed to somebody else"):
        reviews.return_(people.works(people.reviewer), case, [question_point()])


def test_only_free_reviewers_are_offered_and_accepted(people):
    case = taken(people)
    helper = people.office.person("Hal Both", Role.REVIEWER)
    gone = people.office.person("Gone Reviewer", Role.REVIEWER)
    gone.disabled_at = people.office.now
    work = people.works(people.reviewer)
    join_side(work, case.version.assessment_id, helper.id, Side.AUTHOR)
    people.office.session.flush()
    assert [one.name for one in reviews.free_reviewers(work, case)] == ["Sam Reviewer"]
    for person in (helper, gone, people.officer, people.reviewer):
        with pytest.raises(InvalidInput) as refused:
            reviews.hand_over(work, case, person.id, "I am on leave")
        assert list(refused.value.messages) == ["to"]


def test_handing_over_names_everything_that_is_missing_at_once(people):
    case = taken(people)
    with pytest.raises(InvalidInput) as refused:
        reviews.hand_over(people.works(people.reviewer), case, "", " ")
    assert set(refused.value.messages) == {"to", "reason"}


# ---- returning ----


def test_a_return_names_points_and_keeps_the_review(people):
    case = taken(people, HARM)
    harm = harm_ids(people, case)[0]
    points = [
        question_point("Say which streets"),
        Point("impact", harm, "Who will pay?"),
        Point("section", "proposal", "Nothing on apprentices"),
    ]
    reviews.return_(people.works(people.reviewer), case, points)
    assert case.version.state == State.RETURNED
    assert case.version.lead_reviewer_id == people.reviewer.id
    kept = review_rounds.rounds(people.works(people.reviewer), people.office.case(people.reviewer, case))
    assert [(one.round.number, one.round.outcome) for one in kept] == [(1, "returned")]
    assert {(p.point.kind, p.point.reason) for p in kept[0].points} == {
        ("question", "Say which streets"),
        ("impact", "Who will pay?"),
        ("section", "Nothing on apprentices"),
    }
    assert any(p.label == "Impact I2" for p in kept[0].points)


@pytest.mark.parametrize(
    ("points", "fields"),
    [
        ([], {"points"}),
        ([Point("question", QUESTION, "  ")], {f"reason-question-{QUESTION}"}),
        ([Point("question", "no_such_question", "Why?")], {"points"}),
        ([Point("impact", "00000000-0000-0000-0000-000000000000", "Why?")], {"points"}),
        ([Point("assessment", QUESTION, "Why?")], {"points"}),
        ([Point("question", QUESTION, "null\0byte")], {f"reason-question-{QUESTION}"}),
        ([Point("question", QUESTION, "x" * 4001)], {f"reason-question-{QUESTION}"}),
        ([Point("question", QUESTION, "ok"), Point("section", "proposal", "")], {"reason-section-proposal"}),
    ],
)
def test_a_return_that_cannot_be_made_changes_nothing_and_names_the_field(people, points, fields):
    case = taken(people)
    with pytest.raises(InvalidInput) as refused:
        reviews.return_(people.works(people.reviewer), case, points)
    assert set(refused.value.messages) == fields
    assert case.version.state == State.IN_REVIEW
    assert people.office.session.scalars(select(ReturnPoint)).all() == []


def test_an_impact_of_another_assessment_cannot_be_named(people):
    other = taken(people, HARM)
    case = taken(people)
    with pytest.raises(InvalidInput):
        reviews.return_(people.works(people.reviewer), case, [Point("impact", harm_ids(people, other)[0], "Why?")])


def test_only_shown_questions_can_be_named(people):
    case = taken(people)
    work = people.works(people.reviewer)
    named = {question.id for one in reviews.returnable(work, case) for question in one.questions}
    hidden = {q.id for q in case.questionnaire.questions if q.show_when is not None} - named
    assert hidden
    with pytest.raises(InvalidInput):
        reviews.return_(work, case, [Point("question", sorted(hidden)[0], "Why?")])


def test_resubmission_begins_a_round_that_the_same_lead_takes_up(people):
    case = taken(people)
    reviews.return_(people.works(people.reviewer), case, [question_point()])
    work = people.works(people.officer)
    again = people.office.case(people.officer, case)
    assessments.begin_round(work, again, lead=again.version.lead_reviewer)
    again.version.state = State.IN_REVIEW
    mine = people.office.case(people.reviewer, case)
    with pytest.raises(NotNow, match="Take up this review first"):
        conclude(people.works(people.reviewer), mine, "approve", "Good")
    reviews.take(people.works(people.reviewer), mine, no_conflict=True)
    conclude(people.works(people.reviewer), mine, "approve", "Good")
    kept = review_rounds.rounds(people.works(people.reviewer), people.office.case(people.reviewer, case))
    assert [(one.round.number, one.round.outcome, len(one.points)) for one in kept] == [
        (2, "concluded", 0),
        (1, "returned", 1),
    ]


# ---- concluding ----


def test_concluding_freezes_what_the_decision_maker_will_see(people):
    case = taken(people, HARM)
    work = people.works(people.reviewer)
    submission = conclude(work, case, "approve_with_conditions", "Sound", [condition("Report rents each quarter")])
    assert (submission.kind, case.version.state) == ("concluded", State.REVIEWED)
    assert case.version.concluded_at == people.office.now
    last = json.loads(submission.payload)["review"]["rounds"][-1]
    assert last["recommendation"] == "approve_with_conditions"
    words = "1. Report rents each quarter (Head of Housing, by 1 June 2027; measure: Notices served)"
    assert last["conditions"] == words
    assert json.loads(submission.payload)["rating"]["stop"] == ["I2"]


@pytest.mark.parametrize(
    ("recommendation", "reasons", "conditions", "fields"),
    [
        ("", "Sound", [], {"recommendation"}),
        ("perhaps", "Sound", [], {"recommendation"}),
        ("approve", "", [], {"reasons"}),
        ("approve_with_conditions", "Sound", [], {"conditions"}),
        (
            "approve_with_conditions",
            "Sound",
            [condition("", due=("", "", ""))],
            {"condition-1-text", "condition-1-due-day"},
        ),
        ("approve_with_conditions", "Sound", [condition(due=("31", "2", "2027"))], {"condition-1-due-day"}),
        ("approve_with_conditions", "Sound", [condition(due=("1", "6", "2026"))], {"condition-1-due-day"}),
        ("approve_with_conditions", "Sound", [condition(owner="\x00")], {"condition-1-owner"}),
        ("approve", "Sound", [condition()], {"conditions"}),
        ("do_not_approve", "Sound\ud800", [], {"reasons"}),
        ("", "", [], {"recommendation", "reasons"}),
    ],
)
def test_a_conclusion_that_cannot_be_made_freezes_nothing(people, recommendation, reasons, conditions, fields):
    case = taken(people)
    with pytest.raises(InvalidInput) as refused:
        conclude(people.works(people.reviewer), case, recommendation, reasons, conditions)
    assert set(refused.value.messages) == fields
    assert case.version.state == State.IN_REVIEW
    assert case.version.concluded_at is None


def test_a_reviewer_who_does_not_lead_cannot_conclude_or_return(people):
    case = taken(people)
    theirs = people.office.case(people.second, case)
    with pytest.raises(NotPermitted):
        conclude(people.works(people.second), theirs, "approve", "Good")
    with pytest.raises(NotPermitted):
        reviews.return_(people.works(people.second), theirs, [question_point()])
    with pytest.raises(NotPermitted):
        reviews.hand_over(people.works(people.second), theirs, people.second.id, "Mine now")


def test_nothing_is_concluded_without_somebody_to_decide(people):
    case = taken(people)
    case.version.decision_maker = None
    people.office.session.flush()
    with pytest.raises(NotNow, match="Nobody is named to decide"):
        conclude(people.works(people.reviewer), case, "approve", "Good")


def test_the_lead_can_open_a_concluded_review_again_with_a_reason(people):
    case = concluded(people)
    mine = people.office.case(people.reviewer, case)
    with pytest.raises(InvalidInput):
        reviews.reopen_review(people.works(people.reviewer), mine, "")
    reviews.reopen_review(people.works(people.reviewer), mine, "New figures arrived")
    assert case.version.state == State.IN_REVIEW
    assert events(people, "reopen_review")[0].detail["reason"] == "New figures arrived"
    # The lead declared for this very content, so there is nothing to take up.
    mine = people.office.case(people.reviewer, case)
    conclude(people.works(people.reviewer), mine, "do_not_approve", "The figures change it")
    assert case.version.state == State.REVIEWED


def test_only_the_lead_can_open_it_again(people):
    case = concluded(people)
    with pytest.raises(NotPermitted):
        reviews.reopen_review(people.works(people.second), people.office.case(people.second, case), "I disagree")


def test_a_reassigned_lead_must_declare_before_going_on(people):
    from hia_app.services import responsibilities

    case = taken(people)
    admin = people.office.person("Ada Admin", Role.ADMINISTRATOR)
    responsibilities.reassign(
        people.works(admin),
        people.office.case(admin, case),
        what="lead_reviewer",
        person_id=people.second.id,
        reason="Rae has left",
    )
    theirs = people.office.case(people.second, case)
    with pytest.raises(NotNow, match="Take up this review first"):
        conclude(people.works(people.second), theirs, "approve", "Good")
    reviews.take(people.works(people.second), theirs, no_conflict=True)
    conclude(people.works(people.second), theirs, "approve", "Good")
