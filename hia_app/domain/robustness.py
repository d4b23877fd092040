"""How robust a rating is: 27 runs, one step, leave one out, and the easiest flip in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from hia_app.domain.ledger import Reference
from hia_app.domain.method import (
    FIGURES,
    LIKELIHOODS,
    MAGNITUDES,
    RULE,
    Fifths,
    Figures,
    Method,
    Weights,
)
from hia_app.domain.rating_rules import Effect, evidence, rule
from hia_app.domain.rating_words import spoken

NO_FLIP = "No single change that was tried gives another rating."
FIGURES_IN_WORDS = {"low": "low", "mid": "middle", "high": "high"}


@dataclass(frozen=True)
class OneStep:
    """A line's magnitude or likelihood, one step up or down, that changes the rule."""

    id: str
    field: Literal["magnitude", "likelihood"]
    before: str
    after: str
    rule: int


@dataclass(frozen=True)
class LeftOut:
    """A line whose absence changes the rule."""

    id: str
    rule: int


@dataclass(frozen=True)
class Robustness:
    """All on residual values and on the rule that applies without rule 0. `runs` counts runs by rule."""

    rule: int
    runs: dict[int, int]
    one_step: tuple[OneStep, ...]
    leave_one_out: tuple[LeftOut, ...]
    easiest_flip: str

    @property
    def stays(self) -> int:
        return self.runs.get(self.rule, 0)

    @property
    def sentence(self) -> str:
        total = sum(self.runs.values())
        others = [
            f"{count} {'gives' if count == 1 else 'give'} “{RULE[number].short}”"
            for number, count in sorted(self.runs.items())
            if number != self.rule
        ]
        stays = f"Stays “{RULE[self.rule].short}” in {self.stays} of {total} runs"
        return "; ".join([stays, *others]) + "."


@dataclass(frozen=True)
class _Trial:
    """The effects of one assessment, tried again under other numbers."""

    effects: Sequence[Effect]
    reference: Reference
    method: Method

    def parts(self, weights: Weights, figures: Figures) -> list[Fifths]:
        return [effect.part(weights, figures, self.method) for effect in self.effects]

    def rule_with(self, weights: Weights, figures: Figures, threshold: float) -> int:
        return self.rule_of(self.effects, self.parts(weights, figures), threshold)

    def rule_of(self, effects: Sequence[Effect], parts: Sequence[Fifths], threshold: float) -> int:
        return rule(effects, evidence(effects, parts, self.reference, threshold, self.method))


def robustness(effects: Sequence[Effect], reference: Reference, method: Method, number: int) -> Robustness:
    """`number` is the provisional rule: the one all of this is compared with."""
    trial = _Trial(effects, reference, method)
    grid = {
        (weights, figures, threshold): trial.rule_with(weights, figures, threshold)
        for weights, figures, threshold in product(method.weight_sets, FIGURES, method.thresholds)
    }
    found = list(grid.values())
    one_step = tuple(
        sorted(
            (step for step in _one_steps(trial) if step.rule != number),
            key=lambda step: (step.id, step.field != "magnitude", _scale(step.field).index(step.after)),
        )
    )
    left_out = tuple(sorted((left for left in _leave_one_out(trial) if left.rule != number), key=lambda left: left.id))
    return Robustness(
        rule=number,
        runs={each: found.count(each) for each in sorted(set(found))},
        one_step=one_step,
        leave_one_out=left_out,
        easiest_flip=_easiest_flip(trial, grid, number, one_step, left_out),
    )


def _scale(field: str) -> tuple[str, ...]:
    return MAGNITUDES if field == "magnitude" else LIKELIHOODS


def _one_steps(trial: _Trial) -> Iterator[OneStep]:
    method = trial.method
    parts = trial.parts(method.weights, "mid")
    for place, effect in enumerate(trial.effects):
        for field, before, after, changed in _neighbours(effect, method):
            effects = [*trial.effects[:place], changed, *trial.effects[place + 1 :]]
            new_parts = [*parts[:place], changed.part(method.weights, "mid", method), *parts[place + 1 :]]
            found = trial.rule_of(effects, new_parts, method.threshold)
            yield OneStep(effect.line.id, field, before, after, found)


def _neighbours(
    effect: Effect, method: Method
) -> Iterator[tuple[Literal["magnitude", "likelihood"], str, str, Effect]]:
    """The effect one step down and one step up on either scale; nothing beyond the ends."""
    at = MAGNITUDES.index(effect.magnitude)
    for magnitude in MAGNITUDES[max(at - 1, 0) : at] + MAGNITUDES[at + 1 : at + 2]:
        changed = effect.with_values(magnitude, effect.likelihood, method)
        yield "magnitude", effect.magnitude, magnitude, changed
    at = LIKELIHOODS.index(effect.likelihood)
    for likelihood in LIKELIHOODS[max(at - 1, 0) : at] + LIKELIHOODS[at + 1 : at + 2]:
        changed = effect.with_values(effect.magnitude, likelihood, method)
        yield "likelihood", effect.likelihood, likelihood, changed


def _leave_one_out(trial: _Trial) -> Iterator[LeftOut]:
    method = trial.method
    parts = trial.parts(method.weights, "mid")
    for place, effect in enumerate(trial.effects):
        effects = [*trial.effects[:place], *trial.effects[place + 1 :]]
        rest = [*parts[:place], *parts[place + 1 :]]
        yield LeftOut(effect.line.id, trial.rule_of(effects, rest, method.threshold))


def _easiest_flip(
    trial: _Trial,
    grid: dict[tuple[Weights, Figures, float], int],
    number: int,
    one_step: tuple[OneStep, ...],
    left_out: tuple[LeftOut, ...],
) -> str:
    """The first that exists of one step, leave one out, τ, version, weights; of equals the lowest rule."""
    method = trial.method
    names = {effect.line.id: effect.line.name for effect in trial.effects}
    steps = [
        (
            step.rule,
            f"if the {step.field} of “{names[step.id]}” were {spoken(step.after)} instead of {spoken(step.before)}",
        )
        for step in one_step
    ]
    without = [(left.rule, f"without “{names[left.id]}”") for left in left_out]
    thresholds = [
        (
            grid[method.weights, "mid", threshold],
            f"if the gradient counted as uneven from {threshold:.2f} instead of {method.threshold:.2f}",
        )
        for threshold in method.thresholds
    ]
    versions = [
        (
            grid[method.weights, figures, method.threshold],
            f"with the {FIGURES_IN_WORDS[figures]} figures for likelihood and reach, not the middle ones",
        )
        for figures in FIGURES
    ]
    weights = [
        (
            grid[weights, "mid", method.threshold],
            f"if minor, moderate and major weighed {_listed(weights)} instead of {_listed(method.weights)}",
        )
        for weights in method.weight_sets
    ]
    for candidates in (steps, without, thresholds, versions, weights):
        flips = [candidate for candidate in candidates if candidate[0] != number]
        if flips:
            # min keeps the first of equals, and lines come in the order of their ids
            found, words = min(flips, key=lambda flip: flip[0])
            return f"It would become “{RULE[found].label}” {words}."
    return NO_FLIP


def _listed(weights: Weights) -> str:
    return f"{weights[0]}, {weights[1]} and {weights[2]}"
