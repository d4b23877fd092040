"""Actions: what a sign-off promises, who says how it stands, and what others see of it."""

from datetime import date

import pytest
from sqlalchemy import select

from hia_app.domain.errors import Conflict, InvalidInput, NotPermitted, NotVisible
from hia_app.domain.policy import Role
from hia_app.services import actions, decisions, exempt_marks, passwords
from hia_app.services.work import Case
from hia_app.store.tables import ActionItem, Event
from tests.support.queries import counted
from tests.support.reviewing import PROMISE, Cast, cast, conclude, condition, draw, harm_ids, signing, taken


@pytest.fixture
def people(office) -> Cast:
    everybody = cast(office)
    everybody.decider.password_hash = passwords.hashed("a long password for tests", office.settings)
    return everybody


def signed_off(people: Cast, *, exempt: bool = False) -> Case:
    """With one condition, a committed mitigation and one that has no money."""
    case = taken(people, PROMISE, PROMISE | {"funding": "not_confirmed"})
    lead = people.works(people.reviewer)
    if exempt:
        exempt_marks.mark(lead, case, "impact", harm_ids(people, case)[0], 3, "It is being negotiated")
    conclude(lead, case, "approve_with_conditions", "Sound", [condition()])
    case, work = people.office.case(people.decider, case), people.works(people.decider)
    page = decisions.shown(work, case)
    for what in ("summary", *(harm.impact["id"] for harm in page.harms)):
        decisions.confirm_reading(work, case, page.fingerprint, what)
    signed = signing(page.fingerprint, reasons="The roofs are unsafe")
    decisions.sign_off(work, case, signed, draw)
    return people.office.case(people.officer, case)


def test_conditions_and_committed_mitigations_become_actions(people):
    signed_off(people)
    found = people.office.session.scalars(select(ActionItem).order_by(ActionItem.name)).all()
    assert [(one.source, one.name, one.owner, one.status) for one in found] == [
        ("condition", "Condition 1", "Head of Housing", "open"),
        ("mitigation", "I2", "Head of Housing", "open"),
    ]
    assert (found[1].funding, found[1].due.isoformat(), found[0].measure) == (
        "not_needed",
        "2027-06-01",
        "Notices served",
    )


def test_they_are_listed_and_overdue_ones_marked(people):
    signed_off(people)
    scrutiny = people.office.person("Sue Scrutiny", Role.SCRUTINY)
    assert [row.overdue for row in actions.listing(people.works(scrutiny)).rows] == [False, False]
    assert actions.listing(people.works(scrutiny), "overdue").total == 0
    people.office.later(days=365)
    late = actions.listing(people.works(scrutiny), "overdue")
    assert (late.total, [row.overdue for row in late.rows]) == (2, [True, True])
    assert not any(row.may_update for row in late.rows)


def test_an_administrator_does_not_see_them(people):
    with pytest.raises(NotPermitted):
        actions.listing(people.works(people.office.person("Ada", Role.ADMINISTRATOR)))


def test_of_an_exempt_impact_others_see_only_that_there_is_something(people):
    signed_off(people, exempt=True)
    scrutiny = people.office.person("Sue Scrutiny", Role.SCRUTINY)
    hidden = [row for row in actions.listing(people.works(scrutiny)).rows if row.item.source == "mitigation"]
    assert [(row.text, row.owner, row.measure) for row in hidden] == [("[exempt]", "[exempt]", "[exempt]")]
    own = [row.text for row in actions.listing(people.works(people.officer)).rows if row.item.source == "mitigation"]
    assert own == [PROMISE["action"]]


def test_the_owner_says_how_one_stands(people):
    case = signed_off(people)
    item = people.office.session.scalars(select(ActionItem).where(ActionItem.source == "condition")).one()
    work = people.works(people.officer)
    with pytest.raises(InvalidInput):
        actions.report_status(work, case, item.id, 1, "dropped", "")
    actions.report_status(work, case, item.id, 1, "done", "All landlords have signed")
    assert (item.status, item.note, item.row_version) == ("done", "All landlords have signed", 2)
    told = people.office.session.scalars(select(Event).where(Event.action == "update_action")).one()
    assert told.detail["to"] == "done"
    with pytest.raises(Conflict):
        actions.report_status(work, case, item.id, 1, "dropped", "Too late")
    assert actions.listing(work, "ended").total == 1


