"""A reviewer's yes to a mitigation that claims a lot: more than one step, and it counts only once countersigned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from hia_app.domain import impacts as effects
from hia_app.domain.errors import NotNow, NotPermitted, NotVisible
from hia_app.domain.lines import InvalidLine, LineMitigation, steps_better
from hia_app.domain.method import METHOD
from hia_app.domain.policy import Side
from hia_app.domain.workflow import Action
from hia_app.services import impacts, ratings
from hia_app.services.reasons import reason_given
from hia_app.services.review_rounds import OTHER_SIDE
from hia_app.services.work import NOTHING, Case, Work, allow, hold, join_side, record
from hia_app.store.columns import new_id
from hia_app.store.tables import Countersignature, Person

CHANGED = "This impact has changed since you opened the page. Read it again before you countersign."


@dataclass(frozen=True, slots=True)
class Signed:
    """A countersignature that holds, and who gave it."""

    signature: Countersignature
    by: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A mitigation that says more than one step will be gained."""

    line: impacts.Recorded
    sentence: str
    mitigation: str
    committed: bool
    signed: Signed | None


def claims(work: Work, case: Case, recorded: Sequence[impacts.Recorded] | None = None) -> list[Claim]:
    """Every mitigation that counts only with a countersignature; `recorded` are the impacts when they are at hand."""
    allow(work, Action.SEE_RATING, case)
    recorded = impacts.lines_of(work, case) if recorded is None else recorded
    lines = [line for line in recorded if _claims_much(case, line)]
    signed = _signed(work, case)
    return [
        Claim(
            line=line,
            sentence=effects.sentence(line.impact, case.questionnaire.groups),
            mitigation=effects.mitigation_sentence(line.impact.mitigation) if line.impact.mitigation else "",
            committed=_committed(line),
            signed=signed.get(line.row.id) if line.countersigned else None,
        )
        for line in lines
    ]


def countersign(work: Work, case: Case, impact_id: str, row_version: int, reason: str) -> Countersignature:
    """Agree that a committed mitigation will do what it claims; any later change to the impact ends it."""
    found = _held_claim(work, case, impact_id)
    if found.signed is not None:
        return found.signed.signature
    if not found.committed:
        raise NotNow(
            "This mitigation is not committed: it needs an owner, a date, a measure and its funding settled first."
        )
    if found.line.row.row_version != row_version:
        raise NotNow(CHANGED)
    words = reason_given(reason, "Say why you believe that this mitigation will do what it claims")
    signature = Countersignature(
        id=new_id(),
        version_id=case.version.id,
        impact_id=impact_id,
        impact_row_version=row_version,
        reason=words,
        signed_by=work.actor.person_id,
        signed_at=work.now,
    )
    work.session.add(signature)
    work.session.flush()
    record(work, Action.COUNTERSIGN, case, subject=found.line.name, detail={"impact": impact_id, "reason": words})
    ratings.refresh(work, case)
    return signature


def withdraw(work: Work, case: Case, impact_id: str, reason: str) -> None:
    """Take a countersignature back; the mitigation no longer counts."""
    found = _held_claim(work, case, impact_id)
    if found.signed is None:
        raise NotNow("There is no countersignature to withdraw.")
    words = reason_given(reason, "Say why you withdraw the countersignature")
    found.signed.signature.cleared_at = work.now
    work.session.flush()
    detail = {"impact": impact_id, "reason": words}
    record(work, "withdraw_countersignature", case, subject=found.line.name, detail=detail)
    ratings.refresh(work, case)


def find(work: Work, case: Case, impact_id: str) -> Claim:
    """One mitigation that needs a countersignature; raises NotVisible or NotNow."""
    allow(work, Action.COUNTERSIGN, case)
    recorded = impacts.lines_of(work, case)
    if impact_id not in {line.row.id for line in recorded}:
        raise NotVisible(NOTHING)
    found = next((claim for claim in claims(work, case, recorded) if claim.line.row.id == impact_id), None)
    if found is None:
        raise NotNow("This impact does not need a countersignature: its mitigation claims one step at most.")
    return found


def _held_claim(work: Work, case: Case, impact_id: str) -> Claim:
    allow(work, Action.COUNTERSIGN, case)
    hold(work, case)
    if not join_side(work, case.version.assessment_id, work.actor.person_id, Side.REVIEW):
        raise NotPermitted(OTHER_SIDE[Side.AUTHOR])
    return find(work, case, impact_id)


def _signed(work: Work, case: Case) -> dict[str, Signed]:
    rows = work.session.execute(
        select(Countersignature, Person.name)
        .join(Person, Person.id == Countersignature.signed_by)
        .where(Countersignature.version_id == case.version.id, Countersignature.cleared_at.is_(None))
        .execution_options(populate_existing=True)
    )
    return {signature.impact_id: Signed(signature, name) for signature, name in rows}


def _claimed(case: Case, line: impacts.Recorded) -> LineMitigation | None:
    try:
        return effects.line(line.impact, case.questionnaire.priority_groups).mitigation
    except InvalidLine:
        return None


def _claims_much(case: Case, line: impacts.Recorded) -> bool:
    claimed, impact = _claimed(case, line), line.impact
    if claimed is None or impact.magnitude is None or impact.likelihood is None:
        return False
    steps = steps_better(impact.magnitude, impact.likelihood, claimed.magnitude, claimed.likelihood)
    return steps > METHOD.steps_without_countersignature


def _committed(line: impacts.Recorded) -> bool:
    return line.impact.mitigation is not None and effects.is_committed(line.impact.mitigation)
