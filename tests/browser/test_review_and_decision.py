"""The assessment among several people: returned and fixed, refused and then signed with reasons, read by scrutiny."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hia_app.demo import load
from hia_app.domain.answers import as_text
from hia_app.services.archive import read as read_record
from hia_app.services.work import open_case
from tests.browser.conftest import SignIn
from tests.support.council import STATEMENTS, Council
from tests.support.pdf_reading import text_of
from tests.support.people import People

pytestmark = pytest.mark.in_council

Opener = Callable[..., Page]


def at(council: Council, where: str, page: str = "") -> str:
    reference, number = council.places[where]
    return f"/assessments/{reference}/{number}/{page}"


def banner(page: Page) -> object:
    return page.locator(".govuk-notification-banner")


def test_returned_with_points_fixed_submitted_again_and_concluded(
    open_page: Opener, sign_in: SignIn, council: Council
) -> None:
    officer, reviewer = sign_in(open_page(), "officer"), sign_in(open_page(), "second_reviewer")

    reviewer.goto("/reviews")
    reviewer.get_by_role("link", name="Warm-home visits by health visitors").click()
    reviewer.get_by_label("I have no conflict of interest").check()
    reviewer.get_by_role("button", name="Take this review").click()
    expect(banner(reviewer)).to_contain_text("You lead this review")

    reviewer.get_by_role("button", name="Return it with points").click()
    _name_point(reviewer, "question", "what_will_change", "Say which streets are visited first.")
    _name_point(reviewer, "impact", council.impacts["submitted"]["I1"], "The number of people seems high.")
    reviewer.get_by_role("button", name="Return it to Olu Officer").click()
    expect(banner(reviewer)).to_contain_text("Returned to Olu Officer")

    officer.goto("/")
    officer.locator("main").get_by_role("link", name="Warm-home visits by health visitors").first.click()
    expect(officer.locator("main")).to_contain_text("Returned")
    officer.get_by_role("link", name="Returned points").first.click()
    question = officer.locator(".app-card", has_text="Say which streets are visited first.")
    question.get_by_role("link", name=re.compile("^Go to it and change it")).click()
    expect(officer.locator("#question-what_will_change")).to_contain_text("Say which streets are visited first.")
    officer.locator('[name="what_will_change"]').fill("Health visitors call first in Elm Row and Ash Street.")
    officer.get_by_role("button", name="Save and continue").click()

    officer.goto(at(council, "submitted", "points"))
    _respond(officer, "Say which streets are visited first.", "I changed it", "We named both streets.")
    _respond(
        officer, "The number of people seems high.", "It should stand as it is", "It is the number of births in a year."
    )
    officer.get_by_role("link", name="check your answers and submit again").click()
    officer.get_by_role("button", name="Submit for review").click()
    expect(banner(officer)).to_contain_text("Submitted")

    reviewer.goto(at(council, "submitted", "review"))
    main = reviewer.locator("main")
    expect(main).to_contain_text("We named both streets.")
    expect(main).to_contain_text("It is the number of births in a year.")
    reviewer.get_by_label("I have no conflict of interest").check()
    reviewer.get_by_role("button", name="Take up this review").click()
    reviewer.get_by_role("link", name="Grade the twelve prompts").click()
    for prompt in reviewer.locator("fieldset.app-grade").all():
        prompt.get_by_label("B: Sound").check()
    reviewer.get_by_role("button", name="Save the grades").click()
    reviewer.get_by_role("button", name="Conclude the review").click()
    reviewer.get_by_label("I have decided what the public edition leaves out").check()
    reviewer.get_by_label("Approve", exact=True).check()
    reviewer.get_by_label("Your reasons").fill("The streets are named and the figure is explained.")
    reviewer.get_by_role("button", name="Conclude and pass it on").click()
    expect(banner(reviewer)).to_contain_text("The review is concluded")
    expect(reviewer.locator("main")).to_contain_text("Ready for decision")


def _name_point(page: Page, kind: str, target: str, reason: str) -> None:
    box = page.locator(f'[id="point-{kind}-{target}"]')
    box.locator("xpath=ancestor::details[not(@open)]/summary").click()
    box.check()
    page.locator(f'[id="reason-{kind}-{target}"]').fill(reason)


def _respond(page: Page, point: str, choice: str, words: str) -> None:
    card = page.locator(".app-card", has_text=point)
    card.get_by_label(choice, exact=True).check()
    card.get_by_label("What you changed, or why it should stand").fill(words)
    card.get_by_role("button", name="Save this response").click()
    expect(banner(page)).to_contain_text("Your response is saved")


def test_a_serious_harm_is_refused_and_then_signed_off_with_written_reasons(
    page: Page, sign_in: SignIn, council: Council
) -> None:
    sign_in(page, "director").goto("/")
    page.locator("main").get_by_role("link", name="Selling the community laundry").first.click()
    expect(page.locator("main")).to_contain_text("this harm stands")

    for aim in ("eliminate", "advance", "foster"):
        page.locator(f'[name="{aim}"]').fill(STATEMENTS[aim])
    page.get_by_role("button", name="I have read the summary").click()
    expect(page.locator("#read-summary")).to_contain_text("You confirmed reading the summary")
    expect(page.locator('[name="foster"]')).to_have_value(STATEMENTS["foster"])  # what was written stayed

    page.get_by_label("Your password", exact=True).fill(council.passwords["director"])
    page.locator("#sign-off").click()
    expect(page).to_have_title(re.compile("^Error: "))
    summary = page.locator(".govuk-error-summary")
    expect(summary.get_by_role("link", name="Confirm that you have read serious harm I2")).to_be_visible()
    summary.get_by_role("link", name="Give your reasons for going ahead").click()
    expect(page.locator('[name="reasons"]')).to_be_focused()
    expect(page.locator('[name="password"]')).to_have_value("")

    page.get_by_role("button", name="I have read serious harm I2").click()
    page.locator('[name="reasons"]').fill("The building is not safe, and a mobile laundry begins in the same week.")
    page.get_by_label("Your password", exact=True).fill("not the password at all")
    page.locator("#sign-off").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("password")
    page.get_by_label("Your password", exact=True).fill(council.passwords["director"])
    page.locator("#sign-off").click()
    expect(banner(page)).to_contain_text("Signed off")
    record = page.locator("main")
    expect(record).to_contain_text("a mobile laundry begins in the same week")
    expect(record).to_contain_text(STATEMENTS["advance"])


def test_scrutiny_finds_reads_and_downloads_the_record_with_every_answer(
    page: Page, sign_in: SignIn, people: People, council: Council
) -> None:
    reference, number = council.places["signed_off"]
    sign_in(page, "scrutiny").goto("/register")
    page.get_by_label("Words").fill("holbeck")
    page.get_by_label("Type of scheme").select_option("regeneration")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".app-result")).to_have_count(1)
    page.get_by_role("link", name="Holbeck group repair and Heart of Holbeck").click()
    expect(page.locator("h1")).to_contain_text("Holbeck")
    shown = _words(page.locator("main").inner_text())
    with page.expect_download() as started:
        page.get_by_role("link", name="Download as PDF").click()
    assert started.value.suggested_filename.startswith(f"{reference} v{number} Holbeck")
    printed = _words(text_of(started.value.path().read_bytes()))
    content = load.read("holbeck")
    with people.place.database.reading() as session:
        work = people.work(session, "scrutiny")
        case = open_case(work, reference, number)
        frozen = read_record(work, case).source.payload["answers"]
    asked = 0
    for questionnaire, kind in ((case.screening, "screening"), (case.questionnaire, "assessment")):
        for answer in frozen[kind]:
            question = questionnaire.question_by_id[answer["question"]]
            asked += 1
            told = (
                {part: answer["value"][part] for part in ("title", "period", "area", "source", "values")}
                if question.type == "indicator"
                else as_text(question, answer["value"], questionnaire)
            )
            for text in _texts(told):
                assert _words(text) in printed, f"{question.id} is not printed: {text!r}"
                assert _words(text) in shown, f"{question.id} is not on the page: {text!r}"
    assert asked >= len(content["answers"])
    for impact in content["impacts"]:
        assert _words(impact["because"]) in printed


def _texts(found: Any) -> list[str]:
    if isinstance(found, str):
        return [found]
    return [text for part in (found.values() if isinstance(found, dict) else found) for text in _texts(part)]


def _words(text: str) -> str:
    """Letters and digits alone: how lines are broken, hyphenated or set off differs between paper and screen."""
    return re.sub(r"\W+", "", text).lower()
