"""How robust a rating is, what fired it, and the words printed with it."""

from __future__ import annotations

import pytest

from hia_app.domain.lines import Line, LineMitigation
from hia_app.domain.rating import rate
from hia_app.domain.robustness import NO_FLIP
from tests.support.rating_lines import EQUAL_FIFTHS, LEAST_DEPRIVED, MOST_DEPRIVED, benefit, harm, unknown

NEAR_THE_THRESHOLD = (0.28, 0.2, 0.2, 0.2, 0.12)  # index −0.128


def test_one_step_up_and_down_on_both_scales_where_it_changes_the_rule() -> None:
    found = rate([harm(magnitude="minor", likelihood="likely", people=1.0)], EQUAL_FIFTHS).robustness
    assert [(step.field, step.before, step.after, step.rule) for step in found.one_step] == [
        ("magnitude", "minor", "moderate", 3)
    ]


def test_nothing_is_tried_beyond_the_ends_of_a_scale() -> None:
    found = rate([harm(magnitude="major", likelihood="almost_certain")], EQUAL_FIFTHS).robustness
    assert found.one_step == ()


def test_steps_start_from_the_residual_values() -> None:
    mitigation = LineMitigation(True, "minor", "likely")
    found = rate([harm(people=1.0, mitigation=mitigation)], EQUAL_FIFTHS).robustness
    assert found.rule == 4
    assert [(step.before, step.after, step.rule) for step in found.one_step] == [("minor", "moderate", 3)]


def test_leaving_a_line_out() -> None:
    found = rate([benefit(), harm("h", touches_priority_group=True)], EQUAL_FIFTHS).robustness
    assert [(left.id, left.rule) for left in found.leave_one_out] == [("h", 5)]


def test_the_27_runs_use_their_own_weights_figures_and_threshold() -> None:
    found = rate([benefit(spread=NEAR_THE_THRESHOLD)], EQUAL_FIFTHS).robustness
    assert found.runs == {5: 9, 6: 18}  # τ of .15 makes it even
    assert found.sentence == (
        "Stays “Likely to narrow the gap” in 18 of 27 runs; 9 give “Improves health, does not narrow the gap”."
    )


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            [harm("the move", magnitude="minor", people=1.0)],
            "It would become “Mixed: some gain, some lose” if the magnitude of “the move” were moderate"
            " instead of minor.",
        ),
        (
            [benefit("a", people=1e6), benefit("b", people=1e6, spread=MOST_DEPRIVED)],
            "It would become “Improves health, does not narrow the gap” without “b”.",
        ),
        (
            [benefit(str(n), people=1e6, spread=NEAR_THE_THRESHOLD) for n in range(2)],
            "It would become “Improves health, does not narrow the gap” if the gradient counted as uneven"
            " from 0.15 instead of 0.10.",
        ),
        ([benefit(str(n), people=1e6) for n in range(2)], NO_FLIP),
    ],
)
def test_the_easiest_flip_in_words(lines: list[Line], words: str) -> None:
    assert rate(lines, EQUAL_FIFTHS).robustness.easiest_flip == words


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (1.1, "with the low figures for likelihood and reach, not the middle ones."),
        (1.4, "if minor, moderate and major weighed 1, 2 and 3 instead of 1, 3 and 9."),
        (0.95, "with the high figures for likelihood and reach, not the middle ones."),
    ],
)
def test_figures_are_tried_before_weights(level: float, words: str) -> None:
    # forty lines, so that no single one decides; together they reach `level` per 1,000 in every fifth
    people = level * 100_000 / (3 * 0.65 * 0.2 * 1_000) / 40
    found = rate([benefit(str(n), people=people) for n in range(40)], EQUAL_FIFTHS).robustness
    assert (found.one_step, found.leave_one_out) == ((), ())
    assert found.easiest_flip.endswith(words)


def test_among_equal_flips_the_lowest_rule_wins_then_the_line_id() -> None:
    lines = [harm(name, magnitude="minor", people=1.0) for name in ("b", "a")]
    assert "“a”" in rate(lines, EQUAL_FIFTHS).robustness.easiest_flip
    priority = harm("z", magnitude="minor", people=1.0, likelihood="likely", touches_priority_group=True)
    found = rate([harm("a", people=1.0), priority], EQUAL_FIFTHS).robustness
    assert found.easiest_flip.startswith("It would become “Stop")
    assert "“z”" in found.easiest_flip


def test_what_fired_a_stop_says_why_it_is_major() -> None:
    lines = [harm("a", spread=MOST_DEPRIVED), harm("b", touches_priority_group=True), benefit()]
    fired = rate(lines, EQUAL_FIFTHS).fired
    assert [each.id for each in fired] == ["a", "b"]
    assert "most of the people harmed live in the two most deprived fifths: major" in fired[0].words
    assert "a priority group is named: major" in fired[1].words


def test_widening_benefits_come_in_the_order_of_their_part_in_the_least_deprived_fifth() -> None:
    lines = [benefit("small", people=2_000.0), benefit("large", people=8_000.0, spread=LEAST_DEPRIVED)]
    fired = rate(lines, EQUAL_FIFTHS).fired
    assert [each.id for each in fired] == ["large", "small"]
    assert fired[0].words == "Brings 95% of the benefit in the least deprived fifth"


def test_mixed_names_both_sets_where_no_harm_is_moderate() -> None:
    lines = [benefit(spread=MOST_DEPRIVED), harm(magnitude="minor", likelihood="possible", spread=MOST_DEPRIVED)]
    assert [each.id for each in rate(lines, EQUAL_FIFTHS).fired] == ["benefit", "harm"]


def test_the_sentence_of_a_rating() -> None:
    assert rate([]).sentence.startswith("Not rateable yet: one thing is missing.")
    stop = rate([harm("tenants lose their home", touches_priority_group=True)], EQUAL_FIFTHS)
    assert stop.sentence == (
        "Stop: a serious harm remains. One harm to a priority group is still major: “tenants lose their home”."
    )


def test_summaries_by_principle_and_group_never_average() -> None:
    lines = [
        benefit("b", principle=5, groups=("carers", "women"), spread=MOST_DEPRIVED),
        harm("h", principle=5, groups=("carers",), spread=(0.0, 0.0, 0.5, 0.5, 0.0)),
        harm("m", principle=1, groups=("students",), magnitude="major", people=1.0),
        unknown("u", priority=False),
    ]
    found = rate(lines, EQUAL_FIFTHS)
    assert [summary.of for summary in found.principles] == [str(number) for number in range(1, 9)]
    fifth = found.principles[4]
    assert (fifth.benefits, fifth.harms, fifth.worst_harm) == (("b",), ("h",), "h")
    assert (fifth.worst_harm_significance, fifth.best_benefit_significance) == ("moderate", "moderate")
    assert fifth.gradient == "narrows"
    assert found.principles[7].gradient == "none"
    assert [summary.of for summary in found.groups] == ["students", "carers", "women"]  # worst affected first


def test_summaries_count_unknowns() -> None:
    lines = [Line("u", "not_known", True, "low", principle=2, groups=("carers",))]
    found = rate(lines, EQUAL_FIFTHS)
    assert found.principles[1].unknowns == ("u",)
    assert found.groups[0].unknowns == ("u",)


def test_lines_are_listed_as_people_count() -> None:
    found = rate([benefit("I10"), benefit("I2")], EQUAL_FIFTHS)
    assert [line.id for line in found.lines] == ["I2", "I10"]
