"""A questionnaire as the product uses it: resolved, frozen, and cheap to look things up in.

Every field below declares the shape it has in a file, so these types are also the format that
docs/questionnaires.md explains to authors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, cast

from hia_app.domain.condition_shape import ConditionShape
from hia_app.domain.conditions import Answers, Condition, evaluate, nothing_given
from hia_app.domain.document_shapes import (
    Flag,
    Id,
    ListOf,
    Number,
    OneOf,
    Reading,
    Record,
    Text,
    Whole,
    key,
    read_record,
    record_to_json,
)
from hia_app.domain.record import canonical
from hia_app.domain.strict_yaml import Page

FORMAT = 1
STAGES = ("proposal", "screening", "people_and_places", "principles", "across", "actions")
COLUMN_TYPES = (
    "short_text",
    "long_text",
    "date",
    "month",
    "number",
    "money",
    "single_choice",
    "yes_no_not_known",
)
QUESTION_TYPES = (
    *("single_choice", "several_choices", "yes_no_not_known", "short_text", "long_text", "number", "money"),
    *(
        "date",
        "month",
        "person",
        "place",
        "file",
        "groups",
        "impacts",
        "list",
        "indicator",
        "declaration",
        "note",
    ),
)
TYPES_WITH_OPTIONS = ("yes_no_not_known", "groups")  # their options come with the type
_LABEL = Text(300)


@dataclass(frozen=True, kw_only=True)
class Option:
    id: str = key(Id(reserved_allowed=True))
    label: str = key(_LABEL)
    hint: str = key(_LABEL, "")
    exclusive: bool = key(Flag(), False, about="Of several choices: cannot be chosen with any other, such as “none”.")


@dataclass(frozen=True, kw_only=True)
class Column:
    """One field of each row of a list."""

    id: str = key(Id())
    label: str = key(_LABEL)
    type: str = key(OneOf(COLUMN_TYPES))
    hint: str = key(_LABEL, "")
    required: bool = key(Flag(), False)
    options: tuple[Option, ...] = key(ListOf(Record(Option, "option")), ())
    words: int | None = key(Whole(1, 3_000), None)
    characters: int | None = key(Whole(1, 20_000), None)
    unit: str = key(Text(60), "")
    minimum: Decimal | None = key(Number(), None)
    maximum: Decimal | None = key(Number(), None)
    decimals: int | None = key(Whole(0, 6), None)


@dataclass(frozen=True, kw_only=True)
class Group:
    """A population group; `phrase` is how it reads inside a sentence."""

    id: str = key(Id())
    label: str = key(_LABEL)
    phrase: str = key(_LABEL)
    priority: bool = key(Flag(), False, about="A harm to a priority group weighs one class more.")
    hint: str = key(Text(600), "")


@dataclass(frozen=True, kw_only=True)
class EvidenceCard:
    id: str = key(Id())
    title: str = key(_LABEL)
    finding: str = key(Text())
    strength: str = key(OneOf(("strong", "moderate", "weak")))
    direction: str = key(OneOf(("benefit", "harm", "mixed")))
    source: str = key(Text(600))
    as_at: str = key(Text(60), "", about="The year or date of the finding, in quotes.")
    hint: str = key(Text(600), "")


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """An impact the product offers when `when` is true: “Because …, people will …, which …”."""

    id: str = key(Id())
    when: Condition | None = key(ConditionShape())
    direction: str = key(OneOf(("benefit", "harm", "not_known")))
    because: str = key(Text(600))
    effect: str = key(Text(600))
    pathway: str = key(Text(600))
    groups: tuple[str, ...] = key(ListOf(Id()), ())
    evidence: tuple[str, ...] = key(ListOf(Id()), ())


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question; which of the later keys it has depends on its type (questionnaire_rules.TYPE_KEYS)."""

    id: str = key(Id())
    type: str = key(OneOf(QUESTION_TYPES))
    text: str = key(Text(600))
    why: str = key(Text(), "", about="Why we ask.")
    good: str = key(Text(), "", about="What good looks like.")
    example: str = key(Text(4_000), "")
    guidance: tuple[str, ...] = key(ListOf(Text(4_000), most=20, or_one=True), ())
    evidence: tuple[str, ...] = key(ListOf(Id()), (), about="Evidence cards shown beside the question.")
    required: bool = key(Flag(), False)
    ask_evidence: bool = key(Flag(), False, about="Ask how the answer is known.")
    may_leave_out: bool = key(Flag(), False, about="A questionnaire that builds on this one may leave it out.")
    show_when: Condition | None = key(ConditionShape(), None)
    suggests: tuple[Suggestion, ...] = key(ListOf(Record(Suggestion, "suggestion"), most=20), ())
    options: tuple[Option, ...] = key(ListOf(Record(Option, "option")), ())
    words: int | None = key(Whole(1, 3_000), None)
    characters: int | None = key(Whole(1, 20_000), None)
    unit: str = key(Text(60), "")
    minimum: Decimal | None = key(Number(), None)
    maximum: Decimal | None = key(Number(), None)
    decimals: int | None = key(Whole(0, 6), None)
    columns: tuple[Column, ...] = key(ListOf(Record(Column, "column"), most=12), ())
    minimum_rows: int | None = key(Whole(0, 50), None)
    maximum_rows: int | None = key(Whole(1, 50), None)
    quantiles: int | None = key(OneOf((5, 10)), None)


