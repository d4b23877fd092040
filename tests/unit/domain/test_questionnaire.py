"""A resolved questionnaire never changes, is written and read back whole, and knows what is shown."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from hia_app.domain.questionnaire import Questionnaire, fired, visible_answers, visible_questions
from tests.support.questionnaires import base_text, loaded, scheme_text

EVERYTHING = base_text("""
    - {id: choice, type: single_choice, text: T, options: [{id: a, label: A, hint: H}, {id: none, label: None}]}
    - {id: several, type: several_choices, text: T, options: [{id: a, label: A}, {id: b, label: B, exclusive: true}]}
    - id: yes
      type: yes_no_not_known
      text: T
      why: W
      good: G
      example: E
      guidance: [One, Two]
      evidence: [cold_homes]
      required: true
      suggests:
        - id: warmer
          when: {question: yes, equals: "yes"}
          direction: benefit
          because: homes are insulated
          effect: have warmer homes
          pathway: lowers breathing problems
          groups: [carers]
          evidence: [cold_homes]
    - {id: homes, type: number, text: T, unit: homes, minimum: 1, maximum: "100.5", decimals: 1}
    - {id: cost, type: money, text: T}
    - id: conditional
      type: long_text
      text: T
      words: 300
      show_when:
        all:
          - {question: yes, in: ["yes", not_known]}
          - any: [{question: homes, at_least: "0.5"}, {not: {question: several, contains: b}}]
    - {id: short, type: short_text, text: T, characters: 20}
    - {id: day, type: date, text: T}
    - {id: when, type: month, text: T}
    - {id: who, type: person, text: T}
    - {id: where, type: place, text: T}
    - {id: paper, type: file, text: T}
    - {id: affected, type: groups, text: T}
    - {id: rows, type: list, text: T, minimum_rows: 1, maximum_rows: 3, columns: [{id: c, label: C, type: date}]}
    - {id: figures, type: indicator, text: T, quantiles: 10}
    - {id: agreed, type: declaration, text: T}
    - {id: remark, type: note, text: T}
    - {id: recorded, type: impacts, text: T}
""")


def plain_only(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(name, str) and plain_only(part) for name, part in value.items())
    if isinstance(value, list):
        return all(plain_only(part) for part in value)
    return isinstance(value, str | bool | int)


@pytest.mark.parametrize("texts", [(EVERYTHING,), (EVERYTHING, scheme_text("explain: [{question: yes, why: More}]"))])
def test_written_and_read_back_it_is_the_same(texts: tuple[str, ...]) -> None:
    questionnaire = loaded(*texts)
    plain = questionnaire.to_json()
    assert plain_only(plain)
    again = Questionnaire.from_json(json.loads(json.dumps(plain)))
    assert again == questionnaire
    assert again.fingerprint == questionnaire.fingerprint
    assert again.to_json() == plain


def test_what_has_its_default_is_not_written() -> None:
    plain = loaded(base_text("- {id: q, type: date, text: T, required: false}")).to_json()
    assert plain["sections"][0]["questions"] == [{"id": "q", "type": "date", "text": "T"}]


def test_options_that_come_with_the_type_are_not_written() -> None:
    written = {question["id"]: question for question in loaded(EVERYTHING).to_json()["sections"][0]["questions"]}
    assert "options" not in written["affected"]
    assert "options" not in written["yes"]
    assert "options" in written["choice"]


@pytest.mark.parametrize(
    "plain",
    [{}, {"format": 1}, {"colour": "red"}, {"format": 1, "id": "x", "version": 1, "kind": "base", "title": 3.5}],
)
def test_what_is_not_a_questionnaire_is_refused(plain: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"needs|unknown|must be"):
        Questionnaire.from_json(plain)


def test_layout_and_comments_do_not_change_the_fingerprint() -> None:
    one = loaded(base_text("- {id: q, type: date, text: Which?}"))
    other = loaded("# note\n" + base_text('- text: "Which?"\n  type: date\n  id: q\n  required: false'))
    assert one.fingerprint == other.fingerprint
    assert len(one.fingerprint) == 64


def test_a_word_changes_the_fingerprint() -> None:
    fingerprints = {loaded(base_text(f"- {{id: q, type: date, text: {word}}}")).fingerprint for word in "ABC"}
    assert len(fingerprints) == 3


def test_a_change_in_the_base_changes_the_scheme() -> None:
    scheme = scheme_text("")
    assert loaded(EVERYTHING, scheme).fingerprint != loaded(EVERYTHING.replace("why: W", "why: X"), scheme).fingerprint


def test_nothing_in_it_can_be_changed() -> None:
    questionnaire = loaded(EVERYTHING)
    with pytest.raises(dataclasses.FrozenInstanceError):
        questionnaire.title = "Other"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        questionnaire.questions[0].required = True  # type: ignore[misc]
    with pytest.raises(TypeError):
        questionnaire.question_by_id["other"] = questionnaire.questions[0]  # type: ignore[index]
    assert isinstance(questionnaire.questions[0].options, tuple)


def test_text_is_kept_in_one_unicode_form() -> None:
    composed, decomposed = (loaded(base_text(f"- {{id: q, type: date, text: '{text}'}}")) for text in ("é", "é"))
    assert composed.fingerprint == decomposed.fingerprint


CHAIN = base_text("""
    - {id: a, type: yes_no_not_known, text: A?}
    - {id: b, type: yes_no_not_known, text: B?, show_when: {question: a, equals: "yes"}}
    - {id: c, type: date, text: C?, show_when: {question: b, in: ["yes", not_known]}}
    - {id: d, type: date, text: D?, show_when: {not: {question: b, equals: "yes"}}}
    - {id: e, type: date, text: E?, show_when: {question: b, answered: false}}
