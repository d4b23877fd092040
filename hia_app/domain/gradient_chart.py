"""The chart of a gradient: each tenth's value with its limits, the line through them, and the gap between its ends."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from hia_app.domain.chart_numbers import LARGEST, ChartTable, Number, drawable, written
from hia_app.domain.gradient_terms import quantile_name

Limits = tuple[Number, Number]


@dataclass(frozen=True)
class FittedGradient:
    """Values by quantile, most deprived first, with the fitted line; every number in `unit`.

    `shares` are the quantiles' shares of the people and add up to 1. `line` are the fitted values at even steps from
    the most to the least deprived end (a curve where the fit was transformed). `sii` is the line's last value minus
    its first. Limits may be absent. There is no chart where a value is not published: the line would give it away.
    """

    measure: str
    values: tuple[Number, ...]
    shares: tuple[float, ...]
    line: tuple[Number, ...]
    limits: tuple[Limits, ...] = ()
    sii_limits: Limits | None = None
    rii: Number | None = None
    rii_limits: Limits | None = None
    unit: str = "%"
    confidence: str = "95%"
    source: str = ""
    finding: str = ""
    decimals: int = 1

    def __post_init__(self) -> None:
        if len(self.values) < 2 or len(self.shares) != len(self.values) or len(self.line) < 2:
            raise ValueError("values: a number and a share of the people is needed for each of at least two quantiles")
        if self.limits and len(self.limits) != len(self.values):
            raise ValueError(f"limits: {len(self.values)} pairs of numbers are needed, not {len(self.limits)}")
        every = (*self.values, *self.line, *(end for pair in self.limits for end in pair), *(self.sii_limits or ()))
        if not all(drawable(value) for value in every):
            raise ValueError(f"every number is no further from 0 than {LARGEST:,}")
        if not all(drawable(share) and share > 0 for share in self.shares):
            raise ValueError("shares: every number is above 0")

    @property
    def sii(self) -> Decimal:
        return Decimal(str(self.line[-1])) - Decimal(str(self.line[0]))

    @property
    def clear(self) -> bool:
        """Whether there is a gradient beyond chance."""
        if self.sii_limits is None:
            return self.sii != 0
        return self.sii_limits[0] > 0 or self.sii_limits[1] < 0


def in_words(spec: FittedGradient, place: int) -> str:
    """“tenth 1” of ten."""
    return quantile_name(place + 1, len(spec.values))


def level(value: Number, spec: FittedGradient) -> str:
    """A value with its unit: 12.5%, or 40.0 per 1,000."""
    return f"{signed(value, spec.decimals)}{'' if spec.unit.startswith('%') else ' '}{spec.unit}".rstrip()


def distance(value: Number, spec: FittedGradient) -> str:
    """A difference with its unit: 9.4 points between percentages."""
    return f"{signed(value, spec.decimals)} {'points' if spec.unit == '%' else spec.unit}".rstrip()


def signed(value: Number, decimals: int) -> str:
    """A number with a true minus sign."""
    return written(value, decimals).replace("-", "−")


def between(limits: Limits, decimals: int) -> str:
    return f"{signed(limits[0], decimals)} to {signed(limits[1], decimals)}"


def title(spec: FittedGradient) -> str:
    """The finding: how much higher or lower it is at the least deprived end of the line, or that this is not clear."""
    if spec.finding:
        return spec.finding
    if not spec.clear:
        return f"{spec.measure}: no clear gradient between the most and the least deprived"
    way = "lower" if spec.sii < 0 else "higher"
    return (
        f"{spec.measure}: {distance(abs(spec.sii), spec)} {way} at the least deprived end than at the most deprived end"
    )


def alt_text(spec: FittedGradient) -> str:
    """The extremes, the gap between them, and both indices, because they can disagree."""
    order = range(len(spec.values))
    low, high = (pick(order, key=lambda place: spec.values[place]) for pick in (min, max))
    gap = Decimal(str(spec.values[high])) - Decimal(str(spec.values[low]))
    said = [
        f"Points for {spec.measure} ({spec.unit}) in order of deprivation, most deprived first, with a fitted line.",
        f"Highest in {in_words(spec, high)} ({level(spec.values[high], spec)}), lowest in {in_words(spec, low)} "
        f"({level(spec.values[low], spec)}), a gap of {distance(gap, spec)}.",
        f"The line goes from {level(spec.line[0], spec)} at the most deprived end to {level(spec.line[-1], spec)} at "
        f"the least deprived end.",
        *(f"{line}." for line in index_lines(spec)),
    ]
    return " ".join(said)


def index_lines(spec: FittedGradient) -> list[str]:
    """The absolute and the relative index, each with its limits where it has them."""
    sii = distance(spec.sii, spec) + _limits_words(spec.sii_limits, spec, spec.decimals)
    lines = [f"Slope index of inequality (SII) {sii}"]
    if spec.rii is not None:
        lines.append(f"Relative index (RII) {signed(spec.rii, 2)}{_limits_words(spec.rii_limits, spec, 2)}")
    return lines


def _limits_words(limits: Limits | None, spec: FittedGradient, decimals: int) -> str:
    return f" ({spec.confidence} limits {between(limits, decimals)})" if limits else ""


def table(spec: FittedGradient) -> ChartTable:
    """Every value with its share of the people, then the ends of the line and the indices."""
    kind = in_words(spec, 0).split()[0].capitalize()
    rows = []
    for place, (value, share) in enumerate(zip(spec.values, spec.shares, strict=True)):
        name = f"{place + 1}{ {0: ' (most deprived)', len(spec.values) - 1: ' (least deprived)'}.get(place, '') }"
        limits = between(spec.limits[place], spec.decimals) if spec.limits else "–"
        rows.append((name, f"{share:.1%}", signed(value, spec.decimals), limits))
    rows += [
        ("Fitted line, most deprived end", "–", signed(spec.line[0], spec.decimals), "–"),
        ("Fitted line, least deprived end", "–", signed(spec.line[-1], spec.decimals), "–"),
        (
            "Slope index (SII)",
            "–",
            signed(spec.sii, spec.decimals),
            between(spec.sii_limits, spec.decimals) if spec.sii_limits else "–",
        ),
    ]
    if spec.rii is not None:
        rows.append(
            (
                "Relative index (RII), no unit",
                "–",
                signed(spec.rii, 2),
                between(spec.rii_limits, 2) if spec.rii_limits else "–",
            )
        )
    header = (kind, "Share of people", f"{spec.measure} ({spec.unit})", f"{spec.confidence} confidence limits")
    return ChartTable(spec.measure, header, tuple(rows))
