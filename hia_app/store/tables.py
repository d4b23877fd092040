"""What is kept: people, assessments with their answers and impacts, reviews, and the records that never change."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from hia_app.domain.evidence import Scan, Strength
from hia_app.domain.policy import Role, Side
from hia_app.domain.workflow import BEFORE_SIGN_OFF, State
from hia_app.store.columns import Exact, Json, UtcDateTime, new_id

LONGEST_TEXT = 20_000


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: Json, list[Any]: Json, Decimal: Exact}


def one_of(column: str, values: type[StrEnum] | tuple[str, ...], *, optional: bool = False) -> CheckConstraint:
    """A CHECK that a text column holds one of the listed words."""
    listed = ", ".join(f"'{value}'" for value in values)
    rule = f"{column} IN ({listed})"
    return CheckConstraint(f"{column} IS NULL OR {rule}" if optional else rule, name=f"{column}_known")


def at_most(column: str, length: int) -> CheckConstraint:
    """A CHECK on length, because SQLite does not look at VARCHAR(n)."""
    return CheckConstraint(f"length({column}) <= {length}", name=f"{column}_length")


def key() -> Mapped[str]:
    return mapped_column(String(36), primary_key=True, default=new_id)


def person_key(**options: Any) -> Mapped[Any]:
    return mapped_column(String(36), ForeignKey("person.id"), **options)


def version_key(**options: Any) -> Mapped[str]:
    return mapped_column(String(36), ForeignKey("assessment_version.id"), **options)


# -- people and how they sign in --------------------------------------------------------------------------


class Person(Base):
    """Somebody who can sign in. A password is set by the person through a one-time link, never by others."""

    __tablename__ = "person"
    __table_args__ = (at_most("name", 200), at_most("email", 254), at_most("job_title", 200))

    id: Mapped[str] = key()
    email: Mapped[str] = mapped_column(String(254), unique=True)  # kept in lower case
    name: Mapped[str] = mapped_column(String(200))
    job_title: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str | None] = mapped_column(String(255))
    # Single sign-on binds to issuer and subject, never to an e-mail address that somebody else may get later.
    sso_issuer: Mapped[str | None] = mapped_column(String(255))
    sso_subject: Mapped[str | None] = mapped_column(String(255))
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    roles: Mapped[list[PersonRole]] = relationship(
        back_populates="person", lazy="selectin", foreign_keys="PersonRole.person_id", cascade="all, delete-orphan"
    )

    @property
    def role_set(self) -> frozenset[Role]:
        return frozenset(Role(row.role) for row in self.roles)


class PersonRole(Base):
    __tablename__ = "person_role"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("granted_by IS NULL OR granted_by <> person_id", name="not_by_oneself"),
    )

    person_id: Mapped[str] = person_key(primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    granted_by: Mapped[str | None] = person_key()
    granted_at: Mapped[datetime]
    person: Mapped[Person] = relationship(back_populates="roles", foreign_keys=[person_id])


class UserSession(Base):
    """One signed-in browser; the cookie carries only `token`, of which the hash is kept."""

    __tablename__ = "user_session"

    id: Mapped[str] = key()
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = person_key(index=True)
    csrf_secret: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    agent: Mapped[str] = mapped_column(String(200), default="")
    person: Mapped[Person] = relationship(lazy="joined")


class OneTimeLink(Base):
    """An invitation or a password reset; only the hash of its secret is kept."""

    __tablename__ = "one_time_link"
    __table_args__ = (one_of("purpose", ("invite", "reset")),)

    id: Mapped[str] = key()
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = person_key(index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    created_by: Mapped[str | None] = person_key()
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined")


class FailedAttempt(Base):
    """A failed sign-in, counted per name and per address so that guessing is slowed down on every server alike."""

    __tablename__ = "failed_attempt"

    id: Mapped[str] = key()
    subject: Mapped[str] = mapped_column(String(80), index=True)
    at: Mapped[datetime]


class KeptForm(Base):
    """What somebody typed and could not save because their session had ended; given back to the same person only."""

    __tablename__ = "kept_form"

    id: Mapped[str] = key()
    person_id: Mapped[str] = person_key(index=True)
    path: Mapped[str] = mapped_column(String(500))
    fields: Mapped[list[Any]]  # [[name, value], …] in the order they were sent
    kept_at: Mapped[datetime]


# -- assessments --------------------------------------------------------------------------------------------


class QuestionnaireEdition(Base):
    """The full text of a resolved questionnaire, by fingerprint, so that a running draft keeps the one it began with."""

    __tablename__ = "questionnaire_edition"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    questionnaire_id: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict[str, Any]]


class Assessment(Base):
    """One scheme or policy through all its versions; the reference people file it under."""

    __tablename__ = "assessment"

    id: Mapped[str] = key()
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    created_at: Mapped[datetime]
    versions: Mapped[list[AssessmentVersion]] = relationship(
        back_populates="assessment", order_by="AssessmentVersion.number"
    )


_OPEN = ", ".join(f"'{state}'" for state in sorted(BEFORE_SIGN_OFF))


class AssessmentVersion(Base):
    """One version of an assessment on its way from start to sign-off."""

    __tablename__ = "assessment_version"
    __table_args__ = (
        UniqueConstraint("assessment_id", "number"),
        one_of("state", State),
        one_of("decided_by", ("officer", "body")),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("decided_by = 'officer' OR body_name <> ''", name="body_named"),
        at_most("title", 200),
        at_most("summary", LONGEST_TEXT),
        Index("uq_assessment_version_open", "assessment_id", unique=True, sqlite_where=text(f"state IN ({_OPEN})"),
              postgresql_where=text(f"state IN ({_OPEN})")),
        Index("ix_assessment_version_register", "state", "signed_off_at", "id"),
    )

    id: Mapped[str] = key()
    assessment_id: Mapped[str] = mapped_column(String(36), ForeignKey("assessment.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    scheme_type: Mapped[str] = mapped_column(String(60))
    decision_date: Mapped[date]
    decided_by: Mapped[str] = mapped_column(String(10))
    body_name: Mapped[str] = mapped_column(String(200), default="")
    body_meeting_date: Mapped[date | None]
    owner_id: Mapped[str] = person_key(index=True)
    lead_reviewer_id: Mapped[str | None] = person_key(index=True)
    decision_maker_id: Mapped[str | None] = person_key(index=True)
    screening_fingerprint: Mapped[str] = mapped_column(String(64), ForeignKey("questionnaire_edition.fingerprint"))
    questionnaire_fingerprint: Mapped[str] = mapped_column(
        String(64), ForeignKey("questionnaire_edition.fingerprint")
    )
    screening_outcome: Mapped[str] = mapped_column(Text, default="")
    screened_out_reason: Mapped[str] = mapped_column(Text, default="")
    trigger: Mapped[str] = mapped_column(String(20), default="")  # why a version after the first was opened
    trigger_reason: Mapped[str] = mapped_column(Text, default="")
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    rating: Mapped[dict[str, Any] | None]  # computed when an impact or an answer is saved; pages read it
    rating_rule: Mapped[int | None] = mapped_column(Integer)
    # the same with the reviewers' values where they dispute the officer's; empty while nothing is disputed
    rating_disputed: Mapped[dict[str, Any] | None]
    next_impact: Mapped[int] = mapped_column(Integer, default=1)
    # the area figures it works with: those that were current when it began
    area_edition_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("area_edition.id"))
    started_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    concluded_at: Mapped[datetime | None]
    signed_off_at: Mapped[datetime | None]
    row_version: Mapped[int] = mapped_column(Integer, default=1)

    assessment: Mapped[Assessment] = relationship(back_populates="versions", lazy="joined")
    owner: Mapped[Person] = relationship(foreign_keys=[owner_id], lazy="joined")
    lead_reviewer: Mapped[Person | None] = relationship(foreign_keys=[lead_reviewer_id], lazy="joined")
    decision_maker: Mapped[Person | None] = relationship(foreign_keys=[decision_maker_id], lazy="joined")


class PersonSide(Base):
    """The one side a person is on for an assessment, across all its versions and for ever."""

    __tablename__ = "person_side"
    __table_args__ = (one_of("side", Side),)

    assessment_id: Mapped[str] = mapped_column(String(36), ForeignKey("assessment.id"), primary_key=True)
    person_id: Mapped[str] = person_key(primary_key=True)
    side: Mapped[str] = mapped_column(String(10))
    joined_at: Mapped[datetime]


class Contributor(Base):
    """Somebody invited to the whole or to named sections; removed ones stay on the author side."""

    __tablename__ = "contributor"
    __table_args__ = (UniqueConstraint("assessment_id", "person_id"),)

    id: Mapped[str] = key()
    assessment_id: Mapped[str] = mapped_column(String(36), ForeignKey("assessment.id"), index=True)
    person_id: Mapped[str] = person_key(index=True)
    sections: Mapped[list[Any]]  # section ids; empty means all
    invited_by: Mapped[str] = person_key()
    invited_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined")


class Answer(Base):
    """One answer to one question of one version, with its row version so that nobody overwrites another unseen."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("version_id", "question_id"), at_most("question_id", 60))

    id: Mapped[str] = key()
    version_id: Mapped[str] = version_key(index=True)
    question_id: Mapped[str] = mapped_column(String(60))
    value: Mapped[Any] = mapped_column(Json, nullable=True)  # shapes: docs/questionnaires.md; null means cleared
    to_confirm: Mapped[bool] = mapped_column(default=False)  # carried over from an earlier version
    row_version: Mapped[int] = mapped_column(Integer, default=1)
    changed_by: Mapped[str] = person_key()
    changed_at: Mapped[datetime]


