"""Countersigning: which mitigations need it, what it changes in the rating, and what ends it."""

import pytest
from sqlalchemy import select

from hia_app.domain.errors import InvalidInput, NotNow, NotPermitted, NotVisible
from hia_app.domain.policy import Role, Side
from hia_app.services import countersigning, impacts, ratings, reviews
from hia_app.services.countersigning import claims, countersign, withdraw
from hia_app.store.tables import Countersignature, Event, PersonRole, PersonSide
from tests.support.office import Office
from tests.support.queries import counted
from tests.support.reviewing import HARM, PROMISE, Cast, add_impact, cast, harm_ids, question_point, taken

SMALL_STEP = {"residual_magnitude": "moderate", "residual_likelihood": "likely"}


@pytest.fixture
def people(office: Office) -> Cast:
    return cast(office)


def test_only_mitigations_that_claim_more_than_one_step_wait_for_a_countersignature(people):
    case = taken(people, PROMISE, {}, PROMISE | SMALL_STEP)
    found = claims(people.works(people.reviewer), case)
    assert [claim.line.name for claim in found] == ["I2"]
    assert found[0].committed
    assert "rent protocol" in found[0].mitigation


def test_the_rating_changes_only_once_it_is_countersigned(people):
    case = taken(people, PROMISE)
    work = people.works(people.reviewer)
    assert ratings.refresh(work, case).rule == 1
    countersign(work, case, harm_ids(people, case)[0], 1, "The landlords have signed")
    assert case.version.rating_rule != 1
    assert ratings.of(case).line("I2").counted_as == "residual"
    assert claims(work, case)[0].signed.by == "Rae Reviewer"


def test_any_reviewer_may_countersign_and_is_then_on_the_review_side(people):
    case = taken(people, PROMISE)
    theirs = people.office.case(people.second, case)
    countersign(people.works(people.second), theirs, harm_ids(people, case)[0], 1, "I know this protocol")
    side = people.office.session.get(PersonSide, (case.version.assessment_id, people.second.id))
    assert side.side == Side.REVIEW


def test_a_later_change_to_the_impact_ends_it(people):
    case = taken(people, PROMISE)
    work, harm = people.works(people.reviewer), harm_ids(people, case)[0]
    countersign(work, case, harm, 1, "The landlords have signed")
    line = next(line for line in impacts.lines_of(work, case) if line.row.id == harm)
    line.row.measure = "Fewer notices"
    line.row.row_version += 1
    people.office.session.flush()
    assert claims(work, case)[0].signed is None
    assert ratings.refresh(work, case).rule == 1


def test_it_survives_a_return_of_something_else(people):
    case = taken(people, PROMISE)
    work = people.works(people.reviewer)
    countersign(work, case, harm_ids(people, case)[0], 1, "The landlords have signed")
    reviews.return_(work, case, [question_point()])
    assert claims(work, people.office.case(people.reviewer, case))[0].signed is not None


def test_withdrawing_it_brings_the_harm_back(people):
    case = taken(people, PROMISE)
    work, harm = people.works(people.reviewer), harm_ids(people, case)[0]
    countersign(work, case, harm, 1, "The landlords have signed")
    with pytest.raises(InvalidInput):
        withdraw(work, case, harm, "")
    withdraw(work, case, harm, "Two landlords have left")
    assert case.version.rating_rule == 1
    with pytest.raises(NotNow, match="no countersignature"):
        withdraw(work, case, harm, "Again")
    countersign(work, case, harm, 1, "They are back")
    assert case.version.rating_rule != 1
    people.office.session.flush()
    actions = people.office.session.scalars(select(Event.action).where(Event.action.contains("countersign"))).all()
    assert sorted(actions) == ["countersign", "countersign", "withdraw_countersignature"]


def test_countersigning_twice_is_once(people):
    case = taken(people, PROMISE)
    work, harm = people.works(people.reviewer), harm_ids(people, case)[0]
    countersign(work, case, harm, 1, "Yes")
    countersign(work, case, harm, 1, "Yes")
    assert len(people.office.session.scalars(select(Countersignature)).all()) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"action_owner": ""}, "not committed"),
        ({"due": None}, "not committed"),
        ({"funding": "not_confirmed"}, "not committed"),
        ({"measure": ""}, "not committed"),
        (SMALL_STEP, "one step at most"),
    ],
)
def test_what_does_not_need_or_deserve_it_is_refused_with_the_reason(people, change, message):
    case = taken(people, PROMISE | change)
    with pytest.raises(NotNow, match=message):
        countersign(people.works(people.reviewer), case, harm_ids(people, case)[0], 1, "Please")


def test_a_stale_page_countersigns_nothing(people):
    case = taken(people, PROMISE)
    with pytest.raises(NotNow, match="changed since you opened"):
        countersign(people.works(people.reviewer), case, harm_ids(people, case)[0], 7, "Yes")


def test_it_needs_a_reason(people):
    case = taken(people, PROMISE)
    with pytest.raises(InvalidInput):
        countersign(people.works(people.reviewer), case, harm_ids(people, case)[0], 1, "  ")
    assert people.office.session.scalars(select(Countersignature)).all() == []


def test_the_author_side_cannot_countersign_and_nobody_can_elsewhere(people):
    case, other = taken(people, PROMISE), taken(people, PROMISE)
    people.officer.roles.append(PersonRole(role=Role.REVIEWER, granted_at=people.office.now))
    harm = harm_ids(people, case)[0]
    with pytest.raises(NotPermitted):
        countersign(people.works(people.officer), people.office.case(people.officer, case), harm, 1, "Mine")
    with pytest.raises(NotVisible):
        countersign(people.works(people.reviewer), other, harm, 1, "Wrong assessment")


def test_nothing_is_countersigned_while_it_is_with_the_officer(people):
    case = taken(people, PROMISE)
    reviews.return_(people.works(people.reviewer), case, [question_point()])
    back = people.office.case(people.reviewer, case)
    with pytest.raises(NotNow):
        countersign(people.works(people.reviewer), back, harm_ids(people, case)[0], 1, "Yes")


def test_the_list_costs_the_same_however_many_there_are(people):
    case = taken(people, PROMISE)
    work = people.works(people.reviewer)
    with counted(people.office.session) as few:
        claims(work, case)
    for _ in range(10):
        add_impact(people.works(people.officer), case, HARM, PROMISE)
    with counted(people.office.session) as many:
        assert len(countersigning.claims(work, case)) == 11
    assert len(few) == len(many) <= 4
