"""What the chosen places say about an impact: where its people live, and how many a percentage of them is."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hia_app.domain.areas import Places
from hia_app.domain.spreads import FROM_PLACES, Base, shares_of

REACH = ("reach_low", "reach_mid", "reach_high")


def worked_out(values: Mapping[str, Any], base: Base, places: Places, *, percent: bool) -> dict[str, Any]:
    """The columns of an impact that follow from the places: `values` has the figures, percentages if `percent`.

    Of nobody there is no spread: the impact then lacks one until places are chosen where such people live.
    """
    somebody = bool(sum(base.by_fifth))
    found: dict[str, Any] = {
        "base": base.to_json(),
        "spread": [format(share, "f") for share in shares_of(base.by_fifth)] if somebody else None,
        "spread_source": places.source_of(base),
    }
    if percent:
        shares = [values[name] for name in REACH]
        found |= {name: _part(share, base) for name, share in zip(REACH, shares, strict=True)}
        found["reach_shares"] = [None if share is None else format(share, "f") for share in shares]
        found["reach_unit"] = base.unit
    return found


def followed(values: Mapping[str, Any], places: Places | None) -> dict[str, Any]:
    """The columns of a stored impact as the places chosen now have them; nothing where it does not rest on places."""
    if values["spread_kind"] != FROM_PLACES or not values["base"]:
        return {}
    old = Base.from_json(values["base"])
    now = places.base(old.id) if places else None
    if places is None or now is None:
        nobody = Base(old.id, old.label, old.unit, 0, (0, 0, 0, 0, 0))
        return {"base": nobody.to_json(), "spread": None, "spread_source": ""}
    shares = values["reach_shares"]
    figures = dict(zip(REACH, (None if one is None else Decimal(one) for one in shares or ()), strict=False))
    return worked_out(figures, now, places, percent=bool(shares))


def _part(share: Decimal | None, base: Base) -> Decimal | None:
    """So many per cent of them, in whole people or homes; never none, because nobody means an empty figure."""
    if share is None:
        return None
    part = (share * base.total / 100).quantize(Decimal(1), ROUND_HALF_UP)
    return max(part, Decimal(1)) if share else part
