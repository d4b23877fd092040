"""The `hia` command: what it does, what it prints where, and its exit codes."""

from __future__ import annotations

import json
import os
import re
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hia_app.cli import main
from hia_app.db import Database
from hia_app.services import sessions
from hia_app.store.tables import OneTimeLink, Person
from tests.support.servers import ROOT, product_serving

SECRET = "only-for-tests-0123456789-abcdefghijklm"
Printed = pytest.CaptureFixture[str]


@pytest.fixture
def installed(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The instance folder of an installation whose database is migrated; settings come from the environment."""
    for name, value in {
        "INSTANCE": str(tmp_path), "DATABASE_URL": database_url, "SECRET_KEY": SECRET, "MODE": "test",
        "ARGON2_MEMORY_KIB": "8", "ARGON2_ROUNDS": "1",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"HEA_{name}", value)
    return tmp_path


SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_first_administrator_comes_from_the_command_line(
    installed: Path, database: Database, capsys: Printed
) -> None:
    assert main(["user", "add", "Ada@Council.gov.uk", "--name", "Ada Admin", "--role", "administrator"]) == 0
    printed = capsys.readouterr()
    token = re.search(r"http://127\.0\.0\.1:8000/link/([\w-]{43})", printed.out)
    assert token is not None
    assert printed.err == ""
    with database.reading() as session:
        link = session.query(OneTimeLink).one()
        assert link.token_hash == sessions.token_hash(token.group(1))
        assert (link.person.email, link.person.role_set) == ("ada@council.gov.uk", {"administrator"})


def test_people_are_changed_from_the_command_line(installed: Path, database: Database, capsys: Printed) -> None:
    assert main(["user", "add", "a@b.org", "--name", "A", "--role", "officer", "--role", "reviewer"]) == 0
    assert main(["user", "roles", "A@b.org", "--role", "scrutiny"]) == 0
    assert main(["user", "reset-link", "a@b.org"]) == 0
    assert main(["user", "disable", "a@b.org"]) == 0
    with database.reading() as session:
        person = session.query(Person).one()
        assert person.role_set == {"scrutiny"}
        assert person.disabled_at is not None
    capsys.readouterr()
    assert main(["user", "reset-link", "a@b.org"]) == 1
    assert "disabled" in capsys.readouterr().err


@SQLITE
@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["user", "add", "nonsense", "--name", "A"], 1, "email address such as"),
        (["user", "disable", "nobody@b.org"], 1, "Nobody has this email address"),
        (["export", "HEA-2026-0001", "--edition", "full", "--format", "pdf", "-o", "x.pdf"], 1, "no HEA-2026-0001"),
        (["questionnaire", "check", "missing.yaml"], 1, "missing.yaml: cannot be read"),
        (["rate", "missing.json"], 2, "missing.json: No such file"),
        (["user", "add", "a@b.org", "--name", "A", "--role", "king"], 2, "invalid choice: 'king'"),
        (["serve", "--port", "99999"], 2, "from 1 to 65535"),
        (["gradient", "missing.csv", "--kind", "rate"], 2, "missing.csv"),
        (["gradient", str(ROOT / "README.md"), "--kind", "rate"], 2, "line 1"),
        (["nonsense"], 2, "invalid choice"),
        ([], 2, "COMMAND"),
    ],
)
def test_what_cannot_be_done_is_said_on_standard_error(
    installed: Path, capsys: Printed, words: list[str], code: int, says: str
) -> None:
    try:
        found = main(words)
    except SystemExit as end:
        found = int(end.code or 0)
    printed = capsys.readouterr()
    assert found == code
    assert says in printed.err
    assert printed.out == ""
    assert not (installed / "x.pdf").exists()


def test_help_names_every_command(capsys: Printed) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    text = capsys.readouterr().out
    assert all(name in text for name in ("serve", "db", "user", "questionnaire", "rate", "register", "export", "demo"))


@SQLITE
def test_a_rating_file_is_rated(installed: Path, capsys: Printed) -> None:
    example = json.loads((ROOT / "tests/fixtures/rating/01-licensing-unmitigated.json").read_text())
    file = installed / "rating.json"
    file.write_text(json.dumps(example["input"]))
    assert main(["rate", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["rule"] == 1
    file.write_text('{"impacts": [{"id": 1}]}')
    assert main(["rate", str(file)]) == 2
    printed = capsys.readouterr()
    assert "impacts[0].id" in printed.err
    assert printed.out == ""


def test_a_table_of_tenths_gives_its_gradient(capsys: Printed) -> None:
    case = ROOT / "tests/fixtures/gradient/normal_default_area1"
    expected = json.loads(case.with_suffix(".json").read_text())["expected"]
    assert main(["gradient", str(case.with_suffix(".csv")), "--kind", "other", "--seed", "1"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["sii"] == pytest.approx(expected["sii"], rel=1e-6)
    assert found["rii"] == pytest.approx(expected["rii"], rel=1e-6)


@SQLITE
def test_shipped_questionnaires_are_in_order(installed: Path, capsys: Printed) -> None:
    assert main(["questionnaire", "check", str(ROOT / "questionnaires")]) == 0
    broken = installed / "broken-1.yaml"
    broken.write_text("format: 1\nid: broken\nid: twice\n")
    assert main(["questionnaire", "check", str(broken)]) == 1
    assert "broken-1.yaml" in capsys.readouterr().err


def test_the_demonstration_is_loaded_once_listed_and_exported(installed: Path, capsys: Printed) -> None:
    assert main(["demo", "load"]) == 0
    people = installed / "demo-people.toml"
    assert people.stat().st_mode & 0o777 == 0o600
    assert main(["demo", "load", "--if-empty", "--quiet"]) == 0
    assert main(["demo", "load"]) == 1
    capsys.readouterr()
    assert main(["register", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    holbeck = next(row for row in rows if "Holbeck" in row["title"])
    assert datetime.fromisoformat(holbeck["signed_off"]) < datetime.now(UTC).replace(tzinfo=None)
    start = {"pdf": b"%PDF-", "html": b"<!DOCTYPE html>", "json": b"{"}
    for kind, first in start.items():
        file = installed / f"record.{kind}"
        words = ["export", holbeck["reference"], "--edition", "full", "--format", kind, "-o", str(file)]
        assert main(words) == 0
        assert file.read_bytes().startswith(first)
    page = (installed / "record.html").read_text("utf-8")
    assert "Holbeck" in page
    assert not re.search(r'(src|href)="(?!#)', page)  # it needs nothing beside it
    assert main(["register"]) == 0
    assert holbeck["reference"] in capsys.readouterr().out
    wrong = ["export", holbeck["reference"], "--version", "9", "--edition", "full", "--format", "json", "-o", "-"]
    assert main(wrong) == 1


@SQLITE
def test_production_refuses_unsafe_settings_and_names_each(
    installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.setenv("HEA_MODE", "production")
    monkeypatch.setenv("HEA_SECRET_KEY", "short")
    assert main(["serve"]) == 1
    said = capsys.readouterr().err
    assert all(name in said for name in ("secret_key", "base_url", "trusted_hosts", "argon2_memory_kib"))
    assert "short" not in said


def test_an_old_database_is_refused(installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> None:
    monkeypatch.setenv("HEA_DATABASE_URL", f"sqlite:///{installed / 'empty.sqlite'}")
    for words in (["serve"], ["register"], ["user", "disable", "a@b.org"]):
        assert main(words) == 1
        assert "hia db upgrade" in capsys.readouterr().err
    assert main(["db", "upgrade"]) == 0
    assert main(["register"]) == 0


@SQLITE
def test_the_product_serves_and_ends_quietly(installed: Path) -> None:
    with product_serving(installed, os.environ["HEA_DATABASE_URL"], workers="1") as server:
        answer = urllib.request.urlopen(f"{server.url}/sign-in", timeout=10)  # noqa: S310  (our own address)
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "no-store"
        answer.close()
