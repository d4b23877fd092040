"""What waits for the person who has signed in, in every part they play."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy import case as case_when

from hia_app.domain.policy import Role
from hia_app.domain.workflow import State
from hia_app.services import kept_forms, register, review_queue
from hia_app.services.review_queue import Waiting
from hia_app.services.work import Work
from hia_app.store.tables import Assessment, AssessmentVersion, Contributor, Delegation, KeptForm, Person

MOST_LISTED = 50
FEW = 5

S = State
# What the author side does next; where nothing is asked of them, the words say what they are waiting for.
OWNER_NEXT: dict[State, str] = {
    S.RETURNED: "The reviewer named points to answer. Answer them and submit it again.",
    S.SCREENING: "Answer the screening questions. They take about ten minutes.",
    S.DRAFT: "Go on with the task list.",
    S.SCREENED_OUT: "Nothing to do: a reviewer will confirm that no full assessment is needed.",
    S.IN_REVIEW: "Nothing to do: public health is reviewing it.",
    S.REVIEWED: "Nothing to do: it is with the decision-maker.",
    S.SIGNED_OFF: "Decided. Open a new version if something important changes.",
}
CONTRIBUTOR_NEXT: dict[State, str] = {
    S.RETURNED: "The reviewer named points to answer. See whether any are in your sections.",
    S.SCREENING: "Not ready for you yet: the owner is still screening it.",
    S.DRAFT: "Answer your sections.",
}
TO_DO = frozenset({S.RETURNED, S.SCREENING, S.DRAFT})


@dataclass(frozen=True, slots=True)
class Mine:
    """One assessment in which this person plays a part."""

    reference: str
    number: int
    title: str
    state: State
    next_step: str
    decision_date: date
    changed_at: datetime
    owner: bool = True


@dataclass(frozen=True, slots=True)
class Administration:
    """What an administrator should know at a glance."""

    people: int
    without_password: int


@dataclass(frozen=True, slots=True)
class Home:
    """Everything the home page shows; lists are None where the person's roles do not have them."""

    to_do: list[Mine]
    waiting: list[Mine]
    decisions: list[Mine] | None = None
    reviews: review_queue.Queue | None = None
    signed_off: tuple[register.Listed, ...] | None = None
    administration: Administration | None = None
    kept: list[KeptForm] = field(default_factory=list)

    @property
    def to_take(self) -> list[Waiting]:
        return [row for row in self.reviews.rows if row.lead is None][:FEW] if self.reviews else []

    @property
    def my_reviews(self) -> list[Waiting]:
        return [row for row in self.reviews.rows if row.mine] if self.reviews else []


def home(work: Work) -> Home:
    """At most seven queries, however much there is."""
    roles = work.actor.roles
    mine = _mine(work)
    return Home(
        to_do=[row for row in mine if row.state in TO_DO],
        waiting=[row for row in mine if row.state not in TO_DO],
        decisions=_decisions(work) if Role.DECISION_MAKER in roles else None,
        reviews=review_queue.queue(work) if Role.REVIEWER in roles else None,
        signed_off=register.find(work, register.Search()).rows[:FEW] if roles - {Role.ADMINISTRATOR} else None,
        administration=_administration(work) if Role.ADMINISTRATOR in roles else None,
        kept=kept_forms.waiting(work),
    )


def _mine(work: Work) -> list[Mine]:
    """Owned or contributed to, the newest version of each: what was returned first, then by the nearest decision."""
    me = work.actor.person_id
    urgency = case_when({S.RETURNED: 0, S.SCREENING: 1, S.DRAFT: 1}, value=AssessmentVersion.state, else_=2)
    rows = work.session.execute(
        select(
            Assessment.reference,
            AssessmentVersion.number,
            AssessmentVersion.title,
            AssessmentVersion.state,
            AssessmentVersion.decision_date,
            AssessmentVersion.changed_at,
            AssessmentVersion.owner_id,
        )
        .join(Assessment, Assessment.id == AssessmentVersion.assessment_id)
        .outerjoin(
            Contributor,
            (Contributor.assessment_id == AssessmentVersion.assessment_id)
            & (Contributor.person_id == me)
            & Contributor.removed_at.is_(None),
        )
        .where(
            or_(AssessmentVersion.owner_id == me, Contributor.id.is_not(None)),
            AssessmentVersion.state.not_in((S.SUPERSEDED, S.WITHDRAWN, S.SCREENED_OUT_CONFIRMED)),
        )
        .order_by(urgency, AssessmentVersion.decision_date, AssessmentVersion.id)
        .limit(MOST_LISTED)
    )
    found = rows.all()
    newest = {row.reference: row.number for row in sorted(found, key=lambda row: row.number)}
    return [
        Mine(
            row.reference,
            row.number,
            row.title,
            State(row.state),
            _next_step(State(row.state), row.owner_id == me),
            row.decision_date,
            row.changed_at,
            row.owner_id == me,
        )
        for row in found
        if row.number == newest[row.reference]
    ]


def _next_step(state: State, owner: bool) -> str:
    steps = OWNER_NEXT if owner else OWNER_NEXT | CONTRIBUTOR_NEXT
    return steps[state]


def _decisions(work: Work) -> list[Mine]:
    rows = work.session.execute(
        select(
            Assessment.reference,
            AssessmentVersion.number,
            AssessmentVersion.title,
            AssessmentVersion.decision_date,
            AssessmentVersion.changed_at,
        )
        .join(Assessment, Assessment.id == AssessmentVersion.assessment_id)
        .where(
            or_(AssessmentVersion.decision_maker_id == work.actor.person_id, _delegated_to(work)),
            AssessmentVersion.state == S.REVIEWED,
        )
        .order_by(AssessmentVersion.decision_date, AssessmentVersion.id)
        .limit(MOST_LISTED)
    )
    step = "Read the summary and every serious harm, then decide."
    return [
        Mine(row.reference, row.number, row.title, S.REVIEWED, step, row.decision_date, row.changed_at, False)
        for row in rows
    ]


def _delegated_to(work: Work) -> ColumnElement[bool]:
    """Whether somebody who is named lets the asking person decide today."""
    return (
        select(Delegation.id)
        .where(
            Delegation.version_id == AssessmentVersion.id,
            Delegation.to_id == work.actor.person_id,
            Delegation.from_id == AssessmentVersion.decision_maker_id,
            Delegation.first_day <= work.today,
            Delegation.last_day >= work.today,
            Delegation.ended_at.is_(None),
        )
        .exists()
    )


def _administration(work: Work) -> Administration:
    people, without = work.session.execute(
        select(
            func.count(), func.count(case_when((Person.password_hash.is_(None) & Person.sso_subject.is_(None), 1)))
        ).where(Person.disabled_at.is_(None))
    ).one()
    return Administration(people, without)
