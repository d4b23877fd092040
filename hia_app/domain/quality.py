"""The twelve quality prompts that a lead reviewer grades, and which grades send an assessment back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

GRADES: Mapping[str, str] = MappingProxyType(
    {
        "A": "Good: nothing to add",
        "B": "Sound: small points only",
        "C": "Weak: usable, with the gaps named",
        "D": "Not good enough to decide on",
    }
)
LONGEST_COMMENT = 2_000


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing to grade; where `decisive`, a D returns the assessment."""

    id: str
    title: str
    looks_at: str
    decisive: bool = False


PROMPTS: tuple[Prompt, ...] = (
    Prompt("context", "Context and need", "Does it say whose health is at stake here, and how great the need is?"),
    Prompt("proposal", "Clarity of the proposal and its options", "Could a stranger say what is to be done?"),
    Prompt("baseline", "Baseline by gradient", "Are today’s figures shown across the gradient, not as one average?"),
    Prompt(
        "groups",
        "Groups complete and unknowns honest",
        "Is every group looked at, and is what nobody knows said, with a plan to find out?",
        decisive=True,
    ),
    Prompt("intersections", "Intersections", "Are people who belong to several groups at once seen?"),
    Prompt("pathways", "Pathways", "Does each impact say how it comes to change health?"),
    Prompt("evidence", "Strength of the evidence", "Does the confidence fit what is known? Can each source be found?"),
    Prompt(
        "harms",
        "Harms before benefits",
        "Are harms looked for, named and sized before the benefits are told?",
        decisive=True,
    ),
    Prompt(
        "distribution",
        "Distribution",
        "Is it clear who gains and who loses along the gradient, with figures that add up?",
        decisive=True,
    ),
    Prompt("mitigation", "Mitigation committed", "Has each promise an owner, a date, funding and a measure?"),
    Prompt("engagement", "Engagement real and traceable", "Can one see who was asked, what was said and what changed?"),
    Prompt("monitoring", "Monitoring measurable", "Will anyone be able to tell in a year whether it worked?"),
)
PROMPT: Mapping[str, Prompt] = MappingProxyType({prompt.id: prompt for prompt in PROMPTS})


def ungraded(grades: Mapping[str, str]) -> tuple[Prompt, ...]:
    """The prompts that have no grade yet; `grades` maps prompt ids to A, B, C or D."""
    return tuple(prompt for prompt in PROMPTS if prompt.id not in grades)


def forbidding(grades: Mapping[str, str]) -> tuple[Prompt, ...]:
    """The prompts whose D forbids concluding."""
    return tuple(prompt for prompt in PROMPTS if prompt.decisive and grades.get(prompt.id) == "D")
