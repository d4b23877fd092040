"""The whole address map, for everybody: accessible, quiet, without sideways scrolling, and usable without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import Page

from hia_app.app import create_app
from tests.browser.conftest import SignIn
from tests.support.browsers import accessibility_problems, sideways_overflow
from tests.support.council import Council, Councils, settings_for
from tests.support.filling import unfold
from tests.support.people import People
from tests.support.site import Address, Read, addresses, read, rules

Opener = Callable[..., Page]
# Who is looked over the shoulder; the second officer and the second reviewer see what scrutiny and the first see.
ROLES = (
    "officer", "contributor", "section_contributor", "reviewer", "director", "scrutiny", "administrator", "nobody", "",
)  # fmt: skip
# Where people without a part in most assessments have something to see at all.
WHERE = {
    "contributor": {"draft", ""},
    "section_contributor": {"draft", ""},
    "director": {"reviewed", "signed_off", "signed_again", "in_review", ""},
    "scrutiny": {"signed_off", "superseded", "screened_out_confirmed", ""},
    "administrator": {"draft", "in_review", "withdrawn", "screened_out_confirmed", ""},
    "nobody": {""},
    "": {""},
}
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


class Site:
    """Every page that each person reaches, read once without a browser."""

    def __init__(self, people: People, council: Council) -> None:
        self.app = people.app
        self.people = people
        self.everything = addresses(people.app, council)
        self.pages: dict[str, list[tuple[Address, Read]]] = {}
        self.answers: dict[tuple[str, str], int] = {}
        for who in ROLES:
            visitor = people.client(who) if who else people.app.test_client()
            self.pages[who] = []
            for address in self.everything:
                if address.where not in WHERE.get(who, council.places.keys() | {""}):
                    continue
                answer = visitor.get(address.path)
                self.answers[who, address.path] = answer.status_code
                if answer.status_code == 200 and answer.mimetype == "text/html":
                    self.pages[who].append((address, read(answer.text)))
        self.worth_opening = self._worth_opening()

    def _worth_opening(self) -> dict[str, list[Address]]:
        """For each person a few pages of each rule, which together show every kind of element wherever it occurs.

        The richest come first, so that long words and full tables are among them.
        """
        chosen: dict[str, list[Address]] = {}
        known, seen = set(), set()
        for who, pages in self.pages.items():
            chosen[who] = []
            for address, found in sorted(pages, key=lambda pair: -len(pair[1].shape)):
                shown = {(address.rule, *pair) for pair in zip(found.shape, found.shape[1:], strict=False)}
                if address.rule not in known or len(shown - seen) > FEW_NEW:
                    chosen[who].append(address)
                    known.add(address.rule)
                    seen |= shown
        return chosen


FEW_NEW = 3


@pytest.fixture(scope="module")
def site(councils: Councils, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Read once; every test has a database of its own in which the addresses are the same."""
    instance = tmp_path_factory.mktemp("site") / "instance"
    council = councils.settle("sqlite", instance)
    with councils.copy("sqlite") as address:
        app = create_app(settings_for(address, instance))
        people = People(app)
        people.know(council.ids)
        yield Site(people, council)
        app.extensions["hea"].database.dispose()


def test_every_rule_is_seen_by_somebody(site: Site) -> None:
    """A new page without an example, or that nobody reaches, is noticed here; then it is examined below."""
    seen = {address.rule for found in site.pages.values() for address, _ in found}
    unseen = {rule.rule for rule in rules(site.app)} - seen
    assert {rule for rule in unseen if not rule.endswith(NOT_SEEN)} == set()


def test_titles_ids_and_links_of_every_page(site: Site) -> None:
    """One page, one title; no id twice; every link inside a page leads somewhere on it, every other to a page."""
    faults, titles = set(), {}
    for who, found in site.pages.items():
        for address, page in found:
            titles.setdefault((address.where, page.title), set()).add(address.rule)
            twice = {one for one in page.ids if page.ids.count(one) > 1}
            if twice:
                faults.add(f"{address.path} has ids twice: {twice}")
            here = address.path.partition("?")[0]
            for link in page.links:
                target, anchor = urldefrag(urljoin(address.path, link))
                if anchor and target.partition("?")[0] == here and anchor not in page.ids:
                    faults.add(f"{address.path} leads to #{anchor}, which is not there (as {who or 'nobody'})")
    same = {title: paths for title, paths in titles.items() if len({_plain(path) for path in paths}) > 1}
    assert not same, f"Pages that nobody can tell apart by their title: {same}"
    assert not faults, "\n".join(sorted(faults))


def _plain(rule: str) -> str:
    return rule.partition("?")[0]


def test_no_link_of_a_page_is_broken(site: Site) -> None:
    """Whoever is shown a link may follow it."""
    broken = set()
    for who, found in site.pages.items():
        visitor = site.people.client(who) if who else site.app.test_client()
        for address, page in found:
            for link in page.links:
                target = urldefrag(urljoin(address.path, link))[0]
                if urlsplit(target).netloc or not target.startswith("/") or target.startswith("/static"):
                    continue
                if (who, target) not in site.answers:
                    site.answers[who, target] = visitor.get(target).status_code
                if (status := site.answers[who, target]) >= 400:
                    met = f"{who or 'nobody'}, who is led there from {address.rule}"
                    broken.add(f"{target} answers {status} to {met}")
    assert not broken, "\n".join(sorted(broken))


@pytest.mark.parametrize("who", ROLES, ids=lambda who: who or "signed out")
def test_every_page_is_accessible(open_page: Opener, sign_in: SignIn, site: Site, who: str) -> None:
    """axe finds nothing; nothing overflows at 320 pixels or at double text size; nothing in the console."""
    page = open_page()
    if who:
        sign_in(page, who)
    faults = []
    for address in site.worth_opening[who]:
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


def forms_of(site: Site) -> dict[str, tuple[str, Address, str]]:
    """For each rule that changes something: who meets its form, on which page, and the button that sends it."""
    adapter = site.app.url_map.bind("localhost")
    found: dict[str, tuple[str, Address, str]] = {}
    for who, pages in site.pages.items():
        for address, page in pages:
            for form in page.forms:
                if form.method != "post":
                    continue
                sends = {form.action: f'form[action="{form.action}"] button[type="submit"]:not([formaction])'}
                sends |= {action: f'button[formaction="{action}"]' for action in form.other_actions}
                for action, button in sends.items():
                    path = urlsplit(urljoin(address.path, action)).path
                    rule, _ = adapter.match(path, method="POST", return_rule=True)
                    found.setdefault(rule.rule, (who, address, button))
    return found


def test_every_change_has_a_form_and_works_without_scripts(
    open_page: Opener, sign_in: SignIn, site: Site, people: People, councils: Councils
) -> None:
    """Each form is opened and sent as it stands, by somebody whose browser runs no scripts."""
    found = forms_of(site)
    missing = {rule.rule for rule in rules(site.app, "POST")} - set(found) - ONLY_WITH_SCRIPTS
    assert not missing, f"No page has a form for {missing}"
    faults = []
    for rule, (who, address, button) in sorted(found.items()):
        councils.begin_again(people.place.database)
        page = open_page(java_script_enabled=False)
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
        page.context.close()
    assert not faults, "\n".join(faults)


ONLY_WITH_SCRIPTS = {
    "/assessments/<reference>/<int:number>/impacts/<uuid:impact_id>/preview",
    "/assessments/<reference>/<int:number>/places/<question_id>/sums",
}
