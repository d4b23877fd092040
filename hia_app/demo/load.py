"""Loads the demonstration: Holbeck from its first answer to version 2, and one scheme that needs no assessment."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from hia_app.config import Settings
from hia_app.db import Database
from hia_app.demo import people
from hia_app.demo.stage import Place, Stage
from hia_app.domain.document import Document
from hia_app.domain.proposal import Proposal
from hia_app.services import (
    assessments,
    decisions,
    impacts,
    responsibilities,
    reviews,
    screening,
    screening_reviews,
    versions,
)
from hia_app.services.work import open_case
from hia_app.store.questionnaires import Shelf
from hia_app.store.tables import ImpactLine, Person

CONTENT = Path(__file__).parent / "content"
BEGAN = timedelta(days=70)
Content = dict[str, Any]


def is_empty(database: Database) -> bool:
    """Whether nobody has been added yet: the demonstration never mixes with real people."""
    with database.reading() as session:
        return session.scalar(select(Person.id).limit(1)) is None


def load(
    database: Database, settings: Settings, shelf: Shelf, render: Callable[[Document], bytes], now: datetime
) -> None:
    """Everything, through the services; the passwords are kept in a file of the instance folder."""
    stage = Stage(database, settings, shelf, render, now - BEGAN)
    stage.add_people()
    people.keep(settings.instance, stage.passwords)
    holbeck(stage)
    screened_out(stage)


def read(name: str) -> Content:
    content: Content = json.loads((CONTENT / f"{name}.json").read_text("utf-8"))
    return content


def holbeck(stage: Stage) -> None:
    """Signed off at 240 homes; then money is lost, and version 2 at 180 homes is in draft."""
    content = read("holbeck")
    place = begin(stage, "officer", content)
    answer_all(stage, "officer", place, content)
    review_and_sign(stage, place)
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


def review_and_sign(stage: Stage, place: Place) -> None:
    with stage.acting("officer", hours=20) as work:
        assessments.submit(work, open_case(work, *place))
    with stage.acting("reviewer", hours=24) as work:
        reviews.take(work, open_case(work, *place), no_conflict=True)
    with stage.acting("reviewer", hours=48) as work:
        reviews.conclude(work, open_case(work, *place), "approve_with_conditions", REVIEW_REASONS, REVIEW_CONDITIONS)
    with stage.acting("director", hours=40) as work:
        shown = decisions.shown(work, open_case(work, *place))
        unread = ["summary", *(harm.impact["id"] for harm in shown.harms)]
    for what in unread:
        with stage.acting("director", hours=0.1) as work:
            decisions.confirm_reading(work, open_case(work, *place), shown.fingerprint, what)
    with stage.acting("director", hours=0.2) as work:
        signing = decisions.Signing(shown.fingerprint, **SIGN_OFF, reasons="", password=stage.passwords["director"])
        decisions.sign_off(work, open_case(work, *place), signing, stage.render)


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


REVIEW_REASONS = (
    "The homes that gain are all in the most deprived fifth, and the way from repair to better health is well "
    "described and supported by evidence. The contribution of owners is a harm to people on low income, and the "
    "hardship fund that would soften it has no confirmed money. That keeps the rating at Mixed, and it is right that "
    "the decision-maker sees it. (Illustrative demonstration text.)"
)
REVIEW_CONDITIONS = (
    "Confirm the money for the hardship fund before the first owners are asked to pay, and report every six months how "
    "many owners drop out because of the cost. (Illustrative demonstration text.)"
)
SIGN_OFF = {
    "eliminate": (
        "I have considered how letters, visits and the works could shut people out. Interpreters and a telephone line are "
        "part of the contract, and complaints of discrimination go to a named officer. (Illustrative demonstration text.)"
    ),
    "advance": (
        "The homes that gain are in the most deprived fifth, where disabled people, older people and young children are "
        "most exposed to cold and damp. Adapted homes keep their adaptations. (Illustrative demonstration text.)"
    ),
    "foster": (
        "Streets that are not in the first rows may see help for others and none for themselves. The order of works and "
        "the reason for it are published and talked through with residents. (Illustrative demonstration text.)"
    ),
    "socio_economic": (
        "The contribution of up to 25% weighs most on owners with little money. I ask for the hardship fund to be settled "
        "first. (Illustrative demonstration text.)"
    ),
}
