"""What holds for every address: closed by default, headers, forms of our own only, and reading writes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData, select
from werkzeug.routing import Rule

from hia_app import config
from hia_app.app import create_app
from hia_app.config import Settings
from hia_app.db import Database
from hia_app.domain.proposal import Proposal
from hia_app.domain.workflow import State
from hia_app.services import assessments
from hia_app.web.addresses import own_path
from tests.support.forms import form_on
from tests.support.people import PASSWORD, ROLES, People, Visitor

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PUBLIC = {"/sign-in", "/link/x", "/help", "/help/officer", "/accessibility", "/theme.css", "/check-a-document"}
OF_ITS_OWN = re.compile(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|javascript:")
ID = "f3c1b0a2-58fb-4d6b-9e33-0b1a6f6d2c11"
SAMPLE = {
    "token": "x", "part": "officer", "reference": "HEA-2026-0001", "number": 1, "section_id": "proposal",
    "what": "owner", "filename": "manifest.json", "kind": "question",
}  # fmt: skip


def address(app: Flask, rule: Rule, reference: str = "HEA-2026-0001") -> str:
    """One address of a rule, with made-up parts."""
    values = {name: SAMPLE.get(name, ID) for name in rule.arguments} | {"reference": reference}
    values = {name: value for name, value in values.items() if name in rule.arguments}
    with app.test_request_context():
        from flask import url_for

        return url_for(rule.endpoint, **values)


def rules(app: Flask, method: str, reference: str = "HEA-2026-0001") -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            yield rule, address(app, rule, reference)


def draft(people: People) -> str:
    """The reference of a draft of the officer's, so that its pages have something to show."""
    people.id("officer")
    proposal = Proposal(
        title="Holbeck group repair",
        summary="Repair 240 homes.",
        scheme_type="regeneration",
        decision_date=date(2027, 3, 1),
        decided_by="officer",
    )
    with people.place.database.writing() as session:
        case = assessments.start(people.work(session, "officer"), str(uuid4()), proposal)
        case.version.state = State.DRAFT
        return case.reference


# ---- configuration ----


@SQLITE
def test_every_unsafe_default_is_set(app: Flask) -> None:
    assert app.config["SESSION_COOKIE_SECURE"] is False  # this installation is not reached over https
    assert app.config["SESSION_COOKIE_HTTPONLY"] is True
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert app.config["PERMANENT_SESSION_LIFETIME"] == timedelta(days=7)
    assert 1_000_000 <= app.config["MAX_CONTENT_LENGTH"] <= 10_000_000
    assert app.config["MAX_FORM_MEMORY_SIZE"] <= app.config["MAX_CONTENT_LENGTH"]
    assert app.config["MAX_FORM_PARTS"] >= 1_500
    assert app.config["TRUSTED_HOSTS"] == ["localhost", "127.0.0.1", "127.0.0.1"]
    assert app.config["WTF_CSRF_TIME_LIMIT"] is None
    assert not app.debug


@pytest.fixture
def secure_app(settings: Settings) -> Iterator[Flask]:
    given = settings.model_dump() | {"base_url": "https://equity.council.gov.uk", "trusted_hosts": ("localhost",)}
    app = create_app(config.load({}, **given))
    yield app
    app.extensions["hea"].database.dispose()


@SQLITE
def test_over_https_cookies_are_bound_to_the_host(secure_app: Flask) -> None:
    people = People(secure_app)
    people.id("officer")
    visitor = secure_app.test_client()
    assert isinstance(visitor, Visitor)
    answer = visitor.get("/sign-in", base_url="https://localhost")
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    assert token is not None
    form = {"csrf_token": token.group(1), "email": "officer@example.org", "password": PASSWORD}
    signed_in = visitor.post("/sign-in", data=form, base_url="https://localhost")
    assert signed_in.status_code == 303
    cookies = answer.headers.getlist("Set-Cookie") + signed_in.headers.getlist("Set-Cookie")
    assert len(cookies) >= 2
    for cookie in cookies:
        name, *parts = [part.strip() for part in cookie.split(";")]
        assert name.startswith("__Host-")
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(parts)
        assert not any(part.startswith("Domain") for part in parts)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "http://" not in answer.text


@SQLITE
def test_only_a_trusted_proxy_names_the_caller(settings: Settings) -> None:
    for hops, expected in ((0, "127.0.0.1"), (1, "198.51.100.7")):
        app = create_app(settings.model_copy(update={"proxy_hops": hops}))
        seen: list[str | None] = []

        @app.before_request
        def note(seen: list[str | None] = seen) -> None:
            from flask import request

            seen.extend((request.remote_addr, request.host))

        headers = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Host": "evil.example"}
        assert app.test_client().get("/help", headers=headers).status_code == 200
        assert seen == [expected, "localhost"]
        app.extensions["hea"].database.dispose()


# ---- every address ----