_MAGNITUDES = ("minor", "moderate", "major")
_LIKELIHOODS = ("unlikely", "possible", "likely", "almost_certain")
_LEVELS = ("low", "medium", "high")
_FUNDING = ("confirmed", "not_needed", "not_confirmed")


class ImpactLine(Base):
    """One effect on one set of people. Columns follow `domain.impacts.Impact`; empty until the step is done."""

    __tablename__ = "impact_line"
    __table_args__ = (
        UniqueConstraint("version_id", "number"),
        one_of("direction", ("benefit", "harm", "not_known")),
        one_of("magnitude", _MAGNITUDES, optional=True),
        one_of("likelihood", _LIKELIHOODS, optional=True),
        one_of("duration", ("short", "medium", "long"), optional=True),
        one_of("reach_unit", ("people", "homes")),
        one_of("confidence", _LEVELS, optional=True),
        one_of("funding", _FUNDING, optional=True),
        one_of("residual_magnitude", _MAGNITUDES, optional=True),
        one_of("residual_likelihood", _LIKELIHOODS, optional=True),
        CheckConstraint(
            "direction <> 'not_known' OR (magnitude IS NULL AND likelihood IS NULL AND reach_mid IS NULL "
            "AND spread IS NULL AND residual_magnitude IS NULL AND residual_likelihood IS NULL)",
            name="unknown_has_no_size",
        ),
    )

    id: Mapped[str] = key()
    version_id: Mapped[str] = version_key(index=True)
    number: Mapped[int] = mapped_column(Integer)  # shown as "I3"; never reused in a version
    section_id: Mapped[str] = mapped_column(String(60))
    direction: Mapped[str] = mapped_column(String(10))
    groups: Mapped[list[Any]]
    because: Mapped[str] = mapped_column(Text, default="")
    effect: Mapped[str] = mapped_column(Text, default="")
    pathway: Mapped[str] = mapped_column(Text, default="")
    magnitude: Mapped[str | None] = mapped_column(String(10))
    likelihood: Mapped[str | None] = mapped_column(String(20))
    duration: Mapped[str | None] = mapped_column(String(10))
    reversible: Mapped[bool | None]
    reach_unit: Mapped[str] = mapped_column(String(10), default="people")
    reach_low: Mapped[Decimal | None]
    reach_mid: Mapped[Decimal | None]
    reach_high: Mapped[Decimal | None]
    people_per_home: Mapped[Decimal]
    spread_kind: Mapped[str] = mapped_column(String(30), default="")
    spread: Mapped[list[Any] | None]  # five decimals as text
    spread_source: Mapped[str] = mapped_column(Text, default="")
    # with a spread from the chosen places: whom the people are a part of (domain.spreads.Base as plain values), and the
    # lowest, best and highest figure where they were given as percentages of them
    base: Mapped[dict[str, Any] | None]
    reach_shares: Mapped[list[Any] | None]
    confidence: Mapped[str | None] = mapped_column(String(10))
    evidence: Mapped[list[Any]]  # evidence card ids
    source: Mapped[str] = mapped_column(Text, default="")
    plan_who: Mapped[str] = mapped_column(String(200), default="")
    plan_by: Mapped[date | None]
    plan_how: Mapped[str] = mapped_column(Text, default="")
    # what will be done: for a harm a mitigation, for a benefit how it could be better still
    action: Mapped[str] = mapped_column(Text, default="")
    action_owner: Mapped[str] = mapped_column(String(200), default="")
    due: Mapped[date | None]
    funding: Mapped[str | None] = mapped_column(String(20))
    measure: Mapped[str] = mapped_column(Text, default="")
    residual_magnitude: Mapped[str | None] = mapped_column(String(10))
    residual_likelihood: Mapped[str | None] = mapped_column(String(20))
    no_action_reason: Mapped[str] = mapped_column(Text, default="")
    suggested_by: Mapped[str] = mapped_column(String(121), default="")  # "<question>.<suggestion>"
    to_confirm: Mapped[bool] = mapped_column(default=False)
    origin_id: Mapped[str | None] = mapped_column(String(36))  # the same impact in the version before
    removed_at: Mapped[datetime | None]
    row_version: Mapped[int] = mapped_column(Integer, default=1)
    changed_by: Mapped[str] = person_key()
    changed_at: Mapped[datetime]


