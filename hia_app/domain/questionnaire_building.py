"""Builds a questionnaire from its file and the base it builds on: add, tighten, explain, leave out.

A scheme can only ever ask more. There is no key with which it could loosen, reword, retype or remove; the one
thing it may take away is a question that the base itself says may be left out, with a reason that is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from hia_app.domain.document_shapes import Id, ListOf, OneOf, Reading, Record, Text, Whole, key
from hia_app.domain.questionnaire import (
    FORMAT,
    TYPES_WITH_OPTIONS,
    BuildsOn,
    EvidenceCard,
    Group,
    LeftOut,
    Question,
    Questionnaire,
    Section,
    Tightened,
    Trigger,
    with_options,
)
from hia_app.domain.strict_yaml import Path

Refuse: TypeAlias = Callable[[Path, str, str | None], None]
LAST = "null"  # `after: null` means the same as no `after`: at the end


@dataclass(frozen=True, kw_only=True)
class AddedSection:
    after: str = key(Id(reserved_allowed=True), "", about="The section it follows; at the end without.")
    section: Section | None = key(Record(Section, "section"))


@dataclass(frozen=True, kw_only=True)
class AddedQuestion:
    section: str = key(Id())
    after: str = key(Id(reserved_allowed=True), "", about="The question it follows; at the end without.")
    question: Question | None = key(Record(Question, "question"))


@dataclass(frozen=True, kw_only=True)
class Additions:
    groups: tuple[Group, ...] = key(ListOf(Record(Group, "group")), ())
    evidence: tuple[EvidenceCard, ...] = key(ListOf(Record(EvidenceCard, "evidence card"), most=100), ())
    sections: tuple[AddedSection, ...] = key(ListOf(Record(AddedSection, "added section")), ())
    questions: tuple[AddedQuestion, ...] = key(ListOf(Record(AddedQuestion, "added question"), most=200), ())


@dataclass(frozen=True, kw_only=True)
class Explained:
    """More help with a question of the base; each text is put after the base's own."""

    question: str = key(Id())
    why: str = key(Text(), "")
    good: str = key(Text(), "")
    example: str = key(Text(4_000), "")
    guidance: tuple[str, ...] = key(ListOf(Text(4_000), most=20, or_one=True), ())


@dataclass(frozen=True, kw_only=True)
class LeavesOut:
    question: str = key(Id())
    reason: str = key(Text(600))


@dataclass(frozen=True, kw_only=True)
class Document:
    """One file as written: a base or a screening has sections; a scheme has what it changes."""

    format: int = key(OneOf((FORMAT,)))
    id: str = key(Id())
    version: int = key(Whole(1, 9_999))
    kind: str = key(OneOf(("base", "scheme", "screening")))
    title: str = key(Text(300))
    summary: str = key(Text(), "")
    builds_on: BuildsOn | None = key(Record(BuildsOn, "builds_on"), None)
    groups: tuple[Group, ...] = key(ListOf(Record(Group, "group"), most=100), ())
    evidence: tuple[EvidenceCard, ...] = key(ListOf(Record(EvidenceCard, "evidence card"), most=200), ())
    sections: tuple[Section, ...] = key(ListOf(Record(Section, "section")), ())
    triggers: tuple[Trigger, ...] = key(ListOf(Record(Trigger, "trigger"), most=100), ())
    add: Additions | None = key(Record(Additions, "add"), None)
    tighten: tuple[Tightened, ...] = key(ListOf(Record(Tightened, "tightening"), most=200), ())
    explain: tuple[Explained, ...] = key(ListOf(Record(Explained, "explanation"), most=200), ())
    leave_out: tuple[LeavesOut, ...] = key(ListOf(Record(LeavesOut, "question left out"), most=200), ())


ONLY_IN_A_SCHEME = ("builds_on", "add", "tighten", "explain", "leave_out")
NOT_IN_A_SCHEME = ("groups", "evidence", "sections", "triggers")


def check_keys(document: Document, reading: Reading) -> None:
    """Refuse the keys that this kind of document does not have, and ask for those it needs."""
    scheme = document.kind == "scheme"
    for name in NOT_IN_A_SCHEME if scheme else ONLY_IN_A_SCHEME:
        if getattr(document, name):
            instead = "put it under “add”" if scheme else "only a scheme builds on another"
            reading.refuse((name,), f"a {document.kind} questionnaire has no “{name}”: {instead}")
    if scheme and document.builds_on is None:
        reading.refuse((), "a scheme needs “builds_on”: the id and version of its base")
    if not scheme and not document.sections:
        reading.refuse((), f"a {document.kind} questionnaire needs “sections”")
    for question in _own_questions(document):
        if question.type in TYPES_WITH_OPTIONS and question.options:
            path = (*reading.places["question", question.id], "options")
            reading.refuse(path, f"“options” does not belong to the type {question.type}", question.id)
    if document.triggers and document.kind != "screening":
        reading.refuse(("triggers",), "only a screening questionnaire has “triggers”")


def _own_questions(document: Document) -> list[Question]:
    """The questions that are written in this file."""
    add = document.add or Additions()
    sections = [*document.sections, *(entry.section for entry in add.sections if entry.section)]
    added = [entry.question for entry in add.questions if entry.question]
    return [question for section in sections for question in section.questions] + added


def resolve(
    document: Document,
    bases: Mapping[tuple[str, int], Questionnaire],
    refuse: Refuse,
) -> Questionnaire | None:
    """The questionnaire with its base read in; `refuse(path, reason, question)` notes problems.

    None when the base is not there; otherwise what could be resolved, so that other problems are found too.
    """
    if document.kind != "scheme":
        return with_options(
            Questionnaire(
                format=document.format,
                id=document.id,
                version=document.version,
                kind=document.kind,
                title=document.title,
                summary=document.summary,
                groups=document.groups,
                evidence=document.evidence,
                sections=document.sections,
                triggers=document.triggers,
            )
        )
    base = _base(document, bases, refuse)
    return None if base is None else with_options(_built(document, base, refuse))


