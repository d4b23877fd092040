"""Gathering everything about one version into one value, and freezing it for a reviewer or a decision-maker."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal

from sqlalchemy import func, select

from hia_app.domain import impact_form as form
from hia_app.domain import impacts as effects
from hia_app.domain import report_changes
from hia_app.domain.chain import SEALED
from hia_app.domain.indicator_statistics import IN_A_RECORD, ON_A_PAGE, statistics
from hia_app.domain.questionnaire import Question, Questionnaire, visible_questions
from hia_app.domain.record import SUBMISSION_FORMAT, canonical, plain, submission_hash
from hia_app.domain.report_places import snapshot
from hia_app.domain.report_source import Source
from hia_app.domain.targets import target_label
from hia_app.services import areas, evidence_files, impacts, places, review_findings
from hia_app.services.small_numbers import rule_of
from hia_app.services.work import Case, Work
from hia_app.store.columns import new_id
from hia_app.store.tables import (
    Answer,
    ArchivePayload,
    ArchiveRecord,
    AssessmentVersion,
    Contributor,
    Countersignature,
    Event,
    Person,
    ReturnPoint,
    ReviewRound,
    Submission,
)

Payload = dict[str, Any]


def compose(work: Work, case: Case, repetitions: int = ON_A_PAGE) -> Payload:
    """The version as it stands now, in the shape that is frozen; a constant number of queries.

    `repetitions` are the draws behind the confidence limits of indicators.
    """
    version = case.version
    lines = impacts.lines_of(work, case)
    population = areas.reference(work, case)
    given = {
        row.question_id: row for row in work.session.scalars(select(Answer).where(Answer.version_id == version.id))
    }
    before = _frozen_before(work, case)
    composed: Payload = plain(
        {
            "format": SUBMISSION_FORMAT,
            "assessment": _assessment(work, case),
            "questionnaires": {
                "screening": _pinned(case.screening),
                "assessment": _pinned(case.questionnaire),
            },
            "answers": {
                "screening": _answers(case.screening, given, repetitions, {}),
                "assessment": _answers(case.questionnaire, given, repetitions, _figures_before(before))
                if version.rating is not None or not _out(case)
                else [],
            },
            "impacts": [_impact(case.questionnaire, line) for line in lines],
            "rating": version.rating,
            "reference_population": {
                "residents": list(population.residents),
                "source": population.source,
            },
            "places": snapshot(places.chosen(work, case)),
            "small_numbers": asdict(rule_of(work.settings)),
            "officers_named": work.settings.public_officer_names,
            "evidence": [] if _out(case) else evidence_files.frozen(work, case, _shown(case, given)),
            "review": _review(work, case, lines),
            **review_findings.frozen(work, case),
            "people": _people(work, case),
            "events": _events(work, version.id),
        }
    )
    comparable = before is not None and before.rating is not None and composed["rating"] is not None
    composed["changes"] = report_changes.frozen(before, Source(composed)) if before and comparable else None
    return composed


def _frozen_before(work: Work, case: Case) -> Source | None:
    """What the version before said when it was frozen; None for a first version, or when that was disposed of."""
    if case.version.number == 1:
        return None
    payload = work.session.scalar(
        select(ArchivePayload.content)
        .join(ArchiveRecord, ArchiveRecord.id == ArchivePayload.record_id)
        .join(AssessmentVersion, AssessmentVersion.id == ArchiveRecord.version_id)
        .where(
            AssessmentVersion.assessment_id == case.version.assessment_id,
            AssessmentVersion.number == case.version.number - 1,
            ArchiveRecord.kind.in_(SEALED),
            ArchivePayload.part == "submission",
        )
    )
    return Source(json.loads(payload)) if payload else None


def freeze(work: Work, case: Case, kind: Literal["submitted", "concluded"]) -> Submission:
    """Keep the bytes of the version as it stands; they never change."""
    work.session.flush()
    payload = canonical(compose(work, case, IN_A_RECORD))
    latest = select(func.max(Submission.number)).where(Submission.version_id == case.version.id)
    submission = Submission(
        id=new_id(),
        version_id=case.version.id,
        number=(work.session.scalar(latest) or 0) + 1,
        kind=kind,
        payload=payload,
        submission_hash=submission_hash(payload),
        frozen_by=work.actor.person_id,
        frozen_at=work.now,
    )
    work.session.add(submission)
    work.session.flush()
    return submission


def latest(work: Work, case: Case, kind: Literal["submitted", "concluded"]) -> Submission | None:
    """The newest frozen submission of a kind; its payload is loaded when it is read."""
    return work.session.scalar(
        select(Submission)
        .where(Submission.version_id == case.version.id, Submission.kind == kind)
        .order_by(Submission.number.desc())
        .limit(1)
    )


def _out(case: Case) -> bool:
    return bool(case.version.screened_out_reason)


def _assessment(work: Work, case: Case) -> Payload:
    version = case.version
    return {
        "id": version.assessment_id,
        "reference": case.reference,
        "version": version.number,
        "title": version.title,
        "summary": version.summary,
        "scheme_type": version.scheme_type,
        "scheme_title": case.questionnaire.title,
        "council": work.settings.council_name,
        "decision_date": version.decision_date.isoformat(),
        "decided_by": version.decided_by,
        "body_name": version.body_name,
        "body_meeting_date": version.body_meeting_date.isoformat() if version.body_meeting_date else None,
        "started_at": version.started_at.isoformat(),
        "submitted_at": version.submitted_at.isoformat() if version.submitted_at else None,
        "frozen_at": work.now.isoformat(),
        "trigger": version.trigger,
        "trigger_reason": version.trigger_reason,
        "screening_outcome": version.screening_outcome,
        "screened_out_reason": version.screened_out_reason,
        "previous": _previous(work, version),
    }


def _previous(work: Work, version: AssessmentVersion) -> Payload | None:
    if version.number == 1:
        return None
    row = work.session.execute(
        select(AssessmentVersion.number, AssessmentVersion.signed_off_at, ArchiveRecord.snapshot_hash)
        .join(ArchiveRecord, ArchiveRecord.version_id == AssessmentVersion.id)
        .where(
            AssessmentVersion.assessment_id == version.assessment_id,
            AssessmentVersion.number == version.number - 1,
            ArchiveRecord.kind.in_(("sign-off", "screening")),
        )
    ).first()
    if row is None:
        return None
    number, signed, fingerprint = row
    return {"version": number, "signed_off_at": signed.isoformat() if signed else None, "snapshot_hash": fingerprint}


def _pinned(questionnaire: Questionnaire) -> Payload:
    return {
        "id": questionnaire.id,
        "version": questionnaire.version,
        "title": questionnaire.title,
        "fingerprint": questionnaire.fingerprint,
        "content": questionnaire.to_json(),
    }


def _figures_before(before: Source | None) -> dict[str, list[Payload]]:
    """By question the figures that earlier versions published, oldest first, each with the rule of its record.

    A public edition must not give away what the one before has hidden.
    """
    if before is None:
        return {}
    exempt = {mark["target"] for mark in before.payload.get("exempt_marks", ()) if mark["kind"] == "question"}
    rule = before.payload.get("small_numbers")
    return {
        row["question"]: [
            *row.get("earlier", ()),
            *([] if row["question"] in exempt else [{"value": row["value"], "small_numbers": rule}]),
        ]
        for row in before.payload["answers"]["assessment"]
        if row.get("statistics")
    }


def _answers(
    questionnaire: Questionnaire,
    given: Mapping[str, Answer],
    repetitions: int,
    earlier: Mapping[str, list[Payload]],
) -> list[Payload]:
    """Every question that is shown, in order; a hidden question's answer stays in the draft and out of this."""
    values = {question_id: row.value for question_id, row in given.items()}
    shown = visible_questions(questionnaire, values)
    return [
        {
            "question": question.id,
            "section": section.id,
            "value": values.get(question.id),
            "to_confirm": question.id in given and given[question.id].to_confirm,
            **_said_of(question, values.get(question.id), repetitions, earlier.get(question.id, [])),
        }
        for section in questionnaire.sections
        for question in section.questions
        if question.id in shown and question.type not in {"note", "impacts"}
    ]


