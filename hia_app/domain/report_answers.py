"""The questions and answers of a record, section by section, as people gave them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hia_app.domain import answers as given
from hia_app.domain.document import Block, Bullets, Facts, Heading, Paragraph, Table
from hia_app.domain.questionnaire import Question, Questionnaire
from hia_app.domain.report_source import Payload, Source

STATE_WORDS = {"affected": "Affected", "not_affected": "Not affected", "not_known": "Not known"}


def screening(source: Source) -> Iterator[Block]:
    """Why a full assessment was, or was not, needed."""
    yield Heading("Screening", 2, "screening")
    a = source.assessment
    if a["screening_outcome"]:
        yield Paragraph(a["screening_outcome"], "lead")
    if a["screened_out_reason"]:
        yield Paragraph(f"Reason given: {a['screened_out_reason']}")
    yield from _sections(source.screening, source.payload["answers"]["screening"])


def answers(source: Source) -> Iterator[Block]:
    """Every answer that counts, in the order of the questionnaire."""
    rows = source.payload["answers"]["assessment"]
    if not rows:
        return
    yield Heading("All questions and answers", 2, "answers")
    yield Paragraph(
        "Questions that did not apply are not shown. “Not answered” means that nobody answered; it is not a neutral answer."
    )
    yield from _sections(source.questionnaire, rows)
    if source.questionnaire.left_out:
        yield Heading("Questions this type of scheme leaves out", 3)
        yield Bullets(tuple(f"{left.text or left.question}: {left.reason}" for left in source.questionnaire.left_out))


def _sections(questionnaire: Questionnaire, rows: Sequence[Payload]) -> Iterator[Block]:
    by_question = {row["question"]: row for row in rows}
    for section in questionnaire.sections:
        asked = [question for question in section.questions if question.id in by_question]
        if not asked:
            continue
        title = f"Principle {section.principle}: {section.title}" if section.principle else section.title
        yield Heading(title, 3, f"section-{section.id.replace('_', '-')}")
        for question in asked:
            yield from _answer(questionnaire, question, by_question[question.id])


def _answer(questionnaire: Questionnaire, question: Question, row: Payload) -> Iterator[Block]:
    yield Heading(question.text, 4)
    value = row["value"]
    if not given.is_answered(question, value):
        yield Paragraph("Not answered.")
        return
    yield from _READERS.get(question.type, _text)(questionnaire, question, value)
    if row.get("to_confirm"):
        yield Paragraph("Carried over from the version before; nobody has confirmed it yet.", "small")


def _text(questionnaire: Questionnaire, question: Question, value: Any) -> Iterator[Block]:
    found = given.as_text(question, value, questionnaire)
    if isinstance(found, str):
        yield Paragraph(found)
    elif len(found) == 1:
        yield Paragraph(found[0])
    else:
        yield Bullets(tuple(found))


def _groups(questionnaire: Questionnaire, _: Question, value: Mapping[str, Payload]) -> Iterator[Block]:
    rows = []
    for group in questionnaire.groups:
        if (entry := value.get(group.id)) is None:
            continue
        plan = ", ".join(filter(None, (entry.get("plan_how"), entry.get("plan_who"), entry.get("plan_by"))))
        why = " ".join(filter(None, (entry.get("reason", ""), f"Plan to find out: {plan}." if plan else "")))
        mark = "Yes" if group.priority else "No"
        rows.append((group.label, mark, STATE_WORDS[entry["state"]], why))
    yield Table("Population groups", ("Group", "Priority group", "Affected?", "Reason or plan"), tuple(rows))


def _list(_: Questionnaire, question: Question, value: Sequence[Payload]) -> Iterator[Block]:
    for number, row in enumerate(value, 1):
        entries = [(column.label, given.column_text(column, row.get(column.id, ""))) for column in question.columns]
        yield Facts(tuple((label, text) for label, text in entries if text))
        if number < len(value):
            yield Paragraph("", "small")


def _indicator(_: Questionnaire, question: Question, value: Payload) -> Iterator[Block]:
    name = "tenth" if question.quantiles == 10 else "fifth"
    rows = tuple((str(number), shown or "not known") for number, shown in enumerate(value["values"], 1))
    about = ", ".join(filter(None, (value.get("area"), value.get("period"))))
    yield Table(
        f"{value.get('title') or question.text} ({about})" if about else value.get("title") or question.text,
        (f"Deprivation {name} (1 is most deprived)", value.get("unit") or "Value"),
        rows,
        frozenset({1}),
        f"Source: {value['source']}" if value.get("source") else "",
    )


_READERS = {"groups": _groups, "list": _list, "indicator": _indicator}
