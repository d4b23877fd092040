"""An impact recorded with the keyboard alone: Tab, Space, the arrows and Enter."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.support.council import Council

pytestmark = pytest.mark.in_council


def tab_to(page: Page, wanted: Locator, most: int = 150) -> None:
    """Press Tab until this has the focus, and see that a person could tell where they are."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.count() and wanted.evaluate("one => one === document.activeElement"):
            assert wanted.evaluate("one => one.matches(':focus-visible')")
            return
    raise AssertionError(f"Tab never comes to {wanted}")


def test_an_impact_is_recorded_with_the_keyboard_alone(page: Page, sign_in: SignIn, council: Council) -> None:
    reference, number = council.places["draft"]
    sign_in(page, "officer").goto(f"/assessments/{reference}/{number}/sections/best_start")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Add an impact"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/impacts/**")

    def field(name: str, value: str = "") -> Locator:
        return page.locator(f'#impact-form [name="{name}"]' + (f'[value="{value}"]' if value else "")).first

    def write(name: str, text: str) -> None:
        tab_to(page, field(name))
        page.keyboard.type(text)

    def choose(name: str, downs: int) -> None:
        """Into the set of choices, the first with Space, and on with the arrow."""
        tab_to(page, field(name))
        page.keyboard.press("Space")
        for _ in range(downs):
            page.keyboard.press("ArrowDown")

    def next_step() -> None:
        tab_to(page, page.get_by_role("button", name="Next step").and_(page.locator(":visible")))
        page.keyboard.press("Enter")

    choose("direction", 0)
    tab_to(page, field("groups"))
    page.keyboard.press("Space")
    write("because", "a play street opens every Sunday")
    write("effect", "have a safe place to play")
    write("pathway", "keeps children moving")
    next_step()
    choose("magnitude", 1)
    choose("likelihood", 2)
    choose("duration", 1)
    choose("reversible", 0)
    next_step()
    write("reach_mid", "120")
    choose("spread_kind", 1)
    next_step()
    write("source", "Our judgement, after two trial Sundays")
    choose("confidence", 1)
    next_step()
    tab_to(page, page.get_by_role("button", name="Save impact"))
    page.keyboard.press("Enter")

    page.wait_for_url("**/sections/best_start*")
    card = page.locator(".app-impact", has_text="have a safe place to play")
    expect(card).to_contain_text("About 120 people")
    expect(card).not_to_contain_text("Unfinished")
    expect(card.get_by_role("link", name="Change")).to_be_visible()
