"""The edges that a mutation run found unguarded: each of these tests fails when its edge moves by one step."""

from dataclasses import dataclass, replace
from math import inf, nan
from typing import Any, cast

import pytest

from hia_app.domain.gaps import Gap, group_gaps
from hia_app.domain.ledger import InvalidPopulation, Reference, shape
from hia_app.domain.lines import MOST_PEOPLE, InvalidLine, Line, LineMitigation, Reach
from hia_app.domain.method import METHOD, RULE
from hia_app.domain.rating import Rating, rate

MILDER = LineMitigation(True, "minor", "likely")


@dataclass(frozen=True)
class Group:
    id: str
    label: str
    priority: bool


GROUPS = (Group("men", "Men", priority=False), Group("carers", "Carers", priority=True))


def line(reach: Reach, spread: tuple[float, float, float, float, float] = (1, 0, 0, 0, 0)) -> Line:
    return Line(
        id="a", direction="benefit", touches_priority_group=False, confidence="medium", magnitude="moderate",
        likelihood="likely", reach=reach, spread=spread,
    )  # fmt: skip


def test_nobody_is_a_possible_lowest_figure() -> None:
    assert line(Reach(0, 5, 9)).reach == Reach(0, 5, 9)
    with pytest.raises(InvalidLine, match="below 0"):
        line(Reach(-0.5, 5, 9))


def test_as_many_people_as_the_limit_are_accepted_and_no_more() -> None:
    assert MOST_PEOPLE == 10_000_000_000
    assert line(Reach(1, 1, MOST_PEOPLE))
    with pytest.raises(InvalidLine, match="Earth"):
        line(Reach(1, 1, MOST_PEOPLE + 1))


def test_the_shape_looks_at_the_most_deprived_fifth_and_not_at_the_second() -> None:
    assert shape((1.0, 1.09, 1.0, 1.0, 0.95), METHOD) == "universal_not_proportionate"
    assert shape((1.05, 1.09, 1.0, 1.0, 0.95), METHOD) == "proportionate_universal"


def test_a_gap_without_a_name_is_a_sentence_too() -> None:
    assert Gap("no_impacts").sentence == "No impact has been recorded."
    assert Gap("no_impacts", label="x").sentence == "No impact has been recorded: x."


def test_a_stored_rating_knows_no_minus_nought() -> None:
    stored = rate([line(Reach(1, 1, 1), (0.2, 0.2, 0.2, 0.2, 0.2))], (100, 100, 100, 100, 100)).to_json()
    assert stored["rci_benefits"] == "0.000000"
    assert stored["rci_harms"] == "0.000000"


def test_a_very_small_index_is_stored_with_six_places_and_without_its_sign_when_they_are_nought() -> None:
    for moved, kept in ((1e-6, "-0.000002"), (1e-7, "0.000000")):
        found = rate([line(Reach(1_000, 1_000, 1_000), (0.2 + moved, 0.2, 0.2, 0.2, 0.2 - moved))], (100,) * 5)
        assert found.rci_benefits == pytest.approx(-1.6 * moved)
        assert found.to_json()["rci_benefits"] == kept


def test_a_stored_rating_is_read_back_with_its_method_and_its_label() -> None:
    found = rate([replace(line(Reach(9_000, 9_000, 9_000)), direction="harm")])
    stored = found.to_json()
    assert stored["method"]["low_confidence_part"] == "1/3"
    again = Rating.from_json(stored)
    assert again.to_json() == stored
    assert again.method == found.method
    assert (again.label, again.provisional_label) == (RULE[found.rule].label, RULE[found.provisional_rule].label)
    assert again.blocks_sign_off is (found.rule == 1)


