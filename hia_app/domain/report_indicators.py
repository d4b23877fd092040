"""What a page and a report show of an indicator: its figures, the measures of inequality in words, and their chart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

from hia_app.domain.charts import BeyondTheAverage, ChartSpec
from hia_app.domain.document import Block, Bullets, Facts, Figure, Paragraph, Table
from hia_app.domain.fitted_chart import fitted_gradient
from hia_app.domain.gradient import Gradient
from hia_app.domain.gradient_chart import signed
from hia_app.domain.gradient_terms import quantile_name
from hia_app.domain.indicator import settings, small_words
from hia_app.domain.indicator_terms import is_percentage
from hia_app.domain.suppression_rules import NOT_PUBLISHED
from hia_app.domain.typed import written_number

Answer = Mapping[str, Any]
Statistics = Mapping[str, Any]

NOT_WORKED_OUT = "not worked out"
LIMITS_WORDS = {"given": "Confidence limits as given.", "wilson": "Confidence limits: Wilson's, from the people given."}


def figures(value: Answer, question_text: str, statistics: Statistics | None = None) -> Table:
    """Every figure as it was given, with the people behind it and its limits where they are known."""
    count = len(value["values"])
    step = quantile_name(1, count).split()[0]
    about = ", ".join(filter(None, (value["area"], value["period"])))
    title = value["title"] or question_text
    limits = (statistics or {}).get("limits") or []
    if not any(limits):
        limits = [list(pair) for pair in zip(value.get("lower", ()), value.get("upper", ()), strict=False)]
    hidden = (statistics or {}).get("hidden") or ()
    columns = [
        [
            figure or (NOT_PUBLISHED if place in hidden else "not known")
            for place, figure in enumerate(value["values"], 1)
        ]
    ]
    header = [f"Deprivation {step} (1 is most deprived)", value["unit"] or "Value"]
    if value.get("populations"):
        header.append("People")
        columns.append([written_number(people) if people else "not known" for people in value["populations"]])
    if any(limits):
        header.append("95% limits")
        columns.append([_limits(pair, value) for pair in limits])
    rows = tuple((str(place), *cells) for place, cells in enumerate(zip(*columns, strict=True), 1))
    source = f"Source: {value['source'].rstrip('.')}." if value["source"] else ""
    note = LIMITS_WORDS.get((statistics or {}).get("limits_from", ""), "") if any(limits) else ""
    return Table(
        f"{title} ({about})" if about else title,
        tuple(header),
        rows,
        frozenset(range(1, len(header))),
        " ".join(filter(None, (source, *(f"{words}." for words in settings(value)), note))),
    )


def _limits(pair: list[str] | None, value: Answer) -> str:
    if not pair or not all(pair):
        return "–"
    places = decimals(value)
    return f"{signed(Decimal(pair[0]), places)} to {signed(Decimal(pair[1]), places)}"


def about(value: Answer, statistics: Statistics | None, question_text: str) -> Iterator[Block]:
    """The measures of inequality, absolute and relative together, what to know about them, and the chart."""
    if statistics:
        chart = _chart(value, statistics, question_text)
        if chart is not None:
            yield Figure(chart)
        yield Facts(tuple(_measures(value, statistics)))
        told = [*statistics["refusals"], *statistics["notes"]]
        if told:
            yield Bullets(tuple(told)) if len(told) > 1 else Paragraph(told[0])
        if draws := _draws(statistics):
            yield Paragraph(draws, "small")
    if small := value.get("small_numbers"):
        yield Paragraph(f"Small numbers: {small_words(small)}.".replace("..", "."))


def decimals(value: Answer) -> int:
    """How many decimals the figures deserve, by their size."""
    largest = max((abs(Decimal(figure)) for figure in value["values"] if figure), default=Decimal(0))
    return next(places for least, places in ((1000, 0), (100, 1), (1, 2), (0, 4)) if largest >= least)


def _measures(value: Answer, statistics: Statistics) -> Iterator[tuple[str, str]]:
    last = quantile_name(len(value["values"]), len(value["values"]))
    first, places = quantile_name(1, len(value["values"])), decimals(value)
    unit = "points" if is_percentage(value["unit"]) else value["unit"]
    found = Gradient.from_json(statistics["gradient"]) if statistics["gradient"] else None
    whole = float(statistics["whole"])
    if statistics["average"]:
        joint = "" if value["unit"].startswith("%") else " "
        mean = _signed(statistics["average"], places)
        yield "Average, weighted by people", f"{mean}{joint}{value['unit']}".strip()
    yield f"Absolute gap ({last} minus {first})", _with_unit(_signed(statistics["gap"], places), unit)
    yield f"Ratio ({last} over {first})", _signed(statistics["ratio"], 2)
    if found is None:
        yield "Slope index of inequality (SII)", NOT_WORKED_OUT
        yield "Relative index of inequality (RII)", NOT_WORKED_OUT
    else:
        sii = _with_unit(signed(Decimal(str(found.sii * whole)), places), unit)
        times = f", multiplied by {found.options.multiplier:g}" if found.options.multiplier != 1 else ""
        yield "Slope index of inequality (SII)", sii + times + _between(found.sii_lower, found.sii_upper, whole, places)
        rii = NOT_WORKED_OUT if found.rii is None else signed(Decimal(str(found.rii)), 2)
        yield "Relative index of inequality (RII)", rii + _between(found.rii_lower, found.rii_upper, 1, 2)
    yield "Relative concentration index (RCI)", _concentration(statistics["concentration"])


def _signed(text: str | None, places: int) -> str:
    return NOT_WORKED_OUT if text is None else signed(Decimal(text), places)


def _with_unit(figure: str, unit: str) -> str:
    return figure if figure == NOT_WORKED_OUT else f"{figure} {unit}".strip()


def _between(low: float | None, high: float | None, size: float, places: int) -> str:
    if low is None or high is None:
        return ""
    ends = (signed(Decimal(str(end * size)), places) for end in (low, high))
    return f" (95% limits {' to '.join(ends)})"


def _concentration(text: str | None) -> str:
    if text is None:
        return NOT_WORKED_OUT
    number = Decimal(text)
    if abs(number) < Decimal("0.0005"):
        return "0.000: spread evenly along the gradient"
    return f"{signed(number, 3)}: there is more of it in the {'more' if number < 0 else 'less'} deprived areas"


def _draws(statistics: Statistics) -> str:
    stored = statistics["gradient"]
    if not stored or stored["sii_lower"] is None:
        return ""
    options = stored["options"]
    return (
        f"Limits from {options['repetitions']:,} simulated draws (start number {options['seed']}). "
        "Method: Office for Health Improvement and Disparities, after Low and Low 2004."
    )


def _chart(value: Answer, statistics: Statistics, question_text: str) -> ChartSpec | None:
    """The fitted gradient where there is one, else the values against their average; nothing for a single figure."""
    measure, unit = value["title"] or question_text, value["unit"]
    source = ", ".join(filter(None, (value["source"], value["period"])))
    places = decimals(value)
    if statistics["gradient"]:
        found = Gradient.from_json(statistics["gradient"])
        with suppress(ValueError):  # a fit far outside the figures cannot be drawn; the figures themselves can
            return fitted_gradient(
                found, measure, unit=unit, size=float(statistics["whole"]), decimals=places, source=source
            )
    if sum(map(bool, value["values"])) < 2:
        return None
    numbers = tuple(Decimal(figure) if figure else None for figure in value["values"])
    pairs = statistics["limits"]
    step = quantile_name(1, len(numbers)).split()[0]
    return BeyondTheAverage(
        measure,
        tuple(str(place) for place in range(1, len(numbers) + 1)),
        numbers,
        axis=f"Deprivation {step}, 1 = most deprived",
        unit=unit,
        lower=tuple(Decimal(pair[0]) if pair else None for pair in pairs) if any(pairs) else (),
        upper=tuple(Decimal(pair[1]) if pair else None for pair in pairs) if any(pairs) else (),
        average=Decimal(statistics["average"]) if statistics["average"] else None,
        source=source,
        decimals=places,
        not_shown=NOT_PUBLISHED if statistics.get("hidden") else "no figure",
    )
