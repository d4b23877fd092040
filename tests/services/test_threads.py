"""Comments: who reads, answers, resolves them, what they forbid; and private notes that never leave the review side."""

import json

import pytest
from sqlalchemy import select

from hia_app.domain.errors import InvalidInput, NotNow, NotPermitted, NotVisible
from hia_app.domain.policy import Side
from hia_app.domain.workflow import State
from hia_app.services import history, impacts, reviews, submissions, thread_people, threads, versions
from hia_app.services.work import join_side
from hia_app.store.columns import new_id
from hia_app.store.tables import Contributor, Event, Thread
from tests.support.queries import counted
from tests.support.reviewing import (
    HARM,
    QUESTION,
    Cast,
    cast,
    conclude,
    harm_ids,
    impact_section,
    question_point,
    submit_as_it_is,
    taken,
)

ABOUT = ("question", QUESTION)
SECRET = "Zebra: I do not trust these figures"


@pytest.fixture
def people(office) -> Cast:
    return cast(office)


def say(people, person, case, text="Which streets?", about=ABOUT, **more) -> Thread:
    case = people.office.case(person, case)
    return threads.open_thread(people.works(person), case, new_id(), about, text, **more)


def read(people, person, case):
    return threads.threads(people.works(person), people.office.case(person, case))


def test_both_sides_talk_and_the_record_keeps_it(people):
    case = taken(people, HARM)
    thread = say(people, people.reviewer, case)
    theirs = people.office.case(people.officer, case)
    threads.reply(people.works(people.officer), theirs, thread.id, new_id(), "All of Recreation Street")
    threads.resolve(people.works(people.reviewer), case, thread.id)
    kept = json.loads(conclude(people.works(people.reviewer), case, "approve", "Sound").payload)["comments"]
    assert [said["by"] for said in kept[0]["comments"]] == ["Rae Reviewer", "Ann Officer"]
    assert (kept[0]["resolved_by"], kept[0]["target"]) == ("Rae Reviewer", QUESTION)


@pytest.mark.parametrize("kind", ["question", "impact", "section"])
def test_a_thread_is_about_a_question_an_impact_or_a_section(people, kind):
    case = taken(people, HARM)
    target = {"question": QUESTION, "impact": harm_ids(people, case)[0], "section": impact_section(case)}[kind]
    say(people, people.officer, case, about=(kind, target))
    found = threads.counts(people.works(people.reviewer), case)
    assert found == {(kind, target): 1}


@pytest.mark.parametrize(
    "about", [("question", "nothing"), ("impact", "00000000-0000"), ("answer", QUESTION), ("section", "")]
)
def test_a_thread_about_nothing_is_refused(people, about):
    with pytest.raises(NotVisible):
        say(people, people.reviewer, taken(people), about=about)


@pytest.mark.parametrize("text", ["", "  ", "a\x00b", "\ud800", "x" * 4_001])
def test_text_that_cannot_be_kept_is_refused(people, text):
    case = taken(people)
    with pytest.raises(InvalidInput):
        say(people, people.reviewer, case, text)
    assert read(people, people.reviewer, case) == ()


def test_a_double_click_makes_one_thread_and_one_reply(people):
    case, form_id = taken(people), new_id()
    work = people.works(people.reviewer)
    for _ in range(2):
        thread = threads.open_thread(work, case, form_id, ABOUT, "Which streets?")
    reply_id = new_id()
    for _ in range(2):
        threads.reply(work, case, thread.id, reply_id, "All of them?")
    assert [len(view.thread.comments) for view in read(people, people.reviewer, case)] == [2]


def test_a_blocking_thread_forbids_concluding_until_a_reviewer_resolves_it(people):
    case = taken(people)
    thread = say(people, people.reviewer, case, blocking=True)
    with pytest.raises(InvalidInput, match="still open"):
        conclude(people.works(people.reviewer), case, "approve", "Sound")
    with pytest.raises(NotPermitted):
        threads.resolve(people.works(people.officer), people.office.case(people.officer, case), thread.id)
    threads.resolve(people.works(people.reviewer), case, thread.id)
    conclude(people.works(people.reviewer), case, "approve", "Sound")


