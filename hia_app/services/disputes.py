"""A reviewer sees a size, a likelihood or a confidence otherwise: both values stay, and both ratings are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from hia_app.domain.disputes import ENDINGS, FIELDS, LABELS, disputable
from hia_app.domain.errors import InvalidInput, NotNow, NotPermitted, NotVisible
from hia_app.domain.policy import Side
from hia_app.domain.workflow import Action
from hia_app.services import impacts, ratings, review_findings
from hia_app.services.reasons import reason_given
from hia_app.services.review_rounds import OTHER_SIDE
from hia_app.services.statements import Statements
from hia_app.services.work import NOTHING, Case, Work, allow, hold, join_side, record
from hia_app.store.columns import new_id
from hia_app.store.tables import Dispute


@dataclass(frozen=True, slots=True)
class View:
    """One dispute with the names of its impact and of the reviewer."""

    dispute: Dispute
    impact: str
    by: str

    @property
    def label(self) -> str:
        return LABELS[self.dispute.field]

    @property
    def ending(self) -> str:
        return ENDINGS[self.dispute.ending]


def of(work: Work, case: Case) -> tuple[View, ...]:
    """Every dispute of a version in the order it was raised, those that ended too; one query."""
    allow(work, Action.SEE_RATING, case)
    return tuple(View(*one) for one in review_findings.disputes(work, case))


def standing(found: Sequence[View]) -> dict[str, list[View]]:
    """Those that stand, by the name of their impact."""
    by_impact: dict[str, list[View]] = {}
    for view in found:
        if view.dispute.ended_at is None:
            by_impact.setdefault(view.impact, []).append(view)
    return by_impact


def find(work: Work, case: Case, impact_id: str) -> impacts.Recorded:
    """The impact to look at for a dispute; raises NotVisible."""
    allow(work, Action.DISPUTE, case)
    found = next((line for line in impacts.lines_of(work, case) if line.row.id == impact_id), None)
    if found is None:
        raise NotVisible(NOTHING)
    return found


def dispute(work: Work, case: Case, impact_id: str, field: str, value: str, reason: str) -> Dispute:
    """Put a reviewer's value beside the officer's, with the reason; the rating is then worked out both ways."""
    _on_review_side(work, case)
    line = find(work, case, impact_id)
    given = disputable(line.impact).get(field)
    statements = Statements()
    words = statements.read("reason", reason, "Say why you see it otherwise")
    if given is None or value not in FIELDS[field]:
        statements.refuse("value", "Choose a value of this impact and how you see it")
    elif value == given:
        statements.refuse("value", "This is the value the officer gave. Choose another")
    statements.settle()
    already = _standing(work, impact_id, field)
    if already is not None:
        raise NotNow("This value is already disputed. Withdraw that dispute first.")
    raised = Dispute(
        id=new_id(),
        version_id=case.version.id,
        impact_id=impact_id,
        field=field,
        officer_value=given,
        value=value,
        reason=words,
        disputed_by=work.actor.person_id,
        disputed_at=work.now,
    )
    work.session.add(raised)
    work.session.flush()
    detail = {"impact": impact_id, "field": field, "officer": given, "reviewer": value, "reason": words}
    record(work, Action.DISPUTE, case, subject=line.name, detail=detail)
    ratings.refresh(work, case)
    return raised


def withdraw(work: Work, case: Case, dispute_id: str, reason: str) -> None:
    """Take a dispute back; it stays in the record as one that was withdrawn."""
    _on_review_side(work, case)
    view = next((one for one in of(work, case) if one.dispute.id == dispute_id), None)
    if view is None:
        raise NotVisible(NOTHING)
    if view.dispute.ended_at is not None:
        raise NotNow("This dispute has ended already.")
    words = reason_given(reason, "Say why you withdraw it")
    view.dispute.ended_at, view.dispute.ending, view.dispute.ended_reason = work.now, "withdrawn", words
    detail = {"field": view.dispute.field, "reason": words}
    record(work, "withdraw_dispute", case, subject=view.impact, detail=detail)
    ratings.refresh(work, case)


def _standing(work: Work, impact_id: str, field: str) -> Dispute | None:
    return work.session.scalar(
        select(Dispute).where(Dispute.impact_id == impact_id, Dispute.field == field, Dispute.ended_at.is_(None))
    )


def _on_review_side(work: Work, case: Case) -> None:
    allow(work, Action.DISPUTE, case)
    hold(work, case)
    if not join_side(work, case.version.assessment_id, work.actor.person_id, Side.REVIEW):
        raise NotPermitted(OTHER_SIDE[Side.AUTHOR])


def parted(choice: str) -> tuple[str, str]:
    """The field and the value of a choice such as "magnitude:major"; raises InvalidInput for anything else."""
    field, _, value = choice.partition(":")
    if field not in FIELDS:
        raise InvalidInput({"value": "Choose a value of this impact and how you see it"})
    return field, value
