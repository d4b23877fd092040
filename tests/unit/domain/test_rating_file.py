"""The file that `hia rate` reads: every problem with its place, the exact keys of the answer, the published schema."""

from __future__ import annotations

import json
from contextlib import suppress
from math import inf, nan
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hia_app.domain.method import LEEDS_FIFTHS
from hia_app.domain.rating_file import MOST_IMPACTS, InvalidRatingFile, checked, rate_file, read, schema

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = sorted((ROOT / "tests" / "fixtures" / "rating").glob("*.json"))


def impact(**changes: Any) -> dict[str, Any]:
    given = {
        "id": "a",
        "direction": "harm",
        "touches_priority_group": False,
        "confidence": "medium",
        "magnitude": "moderate",
        "likelihood": "likely",
        "reach": {"low": 10, "mid": 20, "high": 30},
        "spread": [1, 0, 0, 0, 0],
        **changes,
    }
    return {key: value for key, value in given.items() if value != "LEFT OUT"}


def unknown(**changes: Any) -> dict[str, Any]:
    left_out = dict.fromkeys(("magnitude", "likelihood", "reach", "spread"), "LEFT OUT")
    return impact(direction="not_known", **{**left_out, **changes})


def mitigation(**changes: Any) -> dict[str, Any]:
    return {"committed": True, "magnitude": "minor", "likelihood": "likely", **changes}


def problems(content: Any) -> list[str]:
    with pytest.raises(InvalidRatingFile) as refused:
        rate_file(content)
    return [str(problem) for problem in refused.value.problems]


BAD_IMPACTS: list[tuple[dict[str, Any], str]] = [
    (impact(id="LEFT OUT"), ".id: is missing"),
    (impact(id=""), ".id: must not be empty"),
    (impact(id="a\0b"), ".id: must not contain control characters"),
    (impact(id="\ud800"), ".id: must be sound Unicode text"),
    (impact(id=7), ".id: must be text"),
    (impact(direction="good"), ".direction: must be one of 'benefit', 'harm' or 'not_known'"),
    (impact(touches_priority_group="yes"), ".touches_priority_group: must be true or false"),
    (impact(confidence="LEFT OUT"), ".confidence: is missing"),
    (impact(magnitude="LEFT OUT"), ".magnitude: is missing"),
    (impact(reach={"mid": 0}), ".reach.mid: must be above 0"),
    (impact(reach={"mid": "20"}), ".reach.mid: must be a number"),
    (impact(reach={"mid": True}), ".reach.mid: must be a number"),
    (impact(reach={"mid": float("nan")}), ".reach.mid: must be an ordinary number"),
    (impact(reach={"mid": float("inf")}), ".reach.mid: must be an ordinary number"),
    (impact(reach={"low": 3, "mid": 2}), ".reach: must go up from low to mid to high"),
    (impact(reach={"mid": 1e12}), ".reach.high: is more people than there are on Earth"),
    (impact(reach=5), ".reach: must be an object"),
    (impact(spread=[1, 0, 0, 0]), ".spread: must have exactly 5 entries"),
    (impact(spread=[1, 0, 0, 0, -0.1]), ".spread[4]: must not be below 0"),
    (impact(spread=[0.9, 0, 0, 0, 0]), ".spread: must add up to 1, but adds up to 0.9"),
    (impact(colour="red"), ".colour: is not a field of this format"),
    (impact(mitigation={"committed": True}), ".mitigation.magnitude: is missing"),
    (
        impact(mitigation=mitigation(likelihood="almost_certain")),
        ".mitigation.likelihood: must not be worse than before the mitigation (likely)",
    ),
    (impact(direction="benefit", mitigation=mitigation()), ".mitigation: belongs to harms only"),
    (unknown(magnitude="minor"), ".magnitude: must be left out where the direction is not known"),
    (unknown(reach={"mid": 3}), ".reach: must be left out where the direction is not known"),
    (unknown(mitigation=mitigation()), ".mitigation: must be left out where the direction is not known"),
]


@pytest.mark.parametrize(("bad", "problem"), BAD_IMPACTS, ids=[problem for _, problem in BAD_IMPACTS])
def test_a_problem_is_named_with_its_place(bad: dict[str, Any], problem: str) -> None:
    good = impact(id="good")
    assert f"impacts[1]{problem}" in problems({"impacts": [good, bad]})


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ([], "must be an object with the key “impacts”"),
        ({}, "impacts: is missing"),
        ({"impacts": "all"}, "impacts: must be a list"),
        ({"impacts": [3]}, "impacts[0]: must be an object"),
        ({"impacts": [], "complete": 1}, "complete: must be true or false"),
        ({"impacts": [], "note": ""}, "note: is not a field of this format"),
        ({"impacts": [], "reference_population": [1, 1, 1, 1]}, "reference_population: must have exactly 5 entries"),
        ({"impacts": [], "reference_population": [1, 1, 0, 1, 1]}, "reference_population[2]: must be above 0"),
        (
            {"impacts": [], "reference_population": [1, 1, 1e-9, 1, 1]},
            "reference_population: fifth 3 must have a number of residents above 0",
        ),
        ({"impacts": [impact(), impact()]}, "impacts[1].id: is used by an earlier impact"),
        (
            {"impacts": [impact(id=str(n)) for n in range(MOST_IMPACTS + 1)]},
            f"impacts: must have at most {MOST_IMPACTS} entries",
        ),
    ],
)
def test_what_is_wrong_with_the_file(content: Any, problem: str) -> None:
    assert problems(content) == [problem]


