"""Every address of the product, with suitable arguments, for tests that look at all of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from hia_app.domain.impact_form import STEPS
from tests.support.council import Council
from tests.support.reviewing import QUESTION

# What people are on each of these: every state of an assessment, and what is around them.
Arguments = dict[str, Any]
FULL = "draft"  # the place whose every section is looked at; elsewhere two of each kind will do
FEW_SECTIONS = ("best_start", "about_the_change")
NOT_PAGES = frozenset({"static"})
# Ways to ask for a page that show it otherwise: nothing found, another shelf, a second page.
QUERIES = (
    "/register?words=zebra",
    "/register?signed_from=yesterday",
    "/register?rule=1&principle=3&scheme_type=core",
    "/reviews?show=mine",
    "/register/pack?words=zebra",
    "/register/pack?decided_from=yesterday",
    "/notices?page=2",
    "/reviews?show=nothing-of-the-kind",
    "/admin/assessments?words=zebra",
    "/admin/assessments?state=draft",
)


@dataclass(frozen=True)
class Address:
    """One page: the rule it comes from, the place it is about ("" for none), and its path."""

    rule: str
    endpoint: str
    where: str
    path: str


def rules(app: Flask, method: str = "GET") -> list[Rule]:
    """The rules that answer to this method, the static files aside."""
    return [
        rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()) and rule.endpoint not in NOT_PAGES
    ]


def addresses(app: Flask, council: Council, method: str = "GET", *, placed: bool = False) -> list[Address]:
    """Every rule with every suitable argument; KeyError for an argument that nobody has thought of.

    With `placed` only those about an assessment.
    """
    found = []
    with app.test_request_context():
        for rule in rules(app, method):
            if placed and "reference" not in rule.arguments:
                continue
            for where, arguments in _arguments(rule, council):
                path = rule.build(arguments)
                assert path is not None, f"{rule.rule} does not take {arguments}"
                found.append(Address(rule.rule, rule.endpoint, where, path[1]))
    if method == "GET" and not placed:
        found += [Address(path, "query", "", path) for path in QUERIES]
    return found


def _arguments(rule: Rule, council: Council) -> Iterator[tuple[str, Arguments]]:
    names = sorted(rule.arguments)
    if "reference" not in names:
        yield from (("", dict(zip(names, one, strict=True))) for one in _product(names, council, ""))
        return
    rest = [name for name in names if name not in {"reference", "number"}]
    for where, (reference, number) in council.places.items():
        for one in _product(rest, council, where):
            yield where, {"reference": reference, "number": number, **dict(zip(rest, one, strict=True))}


def _product(names: Sequence[str], council: Council, where: str) -> Iterator[tuple[Any, ...]]:
    return itertools.product(*(EXAMPLES[name](council, where) for name in names))


def _sections(council: Council, where: str) -> Sequence[str]:
    return council.sections if where == FULL else [one for one in council.sections if one in FEW_SECTIONS]


def _impacts(council: Council, where: str) -> Sequence[str]:
    """The last one; in review also one that waits for a countersignature."""
    return list(council.impacts.get(where, {}).values())[-2 if where == "in_review" else -1 :]


def _found(council: Council, where: str, name: str) -> Sequence[str]:
    return [council.findings[name]] if where == "in_review" else []


EXAMPLES: dict[str, Callable[[Council, str], Sequence[Any]]] = {
    "section_id": _sections,
    "impact_id": _impacts,
    "step": lambda council, where: [*(step.id for step in STEPS), "all"] if where == FULL else ["all"],
    "key": lambda council, where: [council.offer] if where == FULL else [],
    "point_id": lambda council, where: list(council.points.values()) if where == "returned" else [],
    "contributor_id": lambda council, where: [council.contributor] if where == FULL else [],
    "what": lambda council, where: ["owner", "lead_reviewer", "decision_maker"] if where == "in_review" else ["owner"],
    "part": lambda council, where: [*council.parts],
    "person_id": lambda council, where: [council.ids[one] for one in ("new", "former", "administrator")],
    "kept_id": lambda council, where: [council.kept],
    "session_id": lambda council, where: [council.session],
    "evidence_id": lambda council, where: [council.evidence.get(where, council.library)],
    "kind": lambda council, where: ["question"],
    "target": lambda council, where: [QUESTION],
    "thread_id": lambda council, where: _found(council, where, "thread_id"),
    "delegation_id": lambda council, where: [council.findings["delegation_id"]] if where == "reviewed" else [],
    "absence_id": lambda council, where: [council.findings["absence_id"]],
    "dispute_id": lambda council, where: _found(council, where, "dispute_id"),
    "mark_id": lambda council, where: _found(council, where, "mark_id"),
    "action_id": lambda council, where: council.actions[:1] if where == "signed_off" else [],
    "question_id": lambda council, where: ["places_affected"],
    "indicator_question": lambda council, where: ["baseline_by_tenth"],
    "indicator_id": lambda council, where: [council.indicator],
    "edition_id": lambda council, where: [council.edition],
    "import_id": lambda council, where: [council.area_import],
    "notice_id": lambda council, where: [council.notice],
    "mail_id": lambda council, where: [council.mail],
    "pack_id": lambda council, where: [council.pack],
    "token": lambda council, where: [council.link, "not-a-token"],
}


# ---- reading what came back ----


@dataclass
class Form:
    """One form of a page as a browser without scripts would send it."""

    action: str
    method: str
    fields: list[tuple[str, str]]
    buttons: list[tuple[str, str]]
    other_actions: list[str]  # of buttons that send the form elsewhere


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.shape: list[str] = []
        self.title = ""
        self._in_title = False
        self._text: tuple[str, str] | None = None
        self._select: tuple[str, str | None] | None = None
        self._open: Form | None = None
        self._drawing = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "svg":
            self._drawing = True
        if not self._drawing:
            told = {"class", "role", "type", "hidden", "open", "checked", "scope"} & given.keys()
            told |= {name for name in given if name.startswith("aria-") or name == "alt"}
            self.shape.append(
                tag + "".join(f" {n}={given[n]}" if n in {"class", "role", "type"} else f" {n}" for n in sorted(told))
            )
        if tag == "title" and not self._drawing:
            self._in_title = True
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower(), [], [], [])
            self.forms.append(self._open)
        form = self._open
        if form is None or "disabled" in given:
            return
        name = given.get("name", "")
        if tag == "button" and given.get("type", "submit") == "submit":
            form.buttons.append((name, given.get("value", "")))
            if "formaction" in given:
                form.other_actions.append(given["formaction"])
        elif tag == "textarea":
            self._text = (name, "")
        elif tag == "select":
            self._select = (name, None)
        elif tag == "option" and self._select is not None:
            if self._select[1] is None or "selected" in given:
                self._select = (self._select[0], given.get("value", ""))
        elif tag == "input" and name:
            kind = given.get("type", "text")
            if kind not in {"radio", "checkbox", "file"} or "checked" in given:
                form.fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "title":
            self._in_title = False
        elif tag == "svg":
            self._drawing = False
        elif tag == "textarea" and self._text is not None and self._open is not None:
            self._open.fields.append(self._text)
            self._text = None
        elif tag == "select" and self._select is not None and self._open is not None:
            self._open.fields.append((self._select[0], self._select[1] or ""))
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        if self._text is not None:
            self._text = (self._text[0], self._text[1] + data.removeprefix("\n"))


@dataclass(frozen=True)
class Read:
    """What tests ask of a page's markup."""

    title: str
    forms: Sequence[Form]
    links: Sequence[str]
    ids: Sequence[str]
    shape: tuple[str, ...]  # the page without its words: two pages of one shape differ in nothing that axe looks at


def read(html: str) -> Read:
    reader = _Reader()
    reader.feed(html)
    return Read(reader.title.strip(), reader.forms, reader.links, reader.ids, tuple(reader.shape))
