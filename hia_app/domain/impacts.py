"""What an impact still lacks, whom it touches, and the line it is rated as."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from hia_app.domain.gaps import Gap
from hia_app.domain.impact_shape import (
    PEOPLE_PER_HOME,
    PEOPLE_PER_HOME_SOURCE,
    Impact,
    Improvement,
    Mitigation,
)
from hia_app.domain.impact_words import (
    conversion_words,
    mitigation_sentence,
    not_committed_because,
    pathway_sentence,
    scale_words,
    sentence,
    short_name,
)
from hia_app.domain.lines import InvalidLine, Line, LineMitigation, Reach, mostly_most_deprived, worse_on
from hia_app.domain.method import METHOD, five
from hia_app.domain.spreads import FROM_PLACES, SPREAD_KINDS, SPREAD_PRESETS, SpreadPreset, preset_spread, spread_phrase

__all__ = [
    "PEOPLE_PER_HOME",
    "PEOPLE_PER_HOME_SOURCE",
    "SPREAD_KINDS",
    "SPREAD_PRESETS",
    "Impact",
    "Improvement",
    "Mitigation",
    "SpreadPreset",
    "conversion_words",
    "has_plan",
    "is_committed",
    "line",
    "lines_and_gaps",
    "missing",
    "mitigation_sentence",
    "not_committed_because",
    "pathway_sentence",
    "people",
    "preset_spread",
    "scale_words",
    "sentence",
    "serious_harm",
    "short_name",
    "spread_phrase",
    "touches_priority",
]

Lacking = tuple[str, str]


def people(impact: Impact) -> Reach | None:
    """Reach in people; homes are multiplied by people per home. One figure stands for all three."""
    if impact.reach_mid is None:
        return None
    factor = impact.people_per_home if impact.reach_unit == "homes" else Decimal(1)
    low = impact.reach_mid if impact.reach_low is None else impact.reach_low
    high = impact.reach_mid if impact.reach_high is None else impact.reach_high
    return Reach(float(low * factor), float(impact.reach_mid * factor), float(high * factor))


def has_plan(impact: Impact) -> bool:
    """A plan to find out is complete (who, by when, how) or not there."""
    return bool(impact.plan_who.strip() and impact.plan_by and impact.plan_how.strip())


def is_committed(mitigation: Mitigation) -> bool:
    """Owner, due date, measure and funding (confirmed or not needed) are all given."""
    return not not_committed_because(mitigation)


def touches_priority(impact: Impact, priority_group_ids: Collection[str]) -> bool:
    """A priority group is named or, for a harm, more than half live in the two most deprived fifths."""
    if any(group in priority_group_ids for group in impact.groups):
        return True
    return impact.direction == "harm" and impact.spread is not None and mostly_most_deprived(five(impact.spread))


def serious_harm(impact: Impact, priority_group_ids: Collection[str] = ()) -> bool:
    """A harm that is major to anyone before mitigation, or after it (which is never worse than before)."""
    if impact.direction != "harm" or impact.magnitude is None or impact.likelihood is None:
        return False
    priority = touches_priority(impact, priority_group_ids)
    found = METHOD.significance_of(impact.magnitude, impact.likelihood, harm=True, priority=priority)
    return found == "major"


def line(impact: Impact, priority_group_ids: Collection[str]) -> Line:
    """The impact as it is rated. Raises InvalidLine, naming what is missing, where it cannot be rated yet.

    A mitigation that does not say what remains, or that says something worse than before, claims nothing.
    """
    named = any(group in priority_group_ids for group in impact.groups)
    if impact.direction == "not_known":
        return Line(
            id=impact.id,
            direction="not_known",
            touches_priority_group=named,
            confidence=impact.confidence or "low",
            plan_to_find_out=has_plan(impact),
            principle=impact.principle,
            groups=impact.groups,
            label=short_name(impact),
        )
    if impact.confidence is None:
        raise InvalidLine(impact.id, (("confidence", "is missing"),))
    return Line(
        id=impact.id,
        direction=impact.direction,
        touches_priority_group=named,
        confidence=impact.confidence,
        plan_to_find_out=has_plan(impact),
        magnitude=impact.magnitude,
        likelihood=impact.likelihood,
        reach=people(impact),
        spread=five(impact.spread) if impact.spread is not None else None,
        mitigation=_claimed(impact),
        principle=impact.principle,
        groups=impact.groups,
        label=short_name(impact),
    )


def _claimed(impact: Impact) -> LineMitigation | None:
    found = impact.mitigation
    if impact.direction != "harm" or found is None or not (found.magnitude and found.likelihood):
        return None
    if worse_on(impact.magnitude, impact.likelihood, found.magnitude, found.likelihood):
        return None
    return LineMitigation(is_committed(found), found.magnitude, found.likelihood, found.countersigned)


def lines_and_gaps(
    impacts: Iterable[Impact], priority_group_ids: Collection[str]
) -> tuple[tuple[Line, ...], tuple[Gap, ...]]:
    """The lines that can be rated, and a gap for every impact that cannot: an unfinished impact is never neutral."""
    lines, gaps = [], []
    for impact in impacts:
        try:
            lines.append(line(impact, priority_group_ids))
        except InvalidLine:
            gaps.append(Gap("incomplete_impact", impact.id, short_name(impact)))
    return tuple(lines), tuple(gaps)


def missing(impact: Impact, priority_group_ids: Collection[str] = ()) -> tuple[Lacking, ...]:
    """Every field that is missing or does not fit, with what to do about it, in the order of the form."""
    return tuple(_missing(impact, priority_group_ids))


def _missing(impact: Impact, priority_group_ids: Collection[str]) -> Iterator[Lacking]:
    if not impact.groups:
        yield "groups", "Choose who gains or loses"
    if not impact.effect.strip():
        yield "effect", "Say what people will have, lose, pay or be able to do"
    if impact.direction != "not_known":
        yield from _pathway_missing(impact)
        yield from _size_missing(impact)
        yield from _reach_missing(impact)
        yield from _evidence_missing(impact)
    yield from _plan_missing(impact)
    if impact.direction == "harm":
        yield from _mitigation_missing(impact, priority_group_ids)


def _pathway_missing(impact: Impact) -> Iterator[Lacking]:
    if not impact.because.strip():
        yield "because", "Say what in the proposal causes this"
    if not impact.pathway.strip():
        yield "pathway", "Say how this changes people's health"


def _size_missing(impact: Impact) -> Iterator[Lacking]:
    if impact.magnitude is None:
        yield "magnitude", "Choose how much it matters to one person"
    if impact.likelihood is None:
        yield "likelihood", "Choose how likely it is"
    if impact.duration is None:
        yield "duration", "Choose how long it lasts"
    if impact.reversible is None:
        yield "reversible", "Say whether it can be undone"


def _reach_missing(impact: Impact) -> Iterator[Lacking]:
    low, mid, high = impact.reach_low, impact.reach_mid, impact.reach_high
    if mid is None:
        yield "reach_mid", f"Give your best figure for how many {impact.reach_unit}"
    elif mid <= 0:
        yield "reach_mid", "The best figure must be above 0"
    elif low is not None and low < 0:
        yield "reach_low", "The lowest figure cannot be below 0"
    elif low is not None and low > mid:
        yield "reach_low", "The lowest figure cannot be above the best figure"
    elif high is not None and high < mid:
        yield "reach_high", "The highest figure cannot be below the best figure"
    yield from _spread_missing(impact)


def _spread_missing(impact: Impact) -> Iterator[Lacking]:
    if impact.spread is None and impact.spread_kind == FROM_PLACES:
        yield "spread", "Choose places where these people live, and whom they are a part of"
    elif impact.spread is None:
        yield "spread", "Say where on the gradient these people live"
    elif any(share < 0 for share in impact.spread):
        yield "spread", "No share can be below 0"
    else:
        total = sum(impact.spread, Decimal(0))
        if abs(total - 1) > Decimal(str(METHOD.spread_tolerance)):
            yield "spread", f"The five shares must add up to 100%; now they add up to {total:.4%}"
    if impact.spread_kind == "declared" and not impact.spread_source.strip():
        yield "spread_source", "Say where the five shares come from"


def _evidence_missing(impact: Impact) -> Iterator[Lacking]:
    if not impact.evidence and not impact.source.strip():
        yield "source", "Choose evidence or name a source; “our judgement” is a source"
    if impact.confidence is None:
        yield "confidence", "Choose how sure you are"


def _plan_missing(impact: Impact) -> Iterator[Lacking]:
    given = {
        "plan_who": impact.plan_who.strip(),
        "plan_by": impact.plan_by,
        "plan_how": impact.plan_how.strip(),
    }
    words = {
        "plan_who": "Say who will find out",
        "plan_by": "Say by when they will find out",
        "plan_how": "Say how they will find out",
    }
    if any(given.values()):
        yield from ((field, words[field]) for field, value in given.items() if not value)


def _mitigation_missing(impact: Impact, priority_group_ids: Collection[str]) -> Iterator[Lacking]:
    found = impact.mitigation
    if found is None or found == Mitigation(countersigned=found.countersigned):
        if serious_harm(impact, priority_group_ids) and not impact.no_mitigation_reason.strip():
            yield "mitigation", "This is a serious harm: say what you will do about it, or why nothing can be done"
        return
    if not found.action.strip():
        yield "mitigation_action", "Say what you will do about this harm"
    if found.magnitude is None:
        yield "mitigation_magnitude", "Choose how much it will still matter to one person"
    if found.likelihood is None:
        yield "mitigation_likelihood", "Choose how likely it will still be"
    for field in worse_on(impact.magnitude, impact.likelihood, found.magnitude, found.likelihood):
        yield f"mitigation_{field}", "What remains cannot be worse than before the mitigation"
