"""When a review is due, who covers for a reviewer who is away, and who leads after three returns."""

from datetime import date

import pytest

from hia_app.domain.errors import InvalidInput, NotNow, NotPermitted, NotVisible
from hia_app.services import cover, reviews
from hia_app.services.review_queue import queue
from hia_app.services.working_days import working_days_after
from tests.support.reviewing import Cast, cast, conclude, question_point, submit_as_it_is, submitted, taken

TODAY, FRIDAY = ("23", "11", "2026"), ("27", "11", "2026")


@pytest.fixture
def people(office) -> Cast:
    return cast(office)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 11, 23), date(2026, 12, 7)),
        (date(2026, 12, 18), date(2027, 1, 6)),  # Christmas, Boxing Day (on Monday) and New Year do not count
        (date(2027, 3, 19), date(2027, 4, 6)),  # nor Good Friday and Easter Monday
        (date(2026, 11, 21), date(2026, 12, 4)),  # a Saturday
    ],
)
def test_ten_working_days_of_england(day, due):
    assert working_days_after(day, 10) == due


def test_the_queue_says_when_a_review_is_due_and_when_it_is_late(people):
    submitted(people, full=False)
    row = queue(people.works(people.reviewer)).rows[0]
    assert (row.due, row.overdue) == (date(2026, 12, 7), False)
    people.office.later(days=15)
    assert queue(people.works(people.reviewer)).rows[0].overdue


def test_who_covers_takes_the_review_over_on_those_days(people):
    case = taken(people)
    theirs = people.office.case(people.second, case)
    with pytest.raises(NotNow, match="do not cover"):
        reviews.cover_for(people.works(people.second), theirs, no_conflict=True)
    cover.plan(people.works(people.reviewer), people.second.id, TODAY, FRIDAY)
    assert queue(people.works(people.second)).rows[0].to_cover
    with pytest.raises(InvalidInput):
        reviews.cover_for(people.works(people.second), theirs, no_conflict=False)
    reviews.cover_for(people.works(people.second), theirs, no_conflict=True)
    conclude(people.works(people.second), people.office.case(people.second, case), "approve", "Sound")


def test_before_and_after_those_days_nobody_covers(people):
    case = taken(people)
    cover.plan(people.works(people.reviewer), people.second.id, ("24", "11", "2026"), FRIDAY)
    theirs = people.office.case(people.second, case)
    assert not cover.may_cover(people.works(people.second), theirs)
    people.office.later(days=1)
    assert cover.may_cover(people.works(people.second), theirs)
    people.office.later(days=4)
    assert not cover.may_cover(people.works(people.second), theirs)


def test_a_cancelled_absence_covers_nothing_and_only_ones_own_is_cancelled(people):
    case = taken(people)
    away = cover.plan(people.works(people.reviewer), people.second.id, TODAY, FRIDAY)
    with pytest.raises(NotVisible):
        cover.cancel(people.works(people.second), away.id)
    cover.cancel(people.works(people.reviewer), away.id)
    assert not cover.may_cover(people.works(people.second), people.office.case(people.second, case))
    assert cover.planned(people.works(people.reviewer)) == ()


@pytest.mark.parametrize(
    ("who", "first", "last", "field"),
    [
        ("second", FRIDAY, TODAY, "last-day"),
        ("second", ("1", "11", "2026"), ("2", "11", "2026"), "last-day"),
        ("second", ("31", "11", "2026"), FRIDAY, "first-day"),
        ("second", ("", "", ""), FRIDAY, "first-day"),
        ("reviewer", TODAY, FRIDAY, "cover"),
        ("officer", TODAY, FRIDAY, "cover"),
    ],
)
def test_an_absence_that_makes_no_sense_is_refused(people, who, first, last, field):
    with pytest.raises(InvalidInput) as refused:
        cover.plan(people.works(people.reviewer), getattr(people, who).id, first, last)
    assert set(refused.value.messages) == {field}


def test_two_absences_share_no_day_and_officers_have_none(people):
    cover.plan(people.works(people.reviewer), people.second.id, TODAY, FRIDAY)
    with pytest.raises(InvalidInput, match="already away"):
        cover.plan(people.works(people.reviewer), people.second.id, FRIDAY, FRIDAY)
    with pytest.raises(NotPermitted):
        cover.plan(people.works(people.officer), people.second.id, TODAY, FRIDAY)


def returned_times(people: Cast, times: int):
    case = taken(people)
    for turn in range(times):
        mine = people.office.case(people.reviewer, case)
        reviews.take(people.works(people.reviewer), mine, no_conflict=True)
        reviews.return_(people.works(people.reviewer), mine, [question_point()])
        theirs = people.office.case(people.officer, case)
        if turn < times - 1:
            submit_as_it_is(people.works(people.officer), theirs)
    return people.office.case(people.officer, case)


@pytest.mark.parametrize(("times", "lead"), [(2, "Rae Reviewer"), (3, "Sam Reviewer")])
def test_after_three_returns_it_goes_to_the_named_person(people, times, lead):
    people.office.settings = people.office.settings.model_copy(update={"review_escalation": people.second.email})
    case = returned_times(people, times)
    work = people.works(people.officer)
    assert (cover.after_returns(work, case) is not None) is (times == 3)
    cover.escalate(work, case)
    assert case.version.lead_reviewer.name == lead


def test_with_nobody_named_it_stays_with_its_lead(people):
    case = returned_times(people, 3)
    cover.escalate(people.works(people.officer), case)
    assert case.version.lead_reviewer.name == "Rae Reviewer"
