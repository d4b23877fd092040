"""The guide for authors speaks of everything that a questionnaire may contain."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from hia_app.domain.conditions import OPERATORS
from hia_app.domain.document_shapes import RESERVED, keys
from hia_app.domain.questionnaire import (
    QUESTION_TYPES,
    STAGES,
    Column,
    EvidenceCard,
    Group,
    Option,
    Question,
    Section,
    Suggestion,
    Trigger,
)
from hia_app.domain.questionnaire_building import Additions, Document, Explained
from hia_app.domain.questionnaire_documents import load
from hia_app.domain.questionnaire_rules import TYPE_KEYS

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "questionnaires.md").read_text("utf-8")
RECORDS = (Document, Additions, Explained, Section, Question, Option, Column, Group, EvidenceCard, Suggestion, Trigger)


@pytest.mark.parametrize("word", sorted({*QUESTION_TYPES, *STAGES, *OPERATORS, "answered", *RESERVED}))
def test_it_names(word: str) -> None:
    assert re.search(rf"\b{word}\b", GUIDE)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_it_names_every_key(record: type) -> None:
    assert [name for name in keys(record) if not re.search(rf"\b{name}\b", GUIDE)] == []
    assert fields(record)


@pytest.mark.parametrize("type", QUESTION_TYPES)
def test_the_row_of_a_type_names_its_own_keys(type: str) -> None:
    (row,) = re.findall(rf"^\| `{type}` \| .*$", GUIDE, re.MULTILINE)[:1]
    needed, allowed = TYPE_KEYS[type]
    assert [name for name in needed + allowed if f"`{name}`" not in row] == []


def test_its_example_of_a_whole_question_is_read() -> None:
    example = next(block for block in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL) if block.startswith("- id:"))
    head = "format: 1\nid: guide\nversion: 1\nkind: base\ntitle: Guide\n"
    card = "evidence: [{id: cold_homes, title: T, finding: F, strength: weak, direction: harm, source: S}]\n"
    section = "sections:\n- id: s\n  title: S\n  stage: across\n  questions:\n"
    body = "".join(f"  {line}\n" for line in example.splitlines())
    assert load({"guide.yaml": head + card + section + body}).problems == ()
