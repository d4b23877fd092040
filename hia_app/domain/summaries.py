"""What was recorded under each principle and for each group: never a score, never an average."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from hia_app.domain.ledger import Reference
from hia_app.domain.lines import Line
from hia_app.domain.method import SIGNIFICANCES, Method, Significance
from hia_app.domain.rating_rules import Effect, evidence, falls_on_the_deprived

Gradient = Literal["narrows", "widens", "both", "even", "none"]

GRADIENT_WORDS: dict[Gradient, str] = {
    "narrows": "benefits reach the more deprived most",
    "widens": "benefits reach the less deprived most, or harms fall on the more deprived most",
    "both": "some of it narrows the gap and some of it widens it",
    "even": "no clear direction along the gradient",
    "none": "no benefit or harm recorded",
}

HARMS_WIDEN = "harms fall on the more deprived most"
BENEFITS_WIDEN = "benefits reach the less deprived most"


@dataclass(frozen=True)
class Summary:
    """The lines of one principle or one group, by id; `of` is the principle's number or the group's id.

    `worst_harm` and `best_benefit` are line ids, after mitigation; `material` says whether its benefits or
    its harms alone reach the material level in some fifth.
    """

    of: str
    benefits: tuple[str, ...]
    harms: tuple[str, ...]
    unknowns: tuple[str, ...]
    worst_harm: str | None
    worst_harm_significance: Significance | None
    best_benefit: str | None
    best_benefit_significance: Significance | None
    gradient: Gradient
    material: bool

    @property
    def gradient_words(self) -> str:
        """The direction of its lines in words; where only benefits or only harms can widen, only those are named."""
        if self.gradient == "widens" and not self.benefits:
            return HARMS_WIDEN
        if self.gradient == "widens" and not self.harms:
            return BENEFITS_WIDEN
        return GRADIENT_WORDS[self.gradient]


def harms_first_worst(effects: Sequence[Effect], method: Method) -> list[Effect]:
    """Harms by residual significance, then by their part in the most deprived fifth's ledger, then by id."""
    return sorted((effect for effect in effects if effect.harm), key=lambda effect: _order(effect, method))


def benefits_best_first(effects: Sequence[Effect], method: Method) -> list[Effect]:
    return sorted((effect for effect in effects if not effect.harm), key=lambda effect: _order(effect, method))


def _order(effect: Effect, method: Method) -> tuple[int, float, str]:
    part = round(effect.part(method.weights, "mid", method)[0], method.decimals)
    return -SIGNIFICANCES.index(effect.significance), -part, effect.line.id


def by_principle(
    lines: Sequence[Line], effects: Sequence[Effect], reference: Reference, method: Method
) -> tuple[Summary, ...]:
    """All eight principles, in their order, with or without lines."""
    return tuple(
        _summary(
            str(principle),
            [line for line in lines if line.principle == principle],
            [effect for effect in effects if effect.line.principle == principle],
            reference,
            method,
        )
        for principle in range(1, 9)
    )


def by_group(
    lines: Sequence[Line], effects: Sequence[Effect], reference: Reference, method: Method
) -> tuple[Summary, ...]:
    """Every group that some line names, the worst affected first."""
    groups = sorted({group for line in lines for group in line.groups})
    summaries = [
        _summary(
            group,
            [line for line in lines if group in line.groups],
            [effect for effect in effects if group in effect.line.groups],
            reference,
            method,
        )
        for group in groups
    ]
    place = {effect.line.id: place for place, effect in enumerate(harms_first_worst(effects, method))}
    return tuple(sorted(summaries, key=lambda found: (place.get(found.worst_harm or "", len(place)), found.of)))


def _summary(
    of: str, lines: Sequence[Line], effects: Sequence[Effect], reference: Reference, method: Method
) -> Summary:
    harms, benefits = harms_first_worst(effects, method), benefits_best_first(effects, method)
    parts = [effect.part(method.weights, "mid", method) for effect in effects]
    found = evidence(effects, parts, reference, method.threshold, method)
    narrows = method.above(-method.threshold, found.rci_benefits)
    widens = method.above(found.rci_benefits, method.threshold) or any(
        falls_on_the_deprived(harm, method.threshold, method) for harm in harms
    )
    return Summary(
        of=of,
        benefits=tuple(effect.line.id for effect in benefits),
        harms=tuple(effect.line.id for effect in harms),
        unknowns=tuple(sorted(line.id for line in lines if line.direction == "not_known")),
        worst_harm=harms[0].line.id if harms else None,
        worst_harm_significance=harms[0].significance if harms else None,
        best_benefit=benefits[0].line.id if benefits else None,
        best_benefit_significance=benefits[0].significance if benefits else None,
        gradient=_gradient(bool(effects), narrows, widens),
        material=found.benefits_material or found.harms_material,
    )


def _gradient(any_effect: bool, narrows: bool, widens: bool) -> Gradient:
    if narrows and widens:
        return "both"
    if narrows:
        return "narrows"
    if widens:
        return "widens"
    return "even" if any_effect else "none"
