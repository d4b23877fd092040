"""Answers are parsed from a form, kept when refused, shown in words, and known to be missing."""

from __future__ import annotations

from typing import Any

import pytest

from hia_app.domain.answers import (
    KINDS,
    InvalidAnswer,
    accepted,
    as_text,
    fields,
    form_values,
    is_answered,
    missing,
    parse,
    suggested,
)
from hia_app.domain.questionnaire import QUESTION_TYPES, Question
from tests.support.questionnaires import base_text, loaded, question

CHOICE = question("type: single_choice, options: [{id: new, label: New policy}, {id: changed, label: Changed policy}]")
SEVERAL = question(
    "type: several_choices, options: [{id: a, label: A}, {id: b, label: B}, {id: none, label: None, exclusive: true}]"
)
YES_NO = question("type: yes_no_not_known")
SHORT = question("type: short_text, characters: 20")
LONG = question("type: long_text, words: 3")
HOMES = question("type: number, unit: homes, minimum: 1")
PERCENT = question("type: number, unit: '%', maximum: 100, decimals: 1")
MONEY = question("type: money")
DATE = question("type: date")
MONTH = question("type: month")
PERSON = question("type: person")
PLACE = question("type: place")
PAPERS = question("type: file")
GROUPS = question("type: groups")
ROWS = question(
    "type: list, minimum_rows: 2, maximum_rows: 3, columns: ["
    "{id: option, label: Option, type: short_text, required: true}, "
    "{id: by, label: By when, type: date}, {id: cost, label: Cost, type: money}, "
    "{id: done, label: Done, type: yes_no_not_known}]"
)
INDICATOR = question("type: indicator, quantiles: 5")
DECLARATION = question("type: declaration")


def form(**fields: str | list[str]) -> dict[str, list[str]]:
    """Form fields; `__` stands for a hyphen in a field's name."""
    return {name.replace("__", "-"): [text] if isinstance(text, str) else text for name, text in fields.items()}


def row(**parts: str) -> dict[str, str]:
    return {"state": "", "reason": "", "plan_who": "", "plan_by": "", "plan_how": "", **parts}


PARSED: list[tuple[Question, dict[str, list[str]], Any, Any]] = [
    (CHOICE, form(q="changed"), "changed", "Changed policy"),
    (SEVERAL, form(q=["b", "a", "b"]), ["a", "b"], ["A", "B"]),
    (SEVERAL, form(q=["none"]), ["none"], ["None"]),
    (YES_NO, form(q="not_known"), "not_known", "Not known"),
    (SHORT, form(q=" Holbeck "), "Holbeck", "Holbeck"),
    (LONG, form(q="one\r\ntwo three"), "one\ntwo three", "one\ntwo three"),
    (HOMES, form(q="12,500"), "12500", "12,500 homes"),
    (PERCENT, form(q="7.5"), "7.5", "7.5%"),
    (MONEY, form(q="£1,200"), "1200.00", "£1,200"),
    (DATE, form(q__day="1", q__month="3", q__year="2027"), "2027-03-01", "1 March 2027"),
    (MONTH, form(q__month="3", q__year="2027"), "2027-03", "March 2027"),
    (PERSON, form(q__name="A Jones", q__role="Director"), {"name": "A Jones", "role": "Director"}, "A Jones, Director"),
    (PERSON, form(q__name="A Jones"), {"name": "A Jones", "role": ""}, "A Jones"),
    (
        PLACE,
        form(q__description="Holbeck", q__areas="E01011264 E01011265"),
        {"description": "Holbeck", "areas": ["E01011264", "E01011265"]},
        ["Holbeck", "Areas: E01011264, E01011265"],
    ),
    (
        PAPERS,
        form(q__1__title="Survey", q__1__where="Shared drive", q__2__title=" "),
        [{"title": "Survey", "where": "Shared drive"}],
        [{"Title": "Survey", "Where it is kept": "Shared drive"}],
    ),
    (
        ROWS,
        form(
            q__1__option="Do nothing",
            q__2__option="  ",
            q__7__option="Group repair",
            **{"q__7__by-day": "1", "q__7__by-month": "3", "q__7__by-year": "2027"},
            q__7__cost="20,000,000",
            q__7__done="no",
        ),
        [
            {"option": "Do nothing", "by": "", "cost": "", "done": ""},
            {"option": "Group repair", "by": "2027-03-01", "cost": "20000000.00", "done": "no"},
        ],
        [
            {"Option": "Do nothing", "By when": "", "Cost": "", "Done": ""},
            {"Option": "Group repair", "By when": "1 March 2027", "Cost": "£20,000,000", "Done": "No"},
        ],
    ),
    (
        GROUPS,
        form(
            q__carers__state="not_known",
            q__carers__plan_who="A Jones",
            **{"q__carers__plan_by-day": "1", "q__carers__plan_by-month": "3", "q__carers__plan_by-year": "2027"},
            q__men__state="affected",
            q__strangers__state="affected",
        ),
        {
            "carers": row(state="not_known", plan_who="A Jones", plan_by="2027-03-01"),
            "men": row(state="affected"),
        },
        [
            {
                "Group": "Carers",
                "Answer": "Not known",
                "Reason": "",
                "Who will find out": "A Jones",
                "By when": "1 March 2027",
                "How": "",
            },
            {"Group": "Men", "Answer": "Affected", "Reason": "", "Who will find out": "", "By when": "", "How": ""},
        ],
    ),
    (
        INDICATOR,
        form(q__title="Overcrowding", q__unit="%", q__source="Census 2021", q__value__1="12.5", q__value__5="-1"),
        {
            "title": "Overcrowding",
            "unit": "%",
            "period": "",
            "area": "",
            "source": "Census 2021",
            "values": ["12.5", "", "", "", "-1"],
        },
        [
            "Title: Overcrowding",
            "Unit: %",
            "Source: Census 2021",
            "Fifth 1 (most deprived): 12.5",
            "Fifth 2: no figure",
            "Fifth 3: no figure",
            "Fifth 4: no figure",
            "Fifth 5 (least deprived): -1",
        ],
    ),
    (DECLARATION, form(q="agreed"), "agreed", "Agreed"),
]
IDS = [f"{asked.type}-{number}" for number, (asked, *_) in enumerate(PARSED)]


