"""A reviewer's own view of a value: which values can be disputed, and an impact as the reviewer sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from hia_app.domain.impacts import Impact
from hia_app.domain.method import CONFIDENCES, LIKELIHOODS, MAGNITUDES

FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"magnitude": MAGNITUDES, "likelihood": LIKELIHOODS, "confidence": CONFIDENCES}
)
LABELS: Mapping[str, str] = MappingProxyType(
    {"magnitude": "Size for one person", "likelihood": "Likelihood", "confidence": "Confidence"}
)
ENDINGS: Mapping[str | None, str] = MappingProxyType(
    {
        None: "Stands",
        "withdrawn": "Withdrawn by the reviewer",
        "changed": "Ended: the officer changed the value",
        "removed": "Ended: the impact was removed",
    }
)


def in_words(value: str | None) -> str:
    """A stored value as people read it: "almost certain"."""
    return (value or "").replace("_", " ")


def disputable(impact: Impact) -> dict[str, str]:
    """The values of an impact that a reviewer can see otherwise, by field; empty while there are none."""
    return {field: value for field in FIELDS if (value := getattr(impact, field))}


def as_disputed(impact: Impact, values: Mapping[str, str]) -> Impact:
    """The impact with the reviewer's values; what is to remain of a harm is then at most what the reviewer sees now."""
    changed: dict[str, Any] = {field: value for field, value in values.items() if field in FIELDS}
    promised = impact.mitigation
    if promised is not None and promised.magnitude and promised.likelihood:
        capped: dict[str, Any] = {
            field: _least(FIELDS[field], getattr(promised, field), value)
            for field, value in changed.items()
            if field in {"magnitude", "likelihood"}
        }
        changed["mitigation"] = replace(promised, **capped)
    return replace(impact, **changed)


def _least(scale: tuple[str, ...], one: str, other: str) -> str:
    return min(one, other, key=scale.index)
