"""The charts a decision needs: who gains and who loses by fifth, what lies beyond the average, and the gradient.

A chart here is a description (numbers, labels, words). How it is drawn is in `chart_layout.py`; the page and
the PDF are two readers of that drawing. The words about a chart (finding, text alternative, table) are made here,
once, so that nobody gets a poorer version.
"""

from dataclasses import dataclass
from decimal import Decimal

from hia_app.domain import gradient_chart, places_map
from hia_app.domain.chart_numbers import LARGEST, ChartTable, Number, drawable, written
from hia_app.domain.gradient_chart import FittedGradient
from hia_app.domain.places_map import PlacesMap

__all__ = [
    "FIFTHS",
    "BeyondTheAverage",
    "ChartSpec",
    "ChartTable",
    "FittedGradient",
    "GainsAndLosses",
    "Number",
    "PlacesMap",
    "alt_text",
    "bar_name",
    "table",
    "title",
    "with_unit",
    "written",
]

FIFTHS = ("1", "2", "3", "4", "5")


@dataclass(frozen=True)
class GainsAndLosses:
    """Benefits (upwards) and harms (downwards) for each deprivation fifth, 1 = most deprived; never netted.

    `benefits` and `harms` are five numbers of 0 or more each, in `unit`. `finding` replaces the generated title.
    """

    benefits: tuple[Number, ...]
    harms: tuple[Number, ...]
    unit: str = "weighted effects per 1,000 residents"
    source: str = ""
    finding: str = ""
    decimals: int = 1

    def __post_init__(self) -> None:
        for name in ("benefits", "harms"):
            values = getattr(self, name)
            if len(values) != len(FIFTHS):
                raise ValueError(f"{name}: five numbers are needed, one for each fifth, not {len(values)}")
            if any(not drawable(value) or value < 0 for value in values):
                raise ValueError(f"{name}: every number is 0 or more, and no more than {LARGEST:,}")


@dataclass(frozen=True)
class BeyondTheAverage:
    """One measure by tenth, fifth or group, with its error bars and the average that hides the differences.

    With `points` each value is a point with its interval, if any, not a bar: for groups, which have no order. `labels`
    name the bars ("1" … "10", with `axis` saying which end is most deprived, or names of groups). A value of None is
    not published; `lower` and `upper` are confidence limits (empty, or as long as `values`). In `unit`.
    """

    measure: str
    labels: tuple[str, ...]
    values: tuple[Number | None, ...]
    axis: str = "Deprivation tenth, 1 = most deprived"
    unit: str = "%"
    lower: tuple[Number | None, ...] = ()
    upper: tuple[Number | None, ...] = ()
    average: Number | None = None
    average_label: str = "Average"
    source: str = ""
    finding: str = ""
    decimals: int = 1
    not_shown: str = "not published"
    points: bool = False

    def __post_init__(self) -> None:
        if not self.labels:
            raise ValueError("labels: a chart needs at least one bar")
        for name in ("values", "lower", "upper"):
            column = getattr(self, name)
            if len(column) != len(self.labels) and (name == "values" or column):
                raise ValueError(f"{name}: {len(self.labels)} numbers are needed, one for each bar, not {len(column)}")
            if any(value is not None and not drawable(value) for value in column):
                raise ValueError(f"{name}: a number is no further from 0 than {LARGEST:,}")
        if self.average is not None and not drawable(self.average):
            raise ValueError(f"average: a number no further from 0 than {LARGEST:,}")

    def limits(self, index: int) -> tuple[Number, Number] | None:
        """The confidence limits of one bar, or None where there are none."""
        low = self.lower[index] if self.lower else None
        high = self.upper[index] if self.upper else None
        return None if low is None or high is None else (low, high)


ChartSpec = GainsAndLosses | BeyondTheAverage | FittedGradient | PlacesMap


def with_unit(value: Number, spec: GainsAndLosses | BeyondTheAverage) -> str:
    """A number followed by its unit: 12.5%, or 40 per 1,000."""
    joint = "" if spec.unit.startswith("%") else " "
    return f"{written(value, spec.decimals)}{joint}{spec.unit}".rstrip()


def title(spec: ChartSpec) -> str:
    """The finding, as a heading for the chart: what a reader should take away."""
    if isinstance(spec, PlacesMap):
        return places_map.title(spec)
    if spec.finding:
        return spec.finding
    if isinstance(spec, FittedGradient):
        return gradient_chart.title(spec)
    return _gains_title(spec) if isinstance(spec, GainsAndLosses) else _average_title(spec)


def alt_text(spec: ChartSpec) -> str:
    """What the chart shows, for somebody who does not see it: the extremes and the gap between them."""
    if isinstance(spec, FittedGradient):
        return gradient_chart.alt_text(spec)
    if isinstance(spec, PlacesMap):
        return places_map.alt_text(spec)
    return _gains_alt(spec) if isinstance(spec, GainsAndLosses) else _average_alt(spec)


def table(spec: ChartSpec) -> ChartTable:
    """The chart's numbers as a table."""
    if isinstance(spec, FittedGradient):
        return gradient_chart.table(spec)
    if isinstance(spec, PlacesMap):
        return places_map.table(spec)
    return _gains_table(spec) if isinstance(spec, GainsAndLosses) else _average_table(spec)


FIFTH_NAMES = {"1": "1 (most deprived)", "2": "2", "3": "3", "4": "4", "5": "5 (least deprived)"}


def _in_words(fifth: int) -> str:
    return {0: "the most deprived fifth", 4: "the least deprived fifth"}.get(fifth, f"fifth {fifth + 1}")


