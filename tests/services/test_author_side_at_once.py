"""Several people in the same moment: every start gets its own reference, and nobody's words go under."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from hia_app.config import Settings
from hia_app.db import Database
from hia_app.domain.errors import Conflict, NotNow, Refused
from hia_app.domain.policy import Role
from hia_app.domain.workflow import State
from hia_app.services import assessments, responsibilities, screening, versions
from hia_app.services.answers import record_answers, token
from hia_app.services.work import Work, actor_of, open_case
from hia_app.store.tables import Answer, AssessmentVersion, Person, ReviewRound
from tests.services.test_assessments import PROPOSAL
from tests.support.answering import fill, form_of
from tests.support.office import make_person, shelf


class Town:
    """A database in which each act is a transaction of its own, as requests are."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.settings = database, settings
        with database.writing() as session:
            self.officer = make_person(session, "Olu Adeyemi", Role.OFFICER).id
            self.chief = make_person(session, "Dee Cidewell", Role.DECISION_MAKER).id

    def act(self, act: Callable[[Work], Any]) -> Any:
        with self.database.writing() as session:
            person = session.get_one(Person, self.officer)
            return act(Work(session, actor_of(person), datetime.now(UTC), self.settings, shelf()))

    def together(self, acts: Sequence[Callable[[Work], Any]]) -> list[Any]:
        """What each act gave or by what it was refused, all begun in one moment."""
        gate = Barrier(len(acts))

        def one(act: Callable[[Work], Any]) -> Any:
            gate.wait(timeout=10)
            try:
                return self.act(act)
            except Refused as refused:
                return refused

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(one, acts))

    def count(self, table: Any) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def town(database: Database, settings: Settings) -> Town:
    return Town(database, settings)


@pytest.fixture
def complete(town: Town) -> str:
    """The reference of a draft that could be submitted."""

    def screened(work: Work) -> str:
        case = assessments.start(work, str(uuid4()), PROPOSAL)
        fill(work, case, case.screening, {"changes_home": "yes"})
        screening.screen_in(work, case)
        return case.reference

    def filled(work: Work) -> None:
        case = open_case(work, reference, 1)
        fill(work, case, case.questionnaire)
        responsibilities.name_decision_maker(work, case, town.chief)

    reference: str = town.act(screened)
    town.act(filled)
    return reference


def test_six_starts_get_six_references(town: Town) -> None:
    made = town.together([lambda work: assessments.start(work, str(uuid4()), PROPOSAL).reference] * 6)
    year = datetime.now(UTC).year
    assert sorted(made) == [f"HEA-{year}-{number:04d}" for number in range(1, 7)]


def test_a_double_click_starts_one(town: Town) -> None:
    form_id = str(uuid4())
    made = town.together([lambda work: assessments.start(work, form_id, PROPOSAL).reference] * 4)
    assert len(set(made)) == 1
    assert town.count(AssessmentVersion) == 1


@pytest.mark.parametrize("question_id", ["why_needed", "total_cost"])
def test_of_two_who_save_one_answer_one_sees_both_texts(town: Town, complete: str, question_id: str) -> None:
    """Once for an answer that is there, once for one that nobody has given yet."""

    def saving(value: str) -> Callable[[Work], Any]:
        def save(work: Work) -> Any:
            case = open_case(work, complete, 1)
            return record_answers(work, case, "proposal", form_of(question, value, shown))

        return save

    with town.database.reading() as session:
        question = shelf().get("core", 1).question_by_id[question_id]
        row = session.scalar(select(Answer).where(Answer.question_id == question_id))
        shown = token(row)
    values = ("10.00", "20.00") if question_id == "total_cost" else ("First.", "Second.")
    results = town.together([saving(value) for value in values])
    lost = [one for one in results if isinstance(one, Conflict)]
    assert len(lost) == 1
    assert {lost[0].stored[question_id], lost[0].typed[question_id]} == set(values)


def test_a_double_click_submits_once(town: Town, complete: str) -> None:
    results = town.together([lambda work: assessments.submit(work, open_case(work, complete, 1))] * 2)
    assert sum(isinstance(one, NotNow) for one in results) == 1
    assert town.count(ReviewRound) == 1


def test_a_double_click_opens_one_new_version(town: Town, complete: str) -> None:
    def sign(work: Work) -> None:
        open_case(work, complete, 1).version.state = State.SIGNED_OFF

    def reopening(form_id: str) -> Callable[[Work], Any]:
        return lambda work: versions.reopen(work, open_case(work, complete, 1), form_id, "scope", "Fewer homes.")

    town.act(sign)
    form_id = str(uuid4())
    results = town.together([reopening(form_id), reopening(form_id), reopening(str(uuid4()))])
    assert town.count(AssessmentVersion) == 2
    assert sum(isinstance(one, Refused) for one in results) in {1, 2}
