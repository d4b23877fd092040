"""The whole address map, for everybody: accessible, quiet, without sideways scrolling, and usable without scripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser.conftest import SignIn
from tests.support.browsers import accessibility_problems, sideways_overflow
from tests.support.council import Councils
from tests.support.filling import unfold
from tests.support.people import People
from tests.support.site import Address, rules
from tests.support.walk import EVERYBODY, Walk

pytestmark = pytest.mark.in_council

Opener = Callable[..., Page]
# These send on to a page, or send a file.
NOT_SEEN = (
    "/impacts/new",
    ".pdf",
    ".json",
    ".csv",
    ".xlsx",
    ".docx",
    "/download",
    "/register/<reference>/<int:number>/evidence/<uuid:evidence_id>",
    "/theme.css",
)


FEW_NEW = 3


def worth_opening(walk: Walk) -> dict[str, list[Address]]:
    """For each person a few pages of each rule, which together show every kind of element wherever it occurs.

    The richest come first, so that long words and full tables are among them.
    """
    chosen: dict[str, list[Address]] = {who: [] for who in EVERYBODY}
    known, seen = set(), set()
    for who, pages in chosen.items():
        found = [(visit.address, page) for visit, page in walk.seen() if visit.who == who]
        for address, page in sorted(found, key=lambda pair: -len(pair[1].shape)):
            shown = {(address.rule, *pair) for pair in zip(page.shape, page.shape[1:], strict=False)}
            if address.rule not in known or len(shown - seen) > FEW_NEW:
                pages.append(address)
                known.add(address.rule)
                seen |= shown
    return chosen


def test_every_rule_is_seen_by_somebody(app: Flask, walk: Walk) -> None:
    """A new page without an example, or that nobody reaches, is noticed here; then it is examined below."""
    seen = {visit.address.rule for visit, _ in walk.seen()}
    unseen = {rule.rule for rule in rules(app)} - seen
    assert {rule for rule in unseen if not rule.endswith(NOT_SEEN)} == set()


def test_titles_ids_and_links_of_every_page(walk: Walk) -> None:
    """One page, one title; no id twice; every link inside a page leads somewhere on it, every other to a page."""
    faults, titles = set(), {}
    for visit, page in walk.seen():
        path = visit.address.path
        titles.setdefault((visit.address.where, page.title), set()).add(visit.address.rule)
        twice = [one for one, times in Counter(page.ids).items() if times > 1]
        if twice:
            faults.add(f"{path} has ids twice: {twice}")
        here = path.partition("?")[0]
        for link in page.links:
            target, anchor = urldefrag(urljoin(path, link))
            if anchor and target.partition("?")[0] == here and anchor not in page.ids:
                faults.add(f"{path} leads to #{anchor}, which is not there (as {visit.who or 'nobody'})")
    same = {title: paths for title, paths in titles.items() if len({_plain(path) for path in paths}) > 1}
    assert not same, f"Pages that nobody can tell apart by their title: {same}"
    assert not faults, "\n".join(sorted(faults))


def _plain(rule: str) -> str:
    return rule.partition("?")[0]


def test_no_link_of_a_page_is_broken(people: People, walk: Walk) -> None:
    """Whoever is shown a link may follow it."""
    broken = set()
    answers = {(visit.who, visit.address.path): visit.status for visit in walk.visits}
    visitors = {who: people.client(who) if who else people.app.test_client() for who in EVERYBODY}
    for visit, page in walk.seen():
        who = visit.who
        for link in page.links:
            target = urldefrag(urljoin(visit.address.path, link))[0]
            if urlsplit(target).netloc or not target.startswith("/") or target.startswith("/static"):
                continue
            if (who, target) not in answers:
                answers[who, target] = visitors[who].get(target).status_code
            if (status := answers[who, target]) >= 400:
                broken.add(
                    f"{target} answers {status} to {who or 'nobody'}, who is led there from {visit.address.rule}"
                )
    assert not broken, "\n".join(sorted(broken))


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who or "signed out")
def test_every_page_is_accessible(open_page: Opener, sign_in: SignIn, walk: Walk, who: str) -> None:
    """axe finds nothing; nothing overflows at 320 pixels or at double text size; nothing in the console."""
    page = open_page()
    if who:
        sign_in(page, who)
    faults = []
    for address in worth_opening(walk)[who]:
        page.goto(address.path)
        faults += [f"{address.path}: {found}" for found in accessibility_problems(page)]
        page.set_viewport_size({"width": 320, "height": 800})
        if over := sideways_overflow(page):
            faults.append(f"{address.path}: {over} pixels too wide at 320")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        if over := sideways_overflow(page):
            faults.append(f"{address.path}: {over} pixels too wide with large text")
    assert not faults, "\n".join(faults)


# ---- forms ----


def forms_of(app: Flask, walk: Walk) -> dict[str, tuple[str, Address, str]]:
    """For each rule that changes something: who meets its form, on which page, and the button that sends it."""
    adapter = app.url_map.bind("localhost")
    found: dict[str, tuple[str, Address, str]] = {}
    for visit, page in walk.seen():
        for form in page.forms:
            if form.method != "post":
                continue
            sends = {form.action: f'form[action="{form.action}"] button[type="submit"]:not([formaction])'}
            sends |= {action: f'button[formaction="{action}"]' for action in form.other_actions}
            for action, button in sends.items():
                path = urlsplit(urljoin(visit.address.path, action)).path
                rule, _ = adapter.match(path, method="POST", return_rule=True)
                found.setdefault(rule.rule, (visit.who, visit.address, button))
    return found


def test_every_change_has_a_form_and_works_without_scripts(
    open_page: Opener, sign_in: SignIn, walk: Walk, people: People, councils: Councils
) -> None:
    """Each form is opened and sent as it stands, by somebody whose browser runs no scripts."""
    found = forms_of(people.app, walk)
    missing = {rule.rule for rule in rules(people.app, "POST")} - set(found) - ONLY_WITH_SCRIPTS
    assert not missing, f"No page has a form for {missing}"
    faults = []
    pages = {who: open_page(java_script_enabled=False) for who, _, _ in found.values()}
    for rule, (who, address, button) in sorted(found.items()):
        councils.begin_again(people.place.database)
        page = pages[who]
        if who:
            sign_in(page, who)
        page.goto(address.path)
        unfold(page.locator(button).last)
        with page.expect_navigation() as sent:
            page.locator(button).last.click()
        status = sent.value.status
        if status not in {200, 422}:
            faults.append(f"{rule} from {address.path}: {status}")
        elif status == 422:
            if not page.title().startswith("Error: "):
                faults.append(f"{rule}: errors are not in the title")
            if not page.locator(".govuk-error-summary a").count():
                faults.append(f"{rule}: no summary that leads to the errors")
    assert not faults, "\n".join(faults)


ONLY_WITH_SCRIPTS = {
    "/assessments/<reference>/<int:number>/impacts/<uuid:impact_id>/preview",
    "/assessments/<reference>/<int:number>/places/<question_id>/sums",
}
