"""How long a rating takes: it has to be quick enough for every save of an impact."""

from __future__ import annotations

import time
from collections.abc import Callable

from hia_app.domain.lines import Line, LineMitigation, Reach
from hia_app.domain.method import LIKELIHOODS, MAGNITUDES
from hia_app.domain.rating import Rating, rate

REPEATS = 9
SPREADS = (
    (0.55, 0.19, 0.10, 0.10, 0.06),
    (0.2, 0.2, 0.2, 0.2, 0.2),
    (0.08, 0.12, 0.20, 0.28, 0.32),
    (1.0, 0.0, 0.0, 0.0, 0.0),
)


def lines(number: int) -> list[Line]:
    """Benefits and harms in turn, every third harm mitigated, over all magnitudes, likelihoods and spreads."""
    return [
        Line(
            id=f"I{place}",
            direction="harm" if place % 2 else "benefit",
            touches_priority_group=place % 5 == 0,
            confidence="medium",
            magnitude=MAGNITUDES[place % 2],
            likelihood=LIKELIHOODS[place % 4],
            reach=Reach(50.0 + place, 200.0 + 7 * place, 900.0 + 11 * place),
            spread=SPREADS[place % 4],
            mitigation=LineMitigation(True, "minor", "unlikely", True) if place % 6 == 5 else None,
            principle=place % 8 + 1,
            groups=("carers", "women") if place % 3 else ("children_0_5",),
        )
        for place in range(number)
    ]


def run() -> list[tuple[str, float]]:
    """(what was measured, CPU milliseconds: the best of several)."""
    forty, five = lines(40), lines(5)
    stored = rate(forty).to_json()
    return [
        ("rating of 40 lines with all of step 5", _best(lambda: rate(forty))),
        ("rating of 5 lines with all of step 5", _best(lambda: rate(five))),
        ("stored rating of 40 lines read back", _best(lambda: Rating.from_json(stored))),
    ]


def _best(work: Callable[[], object]) -> float:
    found = []
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        found.append((time.process_time() - start) * 1000)
    return min(found)


if __name__ == "__main__":
    for name, milliseconds in run():
        print(f"{name:45} {milliseconds:7.2f} ms CPU")
