"""Files become questionnaires, or every problem in them with its file, line, question and reason."""

from __future__ import annotations

import time

import pytest

from hia_app.domain.questionnaire_documents import MOST_QUESTIONS, check, load
from tests.support.questionnaires import BASE, FIRST_LINE, base_text, loaded, problems, scheme_text

FIRST = "- {id: one, type: yes_no_not_known, text: One?}\n"


def test_a_small_questionnaire_is_read() -> None:
    small = loaded(base_text(FIRST + "- {id: two, type: long_text, text: Two?, words: 300, required: true}"))
    assert [question.id for question in small.questions] == ["one", "two"]
    assert small.question_by_id["two"].words == 300
    assert small.question_by_id["two"].required
    assert [option.id for option in small.question_by_id["one"].options] == ["yes", "no", "not_known"]
    assert small.section_of["two"].principle == 5
    assert small.priority_groups == {"carers"}


@pytest.mark.parametrize(
    ("question", "place", "reason"),
    [
        ("{id: q, type: note}", "q", "needs “text”"),
        ("{type: note, text: T}", None, "needs “id”"),
        ("{id: q, type: essay, text: T}", "q", "“type” must be one of: single_choice"),
        ("{id: q, type: note, text: T, colour: red}", "q", "unknown key 'colour'"),
        ("{id: q, type: note, text: 12}", "q", "“text” must be text; put 12 in quotes"),
        ("{id: q, type: note, text: true}", "q", "put true in quotes"),
        ("{id: q, type: note, text: ''}", "q", "“text” is empty"),
        ("{id: q, type: date, text: T, required: yes}", "q", "“required” must be true or false"),
        ("{id: q, type: date, text: T, required: 1}", "q", "“required” must be true or false"),
        ("{id: csrf_token, type: note, text: T}", "csrf_token", "“csrf_token” is reserved"),
        ("{id: submit, type: note, text: T}", "submit", "“submit” is reserved"),
        ("{id: version, type: note, text: T}", "version", "“version” is reserved"),
        ("{id: __proto__, type: note, text: T}", "__proto__", "must be a name of lower-case"),
        ("{id: Caps, type: note, text: T}", "Caps", "must be a name of lower-case"),
        ("{id: a-b, type: note, text: T}", "a-b", "must be a name of lower-case"),
        ("{id: 1st, type: note, text: T}", "1st", "must be a name of lower-case"),
        ("{id: 12, type: note, text: T}", None, "must be a name of lower-case"),
        ('{id: "id\\n", type: note, text: T}', "id\\n", "must be a name of lower-case"),
        ("{id: été, type: note, text: T}", "\\xe9t\\xe9", "must be a name of lower-case"),
        ("{id: q, type: single_choice, text: T}", "q", "the type single_choice needs “options”"),
        ("{id: q, type: list, text: T}", "q", "the type list needs “columns”"),
        ("{id: q, type: indicator, text: T}", "q", "the type indicator needs “quantiles”"),
        ("{id: q, type: indicator, text: T, quantiles: 4}", "q", "“quantiles” must be one of: 5, 10"),
        ("{id: q, type: date, text: T, words: 3}", "q", "“words” does not belong to the type date"),
        ("{id: q, type: yes_no_not_known, text: T, options: [{id: a, label: A}]}", "q", "“options” does not belong"),
        ("{id: q, type: long_text, text: T, words: 0}", "q", "from 1 to 3,000"),
        ("{id: q, type: long_text, text: T, words: '300'}", "q", "must be a whole number"),
        ("{id: q, type: number, text: T, minimum: ten}", "q", "must be a number such as"),
        ("{id: q, type: number, text: T, minimum: 3, maximum: 2}", "q", "“minimum” is larger"),
        ("{id: q, type: note, text: T, required: true}", "q", "the type note has no answer"),
        ("{id: q, type: impacts, text: T, required: true}", "q", "the type impacts has no answer"),
        ("{id: q, type: single_choice, text: T, options: []}", "q", "needs “options”"),
        ("{id: q, type: single_choice, text: T, options: [a]}", "q", "entry 1 of “options” must be a mapping"),
        (
            "{id: q, type: single_choice, text: T, options: [{id: a, label: A}, {id: a, label: B}]}",
            "q",
            "“a” stands twice in “options”",
        ),
        (
            "{id: q, type: single_choice, text: T, options: [{id: a, label: A, exclusive: true}]}",
            "q",
            "only an option of several_choices",
        ),
        (
            "{id: q, type: list, text: T, columns: [{id: a, label: A, type: date}, {id: b, label: A, type: date}]}",
            "q",
            "two columns are called “A”",
        ),
        ("{id: q, type: list, text: T, columns: [{id: a, label: A, type: file}]}", "q", "“type” must be one of"),
        (
            "{id: q, type: list, text: T, columns: [{id: a, label: A, type: single_choice}]}",
            "q",
            "column a: the type single_choice needs “options”",
        ),
        (
            "{id: q, type: list, text: T, minimum_rows: 5, maximum_rows: 2, columns: [{id: a, label: A, type: date}]}",
            "q",
            "“minimum_rows” is larger",
        ),
        ("{id: q, type: date, text: T, evidence: [warm_homes]}", "q", "there is no evidence card “warm_homes”"),
        ("{id: q, type: date, text: T, show_when: {question: q, answered: true}}", "q", "waits for its own answer"),
        ("{id: q, type: date, text: T, show_when: {question: gone, answered: true}}", "q", "which does not exist"),
        ("{id: q, type: date, text: T, show_when: {question: one, equals: maybe}}", "q", "no option “maybe”"),
        ("{id: q, type: date, text: T, show_when: {question: one, at_least: 3}}", "q", "can read it only with"),
        ("{id: q, type: date, text: T, show_when: {question: one, contains: a}}", "q", "can read it only with"),
        ("{id: q, type: date, text: T, show_when: later}", "q", "a condition is"),
    ],
)
def test_a_problem_in_a_question_is_named(question: str, place: str | None, reason: str) -> None:
    found = problems(base_text(f"{FIRST}- {question}"))
    assert any(reason in problem.reason for problem in found), found
    assert {(problem.file, problem.line, problem.question) for problem in found} == {("0.yaml", FIRST_LINE + 1, place)}


