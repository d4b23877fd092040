"""What changed between two submissions of a version, or between two signed-off versions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from hia_app.domain.comparison import Change, compare
from hia_app.domain.errors import NotVisible
from hia_app.domain.report_source import Source
from hia_app.domain.workflow import FROZEN, Action
from hia_app.services import archive
from hia_app.services.work import NOTHING, Case, Work, allow, case_of
from hia_app.store.tables import AssessmentVersion, Submission


@dataclass(frozen=True, slots=True)
class Frozen:
    """One submission that can be compared, without its bytes."""

    number: int
    kind: str
    frozen_at: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states by name, and what is different."""

    before: str
    after: str
    changes: tuple[Change, ...]


def submissions_of(work: Work, case: Case) -> Sequence[Frozen]:
    """What has been submitted and concluded so far, oldest first."""
    allow(work, Action.SEE_SUBMISSION, case)
    rows = work.session.execute(
        select(Submission.number, Submission.kind, Submission.frozen_at)
        .where(Submission.version_id == case.version.id)
        .order_by(Submission.number)
    )
    return [Frozen(number, kind, frozen_at.isoformat()) for number, kind, frozen_at in rows]


def between_submissions(work: Work, case: Case, first: int, second: int) -> Comparison:
    """Compare two submissions of this version by number; raises NotVisible for one that is not there."""
    allow(work, Action.SEE_SUBMISSION, case)
    before, after = (_submission(work, case, number) for number in (first, second))
    return Comparison(_named(before), _named(after), compare(_source(before), _source(after)))


def with_previous_version(work: Work, case: Case) -> Comparison | None:
    """Compare a signed-off version with the one it followed; None where there is none to compare with."""
    allow(work, Action.READ_RECORD, case)
    older = work.session.scalar(
        select(AssessmentVersion)
        .where(
            AssessmentVersion.assessment_id == case.version.assessment_id,
            AssessmentVersion.number < case.version.number,
            AssessmentVersion.state.in_(FROZEN),  # one that was withdrawn has nothing to compare with
        )
        .order_by(AssessmentVersion.number.desc())
        .limit(1)
    )
    if older is None:
        return None
    before, after = archive.read(work, case_of(work, older)), archive.read(work, case)
    if before.source.rating is None or after.source.rating is None:
        return None  # a screening has neither impacts nor answers to compare
    return Comparison(f"Version {older.number}", f"Version {case.version.number}", compare(before.source, after.source))


def _submission(work: Work, case: Case, number: int) -> Submission:
    found = work.session.scalar(
        select(Submission).where(Submission.version_id == case.version.id, Submission.number == number)
    )
    if found is None:
        raise NotVisible(NOTHING)
    return found


def _source(submission: Submission) -> Source:
    return Source(json.loads(submission.payload), submission.submission_hash)


def _named(submission: Submission) -> str:
    kind = "concluded" if submission.kind == "concluded" else "submitted"
    return f"As {kind} on {submission.frozen_at:%d %B %Y}".replace(" 0", " ")
