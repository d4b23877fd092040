"""Sets a scene through services, for tests that then look at it through pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from hia_app.services.work import Case
from hia_app.store.tables import Assessment, AssessmentVersion, Person
from tests.support.office import NOON, Office
from tests.support.people import People
from tests.support.reviewing import Cast


class Stage:
    """The same people in services and in browsers: `stage.set(concluded, HARM)` gives the address to look at."""

    def __init__(self, people: People) -> None:
        self.people = people
        people.place.clock = lambda: NOON
        for name in ("officer", "reviewer", "other_reviewer", "decision_maker"):
            people.id(name)

    @contextmanager
    def cast(self) -> Iterator[Cast]:
        """The cast in one transaction that is kept."""
        with self.people.place.database.writing() as session:
            officer, reviewer, second, decider = (
                session.get_one(Person, self.people.id(name))
                for name in ("officer", "reviewer", "other_reviewer", "decision_maker")
            )
            yield Cast(officer, reviewer, second, decider, Office(session, self.people.place.settings))

    def set(self, prepare: Callable[..., Case], *harms: Any, **options: Any) -> str:
        """Prepare an assessment and give the address its pages begin with."""
        with self.cast() as cast:
            return f"/assessments/{prepare(cast, *harms, **options).reference}/1"

    def rows(self, statement: Any) -> list[Any]:
        with self.people.place.database.reading() as session:
            found = list(session.scalars(statement))
            session.expunge_all()
            return found

    def state(self, address: str) -> str:
        reference = address.split("/")[2]
        found = self.rows(select(AssessmentVersion.state).join(Assessment).where(Assessment.reference == reference))
        return str(found[0])