SUGGESTION = "{id: s, when: %s, direction: harm, because: b, effect: e, pathway: p, groups: [%s], evidence: [%s]}"


@pytest.mark.parametrize(
    ("suggestion", "reason"),
    [
        (SUGGESTION % ("{question: one, equals: 'yes'}", "women", "cold_homes"), "there is no group “women”"),
        (SUGGESTION % ("{question: one, equals: 'yes'}", "men", "x"), "there is no evidence card “x”"),
        (SUGGESTION % ("{question: later, answered: true}", "men", "cold_homes"), "not this question or an earlier"),
        (SUGGESTION % ("{question: one, equals: 'perhaps'}", "men", "cold_homes"), "no option “perhaps”"),
        ("{id: s, direction: harm, because: b, effect: e, pathway: p}", "a suggestion needs “when”"),
    ],
)
def test_a_problem_in_a_suggestion_is_named(suggestion: str, reason: str) -> None:
    text = base_text(
        f"- {{id: one, type: yes_no_not_known, text: One?, suggests: [{suggestion}]}}\n"
        "- {id: later, type: date, text: Later?}"
    )
    (found,) = problems(text)
    assert reason in found.reason
    assert (found.line, found.question) == (FIRST_LINE, "one")


def test_nothing_is_suggested_where_no_impact_can_be_recorded() -> None:
    suggestion = SUGGESTION % ("{question: one, equals: 'yes'}", "men", "cold_homes")
    text = base_text(f"- {{id: one, type: yes_no_not_known, text: One?, suggests: [{suggestion}]}}")
    (found,) = problems(text.replace("    impacts: true\n", ""))
    assert "takes no impacts" in found.reason


def test_conditions_may_not_go_round_in_a_circle() -> None:
    text = base_text("""
        - {id: a, type: yes_no_not_known, text: A?, show_when: {question: b, equals: "yes"}}
        - {id: b, type: yes_no_not_known, text: B?, show_when: {question: c, equals: "yes"}}
        - {id: c, type: yes_no_not_known, text: C?, show_when: {question: a, equals: "yes"}}
    """)
    assert [(found.line, found.question, found.reason.split(":")[0]) for found in problems(text)] == [
        (FIRST_LINE, "a", "circular conditions"),
        (FIRST_LINE + 1, "b", "circular conditions"),
    ]


def test_conditions_may_not_look_forward() -> None:
    text = base_text("""
        - {id: a, type: date, text: A?, show_when: {not: {any: [{question: b, equals: "yes"}]}}}
        - {id: b, type: yes_no_not_known, text: B?}
    """)
    (found,) = problems(text)
    assert "asked later" in found.reason


def test_a_name_is_given_once() -> None:
    twice = base_text(FIRST + FIRST).replace("  - {id: men, ", "  - {id: carers, ")
    twice += "  - {id: places, title: Again, stage: across}\n"
    assert sorted(problem.reason.split(";")[0] for problem in problems(twice)) == [
        "there are two of group “carers”",
        "there are two of question “one”",
        "there are two of section “places”",
    ]


