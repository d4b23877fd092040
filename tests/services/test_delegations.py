"""Letting somebody else decide for some days: what they may then, what the record says, and when it ends."""

from datetime import date

import pytest

from hia_app.domain.errors import InvalidInput, NotPermitted, NotVisible
from hia_app.domain.policy import Role
from hia_app.services import archive, decisions, delegations, home, passwords
from tests.support.reviewing import Cast, cast, concluded, draw, signing

TODAY, TOMORROW, LATER = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 30)


@pytest.fixture
def people(office) -> Cast:
    return cast(office)


@pytest.fixture
def deputy(people):
    person = people.office.person("Dev Deputy", Role.DECISION_MAKER)
    person.password_hash = passwords.hashed("a long password for tests", people.office.settings)
    return person


def give(people, case, to, first=TODAY, last=LATER, reason="I am away"):
    return delegations.delegate(people.works(people.decider), case, to.id, first, last, reason)


def test_on_the_days_it_is_theirs_and_the_record_says_for_whom(people, deputy):
    case = concluded(people)
    with pytest.raises(NotVisible):
        people.office.case(deputy, case)
    give(people, case, deputy)
    work, theirs = people.works(deputy), people.office.case(deputy, case)
    assert [one.reference for one in home.home(work).decisions] == [case.reference]
    shown = decisions.shown(work, theirs)
    decisions.confirm_reading(work, theirs, shown.fingerprint, "summary")
    with pytest.raises(NotPermitted):  # what was delegated cannot be handed on
        delegations.delegate(work, theirs, people.decider.id, TODAY, LATER, "I am away too")
    decisions.sign_off(work, theirs, signing(shown.fingerprint), draw)
    decision = archive.read(work, people.office.case(deputy, case)).source.decision
    assert decision["signed_by"]["name"] == "Dev Deputy"
    assert decision["capacity"].startswith("On behalf of Dee Director, who delegated this decision.")


def test_before_after_and_once_taken_back_it_is_not_there_for_them(people, deputy):
    case = concluded(people)
    given = give(people, case, deputy, TOMORROW, TOMORROW)
    with pytest.raises(NotVisible):
        people.office.case(deputy, case)
    people.office.later(days=1)
    theirs = people.office.case(deputy, case)
    assert home.home(people.works(deputy)).decisions
    delegations.end(people.works(people.decider), people.office.case(people.decider, case), given.id)
    people.office.session.flush()
    with pytest.raises(NotPermitted, match="Somebody else"):  # the page was open
        decisions.refuse(people.works(deputy), theirs, "No money")
    with pytest.raises(NotVisible):
        people.office.case(deputy, case)
    give(people, people.office.case(people.decider, case), deputy, TOMORROW, TOMORROW)
    people.office.later(days=1)
    with pytest.raises(NotVisible):
        people.office.case(deputy, case)
    assert home.home(people.works(deputy)).decisions == []


def test_what_is_typed_is_checked_and_the_sides_hold(people, deputy):
    case = concluded(people)
    people.reviewer.roles.append(type(people.decider.roles[0])(role=Role.DECISION_MAKER, granted_at=people.office.now))
    for to, first, last, reason, field in (
        (deputy, LATER, TODAY, "Away", "last"),
        (deputy, date(2026, 11, 1), date(2026, 11, 2), "Away", "last"),
        (deputy, TODAY, LATER, " ", "reason"),
        (people.reviewer, TODAY, LATER, "Away", "to"),
        (people.decider, TODAY, LATER, "Away", "to"),
    ):
        with pytest.raises(InvalidInput) as refused:
            give(people, case, to, first, last, reason)
        assert set(refused.value.messages) == {field}
    give(people, case, deputy)
    with pytest.raises(InvalidInput) as refused:
        give(people, case, deputy, LATER, LATER)
    assert set(refused.value.messages) == {"first"}
