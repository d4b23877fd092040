"""Keeping the rating true: worked out whenever an answer or an impact is saved, and read by every page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from hia_app.domain import answers as given
from hia_app.domain.gaps import Gap
from hia_app.domain.impacts import lines_and_gaps
from hia_app.domain.questionnaire import Group, Questionnaire
from hia_app.domain.rating import Rating, rate
from hia_app.services import impacts
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
    """The rating of what is stored now; three queries."""
    answers = {
        row.question_id: row.value
        for row in work.session.scalars(select(Answer).where(Answer.version_id == case.version.id))
    }
    recorded = [line.impact for line in impacts.lines_of(work, case)]
    lines, unfinished = lines_and_gaps(recorded, case.questionnaire.priority_groups)
    named = {group for impact in recorded for group in impact.groups}
    found = [*answer_gaps(case.questionnaire, answers), *group_gaps(case.questionnaire, answers, named), *unfinished]
    return rate(lines, work.settings.reference_population, found)


def of(case: Case) -> Rating | None:
    """The rating as it was kept, or None before the first answer."""
    return Rating.from_json(case.version.rating) if case.version.rating else None


def answer_gaps(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> Sequence[Gap]:
    """Required answers that are not there."""
    return [
        Gap("missing_answer", lack.question_id, questionnaire.question_by_id[lack.question_id].text)
        for lack in given.missing(questionnaire, answers)
    ]


def group_entries(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> Iterator[tuple[Group, Mapping[str, str]]]:
    """Each population group that has been answered about, with its state, reason and plan."""
    for question in questionnaire.questions:
        if question.type == "groups":
            for group_id, entry in (answers.get(question.id) or {}).items():
                if group_id in questionnaire.group_by_id:
                    yield questionnaire.group_by_id[group_id], entry


def group_gaps(questionnaire: Questionnaire, answers: Mapping[str, Any], named: set[str]) -> Sequence[Gap]:
    """Affected priority groups that no impact names, and priority groups not known without a plan to find out."""
    gaps = []
    for group, entry in group_entries(questionnaire, answers):
        if not group.priority:
            continue
        if entry["state"] == "affected" and group.id not in named:
            gaps.append(Gap("group_without_line", group.id, group.label))
        if entry["state"] == "not_known" and not all(entry[part] for part in ("plan_who", "plan_by", "plan_how")):
            gaps.append(Gap("group_not_known", group.id, group.label))
    return gaps
