"""Several people at once drive assessments through the pages, in any order; after each step everything must agree."""

from __future__ import annotations

import hashlib
import os
import re
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import LargeBinary, func, select, update

from hia_app.domain.findings import Verdict
from hia_app.domain.quality import PROMPTS
from hia_app.services import ratings, screening, verification
from hia_app.services.work import Case
from hia_app.store.tables import (
    Answer,
    ArchivePayload,
    ArchiveRecord,
    Assessment,
    AssessmentVersion,
    Base,
    Event,
    ImpactLine,
    PersonSide,
    ReturnPoint,
)
from tests.support.office import shelf
from tests.support.people import PASSWORD, People, Visitor
from tests.support.reviewing import BENEFIT, QUESTION, Cast, add_impact, answer_everything, draw, started
from tests.support.stage import Stage
from tests.support.workflow_model import ALLOWED, Model

PEOPLE = ("officer", "other_officer", "reviewer", "other_reviewer", "decision_maker", "scrutiny", "administrator")
# When somebody clicked, how often they tried: what a refused request may leave behind, beside the note of the refusal.
UNTOLD = frozenset({"user_session", "failed_attempt", "used_allowance"})
GRADES = {f"grade-{prompt.id}": "B" for prompt in PROMPTS}
AIMS = dict.fromkeys(("eliminate", "advance", "foster"), "I considered who is concerned.")
THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


def ready(cast: Cast) -> Case:
    """A draft that wants nothing before it is submitted."""
    case = started(cast)
    work = cast.works(cast.officer)
    answer_everything(work, case, case.screening)
    screening.screen_in(work, case)
    answer_everything(work, case, case.questionnaire)
    add_impact(work, case, BENEFIT)
    ratings.refresh(work, case)
    return case


class World:
    """One app and its database, and everybody signed in; every example begins an assessment of its own."""

    def __init__(self, app: Flask) -> None:
        self.people = People(app)
        self.people.place.shelf = shelf()  # short questionnaires, also for the version after
        self.stage = Stage(self.people)
        self.names = {self.people.id(who): who for who in PEOPLE}
        self.clients: dict[str, Visitor] = {who: self.people.client(who) for who in PEOPLE}
        self.database = self.people.place.database

    def digest(self) -> dict[str, str]:
        """A fingerprint of every table, without the frozen bytes, which have their own, and without refusals."""
        found = {}
        with self.database.reading() as session:
            for table in Base.metadata.sorted_tables:
                if table.name in UNTOLD:
                    continue
                columns = [one for one in table.columns if not isinstance(one.type, LargeBinary)]
                asked = select(*columns).order_by(*table.primary_key.columns)
                if table.name == "event":
                    asked = asked.where(table.c.outcome == "done")
                rows = repr(session.execute(asked).all())
                found[table.name] = hashlib.sha256(rows.encode()).hexdigest()
        return found

    def archive(self) -> list[tuple[Any, ...]]:
        """Every record with its header, and every frozen part with its bytes, in order."""
        with self.database.reading() as session:
            records = session.execute(
                select(ArchiveRecord.seq, ArchiveRecord.record_hash, ArchiveRecord.header).order_by(ArchiveRecord.seq)
            ).all()
            parts = session.execute(
                select(ArchiveRecord.seq, ArchivePayload.part, ArchivePayload.content)
                .join(ArchiveRecord, ArchiveRecord.id == ArchivePayload.record_id)
                .order_by(ArchiveRecord.seq, ArchivePayload.part)
            ).all()
        return [*map(tuple, records), *((*one[:2], hashlib.sha256(one[2]).hexdigest()) for one in parts)]


