"""Indicators: what is typed or pasted becomes figures, and figures the measures that the national tool gives."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hia_app.domain.answers import InvalidAnswer, as_text, form_values, is_answered, parse
from hia_app.domain.document import Facts, Figure, plain_text
from hia_app.domain.gradient import Gradient
from hia_app.domain.indicator_paste import Rows, Unreadable, pasted, place_of
from hia_app.domain.indicator_public import published
from hia_app.domain.indicator_statistics import statistics
from hia_app.domain.indicator_terms import small_in
from hia_app.domain.record import canonical
from hia_app.domain.report_indicators import about, figures
from tests.support.documents import document
from tests.support.gradients import DISABLED, OVERCROWDED
from tests.support.questionnaires import question

FIXTURES = [
    path
    for path in sorted((Path(__file__).resolve().parents[2] / "fixtures" / "gradient").glob("*.json"))
    if "untransformed" not in path.stem  # an answer's proportions are always fitted with the logit
]
FIFTHS = question("type: indicator, quantiles: 5")
TENTHS = question("type: indicator, quantiles: 10")
PLAIN = {"title": "Cold homes", "unit": "%", "period": "2024", "area": "Leeds", "source": "Survey"}


def answer(*values: str, **more: Any) -> dict[str, Any]:
    return {**PLAIN, "values": list(values), **more}


def typed(text: str, count: int = 5, **fields: str) -> Any:
    """The answer of a form in which this was pasted."""
    raw = {f"q-{name}": [field] for name, field in {"paste": text, **fields}.items()}
    return parse(TENTHS if count == 10 else FIFTHS, raw)


def refusals(text: str) -> str:
    with pytest.raises(InvalidAnswer) as refused:
        typed(text)
    assert refused.value.kept["q-paste"] == [text]
    return refused.value.messages["q-paste"]


def leeds(counted: Any = OVERCROWDED) -> dict[str, Any]:
    return answer(
        *(f"{100 * count / people:.8f}" for count, people in counted),
        populations=[str(people) for _, people in counted],
        kind="proportion",
    )


# ---- the form ----


def test_an_answer_without_anything_new_stays_as_it_always_was() -> None:
    old = answer("10", "8", "", "4", "2")
    shown = form_values(FIFTHS, old)
    again = parse(FIFTHS, {name: [str(text)] for name, text in shown.items()})
    assert again == old
    assert again.keys() == old.keys()


@pytest.mark.parametrize(
    "text",
    [
        "1\t10%\t1,200\n2\t8%\t1,100\n3\t6%\t1,000\n4\t4%\t900\n5\t2%\t800",
        "Fifth;Share;People\n1;10;1200\n2;8;1100\n3;6;1000\n4;4;900\n5;2;800\n",
        'Quintile,Value,Population\n1,10.0%,"1,200"\n2,8,1100\n3,6,1000\n4,4,900\n5,2,800',
        "People\tQuintile\tNotes\tValue\n800\t5\tx\t2\n900\t4\t\t4\n1000\t3\t\t6\n1100\t2\t\t8\n1200\t1\t\t10",
        "Most deprived quintile (IMD2025)\t10\t1200\nSecond most deprived quintile\t8\t1100\n3 \t6\t1000\n"
        "Second least deprived quintile\t4\t900\r\nLeast deprived quintile\t2\t800",
    ],
)
def test_figures_are_read_as_spreadsheets_give_them(text: str) -> None:
    found = typed(text, unit="%")
    assert found["values"] == ["10", "8", "6", "4", "2"]
    assert found["populations"] == ["1200", "1100", "1000", "900", "800"]
    assert found["unit"] == "%"


def test_one_column_of_figures_is_taken_in_its_order_and_brings_its_unit() -> None:
    found = typed("£10\n£8\n£6\n£4\n£2", unit="")
    assert (found["values"], found["unit"]) == (["10", "8", "6", "4", "2"], "£")


def test_what_is_pasted_goes_over_the_table_and_leaves_other_columns() -> None:
    found = typed("1,9\n2,8\n3,7\n4,6\n5,5", **{"value-1": "1", "population-1": "300"})
    assert found["values"][0] == "9"
    assert found["populations"] == ["300", "", "", "", ""]


def test_every_problem_is_named_with_its_line() -> None:
    said = refusals("Fifth,Value,People\n1,abc,10\n7,3\n2,4,5,6,7,8,9\n3,1\n3,2,nan")
    for part in ("Line 2, value: “abc”", "Line 3: “7” is not one of 1 to 5", "Line 4: there are 7 cells",
                 "Line 6: 3 was given before", "Line 6, population: “nan”"):  # fmt: skip
        assert part in said
    assert "There is no line for fifth 4, 5" in refusals("1,2\n2,3\n3,4")


def test_limits_that_do_not_hold_their_value_are_refused() -> None:
    with pytest.raises(InvalidAnswer) as refused:
        typed("", **{"value-1": "5", "lower-1": "6", "upper-1": "4", "population-2": "0", "kind": "guess"})
    assert refused.value.messages.keys() == {"q-lower-1", "q-upper-1", "q-population-2", "q-kind"}


def test_a_percentage_in_another_unit_is_asked_about() -> None:
    with pytest.raises(InvalidAnswer, match="The figures have a %"):
        typed("", unit="per 1,000", **{"value-1": "5%"})


@given(st.text("1\t,;\n%£-.5 abcdpr'\"", max_size=60))
def test_whatever_is_pasted_is_read_or_refused_in_words(text: str) -> None:
    problems: tuple[str, ...] = ()
    rows: Rows = {}
    try:
        rows = pasted(text, 5)
    except Unreadable as unreadable:
        problems = unreadable.problems
    assert all(problems)
    assert problems or rows.keys() == set(range(1, 6))


@pytest.mark.parametrize(("text", "place"), [("10", 10), ("Tenth 3", 3), ("d4", 4), ("11", None), ("0", None),
                                             ("Third less deprived decile", 8), ("deprived", None)])  # fmt: skip
def test_names_of_tenths(text: str, place: int | None) -> None:
    assert place_of(text, 10) == place


# ---- the measures ----


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_published_examples_through_the_form(path: Path) -> None:
    """The same figures as the national tool, points to 1e-6, after being pasted, stored and read again."""
    example = json.loads(path.read_text(encoding="utf-8"))
    kind = example["options"]["kind"]
    text = path.with_suffix(".csv").read_text(encoding="utf-8")
    found = typed(_ten_decimals(text), _lines(text), kind=kind, source="National tool", title="Measure")
    shown = form_values(question(f"type: indicator, quantiles: {_lines(text)}"), found)
    stored = parse(question(f"type: indicator, quantiles: {_lines(text)}"), {k: [str(v)] for k, v in shown.items()})
    assert stored == found
    assert len(FIXTURES) == 4
    said = statistics(json.loads(canonical(stored)))
    assert said is not None
    canonical(said)
    fitted = Gradient.from_json(said["gradient"])
    for name in ("sii", "rii"):
        assert getattr(fitted, name) == pytest.approx(example["expected"][name], rel=1e-6)
        for end in ("lower", "upper"):
            if (limit := example["expected"].get(f"{name}_{end}")) is not None and "lower95" in text:
                close = 0.05 * abs(example["expected"][name])
                assert getattr(fitted, f"{name}_{end}") == pytest.approx(limit, abs=close)


def _lines(text: str) -> int:
    return len(text.strip().splitlines()) - 1


def _ten_decimals(text: str) -> str:
    """Spreadsheets show fewer digits than computers keep; ten decimals are what an answer takes."""

    def cut(cell: str) -> str:
        return format(round(Decimal(cell), 10), "f") if "." in cell else cell

    header, *lines = text.strip().splitlines()
    return "\n".join([header, *(",".join(map(cut, line.split(","))) for line in lines)])


def test_leeds_overcrowding_has_every_measure_and_wilson_limits() -> None:
    said = statistics(leeds())
    assert said is not None
    assert said["limits_from"] == "wilson"
    assert said["weights"] == "people"
    assert float(said["gap"]) == pytest.approx(-9.358, abs=0.001)
    told = dict(_facts(leeds(), said))
    assert told["Slope index of inequality (SII)"].startswith("−9.84 points (95% limits −10.")
    assert told["Relative index of inequality (RII)"].startswith("0.07 (95% limits 0.06 to 0.07")
    assert "more deprived" in told["Relative concentration index (RCI)"]


def test_a_pattern_that_is_no_line_is_said() -> None:
    said = statistics(leeds(DISABLED))
    assert said is not None
    assert any("not a line: tenth 1 lies below tenth 2" in note for note in said["notes"])


def test_the_same_answer_gives_the_same_measures() -> None:
    assert canonical(statistics(leeds())) == canonical(statistics(dict(leeds())))


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (answer("10", "", "6", "4", "2"), "There is no figure for fifth 2"),
        (answer("10", "8", "6", "4", "2", populations=["1", "", "", "", ""]), "missing for fifth 2, 3, 4, 5"),
        (answer("10", "8", "6", "4", "120", kind="proportion"), "between 0 and 100%"),
        (answer("10", "8", "6", "4", "2", kind="proportion", unit=""), "give % as their unit"),
        (answer("10", "8", "6", "4", "0", kind="proportion"), "Fifth 5: the value: a proportion of exactly 0"),
        (answer("10", "8", "6", "4", "-1", kind="rate"), "Fifth 5: the value must be above 0"),
        (answer("90", "9", "1", "1", "1", kind="other"), "the fitted line leaves the possible range"),
        (answer("8", "8", "8", "8", "8", lower=["7", "", "", "", ""]), "There are no confidence limits"),
    ],
)  # fmt: skip
def test_what_cannot_be_worked_out_is_said(value: dict[str, Any], says: str) -> None:
    said = statistics(value)
    assert said is not None
    assert says in " ".join([*said["refusals"], *said["notes"]])
    told = dict(_facts(value, said))
    assert len([name for name in told if "SII" in name or "RII" in name or "gap" in name]) == 3


def test_without_figures_there_is_nothing_to_say() -> None:
    assert statistics(answer("", "", "", "", "")) is None
    assert statistics(None) is None


NUMBERS = st.decimals(-(10**12) + 1, 10**12 - 1, places=6).map(lambda number: format(number, "f")) | st.sampled_from(
    ["", "0", "1", "100", "0.000001", "999999999999"]
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_answer_breaks_the_measures_or_their_words(data: st.DataObject) -> None:
    raw = {f"q-value-{place}": [data.draw(NUMBERS)] for place in range(1, 6)}
    for column in data.draw(st.sets(st.sampled_from(["population", "lower", "upper"]))):
        raw |= {f"q-{column}-{place}": [data.draw(NUMBERS)] for place in range(1, 6)}
    raw["q-unit"] = [data.draw(st.sampled_from(["", "%", "per 1,000", "£"]))]
    raw["q-kind"] = [data.draw(st.sampled_from(["", "rate", "proportion", "other"]))]
    raw["q-multiplier"] = [data.draw(st.sampled_from(["", "-1", "100", "0.5"]))]
    try:
        value = parse(FIFTHS, raw)
    except InvalidAnswer:
        return
    said = statistics(value, 1_000)
    if said is None:
        return
    stored = json.loads(canonical(said))
    assert stored == said
    blocks = (figures(value, "Q", stored), *about(value, stored, "Q"))
    assert "nan" not in " ".join(plain_text(document(*blocks))).lower()
    public_value, public_said = published(value, stored)
    assert tuple(about(public_value, public_said, "Q"))


# ---- small numbers ----


def test_numbers_that_no_people_are_break_nothing_that_is_published() -> None:
    beyond = ["999999999900", "20", "30", "40", "100"]
    for kind, unit, first in (("proportion", "%", "0"), ("rate", "per 1,000", "999999999999")):
        value = answer(first, "10", "20", "30", "40", kind=kind, unit=unit, populations=beyond)
        shown, _ = published(value, statistics(value))
        assert shown["values"][1] == "", "2 of 20, beside a number that is none"


SMALL = answer("5", "8", "6", "9", "10", kind="proportion", populations=["100", "200", "300", "400", "500"])


def test_counts_below_ten_are_found() -> None:
    assert small_in(SMALL).places == (1,)
    assert not small_in({**SMALL, "kind": "other"})
    assert not small_in(answer("5", "8", "6", "9", "10"))


def test_small_figures_leave_the_public_edition_with_all_that_gives_them_away() -> None:
    said = statistics(SMALL)
    value, public = published(SMALL, said)
    assert public is not None
    assert value["values"][0] == ""
    assert value["values"].count("") >= 2, "one hidden figure would be the difference of the others"
    assert {public[name] for name in ("gap", "ratio", "average", "concentration", "gradient")} == {None}
    text = " ".join(plain_text(document(figures(value, "Q", public), *about(value, public, "Q"))))
    assert "too few to publish, still considered" in text
    assert "figures that rest on 1 to 9 people are not published" in text
    assert "no figure" not in text


def test_a_recorded_decision_shows_them() -> None:
    decided = {**SMALL, "small_numbers": {"decision": "shown", "reason": "Census table TS054"}}
    said = statistics(decided)
    assert published(decided, said) == (decided, said)
    assert "Small numbers: Shown because already published by somebody else. Census table TS054" in as_text(
        FIFTHS, decided
    )
    assert not is_answered(FIFTHS, {**decided, "small_numbers": {"decision": "shown", "reason": ""}})


def test_the_decision_survives_the_form() -> None:
    decided = {**SMALL, "small_numbers": {"decision": "hidden", "reason": "See the narrative"}, "multiplier": "-1"}
    assert parse(FIFTHS, {name: [str(text)] for name, text in form_values(FIFTHS, decided).items()}) == decided


def _facts(value: dict[str, Any], said: Any) -> list[tuple[str, str]]:
    blocks = tuple(about(value, said, "Q"))
    assert any(isinstance(block, Figure) for block in blocks)
    return [row for block in blocks if isinstance(block, Facts) for row in block.rows]
