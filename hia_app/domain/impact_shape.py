"""An impact as officers record it: one effect on one set of people, complete or still being written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter

from hia_app.domain.method import Confidence, Direction, Likelihood, Magnitude
from hia_app.domain.spreads import Base, Spread

Duration = Literal["short", "medium", "long"]
Funding = Literal["confirmed", "not_needed", "not_confirmed"]
ReachUnit = Literal["people", "homes"]

DURATIONS: tuple[Duration, ...] = ("short", "medium", "long")
FUNDINGS: tuple[Funding, ...] = ("confirmed", "not_needed", "not_confirmed")
REACH_UNITS: tuple[ReachUnit, ...] = ("people", "homes")

# Leeds, Census 2021: 811,915 residents in 341,463 households.
PEOPLE_PER_HOME = Decimal("2.378")
PEOPLE_PER_HOME_SOURCE = "Leeds, Census 2021: 811,915 residents in 341,463 households"


@dataclass(frozen=True, kw_only=True)
class Mitigation:
    """What will be done about a harm; magnitude and likelihood are what remains afterwards."""

    action: str = ""
    owner: str = ""
    due: date | None = None
    funding: Funding | None = None
    measure: str = ""
    magnitude: Magnitude | None = None
    likelihood: Likelihood | None = None
    countersigned: bool = False


@dataclass(frozen=True, kw_only=True)
class Improvement:
    """How a benefit could be better still: an action, which changes no rating."""

    action: str = ""
    owner: str = ""
    due: date | None = None
    funding: Funding | None = None
    measure: str = ""


@dataclass(frozen=True, kw_only=True)
class Impact:
    """One effect on one set of people. Empty text and None are what has not been said yet.

    Because `because`, people will `effect`, which `pathway`. Reach is as typed, in people or homes.
    """

    id: str
    section: str
    direction: Direction
    principle: int | None = None
    groups: tuple[str, ...] = ()
    because: str = ""
    effect: str = ""
    pathway: str = ""
    magnitude: Magnitude | None = None
    likelihood: Likelihood | None = None
    duration: Duration | None = None
    reversible: bool | None = None
    reach_unit: ReachUnit = "people"
    reach_low: Decimal | None = None
    reach_mid: Decimal | None = None
    reach_high: Decimal | None = None
    people_per_home: Decimal = PEOPLE_PER_HOME
    spread: Spread | None = None
    spread_kind: str = ""
    spread_source: str = ""
    base: Base | None = None
    confidence: Confidence | None = None
    evidence: tuple[str, ...] = ()
    source: str = ""
    plan_who: str = ""
    plan_by: date | None = None
    plan_how: str = ""
    mitigation: Mitigation | None = None
    no_mitigation_reason: str = ""
    improvement: Improvement | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain values for storage: decimals and dates as text, no floats."""
        return {key: _plain(value) for key, value in asdict(self).items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Impact:
        """Raises pydantic's ValidationError (a ValueError) where a value is not one of the allowed ones."""
        return _reader().validate_python(stored)


@cache
def _reader() -> TypeAdapter[Impact]:
    return TypeAdapter(Impact)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return value
