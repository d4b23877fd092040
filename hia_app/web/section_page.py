"""What one page of the assessment shows: its questions with what is stored or was just typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from markupsafe import Markup

from hia_app.domain import policy
from hia_app.domain.answers import InvalidAnswer, form_values, kept, parse
from hia_app.domain.questionnaire import Question, Questionnaire, Section, visible_questions
from hia_app.domain.reopened import Reopened
from hia_app.domain.workflow import Action
from hia_app.services import impacts, threads
from hia_app.services.answers import answers_of, section_of, token, values_of
from hia_app.services.evidence_files import Held, files_on_page
from hia_app.services.indicator_library import newest_numbers
from hia_app.services.points import latest_points, reopened_in
from hia_app.services.work import Case, Work, allow
from hia_app.store.tables import Answer, LibraryIndicator, ReturnPoint
from hia_app.web.question_fields import DRAWN_ELSEWHERE, Errors, anchor, belongs, draw

Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question on the page: drawn as a field where it may be changed, else with its answer to read."""

    question: Question
    shown: bool
    markup: Markup | None
    value: Any
    token: str
    to_confirm: bool
    point: ReturnPoint | None


@dataclass(frozen=True, slots=True)
class Again:
    """A form that comes back to be sent again: what was typed, the messages, and which list gets one more row."""

    form: Form
    errors: Errors = field(default_factory=dict)
    more: str = ""


@dataclass(frozen=True, slots=True)
class SectionPage:
    """Everything one page needs; made with a constant number of queries."""

    case: Case
    questionnaire: Questionnaire
    section: Section
    asked: tuple[Asked, ...]
    editable: bool
    reopened: Reopened
    point: ReturnPoint | None  # about the section as a whole
    points_waiting: int
    lines: tuple[impacts.Recorded, ...] = ()
    offers: tuple[impacts.Offer, ...] = ()
    comments: Mapping[tuple[str, str], int] = field(default_factory=dict)  # open threads by kind and target
    files: Mapping[tuple[str, str], Sequence[Held]] = field(default_factory=dict)  # by kind and id of what they support
    errors: tuple[tuple[str, str], ...] = ()
    library: Mapping[str, LibraryIndicator] = field(default_factory=dict)  # those that answers were taken from

    @property
    def screening(self) -> bool:
        return self.questionnaire is self.case.screening

    @property
    def to_confirm(self) -> int:
        return sum(one.to_confirm and one.shown for one in self.asked)

    @property
    def may_record_impacts(self) -> bool:
        return self.editable and self.reopened.section(self.section.id) and not self.screening

    @property
    def takes_files(self) -> bool:
        """Whether the form may carry a table of figures."""
        return any(one.question.type == "indicator" and one.markup is not None for one in self.asked)

    @property
    def address(self) -> str:
        return section_address(self.case, self.section.id)


def section_address(case: Case, section_id: str, **more: Any) -> str:
    return url_for("sections.show", reference=case.reference, number=case.version.number, section_id=section_id, **more)


def next_address(case: Case, section_id: str) -> str:
    """Where “Save and continue” leads: the next section this person reaches, or what comes after the last."""
    screening = section_id in case.screening.section_by_id
    order = [one.id for one in (case.screening if screening else case.questionnaire).sections]
    for later in order[order.index(section_id) + 1 :]:
        if screening or case.standing.reaches(later):
            return section_address(case, later)
    return back_address(case, section_id)


def back_address(case: Case, section_id: str) -> str:
    """The page above a section: the screening while it goes on, else the task list."""
    endpoint = "assessments.screening" if section_id in case.screening.section_by_id else "assessments.show"
    return url_for(endpoint, reference=case.reference, number=case.version.number)


