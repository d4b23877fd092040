"""What a report is drawn from: a frozen submission and, once signed off, the decision on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

from hia_app.domain.questionnaire import Questionnaire
from hia_app.domain.rating import Rating

Payload = Mapping[str, Any]
Edition = Literal["full", "public"]
EXEMPT = "[exempt]"


@dataclass(frozen=True)
class Source:
    """What a report is drawn from: a submission's payload and, once signed off, the decision with its fingerprints."""

    payload: Payload
    submission_hash: str = ""
    decision: Payload | None = None
    snapshot_hash: str = ""
    previous_record: str = ""
    edition: Edition = "full"
    figures_withheld: bool = False  # an impact is exempt, and could be worked out from the figures by fifth

    @property
    def assessment(self) -> Payload:
        found: Payload = self.payload["assessment"]
        return found

    @cached_property
    def rating(self) -> Rating | None:
        stored = self.payload["rating"]
        return Rating.from_json(stored) if stored else None

    @cached_property
    def rating_disputed(self) -> Rating | None:
        """The rating with the reviewers' values; None while nothing was disputed."""
        stored = self.payload.get("rating_disputed")
        return Rating.from_json(stored) if stored else None

    @property
    def standing_disputes(self) -> tuple[Payload, ...]:
        """The disputes that had not ended when this was frozen."""
        return tuple(one for one in self.payload.get("disputes", ()) if one["ending"] is None)

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return Questionnaire.from_json(self.payload["questionnaires"]["assessment"]["content"])

    @cached_property
    def screening(self) -> Questionnaire:
        return Questionnaire.from_json(self.payload["questionnaires"]["screening"]["content"])

    @cached_property
    def impacts(self) -> Mapping[str, Payload]:
        """Impacts by the name they are called by ("I3"), in the order they were recorded."""
        return {impact["name"]: impact for impact in self.payload["impacts"]}


def day(text: str | None) -> str:
    """A stored date as people write it: 3 April 2026."""
    if not text:
        return "not given"
    moment = date.fromisoformat(text[:10])
    return f"{moment.day} {moment:%B %Y}"


def moment(text: str | None) -> str:
    """A stored moment with its time, in universal time."""
    if not text:
        return "not given"
    found = datetime.fromisoformat(text)
    return f"{found.day} {found:%B %Y, %H:%M} UTC"


def who_decides(assessment: Payload) -> str:
    """The decider in words, with the date."""
    if assessment["decided_by"] == "body":
        meeting = assessment["body_meeting_date"] or assessment["decision_date"]
        return f"{assessment['body_name']}, meeting on {day(meeting)}"
    return f"An officer under delegated powers, by {day(assessment['decision_date'])}"