@SQLITE
def test_nobody_gets_in_without_signing_in(app: Flask) -> None:
    visitor = app.test_client()
    for rule, path in rules(app, "GET"):
        if rule.endpoint == "static":
            continue
        answer = visitor.get(path)
        if path in PUBLIC:
            assert answer.status_code in {200, 409}, path
        else:
            assert answer.status_code == 303, path
            assert answer.location.startswith("/sign-in?next="), path


@SQLITE
def test_every_answer_has_the_headers(people: People) -> None:
    admin = people.client("administrator")
    app = people.app
    addresses = [path for _, path in rules(app, "GET")] + ["/nothing", "/sign-out", "/admin/people/x"]
    statuses = set()
    for path in addresses:
        answer = admin.get(path)
        statuses.add(answer.status_code)
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'"), path
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["Referrer-Policy"] == "same-origin", path
        assert "Access-Control-Allow-Origin" not in answer.headers, path
        if not path.startswith(("/static/", "/theme.css")):
            assert answer.headers["Cache-Control"] == "no-store", path
            assert "Cookie" in answer.headers["Vary"], path
        answer.close()
    assert {200, 403, 404, 405} <= statuses
    assert 500 not in statuses


@SQLITE
def test_no_page_has_a_script_or_style_of_its_own(people: People) -> None:
    reference, found = draft(people), set()
    for name in ("officer", "administrator"):
        client = people.client(name)
        for rule, path in rules(people.app, "GET", reference):
            answer = client.get(path)
            if answer.status_code == 200:
                found.add(rule.endpoint)
            if answer.mimetype == "text/html":
                assert not OF_ITS_OWN.search(answer.text), path
            answer.close()
    assert {"sections.show", "ratings.show", "administration.assessment"} <= found


@SQLITE
def test_every_change_needs_a_form_of_ours(people: People) -> None:
    """No token, the token of another session, the token in the address, another kind of body: all change nothing."""
    app, officer, other = people.app, people.client("officer"), people.client("reviewer")
    before = dump(people)
    checked = 0
    for rule in app.url_map.iter_rules():
        for method in {"POST", "PUT", "PATCH", "DELETE"} & set(rule.methods or ()):
            path = address(app, rule)
            form = {"name": "x", "reason": "words"}
            for answer in (
                officer.open(path, method=method, data=form),
                officer.open(path, method=method, data=form | {"csrf_token": other.token()}),
                officer.open(f"{path}?csrf_token={officer.token()}", method=method, data=form),
                officer.open(path, method=method, json=form | {"csrf_token": officer.token()}),
                officer.open(path, method=method, data=f"csrf_token={officer.token()}", content_type="text/plain"),
            ):
                assert answer.status_code == 400, path
            checked += 1
    assert checked >= 12
    assert dump(people) == before


@SQLITE
def test_fields_that_a_form_does_not_have_change_nothing(people: People) -> None:
    """Columns, other people and other objects beside the fields of a form: no row is another for it."""
    reference, other = draft(people), people.id("other_officer")
    at = f"/assessments/{reference}/1"
    columns = {"state": "signed_off", "number": "7", "row_version": "99", "rating_rule": "5", "to_confirm": "1"}
    persons = dict.fromkeys(("owner_id", "owner", "lead_reviewer_id", "decision_maker_id", "person_id", "id"), other)
    roles = {"role": "administrator", "roles": "administrator", "password_hash": "x", "email": "x@example.org"}
    elsewhere = {"people_change": "not theirs", "impact_id": str(uuid4()), "version_id": str(uuid4())}
    extra = columns | persons | roles | elsewhere | {"disabled_at": "2020-01-01", "granted_by": other}
    for who, path, button in (
        ("officer", f"{at}/sections/proposal", {"action": "return"}),
        ("officer", f"{at}/proposal", {}),
        ("officer", "/notices/mail", {}),
        ("administrator", f"/admin/people/{other}", {}),
    ):
        visitor = people.client(who)
        page = visitor.get(path)
        assert page.status_code == 200, path
        form = form_on(page.text, path) | button
        assert len(form) > 1 + len(button), path  # more than its token
        visitor.send(path, form)
        before = kept(people)
        form = form_on(visitor.get(path).text, path) | button
        added = {name: value for name, value in extra.items() if name not in form}
        answer = visitor.send(path, form | added)
        assert answer.status_code in {200, 302, 303}, path
        assert kept(people) == before, path


def kept(people: People) -> dict[str, list[tuple[object, ...]]]:
    """Every row but sessions and what is written about every request that is let through."""
    return {table: rows for table, rows in dump(people).items() if table not in {"event", "user_session"}}


@SQLITE
def test_signing_in_needs_a_form_of_ours_too(people: People) -> None:
    people.id("officer")
    stranger = people.app.test_client()
    form = {"email": "officer@example.org", "password": PASSWORD}
    assert stranger.post("/sign-in", data=form).status_code == 400
    assert stranger.get("/account").status_code == 303


