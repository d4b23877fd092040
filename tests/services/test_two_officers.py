"""Two people on one answer, a hundred random interleavings: what was typed is saved, or in front of who typed it."""

from __future__ import annotations

import random

from sqlalchemy import select

from hia_app.domain.errors import Conflict
from hia_app.domain.policy import Role
from hia_app.domain.workflow import State
from hia_app.services import assessments, contributors
from hia_app.services.answers import answers_of, record_answers, token
from hia_app.store.columns import new_id
from hia_app.store.tables import Person
from tests.services.test_assessments import PROPOSAL
from tests.support.answering import form_of
from tests.support.office import Office

QUESTION = "why_needed"


def test_nobody_overwrites_what_they_have_not_seen(office: Office) -> None:
    officer = office.person("Ann Officer", Role.OFFICER)
    case = assessments.start(office.work(officer), new_id(), PROPOSAL)
    case.version.state = State.DRAFT
    contributors.invite(
        office.work(officer), office.case(officer, case), email="con@council.example", name="Con", sections=[]
    )
    helper = office.session.scalars(select(Person).where(Person.email == "con@council.example")).one()
    chance = random.Random(20261124)
    saved = conflicts = 0
    for number in range(100):
        people = {officer.id: officer, helper.id: helper}
        opened: dict[str, tuple[str, object]] = {}  # what each has on their screen
        for step in range(chance.randint(4, 8)):
            who = people[chance.choice(sorted(people))]
            work, theirs = office.work(who), office.case(who, case)
            row = answers_of(work, theirs).get(QUESTION)
            if who.id not in opened or chance.random() < 0.3:
                opened[who.id] = (token(row), row.value if row else None)
                continue
            mark, on_screen = opened[who.id]
            before, mine = (row.value if row else None), f"Text {number}.{step} of {who.name}"
            form = form_of(case.questionnaire.question_by_id[QUESTION], mine, mark)
            refused = None
            try:
                record_answers(work, theirs, "proposal", form, autosave=chance.random() < 0.5)
            except Conflict as conflict:
                refused = conflict
            if refused is not None:
                assert refused.typed == {QUESTION: mine}  # in front of its author …
                assert refused.stored == {QUESTION: before}  # … beside what stays
                assert answers_of(work, theirs)[QUESTION].value == before != on_screen
                conflicts += 1
                del opened[who.id]
                continue
            assert before == on_screen, "somebody's text was overwritten unseen"
            row = answers_of(work, theirs)[QUESTION]
            assert row.value == mine
            opened[who.id] = (token(row), mine)
            saved += 1
    assert min(saved, conflicts) > 30