class SuggestionChoice(Base):
    """What an officer did with a suggested impact; declined ones keep their reason."""

    __tablename__ = "suggestion_choice"
    __table_args__ = (
        UniqueConstraint("version_id", "suggestion"),
        one_of("outcome", ("accepted", "declined")),
    )

    id: Mapped[str] = key()
    version_id: Mapped[str] = version_key(index=True)
    suggestion: Mapped[str] = mapped_column(String(121))
    outcome: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    impact_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("impact_line.id"))
    chosen_by: Mapped[str] = person_key()
    chosen_at: Mapped[datetime]


# -- review ---------------------------------------------------------------------------------------------------


class ReviewRound(Base):
    """One time the assessment was in review: who led it, how it ended, and why."""

    __tablename__ = "review_round"
    __table_args__ = (
        UniqueConstraint("version_id", "number"),
        one_of("outcome", ("returned", "concluded", "recalled", "stopped"), optional=True),
        one_of("recommendation", ("approve", "approve_with_conditions", "do_not_approve"), optional=True),
    )

    id: Mapped[str] = key()
    version_id: Mapped[str] = version_key(index=True)
    number: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime]
    lead_id: Mapped[str | None] = person_key()
    taken_at: Mapped[datetime | None]
    no_conflict_declared: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str | None] = mapped_column(String(10))
    ended_at: Mapped[datetime | None]
    recommendation: Mapped[str | None] = mapped_column(String(30))
    reasons: Mapped[str] = mapped_column(Text, default="")
    conditions: Mapped[str] = mapped_column(Text, default="")
    referred_back_reason: Mapped[str] = mapped_column(Text, default="")
    exempt_decided: Mapped[bool] = mapped_column(default=False)  # what the public edition leaves out was looked at
    lead: Mapped[Person | None] = relationship(foreign_keys=[lead_id], lazy="joined")