@pytest.mark.parametrize("role", ["administrator", "officer"])
def test_reading_writes_nothing(people: People, role: str) -> None:
    reference = draft(people)
    client = people.client(role)
    before = dump(people)
    for _, path in rules(people.app, "GET", reference):
        for answer in (client.get(path), client.head(path)):
            assert answer.status_code < 500, path
            answer.close()
    assert dump(people) == before


def test_reading_cannot_write(database: Database) -> None:
    from sqlalchemy import text

    with pytest.raises(Exception, match=r"(?i)read-?only"), database.reading() as session:
        session.execute(text("DELETE FROM person"))


def dump(people: People) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but one: how much of what is costly was asked for is counted whatever comes of it."""
    everything: dict[str, list[tuple[object, ...]]] = {}
    metadata = MetaData()
    with people.place.database.engine.connect() as connection:
        metadata.reflect(connection)
        for table in metadata.sorted_tables:
            if table.name == "used_allowance":
                continue
            rows = connection.execute(select(table)).all()
            everything[table.name] = sorted((tuple(row) for row in rows), key=repr)
    assert everything["person"]
    return everything


# ---- hosts and redirects ----


@SQLITE
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "", "127.0.0.2"])
def test_a_strange_host_is_refused(client: FlaskClient, host: str) -> None:
    for path in ("/sign-in", "/", "/nothing"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.text
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


HOSTILE = [
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example", "\t//evil.example", " //evil.example", "/ /evil.example", "javascript:alert(1)", "evil.example",
    "http:/evil.example", "https:evil.example", "/a//evil.example", "/\x00/evil.example", "/é", "/" + "a" * 600, "",
    "/\x7f/evil.example", "/\u2028/evil.example", "//[evil", "/..//evil.example", "data:text/html,x", "@evil.example",
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_addresses_are_not_followed(hostile: str) -> None:
    assert own_path(hostile) is None


@pytest.mark.parametrize("path", ["/", "/account", "/register?words=a%20b&page=2", "/assessments/HEA-2026-0001/1/#q"])
def test_our_own_addresses_are(path: str) -> None:
    assert own_path(path) == path


@SQLITE
@pytest.mark.parametrize("hostile", ["//evil.example", "/\t/evil.example", "/\\evil.example", "https://evil.example"])
def test_signing_in_leads_to_our_own_pages_only(people: People, hostile: str) -> None:
    people.id("officer")
    visitor = people.app.test_client()
    assert isinstance(visitor, Visitor)
    form = {"email": "officer@example.org", "password": PASSWORD, "next": hostile}
    assert visitor.send("/sign-in", form).location == "/"
    assert visitor.get("/sign-in", query_string={"next": hostile}).location == "/"


# ---- odd requests ----


@SQLITE
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/%00", 404),
        ("/assessments/%00/1/", 404),
        ("/assessments/HEA-2026-0001/99999999999999999999/", 404),
        ("/admin/people/99999999999999999999", 404),
        ("/admin/assessments?words=%00", 400),
        ("/admin/assessments?page=99999999999999999999999", 200),
        ("/admin/assessments?page=-1&state=nonsense", 200),
        ("/admin/assessments?page=%D9%A1", 200),
        ("/admin/assessments?words=%27%25_%5C", 200),
        ("/help/..%2f..%2fetc", 404),
    ],
)
def test_odd_addresses_have_plain_answers(people: People, path: str, status: int) -> None:
    assert people.client("administrator").get(path).status_code == status


@SQLITE
def test_too_much_at_once_is_refused_in_words(people: People) -> None:
    admin = people.client("administrator")
    answer = admin.send("/admin/people", {"notes": "x" * 5_000_000})
    assert answer.status_code == 413
    assert "larger than one page may be" in answer.text


@SQLITE
def test_a_wrong_method_says_which_would_do(people: People) -> None:
    answer = people.client("administrator").get("/sign-out")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@SQLITE
def test_a_fault_has_a_page_and_tells_nothing_of_the_inside(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    from hia_app.services import home

    def fault(work: object) -> None:
        raise RuntimeError("password_hash of somebody")

    monkeypatch.setattr(home, "home", fault)
    officer = people.client("officer")
    answer = officer.get("/")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "password_hash" not in answer.text
    assert officer.get("/account").status_code == 200


@SQLITE
def test_a_fault_while_the_error_page_is_drawn_still_has_an_answer(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = people.client("officer")
    monkeypatch.setitem(people.app.jinja_env.globals, "navigation", lambda: 1 / 0)
    answer = officer.get("/")
    assert answer.status_code == 500
    assert "written down" in answer.text


@SQLITE
def test_every_role_sees_its_own_menu(people: People) -> None:
    reviewers = {name for name in ROLES if "Reviews" in menu(people.client(name).get("/").text)}
    assert reviewers == {"reviewer", "other_reviewer"}
    assert {name for name in ROLES if "Administration" in menu(people.client(name).get("/").text)} == {"administrator"}


def menu(page: str) -> str:
    return page[page.index('id="navigation"') : page.index("</nav>")]