def test_only_a_harm_stops_and_only_a_major_one_is_serious() -> None:
    worst: dict[str, Any] = {"magnitude": "major", "likelihood": "almost_certain", "touches_priority_group": True}
    for direction, rule in (("benefit", 6), ("harm", 1)):
        found = rate([replace(line(Reach(9_000, 9_000, 9_000)), direction=direction, **worst)])
        assert found.rule == rule
        assert found.stop == found.serious == (("a",) if direction == "harm" else ())
    small = replace(line(Reach(9, 9, 9), (0.2,) * 5), id="b", direction="harm", magnitude="minor")
    assert rate([replace(line(Reach(9, 9, 9)), direction="harm", **worst), small]).serious == ("a",)


def test_a_benefit_too_small_to_matter_widens_nothing() -> None:
    least = (0, 0, 0, 0, 1)
    for people, widening, rule in ((1, False, 4), (9_000, True, 2)):
        found = rate([line(Reach(people, people, people), least)])
        assert (found.widening_by_benefits, found.rule) == (widening, rule)


@pytest.mark.parametrize("residents", [0.000999, 10_000_000_001, nan, inf, -1])
def test_residents_are_refused_beyond_what_a_fifth_can_have_and_taken_on_the_bound(residents: float) -> None:
    assert Reference((0.001, 10_000_000_000, 1, 1, 1)).residents[:2] == (0.001, 10_000_000_000)
    with pytest.raises(InvalidPopulation, match="fifth 2 must have a number of residents above 0"):
        Reference((1, residents, 1, 1, 1))


def test_a_group_without_priority_hides_no_gap_of_the_next() -> None:
    found = group_gaps({"men": {"state": "affected"}, "carers": {"state": "affected"}}, GROUPS, [])
    assert found == (Gap("group_without_line", "carers", "Carers"),)


ONE_OF_THREE = "must be one of minor, moderate, major"


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"id": ""}, [("id", "must not be empty")]),
        ({"direction": "gain"}, [("direction", "must be one of benefit, harm, not_known")]),
        ({"reach": None, "spread": None}, [("reach", "is missing"), ("spread", "is missing")]),
        ({"magnitude": None, "likelihood": None}, [("magnitude", "is missing"), ("likelihood", "is missing")]),
        ({"principle": 0}, [("principle", "must be from 1 to 8")]),
        ({"magnitude": "huge", "mitigation": MILDER}, [("magnitude", ONE_OF_THREE)]),
        ({"mitigation": LineMitigation(True, cast(Any, "none"), "likely")}, [("mitigation.magnitude", ONE_OF_THREE)]),
        (
            {"mitigation": LineMitigation(True, "minor", cast(Any, "never"))},
            [("mitigation.likelihood", "must be one of unlikely, possible, likely, almost_certain")],
        ),
        (
            {"direction": "benefit", "mitigation": LineMitigation(True, "major", "likely")},
            [("mitigation", "belongs to harms only")],
        ),
        (
            {"mitigation": LineMitigation(True, "major", "almost_certain")},
            [
                ("mitigation.magnitude", "must not be worse than before the mitigation (moderate)"),
                ("mitigation.likelihood", "must not be worse than before the mitigation (likely)"),
            ],
        ),
    ],
)
def test_every_problem_of_a_line_is_told_with_its_field(
    fields: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidLine) as refused:
        replace(line(Reach(1, 1, 1)), **{"direction": "harm", **fields})
    assert list(refused.value.problems) == problems
    name = fields.get("id", "a")
    assert str(refused.value) == f"{name}: " + "; ".join(f"{field} {reason}" for field, reason in problems)


def test_a_line_goes_by_its_label_and_a_promise_is_not_countersigned_by_itself() -> None:
    made = replace(line(Reach(1, 1, 1)), principle=8, label="The move")
    assert (made.name, replace(made, label="").name) == ("The move", "a")
    assert not MILDER.countersigned
    assert replace(made, principle=1).principle == 1


def test_two_lines_of_one_name_are_refused() -> None:
    with pytest.raises(InvalidLine) as refused:
        rate([line(Reach(1, 1, 1)), line(Reach(1, 1, 1))])
    assert refused.value.problems == (("id", "is used by another line"),)