""")


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({}, {"a", "e"}),
        ({"a": "no"}, {"a", "e"}),
        ({"a": "not_known"}, {"a", "e"}),
        ({"a": "yes"}, {"a", "b", "e"}),
        ({"a": "yes", "b": "not_known"}, {"a", "b", "c", "d"}),
        ({"a": "yes", "b": "yes"}, {"a", "b", "c"}),
        ({"a": "no", "b": "yes"}, {"a", "e"}),  # b is hidden, so its answer is as if not given
        ({"b": "yes"}, {"a", "e"}),
    ],
)
def test_unknown_hides_and_a_hidden_answer_does_not_count(answers: dict[str, object], shown: set[str]) -> None:
    assert visible_questions(loaded(CHAIN), answers) == shown


def test_only_the_answers_of_shown_questions_count() -> None:
    answers = {"a": "no", "b": "yes", "c": "2026-01-01", "e": "2026-01-02", "stranger": "x"}
    assert visible_answers(loaded(CHAIN), answers)[1] == {"a": "no", "e": "2026-01-02"}


SCREENING = (
    base_text("""
    - {id: home, type: yes_no_not_known, text: Home?}
    - {id: touched, type: several_choices, text: Who?, options: [{id: staff, label: S}, {id: residents, label: R}]}
    - {id: hidden, type: yes_no_not_known, text: H?, show_when: {question: home, equals: "no"}}
""").replace("kind: base", "kind: screening")
    + """\
triggers:
  - {question: home, in: ["yes", "not_known"], reason: It may change a home}
  - {question: touched, in: [residents], reason: It touches residents}
  - {question: hidden, in: ["yes"], reason: Hidden}
"""
)


@pytest.mark.parametrize(
    ("answers", "reasons"),
    [
        ({}, []),
        ({"home": "no"}, []),
        ({"home": "yes", "hidden": "yes"}, ["It may change a home"]),
        ({"home": "not_known"}, ["It may change a home"]),
        ({"home": "no", "touched": ["staff"]}, []),
        ({"home": "no", "touched": ["staff", "residents"]}, ["It touches residents"]),
        ({"home": "no", "hidden": "yes"}, ["Hidden"]),
    ],
)
def test_triggers_fire_on_shown_answers(answers: dict[str, object], reasons: list[str]) -> None:
    assert [trigger.reason for trigger in fired(loaded(SCREENING), answers)] == reasons
