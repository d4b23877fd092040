"""Conditions answer yes, no or unknown, and obey the laws of three-valued logic."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hia_app.domain.condition_shape import ConditionShape
from hia_app.domain.conditions import AllOf, AnyOf, Condition, Look, Not, evaluate, looks
from hia_app.domain.document_shapes import Reading
from hia_app.domain.strict_yaml import Page

QUESTIONS = ("a", "b", "c")
VALUES = ("yes", "no", "not_known")


def read(written: Any) -> Condition:
    reading = Reading("test", Page({}))
    condition = ConditionShape().read(written, ("show_when",), reading)
    assert reading.problems == []
    assert condition is not None
    return condition


@pytest.mark.parametrize(
    ("written", "answer", "verdict"),
    [
        ({"equals": "yes"}, "yes", True),
        ({"equals": "yes"}, "no", False),
        ({"equals": "yes"}, "not_known", False),
        ({"equals": "not_known"}, "not_known", True),
        ({"equals": "yes"}, None, None),
        ({"equals": "yes"}, "", None),
        ({"equals": 12}, "12", True),
        ({"equals": 12}, "12.00", True),
        ({"equals": 12}, "13", False),
        ({"in": ["yes", "not_known"]}, "not_known", True),
        ({"in": ["yes", "not_known"]}, "no", False),
        ({"in": ["yes"]}, None, None),
        ({"contains": "x"}, ["x", "y"], True),
        ({"contains": "x"}, ["y"], False),
        ({"contains": "x"}, [], None),
        ({"contains": "x"}, None, None),
        ({"contains": "carers"}, {"carers": {"state": "affected"}}, True),
        ({"contains": "carers"}, {"carers": {"state": "not_affected"}}, False),
        ({"contains": "carers"}, {"carers": {"state": "not_known"}}, False),
        ({"contains": "carers"}, {"men": {"state": "affected"}}, None),
        ({"answered": True}, "no", True),
        ({"answered": True}, None, False),
        ({"answered": True}, [], False),
        ({"answered": False}, None, True),
        ({"answered": False}, "no", False),
        ({"less_than": 10}, "9.5", True),
        ({"less_than": 10}, "10", False),
        ({"at_most": 10}, "10", True),
        ({"at_most": 10}, "10.5", False),
        ({"more_than": "0.5"}, "0.6", True),
        ({"more_than": "0.5"}, "0.5", False),
        ({"at_least": 240}, "240", True),
        ({"at_least": 240}, "180", False),
        ({"at_least": 240}, None, None),
        ({"at_least": 240}, "many", None),
        ({"at_least": 240}, "NaN", None),
    ],
)
def test_one_look_at_an_answer(written: dict[str, Any], answer: object, verdict: bool | None) -> None:
    assert evaluate(read({"question": "q", **written}), {"q": answer}) is verdict


def test_no_condition_is_true() -> None:
    assert evaluate(None, {}) is True


single_looks = st.builds(
    Look,
    st.sampled_from(QUESTIONS),
    st.just("equals"),
    st.sampled_from(VALUES),
) | st.builds(Look, st.sampled_from(QUESTIONS), st.just("answered"), st.booleans())
conditions: st.SearchStrategy[Condition] = st.recursive(
    single_looks,
    lambda parts: st.one_of(
        st.builds(AllOf, st.lists(parts, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(parts, min_size=1, max_size=3).map(tuple)),
        st.builds(Not, parts),
    ),
    max_leaves=8,
)
answers = st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from(VALUES))
ORDER = {False: 0, None: 1, True: 2}


@given(st.lists(conditions, min_size=1, max_size=4), answers)
def test_all_is_the_least_and_any_the_greatest_of_its_parts(parts: list[Condition], given_: dict[str, str]) -> None:
    verdicts = [part.verdict(given_) for part in parts]
    assert AllOf(tuple(parts)).verdict(given_) is min(verdicts, key=ORDER.__getitem__)
    assert AnyOf(tuple(parts)).verdict(given_) is max(verdicts, key=ORDER.__getitem__)


@given(conditions, conditions, answers)
def test_de_morgan(one: Condition, other: Condition, given_: dict[str, str]) -> None:
    assert Not(AllOf((one, other))).verdict(given_) is AnyOf((Not(one), Not(other))).verdict(given_)
    assert Not(AnyOf((one, other))).verdict(given_) is AllOf((Not(one), Not(other))).verdict(given_)


@given(conditions, answers)
def test_not_not_changes_nothing_and_unknown_stays_unknown(one: Condition, given_: dict[str, str]) -> None:
    assert Not(Not(one)).verdict(given_) is one.verdict(given_)
    assert (Not(one).verdict(given_) is None) == (one.verdict(given_) is None)


@given(conditions, answers, st.sampled_from(QUESTIONS), st.sampled_from(VALUES))
def test_learning_more_never_turns_a_known_verdict_around(
    one: Condition, given_: dict[str, str], question: str, value: str
) -> None:
    """`answered` looks at absence itself; everything else only becomes known, never the opposite."""
    if any(look.operator == "answered" for look in looks(one)) or question in given_:
        return
    before = one.verdict(given_)
    assert before is None or one.verdict({**given_, question: value}) is before


@given(conditions)
def test_a_condition_is_written_and_read_back(one: Condition) -> None:
    assert read(one.to_json()) == one


def test_numbers_are_written_without_floats() -> None:
    assert Look("q", "at_least", Decimal("240")).to_json() == {"question": "q", "at_least": 240}
    assert Look("q", "at_least", Decimal("0.5")).to_json() == {"question": "q", "at_least": "0.5"}
    assert Look("q", "in", ("x", Decimal(2))).to_json() == {"question": "q", "in": ["x", 2]}


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("yes", "a condition is"),
        ([], "a condition is"),
        ({}, "a condition is"),
        ({"equals": "x"}, "a condition is"),
        ({"question": "q"}, "exactly one of"),
        ({"question": "q", "equals": "a", "in": ["b"]}, "exactly one of"),
        ({"question": "q", "matches": "a+"}, "exactly one of"),
        ({"question": "Q!", "equals": "a"}, "must be a name"),
        ({"question": "q", "equals": True}, "option's id in quotes"),
        ({"question": "q", "equals": []}, "option's id in quotes"),
        ({"question": "q", "in": []}, "1 to 60 entries"),
        ({"question": "q", "in": "yes"}, "must be a list"),
        ({"question": "q", "answered": "yes"}, "true or false"),
        ({"question": "q", "less_than": "nan"}, "must be a number"),
        ({"question": "q", "less_than": "1e9"}, "must be a number"),
        ({"question": "q", "less_than": "१२"}, "must be a number"),
        ({"all": []}, "1 to 30 entries"),
        ({"all": [], "any": []}, "stand alone"),
        ({"not": {}, "question": "q"}, "stand alone"),
        ({"any": [{"question": "q"}]}, "exactly one of"),
    ],
)
def test_a_condition_that_is_not_one_is_refused(written: Any, reason: str) -> None:
    reading = Reading("test", Page({}))
    assert ConditionShape().read(written, ("show_when",), reading) is None
    assert any(reason in problem.reason for problem in reading.problems)
