"""Fills in real pages the way people do: one visible field after the other, then the button."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from playwright.sync_api import Locator, Page, expect

from hia_app.demo.stage import impact_form
from hia_app.domain.answers import form_values
from hia_app.domain.questionnaire import Question, Section

Given = Mapping[str, Any]


# One question to the page instead of several for each field: what the fields of a form are, and which are folded away.
FIELDS = """form => Object.fromEntries(Array.from(form.querySelectorAll("[name]"), field => [
    field.name, {type: field.type, folded: field.closest("details:not([open])") !== null},
]))"""
VISIBLE = "blocks => blocks.filter(block => block.checkVisibility()).map(block => block.id)"


def fill(form: Locator, fields: Mapping[str, str | Sequence[str]]) -> None:
    """The fields of a form: a choice is ticked, anything else is typed; what is folded away is unfolded first."""
    given = {name: value for name, value in fields.items() if value not in ("", [])}
    there = form.evaluate(FIELDS) if given else {}
    for name, value in given.items():
        known = there.get(name) or form.evaluate(FIELDS)[name]  # some fields come with the answer to another
        _put(form, name, value, known)


def _put(form: Locator, name: str, value: str | Sequence[str], known: Mapping[str, Any]) -> None:
    field = form.locator(f'[name="{name}"]')
    if known["type"] in {"radio", "checkbox"}:
        for one in [value] if isinstance(value, str) else value:
            choice = form.locator(f'[name="{name}"][value="{one}"]')
            if known["folded"]:
                unfold(choice)
            choice.check()
        return
    assert isinstance(value, str)
    if known["folded"]:
        unfold(field)
    if known["type"] == "select-one":
        field.select_option(value)
    else:
        field.fill(value)


def unfold(field: Locator) -> None:
    closed = field.locator("xpath=ancestor::details[not(@open)]/summary")
    if closed.count():
        closed.first.click()


# ---- questions ----


def fill_section(page: Page, section: Section, given: Given, *, scripts: bool) -> None:
    """Answer everything on this page that there is an answer for, and go on with “Save and continue”.

    Answers show further questions: at once where scripts run, else after the page has been saved.
    """
    asked = [one for one in section.questions if one.id in given]
    done: set[str] = set()
    here = page.url.partition("?")[0].partition("#")[0]
    for _ in range(6):
        _fill_visible(page, asked, given, done)
        if scripts and len(done) < len(asked):
            expect(page.locator("#autosave-status")).to_contain_text("Saved at")
            _fill_visible(page, asked, given, done)
        page.locator("#answers").get_by_role("button", name="Save and continue").click()
        page.wait_for_load_state()
        assert page.locator(".govuk-error-summary").count() == 0, page.locator(".govuk-error-summary").inner_text()
        if not page.url.startswith(here):
            return
    raise AssertionError(f"{section.id} never ended; not answered: {[q.id for q in asked if q.id not in done]}")


def _fill_visible(page: Page, asked: Sequence[Question], given: Given, done: set[str]) -> None:
    before = None
    while before != len(done):  # the button for another row saves the page, which may show a question further up
        before = len(done)
        visible = page.locator('[id^="question-"]').evaluate_all(VISIBLE)
        for question in asked:
            if question.id in done or f"question-{question.id}" not in visible:
                continue
            if question.type in {"list", "file"}:
                _fill_rows(page, question, given[question.id])
            else:
                fill(page.locator(f"#question-{question.id}"), form_values(question, given[question.id]))
            done.add(question.id)


def _fill_rows(page: Page, question: Question, rows: Sequence[Mapping[str, str]]) -> None:
    """Row by row; the button for another row saves the page, with or without scripts."""
    fields = form_values(question, rows)
    for number in range(1, len(rows) + 1):
        block = page.locator(f"#question-{question.id}")
        mine = {name: value for name, value in fields.items() if name.startswith(f"{question.id}-{number}-")}
        if number > 1 and not block.locator(f'[name^="{question.id}-{number}-"]').count():
            block.get_by_role("button", name=re.compile("^Add another")).click()
            page.wait_for_load_state()
        fill(page.locator(f"#question-{question.id}"), mine)


# ---- impacts ----


def fill_impact(page: Page, impact: Mapping[str, Any], *, scripts: bool) -> None:
    """The impact form from the page that asks who: five steps on one page, or five pages without scripts."""
    fields = impact_form(impact)
    if impact["spread_kind"] != "declared":
        fields.pop("spread_source", None)  # asked only of people who give figures of their own
    if impact["direction"] == "not_known":
        fields.pop("reach_unit", None)  # nobody is asked how many, when it is not known what
    if scripts:
        page.goto(re.sub(r"/who(\?|$)", r"/all\1", page.url))
    left = set(fields)
    for _ in range(5):
        form = page.locator("#impact-form")
        steps = form.locator("[data-step]").all() if scripts else [form]
        for step in steps:
            if scripts and not step.is_visible():
                continue
            if scripts:
                _open_step(step)
            there = step.evaluate(FIELDS)
            for name in [one for one in fields if one in left and one in there]:
                if there[name]["type"] == "checkbox":
                    _tick_exactly(step, name, fields[name])
                else:
                    _put(step, name, fields[name][0], there[name])
                left.discard(name)
        form.get_by_role("button", name=re.compile("^Save (and continue|impact)$")).click()
        page.wait_for_load_state()
        assert page.locator(".govuk-error-summary").count() == 0, page.locator(".govuk-error-summary").inner_text()
        if not page.locator("#impact-form").count():
            break
    assert not left, f"There was no field for {left}"


def _open_step(step: Locator) -> None:
    toggle = step.locator(".app-step__toggle")
    if toggle.count() and toggle.get_attribute("aria-expanded") == "false":
        toggle.click()


def _tick_exactly(step: Locator, name: str, wanted: Sequence[str]) -> None:
    """A suggestion may have ticked something else already."""
    for box in step.locator(f'[name="{name}"]').all():
        chosen = box.get_attribute("value") in wanted
        if box.is_checked() != chosen:
            unfold(box)
            box.set_checked(chosen)
