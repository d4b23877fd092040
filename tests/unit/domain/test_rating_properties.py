"""The eight properties that hold for every assessment, and what is stored is what was found."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hia_app.domain.lines import Line, Reach
from hia_app.domain.rating import Rating, rate
from hia_app.domain.record import canonical
from tests.support.rating_lines import any_line, assessments, populations

LEDGERS = ("low", "mid", "high")


def same_ledgers(before: Rating, after: Rating) -> bool:
    return all(
        list(getattr(getattr(before, side), figures))
        == pytest.approx(list(getattr(getattr(after, side), figures)), rel=1e-9, abs=1e-9)
        for side in ("benefits", "harms")
        for figures in LEDGERS
    )


@given(assessments(), populations, st.randoms())
def test_the_order_of_lines_changes_nothing(
    lines: list[Line], population: tuple[float, ...], chance: random.Random
) -> None:
    shuffled = chance.sample(lines, len(lines))
    assert rate(shuffled, population) == rate(lines, population)


@given(assessments(), populations, st.data())
def test_splitting_a_line_changes_no_ledger_no_index_and_no_rating(
    lines: list[Line], population: tuple[float, ...], data: st.DataObject
) -> None:
    known = [line for line in lines if line.reach is not None]
    assume(known)
    chosen = data.draw(st.sampled_from(known))
    part = data.draw(st.one_of(st.just(0.5), st.floats(0.01, 0.99)))
    assert chosen.reach is not None
    reach = chosen.reach
    first = Reach(reach.low * part, reach.mid * part, reach.high * part)
    second = Reach(reach.low - first.low, reach.mid - first.mid, reach.high - first.high)
    halves = [replace(chosen, id="l0a", reach=first), replace(chosen, id="l0b", reach=second)]
    before = rate(lines, population)
    after = rate([*(line for line in lines if line is not chosen), *halves], population)
    assert same_ledgers(before, after)
    assert after.rci_benefits == pytest.approx(before.rci_benefits, abs=1e-9)
    assert after.rci_harms == pytest.approx(before.rci_harms, abs=1e-9)
    assert (after.rule, after.provisional_rule, after.variant) == (
        before.rule,
        before.provisional_rule,
        before.variant,
    )


@given(assessments(), any_line("new", ("harm",)), populations)
def test_adding_a_harm_never_improves_the_rating(lines: list[Line], harm: Line, population: tuple[float, ...]) -> None:
    before, after = rate(lines, population), rate([*lines, harm], population)
    assert after.provisional_rule <= before.provisional_rule


@given(assessments(), any_line("new", ("benefit",)), populations)
def test_adding_a_benefit_never_clears_rule_1(lines: list[Line], benefit: Line, population: tuple[float, ...]) -> None:
    before, after = rate(lines, population), rate([*lines, benefit], population)
    assert after.stop == before.stop
    assert (after.provisional_rule == 1) == (before.provisional_rule == 1)


@given(assessments(), populations)
def test_uncommitting_a_mitigation_never_improves_the_rating(lines: list[Line], population: tuple[float, ...]) -> None:
    before = rate(lines, population)
    for place, line in enumerate(lines):
        if line.mitigation is None:
            continue
        without = replace(line, mitigation=replace(line.mitigation, committed=False))
        after = rate([*lines[:place], without, *lines[place + 1 :]], population)
        assert after.provisional_rule <= before.provisional_rule


@given(assessments(), populations)
def test_a_moderate_harm_caps_the_rating_at_3(lines: list[Line], population: tuple[float, ...]) -> None:
    found = rate(lines, population)
    moderate = [
        line.id
        for line in found.lines
        if line.direction == "harm" and line.residual_significance in ("moderate", "major")
    ]
    assert sorted(found.moderate_or_worse) == sorted(moderate)
    if moderate:
        assert found.provisional_rule <= 3


@given(assessments(), populations, st.floats(0.001, 1_000))
def test_scaling_all_reach_leaves_every_index_unchanged(
    lines: list[Line], population: tuple[float, ...], factor: float
) -> None:
    scaled = [
        replace(line, reach=Reach(line.reach.low * factor, line.reach.mid * factor, line.reach.high * factor))
        if line.reach is not None
        else line
        for line in lines
    ]
    before, after = rate(lines, population), rate(scaled, population)
    assert after.rci_benefits == pytest.approx(before.rci_benefits, abs=1e-9)
    assert after.rci_harms == pytest.approx(before.rci_harms, abs=1e-9)
    assert [line.concentration for line in after.lines] == [line.concentration for line in before.lines]


@given(assessments(), populations, st.permutations(range(8)), st.permutations(range(1, 9)))
def test_renaming_changes_nothing_but_the_names(
    lines: list[Line], population: tuple[float, ...], numbers: list[int], principles: list[int]
) -> None:
    names = {line.id: f"renamed-{numbers[place]}" for place, line in enumerate(lines)}
    renamed = [
        replace(
            line,
            id=names[line.id],
            label="another name",
            groups=tuple(f"x_{group}" for group in line.groups),
            principle=line.principle and principles[line.principle - 1],
        )
        for line in lines
    ]
    before, after = rate(lines, population), rate(renamed, population)
    for field in ("rule", "provisional_rule", "variant", "benefits", "harms", "rci_benefits", "rci_harms"):
        assert getattr(after, field) == getattr(before, field)
    for field in ("stop", "moderate_or_worse", "serious", "unknowns"):
        assert sorted(getattr(after, field)) == sorted(names[line] for line in getattr(before, field))
    assert after.robustness.runs == before.robustness.runs
    assert {(step.id, step.field, step.after, step.rule) for step in after.robustness.one_step} == {
        (names[step.id], step.field, step.after, step.rule) for step in before.robustness.one_step
    }


@given(assessments(), populations)
def test_a_stored_rating_reads_back_and_has_no_floats(lines: list[Line], population: tuple[float, ...]) -> None:
    found = rate(lines, population)
    stored = found.to_json()
    canonical(stored)  # refuses floats and keys that are not ASCII
    read = Rating.from_json(stored)
    assert read.to_json() == stored
    assert read.method == found.method
    assert (read.rule, read.sentence, read.stop, read.fired) == (
        found.rule,
        found.sentence,
        found.stop,
        found.fired,
    )