def test_every_problem_is_found_in_one_go_and_in_order() -> None:
    text = base_text("""
        - {id: a, type: note, text: A, colour: red}
        - {id: b, type: date, text: B, words: 3, show_when: {question: c, answered: true}}
        - {id: c, type: essay, text: C}
        - {id: d, type: date, text: D, show_when: {question: c, at_least: 3}}
    """)
    found = [(problem.line, problem.question) for problem in problems(text)]
    assert found == [(FIRST_LINE, "a"), (FIRST_LINE + 1, "b"), (FIRST_LINE + 1, "b"), (FIRST_LINE + 2, "c")]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("format: 1", "format: 2", "“format” must be one of: 1"),
        ("version: 1", "version: 1.0", "“version” must be a whole number"),
        ("kind: base", "kind: other", "“kind” must be one of"),
        ("kind: base", "kind: base\ncolour: red", "unknown key 'colour'"),
        ("kind: base", "kind: base\ntighten: [{question: one, required: true, reason: r}]", "has no “tighten”"),
        ("kind: base", "kind: base\nbuilds_on: {id: core, version: 1}", "has no “builds_on”"),
        ("kind: base", "kind: base\ntriggers: [{question: one, in: ['yes'], reason: r}]", "only a screening"),
        ("stage: principles", "stage: later", "“stage” must be one of"),
        ("principle: 5", "principle: 9", "from 1 to 8"),
        ("strength: strong", "strength: certain", "“strength” must be one of"),
        ("direction: harm", "direction: both", "“direction” must be one of"),
        ("id: small", "id: submit", "“submit” is reserved"),
    ],
)
def test_problems_outside_questions(old: str, new: str, reason: str) -> None:
    found = problems(base_text(FIRST).replace(old, new, 1))
    assert [reason in problem.reason for problem in found] == [True], found


def test_triggers_are_checked_where_they_are_written() -> None:
    text = base_text(FIRST).replace("kind: base", "kind: screening") + (
        "triggers:\n"
        "  - {question: one, in: ['yes', maybe], reason: r}\n"
        "  - {question: gone, in: ['yes'], reason: r}\n"
        "  - {question: one, in: [], reason: r}\n"
    )
    line = FIRST_LINE + 2
    found = [(problem.line, problem.question) for problem in problems(text)]
    assert found == [(line, "one"), (line + 1, "gone"), (line + 2, None)]


@pytest.mark.parametrize("text", ["just text", "- a list", "12", "true"])
def test_a_file_must_be_a_mapping(text: str) -> None:
    (found,) = check({"x.yaml": text})
    assert "a questionnaire is a mapping" in found.reason


def test_a_problem_reads_as_one_line() -> None:
    (found,) = problems(base_text("- {id: q, type: note, text: T, colour: red}"))
    assert str(found) == f"0.yaml:{FIRST_LINE}: question q: unknown key 'colour' in a question"


def test_two_files_may_not_be_the_same_version() -> None:
    (found,) = problems(base_text(FIRST), base_text(FIRST))
    assert found.file == "1.yaml"
    assert "is also in 0.yaml" in found.reason


def test_a_faulty_file_does_not_hide_the_sound_ones() -> None:
    found = load({"bad.yaml": "a: &b 1", "good.yaml": base_text(FIRST)})
    assert list(found.by_file) == ["good.yaml"]
    assert [problem.file for problem in found.problems] == ["bad.yaml"]


def test_a_scheme_may_come_before_its_base() -> None:
    found = load({"a.yaml": scheme_text(""), "b.yaml": base_text(FIRST)})
    assert found.problems == ()
    assert [questionnaire.id for questionnaire in found.questionnaires] == ["scheme", "small"]


def _chain(questions: int, towards: int) -> str:
    """Each question waits for the one `towards` places further on."""
    rows = (
        f"- {{id: q{n}, type: yes_no_not_known, text: T, "
        f"show_when: {{question: q{(n + towards) % questions}, equals: 'yes'}}}}"
        for n in range(questions)
    )
    lists = "\n".join(rows).splitlines()
    sections = [
        f"  - id: s{start}\n    title: T\n    stage: across\n    questions:\n"
        + "".join(f"      {row}\n" for row in lists[start : start + 100])
        for start in range(0, questions, 100)
    ]
    return BASE[: BASE.index("sections:")] + "sections:\n" + "".join(sections)


HOSTILE = {
    "a circle of 500": _chain(500, 1),
    "a circle of 2,000": _chain(2_000, 1),
    "forward by half": _chain(500, 250),
    "unknown keys": "{" + ",".join(f"k{n}: 1" for n in range(9_000)) + "}",
    "wrong sections": BASE[: BASE.index("  - id: places")] + "  - 1\n" * 15_000,
    "endless options": base_text(
        "- {id: q, type: single_choice, text: T, options: [" + "{id: A, label: L}," * 6_000 + "]}"
    ),
    "many broken suggestions": base_text(
        "\n".join(
            f"- {{id: q{n}, type: date, text: T, suggests: ["
            + ", ".join(SUGGESTION % ("{question: x, answered: true}", "a, b", "c") for _ in range(15))
            + "]}"
            for n in range(90)
        )
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_questionnaires_are_refused_quickly_and_briefly(name: str) -> None:
    began = time.process_time()
    found = check({"x.yaml": HOSTILE[name]})
    assert time.process_time() - began < 0.5
    assert 1 <= len(found) <= 101


def test_the_number_of_questions_has_a_limit() -> None:
    (found,) = check({"x.yaml": _chain(MOST_QUESTIONS + 1, 1)})
    assert "at most 500 questions" in found.reason
