"""Gradients of Leeds by local tenth (Census 2021, IMD 2025; Open Government Licence v3.0), most deprived first."""

from __future__ import annotations

from collections.abc import Sequence

from hia_app.domain.gradient import Quantile
from hia_app.domain.inequality import wilson

OVERCROWDED = (
    *((3_453, 33_681), (2_478, 35_632), (2_160, 35_171), (1_350, 34_693), (935, 32_358)),
    *((715, 35_443), (609, 35_015), (406, 33_759), (400, 33_163), (291, 32_545)),
)
"""Homes with too few bedrooms, of all homes."""

DISABLED = (
    *((15_279, 86_245), (16_659, 82_654), (15_883, 80_802), (15_269, 82_381), (13_412, 78_281)),
    *((13_619, 82_580), (12_904, 83_554), (11_232, 76_950), (11_189, 78_880), (10_226, 79_588)),
)
"""Disabled residents, of all residents."""


def proportions(counted: Sequence[tuple[int, int]]) -> list[Quantile]:
    """Quantiles with the Wilson limits of their proportions."""
    found = []
    for number, (count, people) in enumerate(counted, start=1):
        low, high = wilson(count, people)
        found.append(Quantile(number, people, count / people, lower95=low, upper95=high, count=count))
    return found
