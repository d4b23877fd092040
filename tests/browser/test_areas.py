"""Area figures in a real browser: imported with progress, places summed up at once, and used in an impact."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hia_app.services import areas
from hia_app.worker.duties import Duties
from tests.browser.conftest import SignIn
from tests.support.areas import WORDS, table
from tests.support.browsers import accessibility_problems, sideways_overflow
from tests.support.drafts import Drafts
from tests.support.people import People

Opener = Callable[..., Page]
PLACES = "places/places_affected/"


@pytest.fixture
def drafts(people: People) -> Drafts:
    return Drafts(people)


def draft(drafts: Drafts) -> str:
    """A draft of the officer's that began with the made-up figures."""
    drafts.within("administrator", lambda work: areas.import_file(work, io.BytesIO(table()), **WORDS))
    return drafts.draft()


def sums(page: Page, row: str) -> list[str]:
    return page.locator(f"[data-row={row}] td").all_inner_texts()


def test_an_import_is_watched_says_what_is_wrong_and_then_that_it_is_done(
    page: Page, sign_in: SignIn, people: People, tmp_path: Path
) -> None:
    headless, broken, good = (tmp_path / f"{name}.csv" for name in ("headless", "broken", "good"))
    headless.write_text("nothing,of,the,kind\n")
    broken.write_bytes(table(20, row3={"imd_rank": "?"}))
    good.write_bytes(table())
    sign_in(page, "administrator").goto("/admin/areas/import")
    for field, text in WORDS.items():
        page.locator(f"#{field}").fill(text)
    hand_in(page, headless)
    expect(page.get_by_role("heading", name="problems in the file")).to_be_visible()
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    assert page.title().startswith("Error:")
    hand_in(page, broken)
    expect(page.get_by_text("0 of 20 rows read.")).to_be_visible()
    assert accessibility_problems(page) == []
    do_import(people, page)  # and the page says so by itself
    expect(page.get_by_role("heading", name="1 problem in the file")).to_be_visible()
    expect(page.get_by_text("Line 4")).to_be_visible()
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="Choose a table again").click()
    expect(page.get_by_label("Source")).to_have_value(WORDS["source"])
    hand_in(page, good)
    expect(page.get_by_text("0 of 20 rows read.")).to_be_visible()
    do_import(people, page)
    expect(page.get_by_text("20 small areas are imported as edition 1.")).to_be_visible()
    assert accessibility_problems(page) == []


def hand_in(page: Page, file: Path) -> None:
    page.get_by_label("The table").set_input_files(file)
    page.get_by_role("button", name="Import the table").click()


def do_import(people: People, page: Page) -> None:
    """What the worker does about the import on the page, without an engine."""
    place = people.place
    duties = Duties(place.settings, place.database, place.shelf, place.clock)
    duties.import_areas(lambda act: act(), page.url.rpartition("/")[2])


def test_places_are_ticked_narrowed_and_summed_up_at_once(page: Page, sign_in: SignIn, drafts: Drafts) -> None:
    reference = draft(drafts)
    sign_in(page, "officer").goto(drafts.path(reference, "sections/places"))
    page.get_by_label("Describe the places").fill("The first ward")
    page.get_by_role("button", name="Choose small areas").click()
    page.get_by_label("All of Ward 1").check()
    expect(page.locator("[data-sums-words]")).to_have_text("5 small areas in 1 ward, with 5,015 residents")
    assert sums(page, "fifth_1") == ["4,010", "80.0%", "19.8%"]
    search = page.get_by_label("Ward, area name or code")
    search.fill("place 007")
    expect(page.get_by_label("All of Ward 1")).to_be_hidden()
    expect(page.get_by_text("1 small area matches.")).to_be_visible()
    expect(page.get_by_label("Little Place 006")).to_be_hidden()
    page.get_by_label("Little Place 007").check()
    expect(page.locator("[data-sums-words]")).to_have_text("6 small areas in 2 wards, with 6,022 residents")
    assert page.get_by_label("All of Ward 2").evaluate("box => box.indeterminate")
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="Save the places").click()
    expect(page.get_by_text("Saved: 6 small areas in 2 wards")).to_be_visible()
    expect(page.get_by_label("Describe the places")).to_have_value("The first ward")
    assert accessibility_problems(page) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_an_impact_takes_its_number_and_spread_from_the_places(
    open_page: Opener, sign_in: SignIn, drafts: Drafts, scripts: bool
) -> None:
    reference = draft(drafts)
    page = sign_in(open_page(java_script_enabled=scripts), "officer")
    page.goto(drafts.path(reference, PLACES))
    page.get_by_label("All of Ward 1").check()
    page.get_by_role("button", name="Save the places").click()
    page.goto(drafts.path(reference, "sections/best_start"))
    page.get_by_role("button", name="Add an impact").click()
    page.get_by_label("They gain").check()
    page.locator("[name=groups]").first.check()
    page.locator("#effect").fill("have safer homes")
    _on(page, scripts)
    for field in ("magnitude", "likelihood", "duration", "reversible"):
        page.locator(f"[name={field}]").first.check()
    _on(page, scripts)
    page.get_by_label("How many? Your best figure").fill("50%")
    page.get_by_label("In the chosen places").check()
    page.get_by_label("Whom are they a part of?").select_option("private_rented")
    if scripts:
        expect(page.locator("#impact-conversion")).to_contain_text("293 of 585 private-rented homes")
        assert accessibility_problems(page) == []
    page.get_by_role("button", name="Save impact" if scripts else "Save and finish later").click()
    need = "The need and the scheme: 293 of 585 private-rented homes in the chosen places (50%)."
    expect(page.get_by_text(need)).to_be_visible()
    page.goto(drafts.path(reference, "rating/"))
    expect(page.get_by_text(need)).to_be_visible()


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_no_page_of_areas_is_wider_than_the_screen(
    open_page: Opener, sign_in: SignIn, drafts: Drafts, width: int
) -> None:
    reference = draft(drafts)
    page = open_page(viewport={"width": width, "height": 800})
    sign_in(page, "officer").goto(drafts.path(reference, PLACES))
    page.get_by_label("All of Ward 3").check()
    page.get_by_role("button", name="Save and keep choosing").click()
    assert sideways_overflow(page) == 0
    page.goto(drafts.path(reference, "sections/places"))
    page.get_by_text("Who lives there, against the whole council").click()
    assert sideways_overflow(page) == 0
    sign_in(page, "administrator")
    for path in ("/admin/areas/", "/admin/areas/import"):
        page.goto(path)
        assert sideways_overflow(page) == 0


def _on(page: Page, scripts: bool) -> None:
    page.locator("button:visible", has_text="Next step" if scripts else "Save and continue").first.click()
