"""Six wards of Leeds: places chosen, impacts spread over private-rented homes, a stop, and what lifts it and why."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import uuid4

from playwright.sync_api import Page, expect

from hia_app.services import areas, assessments, responsibilities, reviews, screening
from hia_app.services.work import Work, open_case
from tests.browser.conftest import SignIn
from tests.support.answering import fill
from tests.support.areas import SIX_WARDS, WORDS, leeds
from tests.support.drafts import PROPOSAL, Drafts
from tests.support.people import People
from tests.support.reviewing import submit_as_it_is

Opener = Callable[..., Page]
REASON = "The protocol has an owner, a date and money, and reaches the tenant before the home is lost."


def licensing(drafts: Drafts, figures: bytes) -> str:
    """A selective-licensing assessment in which everything is answered but the places, and no impact is recorded."""
    drafts.within("administrator", lambda work: areas.import_file(work, io.BytesIO(figures), **WORDS))
    proposal = replace(PROPOSAL, title="Selective licensing, six wards", scheme_type="selective_licensing")
    reference = drafts.within("officer", lambda work: assessments.start(work, str(uuid4()), proposal).reference)
    chief = drafts.people.id("decision_maker")

    def answered(work: Work) -> None:
        case = open_case(work, reference, 1)
        fill(work, case, case.screening, {"changes_home": "yes"})
        screening.screen_in(work, case)
        case = open_case(work, reference, 1)
        fill(work, case, case.questionnaire, {"places_affected": {"description": "Six wards", "areas": []}})
        responsibilities.name_decision_maker(work, case, chief)

    drafts.within("officer", answered)
    return reference


def test_six_wards_stop_and_what_lifts_it(open_page: Opener, sign_in: SignIn, people: People) -> None:
    figures = leeds()
    drafts = Drafts(people)
    reference = licensing(drafts, figures)
    officer = sign_in(open_page(), "officer")

    officer.goto(drafts.path(reference, "places/places_affected/"))
    for ward in SIX_WARDS:
        officer.get_by_label(f"All of {ward}", exact=True).check()
    expect(officer.locator("[data-sums-words]")).to_contain_text("in 6 wards")
    officer.get_by_role("button", name="Save the places").click()

    add_impact(officer, drafts.path(reference, "sections/prevention"), "They gain", "live without serious hazards",
               "moderate", "22%")  # fmt: skip
    add_impact(officer, drafts.path(reference, "sections/healthy_places"), "They lose", "lose the home they rent",
               "major", "2%")  # fmt: skip
    expect(officer.get_by_text("of 22,928 private-rented homes in the chosen places (2%)")).to_be_visible()

    rating = drafts.path(reference, "rating/")
    officer.goto(rating)
    expect(officer.locator(".app-verdict")).to_contain_text("Stop: a serious harm remains")
    expect(officer.locator(".app-verdict")).to_contain_text("lose the home they rent")
    expect(officer.get_by_role("figure")).to_contain_text("Made-up figures, Census 2021")

    officer.get_by_role("link", name="Change I2 or commit to a mitigation").click()
    officer.locator("#I2").get_by_role("link", name="Change").click()
    officer.get_by_role("link", name="What will you do about it?").click()
    commit(officer)
    officer.goto(rating)
    expect(officer.locator(".app-verdict")).to_contain_text("Stop: a serious harm remains")
    expect(officer.get_by_text("it counts once a reviewer countersigns it")).to_be_visible()
    expect(officer.get_by_role("link", name="Change I2 or commit to a mitigation")).to_have_count(0)

    def submit(work: Work) -> None:
        submit_as_it_is(work, open_case(work, reference, 1))

    drafts.within("officer", submit)
    drafts.within("reviewer", lambda work: reviews.take(work, open_case(work, reference, 1), no_conflict=True))

    reviewer = sign_in(open_page(), "reviewer")
    reviewer.goto(drafts.path(reference, "review"))
    reviewer.get_by_role("link", name="Countersign").first.click()
    reviewer.get_by_label("Why do you believe that it will do this?").fill(REASON)
    reviewer.get_by_role("button", name="Countersign").click()
    expect(reviewer.locator(".govuk-notification-banner")).to_contain_text("It counts from now on")

    for page in (reviewer, officer):
        page.goto(rating)
        verdict = page.locator(".app-verdict")
        expect(verdict).to_contain_text("Rule 3 (3b)")
        expect(verdict).not_to_contain_text("Stop")
        expect(page.get_by_role("region", name="Harm register")).to_contain_text(REASON)
        page.goto(drafts.path(reference, "history"))
        expect(page.locator(".app-history")).to_contain_text("Countersigned a mitigation: I2")
        expect(page.locator(".app-history")).to_contain_text(REASON)


def add_impact(page: Page, section: str, direction: str, effect: str, magnitude: str, share: str) -> None:
    """One impact on private tenants in the chosen places, through every step of the form."""
    page.goto(section)
    page.get_by_role("button", name="Add an impact").click()
    page.get_by_label(direction).check()
    page.locator("[name=groups][value=private_tenants]").check()
    for field, text in (("because", "landlords need a licence"), ("effect", effect), ("pathway", "matters to health")):
        page.locator(f"#{field}").fill(text)
    next_step(page)
    for field, value in (("magnitude", magnitude), ("likelihood", "likely"), ("duration", "long")):
        page.locator(f"[name={field}][value={value}]").check()
    page.locator("[name=reversible]").first.check()
    next_step(page)
    page.get_by_label("How many? Your best figure").fill(share)
    page.get_by_label("In the chosen places").check()
    page.get_by_label("Whom are they a part of?").select_option("private_rented")
    next_step(page)
    page.locator("#source").fill("Our judgement")
    page.locator("[name=confidence][value=medium]").check()
    page.get_by_role("button", name="Save impact").click()
    expect(page.locator("main")).to_contain_text(effect)


def commit(page: Page) -> None:
    """A protocol with owner, date, money and measure, that claims two steps."""
    page.locator("#action").fill("Agree a tenancy-protection protocol with every landlord")
    page.locator("#action_owner").fill("Homelessness prevention lead")
    due = date(2027, 2, 26)
    for part in ("day", "month", "year"):
        page.locator(f"[name=due-{part}]").fill(str(getattr(due, part)))
    page.locator("[name=funding][value=confirmed]").check()
    page.locator("#measure").fill("Fewer than 1 in 200 homes a year loses its tenant")
    page.locator("[name=residual_magnitude][value=moderate]").check()
    page.locator("[name=residual_likelihood][value=possible]").check()
    page.get_by_role("button", name="Save").first.click()


def next_step(page: Page) -> None:
    page.locator("button:visible", has_text="Next step").first.click()