@pytest.mark.parametrize(("asked", "raw", "value", "shown"), PARSED, ids=IDS)
def test_a_form_becomes_a_value_and_the_value_becomes_words(
    asked: Question, raw: dict[str, list[str]], value: Any, shown: Any
) -> None:
    assert parse(asked, raw) == value
    assert as_text(asked, value) == shown


@pytest.mark.parametrize(("asked", "raw", "value", "shown"), PARSED, ids=IDS)
def test_a_value_shown_in_its_form_and_sent_again_is_the_same(
    asked: Question, raw: dict[str, list[str]], value: Any, shown: Any
) -> None:
    assert set(form_values(asked, value)) <= set(fields(asked))
    assert accepted(asked, value) == value


@pytest.mark.parametrize("asked", [asked for asked, *_ in PARSED], ids=IDS)
def test_nothing_typed_is_no_answer(asked: Question) -> None:
    empty = {field: [""] for field in fields(asked)}
    for raw in ({}, empty, {field: [" \r\n"] for field in fields(asked) if asked.type in ("short_text", "long_text")}):
        assert parse(asked, raw) is None
    assert not is_answered(asked, None)
    assert as_text(asked, None) == ""
    assert form_values(asked, None) == {}


def test_every_type_is_a_kind() -> None:
    assert set(KINDS) == set(QUESTION_TYPES)


@pytest.mark.parametrize("type", ["note", "impacts"])
def test_what_is_only_shown_has_no_answer(type: str) -> None:
    asked = question(f"type: {type}")
    assert parse(asked, {"q": ["x"]}) is None
    assert fields(asked) == ()
    assert not is_answered(asked, None)


