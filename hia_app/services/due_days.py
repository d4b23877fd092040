"""Days that come near or go by: of reviews, decisions and promised actions. Looked at once a day, told once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hia_app.config import Settings
from hia_app.domain.workflow import BEFORE_SIGN_OFF, State
from hia_app.services import notices
from hia_app.services.work import LONDON
from hia_app.services.working_days import working_days_after
from hia_app.store.tables import ActionItem, AssessmentVersion, ReviewRound

REVIEW_NEAR = 2  # working days before a review is due
DECISION_NEAR = timedelta(days=7)
ACTION_NEAR = timedelta(days=14)
LOOKED_BACK = timedelta(days=7)  # a day that went by while no worker ran is told of up to a week later
_Remind = Callable[[AssessmentVersion, str, date, str], None]


def remind(session: Session, settings: Settings, now: datetime) -> None:
    """Write the notices of today; run again, it writes none twice."""
    today = now.astimezone(LONDON).date()

    def told(version: AssessmentVersion, what: str, day: date, about: str) -> None:
        notices.remind(session, settings, now, version, what, day, about)

    _reviews(session, settings, today, told)
    _decisions(session, today, told)
    _actions(session, today, told)


def _reviews(session: Session, settings: Settings, today: date, told: _Remind) -> None:
    rows = session.execute(
        select(ReviewRound, AssessmentVersion)
        .join(AssessmentVersion, AssessmentVersion.id == ReviewRound.version_id)
        .where(
            ReviewRound.outcome.is_(None),
            AssessmentVersion.state == State.IN_REVIEW,
            AssessmentVersion.lead_reviewer_id.is_not(None),
        )
        .options(joinedload(AssessmentVersion.assessment))
        .order_by(AssessmentVersion.id)
    ).all()
    for held, version in rows:
        due = working_days_after(held.started_at.astimezone(LONDON).date(), settings.review_working_days)
        if due - LOOKED_BACK <= today <= due and working_days_after(today, REVIEW_NEAR) >= due:
            told(version, "review_near", due, held.id)
        elif due < today <= due + LOOKED_BACK:
            told(version, "review_passed", due, held.id)


def _decisions(session: Session, today: date, told: _Remind) -> None:
    rows = session.scalars(
        select(AssessmentVersion)
        .where(
            AssessmentVersion.state.in_(BEFORE_SIGN_OFF),
            AssessmentVersion.decision_date >= today - LOOKED_BACK,
            AssessmentVersion.decision_date <= today + DECISION_NEAR,
        )
        .options(joinedload(AssessmentVersion.assessment))
        .order_by(AssessmentVersion.id)
    ).all()
    for version in rows:
        what = "decision_near" if version.decision_date >= today else "decision_passed"
        told(version, what, version.decision_date, version.id)


def _actions(session: Session, today: date, told: _Remind) -> None:
    rows = session.execute(
        select(ActionItem, AssessmentVersion)
        .join(AssessmentVersion, AssessmentVersion.id == ActionItem.version_id)
        .where(
            ActionItem.status.in_(("open", "under_way")),
            ActionItem.due >= today - LOOKED_BACK,
            ActionItem.due <= today + ACTION_NEAR,
        )
        .options(joinedload(AssessmentVersion.assessment))
        .order_by(ActionItem.id)
    ).all()
    for action, version in rows:
        told(version, "action_near" if action.due >= today else "action_passed", action.due, action.id)
