"""The reviewer's pages over HTTP: what they show, what they refuse, and that nothing typed is lost."""

import re

import pytest
from sqlalchemy import event, select

from hia_app.domain.quality import PROMPTS
from hia_app.domain.workflow import State
from hia_app.services import reviews
from hia_app.services.reviews import Point
from hia_app.services.work import open_case
from hia_app.store.tables import Countersignature, Event, ReturnPoint
from tests.support.people import People
from tests.support.reviewing import (
    HARM,
    PROMISE,
    QUESTION,
    concluded,
    harm_ids,
    screened_out,
    started,
    submitted,
    taken,
)
from tests.support.stage import Stage

ALL_B = {f"grade-{prompt.id}": "B" for prompt in PROMPTS}


@pytest.fixture
def stage(people: People) -> Stage:
    return Stage(people)


def test_the_queue_leads_to_the_review_and_the_review_is_taken(stage):
    address = stage.set(submitted, full=False)
    reviewer = stage.people.client("reviewer")
    assert f'href="{address}/review"' in reviewer.get("/reviews").text
    assert "Take this review" in reviewer.get(f"{address}/review").text
    answer = reviewer.send(f"{address}/review/take", {"no_conflict": "yes"})
    assert (answer.status_code, answer.location) == (303, f"{address}/review")
    page = reviewer.get(f"{address}/review").text
    assert "You lead this review." in page
    assert "Conclude the review" in page


def test_taking_without_the_declaration_shows_what_is_missing_in_place(stage):
    address = stage.set(submitted, full=False)
    answer = stage.people.client("reviewer").send(f"{address}/review/take")
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert 'href="#no_conflict"' in answer.text
    assert stage.rows(select(Event.action).where(Event.outcome == "refused")) == ["take_review"]


def test_the_second_taker_learns_who_was_first(stage):
    address = stage.set(taken, full=False)
    answer = stage.people.client("other_reviewer").send(f"{address}/review/take", {"no_conflict": "yes"})
    assert answer.status_code == 409
    assert "Reviewer took this review first" in answer.text


def test_opening_pages_writes_nothing(stage):
    address = stage.set(taken, PROMISE)
    harm = re.search(r"impacts/([0-9a-f-]{36})", page_of(stage, f"{address}/review"))[1]
    reviewer = stage.people.client("reviewer")
    before = len(stage.rows(select(Event.seq)))
    for path in ("", "/return", "/conclude", "/hand-over", f"/impacts/{harm}/countersign"):
        assert reviewer.get(f"{address}/review{path}").status_code == 200
    assert len(stage.rows(select(Event.seq))) == before


def page_of(stage: Stage, path: str, who: str = "reviewer") -> str:
    answer = stage.people.client(who).get(path)
    assert answer.status_code == 200
    return answer.text


def test_returning_with_a_point_and_a_reason(stage):
    address = stage.set(taken, full=False)
    reviewer = stage.people.client("reviewer")
    form = {"point": f"question:{QUESTION}", f"reason-question-{QUESTION}": "Say which streets"}
    answer = reviewer.send(f"{address}/review/return", form)
    assert answer.status_code == 303
    assert stage.state(address) == State.RETURNED
    page = reviewer.get(f"{address}/review").text
    assert "Say which streets" in page
    assert "0 of 1 point is answered" in page


def test_a_refused_return_keeps_ticks_and_words_and_links_to_what_is_missing(stage):
    address = stage.set(taken, full=False)
    form = {
        "point": [f"question:{QUESTION}", "section:proposal"],
        f"reason-question-{QUESTION}": "Say which <streets>",
        "reason-section-proposal": "",
    }
    answer = stage.people.client("reviewer").send(f"{address}/review/return", form)
    assert answer.status_code == 422
    assert 'href="#reason-section-proposal"' in answer.text
    assert 'id="reason-section-proposal"' in answer.text
    assert "Say which &lt;streets&gt;" in answer.text
    assert re.search(rf'value="question:{QUESTION}"\s+checked', answer.text)
    assert '<details class="app-return__section" open>' in answer.text
    assert stage.rows(select(ReturnPoint.id)) == []
    assert stage.state(address) == State.IN_REVIEW


def test_words_beside_a_box_that_is_not_ticked_do_not_count_and_are_not_lost(stage):
    address = stage.set(taken, full=False)
    form = {f"reason-question-{QUESTION}": "I changed my mind about this"}
    answer = stage.people.client("reviewer").send(f"{address}/review/return", form)
    assert answer.status_code == 422
    assert "I changed my mind about this" in answer.text
    assert 'href="#points"' in answer.text


