"""The decision-maker's pages over HTTP: read, confirm, state, sign; and every refusal gives the words back."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from hia_app.domain.workflow import State
from hia_app.services import reviews
from hia_app.services.work import open_case
from hia_app.store.tables import ArchiveRecord, Event, FailedAttempt, ReadingConfirmation
from tests.support.people import PASSWORD, People
from tests.support.reviewing import HARM, PROMISE, conclude, concluded, taken
from tests.support.stage import Stage
from tests.web.test_reviews import statements

WORDS = {
    "eliminate": "I considered how tenants are chosen.",
    "advance": "I considered who lives in the coldest homes.",
    "foster": "I considered how neighbours were heard.",
}


@pytest.fixture
def stage(people: People) -> Stage:
    return Stage(people)


def fingerprint(page: str) -> str:
    return re.search(r'name="submission_hash" value="([0-9a-f]{64})"', page)[1]


def read_everything(stage: Stage, address: str) -> str:
    """Press every button on the page; the fingerprint is returned."""
    client = stage.people.client("decision_maker")
    page = client.get(f"{address}/decision").text
    found = fingerprint(page)
    for what in re.findall(r'name="what" value="([^"]+)"', page):
        answer = client.send(f"{address}/decision/read", {"submission_hash": found, "what": what})
        assert answer.status_code == 303
    return found


def sign(stage: Stage, address: str, **changes: str):
    form = WORDS | {"password": PASSWORD} | changes
    return stage.people.client("decision_maker").send(f"{address}/decision/sign-off", form)


def test_reading_stating_and_signing_ends_in_the_register_with_a_real_pdf(stage):
    address = stage.set(concluded)
    answer = sign(stage, address, submission_hash=read_everything(stage, address))
    assert answer.status_code == 303
    assert stage.state(address) == State.SIGNED_OFF
    client = stage.people.client("decision_maker")
    assert WORDS["foster"] in client.get(answer.location).text
    assert client.get(f"{answer.location}report.pdf").data.startswith(b"%PDF")
    again = client.get(f"{address}/decision")
    assert (again.status_code, again.location) == (303, answer.location)


def test_the_page_shows_the_summary_and_each_serious_harm_with_a_button(stage):
    address = stage.set(concluded, HARM, PROMISE)
    page = stage.people.client("decision_maker").get(f"{address}/decision").text
    assert page.count('name="what"') == 3
    assert "I2: this harm stands" in page
    assert "agree a rent protocol" in page.lower()
    assert "Why you must give reasons" in page
    assert "you may leave it empty" in page


def test_a_button_is_recorded_and_shown_with_its_time(stage):
    address = stage.set(concluded)
    client = stage.people.client("decision_maker")
    found = fingerprint(client.get(f"{address}/decision").text)
    client.send(f"{address}/decision/read", {"submission_hash": found, "what": "summary"})
    page = client.get(f"{address}/decision").text
    assert "You confirmed reading the summary on 23 November 2026 at 12:00" in page
    assert 'name="what"' not in page


def test_the_first_button_of_the_form_signs_so_that_enter_never_confirms_a_reading(stage):
    address = stage.set(concluded, HARM)
    page = stage.people.client("decision_maker").get(f"{address}/decision").text
    form = page[page.index(f'<form action="{address}/decision/sign-off"') :]
    first = re.search(r"<button[^>]*>", form)[0]
    assert 'type="submit"' in first
    assert "formaction" not in first


def test_what_is_already_written_survives_a_reading_button(stage):
    address = stage.set(concluded, HARM)
    client = stage.people.client("decision_maker")
    found = fingerprint(client.get(f"{address}/decision").text)
    form = {"submission_hash": found, "what": "summary", "eliminate": "Half a <sentence>", "password": "typed early"}
    answer = client.send(f"{address}/decision/read", form)
    assert answer.status_code == 200
    assert "Half a &lt;sentence&gt;" in answer.text
    assert "typed early" not in answer.text
    assert "You confirmed reading the summary" in answer.text
    assert len(stage.rows(select(ReadingConfirmation.id))) == 1


def test_everything_missing_is_linked_and_nothing_is_lost(stage):
    address = stage.set(concluded, HARM)
    client = stage.people.client("decision_maker")
    found = fingerprint(client.get(f"{address}/decision").text)
    answer = sign(stage, address, submission_hash=found, foster="")
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    for target in ("read-summary", "I2", "foster", "reasons"):
        assert f'href="#{target}"' in answer.text
        assert f'id="{target}"' in answer.text
    assert WORDS["eliminate"] in answer.text
    assert PASSWORD not in answer.text
    assert stage.state(address) == State.REVIEWED
    refused = stage.rows(select(Event).where(Event.outcome == "refused"))
    assert [one.action for one in refused] == ["sign_off"]
    assert WORDS["eliminate"] not in str(refused[0].detail)


def test_a_wrong_password_keeps_every_word_and_is_counted(stage):
    address = stage.set(concluded)
    found = read_everything(stage, address)
    answer = sign(
        stage, address, submission_hash=found, password="not my password", socio_economic="Poorer streets first"
    )
    assert answer.status_code == 422
    assert 'href="#password"' in answer.text
    for words in (*WORDS.values(), "Poorer streets first"):
        assert words in answer.text
    assert "not my password" not in answer.text
    assert stage.rows(select(ArchiveRecord.id)) == []
    assert len(stage.rows(select(FailedAttempt.id))) == 1


def test_too_many_wrong_passwords_are_stopped_in_place(stage):
    address = stage.set(concluded)
    found = read_everything(stage, address)
    for _ in range(stage.people.place.settings.sign_in_attempts):
        assert sign(stage, address, submission_hash=found, password="wrong").status_code == 422
    answer = sign(stage, address, submission_hash=found)
    assert answer.status_code == 429
    assert WORDS["eliminate"] in answer.text
    assert stage.state(address) == State.REVIEWED


def test_a_standing_harm_is_refused_without_reasons_and_signed_with_them(stage):
    address = stage.set(concluded, HARM)
    found = read_everything(stage, address)
    refused = sign(stage, address, submission_hash=found)
    assert refused.status_code == 422
    assert 'href="#reasons"' in refused.text
    answer = sign(stage, address, submission_hash=found, reasons="The roofs are unsafe")
    assert answer.status_code == 303
    assert "The roofs are unsafe" in stage.people.client("decision_maker").get(answer.location).text


def test_a_submission_that_was_replaced_meanwhile_is_not_signed_and_the_words_are_kept(stage):
    address = stage.set(concluded)
    found = read_everything(stage, address)
    with stage.cast() as cast:
        work = cast.works(cast.reviewer)
        case = open_case(work, address.split("/")[2], 1)
        reviews.reopen_review(work, case, "A figure was wrong")
        conclude(work, cast.office.case(cast.reviewer, case), "approve", "Corrected")
    answer = sign(stage, address, submission_hash=found)
    assert answer.status_code == 409
    assert "reviewed again after you opened this page" in answer.text
    assert WORDS["advance"] in answer.text
    assert fingerprint(answer.text) != found
    assert 'name="what" value="summary"' in answer.text
    confirmed = stage.people.client("decision_maker").send(
        f"{address}/decision/read", {"submission_hash": found, "what": "summary"}
    )
    assert confirmed.status_code == 409
    assert stage.state(address) == State.REVIEWED


def test_a_form_with_another_fingerprint_signs_nothing(stage):
    address = stage.set(concluded)
    read_everything(stage, address)
    for found in ("", "0" * 64, "'; --", "x" * 5000):
        assert sign(stage, address, submission_hash=found).status_code == 409
    assert stage.state(address) == State.REVIEWED


def test_signing_twice_tells_that_it_is_signed(stage):
    address = stage.set(concluded)
    found = read_everything(stage, address)
    assert sign(stage, address, submission_hash=found).status_code == 303
    again = sign(stage, address, submission_hash=found)
    assert again.status_code == 409
    assert "already been signed off" in again.text
    assert len(stage.rows(select(ArchiveRecord.id))) == 1


def test_late_signing_is_warned_about_and_printed(stage):
    address = stage.set(concluded, decision_date=date(2026, 11, 1))
    page = stage.people.client("decision_maker").get(f"{address}/decision").text
    assert "The decision date was 1 November 2026" in page
    answer = sign(stage, address, submission_hash=read_everything(stage, address))
    assert "Signed off after the decision date" in stage.people.client("officer").get(answer.location).text


def test_referring_back_and_refusing_need_reasons_and_keep_them(stage):
    back, refused = stage.set(concluded), stage.set(concluded)
    client = stage.people.client("decision_maker")
    empty = client.send(f"{back}/decision/refer-back", {"reason": ""})
    assert (empty.status_code, 'href="#reason"' in empty.text) == (422, True)
    too_long = client.send(f"{refused}/decision/refuse", {"reason": "No. " * 1100})
    assert too_long.status_code == 422
    assert "No. No. No." in too_long.text
    assert client.send(f"{back}/decision/refer-back", {"reason": "And lodgers?"}).status_code == 303
    assert client.send(f"{refused}/decision/refuse", {"reason": "Too much harm"}).status_code == 303
    assert (stage.state(back), stage.state(refused)) == (State.IN_REVIEW, State.WITHDRAWN)
    assert "And lodgers?" in stage.people.client("reviewer").get(f"{back}/review").text


def test_the_whole_frozen_submission_can_be_read_by_those_concerned(stage):
    address = stage.set(concluded, HARM)
    for name in ("decision_maker", "reviewer", "officer"):
        assert "frozen when it was concluded" in stage.people.client(name).get(f"{address}/decision/submission").text
    assert stage.people.client("other_officer").get(f"{address}/decision/submission").status_code == 404


def test_nobody_else_reaches_the_decision(stage):
    address = stage.set(concluded)
    for name, status in (("officer", 403), ("reviewer", 403), ("other_officer", 404), ("scrutiny", 404)):
        client = stage.people.client(name)
        for path in ("", "/refer-back", "/refuse"):
            assert client.get(f"{address}/decision{path}").status_code == status


def test_before_it_is_concluded_it_is_not_there_for_the_decision_maker(stage):
    address = stage.set(taken, full=False)
    assert stage.people.client("decision_maker").get(f"{address}/decision").status_code == 404


def test_without_a_token_nothing_is_confirmed_or_signed(stage):
    address = stage.set(concluded)
    client = stage.people.client("decision_maker")
    found = fingerprint(client.get(f"{address}/decision").text)
    for path in ("read", "sign-off"):
        answer = client.post(
            f"{address}/decision/{path}",
            data=WORDS | {"submission_hash": found, "what": "summary", "password": PASSWORD},
        )
        assert answer.status_code == 400
        assert WORDS["eliminate"] in answer.text
    assert stage.rows(select(ReadingConfirmation.id)) == []


def test_the_decision_page_costs_the_same_however_many_harms_there_are(stage):
    few, many = stage.set(concluded, HARM), stage.set(concluded, *[HARM] * 8)
    client = stage.people.client("decision_maker")
    assert statements(stage, client, f"{few}/decision") == statements(stage, client, f"{many}/decision") <= 10
