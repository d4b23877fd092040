"""The eight Marmot principles, as published."""

from __future__ import annotations

PRINCIPLES: dict[int, str] = {
    1: "Give every child the best start in life",
    2: "Enable all children, young people and adults to maximise their capabilities and have control over their lives",
    3: "Create fair employment and good work for all",
    4: "Ensure a healthy standard of living for all",
    5: "Create and develop healthy and sustainable places and communities",
    6: "Strengthen the role and impact of ill-health prevention",
    7: "Tackle racism, discrimination and their outcomes",
    8: "Pursue environmental sustainability and health equity together",
}


def principle_name(number: int | str) -> str:
    """Number and name: "4. Ensure a healthy standard of living for all"."""
    return f"{number}. {PRINCIPLES[int(number)]}"
