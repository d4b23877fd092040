"""When a question is shown: conditions on earlier answers, written as data and answered yes, no or unknown.

Three values: True, False and None (unknown). A question without an answer makes a comparison unknown; only
`answered` always knows. "not_known" is an answer like any other. Kleene's strong logic: `all` is False as
soon as one part is False, `any` is True as soon as one part is True, and `not` leaves unknown unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol, TypeAlias

Answers: TypeAlias = Mapping[str, object]
Verdict: TypeAlias = bool | None


class Condition(Protocol):
    """What it says about these answers, the conditions inside it, and how it is written as data."""

    def verdict(self, answers: Answers) -> Verdict: ...
    def parts(self) -> tuple[Condition, ...]: ...
    def to_json(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class AllOf:
    conditions: tuple[Condition, ...]

    def verdict(self, answers: Answers) -> Verdict:
        verdicts = [part.verdict(answers) for part in self.conditions]
        return False if False in verdicts else None if None in verdicts else True

    def parts(self) -> tuple[Condition, ...]:
        return self.conditions

    def to_json(self) -> dict[str, Any]:
        return {"all": [part.to_json() for part in self.conditions]}


@dataclass(frozen=True)
class AnyOf:
    conditions: tuple[Condition, ...]

    def verdict(self, answers: Answers) -> Verdict:
        verdicts = [part.verdict(answers) for part in self.conditions]
        return True if True in verdicts else None if None in verdicts else False

    def parts(self) -> tuple[Condition, ...]:
        return self.conditions

    def to_json(self) -> dict[str, Any]:
        return {"any": [part.to_json() for part in self.conditions]}


@dataclass(frozen=True)
class Not:
    condition: Condition

    def verdict(self, answers: Answers) -> Verdict:
        verdict = self.condition.verdict(answers)
        return None if verdict is None else not verdict

    def parts(self) -> tuple[Condition, ...]:
        return (self.condition,)

    def to_json(self) -> dict[str, Any]:
        return {"not": self.condition.to_json()}


@dataclass(frozen=True)
class Look:
    """One question looked at in one way; `value` is what `operator` compares with (see OPERATORS)."""

    question: str
    operator: str
    value: str | bool | Decimal | tuple[str | Decimal, ...]

    def verdict(self, answers: Answers) -> Verdict:
        answer = answers.get(self.question)
        if self.operator == "answered":
            return (not nothing_given(answer)) is self.value
        return None if nothing_given(answer) else OPERATORS[self.operator](answer, self.value)

    def parts(self) -> tuple[Condition, ...]:
        return ()

    def to_json(self) -> dict[str, Any]:
        value = [_plain(v) for v in self.value] if isinstance(self.value, tuple) else _plain(self.value)
        return {"question": self.question, self.operator: value}


def _plain(value: str | bool | Decimal) -> str | bool | int:
    """The value as a file writes it: no decimals but whole numbers and text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else format(value, "f")
    return value


def evaluate(condition: Condition | None, answers: Answers) -> Verdict:
    """True, False or None for unknown. No condition at all is True."""
    return True if condition is None else condition.verdict(answers)


def looks(condition: Condition | None) -> Iterator[Look]:
    """Every look at a question inside this condition."""
    if isinstance(condition, Look):
        yield condition
    elif condition is not None:
        for part in condition.parts():
            yield from looks(part)


def nothing_given(answer: object) -> bool:
    """Whether this is no answer: absent, or an empty text, list or mapping."""
    return answer is None or answer in ("", [], {}, ())


def _equals(answer: object, value: Any) -> Verdict:
    if isinstance(value, Decimal):
        return _compare(answer, lambda number: number == value)
    return bool(answer == value)


def _in(answer: object, values: Any) -> Verdict:
    return any(_equals(answer, value) for value in values)


def _contains(answer: object, value: Any) -> Verdict:
    """A chosen option; on the groups question, a group marked as affected."""
    if isinstance(answer, Mapping):
        row = answer.get(value)
        if not isinstance(row, Mapping) or not row.get("state"):
            return None
        return bool(row["state"] == "affected")
    return bool(value in answer) if isinstance(answer, list | tuple) else None


def _compare(answer: object, holds: Callable[[Decimal], bool]) -> Verdict:
    try:
        number = Decimal(str(answer))
    except InvalidOperation:
        return None
    return holds(number) if number.is_finite() else None


def _less_than(answer: object, limit: Any) -> Verdict:
    return _compare(answer, lambda number: number < limit)


def _at_most(answer: object, limit: Any) -> Verdict:
    return _compare(answer, lambda number: number <= limit)


def _more_than(answer: object, limit: Any) -> Verdict:
    return _compare(answer, lambda number: number > limit)


def _at_least(answer: object, limit: Any) -> Verdict:
    return _compare(answer, lambda number: number >= limit)


# How a given answer is looked at. `answered` is the one operator that also looks at a missing answer.
OPERATORS: Mapping[str, Callable[[object, Any], Verdict]] = {
    "equals": _equals,
    "in": _in,
    "contains": _contains,
    "less_than": _less_than,
    "at_most": _at_most,
    "more_than": _more_than,
    "at_least": _at_least,
}
COMPARISONS = ("less_than", "at_most", "more_than", "at_least")
