"""Lines to rate in tests: plain ones, and any at all."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from hia_app.domain.lines import Line, LineMitigation, Reach
from hia_app.domain.method import CONFIDENCES, LIKELIHOODS, MAGNITUDES

EVEN = (0.2, 0.2, 0.2, 0.2, 0.2)
MOST_DEPRIVED = (1.0, 0.0, 0.0, 0.0, 0.0)
LEAST_DEPRIVED = (0.0, 0.0, 0.0, 0.0, 1.0)
EQUAL_FIFTHS = (100_000.0,) * 5


def line(direction: str, line_id: str, **fields: Any) -> Line:
    """A moderate, likely effect on 10,000 people spread evenly, of medium confidence."""
    reach = fields.pop("people", 10_000.0)
    given: dict[str, Any] = {
        "touches_priority_group": False,
        "confidence": "medium",
        "magnitude": "moderate",
        "likelihood": "likely",
        "spread": EVEN,
        **fields,
    }
    given["reach"] = given.get("reach", Reach(reach, reach, reach))
    return Line(id=line_id, direction=direction, **given)  # type: ignore[arg-type]


def benefit(line_id: str = "benefit", **fields: Any) -> Line:
    return line("benefit", line_id, **fields)


def harm(line_id: str = "harm", **fields: Any) -> Line:
    return line("harm", line_id, **fields)


def unknown(line_id: str = "unknown", *, priority: bool = True, plan: bool = False) -> Line:
    return Line(line_id, "not_known", priority, "low", plan)


_FIGURES = st.one_of(st.sampled_from([1.0, 10.0, 100.0, 1_000.0, 20_000.0]), st.floats(0.5, 300_000))
_PRINCIPLES = st.one_of(st.none(), st.integers(1, 8))
_GROUPS = st.lists(st.sampled_from(["carers", "women", "students"]), max_size=2, unique=True).map(tuple)


@st.composite
def spreads(draw: st.DrawFn) -> tuple[float, ...]:
    parts = draw(st.lists(st.integers(0, 20), min_size=5, max_size=5).filter(any))
    return tuple(part / sum(parts) for part in parts)


@st.composite
def reaches(draw: st.DrawFn) -> Reach:
    mid = draw(_FIGURES)
    return Reach(mid * draw(st.floats(0, 1)), mid, mid * draw(st.floats(1, 5)))


@st.composite
def mitigations(draw: st.DrawFn, magnitude: str, likelihood: str) -> LineMitigation:
    """Never worse than before, on either scale."""
    return LineMitigation(
        committed=draw(st.booleans()),
        magnitude=draw(st.sampled_from(MAGNITUDES[: MAGNITUDES.index(magnitude) + 1])),  # type: ignore[arg-type]
        likelihood=draw(st.sampled_from(LIKELIHOODS[: LIKELIHOODS.index(likelihood) + 1])),  # type: ignore[arg-type]
        countersigned=draw(st.booleans()),
    )


@st.composite
def any_line(draw: st.DrawFn, line_id: str, directions: tuple[str, ...] = ("benefit", "harm", "not_known")) -> Line:
    direction = draw(st.sampled_from(directions))
    shared = {
        "id": line_id,
        "direction": direction,
        "touches_priority_group": draw(st.booleans()),
        "confidence": draw(st.sampled_from(CONFIDENCES)),
        "plan_to_find_out": draw(st.booleans()),
        "principle": draw(_PRINCIPLES),
        "groups": draw(_GROUPS),
    }
    if direction == "not_known":
        return Line(**shared)  # type: ignore[arg-type]
    magnitude, likelihood = draw(st.sampled_from(MAGNITUDES)), draw(st.sampled_from(LIKELIHOODS))
    mitigated = direction == "harm" and draw(st.booleans())
    return Line(
        **shared,  # type: ignore[arg-type]
        magnitude=magnitude,
        likelihood=likelihood,
        reach=draw(reaches()),
        spread=draw(spreads()),  # type: ignore[arg-type]
        mitigation=draw(mitigations(magnitude, likelihood)) if mitigated else None,
    )


@st.composite
def assessments(draw: st.DrawFn, most: int = 6) -> list[Line]:
    """Up to `most` lines with ids l0, l1, …"""
    return [draw(any_line(f"l{number}")) for number in range(draw(st.integers(0, most)))]


populations = st.lists(st.integers(1_000, 200_000).map(float), min_size=5, max_size=5).map(tuple)