@pytest.mark.parametrize("status", ["", "replaced", "finished"])
def test_other_words_are_refused(people, status):
    case = signed_off(people)
    item = people.office.session.scalars(select(ActionItem).limit(1)).one()
    with pytest.raises(InvalidInput):
        actions.report_status(people.works(people.officer), case, item.id, 1, status, "Why")


def test_nobody_else_says_how_it_stands(people):
    case = signed_off(people)
    item = people.office.session.scalars(select(ActionItem).limit(1)).one()
    theirs = people.office.case(people.reviewer, case)
    with pytest.raises(NotPermitted):
        actions.report_status(people.works(people.reviewer), theirs, item.id, 1, "done", "Yes")
    with pytest.raises(NotVisible):
        actions.find(people.works(people.officer), case, "00000000-0000")


def test_a_newer_version_replaces_what_still_stood(people):
    case = signed_off(people)
    actions.replace(people.works(people.decider), case)
    people.office.session.expire_all()
    assert set(people.office.session.scalars(select(ActionItem.status))) == {"replaced"}
    assert actions.listing(people.works(people.officer)).total == 0


def test_the_list_asks_two_questions_however_many_there_are(people):
    signed_off(people)
    signed_off(people)
    with counted(people.office.session) as asked:
        assert actions.listing(people.works(people.officer)).total == 4
    assert len(asked) == 2


def changed(**changes) -> actions.Changed:
    given = {"owner": "Lettings team", "due": date(2027, 9, 1), "measure": "Notices served", "keeper": "", "reason": ""}
    return actions.Changed(**(given | {"reason": "The team was reorganised"} | changes))


def test_the_owner_changes_who_by_when_and_how_and_the_history_keeps_what_it_was(people):
    case = signed_off(people)
    item = people.office.session.scalars(select(ActionItem).where(ActionItem.source == "condition")).one()
    work = people.works(people.officer)
    for wrong, field in (({"owner": " "}, "owner"), ({"measure": ""}, "measure"), ({"reason": " "}, "reason")):
        with pytest.raises(InvalidInput) as refused:
            actions.change(work, case, item.id, item.row_version, changed(**wrong))
        assert set(refused.value.messages) == {field}
    version = item.row_version
    actions.change(work, case, item.id, version, changed())
    with pytest.raises(Conflict):
        actions.change(work, case, item.id, version, changed(owner="Somebody else"))
    assert (item.owner, item.due) == ("Lettings team", date(2027, 9, 1))
    (told,) = actions.told(work, case, item)
    assert told.detail["changed"] == {
        "owner": {"from": "Head of Housing", "to": "Lettings team"},
        "due": {"from": "2027-06-01", "to": "2027-09-01"},
    }
    theirs = people.office.case(people.decider, case)
    works = people.works(people.decider)
    with pytest.raises(NotPermitted):
        actions.change(works, theirs, item.id, item.row_version, changed())


def test_whoever_was_asked_to_follow_an_action_says_how_it_stands_and_nothing_else(people):
    case = signed_off(people)
    first, second = people.office.session.scalars(select(ActionItem).order_by(ActionItem.name)).all()
    follower = people.office.person("Flo Follower", Role.OFFICER)
    actions.change(people.works(people.officer), case, first.id, first.row_version, changed(keeper=follower.id))
    work, theirs = people.works(follower), people.office.case(follower, case)
    assert [row.item.id for row in actions.listing(work).rows if row.may_update] == [first.id]
    actions.report_status(work, theirs, first.id, first.row_version, "under_way", "The team has met")
    assert first.status == "under_way"
    with pytest.raises(NotPermitted):
        actions.report_status(work, theirs, second.id, second.row_version, "done", "Seen")
    with pytest.raises(NotPermitted):
        actions.change(work, theirs, first.id, first.row_version, changed())
    administrator = people.office.person("Ada Administrator", Role.ADMINISTRATOR)
    with pytest.raises(InvalidInput):
        actions.change(
            people.works(people.officer), case, first.id, first.row_version, changed(keeper=administrator.id)
        )
