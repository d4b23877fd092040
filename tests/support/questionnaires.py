"""Small questionnaires for tests: a base with one section, whose questions a test writes as YAML."""

from __future__ import annotations

from textwrap import dedent, indent

from hia_app.domain.document_shapes import Problem
from hia_app.domain.questionnaire import Question, Questionnaire
from hia_app.domain.questionnaire_documents import check, load

BASE = """\
format: 1
id: small
version: 1
kind: base
title: A small questionnaire
groups:
  - {id: carers, label: Carers, phrase: carers, priority: true}
  - {id: men, label: Men, phrase: men}
evidence:
  - {id: cold_homes, title: Cold homes, finding: They harm, strength: strong, direction: harm, source: A report}
sections:
  - id: places
    title: Places
    stage: principles
    principle: 5
    impacts: true
    questions:
"""
FIRST_LINE = BASE.count("\n") + 1
SCHEME = """\
format: 1
id: scheme
version: 1
kind: scheme
title: A scheme
builds_on: {id: small, version: 1}
"""


def base_text(questions: str) -> str:
    """A whole file; the first question is on FIRST_LINE."""
    return BASE + indent(dedent(questions).strip("\n") + "\n", "      ")


def scheme_text(changes: str) -> str:
    """A whole scheme file; the changes begin on line 7."""
    return SCHEME + dedent(changes).lstrip("\n")


def loaded(*texts: str) -> Questionnaire:
    """The last of these files as a questionnaire; every one must be free of problems."""
    found = load({f"{number}.yaml": text for number, text in enumerate(texts)})
    assert found.problems == ()
    return found.questionnaires[-1]


def problems(*texts: str) -> list[Problem]:
    return check({f"{number}.yaml": text for number, text in enumerate(texts)})


def question(declared: str) -> Question:
    """One question, written in YAML without its id and text."""
    return loaded(base_text(f"- {{id: q, text: Which?, {declared}}}")).question_by_id["q"]
