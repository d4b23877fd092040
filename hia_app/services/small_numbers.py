"""The rule for small numbers that this installation's settings name."""

from __future__ import annotations

from hia_app.config import Settings
from hia_app.domain.suppression_rules import PRESETS, Rule


def rule_of(settings: Settings) -> Rule:
    """One of the presets, or the council's own threshold and rounding."""
    if settings.small_numbers in PRESETS:
        return PRESETS[settings.small_numbers]
    return Rule(settings.small_numbers_fewest, settings.small_numbers_rounding)
