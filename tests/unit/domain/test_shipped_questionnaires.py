"""What the questionnaires that come with the product ask, and the demonstration answers to them."""

import json
from pathlib import Path

import pytest

from hia_app.domain import answers as given
from hia_app.domain.impacts import Impact, lines_and_gaps, missing, people
from hia_app.domain.method import LEEDS_FIFTHS
from hia_app.domain.questionnaire import Questionnaire, fired, visible_questions
from hia_app.domain.questionnaire_documents import load
from hia_app.domain.rating import rate

ROOT = Path(__file__).parents[3]
FILES = ("screening-1.yaml", "core-1.yaml", "regeneration-1.yaml")
SHIPPED = load({name: (ROOT / "questionnaires" / name).read_text(encoding="utf-8") for name in FILES})
DEMO = ROOT / "hia_app" / "demo" / "content"
HOLBECK = json.loads((DEMO / "holbeck.json").read_text(encoding="utf-8"))
SCREENED_OUT = json.loads((DEMO / "screened_out.json").read_text(encoding="utf-8"))

PRINCIPLES = (
    "Give every child the best start in life",
    "Enable all children, young people and adults to maximise their capabilities and have control over their lives",
    "Create fair employment and good work for all",
    "Ensure a healthy standard of living for all",
    "Create and develop healthy and sustainable places and communities",
    "Strengthen the role and impact of ill-health prevention",
    "Tackle racism, discrimination and their outcomes",
    "Pursue environmental sustainability and health equity together",
)
PRIORITY = {
    "children_0_5",
    "aged_80_over",
    "disabled_people",
    "gender_reassignment",
    "pregnant_new_parents",
    "ethnic_minority",
    "gypsy_roma_traveller",
    "religion_belief_minorities",
    "women",
    "lesbian_gay_bisexual",
    "carers",
    "care_experienced",
    "fifth_1",
    "fifth_2",
    "low_income",
    "lone_parents",
    "temporary_accommodation",
    "no_fixed_home",
    "digitally_excluded",
    "limited_english_literacy",
    "refugees_asylum_nrpf",
    "abuse_survivors",
    "long_term_illness",
    "moved_by_scheme",
}
TOUCHING_LIVES = (
    *("changes_home", "changes_money", "changes_safety", "changes_access", "changes_say"),
    *("most_deprived_fifths", "priority_groups", "hard_to_undo"),
)


def shipped(name: str) -> Questionnaire:
    assert SHIPPED.problems == ()
    return SHIPPED.by_file[f"{name}-1.yaml"]


def versions() -> dict[str, tuple[dict, list[Impact]]]:
    second = HOLBECK["version_2"]
    impacts = {impact["id"]: impact for impact in HOLBECK["impacts"]}
    changed = impacts | {impact["id"]: impact for impact in second["impacts"]}
    return {
        "240 homes": (HOLBECK["answers"], [Impact.from_json(each) for each in impacts.values()]),
        "180 homes": (HOLBECK["answers"] | second["answers"], [Impact.from_json(each) for each in changed.values()]),
    }


@pytest.mark.parametrize("name", ["screening", "core", "regeneration"])
def test_every_question_says_why_it_is_asked_what_good_looks_like_and_gives_an_example(name):
    bare = [q.id for q in shipped(name).questions if not (q.why and q.good and q.example)]
    assert bare == []


def test_the_principles_stand_in_order_under_their_published_names():
    sections = [section for section in shipped("core").sections if section.principle]
    assert tuple(section.title for section in sections) == PRINCIPLES
    assert [section.principle for section in sections] == list(range(1, 9))
    assert all(section.impacts for section in sections)


def test_every_principle_can_suggest_a_benefit_and_a_harm():
    for section in shipped("core").sections:
        if section.principle:
            suggested = {s.direction for question in section.questions for s in question.suggests}
            assert {"benefit", "harm"} <= suggested, section.title


def test_the_priority_groups_are_those_of_the_design_and_a_scheme_adds_none():
    assert shipped("core").priority_groups == PRIORITY
    assert shipped("regeneration").priority_groups == PRIORITY


@pytest.mark.parametrize("name", ["core", "regeneration"])
def test_losing_this_home_is_always_asked_under_places(name):
    questionnaire = shipped(name)
    question = questionnaire.question_by_id["meaning_of_losing_this_home"]
    assert question.required
    assert not question.may_leave_out
    assert question.id in visible_questions(questionnaire, {})
    assert questionnaire.section_of[question.id].principle == 5


