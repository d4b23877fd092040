"""The databases that tests are given are migrated, empty, and each test's own."""

import pytest
from sqlalchemy import func, select, text

from hia_app.db import Database, is_current
from hia_app.store.tables import Person


@pytest.mark.parametrize("round_number", [1, 2])
def test_each_test_has_a_migrated_database_of_its_own(database: Database, round_number: int) -> None:
    assert is_current(database)
    with database.writing() as session:
        session.execute(text("CREATE TABLE left_by_a_test (number INTEGER)"))
        assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_the_system_is_the_one_asked_for(request: pytest.FixtureRequest, database: Database) -> None:
    asked_for = request.node.callspec.params["database_url"]
    assert database.engine.dialect.name == asked_for
    with database.reading() as session:
        version = session.scalar(text("SELECT sqlite_version()" if asked_for == "sqlite" else "SHOW server_version"))
    assert tuple(map(int, version.split(".")[:2])) >= ((3, 38) if asked_for == "sqlite" else (18, 0))
