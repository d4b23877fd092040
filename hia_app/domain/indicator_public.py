"""An indicator as the public may see it: without figures of too few people, and without all that gives them away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hia_app.domain.indicator_terms import implied_counts, small_places
from hia_app.domain.suppression import publish
from hia_app.domain.suppression_rules import FEWER_THAN_TEN, STILL_CONSIDERED, series

Payload = Mapping[str, Any]

HIDDEN = (
    f"Some figures are not given here: {STILL_CONSIDERED}. The measures that rest on them are not published either, "
    f"nor figures from which they could be worked out. {FEWER_THAN_TEN.name}: figures that rest on 1 to "
    f"{FEWER_THAN_TEN.fewest - 1} people are not published."
)
CHANGED = "The figures of each version stand in its own public edition."
"""What the public edition says of a change to an indicator: the texts of a change would tell what is hidden."""


def published(value: Payload, statistics: Payload | None) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Value and statistics without small numbers; unchanged where an officer recorded that they are public already.

    The total is taken to be known, so that a single hidden figure is not the difference of the others.
    """
    decision = (value.get("small_numbers") or {}).get("decision")
    small = small_places(value)
    if not small or decision == "shown":
        return dict(value), dict(statistics) if statistics else None
    hidden = _hidden(implied_counts(value))
    shown = {
        column: ["" if place in hidden else figure for place, figure in enumerate(value[column], 1)]
        for column in ("values", "lower", "upper")
        if column in value
    }
    return {**value, **shown}, _without_figures(statistics, hidden) if statistics else None


def _hidden(counts: Mapping[int, int]) -> frozenset[int]:
    """The places that are not shown; all of them where hiding some would not be enough."""
    publication = publish(series([str(place) for place in counts], list(counts.values()), total="known"))
    if publication.exposed:
        return frozenset(counts)
    return frozenset(place for place in counts if publication.number(str(place)) is None)


def _without_figures(statistics: Payload, hidden: frozenset[int]) -> dict[str, Any]:
    limits = [None if place in hidden else pair for place, pair in enumerate(statistics["limits"], 1)]
    nothing = dict.fromkeys(("gap", "ratio", "concentration", "average", "gradient"))
    return {**statistics, **nothing, "limits": limits, "notes": [], "refusals": [HIDDEN], "hidden": sorted(hidden)}
