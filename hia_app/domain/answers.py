"""Answers: what is typed becomes a value, and a value becomes what a form, a page or a document shows.

Values are plain and JSON-able, never floats; None is “not answered”. What each kind looks like is in
docs/questionnaires.md. A kind of question is one row of KINDS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hia_app.domain.answer_kinds import NOT_ASKED, SIMPLE_KINDS, FormValues, Kind, ShownText
from hia_app.domain.answer_parts import KINDS_WITH_PARTS
from hia_app.domain.conditions import Answers, evaluate, nothing_given
from hia_app.domain.errors import InvalidInput
from hia_app.domain.questionnaire import Question, Questionnaire, Section, Suggestion, visible_answers
from hia_app.domain.typed import Form, showable

KINDS: Mapping[str, Kind] = {**SIMPLE_KINDS, **KINDS_WITH_PARTS, "note": NOT_ASKED, "impacts": NOT_ASKED}


class InvalidAnswer(InvalidInput):
    """What was typed cannot be used: messages by form field, and every field exactly as it was typed."""

    def __init__(self, messages: Mapping[str, str], kept: Mapping[str, list[str]]) -> None:
        super().__init__(messages)
        self.kept = dict(kept)


@dataclass(frozen=True)
class Missing:
    """A shown question whose answer is not there or not complete."""

    question_id: str
    section_id: str
    why: str


@dataclass(frozen=True)
class Suggested:
    """An impact that the answers suggest, and where."""

    question_id: str
    section: Section
    suggestion: Suggestion


def parse(question: Question, raw_form: Mapping[str, Sequence[str]]) -> Any:
    """The value of this question in a submitted form (field → values), None when nothing was typed.

    Fields of other questions are not looked at. Raises InvalidAnswer.
    """
    form = Form(raw_form)
    value = KINDS[question.type].parse(question, question.id, form)
    if form.messages:
        raise InvalidAnswer(form.messages, kept(question, raw_form))
    return value


def kept(question: Question, raw_form: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The fields of this question as typed, for showing the form again."""
    return {
        field: [showable(str(value)) for value in values]
        for field, values in raw_form.items()
        if field == question.id or field.startswith(f"{question.id}-")
    }


def fields(question: Question) -> tuple[str, ...]:
    """The names of all form fields of this question; of a list, as many rows as it may have."""
    return KINDS[question.type].fields(question, question.id)


def form_values(question: Question, value: Any) -> FormValues:
    """What the form shows for a stored value: field → text, or → list of texts for several choices."""
    return {} if nothing_given(value) else KINDS[question.type].form_values(question, question.id, value)


def accepted(question: Question, value: Any) -> Any:
    """The value as `parse` would have made it, for values that do not come from a form. Raises InvalidAnswer."""
    try:
        shown = form_values(question, value)
        raw = {
            field: [text] if isinstance(text, str) else [str(each) for each in text] for field, text in shown.items()
        }
    except (TypeError, ValueError, KeyError, AttributeError):
        raise InvalidAnswer({question.id: "This answer does not have the form this question needs"}, {}) from None
    return parse(question, raw)


def is_answered(question: Question, value: Any) -> bool:
    """Whether there is an answer, complete in itself (a list has its rows, every group is answered …)."""
    return not nothing_given(value) and not KINDS[question.type].lack(question, value)


def as_text(question: Question, value: Any, questionnaire: Questionnaire | None = None) -> ShownText:
    """The answer in words, "" without one.

    A list of texts for several choices, places and indicators; for lists, papers and groups, rows of label →
    text, all with the same labels. (The groups question carries its groups: `questionnaire` may be left out.)
    """
    return "" if nothing_given(value) else KINDS[question.type].as_text(question, value)


def missing(questionnaire: Questionnaire, answers: Answers) -> tuple[Missing, ...]:
    """What stands in the way of submitting, in the order of the questions. Hidden questions never do."""
    shown, counted = visible_answers(questionnaire, answers)
    return tuple(
        Missing(question.id, questionnaire.section_of[question.id].id, why)
        for question in questionnaire.questions
        if question.id in shown and (why := _lack(question, counted.get(question.id)))
    )


def _lack(question: Question, value: object) -> str:
    if nothing_given(value):
        return "This question needs an answer" if question.required else ""
    return KINDS[question.type].lack(question, value)


def suggested(questionnaire: Questionnaire, answers: Answers) -> tuple[Suggested, ...]:
    """The impacts that these answers suggest, in the order of the questions; hidden questions suggest nothing."""
    shown, counted = visible_answers(questionnaire, answers)
    return tuple(
        Suggested(question.id, section, suggestion)
        for section in questionnaire.sections
        for question in section.questions
        if question.id in shown
        for suggestion in question.suggests
        if evaluate(suggestion.when, counted) is True
    )