def _largest(values: tuple[Number, ...]) -> int | None:
    """The position of the largest value; on a tie the more deprived fifth; None when there is nothing at all."""
    return max(range(len(values)), key=lambda place: (values[place], -place)) if any(values) else None


def _gains_title(spec: GainsAndLosses) -> str:
    gain, loss = _largest(spec.benefits), _largest(spec.harms)
    if gain is None and loss is None:
        return "No fifth gains or loses"
    if loss is None:
        return f"The largest gain is in {_in_words(gain or 0)}; no harm is recorded"
    if gain is None:
        return f"The largest harm is in {_in_words(loss)}; no gain is recorded"
    if gain == loss:
        return f"The largest gain and the largest harm are both in {_in_words(gain)}"
    return f"The largest gain is in {_in_words(gain)}; the largest harm is in {_in_words(loss)}"


def _gains_alt(spec: GainsAndLosses) -> str:
    sides = (
        ("Benefits", "No benefits are recorded.", spec.benefits),
        ("Harms", "No harms are recorded.", spec.harms),
    )
    said = [f"Bar chart by deprivation fifth, benefits upwards and harms downwards, in {spec.unit}."]
    for name, nothing, values in sides:
        top = _largest(values)
        if top is None:
            said.append(nothing)
            continue
        low = min(range(len(values)), key=lambda place: (values[place], -place))
        gap = Decimal(str(values[top])) - Decimal(str(values[low]))
        said.append(
            f"{name} are highest in {_in_words(top)} ({written(values[top], spec.decimals)}) "
            f"and lowest in {_in_words(low)} ({written(values[low], spec.decimals)}), "
            f"a gap of {written(gap, spec.decimals)}."
            if gap
            else f"{name} are the same in every fifth ({written(values[top], spec.decimals)})."
        )
    return " ".join(said)


def _gains_table(spec: GainsAndLosses) -> ChartTable:
    rows = tuple(
        (FIFTH_NAMES[fifth], written(gain, spec.decimals), written(loss, spec.decimals))
        for fifth, gain, loss in zip(FIFTHS, spec.benefits, spec.harms, strict=True)
    )
    return ChartTable(f"Benefits and harms by deprivation fifth, in {spec.unit}", ("Fifth", "Benefits", "Harms"), rows)


def _known(spec: BeyondTheAverage) -> list[tuple[Number, str]]:
    return [(value, label) for value, label in zip(spec.values, spec.labels, strict=True) if value is not None]


def bar_name(spec: BeyondTheAverage, label: str) -> str:
    """Tenth 1 where the bars are numbered, the group's own name where they are named."""
    if not label.isdigit():
        return label
    kind = next((word for word in ("tenth", "fifth") if word in spec.axis.lower()), "bar")
    return f"{kind} {label}"


def _average_title(spec: BeyondTheAverage) -> str:
    known = _known(spec)
    if not known:
        return f"{spec.measure}: no figure can be published"
    (low, low_label), (high, high_label) = (
        min(known, key=lambda bar: bar[0]),
        max(known, key=lambda bar: bar[0]),
    )
    if low == high:
        return f"{spec.measure}: {with_unit(high, spec)} everywhere"
    if spec.points:
        return (
            f"{spec.measure}: highest for {high_label} ({with_unit(high, spec)}), "
            f"lowest for {low_label} ({with_unit(low, spec)})"
        )
    return (
        f"{spec.measure}: {with_unit(high, spec)} in {bar_name(spec, high_label)}, "
        f"{with_unit(low, spec)} in {bar_name(spec, low_label)}"
    )


def _average_alt(spec: BeyondTheAverage) -> str:
    known = _known(spec)
    limited = any(spec.limits(place) for place in range(len(spec.labels)))
    kind = f"Points {'with intervals' if limited else 'without confidence limits'}" if spec.points else "Bar chart"
    unit = f" ({spec.unit})" if spec.unit else ""
    said = [
        f"{kind}: {spec.measure}{unit}. {spec.axis}."
        if spec.points
        else f"{kind} of {spec.measure}{unit}. {spec.axis}."
    ]
    if known:
        (low, low_label), (high, high_label) = (
            min(known, key=lambda bar: bar[0]),
            max(known, key=lambda bar: bar[0]),
        )
        gap = Decimal(str(high)) - Decimal(str(low))
        said.append(
            f"Highest in {bar_name(spec, high_label)} ({with_unit(high, spec)}), "
            f"lowest in {bar_name(spec, low_label)} ({with_unit(low, spec)}), "
            f"a gap of {written(gap, spec.decimals)}{' points' if spec.unit.startswith('%') else ''}."
        )
    if spec.average is not None:
        said.append(f"{spec.average_label}: {with_unit(spec.average, spec)}.")
    missing = [bar_name(spec, label) for value, label in zip(spec.values, spec.labels, strict=True) if value is None]
    if missing:
        said.append(f"{', '.join(missing)}: {spec.not_shown}.")
    return " ".join(said)


def _average_table(spec: BeyondTheAverage) -> ChartTable:
    limited = any(spec.limits(place) for place in range(len(spec.labels)))
    rows = []
    for place, (label, value) in enumerate(zip(spec.labels, spec.values, strict=True)):
        limits = spec.limits(place) if value is not None else None
        between = f"{written(limits[0], spec.decimals)} to {written(limits[1], spec.decimals)}" if limits else "–"
        shown = spec.not_shown if value is None else written(value, spec.decimals)
        rows.append((label, shown, between) if limited else (label, shown))
    if spec.average is not None:
        mean = (spec.average_label, written(spec.average, spec.decimals))
        rows.append((*mean, "–") if limited else mean)
    header = (spec.axis, f"{spec.measure} ({spec.unit})", "95% confidence limits")
    return ChartTable(spec.measure, header if limited else header[:2], tuple(rows))
