"""The reviewer's queue: what is on it, what is not, how old it is, and that it stays quick."""

from datetime import date

import pytest

from hia_app.domain.errors import NotPermitted
from hia_app.domain.policy import Side
from hia_app.domain.workflow import State
from hia_app.services import reviews
from hia_app.services.review_queue import PAGE, queue
from hia_app.services.work import join_side
from tests.support.office import Office
from tests.support.queries import counted
from tests.support.reviewing import Cast, cast, concluded, question_point, screened_out, started, submitted, taken


@pytest.fixture
def people(office: Office) -> Cast:
    return cast(office)


def references(people: Cast, **options) -> list[str]:
    people.office.session.flush()
    return [row.reference for row in queue(people.works(people.reviewer), **options).rows]


def test_the_nearest_decision_comes_first_whatever_came_in_first(people):
    later = submitted(people, full=False, decision_date=date(2027, 2, 1))
    sooner = submitted(people, full=False, decision_date=date(2026, 12, 1))
    out = screened_out(people)
    assert references(people) == [sooner.reference, out.reference, later.reference]


def test_each_row_says_how_long_it_has_waited_and_how_long_is_left(people):
    submitted(people, full=False, decision_date=date(2026, 12, 1))
    people.office.later(days=10)
    row = queue(people.works(people.reviewer)).rows[0]
    assert (row.days_waiting, row.days_left, row.lead, row.owner) == (10, -2, None, "Ann Officer")


def test_days_are_counted_on_the_councils_calendar(people):
    people.office.now = people.office.now.replace(month=7, day=1, hour=23, minute=30)  # already 2 July in Leeds
    submitted(people, full=False, decision_date=date(2026, 7, 10))
    assert queue(people.works(people.reviewer)).rows[0].days_left == 8


def test_drafts_and_decided_ones_are_not_on_it(people):
    started(people)
    assert references(people) == []


def test_my_own_and_those_i_decide_on_are_not_on_it(people):
    mine = submitted(people, full=False)
    join_side(people.works(people.reviewer), mine.version.assessment_id, people.reviewer.id, Side.AUTHOR)
    decided = submitted(people, full=False)
    join_side(people.works(people.reviewer), decided.version.assessment_id, people.reviewer.id, Side.DECISION)
    assert references(people) == []


def test_it_says_which_ones_i_lead_and_which_wait_for_me_to_take_up(people):
    case = taken(people)
    row = queue(people.works(people.reviewer)).rows[0]
    assert (row.mine, row.to_take_up, row.lead) == (True, False, "Rae Reviewer")
    reviews.hand_over(people.works(people.reviewer), case, people.second.id, "Leave")
    people.office.session.flush()
    row = queue(people.works(people.second)).rows[0]
    assert (row.mine, row.to_take_up) == (True, True)
    assert not queue(people.works(people.reviewer)).rows[0].mine


def test_returned_and_concluded_ones_have_their_own_lists(people):
    back = taken(people)
    reviews.return_(people.works(people.reviewer), back, [question_point()])
    done = concluded(people)
    assert references(people, shelf="returned") == [back.reference]
    assert references(people, shelf="deciding") == [done.reference]
    assert references(people) == []
    assert queue(people.works(people.reviewer), shelf="no such shelf").shelf == "waiting"


def test_only_reviewers_have_a_queue(people):
    for person in (people.officer, people.decider):
        with pytest.raises(NotPermitted):
            queue(people.works(person))


def test_three_queries_whatever_is_waiting_and_every_row_on_exactly_one_page(people):
    for _ in range(2):
        submitted(people, full=False)
    work = people.works(people.reviewer)
    with counted(people.office.session) as few:
        queue(work)
    for _ in range(PAGE):
        case = started(people)
        case.version.state = State.IN_REVIEW
    with counted(people.office.session) as many:
        first = queue(work)
    assert len(few) == len(many) == 3
    second = queue(work, page=2)
    assert (first.total, first.pages, len(first.rows), len(second.rows)) == (PAGE + 2, 2, PAGE, 2)
    assert len({row.reference for row in (*first.rows, *second.rows)}) == PAGE + 2


@pytest.mark.parametrize("page", [0, -3, 99])
def test_a_page_that_does_not_exist_shows_the_nearest_that_does(people, page):
    submitted(people, full=False)
    found = queue(people.works(people.reviewer), page=page)
    assert (found.page, len(found.rows)) == (1, 1)
