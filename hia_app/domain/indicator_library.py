"""Where an indicator answer was taken from the council's library: which edition, and what is said of it.

The answer keeps the figures and what was said of them under `library`, so that nothing later changes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Answer = Mapping[str, Any]

LIBRARY = "library"


def pinned(value: Answer, indicator_id: str, edition_id: str, number: int, said: Mapping[str, str]) -> dict[str, Any]:
    """The figures of an edition as an answer; `said` has its owner, definition and licence."""
    told = {name: said[name] for name in ("owner", "definition", "licence")}
    return {**value, LIBRARY: {"indicator": indicator_id, "edition": edition_id, "number": number, **told}}


def still_pinned(stored: Any, typed: Any) -> Any:
    """What was typed; what is stored where nobody changed a figure of it, so that its edition stays named.

    A decision on small numbers is the officer's own and may change without the figures becoming other ones.
    """
    if not stored or not typed or LIBRARY not in stored:
        return typed
    if _figures(stored) != _figures(typed):
        return typed
    return {**typed, LIBRARY: stored[LIBRARY]}


def _figures(value: Answer) -> dict[str, Any]:
    return {name: part for name, part in value.items() if name not in {LIBRARY, "small_numbers"}}


def taken_from(value: Answer) -> Iterator[str]:
    """What is printed beside the figures; nothing for figures that somebody typed."""
    if said := value.get(LIBRARY):
        yield f"From the council’s library of indicators, edition {said['number']}, kept by {said['owner']}."
        yield f"Definition: {said['definition']}"
        yield f"Licence: {said['licence']}"
