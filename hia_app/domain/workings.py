"""The working of each impact: before and after mitigation, what it adds to each fifth, what counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hia_app.domain.ledger import Reference
from hia_app.domain.lines import CountedAs, Line, Reach, counted_as, is_priority
from hia_app.domain.method import Confidence, Direction, Fifths, Likelihood, Magnitude, Method, Significance
from hia_app.domain.rating_rules import Effect
from hia_app.domain.rating_words import class_words


@dataclass(frozen=True)
class Working:
    """How one line was rated. Lines that are "not known" have None; `part` is in the mid version.

    `committed`: owner, date, funding and measure are all given; `counted_as` says whether that counted.
    """

    id: str
    name: str
    direction: Direction
    principle: int | None
    groups: tuple[str, ...]
    confidence: Confidence
    plan_to_find_out: bool
    priority: bool
    committed: bool
    countersigned: bool
    counted_as: CountedAs
    words: str
    magnitude: Magnitude | None = None
    likelihood: Likelihood | None = None
    residual_magnitude: Magnitude | None = None
    residual_likelihood: Likelihood | None = None
    significance: Significance | None = None
    residual_significance: Significance | None = None
    reach: Reach | None = None
    spread: Fifths | None = None
    part: Fifths | None = None
    concentration: float | None = None

    @property
    def serious(self) -> bool:
        """A harm that is major before or after mitigation, to anyone: the decision-maker must open it."""
        return self.direction == "harm" and "major" in (self.significance, self.residual_significance)


@dataclass(frozen=True)
class ReachWarning:
    """More people are said to be touched in a fifth (at the highest figure) than live there."""

    id: str
    name: str
    fifth: int
    people: float
    residents: float


def working(line: Line, effect: Effect | None, method: Method) -> Working:
    """`effect` is the line as it was rated; None where the direction is not known."""
    mitigation = line.mitigation
    return Working(
        id=line.id,
        name=line.name,
        direction=line.direction,
        principle=line.principle,
        groups=line.groups,
        confidence=line.confidence,
        plan_to_find_out=line.plan_to_find_out,
        priority=is_priority(line, method),
        committed=mitigation is not None and mitigation.committed,
        countersigned=mitigation is not None and mitigation.countersigned,
        counted_as=counted_as(line, method),
        words=class_words(effect, method) if effect is not None else "Not known",
        magnitude=line.magnitude,
        likelihood=line.likelihood,
        residual_magnitude=effect.magnitude if effect is not None else None,
        residual_likelihood=effect.likelihood if effect is not None else None,
        significance=_initial_significance(line, effect, method),
        residual_significance=effect.significance if effect is not None else None,
        reach=line.reach,
        spread=line.spread,
        part=effect.part(method.weights, "mid", method) if effect is not None else None,
        concentration=effect.concentration if effect is not None else None,
    )


def _initial_significance(line: Line, effect: Effect | None, method: Method) -> Significance | None:
    if effect is None or line.magnitude is None or line.likelihood is None:
        return None
    return effect.with_values(line.magnitude, line.likelihood, method).significance


def reach_warnings(effects: Sequence[Effect], reference: Reference, method: Method) -> tuple[ReachWarning, ...]:
    """A warning, never a refusal: people who visit or commute are not residents."""
    return tuple(
        ReachWarning(effect.line.id, effect.line.name, fifth, effect.reach.high * share, residents)
        for effect in effects
        for fifth, (share, residents) in enumerate(
            zip(effect.line.spread or (), reference.residents, strict=False), start=1
        )
        if method.above(effect.reach.high * share, residents)
    )
