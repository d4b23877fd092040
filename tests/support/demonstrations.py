"""The questionnaires that come with the product, the demonstration schemes told with them, and how these are rated."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hia_app.domain.gaps import Gap, group_gaps
from hia_app.domain.impacts import Impact, lines_and_gaps
from hia_app.domain.method import LEEDS_FIFTHS
from hia_app.domain.questionnaire import Questionnaire
from hia_app.domain.questionnaire_documents import load
from hia_app.domain.rating import rate

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "hia_app" / "demo" / "content"
ASSESSMENTS = ROOT / "tests" / "fixtures" / "assessments"
SCHEMES = ("housing", "regeneration", "selective_licensing", "early_years")
FILES = tuple(f"{name}-1.yaml" for name in ("screening", "core", *SCHEMES))
SHIPPED = load({name: (ROOT / "questionnaires" / name).read_text(encoding="utf-8") for name in FILES})

Content = dict[str, Any]


def shipped(name: str) -> Questionnaire:
    assert SHIPPED.problems == ()
    return SHIPPED.by_file[f"{name}-1.yaml"]


def content(name: str, folder: Path = DEMO) -> Content:
    told: Content = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return told


def impacts_of(told: Content) -> list[Impact]:
    return [Impact.from_json(impact) for impact in told["impacts"]]


def with_mitigation(told: Content, *, countersigned: bool) -> list[Impact]:
    """The impacts once the prepared protocol is committed."""
    prepared = told["mitigation"]
    committed = {
        "mitigation": prepared["protocol"] | {"countersigned": countersigned},
        "no_mitigation_reason": prepared["no_mitigation_reason"],
    }
    return [
        Impact.from_json(impact | (committed if impact["id"] == prepared["impact"] else {}))
        for impact in told["impacts"]
    ]


def rated(impacts: Iterable[Impact], questionnaire: Questionnaire, answers: Mapping[str, Any]) -> Content:
    """The rating of these impacts together with the groups page, as plain values."""
    lines, gaps = lines_and_gaps(impacts, questionnaire.priority_groups)
    groups: tuple[Gap, ...] = group_gaps(answers["population_groups"], questionnaire.groups, lines)
    return rate(lines, LEEDS_FIFTHS, gaps + groups).to_json()