@dataclass(frozen=True, kw_only=True)
class Section:
    """A page of the assessment; `stage` is the heading it stands under in the task list."""

    id: str = key(Id())
    title: str = key(_LABEL)
    principle: int | None = key(Whole(1, 8), None)
    stage: str = key(OneOf(STAGES))
    intro: str = key(Text(4_000), "")
    impacts: bool = key(Flag(), False, about="Impacts may be recorded on this page.")
    questions: tuple[Question, ...] = key(ListOf(Record(Question, "question"), most=100), ())


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """An answer that makes a full assessment necessary, and the reason that is printed."""

    question: str = key(Id())
    values: tuple[str, ...] = key(ListOf(Text(60), least=1), name="in")
    reason: str = key(Text(600))


@dataclass(frozen=True, kw_only=True)
class BuildsOn:
    id: str = key(Id())
    version: int = key(Whole(1, 9_999))


@dataclass(frozen=True, kw_only=True)
class Tightened:
    """A question asked more strictly than in the base."""

    question: str = key(Id())
    required: bool = key(Flag(), False)
    ask_evidence: bool = key(Flag(), False)
    reason: str = key(Text(600))


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A question of the base that is not asked; `text` is what it would have asked, kept for the record."""

    question: str = key(Id())
    reason: str = key(Text(600))
    text: str = key(Text(600), "")


YES_NO_NOT_KNOWN = (
    Option(id="yes", label="Yes"),
    Option(id="no", label="No"),
    Option(id="not_known", label="Not known"),
)


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """All that is asked, what it builds on read in. Look-ups are made once, on first use."""

    format: int = key(OneOf((FORMAT,)))
    id: str = key(Id())
    version: int = key(Whole(1, 9_999))
    kind: str = key(OneOf(("base", "scheme", "screening")))
    title: str = key(_LABEL)
    summary: str = key(Text(), "")
    builds_on: BuildsOn | None = key(Record(BuildsOn, "builds_on"), None)
    groups: tuple[Group, ...] = key(ListOf(Record(Group, "group"), most=100), ())
    evidence: tuple[EvidenceCard, ...] = key(ListOf(Record(EvidenceCard, "evidence card"), most=200), ())
    sections: tuple[Section, ...] = key(ListOf(Record(Section, "section")), ())
    triggers: tuple[Trigger, ...] = key(ListOf(Record(Trigger, "trigger"), most=100), ())
    tightened: tuple[Tightened, ...] = key(ListOf(Record(Tightened, "tightening"), most=200), ())
    left_out: tuple[LeftOut, ...] = key(ListOf(Record(LeftOut, "question left out"), most=200), ())

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question in the order in which it is asked."""
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def question_by_id(self) -> Mapping[str, Question]:
        return MappingProxyType({question.id: question for question in self.questions})

    @cached_property
    def section_by_id(self) -> Mapping[str, Section]:
        return MappingProxyType({section.id: section for section in self.sections})

    @cached_property
    def section_of(self) -> Mapping[str, Section]:
        """Question id → the section it is asked in."""
        return MappingProxyType({q.id: section for section in self.sections for q in section.questions})

    @cached_property
    def group_by_id(self) -> Mapping[str, Group]:
        return MappingProxyType({group.id: group for group in self.groups})

    @cached_property
    def evidence_by_id(self) -> Mapping[str, EvidenceCard]:
        return MappingProxyType({card.id: card for card in self.evidence})

    @cached_property
    def priority_groups(self) -> frozenset[str]:
        return frozenset(group.id for group in self.groups if group.priority)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the canonical JSON (RFC 8785) of `to_json()`."""
        return hashlib.sha256(canonical(self.to_json())).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Plain texts, whole numbers, true/false, lists and mappings; what has its default is left out.

        (So a key that the format gains later does not change the fingerprint of a questionnaire without it.)
        """
        return record_to_json(_with_options(self, stamped=False))

    @staticmethod
    def from_json(plain: Mapping[str, Any]) -> Questionnaire:
        """The questionnaire that `to_json` wrote. Raises ValueError when it is not one."""
        reading = Reading("stored questionnaire", Page({}))
        read = read_record(Questionnaire, "questionnaire", dict(plain), (), reading)
        if reading.problems:
            raise ValueError("; ".join(problem.reason for problem in reading.problems[:5]))
        return with_options(cast(Questionnaire, read))


