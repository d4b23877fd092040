"""The questions and answers of a record, section by section, as people gave them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hia_app.domain import answers as given
from hia_app.domain import report_indicators, report_parts
from hia_app.domain.document import Block, Bullets, Facts, Heading, Paragraph, Table
from hia_app.domain.questionnaire import Question, Questionnaire
from hia_app.domain.report_groups import chart_by_group
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
    """Every answer that counts, in the order of the questionnaire; sections printed further up are named here."""
    rows = source.payload["answers"]["assessment"]
    if not rows:
        return
    yield Heading(report_parts.ANSWERS, 2, "answers")
    yield Paragraph(
        "Questions that did not apply are not shown. “Not answered” means that nobody answered; that is not neutral."
    )
    here = {row["section"] for row in rows}
    above = [one for one in source.questionnaire.sections if one.id in here and one.id in report_parts.STANDS_UNDER]
    if above:
        yield Paragraph("These sections stand further up, in full:")
        yield Bullets(tuple(f"{one.title}: under “{report_parts.STANDS_UNDER[one.id]}”" for one in above))
    yield from _sections(source.questionnaire, rows, elsewhere=report_parts.STANDS_UNDER)
    if source.questionnaire.left_out:
        yield Heading("Questions this type of scheme leaves out", 3)
        yield Bullets(tuple(f"{left.text or left.question}: {left.reason}" for left in source.questionnaire.left_out))


def part(source: Source, title: str) -> list[Block]:
    """The answers that stand under a part of the report; nothing where the questionnaire has no such section."""
    wanted = report_parts.sections_under(title)
    return list(_sections(source.questionnaire, source.payload["answers"]["assessment"], only=wanted))


def _sections(
    questionnaire: Questionnaire,
    rows: Sequence[Payload],
    *,
    only: Sequence[str] | None = None,
    elsewhere: Mapping[str, str] | None = None,
) -> Iterator[Block]:
    by_question = {row["question"]: row for row in rows}
    for section in questionnaire.sections:
        asked = [question for question in section.questions if question.id in by_question]
        if not asked or (only is not None and section.id not in only):
            continue
        title = f"Principle {section.principle}: {section.title}" if section.principle else section.title
        if elsewhere and section.id in elsewhere:
            continue
        yield Heading(title, 3, f"section-{section.id.replace('_', '-')}")
        for question in asked:
            yield from _answer(questionnaire, question, by_question[question.id])


def _answer(questionnaire: Questionnaire, question: Question, row: Payload) -> Iterator[Block]:
    yield Heading(question.text, 4)
    if row.get("exempt"):
        yield Paragraph(row["exempt"])
        return
    value = row["value"]
    shown = row.get("shown") or given.as_text(question, value, questionnaire)
    if not shown:
        yield Paragraph("Not answered.")
    elif question.type == "groups":
        yield _groups(questionnaire, value)
    elif question.type == "indicator":
        yield report_indicators.figures(value, question.text, row.get("statistics"))
        if value.get("groups"):
            yield report_indicators.group_figures(value, question.text, row.get("statistics"))
        yield from report_indicators.about(value, row.get("statistics"), question.text)
    elif isinstance(shown, str):
        yield Paragraph(shown)
    else:
        if (chart := chart_by_group(question, value)) is not None:
            yield chart
        yield from _entries(shown)
    if row.get("to_confirm"):
        yield Paragraph("Carried over from the version before; nobody has confirmed it yet.", "small")


def _entries(shown: Sequence[str | dict[str, str]]) -> Iterator[Block]:
    """Several choices as a list; rows of fields as facts, which may be of any length (a table cell may not)."""
    texts = [entry for entry in shown if isinstance(entry, str)]
    if texts:
        yield Bullets(tuple(texts)) if len(texts) > 1 else Paragraph(texts[0])
    for entry in shown:
        if isinstance(entry, dict):
            yield Facts(tuple((label, text) for label, text in entry.items() if text))


def _groups(questionnaire: Questionnaire, value: Mapping[str, Payload]) -> Table:
    rows = []
    for group in questionnaire.groups:
        if (entry := value.get(group.id)) is None:
            continue
        plan = ", ".join(filter(None, (entry["plan_how"], entry["plan_who"], entry["plan_by"])))
        why = " ".join(filter(None, (entry["reason"], f"Plan to find out: {plan}." if plan else "")))
        rows.append((group.label, "Yes" if group.priority else "No", STATE_WORDS.get(entry["state"], ""), why))
    return Table("Population groups", ("Group", "Priority group", "Affected?", "Reason or plan"), tuple(rows))
