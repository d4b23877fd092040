"""What the author side does with a whole assessment: start, describe, submit, take back, stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from hia_app.domain import policy
from hia_app.domain.errors import Conflict, Incomplete, InvalidInput, NotNow, NotVisible
from hia_app.domain.policy import Side
from hia_app.domain.proposal import LONGEST_SUMMARY, LONGEST_TITLE, Proposal
from hia_app.domain.workflow import Action, State
from hia_app.services import areas, cover, submissions
from hia_app.services.readiness import lacks
from hia_app.services.reasons import reason_given, text_given
from hia_app.services.review_rounds import begin_round, open_round
from hia_app.services.work import NOTHING, Case, Work, allow, case_of, hold, join_side, move, pin, record
from hia_app.store.questionnaires import SchemeType
from hia_app.store.tables import Assessment, AssessmentVersion, ReviewRound

ANY_OTHER = "Something else"
Freeze = Callable[[Work, Case, Any], object]
_ATTEMPTS = 20  # two starts in the same moment may pick the same reference; the next attempt sees the other's


def scheme_types(work: Work) -> tuple[tuple[str, str, str], ...]:
    """What can be started now: (id, title, summary) of each kind of proposal; the base serves all others."""

    def shown(one: SchemeType) -> tuple[str, str, str]:
        if work.shelf.get(one.id, one.version).kind == "base":
            return one.id, ANY_OTHER, "The questions that everybody answers, without those for one kind of scheme."
        return one.id, one.title, one.summary

    return tuple(shown(one) for one in work.shelf.scheme_types())


def start(work: Work, form_id: str, proposal: Proposal) -> Case:
    """Begin an assessment under a new reference; the same `form_id` again gives the assessment it began."""
    policy.require(Action.START, work.actor)
    proposal = _checked(work, proposal)
    key = form_key(form_id)
    for _ in range(_ATTEMPTS):
        existing = work.session.get(Assessment, key)
        if existing is not None:
            return _begun(work, existing)
        assessment = Assessment(id=key, reference=_next_reference(work), created_at=work.now)
        try:
            with work.session.begin_nested():
                work.session.add(assessment)
        except IntegrityError:
            continue
        return _first_version(work, assessment, proposal)
    raise NotNow("Too many assessments are being started at this moment. Try again.")


def change_proposal(work: Work, case: Case, proposal: Proposal, row_version: int) -> None:
    """Correct what was said at the start; the kind of scheme can change only while screening."""
    allow(work, Action.CHANGE_PROPOSAL, case)
    hold(work, case)
    proposal = _checked(work, proposal, current=case.version.scheme_type)
    before = proposal_of(case.version)
    if proposal == before:
        return
    if case.version.row_version != row_version:
        raise Conflict("Somebody else changed the proposal while you were writing.", before.values(), proposal.values())
    if proposal.scheme_type != before.scheme_type:
        if case.state is not State.SCREENING:
            raise InvalidInput({"scheme_type": "The kind of proposal cannot change after screening"})
        case.version.questionnaire_fingerprint = pin(work, work.shelf.current(proposal.scheme_type))
    _describe(case.version, proposal)
    case.version.row_version += 1
    old, new = before.values(), proposal.values()
    record(work, Action.CHANGE_PROPOSAL, case, detail={"changed": [name for name in new if new[name] != old[name]]})


def submit(work: Work, case: Case, *, freeze: Freeze = submissions.freeze) -> None:
    """Give the assessment to public health; raises Incomplete with everything that is missing."""
    allow(work, Action.SUBMIT, case)
    hold(work, case)
    missing = lacks(work, case)
    if missing:
        raise Incomplete(missing)
    case.version.submitted_at = work.now
    cover.escalate(work, case)
    begin_round(work, case, lead=case.version.lead_reviewer)
    move(work, Action.SUBMIT, case)
    work.session.flush()
    freeze(work, case, "submitted")


def recall(work: Work, case: Case) -> None:
    """Take a submission back before a reviewer has taken it."""
    allow(work, Action.RECALL, case)
    hold(work, case)
    current = open_round(work, case)
    if current is None or current.taken_at is not None:
        raise NotNow("A reviewer has taken it already. Ask them to return it to you.")
    current.outcome, current.ended_at = "recalled", work.now
    returned = work.session.scalar(
        select(ReviewRound)
        .where(ReviewRound.version_id == case.version.id, ReviewRound.outcome == "returned")
        .order_by(ReviewRound.number.desc())
        .limit(1)
    )
    case.version.submitted_at = returned.started_at if returned else None
    move(work, Action.RECALL, case, to=State.RETURNED if returned else State.DRAFT)


def withdraw(work: Work, case: Case, reason: str) -> None:
    """Stop the assessment with a reason; it stays readable and cannot be changed."""
    allow(work, Action.WITHDRAW, case)
    words = reason_given(reason, "Say why it is withdrawn")
    hold(work, case)
    case.version.withdrawn_reason = words
    under_way = open_round(work, case)
    if under_way is not None:
        under_way.outcome, under_way.ended_at = "stopped", work.now
    move(work, Action.WITHDRAW, case, reason=words)


def proposal_of(version: AssessmentVersion) -> Proposal:
    """What the officer said at the start, as it stands now."""
    return Proposal(
        title=version.title,
        summary=version.summary,
        scheme_type=version.scheme_type,
        decision_date=version.decision_date,
        decided_by=version.decided_by,
        body_name=version.body_name,
        body_meeting_date=version.body_meeting_date,
    )


def form_key(form_id: str) -> str:
    """The id that a form carries for what it creates; raises NotVisible for one we did not make."""
    try:
        key = str(UUID(form_id))
    except ValueError:
        key = ""
    if key != form_id:
        raise NotVisible(NOTHING)
    return key


def _begun(work: Work, assessment: Assessment) -> Case:
    """What an earlier click on the same button began, if it was this person's."""
    first = work.session.scalar(
        select(AssessmentVersion).where(AssessmentVersion.assessment_id == assessment.id, AssessmentVersion.number == 1)
    )
    if first is None or first.owner_id != work.actor.person_id:
        raise NotVisible(NOTHING)
    return case_of(work, first)


