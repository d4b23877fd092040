"""How far a section is, and what a return reopens: counted and followed on the questionnaire alone."""

from pathlib import Path

import pytest

from hia_app.domain.progress import SectionProgress, Standing, progress
from hia_app.domain.questionnaire import Questionnaire
from hia_app.domain.questionnaire_documents import load
from hia_app.domain.reopened import EVERYTHING, dependents, reopened

FILE = Path(__file__).resolve().parents[2] / "fixtures" / "questionnaires" / "core-1.yaml"


@pytest.fixture(scope="module")
def core() -> Questionnaire:
    return load({FILE.name: FILE.read_bytes()}).questionnaires[0]


def section(core: Questionnaire, section_id: str, answers: dict[str, object], **waiting: object) -> SectionProgress:
    found = progress(core, answers, **waiting)  # type: ignore[arg-type]
    return next(one for one in found if one.section.id == section_id)


@pytest.mark.parametrize(
    ("answers", "words", "standing"),
    [
        ({}, "Not started", Standing.NOT_STARTED),
        ({"total_cost": "5.00"}, "0 of 4 answered", Standing.IN_PROGRESS),
        ({"why_needed": "Cold."}, "1 of 4 answered", Standing.IN_PROGRESS),
        ({"need_counted": "yes"}, "1 of 6 answered", Standing.IN_PROGRESS),
        ({"need_counted": "no", "scale_of_need": "5"}, "1 of 4 answered", Standing.IN_PROGRESS),
        ({"scale_of_need": "5"}, "Not started", Standing.NOT_STARTED),
    ],
)
def test_only_shown_required_questions_count(
    core: Questionnaire, answers: dict[str, object], words: str, standing: Standing
) -> None:
    found = section(core, "proposal", answers)
    assert (found.words, found.standing) == (words, standing)


def test_a_section_is_done_only_when_nothing_waits_there(core: Questionnaire) -> None:
    answers: dict[str, object] = {"warmer_homes": "no"}
    assert section(core, "best_start", answers).words == "Done"
    assert section(core, "best_start", answers, unfinished_impacts={"best_start": 1}).words == "1 impact to finish"
    assert section(core, "best_start", answers, to_confirm={"warmer_homes"}).words == "1 to confirm"
    assert section(core, "best_start", answers, returned={"best_start": 2}).words == "Returned: 2 to answer"


def test_an_optional_answer_that_is_only_begun_keeps_a_section_open(core: Questionnaire) -> None:
    answers: dict[str, object] = {
        "places_affected": {"description": "Twelve streets", "areas": []},
        "baseline_by_fifth": {
            "title": "",
            "unit": "",
            "period": "",
            "area": "",
            "source": "",
            "values": ["1"] + [""] * 4,
        },
    }
    found = section(core, "places", answers)
    assert (found.words, found.standing) == ("1 answer to finish", Standing.IN_PROGRESS)


def test_hidden_answers_to_confirm_are_not_asked_about(core: Questionnaire) -> None:
    found = section(core, "proposal", {"need_counted": "no", "scale_of_need": "5"}, to_confirm={"scale_of_need"})
    assert found.to_confirm == 0


def test_a_named_question_reopens_with_what_depends_on_it(core: Questionnaire) -> None:
    found = reopened(core, [("question", "need_counted"), ("impact", "i-1")])
    assert found.questions == {"need_counted", "scale_of_need", "scale_source"}
    assert not found.question("why_needed", "proposal")
    assert not found.section("proposal")
    assert found.impact("i-1", "best_start")
    assert not found.impact("i-2", "best_start")


def test_a_named_section_reopens_whole_and_lets_impacts_be_added(core: Questionnaire) -> None:
    found = reopened(core, [("section", "best_start")])
    assert found.question("child_kinds", "best_start")
    assert found.section("best_start")
    assert found.impact("any", "best_start")
    assert not found.question("why_needed", "proposal")


def test_dependence_goes_on_through_questions_between(core: Questionnaire) -> None:
    assert dependents(core, ["warmer_homes"]) == {"warmer_how_many"}
    assert dependents(core, ["warmer_how_many"]) == set()


def test_in_a_draft_everything_is_open() -> None:
    assert EVERYTHING.question("any", "any")
    assert EVERYTHING.section("any")
    assert EVERYTHING.impact("any", "any")
