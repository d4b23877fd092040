"""What every service needs to do its work: the transaction, who asks, when, and the installation's settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from hia_app.config import Settings
from hia_app.domain import policy
from hia_app.domain.errors import NotNow, NotVisible
from hia_app.domain.policy import Actor, Role, Side, Standing
from hia_app.domain.questionnaire import Questionnaire
from hia_app.domain.workflow import Action, State, after, words
from hia_app.services import notices
from hia_app.store.questionnaires import Shelf
from hia_app.store.tables import (
    Assessment,
    AssessmentVersion,
    Contributor,
    Delegation,
    Event,
    FullEditionReader,
    Person,
    PersonSide,
    QuestionnaireEdition,
)

LONDON = ZoneInfo("Europe/London")
NOTHING = "There is nothing here for you."
MOST_VERSIONS = 10_000
_PEOPLE = (AssessmentVersion.owner, AssessmentVersion.lead_reviewer, AssessmentVersion.decision_maker)


@dataclass(frozen=True, slots=True)
class Work:
    """One request or command: services act in its transaction, in its moment, for its person."""

    session: Session
    actor: Actor
    now: datetime
    settings: Settings
    shelf: Shelf

    @property
    def today(self) -> date:
        """The date on the council's calendar."""
        return self.now.astimezone(LONDON).date()

    @property
    def people_per_home(self) -> Decimal:
        """How many people a home counts for when reach is given in homes."""
        return Decimal(self.settings.people_per_home)


@dataclass(frozen=True, slots=True)
class Case:
    """One version of an assessment as one person meets it: the row, how they stand to it, and what it asks."""

    version: AssessmentVersion
    standing: Standing
    screening: Questionnaire
    questionnaire: Questionnaire

    @property
    def state(self) -> State:
        return State(self.version.state)

    @property
    def reference(self) -> str:
        return self.version.assessment.reference

    @property
    def name(self) -> str:
        """How people call it: reference and version."""
        return f"{self.reference} version {self.version.number}"


def actor_of(person: Person) -> Actor:
    """The person as the policy table sees them; a disabled person holds no role."""
    roles: frozenset[Role] = frozenset() if person.disabled_at else person.role_set
    return Actor(person.id, person.name, roles)


def open_case(work: Work, reference: str, number: int) -> Case:
    """Find a version by reference and number; raises NotVisible when it is not there, or not there for this person."""
    if not (reference.isascii() and reference.isprintable() and len(reference) <= 20 and 0 < number < MOST_VERSIONS):
        raise NotVisible(NOTHING)  # no database is asked about what cannot be a reference
    every = select(AssessmentVersion, *_standing_columns(work, AssessmentVersion)).select_from(AssessmentVersion)
    found = work.session.execute(
        _with_sides(every.join(Assessment), work, AssessmentVersion)
        .where(Assessment.reference == reference, AssessmentVersion.number == number)
        .options(*(joinedload(one).lazyload(Person.roles) for one in _PEOPLE))  # their roles are nobody's business here
        .options(joinedload(AssessmentVersion.area_edition))
    ).one_or_none()
    if found is None:
        raise NotVisible(NOTHING)
    version, *standing = found
    case = _case(work, version, _standing(work, version, *standing))
    if not policy.visible(work.actor, case.standing):
        raise NotVisible(NOTHING)
    return case


def case_of(work: Work, version: AssessmentVersion) -> Case:
    """The case of a row already at hand; asks the policy nothing."""
    return _case(work, version, standing_of(work, version))


def _case(work: Work, version: AssessmentVersion, standing: Standing) -> Case:
    return Case(
        version,
        standing,
        questionnaire_of(work.session, version.screening_fingerprint),
        questionnaire_of(work.session, version.questionnaire_fingerprint),
    )


def standing_of(work: Work, version: AssessmentVersion) -> Standing:
    """How the asking person stands to a version; one query."""
    asked = select(*_standing_columns(work, version)).select_from(Person).where(Person.id == work.actor.person_id)
    row = work.session.execute(_with_sides(asked, work, version)).one_or_none()
    return _standing(work, version, *(row or (None, None, False, False)))


_Versions = AssessmentVersion | type[AssessmentVersion]  # one row at hand, or each row of a query


def _standing_columns(work: Work, version: _Versions) -> tuple[Any, ...]:
    """Side, sections contributed to, whether the decision is delegated to the asking person, whether they read all."""
    reads_all = entitled(work.actor.person_id).exists()
    return PersonSide.side, Contributor.sections, _delegated(work, version).exists(), reads_all


def _with_sides(asked: Select[Any], work: Work, version: _Versions) -> Select[Any]:
    mine = (PersonSide.person_id == work.actor.person_id) & (PersonSide.assessment_id == version.assessment_id)
    invited = (Contributor.assessment_id == PersonSide.assessment_id) & (Contributor.person_id == PersonSide.person_id)
    return asked.outerjoin(PersonSide, mine).outerjoin(Contributor, invited & Contributor.removed_at.is_(None))


def _standing(
    work: Work,
    version: AssessmentVersion,
    side: str | None,
    sections: list[str] | None,
    delegate: bool,
    reads_all: bool,
) -> Standing:
    person = work.actor.person_id
    return Standing(
        state=State(version.state),
        side=Side(side) if side else None,
        owner=version.owner_id == person,
        contributor=sections is not None,
        sections=frozenset(sections or ()),
        lead=version.lead_reviewer_id == person,
        has_lead=version.lead_reviewer_id is not None,
        decision_maker=version.decision_maker_id == person,
        delegate=bool(delegate),
        was_submitted=version.submitted_at is not None,
        was_concluded=version.concluded_at is not None,
        full_reader=bool(reads_all) or _is_full_reader(work),
    )


