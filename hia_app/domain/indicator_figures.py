"""One row of figures of an indicator: a value, the people behind it, and its limits, read and checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from hia_app.domain import typed
from hia_app.domain.typed import Unclear, showable

COLUMNS = ("value", "population", "lower", "upper")
STORED = {"value": "values", "population": "populations", "lower": "lower", "upper": "upper"}
"""Form field of a column → where the value keeps the column."""
DECIMALS = 10


def plain_figure(text: str) -> str:
    """A figure without what spreadsheets put around it: £, %, and the spaces between thousands."""
    bare = re.sub(r"[\s\u00a0\u2009\u202f]+", "", text)
    return bare.replace("\u2212", "-").removesuffix("%").replace("£", "", 1)


def sign_of(text: str) -> str:
    """The unit that a figure carries with it: "%", "£" or ""."""
    return next((sign for sign in ("%", "£") if sign in text), "")


def figure(column: str, text: str) -> str:
    """The figure as it is stored, "" for none; people are 1 or more. Raises Unclear."""
    least = Decimal(1) if column == "population" else -typed.LARGEST_NUMBER
    return typed.number(plain_figure(text), minimum=least, decimals=DECIMALS)


def limit_problems(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Column and message where the limits of a row do not hold its value; figures as they are stored."""
    value, low, high = (row.get(column, "") for column in ("value", "lower", "upper"))
    if value and low and Decimal(low) > Decimal(value):
        yield "lower", f"The lower limit ({low}) is above the value ({value})"
    if value and high and Decimal(high) < Decimal(value):
        yield "upper", f"The upper limit ({high}) is below the value ({value})"


def row_problems(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Column and message of everything that cannot be read in a row as it was written."""
    read = {}
    for column in COLUMNS:
        text = row.get(column, "")
        try:
            read[column] = figure(column, text)
        except Unclear as unclear:
            yield column, f"“{showable(text)[:30]}” cannot be read. {unclear.message}"
    yield from limit_problems(read)
