"""What still stands between an assessment and its submission; each thing is named with the place to put it right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hia_app.domain.answers import missing
from hia_app.domain.errors import Lack
from hia_app.domain.impacts import missing as missing_in_impact
from hia_app.domain.questionnaire import visible_questions
from hia_app.services import impacts
from hia_app.services.answers import answers_of, values_of
from hia_app.services.points import latest_points
from hia_app.services.work import Case, Work
from hia_app.store.tables import Answer, AssessmentVersion


def lacks(work: Work, case: Case) -> tuple[Lack, ...]:
    """Everything missing, in the order of the task list; a constant number of queries."""
    return tuple(_lacks(work, case))


def _lacks(work: Work, case: Case) -> Iterator[Lack]:
    rows = answers_of(work, case)
    yield from _responsibility(case.version)
    yield from _answers(case, rows)
    for line in impacts.lines_of(work, case):
        yield from _impact(case, line)
    for point in latest_points(work, case):
        if point.response is None:
            yield Lack("A returned point is neither answered nor rebutted", "point", point.id)


def _responsibility(version: AssessmentVersion) -> Iterator[Lack]:
    if version.decision_maker_id is None:
        yield Lack("Name the decision-maker", "proposal", "decision_maker")


def _answers(case: Case, rows: Mapping[str, Answer]) -> Iterator[Lack]:
    values = values_of(rows)
    shown = visible_questions(case.questionnaire, values)
    why = {one.question_id: one.why for one in missing(case.questionnaire, values)}
    for question in case.questionnaire.questions:
        if question.id in why:
            yield Lack(f"{question.text} {why[question.id]}", "question", question.id)
        elif question.id in shown and question.id in rows and rows[question.id].to_confirm:
            yield Lack(f"{question.text} Confirm the answer carried over", "question", question.id)


def _impact(case: Case, line: impacts.Recorded) -> Iterator[Lack]:
    for _, why in missing_in_impact(line.impact, case.questionnaire.priority_groups):
        yield Lack(f"Impact {line.name}: {why}", "impact", line.row.id)
    if line.row.to_confirm:
        yield Lack(f"Impact {line.name}: confirm it, as it was carried over", "impact", line.row.id)
