"""The third step of an impact: how many people or homes, and where on the gradient they are."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from hia_app.domain.areas import Places
from hia_app.domain.impact_shape import REACH_UNITS
from hia_app.domain.place_spreads import REACH, worked_out
from hia_app.domain.spreads import FROM_PLACES, SPREAD_KINDS, preset_spread
from hia_app.domain.typed import Form, Unclear, number

Values = dict[str, Any]
Figures = tuple[Decimal | None, Decimal | None, Decimal | None]
LONGEST = 600  # characters of a short text
HUNDRED = Decimal(100)
_MOST = Decimal(100_000_000)


def choice(form: Form, name: str, allowed: Sequence[str]) -> str | None:
    """One of the allowed answers, None without one."""
    found = form.one(name)
    if found and found not in allowed:
        form.refuse(name, "Choose one of the answers shown")
        return None
    return found or None


def reach(form: Form, reference_population: Sequence[int], places: Places | None) -> Values:
    """The columns of the third step, checked against the council's residents by fifth and the chosen places."""
    kind = choice(form, "spread_kind", SPREAD_KINDS) or ""
    (low, mid, high), percent = _figures(form)
    if mid is not None and mid <= 0:
        form.refuse("reach_mid", "The best figure must be above 0")
    if mid is None and (low is not None or high is not None):
        form.refuse("reach_mid", "Give your best figure as well")
    if mid is not None and low is not None and low > mid:
        form.refuse("reach_low", "The lowest figure cannot be above the best figure")
    if mid is not None and high is not None and high < mid:
        form.refuse("reach_high", "The highest figure cannot be below the best figure")
    values: Values = {
        "reach_unit": choice(form, "reach_unit", REACH_UNITS) or "people",
        "reach_low": low,
        "reach_mid": mid,
        "reach_high": high,
        "spread_kind": kind,
        "spread": None,
        "spread_source": "",
        "base": None,
        "reach_shares": None,
    }
    if kind == FROM_PLACES:
        return values | _from_places(form, values, percent, places)
    if percent:
        form.refuse(
            "reach_mid",
            "A percentage needs people it is a part of. Give a number, or choose “In the chosen places” below",
        )
    return values | {
        "spread": _spread(form, kind, reference_population),
        "spread_source": form.text("spread_source", characters=LONGEST),
    }


def _from_places(form: Form, values: Values, percent: bool, places: Places | None) -> Values:
    """What the chosen places say: the spread of the people there, and their number where a percentage was given."""
    if places is None:
        form.refuse("spread_kind", "No small areas are chosen in this assessment yet. Choose them, or another answer")
        return {}
    base = places.base(choice(form, "spread_base", tuple(one.id for one in places.bases)) or "")
    if base is None:
        if percent:
            form.refuse("spread_base", "Choose whom the percentage is of")
        return {}
    if not sum(base.by_fifth):
        form.refuse("spread_base", f"There are no {base.label} in the chosen places. Choose others")
        return {}
    return worked_out(values, base, places, percent=percent)


def _spread(form: Form, kind: str, residents: Sequence[int]) -> list[str] | None:
    """Five shares as decimal text, from a preset or from five typed percentages that add up to 100."""
    typed = [_figure(form, f"share_{fifth}", form.one(f"share_{fifth}"), _MOST) for fifth in range(1, 6)]
    if not kind:
        return None
    shares = preset_spread(kind, residents)
    if shares is None:
        if all(share is None for share in typed):
            return None
        percents = [share or Decimal(0) for share in typed]
        total = sum(percents, Decimal(0))
        if total != HUNDRED:
            form.refuse("share_1", f"The five shares must add up to 100. They add up to {total.normalize():f}")
            return None
        return [format(percent / HUNDRED, "f") for percent in percents]
    return [format(share, "f") for share in shares]


def _figures(form: Form) -> tuple[Figures, bool]:
    """The lowest, best and highest figure, and whether they are percentages ("55%"); all three are of one kind."""
    typed = [form.one(name).strip() for name in REACH]
    given = [text for text in typed if text]
    percent = any(text.endswith("%") for text in given)
    if percent and not all(text.endswith("%") for text in given):
        form.refuse("reach_mid", "Give all figures as numbers, or all as percentages")
        return (None, None, None), False
    most = Decimal(100) if percent else _MOST
    low, mid, high = (
        _figure(form, name, text.removesuffix("%"), most) for name, text in zip(REACH, typed, strict=True)
    )
    return (low, mid, high), percent


def _figure(form: Form, name: str, text: str, most: Decimal) -> Decimal | None:
    try:
        typed = number(text, maximum=most, decimals=3)
    except Unclear as unclear:
        form.refuse(name, unclear.message)
        return None
    return Decimal(typed) if typed else None
