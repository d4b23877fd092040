"""Nothing typed is lost on the demonstration's own pages: ended sessions, two writers, reloaded pages, no scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from hia_app.services.answers import answers_of
from hia_app.services.work import open_case
from hia_app.store.tables import UserSession
from tests.browser.conftest import SignIn
from tests.support.council import Council
from tests.support.people import People

pytestmark = pytest.mark.in_council

Opener = Callable[..., Page]
LONG = ("Neighbourhood conversations described overcrowding, condensation and breathlessness. " * 36)[:3_000].strip()
FIELD = '[name="what_will_change"]'


def proposal_page(council: Council) -> str:
    reference, number = council.places["draft"]
    return f"/assessments/{reference}/{number}/sections/proposal"


def stored(people: People, council: Council, question: str) -> object:
    with people.place.database.reading() as session:
        work = people.work(session, "officer")
        return answers_of(work, open_case(work, *council.places["draft"]))[question].value


def test_a_session_that_ended_in_the_middle_of_3000_characters(
    open_page: Opener, sign_in: SignIn, people: People, council: Council
) -> None:
    """Without scripts, so that nothing but the button and the server can save the text."""
    assert 2_990 <= len(LONG) <= 3_000
    page = sign_in(open_page(java_script_enabled=False), "officer")
    page.goto(proposal_page(council))
    page.locator(FIELD).fill(LONG)
    with people.place.database.writing() as session:
        session.execute(update(UserSession).values(ended_at=people.place.clock()))
    page.get_by_role("button", name="Save and continue").last.click()
    expect(page.locator("body")).to_contain_text("What you typed is kept")

    # Somebody else at the same browser does not see a word of it.
    other = sign_in(open_page(java_script_enabled=False), "contributor")
    other.goto("/")
    expect(other.locator("body")).not_to_contain_text("Neighbourhood conversations")

    page.get_by_label("Email address").fill("officer@example.org")
    page.get_by_label("Password", exact=True).fill(council.passwords["officer"])
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.locator("main")).to_contain_text("condensation and breathlessness")
    page.get_by_role("button", name="Save it now").click()
    page.goto(proposal_page(council))
    assert stored(people, council, "what_will_change") == LONG
    expect(page.locator(FIELD)).to_have_value(LONG)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_two_people_on_one_answer_choose_between_both_texts(
    open_page: Opener, sign_in: SignIn, people: People, council: Council, scripts: bool
) -> None:
    owner, helper = (sign_in(open_page(java_script_enabled=scripts), who) for who in ("officer", "contributor"))
    for page in (owner, helper):
        page.goto(proposal_page(council))
    owner.locator(FIELD).fill("What the owner wrote.")
    owner.get_by_role("button", name="Save and continue").last.click()
    owner.wait_for_url(re.compile("/sections/(?!proposal)"))

    helper.locator(FIELD).fill("What the contributor wrote.")
    if scripts:
        expect(helper.locator("#autosave-status")).to_contain_text("Somebody else changed an answer")
    helper.get_by_role("button", name="Save and continue").last.click()
    expect(helper.locator("h1")).to_have_text("Two people wrote at the same time")
    expect(helper.locator("main")).to_contain_text("What the owner wrote.")
    expect(helper.locator("main")).to_contain_text("What the contributor wrote.")
    assert stored(people, council, "what_will_change") == "What the owner wrote."  # nothing is overwritten in silence

    helper.get_by_label(re.compile("Keep what I wrote|what I wrote", re.I)).first.check()
    helper.get_by_role("button", name="Save", exact=True).click()
    helper.wait_for_url(re.compile("/sections/"))
    assert stored(people, council, "what_will_change") == "What the contributor wrote."


def test_typed_text_survives_a_reload_without_pressing_save(page: Page, sign_in: SignIn, council: Council) -> None:
    sign_in(page, "officer").goto(proposal_page(council))
    page.locator(FIELD).fill("Typed, and never saved by hand.")
    expect(page.locator("#autosave-status")).to_contain_text("Saved at")
    page.reload()
    expect(page.locator(FIELD)).to_have_value("Typed, and never saved by hand.")
