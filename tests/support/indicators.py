"""Made-up indicators as an administrator sends them to the library."""

from __future__ import annotations

SAID = {
    "owner": "Public Health Intelligence",
    "definition": "Homes in which a living room is below 18°C in winter.",
    "licence": "Open Government Licence v3.0",
}
ABOUT = {
    "figures-title": "Cold homes",
    "figures-unit": "%",
    "figures-period": "2025",
    "figures-area": "Leeds",
    "figures-source": "House condition survey",
    "figures-kind": "proportion",
}
GROUPS = "Asian,14,9000\nBlack,16,8000\nWhite,8,30000"


def figures(steps: int = 10, **changes: str) -> dict[str, list[str]]:
    """The form of an indicator with figures by tenth (or fifth) and by ethnic group; `changes` without “figures-”."""
    lines = "\n".join(f"{place},{20 - place},{3_000 + place}" for place in range(1, steps + 1))
    form = SAID | ABOUT | {"figures-paste": lines, "figures-group-paste": GROUPS}
    named = {name if name in SAID else f"figures-{name}": text for name, text in changes.items()}
    return {name: [text] for name, text in (form | named).items()}
