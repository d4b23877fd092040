"""Every page of a council as everybody, read once; what tests ask of all pages is asked of what came back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from werkzeug.datastructures import Headers

from hia_app.db import Database
from hia_app.store.tables import Base
from tests.support.council import Council
from tests.support.people import People
from tests.support.site import Address, Read, addresses, read

# The second officer and the second reviewer see what scrutiny and the first see; "" is signed out.
EVERYBODY = (
    "officer", "contributor", "section_contributor", "reviewer", "director", "scrutiny", "administrator", "nobody", "",
)  # fmt: skip
# Where people without a part in most assessments have something to see at all; what they are refused elsewhere is in
# tests/web/test_policy_matrix.py.
WHERE = {
    "contributor": {"draft", ""},
    "section_contributor": {"draft", ""},
    "director": {"reviewed", "signed_off", "signed_again", "in_review", ""},
    "scrutiny": {"signed_off", "superseded", "screened_out_confirmed", ""},
    "administrator": {"draft", "in_review", "withdrawn", "screened_out_confirmed", ""},
    "nobody": {"draft", ""},
    "": {"draft", "signed_off", ""},
}
# Between them they open whatever there is; the others see less of the same pages.
BUSIEST = ("officer", "reviewer", "director", "administrator")


@dataclass(frozen=True)
class Visit:
    """What one address answered to one person."""

    who: str
    address: Address
    status: int
    headers: Headers
    queries: int  # asked of the database when the page was opened a second time, or was like an earlier one
    page: Read | None  # None for a file, a refusal and a redirection


class Walk:
    """All visits, and the names of the tables in which anything changed meanwhile."""

    def __init__(self, people: People, council: Council) -> None:
        database = people.place.database
        visitors = {who: people.client(who) if who else people.app.test_client() for who in EVERYBODY}
        before = dump(database)
        self.visits = list(visits(people, council, visitors))
        after = dump(database)
        self.changed = [table for table in before if before[table] != after[table]]

    def seen(self) -> Iterator[tuple[Visit, Read]]:
        """The visits that found a page."""
        return ((visit, visit.page) for visit in self.visits if visit.page is not None)

    def queries(self, wanted: Callable[[Visit], bool]) -> dict[tuple[str, str], int]:
        """(who, path) → how many queries an address asks of the database."""
        return {
            (visit.who, visit.address.path): visit.queries
            for visit in self.visits
            if visit.status == 200 and wanted(visit)
        }


def visits(
    people: People,
    council: Council,
    visitors: dict[str, FlaskClient],
    only: Collection[tuple[str, str]] | None = None,
) -> Iterator[Visit]:
    """Opens every address as each visitor who may have something to see there, or `only` these (who, path).

    The first page of each rule and of each place is opened twice, since what never changes is remembered.
    """
    engine = people.place.database.engine
    everything = addresses(people.app, council)
    met: set[str] = set()
    for who, visitor in visitors.items():
        for address in everything:
            wanted = (who, address.path) in only if only else who not in WHERE or address.where in WHERE[who]
            if not wanted:
                continue
            if not {address.rule, address.where} <= met:
                visitor.get(address.path).close()
                met |= {address.rule, address.where}
            with counting(engine) as sent:
                answer = visitor.get(address.path)
            shown = answer.status_code == 200 and answer.mimetype == "text/html"
            page = read(answer.text) if shown and only is None else None
            yield Visit(who, address, answer.status_code, answer.headers, len(sent), page)
            answer.close()


@contextmanager
def counting(engine: Engine) -> Iterator[list[str]]:
    """What is asked of the database inside the block, without beginning and ending transactions.

    Nor what is not asked for each page: that somebody was here is written down once in a minute.
    """
    sent: list[str] = []
    aside = ("PRAGMA", "BEGIN", "UPDATE user_session SET seen_at")

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(aside):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def dump(database: Database) -> dict[str, str]:
    """A fingerprint of every table but what reading may write: when a session was last used, and how much of what is
    costly somebody has asked for."""
    with database.reading() as session:
        return {
            table.name: hashlib.sha256(
                json.dumps(
                    sorted(
                        repr([value for name, value in row._mapping.items() if name != "seen_at"])
                        for row in session.execute(select(table))
                    )
                ).encode()
            ).hexdigest()
            for table in Base.metadata.sorted_tables
            if table.name != "used_allowance"
        }
