"""Days on which the council works: Monday to Friday, without the bank holidays of England."""

from __future__ import annotations

from collections.abc import Set
from datetime import date, timedelta
from functools import cache

import holidays

SATURDAY = 5


@cache
def bank_holidays(year: int) -> Set[date]:
    """The bank holidays of England in one year, as far as they are known."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def works(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year)


def working_days_after(day: date, count: int) -> date:
    """The day that is `count` working days later; the day itself does not count."""
    while count:
        day += timedelta(days=1)
        count -= works(day)
    return day
