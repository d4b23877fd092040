"""The schema that editors use is current, and agrees with the reader."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from hia_app.domain.questionnaire_schema import json_schema, written_schema
from hia_app.domain.strict_yaml import read
from tests.support.questionnaires import base_text, problems, scheme_text

ROOT = Path(__file__).resolve().parents[3]
VALIDATOR = Draft202012Validator(json_schema())


def accepts(text: str | bytes) -> bool:
    return bool(VALIDATOR.is_valid(read(text).value))


def test_the_published_schema_is_current() -> None:
    """To renew it: python -m tools.questionnaire_schema"""
    assert (ROOT / "docs" / "schemas" / "questionnaire.json").read_text("utf-8") == written_schema()


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", sorted((ROOT / "questionnaires").glob("*.yaml")), ids=lambda path: path.name)
def test_the_shipped_questionnaires_fit_it(path: Path) -> None:
    assert [error.json_path for error in VALIDATOR.iter_errors(read(path.read_bytes()).value)] == []


def test_a_scheme_fits_it() -> None:
    assert accepts(scheme_text("leave_out: [{question: q, reason: r}]\nexplain: [{question: a, guidance: G}]"))


@pytest.mark.parametrize(
    "text",
    [
        base_text("- {id: q, type: note}"),
        base_text("- {id: submit, type: note, text: T}"),
        base_text("- {id: Q, type: note, text: T}"),
        base_text("- {id: q, type: essay, text: T}"),
        base_text("- {id: q, type: note, text: T, colour: red}"),
        base_text("- {id: q, type: date, text: T, words: 3}"),
        base_text("- {id: q, type: list, text: T}"),
        base_text("- {id: q, type: date, text: T, show_when: {question: q}}"),
        base_text("- {id: q, type: date, text: T, show_when: {question: q, equals: a, in: [a]}}"),
        base_text("- {id: q, type: date, text: T, required: yes}"),
        base_text("- {id: q, type: date, text: T}").replace("format: 1", "format: 2"),
        base_text("- {id: q, type: date, text: T}") + "tighten: []\n",
        scheme_text("sections: []"),
        scheme_text("").replace("builds_on: {id: small, version: 1}\n", ""),
        scheme_text("remove: [q]"),
    ],
)
def test_what_it_refuses(text: str) -> None:
    assert not accepts(text)


@pytest.mark.parametrize(
    "question",
    [
        "{id: q, type: note, text: T}",
        "{id: q, type: number, text: T, minimum: 1, maximum: '2.5'}",
        "{id: q, type: single_choice, text: T, options: [{id: none, label: N}]}",
        "{id: q, type: date, text: T, guidance: [a, b]}",
        "{id: q, type: indicator, text: T, quantiles: 5}",
        "{id: q, type: file, text: T, maximum_rows: 2}",
    ],
)
def test_schema_and_reader_accept_the_same(question: str) -> None:
    text = base_text(f"- {question}")
    assert problems(text) == []
    assert accepts(text)
