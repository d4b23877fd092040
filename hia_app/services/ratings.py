"""Keeping the rating true: worked out whenever an answer or an impact is saved, and read by every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from hia_app.domain import answers as given
from hia_app.domain.gaps import Gap, group_gaps
from hia_app.domain.impacts import lines_and_gaps
from hia_app.domain.questionnaire import Questionnaire
from hia_app.domain.rating import Rating, rate
from hia_app.services import areas, impacts
from hia_app.services.work import Case, Work
from hia_app.store.tables import Answer


def refresh(work: Work, case: Case) -> Rating:
    """Work the rating out again and keep it with the version."""
    work.session.flush()
    rating = current(work, case)
    case.version.rating = rating.to_json()
    case.version.rating_rule = rating.rule
    return rating


def current(work: Work, case: Case) -> Rating:
    """The rating of what is stored now; at most four queries."""
    answers = {
        row.question_id: row.value
        for row in work.session.scalars(select(Answer).where(Answer.version_id == case.version.id))
    }
    recorded = [line.impact for line in impacts.lines_of(work, case)]
    lines, unfinished = lines_and_gaps(recorded, case.questionnaire.priority_groups)
    asked = case.questionnaire
    gaps = (*answer_gaps(asked, answers), *group_gaps(groups_answer(asked, answers), asked.groups, lines), *unfinished)
    return rate(lines, areas.reference(work, case).residents, gaps)


def of(case: Case) -> Rating | None:
    """The rating as it was kept, or None before the first answer."""
    return Rating.from_json(case.version.rating) if case.version.rating else None


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
