"""What is asked before anything else: what is proposed, when it is decided, and by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hia_app.domain.answers import InvalidAnswer, is_answered, parse
from hia_app.domain.conditions import Look, evaluate
from hia_app.domain.errors import InvalidInput
from hia_app.domain.questionnaire import Option, Question

LONGEST_TITLE = 200
LONGEST_SUMMARY = 4_000

_BODY = Look("decided_by", "equals", "body")
DECIDED_BY = (
    Option(id="officer", label="An officer, under delegated powers"),
    Option(id="body", label="A council body", hint="Such as the executive, a committee or full council"),
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposal as the officer describes it; `body_…` only where a body decides."""

    title: str
    summary: str
    scheme_type: str
    decision_date: date
    decided_by: str
    body_name: str = ""
    body_meeting_date: date | None = None

    def values(self) -> dict[str, Any]:
        """The same as answers to `questions`."""
        return {
            "title": self.title,
            "summary": self.summary,
            "scheme_type": self.scheme_type,
            "decision_date": self.decision_date.isoformat(),
            "decided_by": self.decided_by,
            "body_name": self.body_name,
            "body_meeting_date": self.body_meeting_date.isoformat() if self.body_meeting_date else "",
        }


def questions(scheme_types: Sequence[tuple[str, str, str]]) -> tuple[Question, ...]:
    """The questions of the first page, in order; `scheme_types` are (id, title, summary) of what can be chosen."""
    return (
        Question(
            id="decision_date",
            type="date",
            text="When will the decision be made?",
            why="An assessment helps only if it is finished before the decision. We count the days with you.",
            example="27 3 2027",
            required=True,
        ),
        Question(
            id="decided_by",
            type="single_choice",
            text="Who decides?",
            why="The person or body with the power to decide must read what you find before they decide.",
            required=True,
            options=DECIDED_BY,
        ),
        Question(
            id="body_name",
            type="short_text",
            text="Which council body decides? Leave this empty if an officer decides",
            required=True,
            characters=200,
            show_when=_BODY,
        ),
        Question(
            id="body_meeting_date",
            type="date",
            text="When does that body meet?",
            guidance=("Only if a council body decides. Leave this empty if it meets on the decision date above.",),
            show_when=_BODY,
        ),
        Question(
            id="scheme_type",
            type="single_choice",
            text="What kind of proposal is it?",
            why="Each kind adds its own questions to those that everybody answers.",
            required=True,
            options=tuple(Option(id=one, label=title, hint=summary) for one, title, summary in scheme_types),
        ),
        Question(
            id="title",
            type="short_text",
            text="What is the proposal called?",
            good="Use the name that people already know it by.",
            example="Holbeck group repair, phase 3",
            required=True,
            characters=LONGEST_TITLE,
        ),
        Question(
            id="summary",
            type="long_text",
            text="What is proposed, in a few sentences?",
            good="Say what will be done, where, for how many people or homes, and with how much money.",
            required=True,
            words=300,
            characters=LONGEST_SUMMARY,
        ),
    )


def read(raw: Mapping[str, list[str]], scheme_types: Sequence[tuple[str, str, str]]) -> Proposal:
    """The proposal in a form that was sent; raises InvalidInput with a message for each field."""
    values: dict[str, Any] = {}
    messages: dict[str, str] = {}
    for question in questions(scheme_types):
        if evaluate(question.show_when, values) is not True:
            continue
        try:
            value = parse(question, raw)
        except InvalidAnswer as invalid:
            messages |= invalid.messages
            continue
        if question.required and not is_answered(question, value):
            messages[question.id] = f"Answer this: {question.text}"
        values[question.id] = value
    if messages:
        raise InvalidInput(messages)
    body = values["decided_by"] == "body"
    meets = values.get("body_meeting_date") or values["decision_date"]
    return Proposal(
        title=values["title"],
        summary=values["summary"],
        scheme_type=values["scheme_type"],
        decision_date=date.fromisoformat(values["decision_date"]),
        decided_by=values["decided_by"],
        body_name=values["body_name"] if body else "",
        body_meeting_date=date.fromisoformat(meets) if body else None,
    )
