"""Assessments with their versions, answers and impacts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hia_app.domain.impact_shape import FUNDINGS
from hia_app.domain.method import CONFIDENCES, LIKELIHOODS, MAGNITUDES
from hia_app.domain.policy import Side
from hia_app.domain.workflow import BEFORE_SIGN_OFF, State
from hia_app.store.columns import Json
from hia_app.store.tables.areas import AreaEdition
from hia_app.store.tables.base import LONGEST_TEXT, Base, at_most, key, one_of, person_key, version_key
from hia_app.store.tables.people import Person


class QuestionnaireEdition(Base):
    """The full text of a resolved questionnaire, by fingerprint: a running draft keeps the one it began with."""

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
        Index(
            "uq_assessment_version_open",
            "assessment_id",
            unique=True,
            sqlite_where=text(f"state IN ({_OPEN})"),
            postgresql_where=text(f"state IN ({_OPEN})"),
        ),
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
    questionnaire_fingerprint: Mapped[str] = mapped_column(String(64), ForeignKey("questionnaire_edition.fingerprint"))
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
    area_edition: Mapped[AreaEdition | None] = relationship()


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


class ImpactLine(Base):
    """One effect on one set of people. Columns follow `domain.impacts.Impact`; empty until the step is done."""

    __tablename__ = "impact_line"
    __table_args__ = (
        UniqueConstraint("version_id", "number"),
        one_of("direction", ("benefit", "harm", "not_known")),
        one_of("magnitude", MAGNITUDES, optional=True),
        one_of("likelihood", LIKELIHOODS, optional=True),
        one_of("duration", ("short", "medium", "long"), optional=True),
        one_of("reach_unit", ("people", "homes")),
        one_of("confidence", CONFIDENCES, optional=True),
        one_of("funding", FUNDINGS, optional=True),
        one_of("residual_magnitude", MAGNITUDES, optional=True),
        one_of("residual_likelihood", LIKELIHOODS, optional=True),
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
