"""Plays the demonstration: each person does each thing through the services that clicks go through."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hia_app.config import Settings
from hia_app.db import Database
from hia_app.demo.people import PEOPLE, new_password
from hia_app.domain.answers import form_values
from hia_app.domain.impact_form import STEPS
from hia_app.domain.policy import Actor, Role
from hia_app.domain.questionnaire import Questionnaire
from hia_app.services import accounts, answers, impacts
from hia_app.services.archive import Render
from hia_app.services.work import Case, Work, actor_of, open_case
from hia_app.store.questionnaires import Shelf
from hia_app.store.tables import ImpactLine, Person

SETTING_UP = Actor("", "Setting up the demonstration", frozenset({Role.ADMINISTRATOR}))
Place = tuple[str, int]


@dataclass
class Stage:
    """The installation, its demonstration people, and a clock that runs through the last weeks."""

    database: Database
    settings: Settings
    shelf: Shelf
    render: Render
    clock: datetime
    ids: dict[str, str] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)

    def add_people(self) -> None:
        for one in PEOPLE:
            password = new_password()
            with self.setting_up() as work:
                person, link = accounts.add(
                    work, email=one.email, name=one.name, job_title=one.job_title, roles=one.roles
                )
                accounts.set_password_by_link(work, link.url.rpartition("/")[2], password, password)
                self.ids[one.key], self.passwords[one.key] = person.id, password

    @contextmanager
    def setting_up(self) -> Iterator[Work]:
        with self.database.writing() as session:
            yield Work(session, SETTING_UP, self.clock, self.settings, self.shelf)

    @contextmanager
    def acting(self, who: str, *, hours: float = 1) -> Iterator[Work]:
        """One thing somebody does, some hours after the last; all of it or nothing."""
        self.clock += timedelta(hours=hours)
        with self.database.writing() as session:
            actor = actor_of(session.get_one(Person, self.ids[who]))
            yield Work(session, actor, self.clock, self.settings, self.shelf)

    def answer(self, who: str, place: Place, given: Mapping[str, Any], *, screening: bool = False) -> None:
        """Fill in the pages one by one, as their forms would be sent."""
        with self.acting(who) as work:
            case = open_case(work, *place)
            questionnaire = case.screening if screening else case.questionnaire
            pages = [section.id for section in questionnaire.sections]
        for page in pages:
            with self.acting(who, hours=0.2) as work:
                case = open_case(work, *place)
                raw = _page_form(work, case, case.screening if screening else case.questionnaire, page, given)
                if raw:
                    answers.record_answers(work, case, page, raw)

    def record_impact(self, who: str, place: Place, impact: Mapping[str, Any]) -> ImpactLine:
        with self.acting(who, hours=0.3) as work:
            case = open_case(work, *place)
            steps = [step.id for step in STEPS]
            return impacts.save(work, case, str(uuid.uuid4()), impact["section"], 0, impact_form(impact), steps)

    def accept_suggestion(self, who: str, place: Place, key: str, impact: Mapping[str, Any]) -> ImpactLine:
        """Take what a question suggested, and fill in the rest."""
        with self.acting(who, hours=0.3) as work:
            case = open_case(work, *place)
            row = impacts.accept(work, case, key, str(uuid.uuid4()))
            return self._change(work, case, row, impact)

    def change_impact(self, who: str, place: Place, impact_id: str, impact: Mapping[str, Any]) -> ImpactLine:
        with self.acting(who, hours=0.3) as work:
            case = open_case(work, *place)
            return self._change(work, case, impacts.find(work, case, impact_id).row, impact)

    def _change(self, work: Work, case: Case, row: ImpactLine, impact: Mapping[str, Any]) -> ImpactLine:
        steps = [step.id for step in STEPS]
        return impacts.save(work, case, row.id, row.section_id, row.row_version, impact_form(impact), steps)


def _page_form(
    work: Work, case: Case, questionnaire: Questionnaire, page: str, given: Mapping[str, Any]
) -> dict[str, list[str]]:
    """The fields a browser would send for one page with these answers."""
    rows = answers.answers_of(work, case)
    raw: dict[str, list[str]] = {}
    for question in questionnaire.section_by_id[page].questions:
        if question.id in given:
            raw[f"was:{question.id}"] = [answers.token(rows.get(question.id))]
            raw |= {name: _listed(value) for name, value in form_values(question, given[question.id]).items()}
    return raw


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def impact_form(impact: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields of the impact form for an impact as the content files write it."""
    action = impact["mitigation"] or impact["improvement"] or {}
    fields: dict[str, Any] = {
        name: impact[name]
        for name in (
            *("direction", "groups", "because", "effect", "pathway", "magnitude", "likelihood", "duration"),
            *("reach_unit", "reach_low", "reach_mid", "reach_high", "spread_kind", "spread_source"),
            *("confidence", "evidence", "source", "plan_who", "plan_how"),
        )
    }
    fields |= {
        "reversible": {True: "yes", False: "no", None: ""}[impact["reversible"]],
        "action": action.get("action"),
        "action_owner": action.get("owner"),
        "funding": action.get("funding"),
        "measure": action.get("measure"),
        "residual_magnitude": action.get("magnitude"),
        "residual_likelihood": action.get("likelihood"),
        "no_action_reason": impact["no_mitigation_reason"],
    }
    for name, day in (("plan_by", impact["plan_by"]), ("due", action.get("due"))):
        if day:
            year, month, date = day.split("-")
            fields |= {f"{name}-year": year, f"{name}-month": month, f"{name}-day": date}
    if impact["spread_kind"] == "declared":
        fields |= {f"share_{fifth}": _percent(share) for fifth, share in enumerate(impact["spread"], 1)}
    return {name: _listed(value) for name, value in fields.items() if value not in (None, "")}


def _percent(share: str) -> str:
    whole, _, part = share.partition(".")
    digits = part.ljust(2, "0")
    return f"{int(whole + digits[:2])}.{digits[2:]}".rstrip(".") if digits[2:] else str(int(whole + digits[:2]))
