"""Keeping what people answer: only what they may touch, never over somebody else's words, and nothing twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from hia_app.domain.answers import InvalidAnswer, parse
from hia_app.domain.conditions import nothing_given
from hia_app.domain.errors import Conflict, InvalidInput, NotNow, NotVisible
from hia_app.domain.indicator_library import still_pinned
from hia_app.domain.policy import require_section
from hia_app.domain.progress import UNANSWERED
from hia_app.domain.questionnaire import Question, Questionnaire, Section, visible_questions
from hia_app.domain.workflow import Action
from hia_app.services import impacts, places, ratings
from hia_app.services.points import latest_points, reopened_in
from hia_app.services.work import NOTHING, Case, Work, allow, hold, record_each
from hia_app.store.tables import Answer, Event

ONE_SITTING = timedelta(minutes=30)
SOMEBODY_ELSE = "Somebody else changed an answer on this page while you were writing. Both texts are kept."

Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did: the questions written, and what the page must know to save again."""

    changed: tuple[str, ...]
    tokens: Mapping[str, str]
    visible: frozenset[str]
    appeared: tuple[str, ...] = ()  # questions of this section that are shown only now, without an answer
    problems: Mapping[str, str] = field(default_factory=dict)  # autosave only: form field → what was not saved


def answers_of(work: Work, case: Case) -> dict[str, Answer]:
    """Every stored answer of this version by question id, hidden ones too; one query."""
    rows = work.session.scalars(select(Answer).where(Answer.version_id == case.version.id))
    return {row.question_id: row for row in rows}


def values_of(rows: Mapping[str, Answer]) -> dict[str, Any]:
    """Question id → value."""
    return {question_id: row.value for question_id, row in rows.items()}


def section_of(case: Case, section_id: str) -> tuple[Questionnaire, Section]:
    """A section of the screening or of the assessment, if this person may be there; raises NotVisible."""
    if section_id in case.screening.section_by_id:
        return case.screening, case.screening.section_by_id[section_id]
    if section_id not in case.questionnaire.section_by_id:
        raise NotVisible(NOTHING)
    if case.standing.contributor and not case.standing.owner:
        require_section(section_id, case.standing)
    return case.questionnaire, case.questionnaire.section_by_id[section_id]


def token(row: Answer | None) -> str:
    """What the form carries for one answer: which version of it was shown, and what it said."""
    return "0-" if row is None else f"{row.row_version}-{_digest(row.value)}"


def record_answers(
    work: Work,
    case: Case,
    section_id: str,
    form: Form,
    *,
    autosave: bool = False,
    given: Mapping[str, Any] | None = None,
) -> Saved:
    """Keep the answers of one page; a question counts as sent when its token `was:<id>` is in the form.

    `given` has, by question id, values that come from somewhere else than the form: figures of the library.

    Raises InvalidInput when an answer cannot be read (an autosave keeps the others and reports it), and Conflict, with
    both values by question id, when somebody else changed the same answer in between.
    """
    questionnaire, section = section_of(case, section_id)
    screening = questionnaire is case.screening
    action = Action.ANSWER_SCREENING if screening else Action.ANSWER
    allow(work, action, case)
    if not screening:
        require_section(section_id, case.standing)
    hold(work, case)
    rows = answers_of(work, case)
    stored = values_of(rows)
    open_ids = open_questions(work, case, section)
    if not open_ids:
        raise NotNow("Nothing on this page was returned, so it cannot be changed now.")
    sent = [q for q in section.questions if q.id in open_ids and f"was:{q.id}" in form]
    typed, problems = _read(sent, form, stored, given or {})
    problems |= _unknown_places(work, case, sent, stored, typed)
    visible = visible_questions(questionnaire, {**stored, **typed})
    problems = {q: messages for q, messages in problems.items() if q in visible}
    if problems and not autosave:
        raise InvalidInput({name: text for messages in problems.values() for name, text in messages.items()})
    shown = {q: value for q, value in typed.items() if q in visible}
    changed = _changed(rows, shown, form)
    _refuse_conflicts(rows, changed, form)
    confirmed = [] if autosave else [q for q in shown if q in rows and rows[q].to_confirm and q not in changed]
    _write(work, case, rows, changed, confirmed)
    if changed:
        _tell(work, case, action, section, changed, autosave)
    if not screening and not changed.keys().isdisjoint(places.place_questions(questionnaire)):
        impacts.follow_places(work, case)
    if (changed or confirmed) and not screening:
        ratings.refresh(work, case)
    before = visible_questions(questionnaire, stored)
    return Saved(
        changed=tuple(changed),
        tokens={q.id: token(rows.get(q.id)) for q in sent},
        visible=frozenset(q.id for q in section.questions if q.id in visible),
        appeared=tuple(q.id for q in section.questions if q.id in visible - before and _empty(rows.get(q.id))),
        problems={name: text for messages in problems.values() for name, text in messages.items()},
    )


