"""The archive from the terminal: what each command prints, and the exit code on which others rely."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from hia_app import config
from hia_app.cli import main
from hia_app.db import Database
from tests.support.archives import PAPER, sealed, unguarded
from tests.support.office import NOON, Office
from tests.support.reviewing import cast

Printed = pytest.CaptureFixture[str]
LONG_AGO = NOON.replace(year=2010)


@pytest.fixture
def installed(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with one record, signed off in 2010 so that its time is over."""
    for name, value in {
        "INSTANCE": str(tmp_path), "DATABASE_URL": database_url, "MODE": "test",
        "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklm",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"HEA_{name}", value)
    database = Database(database_url)
    with database.writing() as session:
        case, _ = sealed(cast(Office(session, config.load(), LONG_AGO)), PAPER)
    database.dispose()
    (tmp_path / "reference").write_text(case.reference)
    return tmp_path


def about(installed: Path) -> tuple[str, str, str]:
    return (installed / "reference").read_text(), "--version", "1"


def test_verify_is_0_when_all_is_in_order_and_1_when_not(installed: Path, database_url: str, capsys: Printed) -> None:
    assert main(["archive", "verify"]) == 0
    assert "Everything that was checked is in order." in capsys.readouterr().out
    with unguarded(database_url) as connection:
        connection.execute(text("UPDATE archive_payload SET content = :other WHERE part = 'pdf_full'"), {"other": b"x"})
    assert main(["archive", "verify", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["verdict"], report["exit_code"], report["records"]) == ("tampered", 1, 1)
    assert ("payload", 1) in {(one["code"], one["seq"]) for one in report["findings"]}


def test_verify_compares_with_receipts(installed: Path, database_url: str, capsys: Printed) -> None:
    (receipt,) = (installed / "outbox" / "receipts").iterdir()
    assert main(["archive", "verify", "--anchors", str(receipt)]) == 0
    (installed / "other.txt").write_text("Record hash: " + "a" * 64)
    assert main(["archive", "verify", "--anchors", str(installed / "other.txt")]) == 1
    assert "no longer holds " + "a" * 64 in capsys.readouterr().out
    (installed / "odd.txt").write_text("Record hash: lost")
    assert main(["archive", "verify", "--anchors", str(installed / "odd.txt")]) == 2
    (installed / "empty.txt").write_text("Nothing was kept.")
    assert main(["archive", "verify", "--anchors", str(installed / "empty.txt")]) == 2
    assert main(["archive", "verify", "--anchors", str(installed / "none.txt")]) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_verify_is_2_when_there_is_nothing_to_read(
    installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.setenv("HEA_DATABASE_URL", f"sqlite:///{installed / 'gone.sqlite'}")
    assert main(["archive", "verify"]) == 2
    assert "there is no database" in capsys.readouterr().err
    assert not (installed / "gone.sqlite").exists()
    (installed / "noise.sqlite").write_bytes(b"noise" * 5000)
    monkeypatch.setenv("HEA_DATABASE_URL", f"sqlite:///{installed / 'noise.sqlite'}")
    assert main(["archive", "verify"]) == 2
    monkeypatch.setenv("HEA_SECRET_KEY", "weak")
    assert main(["archive", "verify"]) == 2


def test_a_bundle_is_written_once_and_checked_by_the_command_and_by_the_script(
    installed: Path, capsys: Printed
) -> None:
    bundle = installed / "bundle.zip"
    command = ["archive", "bundle", *about(installed), "-o", str(bundle)]
    assert main(command) == 0
    assert main(command) == 1  # never over something that is there
    assert "exists" in capsys.readouterr().err
    assert main(["archive", "verify", "--bundle", str(bundle)]) == 0
    script = Path(sys.modules["hia_app"].__path__[0]) / "archive_checker" / "check.py"
    done = subprocess.run([sys.executable, "-I", str(script), str(bundle)], check=True, capture_output=True, text=True)
    assert done.stdout.endswith("IN ORDER\n")
    assert main(["archive", "verify", "--bundle", str(bundle), "--key", "0" * 32]) == 1
    bundle.write_bytes(bundle.read_bytes()[:1000])
    assert main(["archive", "verify", "--bundle", str(bundle)]) == 2


def test_keys_follow_one_another(installed: Path, capsys: Printed) -> None:
    assert main(["archive", "keys", "new"]) == 0
    capsys.readouterr()
    assert main(["archive", "keys", "list"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("vouched for by nobody  private half here")
    assert f"vouched for by {first.split()[1]}" in second
    assert main(["archive", "verify"]) == 0  # also when nothing was signed with the new one yet
    assert main(["archive", "re-anchor", "--reason", "A backup was put back"]) == 0
    assert main(["archive", "verify"]) == 0


def test_what_is_due_is_held_and_disposed_of(installed: Path, capsys: Printed) -> None:
    reference, *version = about(installed)
    assert main(["archive", "due"]) == 0
    assert capsys.readouterr().out == f"{reference} version 1  signed off  kept until 2017-11-23\n"
    assert main(["archive", "hold", reference, *version, "--reason", "A court case"]) == 0
    dispose = ["archive", "dispose", reference, *version, "--authority", "Schedule 4", "--reason", "Over"]
    assert main(dispose) == 1
    assert "legal hold" in capsys.readouterr().err
    assert main(["archive", "hold", reference, *version, "--lift", "--reason", "It has ended"]) == 0
    assert main(dispose) == 0
    assert main(["archive", "verify"]) == 0
    assert "of which disposed of: 1" in capsys.readouterr().out
    assert main(["archive", "bundle", reference, *version, "-o", str(installed / "b.zip")]) == 1


def test_lost_receipts_are_written_again(installed: Path, capsys: Printed) -> None:
    (receipt,) = (installed / "outbox" / "receipts").iterdir()
    words = receipt.read_bytes()
    receipt.unlink()
    assert main(["archive", "receipts"]) == 0
    assert capsys.readouterr().out.startswith("1 written")
    assert receipt.read_bytes() == words


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_roles_are_printed_for_the_database_at_hand(installed: Path, capsys: Printed) -> None:
    assert main(["db", "roles", "--app", "hea_app"]) == 0
    printed = capsys.readouterr().out
    assert "REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON archive_key, archive_payload" in printed
    assert main(["db", "roles", "--app", "hea app; DROP"]) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_has_no_roles(installed: Path, capsys: Printed) -> None:
    assert main(["db", "roles"]) == 1
    assert "Only PostgreSQL has roles" in capsys.readouterr().err


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_production_does_not_start_without_a_key(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    for name, value in {
        "INSTANCE": str(tmp_path), "DATABASE_URL": database_url, "MODE": "production",
        "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklm", "BASE_URL": "https://hea.example",
        "TRUSTED_HOSTS": "hea.example",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"HEA_{name}", value)
    started: list[object] = []

    def serve(server: object) -> None:
        started.append(server)

    monkeypatch.setattr("granian.Granian.serve", serve)
    assert main(["serve"]) == 1
    assert "Make one with `hia archive keys new`" in capsys.readouterr().err
    assert main(["archive", "keys", "new"]) == 0
    code = main(["serve"])
    assert (code, len(started)) == (0, 1), capsys.readouterr().err
