"""The JSON Schema of questionnaire files, so that an author's editor completes keys and marks mistakes while they type.

Made from the same declarations that read the files. It cannot say everything (that a condition looks back, that a
name is given once): `hia questionnaire check` has the last word.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

from hia_app.domain.condition_shape import condition_schema
from hia_app.domain.document_shapes import ListOf, Record, record_schema
from hia_app.domain.questionnaire_building import NOT_IN_A_SCHEME, ONLY_IN_A_SCHEME, Document
from hia_app.domain.questionnaire_rules import SPECIAL_KEYS, TYPE_KEYS


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of one file."""
    definitions = {label: record_schema(kind) for label, kind in sorted(_records(Document).items())}
    definitions["question"]["allOf"] = [_keys_of_type(type) for type in TYPE_KEYS]
    definitions["condition"] = condition_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A questionnaire for health equity assessments",
        "description": "One file, questionnaires/<id>-<version>.yaml. Explained in docs/questionnaires.md.",
        **record_schema(Document),
        "allOf": [_keys_of_kind()],
        "$defs": definitions,
    }


def written_schema() -> str:
    """The schema as it is published in docs/schemas/questionnaire.json."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _records(kind: type[Any]) -> dict[str, type[Any]]:
    """Every record inside this one, by what messages call it."""
    found: dict[str, type[Any]] = {}
    for declared in fields(kind):
        shape = declared.metadata["shape"]
        while isinstance(shape, ListOf):
            shape = shape.each
        if isinstance(shape, Record) and is_dataclass(shape.kind):
            found[shape.label] = shape.kind
            found |= _records(shape.kind)
    return found


def _keys_of_type(type: str) -> dict[str, Any]:
    """If the question is of this type, then it needs these keys and has none of the other types' keys."""
    needed, allowed = TYPE_KEYS[type]
    foreign = [name for name in SPECIAL_KEYS if name not in needed + allowed]
    return {
        "if": {"properties": {"type": {"const": type}}, "required": ["type"]},
        "then": {"required": list(needed), "properties": dict.fromkeys(foreign, False)},
    }


def _keys_of_kind() -> dict[str, Any]:
    def without(names: tuple[str, ...], needed: str) -> dict[str, Any]:
        return {"required": [needed], "properties": dict.fromkeys(names, False)}

    return {
        "if": {"properties": {"kind": {"const": "scheme"}}, "required": ["kind"]},
        "then": without(NOT_IN_A_SCHEME, "builds_on"),
        "else": without(ONLY_IN_A_SCHEME, "sections"),
    }