def _next_reference(work: Work) -> str:
    """The next free reference of this year, such as HEA-2026-0007."""
    stem = f"{work.settings.reference_prefix}-{work.today.year}-"
    last = work.session.scalar(
        select(Assessment.reference)
        .where(Assessment.reference.startswith(stem, autoescape=True))
        .order_by(func.length(Assessment.reference).desc(), Assessment.reference.desc())
        .limit(1)
    )
    number = int(last.removeprefix(stem)) + 1 if last else 1
    return f"{stem}{number:04d}"


def _first_version(work: Work, assessment: Assessment, proposal: Proposal) -> Case:
    version = AssessmentVersion(
        assessment_id=assessment.id,
        number=1,
        state=State.SCREENING,
        owner_id=work.actor.person_id,
        screening_fingerprint=pin(work, work.shelf.screening()),
        questionnaire_fingerprint=pin(work, work.shelf.current(proposal.scheme_type)),
        area_edition_id=edition.id if (edition := areas.current(work)) else None,
        started_at=work.now,
        changed_at=work.now,
    )
    _describe(version, proposal)
    work.session.add(version)
    work.session.flush()
    join_side(work, assessment.id, work.actor.person_id, Side.AUTHOR)
    case = case_of(work, version)
    record(work, Action.START, case, subject=assessment.reference)
    return case


def _describe(version: AssessmentVersion, proposal: Proposal) -> None:
    for name in Proposal.__slots__:
        setattr(version, name, getattr(proposal, name))


def _checked(work: Work, proposal: Proposal, *, current: str = "") -> Proposal:
    """The proposal with its texts as they are kept; whoever calls, nothing unreadable gets in."""
    if proposal.scheme_type not in {current, *(one for one, _, _ in scheme_types(work))}:
        raise InvalidInput({"scheme_type": "Choose one of the kinds of proposal shown"})
    if proposal.decided_by not in {"officer", "body"}:
        raise InvalidInput({"decided_by": "Choose who decides"})
    body = proposal.decided_by == "body"
    name = text_given(proposal.body_name, field="body_name", characters=200, ask="Name the body" if body else "")
    return Proposal(
        title=text_given(proposal.title, field="title", characters=LONGEST_TITLE, ask="Give the proposal a name"),
        summary=text_given(
            proposal.summary, field="summary", characters=LONGEST_SUMMARY, ask="Say what is proposed", lines=True
        ),
        scheme_type=proposal.scheme_type,
        decision_date=proposal.decision_date,
        decided_by=proposal.decided_by,
        body_name=name if body else "",
        body_meeting_date=(proposal.body_meeting_date or proposal.decision_date) if body else None,
    )