def section_page(work: Work, case: Case, section_id: str, again: Again | None = None, *, more: str = "") -> SectionPage:
    """The page of one section for this person; raises NotVisible where they have nothing to look at."""
    allow(work, Action.SEE_CONTENT, case)
    questionnaire, section = section_of(case, section_id)
    screening = questionnaire is case.screening
    rows = answers_of(work, case)
    values = values_of(rows)
    points = () if screening else latest_points(work, case)
    here = {point.target: point for point in points if point.kind == "question"}
    action = Action.ANSWER_SCREENING if screening else Action.ANSWER
    editable = policy.may(action, work.actor, case.standing)
    reopened = reopened_in(case, points)
    again = again or Again({}, more=more)
    shown = visible_questions(questionnaire, {**values, **_readable(section, again.form)})

    def asked(question: Question) -> Asked:
        may = editable and (screening or reopened.question(question.id, section.id))
        return _asked(questionnaire, question, rows.get(question.id), again, question.id in shown, may, here)

    found = tuple(asked(one) for one in section.questions if one.type not in DRAWN_ELSEWHERE)
    offering = editable and reopened.section(section.id)
    lines, offers = _impacts(work, case, section, values, offering=offering)
    return SectionPage(
        case=case,
        questionnaire=questionnaire,
        section=section,
        asked=found,
        editable=editable and any(one.markup is not None for one in found),
        reopened=reopened,
        point=next((point for point in points if (point.kind, point.target) == ("section", section.id)), None),
        points_waiting=_unanswered_points(points, section, lines),
        lines=lines,
        offers=offers,
        comments={} if screening else threads.counts(work, case),
        files={} if screening else files_on_page(work, case),
        errors=_links(section, again.errors),
        library=newest_numbers(work, {one.question.id: one.value for one in found}),
    )


def _asked(
    questionnaire: Questionnaire,
    question: Question,
    row: Answer | None,
    again: Again,
    shown: bool,
    may: bool,
    points: Mapping[str, ReturnPoint],
) -> Asked:
    value = row.value if row else None
    if question.type == "note":
        may = True  # words only; there is nothing to change
    markup = None
    current = token(row)
    if may:
        sent = f"was:{question.id}" in again.form
        fields = _as_typed(question, again.form) if sent else form_values(question, value)
        more = again.more == question.id
        markup = draw(questionnaire, question, fields, again.errors, more=more)
        if sent:
            current = str(again.form[f"was:{question.id}"][0])[:60]
    return Asked(
        question=question,
        shown=shown or any(belongs(question, name) for name in again.errors),
        markup=markup,
        value=value,
        token=current if question.type != "note" else "",
        to_confirm=bool(row and row.to_confirm),
        point=points.get(question.id),
    )


def _readable(section: Section, form: Form) -> dict[str, Any]:
    """The typed answers that can be read, so that the page shows what they call for."""
    found = {}
    for question in section.questions:
        if f"was:{question.id}" in form:
            with suppress(InvalidAnswer):
                found[question.id] = parse(question, form)
    return found


def _as_typed(question: Question, form: Form) -> dict[str, str | list[str]]:
    """The question's fields as they were sent; several values only where the field takes several."""
    return {
        name: list(values) if _takes_several(question, name) else (values[0] if values else "")
        for name, values in kept(question, form).items()
        if any(values)
    }


def _takes_several(question: Question, name: str) -> bool:
    return question.type == "several_choices" or name == f"{question.id}-shared_groups"


def _impacts(
    work: Work, case: Case, section: Section, values: Mapping[str, Any], *, offering: bool
) -> tuple[tuple[impacts.Recorded, ...], tuple[impacts.Offer, ...]]:
    if not section.impacts:
        return (), ()
    lines = tuple(line for line in impacts.lines_of(work, case) if line.row.section_id == section.id)
    offered = impacts.offers(work, case, values) if offering else ()
    return lines, tuple(one for one in offered if one.section_id == section.id)


def _unanswered_points(points: Sequence[ReturnPoint], section: Section, lines: Sequence[impacts.Recorded]) -> int:
    """How many points about this section, its questions and its impacts wait for a response."""
    about = {("section", section.id), *(("question", question.id) for question in section.questions)}
    about |= {("impact", line.row.id) for line in lines}
    return sum((point.kind, point.target) in about and point.response is None for point in points)


def _links(section: Section, errors: Errors) -> tuple[tuple[str, str], ...]:
    """The entries of the error summary, each leading to its field."""
    found = []
    for name, message in errors.items():
        question = next((one for one in section.questions if belongs(one, name)), None)
        target = anchor(question, name) if question else name
        found.append((f"#{target}", message))
    return tuple(found)
