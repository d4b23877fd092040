"""A material change after sign-off: a new version that begins with everything the old one said, to be confirmed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from hia_app.domain.errors import InvalidInput, NotNow, NotVisible
from hia_app.domain.questionnaire import Questionnaire
from hia_app.domain.workflow import BEFORE_SIGN_OFF, Action, State
from hia_app.services import areas, evidence, ratings, threads_carried
from hia_app.services.assessments import form_key, proposal_of
from hia_app.services.reasons import reason_given
from hia_app.services.work import NOTHING, Case, Work, allow, case_of, hold, pin, record
from hia_app.store.columns import new_id
from hia_app.store.tables import Answer, AssessmentVersion, ImpactLine, SuggestionChoice

TRIGGERS: dict[str, str] = {
    "scope": "The scope has changed",
    "cost": "The cost has changed",
    "area": "The area has changed",
    "funding": "The funding has changed",
    "law": "The law has changed",
    "evidence": "There is new evidence",
    "time": "Time has passed",
}
_NOT_COPIED = {"id", "version_id", "to_confirm", "origin_id", "row_version", "removed_at"}


def reopen(work: Work, case: Case, form_id: str, trigger: str, reason: str) -> Case:
    """Open version n+1; the frozen one never changes. The same `form_id` again gives the version it opened."""
    allow(work, Action.REOPEN, case)
    if trigger not in TRIGGERS:
        raise InvalidInput({"trigger": "Choose what has changed"})
    words = reason_given(reason, "Say what has changed, and why it matters")
    key = form_key(form_id)
    _hold_all(work, case)
    existing = work.session.get(AssessmentVersion, key)
    if existing is not None:
        if existing.assessment_id != case.version.assessment_id:
            raise NotVisible(NOTHING)
        return case_of(work, existing)
    version = _next(work, case, key, trigger, words)
    opened = case_of(work, version)
    _carry_answers(work, case, opened)
    copies = _carry_impacts(work, case, opened)
    evidence.carry(work, case, opened, copies)
    comments = threads_carried.carry(work, case, opened, copies)
    work.session.flush()
    record(
        work,
        Action.REOPEN,
        opened,
        subject=opened.name,
        detail={"from_version": case.version.number, "trigger": trigger, "reason": words}
        | ({"comments": comments} if comments else {}),
    )
    ratings.refresh(work, opened)
    return opened


def _hold_all(work: Work, case: Case) -> None:
    """Two clicks at once open one version: whoever comes second sees what the first opened."""
    hold(work, case)
    # A version of this assessment that was read before the wait would hide the one that was opened meanwhile.
    work.session.expire(case.version.assessment)


def _next(work: Work, case: Case, key: str, trigger: str, reason: str) -> AssessmentVersion:
    same = AssessmentVersion.assessment_id == case.version.assessment_id
    under_way = work.session.scalar(
        select(AssessmentVersion.number).where(same, AssessmentVersion.state.in_(BEFORE_SIGN_OFF))
    )
    if under_way is not None:
        raise NotNow(f"Version {under_way} is already open. Only one version can be open at a time.")
    old = case.version
    full = case.state is State.SIGNED_OFF
    version = AssessmentVersion(
        id=key,
        assessment_id=old.assessment_id,
        number=(work.session.scalar(select(func.max(AssessmentVersion.number)).where(same)) or 0) + 1,
        state=State.DRAFT if full else State.SCREENING,
        owner_id=old.owner_id,
        decision_maker_id=old.decision_maker_id,
        # A screening that was done stays as it was done; one that has to be done again is asked in today's words.
        screening_fingerprint=old.screening_fingerprint if full else pin(work, work.shelf.screening()),
        screening_outcome=old.screening_outcome if full else "",
        questionnaire_fingerprint=pin(work, _newest(work, case)),
        area_edition_id=edition.id if (edition := areas.current(work)) else None,
        trigger=trigger,
        trigger_reason=reason,
        next_impact=old.next_impact,
        started_at=work.now,
        changed_at=work.now,
    )
    proposal = proposal_of(old)
    for name in proposal.__slots__:
        setattr(version, name, getattr(proposal, name))
    work.session.add(version)
    work.session.flush()
    return version


def _newest(work: Work, case: Case) -> Questionnaire:
    """Today's questionnaire of this kind of proposal; a kind that takes no new assessments keeps its last one."""
    try:
        return work.shelf.current(case.version.scheme_type)
    except KeyError:
        return case.questionnaire


def _carry_answers(work: Work, case: Case, opened: Case) -> None:
    """By question id, to be confirmed; what a newer questionnaire no longer asks stays with the old version."""
    screening_again = opened.state is State.SCREENING
    for row in work.session.scalars(select(Answer).where(Answer.version_id == case.version.id)):
        screening = row.question_id in opened.screening.question_by_id
        if row.value is None or not (screening or row.question_id in opened.questionnaire.question_by_id):
            continue
        work.session.add(
            Answer(
                version_id=opened.version.id,
                question_id=row.question_id,
                value=row.value,
                to_confirm=not screening or screening_again,
                changed_by=row.changed_by,
                changed_at=row.changed_at,
            )
        )


def _carry_impacts(work: Work, case: Case, opened: Case) -> dict[str, str]:
    """Every impact under its old number, to be confirmed, with what became of suggestions; gives new ids by old."""
    copies: dict[str, str] = {}
    rows = work.session.scalars(
        select(ImpactLine).where(ImpactLine.version_id == case.version.id, ImpactLine.removed_at.is_(None))
    )
    for row in rows.all():
        values: dict[str, Any] = {
            column.key: getattr(row, column.key)
            for column in ImpactLine.__table__.columns
            if column.key not in _NOT_COPIED
        }
        copies[row.id] = new_id()
        work.session.add(
            ImpactLine(id=copies[row.id], version_id=opened.version.id, to_confirm=True, origin_id=row.id, **values)
        )
    work.session.flush()
    for choice in work.session.scalars(
        select(SuggestionChoice).where(SuggestionChoice.version_id == case.version.id)
    ).all():
        if choice.impact_id is not None and choice.impact_id not in copies:
            continue
        work.session.add(
            SuggestionChoice(
                version_id=opened.version.id,
                suggestion=choice.suggestion,
                outcome=choice.outcome,
                reason=choice.reason,
                impact_id=copies[choice.impact_id] if choice.impact_id else None,
                chosen_by=choice.chosen_by,
                chosen_at=choice.chosen_at,
            )
        )
    return copies
