"""Grades, disputed values and exempt marks: what they need, what they forbid, and what the record keeps of them."""

import json

import pytest
from sqlalchemy import select

from hia_app.domain.errors import InvalidInput, NotNow, NotPermitted, NotVisible
from hia_app.domain.policy import Side
from hia_app.domain.report import report
from hia_app.domain.report_source import Source
from hia_app.domain.workflow import State
from hia_app.services import decisions, disputes, exempt_marks, impacts, quality, ratings, reviews
from hia_app.store.columns import new_id
from hia_app.store.tables import Dispute, Event, PersonSide
from tests.support.reviewing import (
    HARM,
    PROMISE,
    QUESTION,
    Cast,
    cast,
    conclude,
    graded,
    harm_ids,
    question_point,
    taken,
)

SMALL = {"magnitude": "minor", "likelihood": "possible"}


@pytest.fixture
def people(office) -> Cast:
    return cast(office)


def frozen(submission) -> Source:
    return Source(json.loads(submission.payload), submission.submission_hash)


def lead(people):
    return people.works(people.reviewer)


# ---- quality ----


def test_nothing_is_concluded_before_all_twelve_prompts_are_graded(people):
    case = taken(people)
    some = {name: given for name, given in graded().items() if name not in {"harms", "context"}}
    quality.grade(lead(people), case, some)
    with pytest.raises(InvalidInput) as refused:
        reviews.conclude(lead(people), case, "approve", "Sound", exempt_decided=True)
    assert set(refused.value.messages) == {"grades"}
    assert "Context and need; Harms before benefits" in refused.value.messages["grades"]
    assert case.version.state == State.IN_REVIEW


@pytest.mark.parametrize("prompt", ["distribution", "harms", "groups"])
def test_a_d_on_a_deciding_prompt_forbids_concluding_and_not_returning(people, prompt):
    case = taken(people)
    with pytest.raises(InvalidInput, match="Return it instead"):
        conclude(lead(people), case, "approve", "Sound", **{prompt: "D"})
    reviews.return_(lead(people), case, [question_point()])
    assert case.version.state == State.RETURNED


def test_a_d_elsewhere_can_be_concluded_and_is_printed(people):
    case = taken(people)
    kept = frozen(conclude(lead(people), case, "approve", "Sound", monitoring="D"))
    found = {one["prompt"]: one for one in kept.payload["grades"]}
    assert (found["monitoring"]["grade"], found["monitoring"]["by"], len(found)) == ("D", "Rae Reviewer", 12)
    assert "Monitoring measurable" in str(report(kept).blocks)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"harms": ("E", "")}, "grade-harms"),
        ({"harms": ("", "Words without a grade")}, "grade-harms"),
        ({"harms": ("D", " ")}, "comment-harms"),
        ({"harms": ("A", "\x00")}, "comment-harms"),
        ({"harms": ("A", "long " * 1_000)}, "comment-harms"),
    ],
)
def test_grades_that_cannot_be_kept_are_refused_and_nothing_is_kept(people, typed, field):
    case = taken(people)
    with pytest.raises(InvalidInput) as refused:
        quality.grade(lead(people), case, {"context": ("A", "")} | typed)
    assert set(refused.value.messages) == {field}
    assert quality.latest(lead(people), case) == {}


def test_only_the_lead_grades(people):
    case = taken(people)
    with pytest.raises(NotPermitted):
        quality.grade(people.works(people.second), people.office.case(people.second, case), graded())


# ---- disputes ----


def test_both_values_stay_and_the_rating_is_worked_out_twice(people):
    case = taken(people, SMALL)
    assert ratings.refresh(lead(people), case).stop == ()
    disputes.dispute(lead(people), case, harm_ids(people, case)[0], "magnitude", "major", "They lose their homes")
    disputes.dispute(lead(people), case, harm_ids(people, case)[0], "likelihood", "likely", "It has begun")
    assert ratings.of(case).stop == ()
    assert ratings.disputed_of(case).stop == ("I2",)
    line = next(one for one in impacts.lines_of(lead(people), case) if one.name == "I2")
    assert line.row.magnitude == "minor"


