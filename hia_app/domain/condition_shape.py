"""How a condition is written in a file: `{question: …, equals: …}`, joined by `all`, `any` and `not`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hia_app.domain.conditions import COMPARISONS, AllOf, AnyOf, Condition, Look, Not
from hia_app.domain.document_shapes import Flag, Id, ListOf, Number, Reading
from hia_app.domain.strict_yaml import Path

_LONGEST_VALUE = 200
_MOST_PARTS = 30


@dataclass(frozen=True)
class ComparedWith:
    """What `equals` compares with: an option's id, or a whole number."""

    neutral: None = None

    def read(self, value: Any, path: Path, reading: Reading) -> str | Decimal | None:
        if (
            isinstance(value, bool)
            or not isinstance(value, str | int)
            or value == ""
            or len(str(value)) > _LONGEST_VALUE
        ):
            reading.refuse(path, f"“{path[-1]}” must be an option's id in quotes, or a whole number")
            return None
        return Decimal(value) if isinstance(value, int) else value

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "integer"], "maxLength": _LONGEST_VALUE}


_OPERANDS: dict[str, Any] = {
    "answered": Flag(),
    "equals": ComparedWith(),
    "in": ListOf(ComparedWith(), most=60, least=1),
    "contains": Id(reserved_allowed=True),
    **{name: Number() for name in COMPARISONS},
}
_JOINS = ("all", "any", "not")


@dataclass(frozen=True)
class ConditionShape:
    neutral: None = None

    def read(self, value: Any, path: Path, reading: Reading) -> Condition | None:
        """The condition, or None after a refusal."""
        found = len(reading.problems)
        condition = self._joined(value, path, reading) if _is_join(value) else _test(value, path, reading)
        return condition if len(reading.problems) == found else None

    def _joined(self, value: dict[str, Any], path: Path, reading: Reading) -> Condition | None:
        if len(value) != 1:
            reading.refuse(path, "“all”, “any” and “not” stand alone in a condition")
            return None
        (join,) = value
        if join == "not":
            part = self.read(value[join], (*path, join), reading)
            return Not(part) if part is not None else None
        parts = ListOf(self, most=_MOST_PARTS, least=1).read(value[join], (*path, join), reading)
        return AllOf(parts) if join == "all" else AnyOf(parts)

    def schema(self) -> dict[str, Any]:
        return {"$ref": "#/$defs/condition"}


def _is_join(value: Any) -> bool:
    return isinstance(value, dict) and any(join in value for join in _JOINS)


def _test(value: Any, path: Path, reading: Reading) -> Condition | None:
    if not isinstance(value, dict) or "question" not in value:
        reading.refuse(path, "a condition is {question: …} with one comparison, or all, any or not")
        return None
    operators = [name for name in value if name != "question"]
    if len(operators) != 1 or operators[0] not in _OPERANDS:
        wanted = ", ".join(_OPERANDS)
        reading.refuse(path, f"a condition on a question needs exactly one of: {wanted}")
        return None
    (operator,) = operators
    question = Id().read(value["question"], (*path, "question"), reading)
    operand = _OPERANDS[operator].read(value[operator], (*path, operator), reading)
    return Look(question, operator, operand) if question and operand not in (None, ()) else None


def condition_schema() -> dict[str, Any]:
    """JSON Schema of a condition, for `$defs/condition`."""
    here = {"$ref": "#/$defs/condition"}
    joins: list[dict[str, Any]] = [
        _only({name: {"type": "array", "items": here, "minItems": 1, "maxItems": _MOST_PARTS}})
        for name in ("all", "any")
    ]
    single = [_only({"question": Id().schema(), name: shape.schema()}) for name, shape in _OPERANDS.items()]
    return {"oneOf": [*joins, _only({"not": here}), *single]}


def _only(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