def with_options(questionnaire: Questionnaire) -> Questionnaire:
    """The same with the options that come with a type: yes, no and not known; the groups."""
    return _with_options(questionnaire, stamped=True)


def _with_options(questionnaire: Questionnaire, *, stamped: bool) -> Questionnaire:
    groups = tuple(Option(id=group.id, label=group.label, hint=group.hint) for group in questionnaire.groups)
    given = {"yes_no_not_known": YES_NO_NOT_KNOWN, "groups": groups}

    def stamp(question: Question) -> Question:
        if question.type not in given:
            return question
        return replace(question, options=given[question.type] if stamped else ())

    return replace(
        questionnaire,
        sections=tuple(
            replace(section, questions=tuple(stamp(question) for question in section.questions))
            for section in questionnaire.sections
        ),
    )


def visible_answers(questionnaire: Questionnaire, answers: Answers) -> tuple[set[str], dict[str, object]]:
    """Ids of the questions shown, and the answers that count: a hidden one is as if not given."""
    shown: set[str] = set()
    counted: dict[str, object] = {}
    for question in questionnaire.questions:
        if evaluate(question.show_when, counted) is True:
            shown.add(question.id)
            if not nothing_given(answers.get(question.id)):
                counted[question.id] = answers[question.id]
    return shown, counted


def visible_questions(questionnaire: Questionnaire, answers: Answers) -> set[str]:
    """Ids of the questions shown with these answers; an unknown condition hides."""
    return visible_answers(questionnaire, answers)[0]


def fired(questionnaire: Questionnaire, answers: Answers) -> tuple[Trigger, ...]:
    """The screening triggers that these answers fire; only shown questions count."""
    counted = visible_answers(questionnaire, answers)[1]

    def fires(trigger: Trigger) -> bool:
        answer = counted.get(trigger.question)
        return any(value in trigger.values for value in (answer if isinstance(answer, list) else [answer]))

    return tuple(trigger for trigger in questionnaire.triggers if fires(trigger))