def test_a_serious_harm_in_the_reviewers_view_alone_asks_for_written_reasons_and_for_reading(people):
    case = taken(people, SMALL)
    for field, value in (("magnitude", "major"), ("likelihood", "likely")):
        disputes.dispute(lead(people), case, harm_ids(people, case)[0], field, value, "They lose their homes")
    kept = frozen(conclude(lead(people), case, "approve", "Sound"))
    page = decisions.shown(people.works(people.decider), people.office.case(people.decider, case))
    assert [harm.impact["name"] for harm in page.harms] == ["I2"]
    assert "As a reviewer sees it" in page.reasons_needed[0]
    assert {one["field"] for one in page.disputes["I2"]} == {"likelihood", "magnitude"}
    assert kept.rating_disputed.blocks_sign_off
    assert not kept.rating.blocks_sign_off
    words = str(report(kept).blocks)
    assert "They lose their homes" in words
    assert "As a reviewer sees it, a serious harm stands" in words


def test_without_disputes_there_is_one_rating(people):
    case = taken(people, SMALL)
    kept = frozen(conclude(lead(people), case, "approve", "Sound"))
    assert (kept.payload["disputes"], kept.payload["rating_disputed"]) == ([], None)


def test_a_lower_view_of_a_harm_keeps_its_mitigation_in_bounds(people):
    case = taken(people, PROMISE | {"residual_magnitude": "moderate", "residual_likelihood": "likely"})
    disputes.dispute(lead(people), case, harm_ids(people, case)[0], "magnitude", "minor", "It is a nuisance")
    assert ratings.disputed_of(case).line("I2").counted_as == "residual"


@pytest.mark.parametrize(
    ("field", "value", "reason", "message"),
    [
        ("magnitude", "minor", "No", "value"),  # what the officer says
        ("magnitude", "huge", "No", "value"),
        ("reach_mid", "major", "No", "value"),
        ("magnitude", "major", "", "reason"),
        ("magnitude", "major", "\ud800", "reason"),
    ],
)
def test_a_dispute_needs_another_value_and_a_reason(people, field, value, reason, message):
    case = taken(people, SMALL)
    with pytest.raises(InvalidInput) as refused:
        disputes.dispute(lead(people), case, harm_ids(people, case)[0], field, value, reason)
    assert set(refused.value.messages) == {message}


def test_one_value_has_one_dispute_until_it_is_withdrawn(people):
    case = taken(people, SMALL)
    harm = harm_ids(people, case)[0]
    first = disputes.dispute(lead(people), case, harm, "magnitude", "major", "They lose their homes")
    with pytest.raises(NotNow, match="already disputed"):
        disputes.dispute(lead(people), case, harm, "magnitude", "moderate", "Perhaps")
    disputes.withdraw(lead(people), case, first.id, "New figures convinced me")
    assert case.version.rating_disputed is None
    people.office.later(minutes=1)
    people.office.later(minutes=1)
    disputes.dispute(lead(people), case, harm, "magnitude", "moderate", "Perhaps")
    kept = frozen(conclude(lead(people), case, "approve", "Sound"))
    assert [one["ending"] for one in kept.payload["disputes"]] == ["withdrawn", None]


def test_a_change_of_that_value_ends_the_dispute_and_of_another_does_not(people):
    case = taken(people, SMALL)
    harm = harm_ids(people, case)[0]
    disputes.dispute(lead(people), case, harm, "magnitude", "major", "They lose their homes")
    reviews.return_(lead(people), case, [reviews.Point("impact", harm, "Look again")])
    work, theirs = people.works(people.officer), people.office.case(people.officer, case)
    impacts.save(work, theirs, harm, "", 1, {"confidence": ["high"], "source": ["A survey"]}, ["know"])
    assert ratings.disputed_of(theirs) is not None
    form = {"magnitude": ["moderate"], "likelihood": ["possible"], "duration": ["long"], "reversible": ["no"]}
    impacts.save(work, theirs, harm, "", 2, form, ["size"])
    ended = people.office.session.scalars(select(Dispute)).one()
    assert (ended.ending, ended.officer_value, ended.value) == ("changed", "minor", "major")
    assert ratings.disputed_of(theirs) is None
    assert [view.ending for view in disputes.of(work, theirs)] == ["Ended: the officer changed the value"]


