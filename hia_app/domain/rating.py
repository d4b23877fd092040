"""The rating of an assessment: who gains, who loses, which rule applies and why, with all its working."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic import TypeAdapter

from hia_app.domain.fired import Fired, fired
from hia_app.domain.gaps import Gap, find_gaps
from hia_app.domain.ledger import InvalidPopulation, Reference, Shape, concentration, ledger, shape
from hia_app.domain.lines import InvalidLine, Line, LineMitigation, Reach
from hia_app.domain.method import FIGURES, LEEDS_FIFTHS, METHOD, RULE, Fifths, Figures, Method, five
from hia_app.domain.rating_rules import (
    Effect,
    effect_of,
    evidence,
    is_moderate_or_worse,
    is_stop,
    rule,
    variant,
)
from hia_app.domain.rating_words import rating_sentence
from hia_app.domain.robustness import Robustness, robustness
from hia_app.domain.summaries import Summary, by_group, by_principle, harms_first_worst
from hia_app.domain.workings import ReachWarning, Working, reach_warnings, working

__all__ = [
    "LEEDS_FIFTHS",
    "METHOD",
    "Gap",
    "InvalidLine",
    "InvalidPopulation",
    "Line",
    "LineMitigation",
    "Method",
    "Rating",
    "Reach",
    "rate",
]


@dataclass(frozen=True)
class Ledgers:
    """Weighted effects per 1,000 residents of each fifth, in the three versions of the figures."""

    low: Fifths
    mid: Fifths
    high: Fifths


@dataclass(frozen=True)
class Rating:
    """A rating with its working. Lines are in the order people count (I2 before I10); lists of ids are worst first."""

    method: Method
    reference_population: Fifths
    rule: int
    provisional_rule: int
    variant: str | None
    sentence: str
    benefits: Ledgers
    harms: Ledgers
    rci_benefits: float
    rci_harms: float
    benefits_material: bool
    harms_material: bool
    narrowing: bool
    widening_by_benefits: bool
    widening_by_harms: bool
    benefit_shape: Shape | None
    gaps: tuple[Gap, ...]
    fired: tuple[Fired, ...]
    stop: tuple[str, ...]
    moderate_or_worse: tuple[str, ...]
    serious: tuple[str, ...]
    unknowns: tuple[str, ...]
    headline_harm: str | None
    warnings: tuple[ReachWarning, ...]
    lines: tuple[Working, ...]
    principles: tuple[Summary, ...]
    groups: tuple[Summary, ...]
    robustness: Robustness

    @property
    def label(self) -> str:
        return RULE[self.rule].label

    @property
    def provisional_label(self) -> str:
        return RULE[self.provisional_rule].label

    @property
    def blocks_sign_off(self) -> bool:
        """The gate is the harm, not the number: any line that fires rule 1, whatever rule is printed."""
        return bool(self.stop)

    def line(self, line_id: str) -> Working:
        return next(line for line in self.lines if line.id == line_id)

    def to_json(self) -> dict[str, Any]:
        """For storage: no floats, decimals as text with 6 places, plain ASCII keys."""
        stored: dict[str, Any] = _stored(self)
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Rating:
        return _reader().validate_python(stored)


@cache
def _reader() -> TypeAdapter[Rating]:
    return TypeAdapter(Rating)


def _stored(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.6f}" if round(value, 6) else "0.000000"
    if isinstance(value, Fraction):
        return str(value)
    if is_dataclass(value):
        return {field.name: _stored(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _stored(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_stored(part) for part in value]
    return value


def rate(
    lines: Iterable[Line],
    reference_population: Sequence[float] = LEEDS_FIFTHS,
    gaps: Iterable[Gap] = (),
    method: Method = METHOD,
) -> Rating:
    """Rate an assessment; `reference_population` is the residents of each fifth, most deprived first.

    `gaps` are those the lines cannot show: missing answers, incomplete impacts, affected priority groups
    without a line, priority groups not known without a plan.

    Raises InvalidPopulation, or InvalidLine where two lines share an id.
    """
    reference = Reference(_residents(reference_population))
    ordered = _in_order_of_id(lines)
    effects = [effect for line in ordered if (effect := effect_of(line, reference, method)) is not None]
    parts = [effect.part(method.weights, "mid", method) for effect in effects]
    found = evidence(effects, parts, reference, method.threshold, method)
    provisional = rule(effects, found)
    all_gaps = find_gaps(ordered, effects, found, gaps, method)
    number = 0 if all_gaps else provisional
    benefit_shape = shape(found.benefits, method) if found.benefits_material else None
    its_variant = variant(provisional, effects, benefit_shape == "proportionate_universal", method)
    harms = harms_first_worst(effects, method)
    stopping = [harm for harm in harms if is_stop(harm)]
    worse = [harm for harm in harms if is_moderate_or_worse(harm)]
    by_id = {effect.line.id: effect for effect in effects}
    workings = {line.id: working(line, by_id.get(line.id), method) for line in ordered}
    return Rating(
        method=method,
        reference_population=reference.residents,
        rule=number,
        provisional_rule=provisional,
        variant=its_variant,
        sentence=rating_sentence(number, provisional, its_variant, all_gaps, stopping, worse, found),
        benefits=_ledgers([effect for effect in effects if not effect.harm], method),
        harms=_ledgers(harms, method),
        rci_benefits=found.rci_benefits,
        rci_harms=concentration(found.harms, reference),
        benefits_material=found.benefits_material,
        harms_material=found.harms_material,
        narrowing=found.narrowing,
        widening_by_benefits=found.widening_by_benefits,
        widening_by_harms=found.widening_by_harms,
        benefit_shape=benefit_shape,
        gaps=all_gaps,
        fired=fired(number, all_gaps, effects, found, method),
        stop=tuple(harm.line.id for harm in stopping),
        moderate_or_worse=tuple(harm.line.id for harm in worse),
        serious=tuple(harm.line.id for harm in harms if workings[harm.line.id].serious),
        unknowns=tuple(line.id for line in ordered if line.direction == "not_known"),
        headline_harm=harms[0].line.id if harms else None,
        warnings=reach_warnings(effects, reference, method),
        lines=tuple(sorted(workings.values(), key=lambda line: _as_counted(line.id))),
        principles=by_principle(ordered, effects, reference, method),
        groups=by_group(ordered, effects, reference, method),
        robustness=robustness(effects, reference, method, provisional),
    )


def _residents(reference_population: Sequence[float]) -> Fifths:
    if len(reference_population) != 5:
        raise InvalidPopulation("must have five numbers, most deprived fifth first")
    return five(reference_population)


def _in_order_of_id(lines: Iterable[Line]) -> list[Line]:
    ordered = sorted(lines, key=lambda line: line.id)
    for before, after in pairwise(ordered):
        if before.id == after.id:
            raise InvalidLine(after.id, (("id", "is used by another line"),))
    return ordered


def _as_counted(line_id: str) -> str:
    return re.sub("[0-9]+", lambda digits: digits[0].zfill(12), line_id)


def _ledgers(effects: Sequence[Effect], method: Method) -> Ledgers:
    def version(figures: Figures) -> Fifths:
        return ledger([effect.part(method.weights, figures, method) for effect in effects])

    low, mid, high = (version(figures) for figures in FIGURES)
    return Ledgers(low, mid, high)
