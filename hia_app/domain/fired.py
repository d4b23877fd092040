"""The lines that fired a rule, each with words: what to open first when somebody asks why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hia_app.domain.gaps import Gap
from hia_app.domain.method import Fifths, Method
from hia_app.domain.rating_rules import Effect, Evidence, falls_on_the_deprived, is_moderate_or_worse, is_stop
from hia_app.domain.rating_words import harm_words, share_words, widening_harm_words
from hia_app.domain.summaries import harms_first_worst


@dataclass(frozen=True)
class Fired:
    """A line or a gap that made the rule apply. `kind` is benefit, harm or the gap's kind."""

    kind: str
    id: str
    name: str
    words: str


def fired(
    number: int, gaps: Sequence[Gap], effects: Sequence[Effect], found: Evidence, method: Method
) -> tuple[Fired, ...]:
    """What fired: 0 the gaps; 1 the harms; 2 the widening lines; 3 the harms of moderate or worse, or
    the lines that pull apart; 6 and 5 the benefits by their part in the most deprived fifth; 4 none.
    """
    harms = harms_first_worst(effects, method)
    if number == 0:
        return tuple(Fired(gap.kind, gap.id, gap.label, gap.sentence) for gap in gaps)
    if number == 1:
        return _harms([harm for harm in harms if is_stop(harm)], method)
    if number == 2:
        return (*_widening_harms(harms, found, method), *_widening_benefits(effects, found, method))
    if number == 3:
        return _mixed(harms, effects, found, method)
    return _benefits(effects, found.benefits, 1, method) if number in (5, 6) else ()


def _mixed(harms: Sequence[Effect], effects: Sequence[Effect], found: Evidence, method: Method) -> tuple[Fired, ...]:
    worse = [harm for harm in harms if is_moderate_or_worse(harm)]
    if worse:
        return _harms(worse, method)
    if found.narrowing:  # without a moderate harm, rule 3 is this together with widening, or harms alone
        return (*_benefits(effects, found.benefits, 1, method), *_widening_harms(harms, found, method))
    return _harms(harms, method)


def _harms(harms: Sequence[Effect], method: Method) -> tuple[Fired, ...]:
    return tuple(Fired("harm", harm.line.id, harm.line.name, harm_words(harm, method)) for harm in harms)


def _widening_harms(harms: Sequence[Effect], found: Evidence, method: Method) -> tuple[Fired, ...]:
    if not found.widening_by_harms:
        return ()
    return tuple(
        Fired("harm", harm.line.id, harm.line.name, widening_harm_words(harm))
        for harm in harms
        if falls_on_the_deprived(harm, method.threshold, method)
    )


def _widening_benefits(effects: Sequence[Effect], found: Evidence, method: Method) -> tuple[Fired, ...]:
    return _benefits(effects, found.benefits, 5, method) if found.widening_by_benefits else ()


def _benefits(effects: Sequence[Effect], ledger: Fifths, fifth: int, method: Method) -> tuple[Fired, ...]:
    """All benefit lines, those with the largest part in the given fifth first, ties by id."""
    parts = [(effect, effect.part(method.weights, "mid", method)) for effect in effects if not effect.harm]
    parts.sort(key=lambda pair: (-round(pair[1][fifth - 1], method.decimals), pair[0].line.id))
    return tuple(
        Fired("benefit", effect.line.id, effect.line.name, share_words(part, ledger, fifth)) for effect, part in parts
    )
