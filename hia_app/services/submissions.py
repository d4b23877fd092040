"""Gathering everything about one version into one value, and freezing it for a reviewer or a decision-maker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal

from sqlalchemy import func, select

from hia_app.domain import impact_form as form
from hia_app.domain import impacts as effects
from hia_app.domain import report_changes
from hia_app.domain.indicator_statistics import statistics
from hia_app.domain.questionnaire import Question, Questionnaire, visible_questions
from hia_app.domain.record import SUBMISSION_FORMAT, canonical, plain, submission_hash
from hia_app.domain.report_places import snapshot
from hia_app.domain.report_source import Source
from hia_app.domain.targets import target_label
from hia_app.services import areas, boundaries, evidence_files, impacts, places, review_findings
from hia_app.services.small_numbers import rule_of
from hia_app.services.versions_before import Before, figures_before, version_before
from hia_app.services.work import Case, Work
from hia_app.store.columns import new_id
from hia_app.store.tables import (
    Answer,
    Contributor,
    Countersignature,
    Event,
    Person,
    ReturnPoint,
    ReviewRound,
    Submission,
)

Payload = dict[str, Any]


def compose(work: Work, case: Case) -> Payload:
    """The version as it stands now, in the shape that is frozen; a constant number of queries."""
    version = case.version
    lines = impacts.lines_of(work, case)
    population = areas.reference(work, case)
    given = {
        row.question_id: row for row in work.session.scalars(select(Answer).where(Answer.version_id == version.id))
    }
    before = version_before(work, case)
    earlier = before.source if before else None
    composed: Payload = plain(
        {
            "format": SUBMISSION_FORMAT,
            "assessment": _assessment(work, case, before),
            "questionnaires": {
                "screening": _pinned(case.screening),
                "assessment": _pinned(case.questionnaire),
            },
            "answers": {
                "screening": _answers(case.screening, given, {}),
                "assessment": []
                if _out(case) and version.rating is None
                else _answers(case.questionnaire, given, figures_before(work, case, before, given)),
            },
            "impacts": [_impact(case.questionnaire, line) for line in lines],
            "rating": version.rating,
            "reference_population": {
                "residents": list(population.residents),
                "source": population.source,
            },
            "places": _places(work, case),
            "small_numbers": asdict(rule_of(work.settings)),
            "officers_named": work.settings.public_officer_names,
            "evidence": [] if _out(case) else evidence_files.frozen(work, case, _shown(case, given)),
            "review": _review(work, case, lines),
            **review_findings.frozen(work, case),
            "people": _people(work, case),
            "events": _events(work, version.id),
        }
    )
    comparable = earlier is not None and earlier.rating is not None and composed["rating"] is not None
    composed["changes"] = report_changes.frozen(earlier, Source(composed)) if earlier and comparable else None
    return composed


def freeze(work: Work, case: Case, kind: Literal["submitted", "concluded"]) -> Submission:
    """Keep the bytes of the version as it stands; they never change."""
    work.session.flush()
    payload = canonical(compose(work, case))
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


def _places(work: Work, case: Case) -> Payload | None:
    chosen = places.chosen(work, case)
    return snapshot(chosen, boundaries.map_of_case(work, case, chosen.codes if chosen else ()))


def _out(case: Case) -> bool:
    return bool(case.version.screened_out_reason)


def _assessment(work: Work, case: Case, before: Before | None) -> Payload:
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
        "previous": before.named if before else None,
    }


def _pinned(questionnaire: Questionnaire) -> Payload:
    return {
        "id": questionnaire.id,
        "version": questionnaire.version,
        "title": questionnaire.title,
        "fingerprint": questionnaire.fingerprint,
        "content": questionnaire.to_json(),
    }


def _answers(
    questionnaire: Questionnaire,
    given: Mapping[str, Answer],
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
            **_said_of(question, values.get(question.id), earlier.get(question.id, [])),
        }
        for section in questionnaire.sections
        for question in section.questions
        if question.id in shown and question.type not in {"note", "impacts"}
    ]


def _said_of(question: Question, value: Any, earlier: list[Payload]) -> Payload:
    """The measures of inequality of an indicator, kept so that the record never works them out again."""
    found = statistics(value) if question.type == "indicator" else None
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
