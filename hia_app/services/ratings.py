"""Keeping the rating true: worked out whenever an answer or an impact is saved, and read by every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from hia_app.domain import answers as given
from hia_app.domain.disputes import as_disputed
from hia_app.domain.gaps import Gap, group_gaps
from hia_app.domain.impacts import Impact, lines_and_gaps
from hia_app.domain.questionnaire import Questionnaire
from hia_app.domain.rating import Rating, rate
from hia_app.services import areas, impacts
from hia_app.services.work import Case, Work
from hia_app.store.tables import Answer, Dispute


def refresh(work: Work, case: Case) -> Rating:
    """Work the rating out again and keep it with the version, the disputed one beside it."""
    work.session.flush()
    rating, disputed = both(work, case)
    case.version.rating = rating.to_json()
    case.version.rating_rule = rating.rule
    case.version.rating_disputed = disputed.to_json() if disputed else None
    return rating


def current(work: Work, case: Case) -> Rating:
    """The rating of what is stored now; at most five queries."""
    return both(work, case)[0]


def both(work: Work, case: Case) -> tuple[Rating, Rating | None]:
    """The rating with the officer's values and, while a reviewer disputes any, with the reviewer's in their place."""
    answers = {
        row.question_id: row.value
        for row in work.session.scalars(select(Answer).where(Answer.version_id == case.version.id))
    }
    recorded = impacts.lines_of(work, case)
    residents = areas.reference(work, case).residents
    as_given = [line.impact for line in recorded]
    seen = _disputed_values(work, case)
    rating = _rate(case.questionnaire, answers, as_given, residents)
    if not seen:
        return rating, None
    as_seen = [as_disputed(line.impact, seen.get(line.row.id, {})) for line in recorded]
    return rating, _rate(case.questionnaire, answers, as_seen, residents)


def _rate(
    asked: Questionnaire, answers: Mapping[str, Any], recorded: Sequence[Impact], residents: Sequence[float]
) -> Rating:
    lines, unfinished = lines_and_gaps(recorded, asked.priority_groups)
    gaps = (*answer_gaps(asked, answers), *group_gaps(groups_answer(asked, answers), asked.groups, lines), *unfinished)
    return rate(lines, residents, gaps)


def _disputed_values(work: Work, case: Case) -> dict[str, dict[str, str]]:
    """Impact id → the reviewer's value by field, for the disputes that stand."""
    found: dict[str, dict[str, str]] = {}
    rows = work.session.execute(
        select(Dispute.impact_id, Dispute.field, Dispute.value).where(
            Dispute.version_id == case.version.id, Dispute.ended_at.is_(None)
        )
    )
    for impact_id, field, value in rows:
        found.setdefault(impact_id, {})[field] = value
    return found


def of(case: Case) -> Rating | None:
    """The rating as it was kept, or None before the first answer."""
    return Rating.from_json(case.version.rating) if case.version.rating else None


def disputed_of(case: Case) -> Rating | None:
    """The rating with the reviewers' values, or None while nothing is disputed."""
    return Rating.from_json(case.version.rating_disputed) if case.version.rating_disputed else None


def answer_gaps(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> Sequence[Gap]:
    """Required answers that are not there."""
    return [
        Gap("missing_answer", lack.question_id, questionnaire.question_by_id[lack.question_id].text)
        for lack in given.missing(questionnaire, answers)
    ]


def groups_answer(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """What has been said about each population group: its state, reason and plan, by group id."""
    given: dict[str, Mapping[str, str]] = {}
    for question in questionnaire.questions:
        if question.type == "groups":
            given |= answers.get(question.id) or {}
    return given
