"""Loads the demonstration: Holbeck to its second version, and three schemes at other points of their life."""

from __future__ import annotations

import json
import uuid
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from hia_app.config import Settings
from hia_app.db import Database
from hia_app.demo import people
from hia_app.demo.stage import Place, Stage
from hia_app.domain.proposal import Proposal
from hia_app.services import (
    assessments,
    decisions,
    impacts,
    quality,
    responsibilities,
    reviews,
    screening,
    screening_reviews,
    versions,
)
from hia_app.services import points as returned_points
from hia_app.services.archive import Render
from hia_app.services.conditions import TypedCondition
from hia_app.services.work import open_case
from hia_app.store.questionnaires import Shelf
from hia_app.store.tables import ImpactLine, Notice, Person

CONTENT = Path(__file__).parent / "content"
BEGAN = timedelta(days=70)
NEWS = timedelta(days=50)
Content = dict[str, Any]


def is_empty(database: Database) -> bool:
    """Whether nobody has been added yet: the demonstration never mixes with real people."""
    with database.reading() as session:
        return session.scalar(select(Person.id).limit(1)) is None


def load(database: Database, settings: Settings, shelf: Shelf, render: Render, now: datetime) -> None:
    """Everything, through the services; the passwords are kept in a file of the instance folder."""
    without_mail = settings.model_copy(update={"mail": "off"})  # nobody of the demonstration has a mailbox
    stage = Stage(database, without_mail, shelf, render, now - BEGAN)
    stage.add_people()
    people.keep(settings.instance, stage.passwords)
    holbeck(stage)
    screened_out(stage)
    licensing(stage)
    digital_repairs(stage)
    with database.writing() as session:  # what is older was dealt with when it came
        session.execute(update(Notice).where(Notice.at < now - NEWS).values(read_at=Notice.at))


def read(name: str) -> Content:
    content: Content = json.loads((CONTENT / f"{name}.json").read_text("utf-8"))
    return content


def holbeck(stage: Stage) -> None:
    """Signed off at 240 homes; then money is lost, and version 2 at 180 homes is in draft."""
    content = read("holbeck")
    place = begin(stage, "officer", content)
    answer_all(stage, "officer", place, content)
    review_and_sign(stage, place, content)
    stage.clock += timedelta(days=20)
    with stage.acting("officer") as work:
        second = versions.reopen(
            work,
            open_case(work, *place),
            str(uuid.uuid4()),
            content["version_2"]["trigger"],
            content["version_2"]["reason"],
        )
        newer = (second.reference, second.version.number)
    stage.answer("officer", newer, content["version_2"]["answers"])
    with stage.acting("officer") as work:
        by_effect = {line.row.effect: line.row.id for line in impacts.lines_of(work, open_case(work, *newer))}
    old = {impact["id"]: impact for impact in content["impacts"]}
    for changed in content["version_2"]["impacts"]:
        stage.change_impact("officer", newer, by_effect[old[changed["id"]]["effect"]], old[changed["id"]] | changed)


def screened_out(stage: Stage) -> None:
    """A small scheme that honestly needs no full assessment; a reviewer has confirmed it."""
    content = read("screened_out")
    place = begin(stage, "second_officer", content)
    with stage.acting("second_officer") as work:
        screening.screen_out(work, open_case(work, *place), content["screened_out_reason"])
    with stage.acting("reviewer", hours=30) as work:
        screening_reviews.confirm_screen_out(work, open_case(work, *place), content["confirmed_reason"], stage.render)


def licensing(stage: Stage) -> None:
    """Returned because people may lose their homes; the protocol is written and waits to be countersigned."""
    content = read("licensing")
    place = begin(stage, "second_officer", content)
    rows = answer_all(stage, "second_officer", place, content)
    ids = {name: row.id for name, row in rows.items()}
    with stage.acting("second_officer") as work:
        assessments.submit(work, open_case(work, *place))
    with stage.acting("reviewer", hours=24) as work:
        reviews.take(work, open_case(work, *place), no_conflict=True)
    points = [
        reviews.Point(one["kind"], ids.get(one["target"], one["target"]), one["reason"])
        for one in content["return"]["points"]
    ]
    with stage.acting("reviewer", hours=24) as work:
        reviews.return_(work, open_case(work, *place), points)
    after = content["after_return"]
    stage.answer("second_officer", place, after["answers"])
    promised = content["mitigation"]
    impact = next(one for one in content["impacts"] if one["id"] == promised["impact"])
    changed = impact | {
        "mitigation": promised["protocol"],
        "no_mitigation_reason": promised["no_mitigation_reason"],
    }
    stage.change_impact("second_officer", place, ids[promised["impact"]], changed)
    for response in after["responses"]:
        with stage.acting("second_officer", hours=0.2) as work:
            case = open_case(work, *place)
            target = ids.get(response["target"], response["target"])
            point = next(one for one in returned_points.latest_points(work, case) if one.target == target)
            returned_points.respond(work, case, point.id, response["response"], response["text"])


