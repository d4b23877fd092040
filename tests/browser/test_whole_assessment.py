"""The officer's whole assessment of Holbeck, from the sign-in page to the submission, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hia_app.demo import load
from hia_app.domain.answers import form_values
from hia_app.domain.proposal import questions
from hia_app.domain.questionnaire import Questionnaire
from tests.support.council import Council
from tests.support.filling import fill, fill_impact, fill_section
from tests.support.people import People

pytestmark = pytest.mark.in_council

Content = Mapping[str, Any]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_holbeck_from_the_sign_in_page_to_submission(
    open_page: Callable[..., Page], people: People, council: Council, scripts: bool
) -> None:
    page = open_page(java_script_enabled=scripts)
    page.set_default_timeout(10_000)
    content = load.read("holbeck")
    shelf = people.place.shelf
    _sign_in(page, "officer@example.org", council.passwords["officer"])
    _start(page, content["proposal"])
    _screen(page, shelf.screening(), content["screening"], scripts)
    _name_the_decision_maker(page)
    home = page.url
    _answer(page, shelf.current("regeneration"), content["answers"], scripts)
    _decide_about_suggestions(page, home, content, scripts)
    _submit(page, home)
    if scripts:
        _look_back(page, home, content)


def _sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/")
    expect(page).to_have_title(re.compile("^Sign in"))
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    if page.url.find("/kept/") > 0:  # text of an earlier session waits in this council
        page.get_by_role("link", name="Home").first.click()


def _start(page: Page, proposal: Content) -> None:
    page.goto("/")
    page.get_by_role("button", name="Start an assessment").or_(
        page.get_by_role("link", name="Start an assessment")
    ).first.click()
    expect(page.locator("h1")).to_have_text("Start an assessment")
    given = {**proposal, "body_meeting_date": proposal["body_meeting_date"] or None}
    for question in questions(()):
        if given.get(question.id):
            fill(page.locator("main"), form_values(question, given[question.id]))
    page.get_by_role("button", name="Start and go to the screening").click()
    expect(page.locator("h1")).to_have_text("Screening")


def _screen(page: Page, screening: Questionnaire, given: Content, scripts: bool) -> None:
    page.locator("main").get_by_role("link", name=screening.sections[0].title).click()
    for section in screening.sections:
        expect(page.locator("h1")).to_have_text(section.title)
        fill_section(page, section, given, scripts=scripts)
    expect(page.locator("main")).to_contain_text("A full assessment is needed")
    page.get_by_role("button", name="Begin the full assessment").click()
    expect(page.locator("main")).to_contain_text("Name the decision-maker")


def _name_the_decision_maker(page: Page) -> None:
    page.get_by_role("link", name="The proposal as a whole").click()
    page.get_by_label("Who is it?").select_option(label="Dana Director, Director (demonstration)")
    page.get_by_role("button", name="Name this person").click()
    expect(page.locator(".govuk-notification-banner")).to_contain_text("Dana Director is named")


def _answer(page: Page, questionnaire: Questionnaire, given: Content, scripts: bool) -> None:
    """Through the sections as “Save and continue” leads."""
    page.locator("main").get_by_role("link", name=questionnaire.sections[0].title, exact=True).click()
    for section in questionnaire.sections:
        expect(page.locator("h1")).to_have_text(section.title)
        fill_section(page, section, given, scripts=scripts)


def _decide_about_suggestions(page: Page, home: str, content: Content, scripts: bool) -> None:
    """Each suggestion is taken and filled in, or declined with a reason, where its section offers it."""
    for impact in content["impacts"]:
        key = content["accepted_suggestions"][impact["id"]]
        page.goto(f"{home}sections/{impact['section']}")
        page.locator(f'form[action$="/suggestions/{key}/accept"]').get_by_role("button").click()
        expect(page.locator(".govuk-notification-banner")).to_contain_text("Recorded as I")
        fill_impact(page, impact, scripts=scripts)
    for declined in content["declined_suggestions"]:
        page.goto(f"{home}suggestions/{declined['suggestion']}/decline")
        page.get_by_label("Your reason").fill(declined["reason"])
        page.get_by_role("button", name="Decline the suggestion").click()
        expect(page.locator(".govuk-notification-banner")).to_contain_text("has been declined")


def _submit(page: Page, home: str) -> None:
    page.goto(home)
    page.get_by_role("link", name=re.compile("^Check your answers")).click()
    expect(page.locator("main")).to_contain_text("Nothing is missing")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator(".govuk-notification-banner")).to_contain_text("Submitted")
    expect(page.locator(".app-caption-state")).to_contain_text("In review")


def _look_back(page: Page, home: str, content: Content) -> None:
    """The rating is the one that the demonstration has, and what was typed is what is shown."""
    page.goto(f"{home}rating/")
    expect(page.locator("main")).to_contain_text("Mixed")
    page.goto(f"{home}check")
    shown = " ".join(page.locator("main").inner_text().split())
    for answer in content["answers"].values():
        if isinstance(answer, str) and " " in answer:
            assert " ".join(answer.split()) in shown