def test_the_author_side_cannot_block(people):
    assert say(people, people.officer, taken(people), blocking=True).blocking is False


def test_which_submission_resolved_it_is_kept(people):
    case = taken(people)
    submissions.freeze(people.works(people.officer), case, "submitted")
    first, second = say(people, people.reviewer, case), say(people, people.officer, case)
    threads.resolve(people.works(people.reviewer), case, first.id)
    reviews.return_(people.works(people.reviewer), case, [question_point()])
    threads.resolve(people.works(people.officer), people.office.case(people.officer, case), second.id)
    assert (first.resolved_in, second.resolved_in) == (1, 2)
    threads.reopen(people.works(people.officer), people.office.case(people.officer, case), second.id)
    assert (second.resolved_in, second.resolved_by) == (None, None)


def test_a_resolved_thread_is_opened_again_before_anybody_goes_on(people):
    case = taken(people)
    thread = say(people, people.reviewer, case)
    threads.resolve(people.works(people.reviewer), case, thread.id)
    with pytest.raises(NotNow, match="Open it again"):
        threads.reply(people.works(people.reviewer), case, thread.id, new_id(), "And?")


def test_a_contributor_meets_only_the_comments_in_their_sections(people):
    case = taken(people, HARM)
    helper = people.office.person("Cy Contributor")
    section = case.questionnaire.section_of[QUESTION].id
    join_side(people.works(people.officer), case.version.assessment_id, helper.id, Side.AUTHOR)
    people.office.session.add(
        Contributor(
            assessment_id=case.version.assessment_id, person_id=helper.id, sections=[section],
            invited_by=people.officer.id, invited_at=people.office.now,
        )
    )  # fmt: skip
    say(people, people.reviewer, case)
    elsewhere = say(people, people.reviewer, case, about=("impact", harm_ids(people, case)[0]))
    assert [view.thread.target for view in read(people, helper, case)] == [QUESTION]
    with pytest.raises(NotVisible):
        threads.reply(people.works(helper), people.office.case(helper, case), elsewhere.id, new_id(), "Me too")


def test_only_those_who_take_part_can_be_asked(people):
    case = taken(people)
    thread = say(people, people.reviewer, case)
    work = people.works(people.reviewer)
    with pytest.raises(NotNow):
        threads.assign(work, case, thread.id, people.decider.id)
    threads.assign(work, case, thread.id, people.officer.id)
    assert read(people, people.officer, case)[0].assigned_to == "Ann Officer"


# ---- private notes ----


def test_a_private_note_is_read_by_reviewers_alone(people):
    case = taken(people)
    note = say(people, people.reviewer, case, SECRET, private=True)
    assert [view.thread.id for view in read(people, people.second, case)] == [note.id]
    theirs = people.office.case(people.officer, case)
    assert read(people, people.officer, case) == ()
    assert threads.counts(people.works(people.officer), theirs) == {}
    for verb in (threads.find, threads.resolve, threads.reopen):
        with pytest.raises(NotVisible):
            verb(people.works(people.officer), theirs, note.id)
    with pytest.raises(NotVisible):
        threads.reply(people.works(people.officer), theirs, note.id, new_id(), "What?")