def test_every_problem_is_named_at_once() -> None:
    content = {
        "complete": None,
        "impacts": [impact(magnitude="LEFT OUT"), impact(id="b", confidence=1, spread=None), unknown(id="")],
    }
    assert len(problems(content)) == 5


def test_a_field_that_is_wrong_hides_neither_what_else_does_not_fit_nor_a_second_use_of_the_id() -> None:
    broken = impact(confidence="none", reach={"low": 3, "mid": 2}, spread=[1, 1, 0, 0, 0], mitigation={"committed": 1})
    assert set(problems({"impacts": [broken, broken | {"direction": "not_known", "reach": "?"}]})) == {
        "impacts[0].confidence: must be one of 'low', 'medium' or 'high'",
        "impacts[0].mitigation.committed: must be true or false",
        "impacts[0].mitigation.magnitude: is missing",
        "impacts[0].mitigation.likelihood: is missing",
        "impacts[0].reach: must go up from low to mid to high",
        "impacts[0].spread: must add up to 1, but adds up to 2",
        "impacts[1].confidence: must be one of 'low', 'medium' or 'high'",
        "impacts[1].mitigation.committed: must be true or false",
        "impacts[1].mitigation.magnitude: is missing",
        "impacts[1].mitigation.likelihood: is missing",
        "impacts[1].reach: must be an object",
        "impacts[1].id: is used by an earlier impact",
        "impacts[1].magnitude: must be left out where the direction is not known",
        "impacts[1].likelihood: must be left out where the direction is not known",
        "impacts[1].spread: must be left out where the direction is not known",
    }


def test_the_answer_has_these_keys() -> None:
    found = rate_file({"impacts": [impact()]})
    assert set(found) == {
        *("rule", "provisional_rule", "label", "reasons", "variant", "benefit_shape", "stop", "moderate_or_worse"),
        *("benefits_per_1000", "benefits_per_1000_low", "benefits_per_1000_high", "rci_benefits"),
        *("harms_per_1000", "harms_per_1000_low", "harms_per_1000_high", "rci_harms", "robustness"),
    }
    assert set(found["robustness"]) == {"runs", "one_step", "leave_one_out", "easiest_flip"}
    assert found["robustness"]["one_step"][0] == {
        "id": "a",
        "field": "magnitude",
        "from": "moderate",
        "to": "minor",
        "rule": 3,
    }
    json.dumps(found, allow_nan=False)


def test_defaults() -> None:
    assert checked({"impacts": [impact()]}).reference_population == LEEDS_FIFTHS
    one_figure = rate_file({"impacts": [impact(reach={"mid": 20})]})
    assert one_figure == rate_file({"impacts": [impact(reach={"low": 20, "mid": 20, "high": 20})]})


def test_not_complete_is_rule_0_and_says_so() -> None:
    found = rate_file({"impacts": [impact()], "complete": False})
    assert (found["rule"], found["provisional_rule"]) == (0, 1)
    assert found["reasons"] == ["A required answer is missing."]
    assert found["stop"] == ["a"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff", "not UTF-8"),
        ('{"impacts": [', "line 1, column 14: not JSON"),
        ('{"a": 1, "a": 2}', "the key 'a' is given twice"),
        ("[" * 100_000, "nested too deeply"),
        ("9" * 5_000, "more than 400 digits"),
        ("[" + "1," * 5_000_000 + "1]", "larger than 10 MB"),
    ],
)
def test_what_is_not_plain_json_is_refused(content: bytes | str, reason: str) -> None:
    with pytest.raises(InvalidRatingFile, match=reason):
        read(content)


def test_what_is_no_number_is_named_with_its_place() -> None:
    text = json.dumps({"impacts": [impact(reach={"mid": nan}, spread=[0.5, 0.5, 0, 0, -inf])]})
    with pytest.raises(InvalidRatingFile) as refused:
        rate_file(read(text))
    assert [one.place for one in refused.value.problems] == ["impacts[0].reach.mid", "impacts[0].spread[4]"]


def test_a_file_may_start_with_a_byte_order_mark() -> None:
    assert read(b'\xef\xbb\xbf{"impacts": []}') == {"impacts": []}


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.just(10**400), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(st.text(max_size=5), inner, max_size=5)),
    max_leaves=10,
)
_MAYBE = st.one_of(_JSON, st.sampled_from(["a", "harm", "likely", "minor", "low", {"mid": 10**400}, True]))


@given(st.one_of(_JSON, st.fixed_dictionaries({"impacts": st.lists(
    st.fixed_dictionaries(dict.fromkeys(impact(), _MAYBE)), max_size=3)})))  # fmt: skip
def test_no_json_whatever_breaks_it(content: Any) -> None:
    with suppress(InvalidRatingFile):
        json.dumps(rate_file(content), allow_nan=False)


def test_the_schema_accepts_the_examples_and_refuses_what_it_can() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    validator.check_schema(schema())
    for path in FIXTURES:
        validator.validate(json.loads(path.read_text(encoding="utf-8"))["input"])
    refused = [
        unknown(magnitude="minor"),
        impact(magnitude="LEFT OUT"),
        impact(spread=None),
        impact(direction="benefit", mitigation=mitigation()),
        impact(reach={"mid": 0}),
    ]
    assert not [bad for bad in refused if validator.is_valid({"impacts": [bad]})]