class Machine(RuleBasedStateMachine):
    """Everybody tries everything; the model says what comes of it."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.reference = self.world.stage.set(ready).split("/")[2]
        self.seen = ""  # the fingerprint on the decision-maker's open page
        self.frozen = self.world.archive()

    # ---- what people do ----

    @rule(who=st.sampled_from(PEOPLE), action=st.sampled_from(sorted(ALLOWED)))
    def somebody_tries(self, who: str, action: str) -> None:
        self.attempt(action, who)

    @rule(action=st.sampled_from(sorted(ALLOWED)))
    def whoever_may_does(self, action: str) -> None:
        """The first who may, else whoever has a part."""
        able = [who for who in PEOPLE if self.model.allows(action, who)]
        self.attempt(action, able[0] if able else "officer")

    @rule()
    def the_usual_next_thing_happens(self) -> None:
        self.go_on()

    @rule(steps=st.integers(2, 4))
    def several_usual_things_happen(self, steps: int) -> None:
        for _ in range(steps):
            self.go_on()

    @rule()
    def the_decision_maker_opens_the_page(self) -> None:
        page = self.world.clients["decision_maker"].get(f"{self.address}/decision")
        found = re.search(r'name="submission_hash" value="([0-9a-f]{64})"', page.text)
        assert (found is not None) == (self.model.state == "reviewed")
        if found is not None:
            self.seen, self.model.stale = found[1], False

    def go_on(self) -> None:
        model = self.model
        lead = model.lead or "reviewer"
        match model.state:
            case "draft":
                self.attempt("submit", "officer")
            case "returned":
                self.attempt("submit" if model.answered else "respond", "officer")
            case "in_review" if not model.accepted:
                self.attempt("take_review", lead)
            case "in_review":
                self.attempt("conclude" if model.graded else "grade", lead)
            case "reviewed" if model.stale:
                self.the_decision_maker_opens_the_page()
            case "reviewed":
                self.attempt("sign_off" if model.read else "confirm_reading", "decision_maker")
            case "signed_off":
                self.attempt("reopen", "officer")
            case _:
                self.attempt("comment", "officer")

    # ---- and what must be so after each step ----

    def attempt(self, action: str, who: str) -> None:
        world, model = self.world, self.model
        allowed, before, told = model.allows(action, who), world.digest(), self.told()
        path, form, to = self.request(action, who)
        status = world.clients[who].send(path, form).status_code
        assert status != 500
        if allowed:
            assert status < 400, f"{who} may {action} while {model.state}, and got {status}"
            expected = model.follow(action, who, to)
            assert sorted(self.told()[len(told) :]) == sorted(expected)
        else:
            changed = [name for name, one in world.digest().items() if before[name] != one]
            assert not changed, f"{who} may not {action} while {model.state}, got {status}, and changed {changed}"
        if action == "reopen" and allowed:
            self.confirm_what_was_carried_over()
        self.check()

    def check(self) -> None:
        world, model = self.world, self.model
        with world.database.reading() as session:
            version = session.scalars(
                select(AssessmentVersion)
                .join(Assessment)
                .where(Assessment.reference == self.reference, AssessmentVersion.number == model.version)
            ).one()
            states = session.scalars(
                select(AssessmentVersion.state)
                .where(AssessmentVersion.assessment_id == version.assessment_id)
                .order_by(AssessmentVersion.number)
            ).all()
            sides = session.execute(
                select(PersonSide.person_id, PersonSide.side).where(PersonSide.assessment_id == version.assessment_id)
            ).all()
        newer = "superseded" if model.state == "signed_off" else "signed_off"
        assert states == [*["superseded"] * (model.version - 2), *[newer] * (model.version > 1), model.state]
        assert world.names.get(version.lead_reviewer_id or "", "") == model.lead
        assert {world.names[person]: side for person, side in sides} == model.sides
        frozen = world.archive()
        assert set(self.frozen) <= set(frozen), "the archive forgot something"
        self.frozen = frozen
        report = verification.verify(world.database.reading, world.people.place.clock())
        assert report.verdict is Verdict.GOOD, report.findings

    def teardown(self) -> None:
        with self.world.database.reading() as session:
            own = session.scalar(
                select(func.count())
                .select_from(ArchiveRecord)
                .join(AssessmentVersion, AssessmentVersion.id == ArchiveRecord.version_id)
                .join(Assessment)
                .where(Assessment.reference == self.reference)
            )
        assert own == self.model.records

    @property
    def address(self) -> str:
        return f"/assessments/{self.reference}/{self.model.version}"

    def request(self, action: str, who: str) -> tuple[str, dict[str, Any], str]:
        """The address and the form of an action, as its page would send it; and to whom a review goes."""
        to = "other_reviewer" if self.model.lead == "reviewer" else "reviewer"
        reason = {"reason": "It has to be said why."}
        forms: dict[str, tuple[str, dict[str, Any]]] = {
            "submit": ("/submit", {}),
            "recall": ("/recall", {}),
            "withdraw": ("/withdraw", reason),
            "take_review": ("/review/take", {"no_conflict": "yes"}),
            "hand_over_review": ("/review/hand-over", {"to": self.world.people.id(to), **reason}),
            "grade": ("/review/grades", GRADES),
            "return": (
                "/review/return",
                {"point": f"question:{QUESTION}", f"reason-question-{QUESTION}": "Say which streets."},
            ),
            "respond": (f"/points/{self.point()}", {"response": "rebutted", "text": "It should stand as it is."}),
            "conclude": (
                "/review/conclude",
                {"recommendation": "approve", "reasons": "It is clear.", "exempt_decided": "yes"},
            ),
            "reopen_review": ("/review/reopen", reason),
            "confirm_reading": ("/decision/read", {"submission_hash": self.seen, "what": "summary"}),
            "sign_off": ("/decision/sign-off", {"submission_hash": self.seen, "password": PASSWORD, **AIMS}),
            "refer_back": ("/decision/refer-back", reason),
            "refuse": ("/decision/refuse", reason),
            "reopen": ("/reopen", {"form_id": str(uuid4()), "trigger": "scope", **reason}),
            "comment": (f"/comments/question/{QUESTION}", {"form_id": str(uuid4()), "text": "Which streets?"}),
        }
        path, form = forms[action]
        return self.address + path, form, to

    def point(self) -> str:
        """The newest returned point; where there is none, one that does not exist."""
        with self.world.database.reading() as session:
            found = session.scalars(
                select(ReturnPoint.id)
                .join(AssessmentVersion, AssessmentVersion.id == ReturnPoint.version_id)
                .join(Assessment)
                .where(Assessment.reference == self.reference, AssessmentVersion.number == self.model.version)
                .where(ReturnPoint.response.is_(None))
            ).first()
        return found or str(uuid4())

    def told(self) -> list[str]:
        with self.world.database.reading() as session:
            return list(
                session.scalars(
                    select(Event.action)
                    .join(Assessment, Assessment.id == Event.assessment_id)
                    .where(Assessment.reference == self.reference, Event.outcome == "done")
                    .order_by(Event.seq)
                )
            )

    def confirm_what_was_carried_over(self) -> None:
        """What the officer does page by page: look at what was carried over and let it stand."""
        with self.world.database.writing() as session:
            for rows in (Answer, ImpactLine):
                session.execute(update(rows).values(to_confirm=False))
        self.model.confirmed = True


def test_whatever_people_do_in_whatever_order_everything_agrees(
    app: Flask, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few examples, always the same; HYPOTHESIS_PROFILE=thorough tries many, and others each time."""
    monkeypatch.setattr("hia_app.web.decisions.printer", lambda _: draw)
    on_sqlite = database_url.startswith("sqlite")
    world = type("Here", (Machine,), {"world": World(app)})
    few = settings(
        max_examples=300 if THOROUGH else 3 if on_sqlite else 1,
        stateful_step_count=40 if THOROUGH else 20,
        derandomize=not THOROUGH,
        phases=list(Phase) if THOROUGH else [Phase.generate],  # making a failure small takes minutes
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(world, settings=few)
