"""What the decision-maker does with a concluded assessment: read, confirm, sign off, refer back or refuse."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from hia_app.domain.errors import Incomplete, Lack, NotNow, NotPermitted
from hia_app.domain.policy import Side
from hia_app.domain.report_source import Payload, Source, day
from hia_app.domain.workflow import Action, State
from hia_app.services import actions, archive, evidence_record, sign_ins, submissions
from hia_app.services.decision_record import capacity, sign_off_decision
from hia_app.services.reasons import reason_given
from hia_app.services.review_rounds import OTHER_SIDE, begin_round, last_concluded
from hia_app.services.statements import Statements
from hia_app.services.work import Case, Work, allow, case_of, decides_today, hold, join_side, move, record
from hia_app.store.columns import new_id
from hia_app.store.tables import ArchiveRecord, AssessmentVersion, ReadingConfirmation, ReviewRound, Submission

LONGEST_STATEMENT = 10_000
SUMMARY = "summary"
MOVED_ON = (
    "The assessment was reviewed again after you opened this page, so what you read is not what stands now. "
    "Nothing has been signed. Read the new version below and confirm again."
)


@dataclass(frozen=True, slots=True)
class SeriousHarm:
    """One serious harm of the submission, and when the decision-maker confirmed reading it."""

    impact: Payload
    before: str
    after: str
    counts: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What the decision-maker is shown: all of it from the frozen submission."""

    source: Source
    submission: Submission
    harms: tuple[SeriousHarm, ...]
    disputes: Mapping[str, Sequence[Payload]]  # those that stand, by the name of their impact
    summary_read_at: datetime | None
    reasons_needed: tuple[str, ...]
    late: bool
    capacity: str

    @property
    def fingerprint(self) -> str:
        return self.submission.submission_hash

    @property
    def review(self) -> Payload:
        """The round that was concluded: recommendation, reasons, conditions."""
        rounds: Sequence[Payload] = self.source.payload["review"]["rounds"]
        return next(one for one in reversed(rounds) if one["outcome"] == "concluded")

    @property
    def unread(self) -> int:
        """How many confirmations are still missing."""
        return sum(not harm.read_at for harm in self.harms) + (not self.summary_read_at)


@dataclass(frozen=True, slots=True)
class Signing:
    """What the decision-maker typed to sign off; the password is never kept or printed."""

    submission_hash: str
    eliminate: str
    advance: str
    foster: str
    socio_economic: str
    reasons: str
    password: str = field(repr=False)


def shown(work: Work, case: Case) -> Shown:
    """The decision page's content; two queries beside the case."""
    allow(work, Action.SEE_SUBMISSION, case)
    submission = _current(work, case)
    return _shown(work, case, submission, _confirmed(work, submission))


def confirm_reading(work: Work, case: Case, submission_hash: str, what: str) -> ReadingConfirmation:
    """Record that the summary, or one serious harm, of this very submission has been read; twice is once."""
    submission = _held(work, Action.CONFIRM_READING, case)
    _same(submission, submission_hash)
    confirmed = {one.what: one for one in _confirmed(work, submission)}
    if what in confirmed:
        return confirmed[what]
    names = {SUMMARY: "the summary"} | {
        harm.impact["id"]: f"serious harm {harm.impact['name']}" for harm in _shown(work, case, submission, ()).harms
    }
    if what not in names:
        raise NotNow("There is nothing of that kind to confirm in this assessment.")
    confirmation = ReadingConfirmation(
        id=new_id(),
        submission_id=submission.id,
        submission_hash=submission.submission_hash,
        person_id=work.actor.person_id,
        what=what,
        confirmed_at=work.now,
    )
    work.session.add(confirmation)
    work.session.flush()
    record(work, Action.CONFIRM_READING, case, subject=names[what])
    return confirmation


