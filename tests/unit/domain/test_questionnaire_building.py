"""A scheme asks more than its base and never less: add, tighten, explain, leave out only what may be left out."""

from __future__ import annotations

import pytest

from hia_app.domain.questionnaire import Questionnaire
from tests.support.questionnaires import base_text, loaded, problems, scheme_text

SMALL = base_text("""
    - {id: first, type: yes_no_not_known, text: First?, why: Because., guidance: Read this.}
    - {id: second, type: date, text: Second?, required: true}
    - {id: third, type: date, text: Third?, may_leave_out: true}
    - {id: groups_affected, type: groups, text: Who?}
""")
CHANGES_BEGIN = 7


def built(changes: str) -> Questionnaire:
    return loaded(SMALL, scheme_text(changes))


def ids(questionnaire: Questionnaire) -> list[str]:
    return [question.id for question in questionnaire.questions]


def test_without_changes_a_scheme_asks_what_its_base_asks() -> None:
    base, scheme = loaded(SMALL), built("")
    assert scheme.sections == base.sections
    assert (scheme.id, scheme.kind, scheme.builds_on and scheme.builds_on.id) == ("scheme", "scheme", "small")


def test_questions_are_added_where_the_scheme_says() -> None:
    scheme = built("""
        add:
          questions:
            - {section: places, after: first, question: {id: between, type: date, text: Between?}}
            - {section: places, question: {id: at_the_end, type: date, text: End?}}
            - {section: places, after: null, question: {id: at_the_very_end, type: date, text: End?}}
            - {section: places, after: between, question: {id: just_after, type: date, text: After?}}
    """)
    assert ids(scheme) == [
        *("first", "between", "just_after", "second", "third", "groups_affected", "at_the_end", "at_the_very_end")
    ]


def test_sections_groups_and_evidence_are_added() -> None:
    scheme = built("""
        add:
          groups:
            - {id: traders, label: Market traders, phrase: market traders, priority: true}
          evidence:
            - {id: noise, title: Noise, finding: It harms, strength: weak, direction: harm, source: A report}
          sections:
            - after: places
              section:
                id: moving
                title: Moving
                stage: across
                impacts: true
                questions:
                  - id: moves
                    type: yes_no_not_known
                    text: Must anyone move?
                    evidence: [noise]
                    suggests:
                      - id: upheaval
                        when: {question: moves, equals: "yes"}
                        direction: harm
                        because: people must move
                        effect: lose their home
                        pathway: harms their health
                        groups: [traders]
    """)
    assert [section.id for section in scheme.sections] == ["places", "moving"]
    assert scheme.priority_groups == {"carers", "traders"}
    assert [option.id for option in scheme.question_by_id["groups_affected"].options] == ["carers", "men", "traders"]
    assert scheme.evidence_by_id["noise"].strength == "weak"


def test_tightening_asks_for_more_and_keeps_the_reason() -> None:
    scheme = built("tighten: [{question: first, required: true, ask_evidence: true, reason: It matters here}]")
    assert scheme.question_by_id["first"].required
    assert scheme.question_by_id["first"].ask_evidence
    assert [(entry.question, entry.reason) for entry in scheme.tightened] == [("first", "It matters here")]


def test_explaining_adds_to_what_the_base_says() -> None:
    scheme = built("explain: [{question: first, why: Here too., good: Names., example: Such., guidance: [One., Two.]}]")
    first = scheme.question_by_id["first"]
    assert (first.why, first.good, first.example) == ("Because.\n\nHere too.", "Names.", "Such.")
    assert first.guidance == ("Read this.", "One.", "Two.")


def test_what_may_be_left_out_is_left_out_with_its_reason() -> None:
    scheme = built("leave_out: [{question: third, reason: Nothing is dated here}]")
    assert ids(scheme) == ["first", "second", "groups_affected"]
    assert [(entry.question, entry.text, entry.reason) for entry in scheme.left_out] == [
        ("third", "Third?", "Nothing is dated here")
    ]