def test_the_officer_sees_a_dispute_and_cannot_make_one(people):
    case = taken(people, SMALL)
    disputes.dispute(lead(people), case, harm_ids(people, case)[0], "magnitude", "major", "They lose their homes")
    work, theirs = people.works(people.officer), people.office.case(people.officer, case)
    assert [view.dispute.value for view in disputes.of(work, theirs)] == ["major"]
    with pytest.raises(NotPermitted):
        disputes.dispute(work, theirs, harm_ids(people, case)[0], "confidence", "low", "No")


def test_a_second_reviewer_who_disputes_is_on_the_review_side(people):
    case = taken(people, SMALL)
    theirs = people.office.case(people.second, case)
    disputes.dispute(people.works(people.second), theirs, harm_ids(people, case)[0], "confidence", "low", "One source")
    side = people.office.session.get(PersonSide, (case.version.assessment_id, people.second.id))
    assert side.side == Side.REVIEW
    with pytest.raises(NotVisible):
        disputes.withdraw(lead(people), case, new_id(), "Nothing")


# ---- exempt marks ----


def test_an_exempt_mark_is_frozen_with_its_paragraph_and_reason(people):
    case = taken(people, HARM)
    exempt_marks.mark(lead(people), case, "question", QUESTION, 3, "The price is being negotiated")
    with pytest.raises(NotNow, match="marked already"):
        exempt_marks.mark(lead(people), case, "question", QUESTION, 1, "Again")
    kept = frozen(conclude(lead(people), case, "approve", "Sound"))
    (mark,) = kept.payload["exempt_marks"]
    assert (mark["kind"], mark["target"], mark["paragraph"]) == ("question", QUESTION, 3)
    assert "The price is being negotiated" in str(report(kept).blocks)
    assert kept.payload["review"]["rounds"][-1]["exempt_decided"] is True


def test_a_lifted_mark_is_gone_from_what_is_frozen_and_stays_in_the_history(people):
    case = taken(people, HARM)
    made = exempt_marks.mark(lead(people), case, "impact", harm_ids(people, case)[0], 2, "It names a family")
    with pytest.raises(InvalidInput):
        exempt_marks.lift(lead(people), case, made.id, "")
    exempt_marks.lift(lead(people), case, made.id, "The words were changed")
    assert frozen(conclude(lead(people), case, "approve", "Sound")).payload["exempt_marks"] == []
    told = people.office.session.scalars(select(Event.action).where(Event.action.like("%_exempt"))).all()
    assert told == ["mark_exempt", "lift_exempt"]


@pytest.mark.parametrize(("paragraph", "reason"), [(0, "Why"), (8, "Why"), (3, ""), (3, "\x00")])
def test_a_mark_needs_a_paragraph_of_the_schedule_and_a_reason(people, paragraph, reason):
    case = taken(people)
    with pytest.raises(InvalidInput):
        exempt_marks.mark(lead(people), case, "question", QUESTION, paragraph, reason)
    assert exempt_marks.of(lead(people), case) == ()


@pytest.mark.parametrize(
    ("kind", "target"), [("question", "no_such"), ("impact", "00000000-0000"), ("section", "proposal")]
)
def test_only_questions_and_impacts_that_are_there_can_be_marked(people, kind, target):
    case = taken(people)
    with pytest.raises(NotVisible):
        exempt_marks.mark(lead(people), case, kind, target, 3, "Why")


def test_the_conclusion_asks_whether_exemption_was_decided(people):
    case = taken(people)
    quality.grade(lead(people), case, graded())
    with pytest.raises(InvalidInput) as refused:
        reviews.conclude(lead(people), case, "approve", "Sound", exempt_decided=False)
    assert set(refused.value.messages) == {"exempt_decided"}
