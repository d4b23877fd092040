"""The numbers of a chart: which can be drawn, how people read them, and their table."""

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

Number = int | float | Decimal

LARGEST = 10**15
"""No chart shows a number further from 0 than this."""
EXACT = Context(prec=400, rounding=ROUND_HALF_UP)


def drawable(value: Number) -> bool:
    """Whether a chart can show this number."""
    return math.isfinite(value) and -LARGEST <= value <= LARGEST


@dataclass(frozen=True)
class ChartTable:
    """The numbers behind a chart, ready to print; every column but the first holds numbers."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def index_text(value: float, decimals: int = 2) -> str:
    """An index between -1 and 1 as people read it: a true minus sign, and none before a zero."""
    text = f"{value:.{decimals}f}"
    return text.replace("-", "−") if float(text) else text.removeprefix("-")


def written(value: Number, decimals: int) -> str:
    """A number as people read it: 1,234.5; half is rounded up; nothing at all is a plain 0."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), context=EXACT)
    return f"{rounded:,}" if value else "0"