def sign_off(work: Work, case: Case, signing: Signing, render: archive.Render) -> ArchiveRecord:
    """Sign the very submission that was shown and freeze the record: all of it, or nothing and the reasons why.

    Raises Incomplete with everything that is missing (a lack's target is the form's field, or what is unread), and
    then InvalidInput or TooOften for a wrong password.
    """
    _not_signed_already(work, case)
    submission = _held(work, Action.SIGN_OFF, case)
    _same(submission, signing.submission_hash)
    confirmed = _confirmed(work, submission)
    before = _shown(work, case, submission, confirmed)
    statements = _complete(before, signing)
    sign_ins.confirm_password(work, signing.password)
    older = _signed_off_before(work, case)
    decision = sign_off_decision(work, case, submission, confirmed, statements, [v.number for v in older])
    files = evidence_record.attachments(work, submission)
    case.version.signed_off_at = work.now
    move(work, Action.SIGN_OFF, case, late=before.late)
    sealed = archive.seal(work, case, submission, decision, "sign-off", render, files)
    actions.promise(work, case, before.source)
    for version in older:
        replaced = case_of(work, version)
        move(work, Action.SUPERSEDE, replaced, by=case.version.number)
        actions.replace(work, replaced)
        archive.supersede(work, replaced, sealed)
    return sealed


def refer_back(work: Work, case: Case, reason: str) -> ReviewRound:
    """Send it back to the reviewer with a reason; a new round of the review begins."""
    _held(work, Action.REFER_BACK, case)
    words = reason_given(reason, "Say what the reviewer should look at again")
    concluded = last_concluded(work, case)
    lead = case.version.lead_reviewer
    declared = concluded is not None and lead is not None and concluded.lead_id == lead.id
    if concluded is not None:
        concluded.referred_back_reason = words
    move(work, Action.REFER_BACK, case, reason=words)
    return begin_round(work, case, lead=lead, declared=declared)


def refuse(work: Work, case: Case, reason: str) -> None:
    """Decide that this is not to go ahead; the assessment is kept, read-only, with the reason."""
    _held(work, Action.REFUSE, case)
    case.version.withdrawn_reason = reason_given(reason, "Say why you refuse it")
    move(work, Action.REFUSE, case, reason=case.version.withdrawn_reason)


def _held(work: Work, action: Action, case: Case) -> Submission:
    """For the named decision-maker alone, who is on the decision side from then on, with nobody else in between."""
    allow(work, Action.SEE_STATUS, case)
    if case.standing.decision_maker and case.standing.side not in {None, Side.DECISION}:
        raise NotPermitted(OTHER_SIDE[case.standing.side])
    allow(work, action, case)
    hold(work, case)
    if not decides_today(work, case):
        raise NotPermitted("Somebody else is now to decide on this assessment.")
    if not join_side(work, case.version.assessment_id, work.actor.person_id, Side.DECISION):
        raise NotPermitted(OTHER_SIDE[Side.AUTHOR])
    return _current(work, case)


def _not_signed_already(work: Work, case: Case) -> None:
    allow(work, Action.SEE_STATUS, case)
    work.session.refresh(case.version, ["state", "signed_off_at"])
    deciding = case.standing.decision_maker or case.standing.delegate
    if deciding and case.state in {State.SIGNED_OFF, State.SUPERSEDED}:
        raise NotNow("This assessment has already been signed off. Its record is frozen and nothing was changed.")


def _current(work: Work, case: Case) -> Submission:
    submission = submissions.latest(work, case, "concluded")
    if submission is None:
        raise NotNow("The review has not been concluded yet, so there is nothing to decide on.")
    return submission


def _same(submission: Submission, submission_hash: str) -> None:
    if submission_hash != submission.submission_hash:
        raise NotNow(MOVED_ON)


def _confirmed(work: Work, submission: Submission) -> Sequence[ReadingConfirmation]:
    return work.session.scalars(
        select(ReadingConfirmation)
        .where(
            ReadingConfirmation.submission_id == submission.id,
            ReadingConfirmation.person_id == work.actor.person_id,
        )
        .order_by(ReadingConfirmation.confirmed_at)
    ).all()


