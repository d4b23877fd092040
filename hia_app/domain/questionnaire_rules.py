"""What must hold in a questionnaire as a whole: names given once, conditions that look back, nothing unknown.

Each rule looks at a resolved questionnaire and yields what it finds; `findings` is all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, TypeAlias

from hia_app.domain.conditions import COMPARISONS, Look, looks
from hia_app.domain.questionnaire import TYPES_WITH_OPTIONS, Column, Question, Questionnaire

Place: TypeAlias = tuple[str, str]  # ("question", id): what Reading.places knows the line of


@dataclass(frozen=True)
class Finding:
    place: Place
    key: str  # the key within that place, or ""
    reason: str


# Which keys a question has because of its type: those it needs, and those it may have besides.
TYPE_KEYS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "single_choice": (("options",), ()),
    "several_choices": (("options",), ()),
    "yes_no_not_known": ((), ()),
    "short_text": ((), ("characters",)),
    "long_text": ((), ("words", "characters")),
    "number": ((), ("unit", "minimum", "maximum", "decimals")),
    "money": ((), ("unit", "minimum", "maximum")),
    "date": ((), ()),
    "month": ((), ()),
    "person": ((), ()),
    "place": ((), ()),
    "file": ((), ("minimum_rows", "maximum_rows")),
    "groups": ((), ()),
    "impacts": ((), ()),
    "list": (("columns",), ("minimum_rows", "maximum_rows")),
    "indicator": (("quantiles",), ()),
    "declaration": ((), ()),
    "note": ((), ()),
}
SPECIAL_KEYS = sorted({name for needed, allowed in TYPE_KEYS.values() for name in needed + allowed})
WITHOUT_ANSWER = ("note", "impacts")
_OF_AN_ANSWER = ("required", "ask_evidence")

_CHOICE = ("answered", "equals", "in")
_NUMBER = ("answered", "equals", "in", *COMPARISONS)
# How each type may be looked at by a condition; a type that is not here only by `answered`.
LOOKS: Mapping[str, tuple[str, ...]] = {
    "single_choice": _CHOICE,
    "yes_no_not_known": _CHOICE,
    "declaration": _CHOICE,
    "several_choices": ("answered", "contains"),
    "groups": ("answered", "contains"),
    "number": _NUMBER,
    "money": _NUMBER,
    "note": (),
    "impacts": (),
}


def findings(questionnaire: Questionnaire, broken: frozenset[Place] = frozenset()) -> Iterator[Finding]:
    """Everything that does not hold. What is `broken` has been refused already and is not judged again."""
    for rule in _RULES:
        for finding in rule(questionnaire, broken):
            if finding.place not in broken:
                yield finding


def _names_are_given_once(questionnaire: Questionnaire, broken: frozenset[Place]) -> Iterator[Finding]:
    suggestions = [suggestion for question in questionnaire.questions for suggestion in question.suggests]
    spaces: dict[str, Sequence[Any]] = {
        "section": questionnaire.sections,
        "question": questionnaire.questions,
        "group": questionnaire.groups,
        "evidence card": questionnaire.evidence,
        "suggestion": suggestions,
    }
    for label, things in spaces.items():
        for id in _repeated(thing.id for thing in things):
            yield Finding((label, id), "id", f"there are two of {label} “{id}”; a name is given once and for ever")
    for question in questionnaire.questions:
        options = () if question.type in TYPES_WITH_OPTIONS else question.options
        for name, things in (("options", options), ("columns", question.columns)):
            for id in _repeated(thing.id for thing in things):
                yield Finding(("question", question.id), name, f"“{id}” stands twice in “{name}”")
        for label in _repeated(column.label for column in question.columns):
            yield Finding(("question", question.id), "columns", f"two columns are called “{label}”")


def _repeated(ids: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    repeated: list[str] = []
    for id in ids:
        if id in seen and id not in repeated:
            repeated.append(id)
        seen.add(id)
    return repeated


def _keys_fit_the_type(questionnaire: Questionnaire, broken: frozenset[Place]) -> Iterator[Finding]:
    for question in questionnaire.questions:
        if ("question", question.id) in broken:
            continue
        place = ("question", question.id)
        for name, reason in _misfits(question, question.type):
            yield Finding(place, name, reason)
        if question.type in WITHOUT_ANSWER:
            for name in _OF_AN_ANSWER:
                if getattr(question, name):
                    yield Finding(place, name, f"the type {question.type} has no answer, so it cannot have “{name}”")
        if (question.minimum_rows or 0) > (question.maximum_rows or 50):
            yield Finding(place, "minimum_rows", "“minimum_rows” is larger than “maximum_rows”")
        for column in question.columns:
            for _name, reason in _misfits(column, column.type):
                yield Finding(place, "columns", f"column {column.id}: {reason}")


def _misfits(asked: Question | Column, type: str) -> Iterator[tuple[str, str]]:
    defaults = {declared.name: declared.default for declared in fields(asked)}
    needed, allowed = TYPE_KEYS[type]
    for name in SPECIAL_KEYS:
        if name not in defaults or (name == "options" and type in TYPES_WITH_OPTIONS):
            continue
        if getattr(asked, name) == defaults[name]:
            if name in needed:
                yield name, f"the type {type} needs “{name}”"
        elif name not in needed + allowed:
            yield name, f"“{name}” does not belong to the type {type}"
    if asked.minimum is not None and asked.maximum is not None and asked.minimum > asked.maximum:
        yield "minimum", "“minimum” is larger than “maximum”"
    if type != "several_choices" and any(option.exclusive for option in asked.options):
        yield "options", "only an option of several_choices can be exclusive"


def _references_exist(questionnaire: Questionnaire, broken: frozenset[Place]) -> Iterator[Finding]:
    for question in questionnaire.questions:
        place = ("question", question.id)
        for card in question.evidence:
            if card not in questionnaire.evidence_by_id:
                yield Finding(place, "evidence", f"there is no evidence card “{card}”")
        for suggestion in question.suggests:
            at = ("suggestion", suggestion.id)
            for card in suggestion.evidence:
                if card not in questionnaire.evidence_by_id:
                    yield Finding(at, "evidence", f"suggestion {suggestion.id}: there is no evidence card “{card}”")
            for group in suggestion.groups:
                if group not in questionnaire.group_by_id:
                    yield Finding(at, "groups", f"suggestion {suggestion.id}: there is no group “{group}”")
    groups = [question.id for question in questionnaire.questions if question.type == "groups"]
    if groups and not questionnaire.groups:
        yield Finding(("question", groups[0]), "type", "a groups question needs “groups” in the questionnaire")
    for extra in groups[1:]:
        yield Finding(("question", extra), "type", "the groups question is asked once")


def _suggestions_can_be_used(questionnaire: Questionnaire, broken: frozenset[Place]) -> Iterator[Finding]:
    for section in questionnaire.sections:
        for question in section.questions:
            if question.suggests and not section.impacts:
                reason = f"section “{section.id}” takes no impacts, so nothing can be suggested there"
                yield Finding(("question", question.id), "suggests", reason)


def _conditions_look_back(questionnaire: Questionnaire, broken: frozenset[Place]) -> Iterator[Finding]:
    every = {question.id for question in questionnaire.questions}
    left_out = {entry.question for entry in questionnaire.left_out}
    reads = {question.id: {look.question for look in looks(question.show_when)} for question in questionnaire.questions}
    earlier: dict[str, Question] = {}
    for question in questionnaire.questions:
        place = ("question", question.id)
        for look in looks(question.show_when):
            if look.question in left_out:
                yield Finding(place, "show_when", f"the condition reads “{look.question}”, which is left out")
            elif look.question not in every:
                yield Finding(place, "show_when", f"the condition reads “{look.question}”, which does not exist")
            elif look.question not in earlier:
                yield Finding(place, "show_when", _looks_forward(question.id, look.question, reads))
            elif reason := _unfit(look, earlier[look.question], broken):
                yield Finding(place, "show_when", reason)
        earlier[question.id] = question
        for suggestion in question.suggests:
            for look in looks(suggestion.when):
                reason = f"“{look.question}” is not this question or an earlier one"
                if look.question in earlier:
                    reason = _unfit(look, earlier[look.question], broken)
                if reason:
                    yield Finding(("suggestion", suggestion.id), "when", f"suggestion {suggestion.id}: {reason}")


def _looks_forward(question: str, read: str, reads: Mapping[str, set[str]]) -> str:
    """“Circular” where following conditions from `read` leads back to the question, else “later”."""
    ahead, seen = [read], set()
    while ahead:
        here = ahead.pop()
        if here == question:
            return (
                f"circular conditions: “{question}” and “{read}” each wait for the other"
                if read != question
                else ("circular condition: the question waits for its own answer")
            )
        if here not in seen:
            seen.add(here)
            ahead.extend(reads.get(here, ()))
    return f"the condition reads “{read}”, which is asked later; only earlier questions can be read"


def _unfit(look: Look, question: Question, broken: frozenset[Place]) -> str:
    """Why this look does not suit the question it reads, or ""."""
    if ("question", question.id) in broken:
        return ""
    able_to = LOOKS.get(question.type, ("answered",))
    if look.operator not in able_to:
        able = f"only with: {', '.join(able_to)}" if able_to else "not at all, it has no answer"
        return f"“{question.id}” is of type {question.type}; a condition can read it {able}"
    if look.operator == "answered" or look.operator in COMPARISONS:
        return ""
    values = look.value if isinstance(look.value, tuple) else (look.value,)
    if question.type in ("number", "money"):
        wrong = [value for value in values if not isinstance(value, Decimal)]
        return f"“{question.id}” is of type {question.type}; compare it with whole numbers" if wrong else ""
    known = {"agreed"} if question.type == "declaration" else {option.id for option in question.options}
    unknown = [str(value) for value in values if value not in known]
    return f"“{question.id}” has no option “{unknown[0]}”" if unknown else ""


def _triggers_can_fire(questionnaire: Questionnaire, broken: frozenset[Place]) -> Iterator[Finding]:
    for trigger in questionnaire.triggers:
        place = ("trigger", trigger.question)
        question = questionnaire.question_by_id.get(trigger.question)
        if question is None:
            if trigger.question:
                yield Finding(place, "", f"the trigger reads “{trigger.question}”, which does not exist")
        elif question.type not in ("single_choice", "several_choices", "yes_no_not_known"):
            yield Finding(place, "", f"the trigger reads “{question.id}”, which is not a choice")
        else:
            for value in trigger.values:
                if value not in {option.id for option in question.options}:
                    yield Finding(place, "", f"trigger: “{question.id}” has no option “{value}”")


_Rule: TypeAlias = Callable[[Questionnaire, frozenset[Place]], Iterator[Finding]]
_RULES: tuple[_Rule, ...] = (
    _names_are_given_once,
    _keys_fit_the_type,
    _references_exist,
    _suggestions_can_be_used,
    _conditions_look_back,
    _triggers_can_fire,
)
