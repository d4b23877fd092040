"""Who is told of what: the people whom it concerns and who may see it, once, in words that give nothing away."""

from datetime import date

import pytest
from sqlalchemy import select

from hia_app.domain.happenings import DONE
from hia_app.domain.notices import DUE, TOLD, Page, Preference
from hia_app.domain.policy import Role, Side
from hia_app.services import assessments, due_days, notices, responsibilities, reviews, threads
from hia_app.services.work import join_side
from hia_app.store.columns import new_id
from hia_app.store.tables import ActionItem, Notice, OutgoingMail
from tests.support.reviewing import (
    HARM,
    QUESTION,
    Cast,
    cast,
    conclude,
    concluded,
    question_point,
    submitted,
    taken,
)

PAGES = {"name": "HEA-2026-0001 version 1", "day": "23 November 2026"}


@pytest.fixture
def people(office) -> Cast:
    return cast(office)


def told(people: Cast, person=None) -> list[tuple[str, str]]:
    """(who, what) in the order in which it was told."""
    people.office.session.flush()
    names = {one.id: one for one in (people.officer, people.reviewer, people.second, people.decider)}
    rows = people.office.session.scalars(select(Notice).order_by(Notice.at, Notice.id))
    every = [(names[row.person_id].name, row.what) for row in rows]
    return [one for one in every if person is None or one[0] == person.name]


def mails(people: Cast) -> list[OutgoingMail]:
    people.office.session.flush()
    return list(people.office.session.scalars(select(OutgoingMail).order_by(OutgoingMail.made_at, OutgoingMail.id)))


def test_the_table_knows_only_what_happens_and_its_words_name_no_title():
    assert set(TOLD) <= set(DONE)
    for action, row in [*((name, row) for name in TOLD for row in TOLD[name]), *DUE.items()]:
        words = row.words.format(**PAGES)
        assert PAGES["name"] in words, action
        assert len(words) <= 200
        assert "{" not in words
        assert row.page in Page


def test_from_submission_to_conclusion_each_is_told_their_part_and_nobody_their_own_doing(people):
    case = submitted(people, HARM)
    assert sorted(told(people)) == sorted((one.name, "submit") for one in (people.reviewer, people.second))
    people.office.later(hours=1)
    mine = people.office.case(people.reviewer, case)
    reviews.take(people.works(people.reviewer), mine, no_conflict=True)
    people.office.later(hours=1)
    reviews.return_(people.works(people.reviewer), people.office.case(people.reviewer, case), [question_point()])
    assert told(people, people.officer) == [(people.officer.name, "take_review"), (people.officer.name, "return")]
    assert told(people, people.decider) == []  # who cannot see it yet is not told of it
    title = case.version.title
    assert not any(title in text for mail in mails(people) for text in (mail.subject, mail.body))
    assert all(case.reference in mail.subject for mail in mails(people))


def test_the_decision_maker_is_told_when_it_is_theirs_and_a_disabled_person_never(people):
    people.officer.disabled_at = None
    case = taken(people, HARM)
    people.second.disabled_at = people.office.now
    before = len(told(people, people.second))
    conclude(people.works(people.reviewer), case, "approve", "Sound")
    assert (people.decider.name, "conclude") in told(people, people.decider)
    row = people.office.session.scalars(select(Notice).where(Notice.person_id == people.decider.id)).one()
    assert row.path == f"/assessments/{case.reference}/1/decision"
    admin = people.office.person("Adi Admin", Role.ADMINISTRATOR)
    theirs = people.office.case(admin, case)
    responsibilities.reassign(
        people.office.work(admin), theirs, what="owner", person_id=_officer(people).id, reason="She left"
    )
    assert len(told_ids(people, people.second.id)) == before
    assert [row.words for row in told_ids(people, people.officer.id)][-1].startswith("Your part in")


def _officer(people: Cast):
    return people.office.person("Noa Officer", Role.OFFICER)


