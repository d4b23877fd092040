"""Nothing typed is lost, in a real browser: saved as people write, brought back, and never over somebody's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy import update

from hia_app.config import Settings
from hia_app.store.tables import UserSession
from tests.browser.conftest import SignIn
from tests.support.browsers import accessibility_problems, sideways_overflow
from tests.support.drafts import Drafts
from tests.support.office import QUESTIONNAIRES
from tests.support.people import PASSWORD, People

Opener = Callable[..., Page]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"questionnaires": QUESTIONNAIRES})


@pytest.fixture
def drafts(people: People) -> Drafts:
    return Drafts(people)


def cut(route: Route) -> None:
    """The line is dead for whatever would be saved."""
    route.abort("aborted") if route.request.method == "POST" else route.continue_()


def status(page: Page) -> Any:
    return page.locator("#autosave-status")


def test_answers_are_saved_as_people_write(page: Page, sign_in: SignIn, drafts: Drafts) -> None:
    reference = drafts.draft()
    sign_in(page, "officer").goto(drafts.path(reference, "sections/proposal"))
    page.get_by_label("What need does it meet?").fill("Cold homes.")
    expect(status(page)).to_contain_text("Saved at")
    with page.expect_response("**/sections/proposal"):
        page.get_by_label("What need does it meet?").fill("Cold and damp homes.")
    expect(status(page)).to_contain_text("Saved at")
    assert drafts.stored(reference)["why_needed"].value == "Cold and damp homes."
    assert page.evaluate("sessionStorage.length") == 0
    page.goto(drafts.path(reference))  # nothing asks whether to leave
    assert page.url.endswith(drafts.path(reference))


def test_a_question_that_applies_appears_at_once(page: Page, sign_in: SignIn, drafts: Drafts) -> None:
    reference = drafts.draft()
    sign_in(page, "officer").goto(drafts.path(reference, "sections/proposal"))
    further = page.get_by_label("How many have the need?")
    expect(further).to_be_hidden()
    page.locator("#need_counted").check()
    expect(further).to_be_visible()
    further.fill("300")
    expect(status(page)).to_contain_text("Saved at")
    page.locator("#need_counted-no").check()
    expect(further).to_be_hidden()
    page.locator("#need_counted").check()
    expect(further).to_be_visible()
    assert further.input_value() == "300"


def test_without_a_connection_the_text_stays_and_comes_back(page: Page, sign_in: SignIn, drafts: Drafts) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "sections/proposal")
    sign_in(page, "officer").goto(path)

    page.route("**/sections/*", cut)
    page.get_by_label("What need does it meet?").fill("Written on a train.")
    expect(status(page)).to_contain_text("Not saved yet")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.unroute("**/sections/*")
    expect(page.get_by_label("What need does it meet?")).to_have_value("Written on a train.")
    page.get_by_label("What will change for residents?").fill("More.")
    expect(status(page)).to_contain_text("Saved at")
    assert drafts.stored(reference)["why_needed"].value == "Written on a train."


def test_a_session_that_ends_in_the_middle_of_an_answer_loses_nothing(
    app: Flask, page: Page, sign_in: SignIn, drafts: Drafts
) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "sections/proposal")
    text = "Damp walls and cold rooms. " * 115  # about 3,000 characters
    long = text[:2_000].rpartition(" ")[0]
    sign_in(page, "officer").goto(path)
    database = app.extensions["hea"].database
    with database.writing() as session:
        session.execute(update(UserSession).values(ended_at=app.extensions["hea"].clock()))
    page.get_by_label("What will change for residents?").fill(long)
    expect(status(page)).to_contain_text("signed out")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("Email").fill("officer@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    page.get_by_role("button", name="Save it now").click()
    page.wait_for_url("**/sections/*")
    assert drafts.stored(reference)["what_will_change"].value == long
    page.goto(path)
    expect(page.get_by_label("What will change for residents?")).to_have_value(long)
    expect(status(page)).to_have_text("")


def test_two_officers_on_one_answer_see_both_texts(open_page: Opener, sign_in: SignIn, drafts: Drafts) -> None:
    reference = drafts.draft()
    drafts.invite(reference, "contributor", [])
    path = drafts.path(reference, "sections/proposal")
    first, second = sign_in(open_page(), "officer"), sign_in(open_page(), "contributor")
    for page in (first, second):
        page.goto(path)
    first.get_by_label("What need does it meet?").fill("What the officer wrote.")
    expect(status(first)).to_contain_text("Saved at")
    second.get_by_label("What need does it meet?").fill("What the contributor wrote.")
    expect(status(second)).to_contain_text("Somebody else changed an answer")
    second.get_by_role("button", name="Save and continue").click()
    expect(second.get_by_role("heading", name="Two people wrote at the same time")).to_be_visible()
    expect(second.get_by_text("What the officer wrote.")).to_be_visible()
    assert accessibility_problems(second) == []
    second.get_by_label("Edit what I wrote before saving").check()
    second.get_by_role("button", name="Save", exact=True).click()
    box = second.get_by_label("What need does it meet?")
    expect(box).to_have_value("What the contributor wrote.")
    box.fill("What both wrote.")
    expect(status(second)).to_contain_text("Saved at")
    assert drafts.stored(reference)["why_needed"].value == "What both wrote."


def test_signing_out_takes_unsaved_text_out_of_the_browser(page: Page, sign_in: SignIn, drafts: Drafts) -> None:
    reference = drafts.draft()
    sign_in(page, "officer").goto(drafts.path(reference, "sections/proposal"))
    page.route("**/sections/*", cut)
    page.get_by_label("What need does it meet?").fill("Confidential.")
    expect(status(page)).to_contain_text("Not saved yet")
    assert page.evaluate("sessionStorage.length") == 1
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in*")
    assert page.evaluate("sessionStorage.length") == 0


@pytest.mark.parametrize("width", [1280, 320])
def test_every_kind_of_question_is_accessible(open_page: Opener, sign_in: SignIn, drafts: Drafts, width: int) -> None:
    reference = drafts.returned(("section", "people"), ("question", "why_needed"))
    draft = drafts.draft()
    page = sign_in(open_page(viewport={"width": width, "height": 900}), "officer")
    sections = ("proposal", "places", "people", "best_start", "actions")
    paths = [drafts.path(draft, f"sections/{one}") for one in sections]
    paths += [drafts.path(draft, one) for one in ("", "screening", "proposal", "check", "contributors", "withdraw")]
    paths += [drafts.path(reference, one) for one in ("", "points", "history", "sections/people")]
    found = []
    for path in ["/assessments/new", *paths]:
        page.goto(path)
        found += [f"{path}: {problem}" for problem in accessibility_problems(page)]
        if sideways_overflow(page):
            found.append(f"{path}: wider than its window by {sideways_overflow(page)}")
    page.goto(drafts.path(draft, "sections/people"))
    page.get_by_text("Give one reason for several groups").click()
    page.locator("#population_groups-shared_groups").check()
    page.get_by_role("button", name="Save and continue").click()
    found += [f"with errors: {problem}" for problem in accessibility_problems(page)]
    assert page.title().startswith("Error: ")
    assert found == []
