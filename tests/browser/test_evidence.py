"""Attaching a file in a real browser: what was typed on the section is there afterwards, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hia_app.config import Settings
from tests.support import files
from tests.support.drafts import Drafts
from tests.support.office import QUESTIONNAIRES
from tests.support.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"questionnaires": QUESTIONNAIRES, "evidence_file_mb": 1})


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_is_attached_and_nothing_typed_is_lost(
    open_page: Callable[..., Page], people: People, tmp_path: Path, scripts: bool
) -> None:
    reference = Drafts(people).draft()
    cookie = people.client("officer").get_cookie("session")
    assert cookie is not None
    page = open_page(java_script_enabled=scripts)
    page.goto("/sign-in")
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": page.url}])
    page.goto(f"/assessments/{reference}/1/sections/proposal")
    page.fill("[name=why_needed]", "Cold homes make people ill.")
    question = page.locator("#question-why_needed")
    question.locator("summary", has_text="Evidence").click()
    question.get_by_role("button", name="Save and add evidence").click()
    (tmp_path / "survey.pdf").write_bytes(files.PDF)
    (tmp_path / "large.txt").write_bytes(b"x" * 1_000_001)
    if scripts:
        page.set_input_files("#file", tmp_path / "large.txt")
        assert "too large" in page.locator("[role=alert]").inner_text()
    page.set_input_files("#file", tmp_path / "survey.pdf")
    page.get_by_label("Strong").check()
    page.get_by_role("button", name="Attach").click()
    assert page.get_by_text("The file is attached.").is_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="survey.pdf", exact=True).click()
    assert download.value.suggested_filename == "survey.pdf"
    assert Path(download.value.path()).read_bytes() == files.PDF
    page.get_by_role("link", name="Back to the question").click()
    assert page.input_value("[name=why_needed]") == "Cold homes make people ill."
    assert page.locator("#question-why_needed summary", has_text="Evidence (1)").is_visible()
