"""Grades, disputes, exempt marks, comments and actions over HTTP; and that a private note reaches nobody else."""

import re
import uuid

import pytest
from sqlalchemy import select

from hia_app.store.tables import Dispute, Event, ExemptMark, QualityGrade, Thread
from tests.support.people import People
from tests.support.reviewing import HARM, QUESTION, harm_ids, taken
from tests.support.stage import Stage

SECRET = "Zebra: I do not trust these figures"


@pytest.fixture
def stage(people: People) -> Stage:
    return Stage(people)


def harm(stage: Stage, address: str) -> str:
    with stage.cast() as cast:
        from hia_app.services.work import open_case

        return harm_ids(cast, open_case(cast.works(cast.reviewer), address.split("/")[2], 1))[0]


def test_grades_come_back_as_they_were_typed_when_one_is_refused(stage):
    address = stage.set(taken, full=False)
    reviewer = stage.people.client("reviewer")
    answer = reviewer.send(f"{address}/review/grades", {"grade-harms": "D", "comment-context": "Only <words>"})
    assert answer.status_code == 422
    assert 'href="#comment-harms"' in answer.text
    assert 'href="#grade-context"' in answer.text
    assert "Only &lt;words&gt;" in answer.text
    assert stage.rows(select(QualityGrade.id)) == []
    assert reviewer.send(f"{address}/review/grades", {"grade-harms": "B"}).status_code == 303
    assert "1 of 12 graded" in reviewer.get(f"{address}/review").text


def test_a_dispute_is_shown_to_both_sides_and_can_be_withdrawn(stage):
    address = stage.set(taken, HARM)
    reviewer, form = stage.people.client("reviewer"), {"value": "magnitude:minor", "reason": "They move next door"}
    where = f"{address}/review/impacts/{harm(stage, address)}/dispute"
    assert "The officer says major" in reviewer.get(where).text
    assert reviewer.send(where, {"value": "magnitude:major", "reason": ""}).status_code == 422
    assert reviewer.send(where, form).status_code == 303
    for page in (reviewer.get(f"{address}/review"), stage.people.client("officer").get(f"{address}/rating/")):
        assert "They move next door" in page.text
    (dispute,) = stage.rows(select(Dispute.id))
    withdrawal = f"{address}/review/disputes/{dispute}/withdraw"
    assert reviewer.get(withdrawal).status_code == 200
    assert reviewer.send(withdrawal, {"reason": "I was wrong"}).status_code == 303
    assert "Withdrawn by the reviewer" in reviewer.get(f"{address}/review").text


def test_a_question_is_marked_exempt_and_the_mark_is_lifted(stage):
    address = stage.set(taken, full=False)
    reviewer = stage.people.client("reviewer")
    where = f"{address}/review/exempt/question/{QUESTION}"
    assert reviewer.send(where, {"paragraph": "9", "public_interest": "Prices"}).status_code == 422
    assert reviewer.send(where, {"paragraph": "3", "public_interest": "Prices"}).status_code == 303
    (mark,) = stage.rows(select(ExemptMark.id))
    assert "aragraph 3" in reviewer.get(f"{address}/review/conclude").text
    lift = f"{address}/review/exempt-marks/{mark}/lift"
    assert reviewer.send(lift, {"reason": ""}).status_code == 422
    assert reviewer.send(lift, {"reason": "Published since"}).status_code == 303


def test_commenting_answering_and_resolving(stage):
    address = stage.set(taken, full=False)
    about = f"{address}/comments/question/{QUESTION}"
    reviewer, officer = stage.people.client("reviewer"), stage.people.client("officer")
    form = {"form_id": str(uuid.uuid4()), "text": "Which <streets>?", "blocking": "yes"}
    assert reviewer.send(about, form).status_code == 303
    page = officer.get(about).text
    assert "Which &lt;streets&gt;?" in page
    assert "Blocks" in page
    (thread,) = stage.rows(select(Thread.id))
    at = f"{address}/comments/threads/{thread}"
    assert officer.send(f"{at}/reply", {"form_id": str(uuid.uuid4()), "text": ""}).status_code == 422
    assert officer.send(f"{at}/reply", {"form_id": str(uuid.uuid4()), "text": "All of them"}).status_code == 303
    assert officer.send(f"{at}/settle", {"to": "resolved"}).status_code == 403
    assert reviewer.send(f"{at}/settle", {"to": "resolved"}).status_code == 303
    assert "Resolved" in officer.get(f"{address}/comments/").text


def test_a_private_note_is_in_no_byte_that_the_author_side_can_fetch(stage):
    address = stage.set(taken, HARM)
    about = f"{address}/comments/question/{QUESTION}"
    reviewer, officer = stage.people.client("reviewer"), stage.people.client("officer")
    section = re.search(r'href="([^"]*/sections/[^"#?]*)', officer.get(f"{address}/").text)
    paths = [
        f"{address}/", f"{address}/history", f"{address}/read", f"{address}/rating/", f"{address}/comments/", about,
        f"{address}/changes", f"{address}/decision/submission", "/", "/actions", "/register",
        *([section[1]] if section else []),
    ]  # fmt: skip

    def fetched() -> list[tuple[int, str]]:
        pages = [officer.get(path) for path in paths]
        return [(page.status_code, re.sub(r"[0-9a-f-]{36}|csrf_token[^>]*>", "", page.text)) for page in pages]

    before = fetched()
    assert {200} <= {status for status, _ in before}
    form = {"form_id": str(uuid.uuid4()), "text": SECRET, "private": "yes"}
    assert reviewer.send(about, form).status_code == 303
    assert reviewer.send(about, form | {"form_id": str(uuid.uuid4()), "text": ""}).status_code == 422
    (thread,) = stage.rows(select(Thread.id))
    at = f"{address}/comments/threads/{thread}"
    assert reviewer.send(f"{at}/reply", {"form_id": str(uuid.uuid4()), "text": "Zebra once more"}).status_code == 303
    assert "Zebra once more" in reviewer.get(about).text
    assert "Private note" in reviewer.get(f"{address}/review").text
    assert fetched() == before
    for verb in ("reply", "settle", "assign"):
        assert officer.send(f"{at}/{verb}", {"text": "What?", "to": "resolved"}).status_code == 404
    assert not [one for one in stage.rows(select(Event)) if one.version_id and "ebra" in f"{one.subject}{one.detail}"]


def test_being_away_is_noted_and_cancelled(stage):
    reviewer = stage.people.client("reviewer")
    days = {"first-day": "23", "first-month": "11", "first-year": "2026", "last-day": "27", "last-month": "11"}
    form = days | {"last-year": "2026", "cover": stage.people.id("other_reviewer")}
    assert reviewer.send("/reviews/away", days).status_code == 422
    assert reviewer.send("/reviews/away", form).status_code == 303
    page = reviewer.get("/reviews").text
    cancel = re.search(r'action="(/reviews/away/[^"]+/cancel)"', page)
    assert cancel is not None
    assert reviewer.send(cancel[1]).status_code == 303
    assert "covers." not in reviewer.get("/reviews").text


def test_the_menu_says_where_one_is(stage):
    address = stage.set(taken, full=False)
    page = stage.people.client("reviewer").get(f"{address}/review").text
    current = re.findall(r'aria-current="true"><strong[^>]*>(\w+)', page)
    assert current == ["Reviews"]