def entitled(person_id: str) -> Select[str]:
    """What entitles somebody to the exempt parts of every record: an administrator's word that has not been ended."""
    return select(FullEditionReader.id).where(
        FullEditionReader.person_id == person_id, FullEditionReader.ended_at.is_(None)
    )


def _delegated(work: Work, version: _Versions) -> Select[str]:
    """What lets the asking person decide on this version today: a delegation by whoever is named now."""
    return select(Delegation.id).where(
        Delegation.version_id == version.id,
        Delegation.to_id == work.actor.person_id,
        Delegation.from_id == version.decision_maker_id,
        Delegation.first_day <= work.today,
        Delegation.last_day >= work.today,
        Delegation.ended_at.is_(None),
    )


def decides_today(work: Work, case: Case) -> bool:
    """Whether the asking person is the one to decide, asked afresh."""
    named = case.version.decision_maker_id == work.actor.person_id
    return named or work.session.scalar(_delegated(work, case.version)) is not None


def _is_full_reader(work: Work) -> bool:
    """Whether the settings name the asking person; no query where they name nobody."""
    named = {address.strip().lower() for address in work.settings.full_edition_readers}
    person = work.session.get(Person, work.actor.person_id) if named and work.actor.person_id else None
    return person is not None and person.email in named


def allow(work: Work, action: Action, case: Case) -> None:
    """The first line of every verb on an assessment: raises unless the policy table allows it."""
    policy.require(action, work.actor, case.standing)


_CONTESTED = ("state", "row_version", "next_impact", "lead_reviewer_id", "decision_maker_id")


def hold(work: Work, case: Case) -> None:
    """Let nobody else change this version until the transaction ends; raises NotNow when its state has moved on."""
    work.session.flush()
    work.session.refresh(case.version, _CONTESTED, with_for_update=True)
    if case.state is not case.standing.state:
        raise NotNow(f"This cannot be done any more: the assessment is now {words(case.state)}.")


def move(work: Work, action: Action, case: Case, *, to: State | None = None, **detail: Any) -> None:
    """Change the state as the life-cycle table says, and write its history row in the same breath."""
    before = case.state
    case.version.state = after(action, before, to=to)
    record(work, action, case, detail={"from": before, "to": case.version.state, **detail})


def record(
    work: Work,
    action: str,
    case: Case | None = None,
    *,
    subject: str = "",
    detail: dict[str, Any] | None = None,
    concerned: Sequence[str] = (),
    former: Sequence[str] = (),
) -> None:
    """Write what was done into the history, mark the version as changed, and tell those whom it concerns.

    `concerned` and `former` are ids of people whom the action itself names (domain.notices).
    """
    if case is not None:
        case.version.changed_at = work.now
    work.session.add(Event(**_event(work, action, case, subject, detail or {})))
    if case is not None:
        notices.tell(work, action, case.version, concerned=concerned, former=former)


def record_each(work: Work, action: str, case: Case, told: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Several events of one kind, each with its subject and detail, in one statement."""
    case.version.changed_at = work.now
    if told:
        work.session.flush()  # what was done before is told before
        work.session.execute(insert(Event), [_event(work, action, case, *one) for one in told])


def _event(work: Work, action: str, case: Case | None, subject: str, detail: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": work.now,
        "person_id": work.actor.person_id or None,  # nobody: the command line, or a link before its use
        "person_name": work.actor.name,
        "assessment_id": case.version.assessment_id if case else None,
        "version_id": case.version.id if case else None,
        "action": str(action),
        "subject": subject,
        "detail": detail,
    }


def join_side(work: Work, assessment_id: str, person_id: str, side: Side) -> bool:
    """Put a person on a side for ever; False when they are on another (the database holds the same rule)."""
    existing = work.session.get(PersonSide, (assessment_id, person_id))
    if existing is None:
        joined = PersonSide(assessment_id=assessment_id, person_id=person_id, side=side, joined_at=work.now)
        try:
            with work.session.begin_nested():
                work.session.add(joined)
            return True
        except IntegrityError:  # somebody put them on a side in this very moment
            existing = work.session.get_one(PersonSide, (assessment_id, person_id))
    return policy.may_join(side, Side(existing.side))


def questionnaire_of(session: Session, fingerprint: str) -> Questionnaire:
    """The questionnaire a version is pinned to; kept in memory since a fingerprint never changes its meaning."""
    found = _remembered(fingerprint)
    if found is None:
        content = session.scalars(
            select(QuestionnaireEdition.content).where(QuestionnaireEdition.fingerprint == fingerprint)
        ).one()
        found = _remember(fingerprint, content)
    return found


_MEMORY: dict[str, Questionnaire] = {}
_MOST = 64


def _remembered(fingerprint: str) -> Questionnaire | None:
    return _MEMORY.get(fingerprint)


def _remember(fingerprint: str, content: dict[str, Any]) -> Questionnaire:
    while len(_MEMORY) >= _MOST:
        _MEMORY.pop(next(iter(_MEMORY)))
    _MEMORY[fingerprint] = Questionnaire.from_json(content)
    return _MEMORY[fingerprint]


def pin(work: Work, questionnaire: Questionnaire) -> str:
    """Keep a resolved questionnaire for ever under its fingerprint, which is returned."""
    if work.session.get(QuestionnaireEdition, questionnaire.fingerprint) is None:
        work.session.add(
            QuestionnaireEdition(
                fingerprint=questionnaire.fingerprint,
                questionnaire_id=questionnaire.id,
                version=questionnaire.version,
                content=questionnaire.to_json(),
            )
        )
        work.session.flush()
    return questionnaire.fingerprint
