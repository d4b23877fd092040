"""What reviewers do: rounds, points, grades, disputes, threads, exempt parts, and the actions that follow."""

from __future__ import annotations

from datetime import date, datetime

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
from hia_app.store.tables.base import Base, at_most, key, one_of, person_key, version_key
from hia_app.store.tables.people import Person


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


class ReviewSection(Base):
    """A section that the lead gave to one reviewer in one round, and what that reviewer says about it."""

    __tablename__ = "review_section"
    __table_args__ = (
        UniqueConstraint("round_id", "section_id"),
        one_of("grade", ("A", "B", "C", "D"), optional=True),
        CheckConstraint("reviewed_at IS NULL OR (grade IS NOT NULL AND no_conflict_declared)", name="reviewed_whole"),
    )

    id: Mapped[str] = key()
    round_id: Mapped[str] = mapped_column(String(36), ForeignKey("review_round.id"), index=True)
    version_id: Mapped[str] = version_key(index=True)
    section_id: Mapped[str] = mapped_column(String(60))
    reviewer_id: Mapped[str] = person_key()
    assigned_by: Mapped[str] = person_key()
    assigned_at: Mapped[datetime]
    no_conflict_declared: Mapped[bool] = mapped_column(default=False)
    grade: Mapped[str | None] = mapped_column(String(1))
    comment: Mapped[str] = mapped_column(Text, default="")
    reviewed_at: Mapped[datetime | None]
    reviewer: Mapped[Person] = relationship(foreign_keys=[reviewer_id], lazy="joined")


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
    carried_from: Mapped[int | None] = mapped_column(Integer)  # the version it was opened in, when an older one
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
        one_of("funding", FUNDINGS, optional=True),
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
    keeper_id: Mapped[str | None] = person_key(index=True)  # who says how it stands, beside the assessment's owner
    row_version: Mapped[int] = mapped_column(Integer, default=1)
    changed_by: Mapped[str | None] = person_key()
    changed_at: Mapped[datetime]


class Delegation(Base):
    """A named decision-maker lets somebody else decide on one version for some days; both days are included."""

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        CheckConstraint("to_id <> from_id", name="to_another"),
    )

    id: Mapped[str] = key()
    version_id: Mapped[str] = version_key(index=True)
    from_id: Mapped[str] = person_key()
    to_id: Mapped[str] = person_key(index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    to: Mapped[Person] = relationship(foreign_keys=[to_id], lazy="joined")


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
