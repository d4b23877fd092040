"""`hia areas import`: what it does, what it prints where, and its exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from hia_app.cli import main
from hia_app.db import Database
from hia_app.store.tables import Area, AreaEdition, Event
from tests.support.areas import LEEDS, WORDS, leeds, table

SECRET = "only-for-tests-0123456789-abcdefghijklm"
Printed = pytest.CaptureFixture[str]
GIVEN = [part for name, text in WORDS.items() for part in (f"--{name}", text)]


@pytest.fixture
def folder(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The instance folder of an installation with a migrated database."""
    for name, value in {"INSTANCE": str(tmp_path), "DATABASE_URL": database_url, "SECRET_KEY": SECRET}.items():
        monkeypatch.setenv(f"HEA_{name}", value)
    monkeypatch.setenv("HEA_MODE", "test")
    return tmp_path


def written(folder: Path, content: bytes) -> str:
    path = folder / "areas.csv"
    path.write_bytes(content)
    return str(path)


def test_a_table_is_imported_and_becomes_the_current_edition(folder: Path, database: Database, capsys: Printed) -> None:
    assert main(["areas", "import", written(folder, table()), *GIVEN]) == 0
    printed = capsys.readouterr()
    assert printed.out == "Imported 20 areas in 4 wards as edition 1, now the current one.\n"
    assert printed.err == ""
    with database.reading() as session:
        edition = session.scalars(select(AreaEdition)).one()
        assert (edition.current, edition.source, edition.imported_by) == (True, WORDS["source"], None)
        assert session.scalars(select(Event.person_name)).all() == ["The command line"]


def test_a_faulty_table_is_refused_whole_with_every_problem_on_a_line(
    folder: Path, database: Database, capsys: Printed
) -> None:
    path = written(folder, table(250, **{f"row{place}": {"hh_owned": "?"} for place in range(1, 251)}))
    assert main(["areas", "import", path, *GIVEN]) == 1
    printed = capsys.readouterr()
    lines = printed.err.splitlines()
    assert printed.out == ""
    assert lines[0] == f"hia: {path}: line 2, hh_owned: “?”: enter a number in digits only, such as 12,500"
    assert lines[-2:] == [
        f"hia: {path}: and 50 more problems",
        "hia: The file has 250 problems. Nothing was imported.",
    ]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Area)) == 0


def test_a_file_that_is_not_there_is_an_answer(folder: Path, capsys: Printed) -> None:
    assert main(["areas", "import", str(folder / "nothing.csv"), *GIVEN]) == 1
    assert "nothing.csv" in capsys.readouterr().err


@pytest.mark.parametrize("absent", sorted(WORDS))
def test_source_year_and_licence_must_be_given(folder: Path, capsys: Printed, absent: str) -> None:
    given = [part for name, text in WORDS.items() if name != absent for part in (f"--{name}", text)]
    with pytest.raises(SystemExit) as stopped:
        main(["areas", "import", written(folder, table()), *given])
    assert stopped.value.code == 2
    assert f"--{absent}" in capsys.readouterr().err
    assert main(["areas", "import", written(folder, table()), *given, f"--{absent}", " "]) == 1


def test_the_file_of_leeds_is_imported_as_it_is(folder: Path, capsys: Printed) -> None:
    leeds()
    assert main(["areas", "import", str(LEEDS), *GIVEN]) == 0
    assert "Imported 488 areas in 33 wards" in capsys.readouterr().out
