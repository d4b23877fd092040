"""What a decision says, in the shape that is frozen with the submission it is about."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from hia_app.domain.report_source import day
from hia_app.services.work import Case, Work
from hia_app.store.tables import Person, ReadingConfirmation, Submission

DECISION_FORMAT = "hea-decision/1"
SALT_BYTES = 16  # so that a short decision cannot be guessed from its fingerprint


def capacity(case: Case) -> str:
    """As what the decision-maker signs: under delegated powers, or as an assurance to the body that decides."""
    v = case.version
    if case.standing.delegate and not case.standing.decision_maker and v.decision_maker is not None:
        return f"On behalf of {v.decision_maker.name}, who delegated this decision. {_own_capacity(case)}"
    return _own_capacity(case)


def _own_capacity(case: Case) -> str:
    v = case.version
    if v.decided_by == "body":
        meeting = (v.body_meeting_date or v.decision_date).isoformat()
        return f"Named officer, giving an assurance to {v.body_name}, which decides on {day(meeting)}"
    return "Named decision-maker, deciding under delegated powers"


def sign_off_decision(
    work: Work,
    case: Case,
    submission: Submission,
    confirmations: Sequence[ReadingConfirmation],
    statements: Mapping[str, str],
    replaces: Sequence[int],
) -> dict[str, Any]:
    """`statements` hold eliminate, advance, foster, socio_economic and reasons; `replaces` older version numbers."""
    return {
        **_signed(work, submission),
        "capacity": capacity(case),
        "decision_date": case.version.decision_date.isoformat(),
        "late": work.today > case.version.decision_date,
        "confirmations": [
            {"what": one.what, "at": one.confirmed_at.isoformat(), "submission_hash": one.submission_hash}
            for one in sorted(confirmations, key=lambda one: (one.confirmed_at, one.what))
        ],
        "due_regard": {aim: statements[aim] for aim in ("eliminate", "advance", "foster")},
        "socio_economic": statements["socio_economic"],
        "reasons": statements["reasons"],
        "replaces": list(replaces),
    }


def screening_decision(work: Work, case: Case, submission: Submission, reason: str) -> dict[str, Any]:
    """A reviewer's confirmation that no full assessment is needed."""
    return {
        **_signed(work, submission),
        "capacity": "Reviewer, confirming that a full assessment is not needed",
        "decision_date": case.version.decision_date.isoformat(),
        "late": False,
        "reasons": reason,
    }


def _signed(work: Work, submission: Submission) -> dict[str, Any]:
    person = work.session.get_one(Person, work.actor.person_id)
    return {
        "format": DECISION_FORMAT,
        "submission_hash": submission.submission_hash,
        "signed_at": work.now.isoformat(),
        "signed_by": {"id": person.id, "name": person.name, "job_title": person.job_title},
        "app_version": version("health-equity-assessments"),
        "salt": secrets.token_hex(SALT_BYTES),
    }