@pytest.mark.parametrize(
    ("changes", "question", "reason"),
    [
        ("leave_out: [{question: second, reason: r}]", "second", "does not say that this question may be left out"),
        ("leave_out: [{question: gone, reason: r}]", "gone", "the base has no question “gone”"),
        ("leave_out: [{question: third}]", None, "needs “reason”"),
        ("leave_out: [{question: third, reason: r}, {question: third, reason: r}]", "third", "left out twice"),
        ("tighten: [{question: gone, required: true, reason: r}]", "gone", "the base has no question “gone”"),
        ("tighten: [{question: second, required: false, reason: r}]", "second", "nothing can be loosened"),
        ("tighten: [{question: first, required: true}]", None, "needs “reason”"),
        ("tighten: [{question: first, type: note, reason: r}]", None, "unknown key 'type'"),
        ("explain: [{question: gone, why: w}]", "gone", "the base has no question “gone”"),
        ("explain: [{question: first}]", "first", "say what is explained"),
        ("explain: [{question: first, text: Other?}]", None, "unknown key 'text'"),
        ("add: {questions: [{section: gone, question: {id: n, type: date, text: N}}]}", "n", "no section “gone”"),
        (
            "add: {questions: [{section: places, after: gone, question: {id: n, type: date, text: N}}]}",
            "n",
            "no question “gone” to follow",
        ),
        (
            "add: {questions: [{section: places, question: {id: first, type: note, text: Instead}}]}",
            "first",
            "there are two of question “first”",
        ),
        ("add: {sections: [{after: gone, section: {id: n, title: N, stage: across}}]}", None, "no section “gone”"),
        ("add: {sections: [{section: {id: places, title: N, stage: across}}]}", None, "two of section “places”"),
        ("add: {groups: [{id: men, label: M, phrase: m}]}", None, "two of group “men”"),
        ("sections: []", None, ""),
        ("sections: [{id: n, title: N, stage: across}]", None, "put it under “add”"),
        ("remove: [first]", None, "unknown key 'remove'"),
        (
            "add: {questions: [{section: places, after: first, question: "
            "{id: n, type: date, text: N, show_when: {question: second, answered: true}}}]}",
            "n",
            "asked later",
        ),
        (
            "add: {questions: [{section: places, question: {id: n, type: yes_no_not_known, text: N, "
            "options: [{id: a, label: A}]}}]}",
            "n",
            "“options” does not belong",
        ),
    ],
)
def test_what_a_scheme_may_not_do(changes: str, question: str | None, reason: str) -> None:
    found = problems(SMALL, scheme_text(changes))
    if not reason:
        assert found == []  # an empty list changes nothing
        return
    assert any(reason in problem.reason and problem.question == question for problem in found), found
    assert all(problem.file == "1.yaml" for problem in found)
    assert all(problem.line == CHANGES_BEGIN for problem in found)


def test_a_condition_on_a_question_left_out_is_a_problem() -> None:
    base = SMALL + "      - {id: last, type: date, text: L, show_when: {question: third, answered: true}}\n"
    (found,) = problems(base, scheme_text("leave_out: [{question: third, reason: r}]"))
    assert (found.file, found.question) == ("1.yaml", "last")
    assert "which is left out" in found.reason


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("builds_on: {id: small, version: 1}", "builds_on: {id: small, version: 2}", "no usable questionnaire"),
        ("builds_on: {id: small, version: 1}", "summary: None", "a scheme needs “builds_on”"),
        ("builds_on: {id: small, version: 1}", "builds_on: {id: scheme, version: 1}", "no usable questionnaire"),
        ("builds_on: {id: small, version: 1}", "builds_on: small", "must be a mapping"),
    ],
)
def test_a_scheme_needs_its_base(old: str, new: str, reason: str) -> None:
    found = problems(SMALL, scheme_text("").replace(old, new))
    assert any(reason in problem.reason for problem in found), found


def test_only_a_base_can_be_built_on() -> None:
    screening = SMALL.replace("kind: base", "kind: screening")
    (found,) = problems(screening, scheme_text(""))
    assert "only a base can be built on" in found.reason