def told_ids(people: Cast, person_id: str) -> list[Notice]:
    people.office.session.flush()
    return list(people.office.session.scalars(select(Notice).where(Notice.person_id == person_id).order_by(Notice.at)))


def test_a_private_note_is_told_to_the_reviewer_asked_and_not_by_mail(people):
    case = taken(people, HARM)
    for person in (people.reviewer, people.second):
        reviews_side(people, person, case)
    private = threads.open_thread(
        people.works(people.reviewer), case, new_id(), ("question", QUESTION), "Zebra", private=True
    )
    sent = len(mails(people))
    people.office.later(minutes=1)
    threads.assign(people.works(people.reviewer), case, private.id, people.second.id)
    assert told(people, people.second)[-1] == (people.second.name, "assign_thread")
    assert len(mails(people)) == sent
    assert (people.officer.name, "assign_thread") not in told(people)
    people.office.later(minutes=1)
    open_one = threads.open_thread(
        people.works(people.reviewer), case, new_id(), ("question", QUESTION), "Which streets?"
    )
    threads.assign(people.works(people.reviewer), case, open_one.id, people.officer.id)
    assert told(people, people.officer)[-1] == (people.officer.name, "assign_thread")
    assert len(mails(people)) == sent + 1
    assert "streets" not in mails(people)[-1].body


def reviews_side(people: Cast, person, case) -> None:
    join_side(people.works(person), case.version.assessment_id, person.id, Side.REVIEW)


def test_days_that_come_near_or_pass_are_told_once(people):
    case = taken(people, HARM, decision_date=date(2026, 12, 9))
    office = people.office
    office.session.add(
        ActionItem(
            id=new_id(), version_id=case.version.id, source="condition", target=new_id(), name="Condition 1",
            text="Agree", owner="Housing", due=date(2026, 12, 1), measure="Signed", changed_at=office.now,
        )
    )  # fmt: skip

    def remind() -> list[tuple[str, str]]:
        before = told(people)
        due_days.remind(office.session, office.settings, office.now)
        found = told(people)
        return sorted(found[i] for i in range(len(found)) if found[i] not in before)

    assert remind() == [(people.officer.name, "action_near")]
    assert remind() == []
    office.later(days=10)  # 3 December: the review is due on 7 December, the decision on 9 December
    reviewer, officer, decider = people.reviewer.name, people.officer.name, people.decider.name
    first = remind()
    assert {(reviewer, "review_near"), (officer, "decision_near"), (officer, "action_passed")} <= set(first)
    assert (decider, "decision_near") not in first  # nothing for them to see yet
    office.later(days=7)
    later = remind()
    assert {(reviewer, "review_passed"), (officer, "decision_passed"), (reviewer, "decision_passed")} <= set(later)
    assert remind() == []


def test_mail_goes_as_each_prefers_and_a_digest_holds_what_was_not_read(people):
    people.reviewer.mail, people.second.mail = Preference.DAILY, Preference.NEVER
    case = submitted(people, HARM)
    assert [mail.address for mail in mails(people)] == []
    session, settings = people.office.session, people.office.settings
    people.office.later(hours=18)
    assert notices.digests(session, settings, people.office.now) == 1
    assert notices.digests(session, settings, people.office.now) == 0
    (mail,) = mails(people)
    assert (mail.kind, mail.address) == ("digest", people.reviewer.email)
    assert f"/assessments/{case.reference}/1/review" in mail.body
    assessments.recall(people.works(people.officer), people.office.case(people.officer, case))
    notices.read_all(people.works(people.reviewer))
    assert notices.digests(session, settings, people.office.now) == 0  # read in the service meanwhile


def test_what_is_undone_is_told_to_nobody(people):
    case = concluded(people)
    before = told(people)
    undone = people.office.session.begin_nested()
    reviews.reopen_review(people.works(people.reviewer), people.office.case(people.reviewer, case), "A new figure")
    assert told(people) != before
    undone.rollback()
    assert told(people) == before
