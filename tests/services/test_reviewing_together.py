"""Several people pressing the same button at the same moment, each in a transaction of their own, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import select

from hia_app.config import Settings
from hia_app.db import Database
from hia_app.domain.errors import Refused
from hia_app.domain.policy import Role, Side
from hia_app.domain.workflow import State
from hia_app.services import countersigning, decisions, passwords, reviews
from hia_app.services.work import Case, Work, actor_of, join_side, open_case
from hia_app.store.tables import (
    ArchiveRecord,
    AssessmentVersion,
    Countersignature,
    Event,
    Person,
    PersonRole,
    PersonSide,
    ReadingConfirmation,
    ReviewRound,
)
from tests.support.office import NOON, Office, shelf
from tests.support.reviewing import PROMISE, cast, concluded, draw, harm_ids, signing, submitted, taken

Verb = Callable[[Work, Case], object]


class Together:
    """An office whose people act at once."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.settings = database, settings

    def act(self, people: list[str], reference: str, verb: Verb) -> list[str]:
        """Each person runs the verb at the same moment; "" for each that succeeded, else the refusal's words."""
        start = Barrier(len(people))

        def one(person_id: str) -> str:
            start.wait()
            try:
                with self.database.writing() as session:
                    person = session.get_one(Person, person_id)
                    work = Work(session, actor_of(person), NOON, self.settings, shelf())
                    verb(work, open_case(work, reference, 1))
            except Refused as refused:
                return str(refused)
            return ""

        with ThreadPoolExecutor(len(people)) as pool:
            return list(pool.map(one, people))


@pytest.fixture
def together(database: Database, settings: Settings) -> Together:
    return Together(database, settings)


def test_of_ten_reviewers_who_take_it_at_once_one_leads(together):
    with together.database.writing() as session:
        office = Office(session, together.settings)
        case = submitted(cast(office), full=False)
        reviewers = [office.person(f"Reviewer {n}", Role.REVIEWER).id for n in range(10)]
        reference = case.reference
    outcomes = together.act(reviewers, reference, lambda work, case: reviews.take(work, case, no_conflict=True))
    assert outcomes.count("") == 1
    lead = reviewers[outcomes.index("")]
    assert all("took this review first" in outcome for outcome in outcomes if outcome)
    with together.database.reading() as session:
        version = session.scalars(select(AssessmentVersion)).one()
        assert version.lead_reviewer_id == lead
        assert session.scalars(select(ReviewRound.lead_id)).all() == [lead]
        assert len(session.scalars(select(Event).where(Event.action == "take_review")).all()) == 1
        side = session.scalars(select(PersonSide.person_id).where(PersonSide.side == Side.REVIEW)).all()
        assert side == [lead]


def test_twenty_sign_offs_at_once_make_one_record(together):
    with together.database.writing() as session:
        office = Office(session, together.settings)
        people = cast(office)
        people.decider.password_hash = passwords.hashed("a long password for tests", together.settings)
        case = concluded(people, full=False)
        work = people.works(people.decider)
        fingerprint = decisions.shown(work, case).fingerprint
        decisions.confirm_reading(work, case, fingerprint, "summary")
        reference, decider = case.reference, people.decider.id
    form = signing(fingerprint, reasons="The roofs are unsafe")
    outcomes = together.act([decider] * 20, reference, lambda work, case: decisions.sign_off(work, case, form, draw))
    assert outcomes.count("") == 1
    assert all("signed off" in outcome for outcome in outcomes if outcome)
    with together.database.reading() as session:
        assert len(session.scalars(select(ArchiveRecord)).all()) == 1
        assert session.scalars(select(AssessmentVersion.state)).all() == [State.SIGNED_OFF]
        assert len(session.scalars(select(Event).where(Event.action == "sign_off")).all()) == 1


def test_one_button_pressed_eight_times_at_once_confirms_once(together):
    with together.database.writing() as session:
        people = cast(Office(session, together.settings))
        case = concluded(people, full=False)
        fingerprint = decisions.shown(people.works(people.decider), case).fingerprint
        reference, decider = case.reference, people.decider.id
    outcomes = together.act(
        [decider] * 8,
        reference,
        lambda work, case: decisions.confirm_reading(work, case, fingerprint, "summary"),
    )
    assert outcomes == [""] * 8
    with together.database.reading() as session:
        assert len(session.scalars(select(ReadingConfirmation)).all()) == 1


def test_signing_and_referring_back_at_once_do_one_of_the_two(together):
    with together.database.writing() as session:
        people = cast(Office(session, together.settings))
        people.decider.password_hash = passwords.hashed("a long password for tests", together.settings)
        case = concluded(people, full=False)
        work = people.works(people.decider)
        fingerprint = decisions.shown(work, case).fingerprint
        decisions.confirm_reading(work, case, fingerprint, "summary")
        reference, decider, lead = case.reference, people.decider.id, people.reviewer.id
    form = signing(fingerprint, reasons="The roofs are unsafe")

    def either(work: Work, case: Case) -> object:
        if work.actor.person_id == decider:
            return decisions.sign_off(work, case, form, draw)
        return reviews.reopen_review(work, case, "A figure was wrong")

    outcomes = together.act([decider, lead], reference, either)
    assert outcomes.count("") == 1
    with together.database.reading() as session:
        signed = len(session.scalars(select(ArchiveRecord)).all())
        assert session.scalars(select(AssessmentVersion.state)).one() == (
            State.SIGNED_OFF if signed else State.IN_REVIEW
        )
        assert bool(signed) is (outcomes[0] == "")


def test_two_countersignatures_at_once_leave_one(together):
    with together.database.writing() as session:
        people = cast(Office(session, together.settings))
        case = taken(people, PROMISE)
        harm = harm_ids(people, case)[0]
        reference, both = case.reference, [people.reviewer.id, people.second.id]
    outcomes = together.act(
        both, reference, lambda work, case: countersigning.countersign(work, case, harm, 1, "They have signed")
    )
    assert outcomes == ["", ""]
    with together.database.reading() as session:
        assert len(session.scalars(select(Countersignature)).all()) == 1


def test_taking_the_review_and_joining_the_author_side_at_once_do_one_of_the_two(together):
    with together.database.writing() as session:
        office = Office(session, together.settings)
        people = cast(office)
        people.reviewer.roles.append(PersonRole(role=Role.OFFICER, granted_at=NOON))
        case = submitted(people, full=False)
        reference, reviewer = case.reference, people.reviewer.id
        assessment = case.version.assessment_id
    sides: list[bool] = []
    gate = Barrier(2)

    def either(work: Work, case: Case) -> object:
        sides.append(True)
        first = len(sides) == 1
        with suppress(BrokenBarrierError):  # SQLite lets only one in at a time
            gate.wait(0.5)
        if first:
            return reviews.take(work, case, no_conflict=True)
        if not join_side(work, assessment, reviewer, Side.AUTHOR):
            raise Refused("On another side")
        return None

    outcomes = together.act([reviewer, reviewer], reference, either)
    assert outcomes.count("") == 1
    with together.database.reading() as session:
        assert len(session.scalars(select(PersonSide).where(PersonSide.person_id == reviewer)).all()) == 1
