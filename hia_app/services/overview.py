"""The task list: how far each section is, for the sections this person reaches."""

from __future__ import annotations

from collections import Counter

from hia_app.domain.impacts import missing as missing_in_impact
from hia_app.domain.progress import SectionProgress, progress
from hia_app.domain.workflow import Action
from hia_app.services import impacts
from hia_app.services.answers import answers_of, values_of
from hia_app.services.points import latest_points, sections_of
from hia_app.services.work import Case, Work, allow


def task_list(work: Work, case: Case) -> tuple[SectionProgress, ...]:
    """Each section this person reaches, in order; a constant number of queries."""
    allow(work, Action.SEE_CONTENT, case)
    rows = answers_of(work, case)
    points = latest_points(work, case)
    homes = sections_of(work, case, points) if points else {}
    lines = impacts.lines_of(work, case)
    priority = case.questionnaire.priority_groups
    unfinished = [line for line in lines if line.row.to_confirm or missing_in_impact(line.impact, priority)]
    found = progress(
        case.questionnaire,
        values_of(rows),
        to_confirm={name for name, row in rows.items() if row.to_confirm},
        returned=Counter(homes[point.id] for point in points if point.response is None),
        impacts=Counter(line.row.section_id for line in lines),
        unfinished_impacts=Counter(line.row.section_id for line in unfinished),
    )
    if case.standing.contributor and not case.standing.owner:
        return tuple(one for one in found if case.standing.reaches(one.section.id))
    return found


def screening_progress(work: Work, case: Case) -> tuple[SectionProgress, ...]:
    """The same for the pages of the screening; one query."""
    allow(work, Action.SEE_CONTENT, case)
    rows = answers_of(work, case)
    waiting = {name for name, row in rows.items() if row.to_confirm}
    return progress(case.screening, values_of(rows), to_confirm=waiting)
