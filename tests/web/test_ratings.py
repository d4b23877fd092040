"""The rating page says what made the rating, what is missing and where, and what would change it."""

from __future__ import annotations

import re

import pytest

from tests.support.people import People
from tests.support.reviewing import HARM, taken
from tests.support.stage import Stage


@pytest.fixture
def stage(people: People) -> Stage:
    return Stage(people)


def test_what_is_missing_is_counted_once_and_each_leads_to_its_question(stage: Stage) -> None:
    at = stage.set(taken, full=False)
    officer = stage.people.client("officer")
    page = officer.get(f"{at}/rating/").text
    (count,) = re.findall(r"(\d+) required answers are missing\.", page)
    places = re.findall(r'href="(/assessments/[^"]*/sections/\w+)#(question-\w+)"', page)
    assert len(places) == len(set(places)) == int(count) > 1
    for section in {section for section, _ in places}:
        shown = officer.get(section).text
        assert [anchor for there, anchor in places if there == section and f'id="{anchor}"' not in shown] == []


@pytest.mark.parametrize(
    ("magnitude", "words"),
    [("moderate", "One step would give a better rating:"), ("major", "No one step gives a better rating.")],
)
def test_the_shape_of_the_benefit_and_what_would_be_better_stand_in_the_open(
    stage: Stage, magnitude: str, words: str
) -> None:
    at = stage.set(taken, {**HARM, "magnitude": magnitude})
    page = " ".join(stage.people.client("reviewer").get(f"{at}/rating/").text.split())
    in_the_open = re.sub(r"<details.*?</details>", "", page)
    assert "Shape of the benefit: targeted" in in_the_open
    assert words in in_the_open
    assert re.search(r"Concentration index: benefits −0\.\d\d, harms −0\.\d\d\.", page)