def _said_of(question: Question, value: Any, repetitions: int, earlier: list[Payload]) -> Payload:
    """The measures of inequality of an indicator, kept so that the record never works them out again."""
    found = statistics(value, repetitions) if question.type == "indicator" else None
    return {"statistics": found, **({"earlier": earlier} if earlier else {})} if found else {}


def _shown(case: Case, given: Mapping[str, Answer]) -> set[str]:
    return set(visible_questions(case.questionnaire, {question_id: row.value for question_id, row in given.items()}))


_AS_STORED = (*form.COLUMNS, "people_per_home", "suggested_by", "to_confirm")


def _impact(questionnaire: Questionnaire, line: impacts.Recorded) -> Payload:
    row = line.row
    return {
        "id": row.id,
        "origin": row.origin_id,
        "name": line.name,
        "section": row.section_id,
        "principle": line.impact.principle,
        "sentence": effects.sentence(line.impact, questionnaire.groups),
        "scale": effects.scale_words(line.impact),
        "countersigned": line.countersigned,
        **{name: getattr(row, name) for name in _AS_STORED},
    }


def _review(work: Work, case: Case, lines: Sequence[impacts.Recorded]) -> Payload:
    names = {line.row.id: line.name for line in lines}
    rounds = work.session.scalars(
        select(ReviewRound).where(ReviewRound.version_id == case.version.id).order_by(ReviewRound.number)
    ).all()
    points: dict[str, list[ReturnPoint]] = {}
    for point in work.session.scalars(select(ReturnPoint).where(ReturnPoint.version_id == case.version.id)):
        points.setdefault(point.round_id, []).append(point)
    parts = review_findings.sections(work, case)
    signed = work.session.execute(
        select(Countersignature, Person.name)
        .join(Person, Person.id == Countersignature.signed_by)
        .where(Countersignature.version_id == case.version.id, Countersignature.cleared_at.is_(None))
        .order_by(Countersignature.signed_at)
    ).all()
    return {
        "rounds": [
            _round(case, one, points.get(one.id, ()), names) | {"sections": parts.get(one.id, [])} for one in rounds
        ],
        "countersignatures": [
            {
                "impact": names.get(c.impact_id, c.impact_id),
                "by": name,
                "at": c.signed_at.isoformat(),
                "reason": c.reason,
            }
            for c, name in signed
        ],
    }


