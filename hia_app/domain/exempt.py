"""Why a part of an assessment may be kept out of the public edition: Schedule 12A of the Local Government Act 1972."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Part 1 of the Schedule as it stands in England, paragraph by paragraph, in short.
PARAGRAPHS: Mapping[int, str] = MappingProxyType(
    {
        1: "Information about any individual",
        2: "Information likely to reveal who an individual is",
        3: "Financial or business affairs of any person, the council included",
        4: "Consultations or negotiations about labour relations",
        5: "Legal professional privilege",
        6: "A notice, order or direction that the council proposes to make",
        7: "Action to prevent, investigate or prosecute crime",
    }
)


def paragraph_words(number: int) -> str:
    """Number and meaning: "Paragraph 3: Financial or business affairs …"."""
    return f"Paragraph {number}: {PARAGRAPHS[number]}"