class ReturnPoint(Base):
    """One question, impact or section that was returned with a reason, and how the author side dealt with it."""

    __tablename__ = "return_point"
    __table_args__ = (
        UniqueConstraint("round_id", "kind", "target"),
        one_of("kind", ("question", "impact", "section")),
        one_of("response", ("answered", "rebutted"), optional=True),
    )

    id: Mapped[str] = key()
    round_id: Mapped[str] = mapped_column(String(36), ForeignKey("review_round.id"), index=True)
    version_id: Mapped[str] = version_key(index=True)
    kind: Mapped[str] = mapped_column(String(10))
    target: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    response: Mapped[str | None] = mapped_column(String(10))
    response_text: Mapped[str] = mapped_column(Text, default="")
    responded_by: Mapped[str | None] = person_key()
    responded_at: Mapped[datetime | None]


class Countersignature(Base):
    """A reviewer's yes to a mitigation that claims more than one step; any later change to the line ends it."""

    __tablename__ = "countersignature"

    id: Mapped[str] = key()
    version_id: Mapped[str] = version_key(index=True)
    impact_id: Mapped[str] = mapped_column(String(36), ForeignKey("impact_line.id"), index=True)
    impact_row_version: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    signed_by: Mapped[str] = person_key()
    signed_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]


class Dispute(Base):
    """A reviewer's own view of a value, kept beside the officer's; any later change of that value ends it."""

    __tablename__ = "dispute"
    __table_args__ = (
        one_of("field", ("magnitude", "likelihood", "confidence")),
        one_of("ending", ("withdrawn", "changed", "removed"), optional=True),
        CheckConstraint("value <> officer_value", name="differs"),
        CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="ended_whole"),
        Index("uq_dispute_standing", "impact_id", "field", unique=True, sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
    )  # fmt: skip

    id: Mapped[str] = key()
    version_id: Mapped[str] = version_key(index=True)
    impact_id: Mapped[str] = mapped_column(String(36), ForeignKey("impact_line.id"), index=True)
    field: Mapped[str] = mapped_column(String(12))
    officer_value: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    disputed_by: Mapped[str] = person_key()
    disputed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ending: Mapped[str | None] = mapped_column(String(10))
    ended_reason: Mapped[str] = mapped_column(Text, default="")