def test_every_question_and_impact_can_be_named_without_scripts(stage):
    address = stage.set(taken, HARM)
    page = page_of(stage, f"{address}/review/return")
    with stage.cast() as cast:
        case = open_case(cast.works(cast.reviewer), address.split("/")[2], 1)
        for one in reviews.returnable(cast.works(cast.reviewer), case):
            assert f'value="section:{one.section.id}"' in page
            assert all(f'value="question:{question.id}"' in page for question in one.questions)
            assert all(f'value="impact:{line.row.id}"' in page for line in one.impacts)


def test_concluding(stage):
    address = stage.set(taken, full=False)
    reviewer = stage.people.client("reviewer")
    page = reviewer.get(f"{address}/review/conclude").text
    assert 'type="radio"' in page
    assert "checked" not in page
    form = {"recommendation": "approve", "reasons": "Sound", "exempt_decided": "yes"}
    answer = reviewer.send(f"{address}/review/conclude", form)
    assert answer.status_code == 422
    assert 'href="#grades"' in answer.text
    assert reviewer.send(f"{address}/review/grades", ALL_B).status_code == 303
    answer = reviewer.send(f"{address}/review/conclude", form)
    assert answer.status_code == 303
    assert stage.state(address) == State.REVIEWED
    assert "has it for decision" in reviewer.get(f"{address}/review").text


def test_a_refused_conclusion_keeps_the_choice_and_the_words(stage):
    address = stage.set(taken, full=False)
    form = {"recommendation": "approve_with_conditions", "reasons": "Sound in the main", "conditions": ""}
    answer = stage.people.client("reviewer").send(f"{address}/review/conclude", form)
    assert answer.status_code == 422
    assert "Sound in the main" in answer.text
    assert re.search(r'value="approve_with_conditions"\s+checked', answer.text)
    assert 'href="#conditions"' in answer.text
    assert stage.state(address) == State.IN_REVIEW


def test_countersigning_and_withdrawing(stage):
    address = stage.set(taken, PROMISE)
    reviewer = stage.people.client("reviewer")
    path = re.search(rf"{address}/review/impacts/[0-9a-f-]+/countersign", reviewer.get(f"{address}/review").text)[0]
    assert reviewer.send(path, {"row_version": "1", "reason": ""}).status_code == 422
    assert reviewer.send(path, {"row_version": "1", "reason": "The landlords have signed"}).status_code == 303
    assert "The landlords have signed" in reviewer.get(f"{address}/review").text
    withdraw = path.replace("/countersign", "/withdraw-countersignature")
    assert reviewer.send(withdraw, {"reason": ""}).status_code == 422
    assert reviewer.send(withdraw, {"reason": "Two have left"}).status_code == 303
    assert stage.rows(select(Countersignature.cleared_at)) != [None]


def test_a_countersignature_for_another_version_of_the_impact_is_refused(stage):
    address = stage.set(taken, PROMISE)
    reviewer = stage.people.client("reviewer")
    path = re.search(rf"{address}/review/impacts/[0-9a-f-]+/countersign", reviewer.get(f"{address}/review").text)[0]
    for row_version in ("", "x", "2", "9" * 30, "१"):
        answer = reviewer.send(path, {"row_version": row_version, "reason": "I trust this protocol fully"})
        assert answer.status_code == 409
        assert "I trust this protocol fully" in answer.text
    assert stage.rows(select(Countersignature.id)) == []


def test_handing_over_and_taking_up(stage):
    address = stage.set(taken, full=False)
    reviewer, second = stage.people.client("reviewer"), stage.people.client("other_reviewer")
    form = {"to": stage.people.id("other_reviewer"), "reason": ""}
    refused = reviewer.send(f"{address}/review/hand-over", form)
    assert refused.status_code == 422
    assert re.search(rf'value="{form["to"]}"\s+checked', refused.text)
    assert reviewer.send(f"{address}/review/hand-over", form | {"reason": "I am away"}).status_code == 303
    assert "Take up this review" in second.get(f"{address}/review").text
    assert second.send(f"{address}/review/conclude", {"recommendation": "approve", "reasons": "Yes"}).status_code == 409
    assert second.send(f"{address}/review/take", {"no_conflict": "yes"}).status_code == 303
    assert "Conclude the review" in second.get(f"{address}/review").text
    assert reviewer.get(f"{address}/review/conclude").status_code == 403


