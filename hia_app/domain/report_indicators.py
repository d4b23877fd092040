"""What a page and a report show of an indicator: its figures, the measures of inequality in words, and their chart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from hia_app.domain.indicator_library import taken_from
from hia_app.domain.indicator_terms import is_percentage
from hia_app.domain.suppression_rules import NOT_PUBLISHED
from hia_app.domain.typed import written_number

Answer = Mapping[str, Any]
Statistics = Mapping[str, Any]

NOT_WORKED_OUT = "not worked out"
LIMITS_WORDS = {"given": "Confidence limits as given.", "wilson": "Confidence limits: Wilson's, from the people given."}


def figures(value: Answer, question_text: str, statistics: Statistics | None = None) -> Table:
    """Every figure as it was given, with the people behind it and its limits where they are known."""
    said = statistics or {}
    count = len(value["values"])
    step = quantile_name(1, count).split()[0]
    limits = said.get("limits") or []
    if not any(limits):
        limits = [list(pair) for pair in zip(value.get("lower", ()), value.get("upper", ()), strict=False)]
    columns = _columns(value, value["values"], value.get("populations") or (), limits, said)
    return _table(value, question_text, f"Deprivation {step} (1 is most deprived)", map(str, range(1, count + 1)),
                  columns, said)  # fmt: skip


def group_figures(value: Answer, question_text: str, statistics: Statistics | None = None) -> Table:
    """The same by ethnic group."""
    said = (statistics or {}).get("by_group") or {}
    rows = value["groups"]
    limits = said.get("limits") or []
    if not any(limits):
        limits = [[row["lower"], row["upper"]] for row in rows]
    values, people = ([row[column] for row in rows] for column in ("value", "population"))
    columns = _columns(value, values, people if any(people) or said.get("hidden_people") else (), limits, said)
    return _table(
        value, question_text, "Ethnic group", (row["name"] for row in rows), columns, said, " by ethnic group"
    )


Columns = list[tuple[str, Sequence[str]]]


def _columns(
    value: Answer, values: Sequence[str], people: Sequence[str], limits: Sequence[Any], said: Statistics
) -> Columns:
    hidden, hidden_people = set(said.get("hidden") or ()), set(said.get("hidden_people") or ())
    columns: Columns = [(value["unit"] or "Value", _known(values, hidden))]
    if people:
        columns.append(("People", _known([text and written_number(text) for text in people], hidden_people)))
    if any(pair and all(pair) for pair in limits):
        columns.append(("95% limits", [_limits(pair, value) for pair in limits]))
    return columns


def _known(texts: Sequence[str], hidden: set[int]) -> list[str]:
    return [
        NOT_PUBLISHED if place in hidden and not text else text or "not known" for place, text in enumerate(texts, 1)
    ]


def _table(
    value: Answer,
    question_text: str,
    first: str,
    names: Iterable[str],
    columns: Columns,
    said: Statistics,
    by: str = "",
) -> Table:
    where = ", ".join(filter(None, (value["area"], value["period"])))
    title = (value["title"] or question_text) + by
    limited = any(name == "95% limits" for name, _ in columns)
    note = LIMITS_WORDS.get(said.get("limits_from", ""), "") if limited else ""
    source = f"Source: {value['source'].rstrip('.')}." if value["source"] else ""
    return Table(
        f"{title} ({where})" if where else title,
        (first, *(name for name, _ in columns)),
        tuple(zip(names, *(cells for _, cells in columns), strict=True)),
        frozenset(range(1, len(columns) + 1)),
        " ".join(filter(None, (source, *(f"{words}." for words in settings(value)), note))),
    )


def _limits(pair: list[str] | None, value: Answer) -> str:
    if not pair or not all(pair):
        return "–"
    places = decimals(value)
    return f"{signed(Decimal(pair[0]), places)} to {signed(Decimal(pair[1]), places)}"


def about(value: Answer, statistics: Statistics | None, question_text: str) -> Iterator[Block]:
    """The measures of inequality, absolute and relative together, what to know about them, and the chart."""
    if statistics and (any(value["values"]) or statistics.get("hidden")):
        chart = _chart(value, statistics, question_text)
        if chart is not None:
            yield Figure(chart)
        yield Facts(tuple(_measures(value, statistics)))
        told = [*statistics["refusals"], *statistics["notes"]]
        if told:
            yield Bullets(tuple(told)) if len(told) > 1 else Paragraph(told[0])
        if draws := _draws(statistics):
            yield Paragraph(draws, "small")
    if value.get("groups"):
        yield from _by_group(value, statistics or {}, question_text)
    yield from (Paragraph(words, "small") for words in taken_from(value))
    if small := value.get("small_numbers"):
        yield Paragraph(f"Small numbers: {small_words(small)}.".replace("..", "."))


def _by_group(value: Answer, statistics: Statistics, question_text: str) -> Iterator[Block]:
    chart = _group_chart(value, statistics.get("by_group") or {}, question_text)
    if chart is not None:
        yield Figure(chart)
    yield from (Paragraph(words) for words in (statistics.get("by_group") or {}).get("refusals", ()))


def decimals(value: Answer) -> int:
    """How many decimals the figures deserve, by their size."""
    given = [*value["values"], *(row["value"] for row in value.get("groups", ()))]
    largest = max((abs(Decimal(figure)) for figure in given if figure), default=Decimal(0))
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


AVERAGES = {"groups": "Average of all groups", "areas": "Average of all areas"}


def _group_chart(value: Answer, said: Statistics, question_text: str) -> ChartSpec | None:
    """Each group's value with its limits, against the average; nothing for a single figure."""
    rows = value["groups"]
    if sum(bool(row["value"]) for row in rows) < 2:
        return None
    pairs = said.get("limits") or [None] * len(rows)
    return BeyondTheAverage(
        value["title"] or question_text,
        tuple(row["name"] for row in rows),
        tuple(Decimal(row["value"]) if row["value"] else None for row in rows),
        axis="By ethnic group",
        unit=value["unit"],
        lower=tuple(Decimal(pair[0]) if pair else None for pair in pairs) if any(pairs) else (),
        upper=tuple(Decimal(pair[1]) if pair else None for pair in pairs) if any(pairs) else (),
        average=Decimal(said["average"]) if said.get("average") else None,
        average_label=AVERAGES.get(said.get("average_of", ""), "Average"),
        source=", ".join(filter(None, (value["source"], value["period"]))),
        decimals=min(decimals(value), max(1, *(_typed_decimals(row["value"]) for row in rows))),
        not_shown=NOT_PUBLISHED if said.get("hidden") else "no figure",
        points=True,
    )


def _typed_decimals(text: str) -> int:
    return len(text.partition(".")[2])
