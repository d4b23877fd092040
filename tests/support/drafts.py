"""Assessments in the app's own database, made through the services, for tests of pages and in the browser."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar
from uuid import uuid4

from hia_app.domain.proposal import Proposal
from hia_app.domain.workflow import State
from hia_app.services import assessments, contributors, responsibilities, screening
from hia_app.services.answers import answers_of
from hia_app.services.work import Case, Work, open_case
from hia_app.store.tables import Answer, ReturnPoint, ReviewRound
from tests.support.answering import fill, send
from tests.support.people import People

Made = TypeVar("Made")
PROPOSAL = Proposal(
    title="Holbeck group repair",
    summary="Repair 240 homes.",
    scheme_type="core",
    decision_date=date(2027, 3, 1),
    decided_by="officer",
)


class Drafts:
    """The officer's assessments: `drafts.draft()` gives a reference; `drafts.path(reference, "check")` a page."""

    def __init__(self, people: People) -> None:
        self.people = people

    def within(self, name: str, act: Callable[[Work], Made]) -> Made:
        """Something done by this person through the services, kept."""
        self.people.id(name)
        with self.people.place.database.writing() as session:
            return act(self.people.work(session, name))

    def screening(
        self, title: str = PROPOSAL.title, owner: str = "officer", scheme_type: str = PROPOSAL.scheme_type
    ) -> str:
        proposal = replace(PROPOSAL, title=title, scheme_type=scheme_type)
        return self.within(owner, lambda work: assessments.start(work, str(uuid4()), proposal).reference)

    def draft(
        self, title: str = PROPOSAL.title, owner: str = "officer", scheme_type: str = PROPOSAL.scheme_type
    ) -> str:
        """Screened in, nothing answered."""
        reference = self.screening(title, owner, scheme_type)

        def screen(work: Work) -> None:
            case = open_case(work, reference, 1)
            fill(work, case, case.screening, {"changes_home": "yes"})
            screening.screen_in(work, case)

        self.within(owner, screen)
        return reference

    def complete(self, title: str = PROPOSAL.title, scheme_type: str = PROPOSAL.scheme_type) -> str:
        """A draft with every required answer and a decision-maker."""
        reference = self.draft(title, scheme_type=scheme_type)
        chief = self.people.id("decision_maker")

        def complete(work: Work) -> None:
            case = open_case(work, reference, 1)
            fill(work, case, case.questionnaire)
            responsibilities.name_decision_maker(work, case, chief)

        self.within("officer", complete)
        return reference

    def returned(self, *points: tuple[str, str]) -> str:
        """A complete draft that came back with these points (kind, target)."""
        reference = self.complete()

        def come_back(work: Work) -> None:
            case = open_case(work, reference, 1)
            round_ = ReviewRound(
                version_id=case.version.id, number=1, started_at=work.now, outcome="returned", ended_at=work.now
            )
            work.session.add(round_)
            work.session.flush()
            for kind, target in points:
                work.session.add(
                    ReturnPoint(
                        round_id=round_.id, version_id=case.version.id, kind=kind, target=target, reason="Say more."
                    )
                )
            case.version.state, case.version.submitted_at = State.RETURNED, work.now

        self.within("officer", come_back)
        return reference

    def invite(self, reference: str, name: str, sections: list[str]) -> None:
        """Make this person a contributor there."""
        self.people.id(name)
        self.within(
            "officer",
            lambda work: contributors.invite(
                work, open_case(work, reference, 1), email=f"{name}@example.org", name=name, sections=sections
            ),
        )

    def answer(self, reference: str, values: Mapping[str, Any], name: str = "officer") -> None:
        self.within(name, lambda work: send(work, open_case(work, reference, 1), values))

    def stored(self, reference: str) -> dict[str, Answer]:
        """The answers as they are kept now, by question id."""
        self.people.id("officer")
        with self.people.place.database.reading() as session:
            work = self.people.work(session, "officer")
            rows = answers_of(work, self.case(work, reference))
            session.expunge_all()
            return rows

    def case(self, work: Work, reference: str, number: int = 1) -> Case:
        return open_case(work, reference, number)

    @staticmethod
    def path(reference: str, page: str = "", number: int = 1) -> str:
        return f"/assessments/{reference}/{number}/{page}"