def digital_repairs(stage: Stage) -> None:
    """Everybody gains a little but those who are not online, who lose: in review, and it says Stop."""
    content = read("digital_repairs")
    place = begin(stage, "second_officer", content)
    answer_all(stage, "second_officer", place, content)
    with stage.acting("second_officer") as work:
        assessments.submit(work, open_case(work, *place))
    with stage.acting("second_reviewer", hours=30) as work:
        reviews.take(work, open_case(work, *place), no_conflict=True)


def begin(stage: Stage, who: str, content: Content) -> Place:
    """Start an assessment and answer its screening."""
    with stage.acting(who) as work:
        case = assessments.start(work, str(uuid.uuid4()), _proposal(content["proposal"]))
        place = (case.reference, case.version.number)
    stage.answer(who, place, content["screening"], screening=True)
    return place


def answer_all(stage: Stage, who: str, place: Place, content: Content) -> dict[str, ImpactLine]:
    """From the screening to an assessment that can be submitted; gives the impacts by their name in the content."""
    with stage.acting(who) as work:
        screening.screen_in(work, open_case(work, *place))
    with stage.acting(who) as work:
        responsibilities.name_decision_maker(work, open_case(work, *place), stage.ids["director"])
    stage.answer(who, place, content["answers"])
    accepted = content.get("accepted_suggestions", {})
    rows = {}
    for impact in content["impacts"]:
        key = accepted.get(impact["id"])
        if key:
            rows[impact["id"]] = stage.accept_suggestion(who, place, key, impact)
        else:
            rows[impact["id"]] = stage.record_impact(who, place, impact)
    for declined in content.get("declined_suggestions", ()):
        with stage.acting(who, hours=0.1) as work:
            impacts.decline(work, open_case(work, *place), declined["suggestion"], declined["reason"])
    return rows


def review_and_sign(stage: Stage, place: Place, content: Content) -> None:
    with stage.acting("officer", hours=20) as work:
        assessments.submit(work, open_case(work, *place))
    with stage.acting("reviewer", hours=24) as work:
        reviews.take(work, open_case(work, *place), no_conflict=True)
    with stage.acting("reviewer", hours=47) as work:
        grades = {prompt: (grade, comment) for prompt, (grade, comment) in content["review"]["grades"].items()}
        quality.grade(work, open_case(work, *place), grades)
    with stage.acting("reviewer", hours=1) as work:
        terms = [_condition(work.today, one) for one in content["review"]["conditions"]]
        case, why = open_case(work, *place), content["review"]["reasons"]
        reviews.conclude(work, case, "approve_with_conditions", why, terms, exempt_decided=True)
    with stage.acting("director", hours=40) as work:
        shown = decisions.shown(work, open_case(work, *place))
        unread = ["summary", *(harm.impact["id"] for harm in shown.harms)]
    for what in unread:
        with stage.acting("director", hours=0.1) as work:
            decisions.confirm_reading(work, open_case(work, *place), shown.fingerprint, what)
    with stage.acting("director", hours=0.2) as work:
        signing = decisions.Signing(
            shown.fingerprint, **content["sign_off"], reasons="", password=stage.passwords["director"]
        )
        decisions.sign_off(work, open_case(work, *place), signing, stage.render)


def _condition(today: date, content: Content) -> TypedCondition:
    due = today + timedelta(days=content["due_in_days"])
    typed = (str(due.day), str(due.month), str(due.year))
    return TypedCondition(content["text"], content["owner"], typed, content["measure"])


def _proposal(content: Content) -> Proposal:
    meeting = content["body_meeting_date"]
    return Proposal(
        title=content["title"],
        summary=content["summary"],
        scheme_type=content["scheme_type"],
        decision_date=date.fromisoformat(content["decision_date"]),
        decided_by=content["decided_by"],
        body_name=content["body_name"],
        body_meeting_date=date.fromisoformat(meeting) if meeting else None,
    )
