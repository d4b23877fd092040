"""Which rule applies: what the benefits and harms say about the gradient, and the first rule that matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hia_app.domain.ledger import Reference, concentration, is_material, ledger
from hia_app.domain.lines import Line, Reach, counted_as, is_priority
from hia_app.domain.method import (
    FIGURES,
    MAGNITUDES,
    SIGNIFICANCES,
    Fifths,
    Figures,
    Likelihood,
    Magnitude,
    Method,
    Significance,
    Weights,
    five,
)


@dataclass(frozen=True)
class Effect:
    """A benefit or harm with the values it is rated with; what no run changes is worked out once.

    `concentration` is the line's own relative concentration index (its reach and weight do not change it);
    `per_person` is what one person of weight 1 adds to each fifth, per 1,000 residents.
    """

    line: Line
    harm: bool
    magnitude: Magnitude
    likelihood: Likelihood
    reach: Reach
    significance: Significance
    priority: bool
    concentration: float
    per_person: Fifths

    def with_values(self, magnitude: Magnitude, likelihood: Likelihood, method: Method) -> Effect:
        significance = method.significance_of(magnitude, likelihood, harm=self.harm, priority=self.priority)
        return replace(self, magnitude=magnitude, likelihood=likelihood, significance=significance)

    def weight(self, weights: Weights, figures: Figures, method: Method) -> float:
        """Weight × likelihood × reach, in people of weight 1."""
        version = FIGURES.index(figures)
        reach = (self.reach.low, self.reach.mid, self.reach.high)[version]
        return weights[MAGNITUDES.index(self.magnitude)] * method.likelihoods[self.likelihood][version] * reach

    def part(self, weights: Weights, figures: Figures, method: Method) -> Fifths:
        """What the line adds to its ledger: weighted effects per 1,000 residents of each fifth."""
        weight = self.weight(weights, figures, method)
        one, two, three, four, fifth = self.per_person
        return (weight * one, weight * two, weight * three, weight * four, weight * fifth)


@dataclass(frozen=True)
class Evidence:
    """What the ledgers say about the gradient, in one version of the figures."""

    benefits: Fifths
    harms: Fifths
    rci_benefits: float
    benefits_material: bool
    harms_material: bool
    narrowing: bool
    widening_by_benefits: bool
    widening_by_harms: bool

    @property
    def widening(self) -> bool:
        return self.widening_by_benefits or self.widening_by_harms


def effect_of(line: Line, reference: Reference, method: Method) -> Effect | None:
    """The line as it is rated: with its residual values where the mitigation counts. None for "not known"."""
    if not (line.magnitude and line.likelihood and line.reach and line.spread):
        return None  # a line has all of them, or its direction is not known and it has none
    magnitude, likelihood = line.magnitude, line.likelihood
    if line.mitigation is not None and counted_as(line, method) == "residual":
        magnitude, likelihood = line.mitigation.magnitude, line.mitigation.likelihood
    harm, priority = line.direction == "harm", is_priority(line, method)
    per_person = five(
        [
            share / residents * method.per_residents
            for share, residents in zip(line.spread, reference.residents, strict=True)
        ]
    )
    return Effect(
        line=line,
        harm=harm,
        magnitude=magnitude,
        likelihood=likelihood,
        reach=line.reach,
        significance=method.significance_of(magnitude, likelihood, harm=harm, priority=priority),
        priority=priority,
        concentration=concentration(per_person, reference),
        per_person=per_person,
    )


def falls_on_the_deprived(effect: Effect, threshold: float, method: Method) -> bool:
    """A harm whose own index is below −τ: judged line by line, so that no other harm can hide it."""
    return effect.harm and method.above(-threshold, effect.concentration)


def evidence(
    effects: Sequence[Effect], parts: Sequence[Fifths], reference: Reference, threshold: float, method: Method
) -> Evidence:
    """`parts` are the effects' parts of their ledgers, in the order of the effects; threshold is τ."""
    pairs = list(zip(effects, parts, strict=True))
    benefits = ledger([part for effect, part in pairs if not effect.harm])
    harms = ledger([part for effect, part in pairs if effect.harm])
    on_the_deprived = ledger([part for effect, part in pairs if falls_on_the_deprived(effect, threshold, method)])
    rci_benefits = concentration(benefits, reference)
    benefits_material = is_material(benefits, method)
    return Evidence(
        benefits=benefits,
        harms=harms,
        rci_benefits=rci_benefits,
        benefits_material=benefits_material,
        harms_material=is_material(harms, method),
        narrowing=benefits_material and method.above(-threshold, rci_benefits),
        widening_by_benefits=benefits_material and method.above(rci_benefits, threshold),
        widening_by_harms=is_material(on_the_deprived, method),
    )


def is_stop(effect: Effect) -> bool:
    return effect.harm and effect.priority and effect.significance == "major"


def is_moderate_or_worse(effect: Effect) -> bool:
    return effect.harm and SIGNIFICANCES.index(effect.significance) >= SIGNIFICANCES.index("moderate")


def rule(effects: Sequence[Effect], found: Evidence) -> int:
    """The first of rules 1, 2, 3, 6, 5, 4 that matches; rule 0 is not decided here."""
    if any(is_stop(effect) for effect in effects):
        return 1
    if found.widening:
        return 3 if found.narrowing else 2
    if any(is_moderate_or_worse(effect) for effect in effects):
        return 3
    if found.harms_material and not found.benefits_material:
        return 3
    if found.narrowing:
        return 6
    return 5 if found.benefits_material else 4


def variant(number: int, effects: Sequence[Effect], proportionate: bool, method: Method) -> str | None:
    """3a, 3b or 6+, or None where the rule has no variants."""
    if number == 3:
        above_negligible = [effect for effect in effects if effect.harm and effect.significance != "negligible"]
        resolved = all(
            counted_as(effect.line, method) == "residual" and effect.significance != "major"
            for effect in above_negligible
        )
        return "3b" if resolved else "3a"
    return "6+" if number == 6 and proportionate else None