REFUSED: list[tuple[Question, dict[str, list[str]], str, str]] = [
    (CHOICE, form(q="other"), "q", "Choose one of the answers shown"),
    (CHOICE, form(q=["new", "changed"]), "q", "Two different answers"),
    (CHOICE, form(q="\ud800"), "q", "Choose one of the answers shown"),
    (SEVERAL, form(q=["a", "x"]), "q", "Choose from the answers shown"),
    (SEVERAL, form(q=["a", "none"]), "q", "Choose “None” or other answers, not both"),
    (YES_NO, form(q="maybe"), "q", "Choose one of the answers shown"),
    (SHORT, form(q="x" * 21), "q", "20 characters or fewer. It has 21"),
    (SHORT, form(q="a\nb"), "q", "on one line"),
    (SHORT, form(q="a\x00"), "q", "U+0000"),
    (LONG, form(q="one two three four"), "q", "3 words or fewer. It has 4"),
    (LONG, form(q="\udcff"), "q", "U+DCFF"),
    (HOMES, form(q="0"), "q", "Enter 1 or more"),
    (HOMES, form(q="2.5"), "q", "Enter a whole number"),
    (HOMES, form(q="nan"), "q", "digits only"),
    (HOMES, form(q="१२"), "q", "Use the digits 0 to 9"),
    (PERCENT, form(q="101"), "q", "Enter 100 or less"),
    (MONEY, form(q="1e9"), "q", "such as £12,500"),
    (DATE, form(q__day="31", q__month="2", q__year="2027"), "q-day", "has no day 31"),
    (DATE, form(q__day="1", q__year="2027"), "q-month", "must include a month"),
    (MONTH, form(q__month="13", q__year="2027"), "q-month", "from 1 to 12"),
    (PERSON, form(q__name="x" * 201), "q-name", "200 characters"),
    (PLACE, form(q__areas="Holbeck"), "q-areas", "Not a code: HOLBECK"),
    (PAPERS, form(q__1__title="x\ny"), "q-1-title", "on one line"),
    (ROWS, form(q__1__cost="lots"), "q-1-cost", "such as £12,500"),
    (ROWS, form(q__1__by__day="1"), "q-1-by-month", "month and a year"),
    (ROWS, form(q__1__done="x"), "q-1-done", "Choose one"),
    (ROWS, {f"q-{n}-option": ["x"] for n in range(1, 5)}, "q", "at most 3 rows"),
    (GROUPS, form(q__men__state="x"), "q-men-state", "Choose one"),
    (GROUPS, form(q__men__reason="Because"), "q-men-state", "Say whether they are affected: Men"),
    (GROUPS, form(q__shared_reason="Because"), "q-shared_groups", "Choose the groups"),
    (GROUPS, form(q__shared_groups="men"), "q-shared_reason", "Say why"),
    (GROUPS, form(q__shared_groups="women", q__shared_reason="r"), "q-shared_groups", "from the groups shown"),
    (
        GROUPS,
        form(q__men__state="affected", q__shared_groups=["men"], q__shared_reason="r"),
        "q-shared_groups",
        "already marked “affected”: Men",
    ),
    (INDICATOR, form(q__value__2="many"), "q-value-2", "digits only"),
    (DECLARATION, form(q="yes"), "q", "Tick the box"),
]


@pytest.mark.parametrize(("asked", "raw", "field", "message"), REFUSED)
def test_what_cannot_be_used_is_refused_at_its_field_and_kept_as_typed(
    asked: Question, raw: dict[str, list[str]], field: str, message: str
) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        parse(asked, {**raw, "other": ["x"], "q2": ["y"], "csrf_token": ["z"]})
    assert list(refused.value.messages) == [field]
    assert message in refused.value.messages[field]
    assert refused.value.kept.keys() == raw.keys()
    for name, values in refused.value.kept.items():
        assert [len(value) for value in values] == [len(value) for value in raw[name]]
        "".join(values).encode("utf-8")


def test_every_message_of_a_form_is_given_at_once() -> None:
    raw = form(q__1__cost="lots", q__2__done="x", q__3__option="a\x00")
    with pytest.raises(InvalidAnswer) as refused:
        parse(ROWS, raw)
    assert set(refused.value.messages) == {"q-1-cost", "q-2-done", "q-3-option"}


def test_one_reason_serves_several_groups_and_an_own_reason_stays() -> None:
    raw = form(
        q__shared_reason="They live elsewhere",
        q__shared_groups=["men", "carers"],
        q__men__state="not_affected",
        q__men__reason="Own reason",
    )
    assert parse(GROUPS, raw) == {
        "carers": row(state="not_affected", reason="They live elsewhere"),
        "men": row(state="not_affected", reason="Own reason"),
    }


