"""People with roles, and the work they ask services to do, inside one transaction."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from hia_app.config import Settings
from hia_app.domain.policy import Role
from hia_app.services.work import Case, Work, actor_of, open_case
from hia_app.store.questionnaires import Shelf
from hia_app.store.tables import Person, PersonRole

QUESTIONNAIRES = Path(__file__).resolve().parents[1] / "fixtures" / "questionnaires"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@cache
def shelf() -> Shelf:
    """Three short questionnaires with every kind of question; those that are shipped may change, these do not."""
    return Shelf.load(QUESTIONNAIRES)


def make_person(session: Session, name: str, *roles: Role) -> Person:
    """Somebody who holds these roles; the e-mail address is made from the name."""
    person = Person(
        email=f"{name.lower().replace(' ', '.')}@council.example",
        name=name,
        created_at=NOON,
        roles=[PersonRole(role=role, granted_at=NOON) for role in roles],
    )
    session.add(person)
    session.flush()
    return person


@dataclass
class Office:
    """A council on one day: `office.work(person)` is what a request of that person would hold."""

    session: Session
    settings: Settings
    now: datetime = NOON

    def person(self, name: str, *roles: Role) -> Person:
        return make_person(self.session, name, *roles)

    def work(self, person: Person) -> Work:
        return Work(self.session, actor_of(person), self.now, self.settings, shelf())

    def later(self, **by: int) -> None:
        """Let time pass: `office.later(minutes=31)`."""
        self.now += timedelta(**by)

    def case(self, person: Person, case: Case) -> Case:
        """The same version as this person meets it now."""
        self.session.flush()
        return open_case(self.work(person), case.reference, case.version.number)

    def at(self, moment: datetime) -> "Office":
        return replace(self, now=moment)