@pytest.mark.parametrize("answer", ["yes", "not_known"])
@pytest.mark.parametrize("question", TOUCHING_LIVES)
def test_a_yes_or_a_not_known_about_peoples_lives_needs_a_full_assessment(question, answer):
    (trigger,) = fired(shipped("screening"), SCREENED_OUT["screening"] | {question: answer})
    assert trigger.question == question
    assert trigger.reason.endswith(".")


@pytest.mark.parametrize("question", ["public_concern", "other_decisions"])
def test_concern_and_other_decisions_alone_do_not(question):
    assert fired(shipped("screening"), SCREENED_OUT["screening"] | {question: "yes"}) == ()


@pytest.mark.parametrize("demo", [HOLBECK, SCREENED_OUT], ids=["holbeck", "screened out"])
def test_the_demonstration_screenings_are_complete(demo):
    assert given.missing(shipped("screening"), demo["screening"]) == ()
    assert_as_typed(shipped("screening"), demo["screening"])


def test_holbeck_needs_a_full_assessment_and_the_small_scheme_does_not():
    assert fired(shipped("screening"), HOLBECK["screening"])
    assert fired(shipped("screening"), SCREENED_OUT["screening"]) == ()


@pytest.mark.parametrize("homes", ["240 homes", "180 homes"])
def test_holbeck_answers_every_visible_question_and_no_other(homes):
    answers, _ = versions()[homes]
    questionnaire = shipped("regeneration")
    assert set(answers) == visible_questions(questionnaire, answers)
    assert given.missing(questionnaire, answers) == ()
    assert_as_typed(questionnaire, answers)


@pytest.mark.parametrize(
    ("homes", "warm", "strained"), [("240 homes", 570.72, 171.216), ("180 homes", 428.04, 128.412)]
)
def test_holbeck_is_mixed_and_unresolved(homes, warm, strained):
    _answers, impacts = versions()[homes]
    questionnaire = shipped("regeneration")
    assert [missing(impact, questionnaire.priority_groups) for impact in impacts] == [()] * len(impacts)
    reach = {impact.id: people(impact) for impact in impacts if impact.direction != "not_known"}
    assert reach["warm_dry_homes"].mid == pytest.approx(warm)
    assert reach["owner_contribution"].mid == pytest.approx(strained)
    assert reach["community_centre_and_park"].mid == 6000
    rating = rate(*_rated(impacts, questionnaire)).to_json()
    assert (rating["rule"], rating["variant"], rating["gaps"]) == (3, "3a", [])
    assert rating["moderate_or_worse"] == ["owner_contribution"]


@pytest.mark.parametrize("homes", ["240 homes", "180 homes"])
def test_in_holbeck_every_affected_group_has_an_impact_and_every_unknown_a_plan(homes):
    answers, impacts = versions()[homes]
    groups = answers["population_groups"]
    affected = {group for group, row in groups.items() if row["state"] == "affected"}
    assert affected == {group for impact in impacts for group in impact.groups}
    unknown = [row for row in groups.values() if row["state"] == "not_known"]
    assert unknown
    assert all(row["plan_who"] and row["plan_by"] and row["plan_how"] for row in unknown)


def test_every_impact_suggested_for_holbeck_is_accepted_or_declined_with_a_reason():
    suggested = {
        f"{each.question_id}.{each.suggestion.id}"
        for each in given.suggested(shipped("regeneration"), HOLBECK["answers"])
    }
    accepted = HOLBECK["accepted_suggestions"]
    declined = {each["suggestion"] for each in HOLBECK["declined_suggestions"] if each["reason"]}
    assert set(accepted) == {impact["id"] for impact in HOLBECK["impacts"]}
    assert set(accepted.values()) | declined == suggested
    assert not set(accepted.values()) & declined


def assert_as_typed(questionnaire: Questionnaire, answers: dict) -> None:
    """Each answer is just what its form would have stored."""
    for id, value in answers.items():
        question = questionnaire.question_by_id[id]
        shown = given.form_values(question, value)
        typed = {field: text if isinstance(text, list) else [text] for field, text in shown.items()}
        assert given.parse(question, typed) == value, id


def _rated(impacts: list[Impact], questionnaire: Questionnaire):
    lines, gaps = lines_and_gaps(impacts, questionnaire.priority_groups)
    return lines, LEEDS_FIFTHS, gaps
