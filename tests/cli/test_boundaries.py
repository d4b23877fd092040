"""`hia areas boundaries`: what it does, what it prints where, and its exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from hia_app.cli import main
from hia_app.db import Database
from hia_app.store.tables import AreaBoundary, BoundaryEdition, Event
from tests.support.areas import WORDS as FIGURES
from tests.support.areas import code, table
from tests.support.boundaries import WORDS, collection, feature, square, squares

SECRET = "only-for-tests-0123456789-abcdefghijklm"
Printed = pytest.CaptureFixture[str]
GIVEN = [part for name, text in WORDS.items() for part in (f"--{name}", text)]


@pytest.fixture
def folder(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The instance folder of an installation with area figures."""
    for name, value in {"INSTANCE": str(tmp_path), "DATABASE_URL": database_url, "SECRET_KEY": SECRET}.items():
        monkeypatch.setenv(f"HEA_{name}", value)
    monkeypatch.setenv("HEA_MODE", "test")
    words = [part for name, text in FIGURES.items() for part in (f"--{name}", text)]
    assert main(["areas", "import", written(tmp_path, table(), "areas.csv"), *words]) == 0
    return tmp_path


def written(folder: Path, content: bytes, name: str = "areas.geojson") -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def test_boundaries_are_imported(folder: Path, database: Database, capsys: Printed) -> None:
    path = written(folder, squares([code(place) for place in range(1, 19)], degrees=True))
    capsys.readouterr()
    assert main(["areas", "boundaries", path, *GIVEN]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out == (
        "Imported the boundaries of 18 areas as edition 1. 2 of the 20 areas have no boundary in the file.\n"
    )
    with database.reading() as session:
        edition = session.scalars(select(BoundaryEdition)).one()
        assert (edition.areas, edition.source, edition.imported_by) == (18, WORDS["source"], None)
        assert session.scalars(select(Event.action).order_by(Event.seq)).all() == ["import_areas", "import_boundaries"]


def test_a_faulty_file_is_refused_whole_with_every_problem_on_a_line(
    folder: Path, database: Database, capsys: Printed
) -> None:
    path = written(folder, collection([feature(code(1), square(0)), *(["x"] * 201)]))
    assert main(["areas", "boundaries", path, *GIVEN]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == f"hia: {path}: feature 2: it is not a GeoJSON feature"
    assert lines[-2:] == [
        f"hia: {path}: and 1 more problems",
        "hia: The file has 201 problems. Nothing was imported.",
    ]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AreaBoundary)) == 0
