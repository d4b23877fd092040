"""A questionnaire to fill in by hand or to talk through in a workshop: every question and room to write."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hia_app.domain.document import Block, Bullets, Document, Facts, Heading, Paragraph, Table
from hia_app.domain.questionnaire import Question, Questionnaire
from hia_app.domain.record import short

CHOICES = {"yes_no_not_known": ("Yes", "No", "Not known"), "declaration": ("Agreed",)}
ROOM = {
    "long_text": 8, "short_text": 2, "number": 1, "money": 1, "date": 1, "month": 1, "person": 2, "place": 3, "file": 2,
}  # fmt: skip
LINE = "_" * 62
ROOM_IN_A_ROW = "\n\u00a0\n\u00a0"


def blank(questionnaire: Questionnaire, council: str, day: date) -> Document:
    """All questions, also those that an answer would hide: on paper nobody can hide them."""
    return Document(
        title=questionnaire.title,
        subtitle="Questions to work through together, with room for notes",
        reference=f"{questionnaire.id} version {questionnaire.version}",
        council=council,
        lang="en-GB",
        date=day,
        fingerprint_lines=(f"Questionnaire fingerprint: {short(questionnaire.fingerprint)}",),
        blocks=tuple(_blocks(questionnaire)),
        version="Blank copy",
    )


def _blocks(questionnaire: Questionnaire) -> Iterator[Block]:
    if questionnaire.summary:
        yield Paragraph(questionnaire.summary, "lead")
    yield Paragraph(
        "Use this to prepare or to talk. Answers count once they are entered in the service. "
        "“Not known” is an honest answer; say then how it will be found out, who does it and by when."
    )
    for section in questionnaire.sections:
        title = f"Principle {section.principle}: {section.title}" if section.principle else section.title
        yield Heading(title, 2, f"section-{section.id.replace('_', '-')}")
        if section.intro:
            yield Paragraph(section.intro)
        for number, question in enumerate((one for one in section.questions if one.type != "impacts"), 1):
            yield from _question(questionnaire, question, number)
        if section.impacts:
            yield Heading("Impacts to record here", 3)
            rows = tuple((f"{number}{ROOM_IN_A_ROW}", "", "", "", "") for number in range(1, 4))
            header = ("Number", "Who is affected, and how", "Benefit or harm", "How many people", "How sure we are")
            yield Table("Impacts", header, rows)


def _question(questionnaire: Questionnaire, question: Question, number: int) -> Iterator[Block]:
    if question.type == "note":
        yield Paragraph(question.text)
        return
    required = "" if question.required else " (if it applies)"
    yield Heading(f"{number}. {question.text}{required}", 3)
    about = (("Why we ask", question.why), ("What good looks like", question.good), ("For example", question.example))
    told = tuple((label, text) for label, text in about if text)
    if told:
        yield Facts(told)
    for text in question.guidance:
        yield Paragraph(text, "small")
    yield from _room(questionnaire, question)


def _room(questionnaire: Questionnaire, question: Question) -> Iterator[Block]:
    choices = CHOICES.get(question.type) or tuple(option.label for option in question.options)
    if choices:
        yield Bullets(tuple(f"[   ] {label}" for label in choices))
        return
    if question.type == "groups":
        rows: tuple[tuple[str, ...], ...] = tuple((group.label, "", "") for group in questionnaire.groups)
        yield Table(
            "Population groups", ("Group", "Affected, not affected or not known", "Why, or how to find out"), rows
        )
    elif question.type == "list":
        header = ("Number", *(column.label for column in question.columns))
        rows = tuple((f"{number}{ROOM_IN_A_ROW}", *[""] * len(question.columns)) for number in range(1, 5))
        yield Table("One line for each", header, rows)
    elif question.type == "indicator":
        places = range(1, (question.quantiles or 10) + 1)
        yield Table(
            "Values, 1 is most deprived", ("Place on the gradient", "Value"), tuple((str(p), "") for p in places)
        )
    else:
        unit = f" ({question.unit})" if question.unit else ""
        yield Paragraph("\n".join([f"Notes{unit}:", *[LINE] * ROOM.get(question.type, 2)]))