class QualityGrade(Base):
    """What the lead reviewer thinks of one of the twelve quality prompts in one round of the review."""

    __tablename__ = "quality_grade"
    __table_args__ = (UniqueConstraint("round_id", "prompt"), one_of("grade", ("A", "B", "C", "D")))

    id: Mapped[str] = key()
    round_id: Mapped[str] = mapped_column(String(36), ForeignKey("review_round.id"), index=True)
    version_id: Mapped[str] = version_key(index=True)
    prompt: Mapped[str] = mapped_column(String(30))  # domain.quality.PROMPTS
    grade: Mapped[str] = mapped_column(String(1))
    comment: Mapped[str] = mapped_column(Text, default="")
    graded_by: Mapped[str] = person_key()
    graded_at: Mapped[datetime]


class Thread(Base):
    """A conversation about one question, impact or section; a private one never leaves the review side."""

    __tablename__ = "thread"
    __table_args__ = (
        one_of("kind", ("question", "impact", "section")),
        one_of("side", ("author", "review")),
        CheckConstraint("NOT private OR (side = 'review' AND NOT blocking)", name="private_stays"),
        Index("ix_thread_place", "version_id", "kind", "target"),
    )

    id: Mapped[str] = key()
    version_id: Mapped[str] = version_key()
    kind: Mapped[str] = mapped_column(String(10))
    target: Mapped[str] = mapped_column(String(60))
    section_id: Mapped[str] = mapped_column(String(60))  # where the target is: a contributor sees only their sections
    side: Mapped[str] = mapped_column(String(10))  # who opened it
    private: Mapped[bool] = mapped_column(default=False)
    blocking: Mapped[bool] = mapped_column(default=False)  # forbids concluding while it is open
    assigned_to: Mapped[str | None] = person_key()
    opened_by: Mapped[str] = person_key()
    opened_at: Mapped[datetime]
    resolved_by: Mapped[str | None] = person_key()
    resolved_at: Mapped[datetime | None]
    resolved_in: Mapped[int | None] = mapped_column(Integer)  # the number of the submission that settled it
    comments: Mapped[list[Comment]] = relationship(order_by="Comment.written_at, Comment.id", lazy="selectin")


