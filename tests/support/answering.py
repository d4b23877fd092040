"""Filling in questionnaires as an officer would, so that tests can begin where they need to."""

from collections.abc import Mapping, Sequence
from typing import Any

from hia_app.domain.answer_parts import columns
from hia_app.domain.answers import form_values
from hia_app.domain.questionnaire import Question, Questionnaire, visible_questions
from hia_app.services.answers import answers_of, record_answers, token, values_of
from hia_app.services.work import Case, Work

Form = dict[str, list[str]]
SAMPLES: Mapping[str, Any] = {
    "short_text": "Inspections, 2025",
    "long_text": "We asked the people who live there, and wrote down what they said.",
    "number": "12",
    "money": "1200.00",
    "date": "2027-03-01",
    "month": "2027-03",
    "person": {"name": "Head of Housing", "role": "Answers for delivery"},
    "place": {"description": "Twelve streets", "areas": ["E01011264"]},
    "file": [{"title": "Business case", "where": "Records system"}],
    "declaration": "agreed",
}


def sample(question: Question) -> Any:
    """A complete answer to this question; choices take the first option, yes/no/not known takes "no"."""
    match question.type:
        case "yes_no_not_known":
            return "no"
        case "single_choice":
            return question.options[0].id
        case "several_choices":
            return [question.options[0].id]
        case "list":
            row = {column.id: _cell(column) for column in columns(question)}
            return [row] * max(question.minimum_rows or 1, 1)
        case "groups":
            nobody = {"plan_who": "", "plan_by": "", "plan_how": ""}
            return {
                one.id: {"state": "not_affected", "reason": "None live there", **nobody} for one in question.options
            }
        case "indicator":
            parts = {"title": "Crowded homes", "unit": "%", "period": "2021", "area": "Leeds", "source": "Census"}
            return parts | {"values": [str(9 - place) for place in range(question.quantiles or 5)]}
    return SAMPLES[question.type]


def _cell(column: Any) -> str:
    if column.type == "single_choice":
        return column.options[0].id
    return "no" if column.type == "yes_no_not_known" else SAMPLES[column.type]


def form_of(question: Question, value: Any, shown: str = "0-") -> Form:
    """What a browser sends for this answer on a page that had shown the token `shown`."""
    fields = form_values(question, value)
    sent: Form = {name: [text] if isinstance(text, str) else list(text) for name, text in fields.items()}
    return sent | {f"was:{question.id}": [shown]}


def send(work: Work, case: Case, values: Mapping[str, Any], **options: Any) -> Any:
    """Save these answers, all of one section, as if the page had just been opened."""
    questionnaire = _home(case, next(iter(values)))
    section = questionnaire.section_of[next(iter(values))]
    rows = answers_of(work, case)
    form: Form = {}
    for question_id, value in values.items():
        form |= form_of(questionnaire.question_by_id[question_id], value, token(rows.get(question_id)))
    return record_answers(work, case, section.id, form, **options)


def fill(work: Work, case: Case, questionnaire: Questionnaire, chosen: Mapping[str, Any] | None = None) -> None:
    """Answer every required question that is shown, with `chosen` values where they are given."""
    chosen = chosen or {}
    for section in questionnaire.sections:
        for _ in range(3):  # an answer may show a further question
            values = values_of(answers_of(work, case))
            shown = visible_questions(questionnaire, values)
            open_ids = _unanswered(section.questions, shown, values)
            if not open_ids:
                break
            by_id = questionnaire.question_by_id
            send(work, case, {one: chosen.get(one, sample(by_id[one])) for one in open_ids})


def _unanswered(questions: Sequence[Question], shown: set[str], values: Mapping[str, Any]) -> list[str]:
    return [one.id for one in questions if one.required and one.id in shown and values.get(one.id) is None]


def _home(case: Case, question_id: str) -> Questionnaire:
    return case.screening if question_id in case.screening.question_by_id else case.questionnaire