def _shown(work: Work, case: Case, submission: Submission, confirmed: Sequence[ReadingConfirmation]) -> Shown:
    source = Source(json.loads(submission.payload), submission.submission_hash)
    read = {one.what: one.confirmed_at for one in confirmed}
    return Shown(
        source=source,
        submission=submission,
        harms=_harms(source, read),
        disputes=_disputes(source),
        summary_read_at=read.get(SUMMARY),
        reasons_needed=_reasons_needed(source),
        late=work.today > case.version.decision_date,
        capacity=capacity(case),
    )


def _harms(source: Source, read: Mapping[str, datetime]) -> tuple[SeriousHarm, ...]:
    """Those serious with the officer's values, and then those serious only as a reviewer sees them."""
    rating = source.rating
    if rating is None:
        return ()
    seen = source.rating_disputed.serious if source.rating_disputed else ()
    return tuple(
        SeriousHarm(
            impact=source.impacts[name],
            before=rating.line(name).significance or "",
            after=rating.line(name).residual_significance or "",
            counts=rating.line(name).counted_as,
            read_at=read.get(source.impacts[name]["id"]),
        )
        for name in dict.fromkeys((*rating.serious, *seen))
    )


def _disputes(source: Source) -> dict[str, list[Payload]]:
    found: dict[str, list[Payload]] = {}
    for dispute in source.standing_disputes:
        found.setdefault(dispute["impact"], []).append(dispute)
    return found


def _reasons_needed(source: Source) -> tuple[str, ...]:
    """Why this cannot be signed without written reasons; empty when it can. A reviewer's view blocks like any other."""
    rating, seen = source.rating, source.rating_disputed
    if rating is None:
        return ()
    reasons = []
    if rating.blocks_sign_off:
        reasons.append(
            f"A serious harm to a priority group remains: {', '.join(rating.stop)}. The tool says “Stop”. "
            "You may go ahead only with written reasons."
        )
    only_seen = [name for name in seen.stop if name not in rating.stop] if seen else []
    if only_seen:
        reasons.append(
            f"As a reviewer sees it, a serious harm to a priority group remains: {', '.join(only_seen)}. The officer "
            "gave another value, and both are shown below. You may go ahead only with written reasons."
        )
    if rating.rule == 0 or (seen is not None and seen.rule == 0):
        reasons.append(
            "The assessment is not rateable yet, because something important is missing or not known. "
            "You may go ahead only with written reasons."
        )
    return tuple(reasons)


def _complete(before: Shown, signing: Signing) -> dict[str, str]:
    """The statements as they are kept; raises Incomplete with everything that is missing at once."""
    statements = Statements()
    asks = {
        "eliminate": "Say how you had due regard to eliminating discrimination",
        "advance": "Say how you had due regard to advancing equality of opportunity",
        "foster": "Say how you had due regard to fostering good relations",
        "socio_economic": "",
        "reasons": "Give your reasons for going ahead" if before.reasons_needed else "",
    }
    texts = {
        name: statements.read(name, getattr(signing, name), ask, characters=LONGEST_STATEMENT)
        for name, ask in asks.items()
    }
    lacks = [] if before.summary_read_at else [Lack("Confirm that you have read the summary", "read", SUMMARY)]
    lacks += [
        Lack(f"Confirm that you have read serious harm {harm.impact['name']}", "read", harm.impact["id"])
        for harm in before.harms
        if not harm.read_at
    ]
    lacks += [Lack(message, "field", name) for name, message in statements.messages.items()]
    if not signing.password:
        lacks.append(Lack("Enter your password", "field", "password"))
    if lacks:
        raise Incomplete(lacks)
    return texts


def _signed_off_before(work: Work, case: Case) -> Sequence[AssessmentVersion]:
    return work.session.scalars(
        select(AssessmentVersion)
        .where(
            AssessmentVersion.assessment_id == case.version.assessment_id,
            AssessmentVersion.state == State.SIGNED_OFF,
        )
        .order_by(AssessmentVersion.number)
        .with_for_update(of=AssessmentVersion)
    ).all()


def late_words(case: Case) -> str:
    """The warning that is shown before, and printed after, a sign-off that comes too late."""
    return (
        f"The decision date was {day(case.version.decision_date.isoformat())}. You can still sign off. The record will "
        "say for ever that this was signed after that date."
    )