class Comment(Base):
    """One thing somebody wrote in a thread; never changed afterwards."""

    __tablename__ = "comment"
    __table_args__ = (at_most("text", 4_000),)

    id: Mapped[str] = key()
    thread_id: Mapped[str] = mapped_column(String(36), ForeignKey("thread.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = person_key()
    written_at: Mapped[datetime]
    author: Mapped[Person] = relationship(foreign_keys=[written_by], lazy="joined")


class Condition(Base):
    """One condition of an approval: what must be done, by whom, by when, and how it will be seen."""

    __tablename__ = "condition"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[str] = key()
    round_id: Mapped[str] = mapped_column(String(36), ForeignKey("review_round.id"), index=True)
    version_id: Mapped[str] = version_key(index=True)
    number: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(200))
    due: Mapped[date]
    measure: Mapped[str] = mapped_column(Text)


class ActionItem(Base):
    """Something promised in a signed-off record, followed until it is done: a condition or a committed mitigation."""

    __tablename__ = "action_item"
    __table_args__ = (
        UniqueConstraint("version_id", "source", "target"),
        one_of("source", ("condition", "mitigation")),
        one_of("funding", _FUNDING, optional=True),
        one_of("status", ("open", "under_way", "done", "dropped", "replaced")),
        Index("ix_action_item_due", "status", "due", "id"),
    )

    id: Mapped[str] = key()
    version_id: Mapped[str] = version_key(index=True)
    source: Mapped[str] = mapped_column(String(10))
    target: Mapped[str] = mapped_column(String(36))  # the condition's or the impact's id
    name: Mapped[str] = mapped_column(String(30))
    text: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(200))
    due: Mapped[date]
    measure: Mapped[str] = mapped_column(Text)
    funding: Mapped[str | None] = mapped_column(String(20))
    exempt: Mapped[bool] = mapped_column(default=False)  # its impact is kept out of the public edition
    status: Mapped[str] = mapped_column(String(10), default="open")
    note: Mapped[str] = mapped_column(Text, default="")  # what was said with the latest status
    row_version: Mapped[int] = mapped_column(Integer, default=1)
    changed_by: Mapped[str | None] = person_key()
    changed_at: Mapped[datetime]


class Absence(Base):
    """A reviewer is away for some days, and somebody covers; both days are included."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        CheckConstraint("cover_id <> person_id", name="covered_by_another"),
    )

    id: Mapped[str] = key()
    person_id: Mapped[str] = person_key(index=True)
    cover_id: Mapped[str] = person_key(index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    recorded_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class ExemptMark(Base):
    """Part of an assessment that is kept out of the public edition, with its Schedule 12A paragraph and reason."""

    __tablename__ = "exempt_mark"
    __table_args__ = (
        one_of("kind", ("question", "impact", "evidence")),
        CheckConstraint("paragraph BETWEEN 1 AND 7", name="paragraph_known"),
        Index("uq_exempt_mark_standing", "version_id", "kind", "target", unique=True,
              sqlite_where=text("lifted_at IS NULL"), postgresql_where=text("lifted_at IS NULL")),
    )  # fmt: skip

    id: Mapped[str] = key()
    version_id: Mapped[str] = version_key(index=True)
    kind: Mapped[str] = mapped_column(String(10))
    target: Mapped[str] = mapped_column(String(60))
    paragraph: Mapped[int] = mapped_column(Integer)
    public_interest: Mapped[str] = mapped_column(Text)
    marked_by: Mapped[str] = person_key()
    marked_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = person_key()
    lifted_reason: Mapped[str] = mapped_column(Text, default="")


class EvidenceFile(Base):
    """A paper behind an answer or an impact, or (with no version) in the shared library; its bytes are kept by SHA-256."""

    __tablename__ = "evidence_file"
    __table_args__ = (
        one_of("strength", Strength, optional=True),
        one_of("scan", Scan),
        CheckConstraint(
            "CASE WHEN version_id IS NULL THEN kind = '' AND target = '' AND library_id IS NULL "
            "ELSE kind IN ('question', 'impact') AND target <> '' END",
            name="attached_or_shared",
        ),
        CheckConstraint("size > 0", name="size_positive"),
        at_most("label", 255),
        at_most("description", 300),
        at_most("withheld_reason", 500),
        Index("ix_evidence_file_added_by", "added_by", "added_at"),
    )

    id: Mapped[str] = key()
    version_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("assessment_version.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10), default="")
    target: Mapped[str] = mapped_column(String(60), default="")
    # the file of the shared library that this one cites instead of being sent again
    library_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("evidence_file.id"), index=True)
    label: Mapped[str] = mapped_column(String(255))  # what it is called on the screen; never a path
    description: Mapped[str] = mapped_column(String(300), default="")
    words: Mapped[str] = mapped_column(Text, default="")  # lower-case label and description, for search
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    strength: Mapped[str | None] = mapped_column(String(10))
    dated: Mapped[date | None]
    scan: Mapped[str] = mapped_column(String(12))
    withheld_reason: Mapped[str] = mapped_column(String(500), default="")  # kept out of what scrutiny may open
    removed_at: Mapped[datetime | None]
    row_version: Mapped[int] = mapped_column(Integer, default=1)
    added_by: Mapped[str] = person_key()
    added_at: Mapped[datetime]


class AreaEdition(Base):
    """One import of area figures, with source, year and licence; assessments keep the edition they used."""

    __tablename__ = "area_edition"
    __table_args__ = (
        Index("uq_area_edition_current", "current", unique=True, sqlite_where=text("current"),
              postgresql_where=text("current")),
    )  # fmt: skip

    id: Mapped[str] = key()
    number: Mapped[int] = mapped_column(Integer, unique=True)
    current: Mapped[bool] = mapped_column(default=False)  # new assessments begin with this one
    source: Mapped[str] = mapped_column(Text)
    year: Mapped[str] = mapped_column(String(100))
    licence: Mapped[str] = mapped_column(Text)
    sums: Mapped[dict[str, Any]]  # the whole council summed up: domain.areas.Sums as plain values
    imported_by: Mapped[str | None] = person_key()
    imported_at: Mapped[datetime]


class Area(Base):
    """One small area (LSOA) of an edition, with its deprivation and counts."""

    __tablename__ = "area"
    __table_args__ = (Index("ix_area_ward", "edition_id", "ward_code"),)

    edition_id: Mapped[str] = mapped_column(String(36), ForeignKey("area_edition.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    ward_code: Mapped[str] = mapped_column(String(12))
    ward_name: Mapped[str] = mapped_column(String(120))
    national_rank: Mapped[int] = mapped_column(Integer)
    national_tenth: Mapped[int] = mapped_column(Integer)
    national_score: Mapped[Decimal | None]
    local_fifth: Mapped[int | None] = mapped_column(Integer)
    local_tenth: Mapped[int | None] = mapped_column(Integer)
    counts: Mapped[dict[str, Any]]  # residents, disabled residents, ethnic groups, homes by tenure, overcrowded homes


# -- what never changes ---------------------------------------------------------------------------------------


class Submission(Base):
    """The bytes that were put before a reviewer (submitted) or a decision-maker (concluded)."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("version_id", "number"), one_of("kind", ("submitted", "concluded")))

    id: Mapped[str] = key()
    version_id: Mapped[str] = version_key(index=True)
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(10))
    payload: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    submission_hash: Mapped[str] = mapped_column(String(64))
    frozen_by: Mapped[str] = person_key()
    frozen_at: Mapped[datetime]


