"""A record from a file begins a new assessment: under a reference of its own, with everything to be confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import InvalidOperation
from typing import Any

from sqlalchemy import select

from hia_app.domain import impact_form, record_import
from hia_app.domain.answers import InvalidAnswer, accepted
from hia_app.domain.conditions import nothing_given
from hia_app.domain.errors import InvalidInput
from hia_app.domain.questionnaire import Questionnaire
from hia_app.domain.record import file_hash
from hia_app.domain.record_import import Problem, UnreadableRecord
from hia_app.domain.spreads import FROM_PLACES
from hia_app.services import assessments, impacts, ratings, screening
from hia_app.services.work import Case, Work, open_case, record
from hia_app.store.columns import new_id
from hia_app.store.tables import Answer

MOST_NAMED = 40


@dataclass(frozen=True, slots=True)
class Imported:
    """The new assessment, and what of the file it could not take, in words."""

    case: Case
    left_out: tuple[str, ...]


def import_record(work: Work, form_id: str, content: bytes, decision_date: date | None = None) -> Imported:
    """Begin an assessment with what a file says; the same `form_id` again gives the one it began.

    Nothing is taken on trust: the reference, people, grades, comments, rating and hashes of the file stay in the file;
    answers and impacts are read as if they were typed, and wait to be confirmed. Raises UnreadableRecord.
    """
    found = record_import.read(content)
    told = found["submission"]
    try:
        case = assessments.start(work, form_id, record_import.proposal(found, decision_date))
    except InvalidInput as invalid:
        raise UnreadableRecord(
            tuple(Problem(f"submission / assessment / {name}", text) for name, text in invalid.messages.items())
        ) from None
    begun = select(Answer.question_id).where(Answer.version_id == case.version.id).limit(1)
    if work.session.scalar(begun) is not None:
        return Imported(case, ())  # a second click on the same button
    full = bool(told["answers"]["assessment"] or told["impacts"])
    # Screening answers cannot be changed after the screening, so nobody could confirm them there.
    left_out = list(_answers(work, case, case.screening, told["answers"]["screening"], to_confirm=not full))
    work.session.flush()
    if full:
        if screening.outcome(work, case).complete:
            screening.screen_in(work, case)
            case = open_case(work, case.reference, case.version.number)  # in its new state
            left_out += _answers(work, case, case.questionnaire, told["answers"]["assessment"], to_confirm=True)
            work.session.flush()
            left_out += _impacts(work, case, told["impacts"])
        else:
            left_out.append("Everything behind the screening, because a screening question here has no answer")
    if papers := len(told.get("evidence", ())):
        left_out.append(f"{papers} evidence file{'s' if papers > 1 else ''}: a record as data holds no files")
    record(
        work,
        "import_record",
        case,
        subject=record_import.provenance(found),
        detail={"sha256": file_hash(content), "record_hash": found["record_hash"], "left_out": left_out[:MOST_NAMED]},
    )
    work.session.flush()
    ratings.refresh(work, case)
    return Imported(case, tuple(left_out))


def _answers(
    work: Work, case: Case, questionnaire: Questionnaire, rows: list[Mapping[str, Any]], *, to_confirm: bool
) -> Iterator[str]:
    """Keeps what this questionnaire can read; gives what it cannot."""
    taken: set[str] = set()
    for row in rows:
        question = questionnaire.question_by_id.get(row["question"])
        value = row["value"]
        if nothing_given(value):
            if row.get("exempt") or row.get("shown"):
                yield f"{row['question']}: not in a public edition"
            continue
        if question is None or question.id in taken:
            yield f"{str(row['question'])[:80]}: not asked here"
            continue
        try:
            kept = accepted(question, value)
            if type(kept) is not type(value):  # a list that reads as a text, say, is not what anybody answered
                raise InvalidAnswer({}, {})
        except InvalidAnswer:
            yield f"{question.text[:120]}: not an answer that this question can have"
            continue
        taken.add(question.id)
        work.session.add(
            Answer(
                version_id=case.version.id,
                question_id=question.id,
                value=kept,
                to_confirm=to_confirm,
                changed_by=work.actor.person_id,
                changed_at=work.now,
            )
        )


def _impacts(work: Work, case: Case, rows: list[Mapping[str, Any]]) -> Iterator[str]:
    """Records each impact through its form, without what belongs to chosen places; gives what it cannot take."""
    steps = [step.id for step in impact_form.STEPS]
    for one in rows:
        name = f"Impact {str(one['name'])[:20]}"
        if one.get("exempt") or one["section"] not in case.questionnaire.section_by_id:
            yield f"{name}: {'not in a public edition' if one.get('exempt') else 'its section is not asked here'}"
            continue
        groups, cards = case.questionnaire.group_by_id, case.questionnaire.evidence_by_id
        try:
            values = dict(one)
            values["groups"] = [group for group in values["groups"] if group in groups]
            values["evidence"] = [card for card in values["evidence"] if card in cards]
            for day in ("plan_by", "due"):
                values[day] = date.fromisoformat(values[day]) if values[day] else None
            if values["spread_kind"] == FROM_PLACES:
                values["spread_kind"] = "declared"
            values |= {"base": None, "reach_shares": None}  # worked out from places, which are to be chosen again
            values = {column: values.get(column) for column in impact_form.COLUMNS}
            shown = impact_form.form_values(values)
            raw = {field: [text] if isinstance(text, str) else list(text) for field, text in shown.items()}
            with work.session.begin_nested():
                row = impacts.save(work, case, new_id(), one["section"], 0, raw, steps)
        except InvalidInput as invalid:
            yield f"{name}: {'; '.join(invalid.messages.values())}"
            continue
        except (TypeError, ValueError, KeyError, AttributeError, InvalidOperation):
            yield f"{name}: not in a form that can be read"
            continue
        row.to_confirm = True
