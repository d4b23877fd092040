"""What a reviewer returned: which points are open, what they reopen, and how the author side deals with each."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from hia_app.domain.errors import InvalidInput, NotVisible
from hia_app.domain.policy import require_section
from hia_app.domain.reopened import EVERYTHING, Reopened, reopened
from hia_app.domain.workflow import Action, State
from hia_app.services.reasons import reason_given
from hia_app.services.work import NOTHING, Case, Work, allow, hold, record
from hia_app.store.tables import ImpactLine, ReturnPoint, ReviewRound

RESPONSES = ("answered", "rebutted")


def latest_points(work: Work, case: Case) -> Sequence[ReturnPoint]:
    """The points of the newest return, in the order in which they are asked; none while nothing was returned."""
    if case.state is not State.RETURNED:
        return ()
    rows = work.session.execute(
        select(ReviewRound.number, ReturnPoint)
        .join(ReturnPoint, ReturnPoint.round_id == ReviewRound.id)
        .where(ReviewRound.version_id == case.version.id, ReviewRound.outcome == "returned")
    ).all()
    newest = max((number for number, _ in rows), default=0)
    order = {one: place for place, one in enumerate(case.questionnaire.question_by_id)}
    points = [point for number, point in rows if number == newest]
    return sorted(points, key=lambda point: (order.get(point.target, len(order)), point.kind, point.target))


def reopened_in(case: Case, points: Sequence[ReturnPoint]) -> Reopened:
    """What may be changed now, given the newest return's points."""
    if case.state is not State.RETURNED:
        return EVERYTHING
    return reopened(case.questionnaire, [(point.kind, point.target) for point in points])


def impact_may_change(work: Work, case: Case, section_id: str, row: ImpactLine | None) -> bool:
    """Whether this impact may be changed now, or (None) one may be added in the section."""
    found = reopened_in(case, latest_points(work, case))
    return found.section(section_id) if row is None else found.impact(row.id, section_id)


def sections_of(work: Work, case: Case, points: Sequence[ReturnPoint]) -> dict[str, str]:
    """Point id → the section it belongs to; "" where the section is no longer there."""
    impacts = [point.target for point in points if point.kind == "impact"]
    homes = dict(
        work.session.execute(select(ImpactLine.id, ImpactLine.section_id).where(ImpactLine.id.in_(impacts))).all()
        if impacts
        else []
    )

    def section(point: ReturnPoint) -> str:
        if point.kind == "section":
            return point.target
        if point.kind == "impact":
            return homes.get(point.target, "")
        found = case.questionnaire.section_of.get(point.target)
        return found.id if found else ""

    return {point.id: section(point) for point in points}


def respond(work: Work, case: Case, point_id: str, response: str, text: str) -> ReturnPoint:
    """Say of one returned point that it has been answered, or why it should stand as it is."""
    allow(work, Action.RESPOND, case)
    hold(work, case)
    points = {point.id: point for point in latest_points(work, case)}
    point = points.get(point_id)
    if point is None:
        raise NotVisible(NOTHING)
    require_section(sections_of(work, case, [point])[point.id], case.standing)
    if response not in RESPONSES:
        raise InvalidInput({"response": "Choose whether you answered this point or rebut it"})
    ask = "Say what you changed" if response == "answered" else "Say why it should stand as it is"
    words = reason_given(text, ask, field="text")
    if (point.response, point.response_text) == (response, words):
        return point
    point.response, point.response_text = response, words
    point.responded_by, point.responded_at = work.actor.person_id, work.now
    record(work, Action.RESPOND, case, detail={"point": point.id, "response": response, "reason": words})
    return point