def open_questions(work: Work, case: Case, section: Section) -> frozenset[str]:
    """The questions of a section that may be changed now: all, or when returned those that were reopened."""
    asked = {question.id for question in section.questions if question.type not in UNANSWERED}
    if section.id in case.screening.section_by_id:
        return frozenset(asked)
    reopened = reopened_in(case, latest_points(work, case))
    return frozenset(question_id for question_id in asked if reopened.question(question_id, section.id))


def _read(
    questions: Iterable[Question], form: Form, stored: Mapping[str, Any], given: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """Values by question id, and the messages of those that cannot be read by question id and form field."""
    values, problems = {}, {}
    for question in questions:
        if question.id in given:
            values[question.id] = given[question.id]
            continue
        try:
            values[question.id] = parse(question, form)
            if question.type == "indicator":
                values[question.id] = still_pinned(stored.get(question.id), values[question.id])
        except InvalidAnswer as invalid:
            problems[question.id] = invalid.messages
    return values, problems


def _unknown_places(
    work: Work, case: Case, sent: Iterable[Question], stored: Mapping[str, Any], typed: dict[str, Any]
) -> dict[str, dict[str, str]]:
    """Messages about areas that our figures do not have; without any figures every code is taken as it is."""
    problems = {}
    for question in sent:
        value = typed.get(question.id)
        if question.type != "place" or not value or not value["areas"] or value == stored.get(question.id):
            continue
        edition = places.adopt(work, case)
        wrong = places.unknown(work, edition, value["areas"]) if edition else []
        if edition and wrong:
            problems[question.id] = {f"{question.id}-areas": places.unknown_words(wrong, edition)}
            del typed[question.id]
    return problems


def _changed(rows: Mapping[str, Answer], typed: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """What this person really changed: it differs from what the page had shown and from what is stored."""
    changed = {}
    for question_id, value in typed.items():
        digest = _digest(value)
        row = rows.get(question_id)
        if digest not in (_shown(form, question_id)[1], _digest(row.value if row else None)):
            changed[question_id] = value
    return changed


def _refuse_conflicts(rows: Mapping[str, Answer], changed: Mapping[str, Any], form: Form) -> None:
    found = [
        question_id
        for question_id in changed
        if _shown(form, question_id)[0] != (rows[question_id].row_version if question_id in rows else 0)
    ]
    if found:
        raise Conflict(
            SOMEBODY_ELSE,
            {question_id: rows[question_id].value if question_id in rows else None for question_id in found},
            {question_id: changed[question_id] for question_id in found},
        )


def _write(
    work: Work, case: Case, rows: dict[str, Answer], changed: Mapping[str, Any], confirmed: Iterable[str]
) -> None:
    """One row per answer. The version is held, so the row versions compared before are still the stored ones."""
    for question_id, value in changed.items():
        row = rows.get(question_id)
        if row is None:
            row = rows[question_id] = Answer(version_id=case.version.id, question_id=question_id, row_version=0)
            work.session.add(row)
        row.value = None if nothing_given(value) else value
        _touch(work, row)
    for question_id in confirmed:
        _touch(work, rows[question_id])
    work.session.flush()


def _touch(work: Work, row: Answer) -> None:
    row.to_confirm = False
    row.row_version += 1
    row.changed_by, row.changed_at = work.actor.person_id, work.now


def _tell(work: Work, case: Case, action: Action, section: Section, changed: Collection[str], autosave: bool) -> None:
    """One event for each answer; what one person autosaves on one answer in one sitting is told once."""
    texts = {question.id: question.text[:200] for question in section.questions if question.id in changed}
    told = _told_lately(work, case, action, texts) if autosave else frozenset()
    record_each(
        work,
        action,
        case,
        [
            (text, {"question": question_id, "section": section.id})
            for question_id, text in texts.items()
            if text not in told
        ],
    )


def _told_lately(work: Work, case: Case, action: Action, texts: Mapping[str, str]) -> frozenset[str]:
    rows = work.session.scalars(
        select(Event.subject).where(
            Event.version_id == case.version.id,
            Event.person_id == work.actor.person_id,
            Event.action == str(action),
            Event.outcome == "done",
            Event.subject.in_(texts.values()),
            Event.at >= work.now - ONE_SITTING,
        )
    )
    return frozenset(rows)


def _shown(form: Form, question_id: str) -> tuple[int, str]:
    """Row version and digest that the page had shown; a token we did not write counts as nothing shown."""
    number, _, digest = (form.get(f"was:{question_id}") or [""])[0].partition("-")
    known = number.isascii() and number.isdigit() and len(number) < 10
    return (int(number), digest) if known else (-1, "?")


def _digest(value: Any) -> str:
    """A few digits that tell two values apart; empty for no answer."""
    if nothing_given(value):
        return ""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _empty(row: Answer | None) -> bool:
    return row is None or nothing_given(row.value)
