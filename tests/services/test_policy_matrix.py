"""Every action of the policy table, asked of the services themselves, by everybody in every state, on both systems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from hia_app.config import Settings
from hia_app.db import Database
from hia_app.domain.errors import NotNow, NotPermitted, NotVisible, Refused
from hia_app.domain.evidence import About, Said, Target
from hia_app.domain.policy import RULES, Standing
from hia_app.domain.workflow import Action
from hia_app.services import (
    accounts,
    actions,
    administration,
    answers,
    archive,
    areas,
    assessments,
    body_decisions,
    comparisons,
    contributors,
    countersigning,
    cover,
    decisions,
    delegations,
    disputes,
    evidence,
    evidence_files,
    evidence_library,
    exempt_marks,
    history,
    impacts,
    points,
    quality,
    register,
    responsibilities,
    retention,
    review_queue,
    review_sections,
    reviews,
    screening,
    screening_reviews,
    threads,
    versions,
)
from hia_app.services.work import Case, Work, actor_of, case_of, open_case
from hia_app.store.questionnaires import Shelf
from hia_app.store.tables import Assessment, AssessmentVersion, Person
from tests.support.council import Council
from tests.support.matrix import PEOPLE, refusal
from tests.support.reviewing import QUESTION, draw, signing

A = Action
TARGET = Target(About.QUESTION, QUESTION)
SAID = Said("Words", "strong")
DAY = date(2031, 1, 1)
Call = Callable[[Work, Any], Any]


def new() -> str:
    return str(uuid4())


def _say(work: Work, case: Case, *, private: bool = False) -> object:
    return threads.open_thread(work, case, "", ("question", QUESTION), "", private=private)


# What asks the table, with forms that say little: a refusal must come before anybody looks at them.
CALLS: Mapping[Action, Call] = {
    A.SEE_CONTENT: threads.threads,
    A.SEE_RATING: countersigning.claims,
    A.SEE_HISTORY: history.history,
    A.SEE_SUBMISSION: comparisons.submissions_of,
    A.SEE_EVIDENCE: evidence_files.files_of,
    A.READ_RECORD: archive.read,
    A.ANSWER_SCREENING: lambda work, case: answers.record_answers(work, case, case.screening.sections[0].id, {}),
    A.SCREEN_IN: screening.screen_in,
    A.SCREEN_OUT: lambda work, case: screening.screen_out(work, case, ""),
    A.ANSWER: lambda work, case: answers.record_answers(work, case, case.questionnaire.sections[0].id, {}),
    A.RECORD_IMPACT: lambda work, case: impacts.save(work, case, new(), "best_start", 0, {}, ()),
    A.ADD_EVIDENCE: lambda work, case: evidence.cite(work, case, TARGET, new(), new()),
    A.CHANGE_EVIDENCE: lambda work, case: evidence.change(work, case, new(), 1, SAID),
    A.CHANGE_PROPOSAL: lambda work, case: responsibilities.name_decision_maker(work, case, ""),
    A.INVITE_CONTRIBUTOR: lambda work, case: contributors.invite(work, case, email="", name="", sections=[]),
    A.REMOVE_CONTRIBUTOR: lambda work, case: contributors.remove(work, case, new()),
    A.RESPOND: lambda work, case: points.respond(work, case, new(), "", ""),
    A.SUBMIT: assessments.submit,
    A.RECALL: assessments.recall,
    A.WITHDRAW: lambda work, case: assessments.withdraw(work, case, ""),
    A.REOPEN: lambda work, case: versions.reopen(work, case, "", "", ""),
    A.CONFIRM_SCREEN_OUT: lambda work, case: screening_reviews.confirm_screen_out(work, case, "", draw),
    A.REQUIRE_FULL: lambda work, case: screening_reviews.require_full(work, case, ""),
    A.SEE_REVIEW: review_sections.given,
    A.ACCEPT_REVIEW: lambda work, case: reviews.take_up(work, case, no_conflict=False),
    A.HAND_OVER_REVIEW: lambda work, case: reviews.hand_over(work, case, "", ""),
    A.COVER_REVIEW: lambda work, case: reviews.cover_for(work, case, no_conflict=False),
    A.COUNTERSIGN: lambda work, case: countersigning.countersign(work, case, new(), 1, ""),
    A.DISPUTE: lambda work, case: disputes.dispute(work, case, new(), "", "", ""),
    A.MARK_EXEMPT: lambda work, case: exempt_marks.mark(work, case, "question", QUESTION, 0, ""),
    A.GRADE: lambda work, case: quality.grade(work, case, {}),
    A.ASSIGN_SECTION: lambda work, case: review_sections.assign(work, case, {}),
    A.REVIEW_SECTION: lambda work, case: review_sections.mark(work, case, "no", "", "", no_conflict=False),
    A.NOTE_PRIVATELY: lambda work, case: _say(work, case, private=True),
    A.COMMENT: _say,
    A.RETURN: lambda work, case: reviews.return_(work, case, []),
    A.CONCLUDE: lambda work, case: reviews.conclude(work, case, "", "", exempt_decided=False),
    A.REOPEN_REVIEW: lambda work, case: reviews.reopen_review(work, case, ""),
    A.DELEGATE: lambda work, case: delegations.delegate(work, case, "", DAY, DAY, ""),
    A.CONFIRM_READING: lambda work, case: decisions.confirm_reading(work, case, "", ""),
    A.SIGN_OFF: lambda work, case: decisions.sign_off(work, case, signing(""), draw),
    A.REFER_BACK: lambda work, case: decisions.refer_back(work, case, ""),
    A.REFUSE: lambda work, case: decisions.refuse(work, case, ""),
    A.RECORD_BODY_DECISION: lambda work, case: body_decisions.add(work, case, body_decisions.BodyDecision("", DAY, "")),
    A.UPDATE_ACTION: lambda work, case: actions.find(work, case, new()),
    A.CHANGE_ACTION: actions.keepers,
    A.REASSIGN: lambda work, case: responsibilities.reassign(work, case, what="owner", person_id="", reason=""),
    # these are about no version: the case is not looked at
    A.START: lambda work, _: assessments.start(work, "", None),
    A.READ_REGISTER: lambda work, _: register.find(work, register.Search()),
    A.MANAGE_PEOPLE: lambda work, _: accounts.listed(work),
    A.MANAGE_ARCHIVE: lambda work, _: retention.due(work),
    A.SEE_SETTINGS: lambda work, _: administration.settings(work),
    A.MANAGE_AREAS: lambda work, _: areas.editions(work),
    A.SEE_LIBRARY: lambda work, _: evidence_library.search(work),
    A.ADD_TO_LIBRARY: lambda work, _: evidence_library.expect(work, new(), 1),
    A.RETIRE_FROM_LIBRARY: lambda work, _: evidence_library.retire(work, new()),
    A.SEE_QUEUE: lambda work, _: review_queue.queue(work),
    A.PLAN_ABSENCE: lambda work, _: cover.planned(work),
    A.SEE_ACTIONS: lambda work, _: actions.listing(work),
}
# Open a case at all; who may take a free review is said in the words of each case; needs a thread or an exempt part.
ELSEWHERE = {
    A.SEE_STATUS: "open_case, below",
    A.TAKE_REVIEW: "tests/services/test_reviews.py",
    A.SETTLE_THREAD: "tests/services/test_threads.py",
    A.ASSIGN_THREAD: "tests/services/test_threads.py",
    A.READ_FULL_RECORD: "tests/services/test_editions.py",
    A.ENTITLE: "tests/web/test_administration.py",
    A.MANAGE_INDICATORS: "its own library of indicators",
}
# Pressed a second time these say that it has happened, and change nothing.
TWICE = frozenset({A.SUBMIT, A.RECALL, A.WITHDRAW, A.SCREEN_IN, A.SCREEN_OUT, A.REOPEN_REVIEW, A.ACCEPT_REVIEW})
CLASSES = {404: NotVisible, 403: NotPermitted, 409: NotNow}


def test_every_action_is_asked_of_a_service_here_or_elsewhere() -> None:
    assert CALLS.keys() | ELSEWHERE.keys() == RULES.keys()


@pytest.mark.in_council
def test_each_service_refuses_what_the_table_refuses_and_nothing_else(
    database: Database, settings: Settings, council: Council
) -> None:
    shelf = Shelf.load(settings.questionnaires)
    faults, seen = [], set()
    session = database.open(writes=True)
    for who in PEOPLE:
        actor = actor_of(session.get_one(Person, council.ids[who]))
        work = Work(session, actor, datetime.now(UTC), settings, shelf)
        for where, place in council.places.items():
            standing = _standing(work, place)
            for action, call in CALLS.items():
                about = standing if RULES[action].states is not None else None
                if (action, actor.roles, about) in seen:
                    continue
                seen.add((action, actor.roles, about))
                expected = refusal(action, actor, about)
                found = _outcome(call, work, place if about else None)
                session.rollback()
                if not _fits(action, expected, found, about):
                    faults.append(f"{action} at {where} by {who}: {found!r}, not {expected}")
    database.finish(session, keep=False)
    assert not faults, "\n".join(faults[:80])
    assert len(seen) > 1_500


def _standing(work: Work, place: tuple[str, int]) -> Standing:
    """How they stand, whether or not they may see that it is there."""
    reference, number = place
    version = work.session.scalars(
        select(AssessmentVersion)
        .join(Assessment)
        .where(Assessment.reference == reference, AssessmentVersion.number == number)
    ).one()
    return case_of(work, version).standing


def _outcome(call: Call, work: Work, place: tuple[str, int] | None) -> BaseException | None:
    """What came of it, as a page would meet it: the case is opened first."""
    try:
        call(work, open_case(work, *place) if place else None)
    except (Refused, HTTPException, AttributeError) as refused:
        return refused
    return None


def _fits(action: Action, expected: int | None, found: BaseException | None, about: Standing | None) -> bool:
    if expected is None:
        return not (isinstance(found, NotPermitted) and "Your role" in str(found))
    if isinstance(found, NotVisible) and about is not None and about.sections:
        return True  # for somebody with a few sections the others are not there
    return isinstance(found, CLASSES[expected]) or (expected == 409 and action in TWICE and found is None)