def test_a_hostile_number_of_rows_is_refused() -> None:
    with pytest.raises(InvalidAnswer) as refused:
        parse(ROWS, {f"q-{n}-option": ["x"] for n in range(1_000)})
    assert refused.value.messages == {"q": "Give at most 3 rows"}


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (DATE, "tomorrow"),
        (DATE, "2027-02-31"),
        (DATE, 5),
        (PERSON, {"name": "x"}),
        (PERSON, "x"),
        (PLACE, {"description": "x", "areas": "Leeds"}),
        (ROWS, "text"),
        (GROUPS, ["men"]),
        (GROUPS, {"men": "affected"}),
        (INDICATOR, {"values": []}),
        (SEVERAL, ["zzz"]),
        (CHOICE, "gone"),
        (HOMES, "many"),
    ],
)
def test_a_value_from_elsewhere_that_does_not_fit_is_refused(asked: Question, value: Any) -> None:
    with pytest.raises(InvalidAnswer):
        accepted(asked, value)


WHOLE = base_text("""
    - {id: gate, type: yes_no_not_known, text: G?, required: true}
    - {id: behind, type: long_text, text: B?, required: true, show_when: {question: gate, equals: "yes"}}
    - {id: optional, type: date, text: O?}
    - {id: who, type: person, text: W?}
    - {id: affected, type: groups, text: A?, required: true}
    - id: options_considered
      type: list
      text: L?
      minimum_rows: 2
      columns: [{id: option, label: Option, type: short_text, required: true}, {id: why, label: Why, type: long_text}]
    - id: warmer
      type: yes_no_not_known
      text: W?
      suggests:
        - id: warmer_homes
          when: {question: warmer, equals: "yes"}
          direction: benefit
          because: b
          effect: e
          pathway: p
        - {id: upheaval, when: {question: behind, answered: true}, direction: harm, because: b, effect: e, pathway: p}
""")
COMPLETE: dict[str, Any] = {
    "gate": "no",
    "affected": {"carers": row(state="affected"), "men": row(state="not_affected", reason="r")},
}


def whys(answers: dict[str, Any]) -> dict[str, str]:
    return {lack.question_id: lack.why for lack in missing(loaded(WHOLE), answers)}


def test_what_is_missing_is_named_with_its_section() -> None:
    first = missing(loaded(WHOLE), {})[0]
    assert (first.question_id, first.section_id, first.why) == ("gate", "places", "This question needs an answer")
    assert list(whys({})) == ["gate", "affected"]
    assert whys(COMPLETE) == {}


@pytest.mark.parametrize(
    ("changed", "question_id", "why"),
    [
        ({"gate": "yes"}, "behind", "This question needs an answer"),
        ({"who": {"name": "", "role": "Director"}}, "who", "Give the person's name"),
        ({"affected": {"men": row(state="affected")}}, "affected", "Say whether they are affected: Carers"),
        (
            {"affected": {"men": row(state="not_affected"), "carers": row(state="affected")}},
            "affected",
            "Give the reason why they are not affected: Men",
        ),
        ({"options_considered": [{"option": "a", "why": ""}]}, "options_considered", "Give at least 2 rows"),
        (
            {"options_considered": [{"option": "a", "why": ""}, {"option": "", "why": "w"}]},
            "options_considered",
            "Row 2 needs “Option”",
        ),
    ],
)
def test_an_incomplete_answer_is_missing(changed: dict[str, Any], question_id: str, why: str) -> None:
    assert whys({**COMPLETE, **changed}) == {question_id: why}


def test_a_hidden_question_is_never_missing_however_incomplete() -> None:
    assert whys({**COMPLETE, "gate": "not_known"}) == {}


def test_suggestions_follow_the_answers_that_count() -> None:
    def ids(answers: dict[str, Any]) -> list[str]:
        return [offered.suggestion.id for offered in suggested(loaded(WHOLE), answers)]

    assert ids({}) == []
    assert ids({"warmer": "yes"}) == ["warmer_homes"]
    assert ids({"warmer": "yes", "gate": "yes", "behind": "x"}) == ["warmer_homes", "upheaval"]
    assert ids({"warmer": "yes", "gate": "no", "behind": "x"}) == ["warmer_homes"]
    offered = suggested(loaded(WHOLE), {"warmer": "yes"})[0]
    assert (offered.question_id, offered.section.principle) == ("warmer", 5)