class ReadingConfirmation(Base):
    """The decision-maker's button: has read the summary, or one serious harm, of this very submission."""

    __tablename__ = "reading_confirmation"
    __table_args__ = (UniqueConstraint("submission_id", "person_id", "what"),)

    id: Mapped[str] = key()
    submission_id: Mapped[str] = mapped_column(String(36), ForeignKey("submission.id"), index=True)
    submission_hash: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[str] = person_key()
    what: Mapped[str] = mapped_column(String(40))  # "summary" or an impact id
    confirmed_at: Mapped[datetime]


RECORD_KINDS = ("sign-off", "screening", "supersede", "body-decision", "disposal", "re-anchor")


class ArchiveRecord(Base):
    """One link of the chain: what was frozen, its fingerprints, and the fingerprint of the record before it."""

    __tablename__ = "archive_record"
    __table_args__ = (
        one_of("kind", RECORD_KINDS),
        CheckConstraint("seq > 0", name="seq_positive"),
        CheckConstraint("kind IN ('sign-off', 'screening', 're-anchor') OR about IS NOT NULL", name="about_another"),
    )

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    version_id: Mapped[str | None] = version_key(index=True)  # empty for a re-anchor, which is about the archive
    about: Mapped[str | None] = mapped_column(String(36), ForeignKey("archive_record.id"), index=True)
    header: Mapped[bytes] = mapped_column(LargeBinary)
    snapshot_hash: Mapped[str] = mapped_column(String(64))
    record_hash: Mapped[str] = mapped_column(String(64), unique=True)
    prev: Mapped[str] = mapped_column(String(64), unique=True)
    archived_at: Mapped[datetime]