def test_confirming_a_screening_freezes_a_record_with_a_real_pdf(stage):
    address = stage.set(screened_out)
    reviewer = stage.people.client("reviewer")
    page = reviewer.get(f"{address}/review/screening").text
    assert "It changes the colour of a fence" in page
    refused = reviewer.send(f"{address}/review/screening", {"reason": "I agree with this"})
    assert refused.status_code == 422
    assert "I agree with this" in refused.text
    answer = reviewer.send(f"{address}/review/screening", {"outcome": "confirm", "reason": "I agree"})
    assert (answer.status_code, stage.state(address)) == (303, State.SCREENED_OUT_CONFIRMED)
    record = answer.location
    assert "I agree" in reviewer.get(record).text
    assert reviewer.get(f"{record}report.pdf").data.startswith(b"%PDF")


def test_asking_for_a_full_assessment(stage):
    address = stage.set(screened_out)
    answer = stage.people.client("reviewer").send(
        f"{address}/review/screening", {"outcome": "full", "reason": "The fence blocks the path to the surgery"}
    )
    assert (answer.status_code, stage.state(address)) == (303, State.DRAFT)


def test_opening_a_review_again(stage):
    address = stage.set(concluded, full=False)
    reviewer = stage.people.client("reviewer")
    assert reviewer.send(f"{address}/review/reopen", {"reason": " "}).status_code == 422
    assert reviewer.send(f"{address}/review/reopen", {"reason": "New figures"}).status_code == 303
    assert stage.state(address) == State.IN_REVIEW


def test_the_review_is_not_there_for_strangers_and_not_for_authors(stage):
    address = stage.set(taken, full=False)
    stranger, officer = stage.people.client("other_officer"), stage.people.client("officer")
    for path in ("", "/return", "/conclude", "/hand-over", "/screening", "/reopen"):
        there = stranger.get(f"{address}/review{path}")
        nothing = stranger.get(f"/assessments/HEA-2026-9999/1/review{path}")
        assert (there.status_code, nothing.status_code) == (404, 404)
        assert without_token(there.text) == without_token(nothing.text)
        assert officer.get(f"{address}/review{path}").status_code == 403


def without_token(page: str) -> str:
    """Tokens differ each time they are printed."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


def test_a_draft_has_no_review_even_for_reviewers(stage):
    address = stage.set(started)
    assert stage.people.client("reviewer").get(f"{address}/review").status_code == 404


def test_the_queue_is_for_reviewers(stage):
    assert stage.people.client("officer").get("/reviews").status_code == 403
    assert stage.people.client("decision_maker").get("/reviews").status_code == 403


def test_any_address_of_the_queue_works(stage):
    reviewer = stage.people.client("reviewer")
    for query in ("show=returned", "show=deciding", "show=<script>", "page=0", "page=x", "page=१", "page=9999999"):
        assert reviewer.get(f"/reviews?{query}").status_code == 200


def test_texts_that_cannot_be_kept_are_refused_and_shown_again(stage):
    address = stage.set(taken, full=False)
    form = {"recommendation": "approve", "reasons": "Good\x00 in parts, bad in others"}
    answer = stage.people.client("reviewer").send(f"{address}/review/conclude", form)
    assert answer.status_code == 422
    assert "bad in others" in answer.text


def test_the_review_page_costs_the_same_with_many_impacts_and_points(stage):
    few, many = stage.set(taken, PROMISE), stage.set(taken, *[PROMISE] * 8)
    reviewer = stage.people.client("reviewer")
    assert statements(stage, reviewer, f"{few}/review") == statements(stage, reviewer, f"{many}/review") <= 15
    with stage.cast() as cast:
        for one in (few, many):
            case = open_case(cast.works(cast.reviewer), one.split("/")[2], 1)
            points = [Point("impact", harm, "Who pays?") for harm in harm_ids(cast, case)]
            reviews.return_(cast.works(cast.reviewer), case, points)
    assert statements(stage, reviewer, f"{few}/review") == statements(stage, reviewer, f"{many}/review") <= 13
    assert statements(stage, reviewer, "/reviews") <= 6


def statements(stage: Stage, client, path: str) -> int:
    client.get(path)
    sent: list[str] = []
    engine = stage.people.place.database.engine

    def note(_conn, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(sent)