def _base(document: Document, bases: Mapping[tuple[str, int], Questionnaire], refuse: Refuse) -> Questionnaire | None:
    if document.builds_on is None:
        return None  # already refused
    named = document.builds_on
    base = bases.get((named.id, named.version))
    if base is None:
        refuse(("builds_on",), f"there is no usable questionnaire “{named.id}” version {named.version}", None)
    elif base.kind != "base":
        refuse(("builds_on",), f"“{named.id}” is of kind {base.kind}; only a base can be built on", None)
        return None
    return base


def _built(document: Document, base: Questionnaire, refuse: Refuse) -> Questionnaire:
    add = document.add or Additions()
    questions = {question.id: question for question in base.questions}
    for place, stricter in enumerate(document.tighten):
        _apply(
            questions,
            stricter.question,
            ("tighten", place),
            refuse,
            _tighten(stricter, ("tighten", place), refuse),
        )
    for place, more in enumerate(document.explain):
        _apply(questions, more.question, ("explain", place), refuse, _explain(more, ("explain", place), refuse))
    left_out = _left_out(document, base, refuse)
    gone = {entry.question for entry in left_out}
    sections = [
        replace(section, questions=tuple(questions[q.id] for q in section.questions if q.id not in gone))
        for section in base.sections
    ]
    sections = _with_sections(sections, add.sections, refuse)
    sections = _with_questions(sections, add.questions, refuse)
    return replace(
        base,
        id=document.id,
        version=document.version,
        kind="scheme",
        title=document.title,
        summary=document.summary,
        builds_on=document.builds_on,
        groups=base.groups + add.groups,
        evidence=base.evidence + add.evidence,
        sections=tuple(sections),
        tightened=document.tighten,
        left_out=left_out,
    )


def _apply(
    questions: dict[str, Question],
    id: str,
    path: Path,
    refuse: Refuse,
    change: Callable[[Question], Question],
) -> None:
    if id in questions:
        questions[id] = change(questions[id])
    elif id:
        refuse((*path, "question"), f"the base has no question “{id}”", id)


def _tighten(stricter: Tightened, path: Path, refuse: Refuse) -> Callable[[Question], Question]:
    if not (stricter.required or stricter.ask_evidence):
        refuse(
            path,
            "say what is tightened: required: true or ask_evidence: true; nothing can be loosened",
            stricter.question,
        )
    return lambda question: replace(
        question,
        required=question.required or stricter.required,
        ask_evidence=question.ask_evidence or stricter.ask_evidence,
    )


def _explain(more: Explained, path: Path, refuse: Refuse) -> Callable[[Question], Question]:
    if not (more.why or more.good or more.example or more.guidance):
        refuse(path, "say what is explained: why, good, example or guidance", more.question)

    def longer(first: str, second: str) -> str:
        return "\n\n".join(text for text in (first, second) if text)

    return lambda question: replace(
        question,
        why=longer(question.why, more.why),
        good=longer(question.good, more.good),
        example=longer(question.example, more.example),
        guidance=question.guidance + more.guidance,
    )


def _left_out(document: Document, base: Questionnaire, refuse: Refuse) -> tuple[LeftOut, ...]:
    left_out: dict[str, LeftOut] = {}
    tightened = {entry.question for entry in document.tighten}
    for place, wanted in enumerate(document.leave_out):
        path = ("leave_out", place)
        question = base.question_by_id.get(wanted.question)
        if question is None:
            refuse(path, f"the base has no question “{wanted.question}”", wanted.question or None)
        elif not question.may_leave_out:
            refuse(path, "the base does not say that this question may be left out", question.id)
        elif question.id in left_out or question.id in tightened:
            refuse(path, "this question is left out twice, or both left out and tightened", question.id)
        else:
            left_out[question.id] = LeftOut(question=question.id, reason=wanted.reason, text=question.text)
    return tuple(left_out.values())


def _with_sections(sections: list[Section], added: Sequence[AddedSection], refuse: Refuse) -> list[Section]:
    for number, entry in enumerate(added):
        if entry.section is None:
            continue
        place = _place_after(entry.after, [section.id for section in sections])
        if place is None:
            refuse(("add", "sections", number, "after"), f"there is no section “{entry.after}” to follow", None)
            place = len(sections)
        sections.insert(place, entry.section)
    return sections


def _with_questions(sections: list[Section], added: Sequence[AddedQuestion], refuse: Refuse) -> list[Section]:
    by_id = {section.id: place for place, section in enumerate(sections)}
    for number, entry in enumerate(added):
        path = ("add", "questions", number)
        if entry.question is None:
            continue
        if entry.section not in by_id:
            if entry.section:
                refuse((*path, "section"), f"there is no section “{entry.section}”", entry.question.id)
            continue
        section = sections[by_id[entry.section]]
        place = _place_after(entry.after, [question.id for question in section.questions])
        if place is None:
            reason = f"there is no question “{entry.after}” to follow in section “{section.id}”"
            refuse((*path, "after"), reason, entry.question.id)
            place = len(section.questions)
        questions = (*section.questions[:place], entry.question, *section.questions[place:])
        sections[by_id[entry.section]] = replace(section, questions=questions)
    return sections


def _place_after(after: str, ids: list[str]) -> int | None:
    """The position right after this id; the end without one; None when it is not there."""
    if after in ("", LAST):
        return len(ids)
    return ids.index(after) + 1 if after in ids else None
