"""Which rule applies: their order, the thresholds exactly at their edge, and the variants."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hia_app.domain.gaps import Gap
from hia_app.domain.ledger import InvalidPopulation, Reference, concentration, shape
from hia_app.domain.lines import InvalidLine, Line, LineMitigation, Reach
from hia_app.domain.method import LIKELIHOODS, MAGNITUDES, METHOD
from hia_app.domain.rating import rate
from tests.support.rating_lines import (
    EQUAL_FIFTHS,
    EVEN,
    LEAST_DEPRIVED,
    MOST_DEPRIVED,
    benefit,
    harm,
    unknown,
)

TOWARDS_DEPRIVED = (0.4, 0.3, 0.15, 0.1, 0.05)
TOWARDS_WELL_OFF = TOWARDS_DEPRIVED[::-1]


def rule_of(*lines: Line) -> int:
    return rate(lines, EQUAL_FIFTHS).rule


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        (0, []),
        (1, [benefit(spread=TOWARDS_DEPRIVED), harm(touches_priority_group=True)]),
        (1, [harm(spread=TOWARDS_DEPRIVED)]),
        (2, [benefit(spread=TOWARDS_WELL_OFF)]),
        (2, [benefit(), harm(magnitude="minor", people=30_000.0, spread=TOWARDS_DEPRIVED)]),
        (2, [benefit(spread=TOWARDS_WELL_OFF), harm(spread=EVEN)]),
        (3, [benefit(spread=TOWARDS_DEPRIVED), harm(magnitude="minor", spread=TOWARDS_DEPRIVED)]),
        (3, [benefit(spread=TOWARDS_DEPRIVED), harm(people=1.0)]),
        (3, [harm(magnitude="minor", people=90_000.0)]),
        (6, [benefit(spread=TOWARDS_DEPRIVED), harm(magnitude="minor", people=90_000.0)]),
        (5, [benefit()]),
        (5, [benefit(), harm(magnitude="minor", spread=LEAST_DEPRIVED)]),
        (4, [benefit(people=10.0)]),
        (4, [harm(magnitude="minor", people=10.0)]),
    ],
)
def test_the_first_rule_that_matches(rule: int, lines: list[Line]) -> None:
    assert rule_of(*lines) == rule


def test_taking_from_the_better_off_never_narrows() -> None:
    assert rate([harm(magnitude="minor", spread=LEAST_DEPRIVED)], EQUAL_FIFTHS).narrowing is False


def test_another_harm_cannot_hide_one_that_falls_on_the_deprived() -> None:
    on_deprived = harm("a", magnitude="minor", people=2_000.0, spread=MOST_DEPRIVED)
    on_well_off = harm("b", magnitude="minor", people=90_000.0, spread=LEAST_DEPRIVED)
    found = rate([on_deprived, on_well_off], EQUAL_FIFTHS)
    assert found.rci_harms > 0
    assert found.widening_by_harms
    assert [fired.id for fired in found.fired] == ["a"]


def test_a_trifle_of_a_harm_is_no_widening_evidence() -> None:
    trifle = harm(magnitude="minor", likelihood="possible", people=100.0, spread=MOST_DEPRIVED)
    assert rule_of(benefit(spread=TOWARDS_DEPRIVED), trifle) == 6


@pytest.mark.parametrize(("people", "rule"), [(1_000.0, 5), (999.99, 4)])
def test_material_means_reaching_one_per_thousand(people: float, rule: int) -> None:
    # 1 × .90 × 1,000 × .2 / 180,000 × 1,000 = exactly 1 in every fifth
    line = benefit(magnitude="minor", likelihood="almost_certain", people=people)
    assert rate([line], (180_000.0,) * 5).rule == rule


def test_an_index_of_exactly_the_threshold_is_no_evidence() -> None:
    # with equal fifths the index of (a, b, b, b, c) is 0.8 (c − a) / (a + 3b + c)
    at_the_edge = (0.2625, 0.2, 0.2, 0.2, 0.1375)
    beyond = (0.2626, 0.2, 0.2, 0.2, 0.1374)
    assert rate([benefit(spread=at_the_edge)], EQUAL_FIFTHS).rci_benefits == pytest.approx(-0.1, abs=1e-12)
    assert rule_of(benefit(spread=at_the_edge)) == 5
    assert rule_of(benefit(spread=beyond)) == 6
    assert rule_of(benefit(spread=at_the_edge[::-1])) == 5
    assert rule_of(benefit(spread=beyond[::-1])) == 2


@pytest.mark.parametrize(("first_two", "rule"), [(0.5, 3), (0.5001, 1)])
def test_more_than_half_in_the_two_most_deprived_fifths_is_priority(first_two: float, rule: int) -> None:
    spread = (first_two, 0.0, 0.0, 0.0, 1 - first_two)
    assert rule_of(harm(people=1.0, spread=spread)) == rule
    found = rate([benefit(people=1.0, spread=spread)], EQUAL_FIFTHS)
    assert found.lines[0].priority is False


@pytest.mark.parametrize("magnitude", MAGNITUDES)
@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_only_a_harm_above_negligible_moves_up_one_class(magnitude: str, likelihood: str) -> None:
    table = METHOD.table_significance(magnitude, likelihood)  # type: ignore[arg-type]
    moved = {"negligible": "negligible", "minor": "moderate", "moderate": "major", "major": "major"}
    fields = {"magnitude": magnitude, "likelihood": likelihood, "touches_priority_group": True}
    found = rate([harm(**fields), benefit(**fields)], EQUAL_FIFTHS)
    assert found.line("harm").significance == moved[table]
    assert found.line("benefit").significance == table


def test_nothing_at_all_has_no_concentration() -> None:
    reference = Reference(EQUAL_FIFTHS)  # type: ignore[arg-type]
    assert concentration((0.0, 0.0, 0.0, 0.0, 0.0), reference) == 0
    assert concentration((1.0, 0.0, 0.0, 0.0, 0.0), reference) == pytest.approx(-0.8)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ((5.0, 4.0, 3.0, 2.0, 1.0), "proportionate_universal"),
        ((5.0, 4.0, 4.5, 2.0, 1.0), "proportionate_universal"),  # a step up of exactly 10% of the largest
        ((5.0, 4.0, 4.51, 2.0, 1.0), "universal_not_proportionate"),
        ((1.1, 1.1, 1.1, 1.0, 1.0), "universal_not_proportionate"),  # exactly 1.1 times is not more
        ((1.0, 1.0, 1.0, 1.1, 1.1), "universal_not_proportionate"),
        ((1.0, 1.0, 1.0, 1.1, 1.11), "inverse"),
        ((0.0, 1.0, 1.0, 1.0, 1.0), "inverse"),
        ((5.0, 4.0, 0.0, 2.0, 1.0), "targeted"),
        ((5.0, 0.0, 0.0, 0.0, 0.0), "targeted"),
    ],
)
def test_the_shape_of_a_benefit(values: tuple[float, ...], found: str) -> None:
    assert shape(values, METHOD) == found  # type: ignore[arg-type]


def test_6_plus_needs_everyone_to_gain() -> None:
    assert rate([benefit(spread=TOWARDS_DEPRIVED)], EQUAL_FIFTHS).variant == "6+"
    assert rate([benefit(spread=MOST_DEPRIVED)], EQUAL_FIFTHS).variant is None


def mitigated(committed: bool = True, countersigned: bool = False, **left: str) -> Line:
    """A major, likely harm to people of no priority, mitigated to what is left."""
    return harm(
        magnitude="major",
        mitigation=LineMitigation(
            committed,
            left.get("magnitude", "moderate"),  # type: ignore[arg-type]
            left.get("likelihood", "likely"),  # type: ignore[arg-type]
            countersigned,
        ),
    )


@pytest.mark.parametrize(
    ("line", "counted", "variant"),
    [
        (harm(), "initial", "3a"),
        (mitigated(committed=False), "uncommitted", "3a"),
        (mitigated(), "residual", "3b"),
        (mitigated(likelihood="possible"), "awaiting_countersignature", "3a"),
        (mitigated(likelihood="possible", countersigned=True), "residual", None),  # no longer moderate
        (mitigated(committed=False, countersigned=True), "uncommitted", "3a"),
        (mitigated(magnitude="minor"), "awaiting_countersignature", "3a"),
        (mitigated(magnitude="major"), "residual", "3a"),  # committed, but still major
        (mitigated(magnitude="major", likelihood="possible"), "residual", "3b"),
    ],
)
def test_what_a_mitigation_counts_for(line: Line, counted: str, variant: str | None) -> None:
    found = rate([benefit(people=90_000.0), line], EQUAL_FIFTHS)
    assert found.line("harm").counted_as == counted
    assert (found.rule, found.variant) == (3 if variant else 5, variant)


def test_3b_needs_every_harm_above_negligible_committed() -> None:
    small = harm("small", magnitude="minor", people=1.0)
    negligible = harm("negligible", magnitude="minor", likelihood="unlikely", people=1.0)
    assert rate([benefit(people=90_000.0), mitigated(), negligible], EQUAL_FIFTHS).variant == "3b"
    assert rate([benefit(people=90_000.0), mitigated(), small], EQUAL_FIFTHS).variant == "3a"


def test_a_serious_harm_is_listed_even_when_its_mitigation_counts() -> None:
    found = rate([mitigated(likelihood="possible", countersigned=True)], EQUAL_FIFTHS)
    assert found.serious == ("harm",)
    assert found.stop == ()


@pytest.mark.parametrize(
    ("low", "rule"), [(10_000.0, 5), (10_000.01, 0), (0.0, 5)], ids=["exactly a third", "more", "none"]
)
def test_more_than_a_third_on_low_confidence_is_not_rateable(low: float, rule: int) -> None:
    lines = [benefit("sure", people=30_000.0 - 10_000.0), benefit("unsure", people=low or 1.0, confidence="low")]
    found = rate(lines, EQUAL_FIFTHS)
    assert found.rule == rule
    planned = [lines[0], replace(lines[1], plan_to_find_out=True)]
    assert rate(planned, EQUAL_FIFTHS).rule == 5


def test_low_confidence_counts_for_each_ledger_on_its_own_and_only_where_it_is_material() -> None:
    weak_harm = harm(magnitude="minor", people=30_000.0, confidence="low")
    assert rate([benefit(people=90_000.0), weak_harm], EQUAL_FIFTHS).gaps == (Gap("low_confidence", "harm", "harm"),)
    trifle = replace(weak_harm, reach=Reach(1.0, 1.0, 1.0))
    assert rate([benefit(people=90_000.0), trifle], EQUAL_FIFTHS).gaps == ()


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (unknown(), 0),
        (unknown(plan=True), 5),
        (unknown(priority=False), 5),
    ],
)
def test_an_unknown_for_a_priority_group_needs_a_plan(line: Line, rule: int) -> None:
    found = rate([benefit(), line], EQUAL_FIFTHS)
    assert found.rule == rule
    assert found.unknowns == ("unknown",)


def test_rule_0_hides_nothing() -> None:
    stop = harm(touches_priority_group=True)
    found = rate([stop], EQUAL_FIFTHS, [Gap("missing_answer", "q1", "Who decides")])
    assert (found.rule, found.provisional_rule) == (0, 1)
    assert found.stop == ("harm",)
    assert found.serious == ("harm",)
    assert found.blocks_sign_off
    assert [fired.id for fired in found.fired] == ["q1"]


def test_no_impact_at_all_is_not_rateable() -> None:
    found = rate([])
    assert (found.rule, found.provisional_rule) == (0, 4)
    assert found.gaps == (Gap("no_impacts"),)
    assert found.robustness.runs == {4: 27}


def test_the_headline_is_the_worst_harm_then_the_one_hitting_the_most_deprived_then_the_first_id() -> None:
    worst = harm("z", magnitude="major", people=1.0)
    assert rate([harm("a"), worst], EQUAL_FIFTHS).headline_harm == "z"
    closer = harm("z", spread=(0.3, 0.1, 0.2, 0.2, 0.2))
    assert rate([harm("a"), closer], EQUAL_FIFTHS).headline_harm == "z"
    assert rate([harm("b"), harm("a")], EQUAL_FIFTHS).headline_harm == "a"
    assert rate([benefit()], EQUAL_FIFTHS).headline_harm is None


def test_two_lines_cannot_share_an_id() -> None:
    with pytest.raises(InvalidLine, match="used by another line"):
        rate([benefit("a"), harm("a")])


@pytest.mark.parametrize("population", [(1.0,) * 4, (0.0, 1, 1, 1, 1), (-1.0, 1, 1, 1, 1), (float("nan"),) * 5])
def test_a_population_is_five_numbers_above_0(population: tuple[float, ...]) -> None:
    with pytest.raises(InvalidPopulation):
        rate([benefit()], population)


def test_a_warning_where_more_people_are_touched_than_live_in_a_fifth() -> None:
    found = rate([benefit(reach=Reach(1.0, 400_000.0, 500_100.0))], EQUAL_FIFTHS)
    assert [warning.fifth for warning in found.warnings] == [1, 2, 3, 4, 5]
    assert rate([benefit(reach=Reach(1.0, 400_000.0, 500_000.0))], EQUAL_FIFTHS).warnings == ()


@pytest.mark.parametrize(
    ("directions", "words"),
    [
        (("harm",), "harms fall on the more deprived most"),
        (("benefit",), "benefits reach the less deprived most"),
        (("benefit", "harm"), "benefits reach the less deprived most, or harms fall on the more deprived most"),
    ],
)
def test_the_direction_of_a_group_names_only_what_it_has(directions: tuple[str, ...], words: str) -> None:
    spreads = {"harm": (1, 0, 0, 0, 0), "benefit": (0, 0, 0, 0, 1)}
    lines = [
        Line(
            id=direction,
            direction=direction,
            touches_priority_group=False,
            confidence="high",
            magnitude="moderate",
            likelihood="likely",
            reach=Reach(900, 900, 900),
            spread=spreads[direction],
            groups=("tenants",),
        )
        for direction in directions
    ]
    (found,) = rate(lines, (1000,) * 5).groups
    assert found.gradient_words == words