def _round(case: Case, one: ReviewRound, points: Iterable[ReturnPoint], names: Mapping[str, str]) -> Payload:
    return {
        "number": one.number,
        "lead": one.lead.name if one.lead else None,
        "started_at": one.started_at.isoformat(),
        "outcome": one.outcome,
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        "recommendation": one.recommendation,
        "reasons": one.reasons,
        "conditions": one.conditions,
        "referred_back_reason": one.referred_back_reason,
        "exempt_decided": one.exempt_decided,
        "points": [
            {
                "kind": point.kind,
                "target": point.target,
                "label": target_label(case.questionnaire, point.kind, point.target, names),
                "reason": point.reason,
                "response": point.response,
                "response_text": point.response_text,
            }
            for point in sorted(points, key=lambda point: (point.kind, point.target))
        ],
    }


def _people(work: Work, case: Case) -> list[Payload]:
    version = case.version
    named: list[tuple[str, Person | None]] = [
        ("Owner", version.owner),
        ("Lead reviewer", version.lead_reviewer),
        ("Decision-maker", version.decision_maker),
    ]
    helping = work.session.scalars(
        select(Contributor).where(Contributor.assessment_id == version.assessment_id).order_by(Contributor.invited_at)
    )
    named += [("Contributor" if one.removed_at is None else "Former contributor", one.person) for one in helping]
    return [
        {"as": role, "id": person.id, "name": person.name, "job_title": person.job_title}
        for role, person in named
        if person is not None
    ]


def _events(work: Work, version_id: str) -> list[Payload]:
    rows = work.session.scalars(select(Event).where(Event.version_id == version_id).order_by(Event.seq))
    return [
        {
            "at": row.at.isoformat(),
            "by": row.person_name,
            "action": row.action,
            "outcome": row.outcome,
            "subject": row.subject,
            "detail": row.detail,
        }
        for row in rows
    ]
