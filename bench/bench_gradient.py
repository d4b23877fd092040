"""How long a gradient with its 100,000 draws takes, and how long the small numbers of a table take to protect."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from hia_app.domain.gradient import Options, Quantile, gradient
from hia_app.domain.inequality import wilson
from hia_app.domain.suppression import publish
from hia_app.domain.suppression_rules import CountTable, grid

REPEATS = 5


def quantiles(number: int) -> list[Quantile]:
    """Proportions that fall from 20% to about 1%, with their Wilson limits."""
    found = []
    for place in range(number):
        count, people = 2_000 - 1_900 * place // number, 10_000
        low, high = wilson(count, people)
        found.append(Quantile(place + 1, people, count / people, lower95=low, upper95=high, count=count))
    return found


def wards(largest: int = 200) -> CountTable:
    """33 wards by five tenures, with totals both ways; about one count in twenty is small."""
    chance = random.Random(1)
    counts = [[chance.randrange(largest) for _ in range(5)] for _ in range(33)]
    return grid([f"w{place}" for place in range(33)], tuple("abcde"), counts)


def run() -> list[tuple[str, float]]:
    """(what was measured, CPU milliseconds: the best of several)."""
    logit, plain = Options("proportion"), Options("proportion", transform=False)
    tenths, hundred = quantiles(10), quantiles(100)
    table = wards()
    return [
        ("gradient of tenths, 100,000 draws, logit", _best(lambda: gradient(tenths, logit))),
        ("gradient of tenths, 100,000 draws, plain", _best(lambda: gradient(tenths, plain))),
        ("gradient of 100 quantiles, 100,000 draws", _best(lambda: gradient(hundred, logit))),
        ("small numbers of 33 wards by 5 tenures", _best(lambda: publish(table))),
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