def test_a_private_note_leaves_no_trace_in_what_others_get(people):
    """Byte by byte: the same council without the note is the same for everybody else."""
    case = taken(people)
    told = history.history(people.works(people.officer), officer(people, case)).happenings
    before = (case.version.changed_at, len(told))
    people.office.later(minutes=5)
    note = say(people, people.reviewer, case, SECRET, private=True)
    threads.reply(people.works(people.reviewer), case, note.id, new_id(), "Zebra again")
    threads.assign(people.works(people.reviewer), case, note.id, people.reviewer.id)
    threads.resolve(people.works(people.reviewer), case, note.id)
    happened = history.history(people.works(people.officer), officer(people, case)).happenings
    assert (case.version.changed_at, len(happened)) == before
    payload = conclude(people.works(people.reviewer), case, "approve", "Sound").payload
    assert b"ebra" not in payload
    assert note.id.encode() not in payload
    hidden = people.office.session.scalars(select(Event).where(Event.action == "private_note")).all()
    assert [event.detail["did"] for event in hidden] == ["comment", "reply", "assign_thread", "resolve_thread"]
    assert {(event.version_id, event.assessment_id) for event in hidden} == {(None, None)}


def officer(people, case):
    return people.office.case(people.officer, case)


def test_the_author_side_cannot_write_private_notes_and_only_reviewers_are_asked_about_them(people):
    case = taken(people)
    with pytest.raises(NotPermitted):
        say(people, people.officer, case, private=True)
    note = say(people, people.reviewer, case, SECRET, private=True, blocking=True)
    assert note.blocking is False
    assert [one.name for one in thread_people.people_of(people.works(people.reviewer), case, note)] == ["Rae Reviewer"]


def test_reading_comments_asks_the_same_number_of_questions_however_many_there_are(people):
    case = taken(people)
    say(people, people.reviewer, case)
    people.office.session.expire_all()
    case = people.office.case(people.reviewer, case)
    with counted(people.office.session) as few:
        threads.threads(people.works(people.reviewer), case)
    for _ in range(6):
        say(people, people.reviewer, case)
    people.office.session.expire_all()
    case = people.office.case(people.reviewer, case)
    with counted(people.office.session) as many:
        threads.threads(people.works(people.reviewer), case)
    assert len(many) == len(few)


def test_comments_stop_while_it_is_decided_and_go_on_after_a_return(people):
    case = taken(people)
    conclude(people.works(people.reviewer), case, "approve", "Sound")
    with pytest.raises(NotNow):
        say(people, people.officer, case)
    reviews.reopen_review(people.works(people.reviewer), people.office.case(people.reviewer, case), "New figures")
    reviews.return_(people.works(people.reviewer), people.office.case(people.reviewer, case), [question_point()])
    say(people, people.officer, case)
    submit_as_it_is(people.works(people.officer), people.office.case(people.officer, case))
    assert len(read(people, people.reviewer, case)) == 1


def test_open_comments_go_on_in_the_next_version_and_resolved_ones_stay_with_the_old(people):
    case = taken(people, HARM)
    harm = harm_ids(people, case)[0]
    still = say(people, people.reviewer, case, "Whose rent?", ("impact", harm))
    settled = say(people, people.reviewer, case)
    threads.resolve(people.works(people.reviewer), case, settled.id)
    say(people, people.reviewer, case, SECRET, private=True)
    conclude(people.works(people.reviewer), case, "approve", "Sound")
    case.version.state = State.SIGNED_OFF
    owner = people.works(people.officer)
    opened = versions.reopen(owner, people.office.case(people.officer, case), new_id(), "scope", "Fewer homes")
    (carried,) = read(people, people.officer, opened)
    assert carried.thread.target == impacts.lines_of(owner, opened)[1].row.id != harm
    assert (carried.thread.carried_from, carried.opened_by) == (case.version.number, "Rae Reviewer")
    assert [(said.text, said.written_at) for said in carried.thread.comments] == [
        ("Whose rent?", still.comments[0].written_at)
    ]
    event = people.office.session.scalars(select(Event).where(Event.action == "reopen")).one()
    assert event.detail["comments"] == 1  # the private note is not counted where its authors could see it
    opened.version.submitted_at = people.office.now
    both = read(people, people.reviewer, opened)
    assert {view.thread.private for view in both} == {True, False}
    old = read(people, people.officer, case)
    assert {view.thread.id: view.open for view in old} == {still.id: True, settled.id: False}
