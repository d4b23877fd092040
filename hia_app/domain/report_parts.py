"""Where the answers of a section stand in a report: with the part they decide, else with all the others.

Sections are known by their names in the questionnaires; one without such a section simply has less in that part.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

OPTIONS = "The decision asked for, the options and the reasons"
EVIDENCE = "Evidence, and what is not known"
VOICES = "Voices heard, and what they changed"
DUE_REGARD = "Due regard"
PROMISED = "Conditions, actions and review dates"
ANSWERS = "All questions and answers"

STANDS_UNDER: Mapping[str, str] = MappingProxyType(
    {
        "options_and_changes": OPTIONS,
        "baseline": EVIDENCE,
        "unknowns": EVIDENCE,
        "voices": VOICES,
        "for_the_decision": DUE_REGARD,
        "monitoring": PROMISED,
    }
)
"""Section → the heading of the part in which its answers are printed, once and in full."""


def sections_under(part: str) -> tuple[str, ...]:
    return tuple(section for section, title in STANDS_UNDER.items() if title == part)