class ArchivePayload(Base):
    """The bytes of a record: its submission, its decision, its documents, its evidence files (by their SHA-256)."""

    __tablename__ = "archive_payload"
    __table_args__ = (
        CheckConstraint(
            "part IN ('submission', 'decision', 'pdf_full', 'pdf_public') OR part LIKE 'evidence/%'", name="part_known"
        ),
    )

    record_id: Mapped[str] = mapped_column(String(36), ForeignKey("archive_record.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(80), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))


class ArchiveKey(Base):
    """The public half of a signing key, vouched for by the key before it; the private half is never in the database."""

    __tablename__ = "archive_key"
    __table_args__ = (CheckConstraint("(vouched_by IS NULL) = (vouch IS NULL)", name="vouch_whole"),)

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    public_key: Mapped[str] = mapped_column(String(64), unique=True)  # 32 bytes as hex digits
    made_at: Mapped[datetime]
    vouched_by: Mapped[str | None] = mapped_column(String(32), ForeignKey("archive_key.id"))
    vouch: Mapped[bytes | None] = mapped_column(LargeBinary)


class ArchiveSignature(Base):
    """The Ed25519 signature over a record's fingerprint."""

    __tablename__ = "archive_signature"

    record_id: Mapped[str] = mapped_column(String(36), ForeignKey("archive_record.id"), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(32), ForeignKey("archive_key.id"))
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class LegalHold(Base):
    """While it stands, nothing of an assessment may be disposed of; lifting it is written down beside it."""

    __tablename__ = "legal_hold"

    id: Mapped[str] = key()
    assessment_id: Mapped[str] = mapped_column(String(36), ForeignKey("assessment.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    placed_by: Mapped[str] = mapped_column(String(200))  # a name: it may be placed from the command line
    placed_at: Mapped[datetime]
    lifted_by: Mapped[str] = mapped_column(String(200), default="")
    lifted_reason: Mapped[str] = mapped_column(Text, default="")
    lifted_at: Mapped[datetime | None]


class RegisterEntry(Base):
    """What the register lists and searches of a frozen record, written with it and derived from it alone."""

    __tablename__ = "register_entry"
    __table_args__ = (
        Index("ix_register_entry_newest", "signed_off_at", "version_id"),
        Index("ix_register_entry_rule", "rule", "signed_off_at"),
        Index("ix_register_entry_scheme", "scheme_type", "signed_off_at"),
    )

    version_id: Mapped[str] = version_key(primary_key=True)
    record_id: Mapped[str] = mapped_column(String(36), ForeignKey("archive_record.id"))
    reference: Mapped[str] = mapped_column(String(20), index=True)
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    scheme_type: Mapped[str] = mapped_column(String(60))
    scheme_title: Mapped[str] = mapped_column(String(200))
    rule: Mapped[int | None] = mapped_column(Integer)
    variant: Mapped[str] = mapped_column(String(4), default="")
    label: Mapped[str] = mapped_column(String(100), default="")
    principles: Mapped[str] = mapped_column(String(40), default="")  # ",1,4,5," of recorded impacts
    words: Mapped[str] = mapped_column(Text)  # lower-case title, summary, reference and places, for search
    decision_date: Mapped[date]
    signed_off_at: Mapped[datetime]


class Event(Base):
    """Something that happened or was refused; written in the same transaction as the change, never altered."""

    __tablename__ = "event"
    __table_args__ = (
        one_of("outcome", ("done", "refused")),
        Index("ix_event_version", "version_id", "seq"),
    )

    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[str | None] = person_key()
    person_name: Mapped[str] = mapped_column(String(200), default="")
    assessment_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("assessment.id"), index=True)
    version_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("assessment_version.id"))
    action: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(10), default="done")
    subject: Mapped[str] = mapped_column(String(200), default="")
    detail: Mapped[dict[str, Any]]


# Frozen tables with every set of columns that is unique in them; `store.guards` makes the triggers.
WRITE_ONCE: tuple[tuple[str, str], ...] = (
    ("questionnaire_edition", "fingerprint"),
    ("submission", "id;version_id,number"),
    ("reading_confirmation", "id;submission_id,person_id,what"),
    ("archive_record", "seq;id;record_hash;prev"),
    ("archive_payload", "record_id,part"),
    ("archive_key", "number;id;public_key"),
    ("archive_signature", "record_id"),
    ("event", "seq"),
)
