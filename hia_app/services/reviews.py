"""What the reviewer does: take a review, hand it over, return it with points, conclude it, open it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hia_app.domain.errors import InvalidInput, NotNow, NotPermitted
from hia_app.domain.policy import Side
from hia_app.domain.promises import terms_words
from hia_app.domain.quality import forbidding, ungraded
from hia_app.domain.questionnaire import Question, Section, visible_questions
from hia_app.domain.report_decision import RECOMMENDATIONS
from hia_app.domain.workflow import Action
from hia_app.services import cover, impacts, quality, ratings, review_sections, submissions, threads
from hia_app.services.answers import answers_of
from hia_app.services.conditions import TypedCondition, keep_conditions, read_conditions
from hia_app.services.reasons import reason_given
from hia_app.services.responsibilities import candidates
from hia_app.services.review_rounds import (
    OTHER_SIDE,
    accepted,
    begin_round,
    held_by_lead,
    last_concluded,
    round_at_hand,
)
from hia_app.services.statements import Statements
from hia_app.services.work import Case, Work, allow, hold, join_side, move, record
from hia_app.store.columns import new_id
from hia_app.store.tables import Person, PersonSide, ReturnPoint, ReviewRound, Submission

NO_CONFLICT = "Say that you have no conflict of interest, or leave this review to somebody else"


@dataclass(frozen=True, slots=True)
class Point:
    """One question, impact or section to return; `field` is where its reason was typed."""

    kind: str
    target: str
    reason: str

    @property
    def field(self) -> str:
        return f"reason-{self.kind}-{self.target}"


@dataclass(frozen=True, slots=True)
class Returnable:
    """One section with what can be named there."""

    section: Section
    questions: tuple[Question, ...]
    impacts: tuple[impacts.Recorded, ...]


def take(work: Work, case: Case, *, no_conflict: bool) -> ReviewRound:
    """Take a submitted assessment; whoever comes first leads. Two who press at once get one lead."""
    allow(work, Action.SEE_STATUS, case)
    _not_on_another_side(case)
    hold(work, case)
    leading = case.version.lead_reviewer_id
    if leading not in {None, work.actor.person_id}:
        raise NotNow(f"{_name(work, leading)} took this review first and leads it.")
    if leading is not None:
        return take_up(work, case, no_conflict=no_conflict)
    allow(work, Action.TAKE_REVIEW, case)
    _declared(no_conflict)
    _join(work, case, work.actor.person_id)
    return _lead(work, case, Action.TAKE_REVIEW, round_at_hand(work, case))


def take_up(work: Work, case: Case, *, no_conflict: bool) -> ReviewRound:
    """Begin leading a review that was handed over, reassigned, or came back after a return."""
    held = held_by_lead(work, Action.ACCEPT_REVIEW, case)
    if held.no_conflict_declared and held.lead_id == work.actor.person_id:
        return held
    _declared(no_conflict)
    _join(work, case, work.actor.person_id)
    return _lead(work, case, Action.ACCEPT_REVIEW, held)


def cover_for(work: Work, case: Case, *, no_conflict: bool) -> ReviewRound:
    """Take a review over from its lead, who is away today and named this person to cover."""
    allow(work, Action.COVER_REVIEW, case)
    hold(work, case)
    cover.require_cover(work, case)
    _declared(no_conflict)
    _join(work, case, work.actor.person_id)
    return _lead(work, case, Action.COVER_REVIEW, round_at_hand(work, case))


def hand_over(work: Work, case: Case, to: str, reason: str) -> Person:
    """Give the review to another free reviewer, who must declare no conflict of interest before going on."""
    held = held_by_lead(work, Action.HAND_OVER_REVIEW, case)
    statements = Statements()
    words = statements.read("reason", reason, "Say why you hand this review over")
    free = {person.id: person for person in free_reviewers(work, case)}
    if to not in free:
        statements.refuse("to", "Choose a reviewer who is free to take this review")
    statements.settle()
    chosen = free[to]
    _join(work, case, chosen.id)
    case.version.lead_reviewer = chosen
    held.lead, held.taken_at, held.no_conflict_declared = chosen, None, False
    detail = {"to": chosen.id, "reason": words}
    record(work, Action.HAND_OVER_REVIEW, case, subject=chosen.name, detail=detail, concerned=[chosen.id])
    return chosen


def free_reviewers(work: Work, case: Case) -> list[Person]:
    """Reviewers who could lead instead: active, and on no other side of this assessment."""
    others = {case.version.owner_id, case.version.decision_maker_id, work.actor.person_id}
    return [person for person in candidates(work, case, "lead_reviewer") if person.id not in others]


def returnable(work: Work, case: Case) -> tuple[Returnable, ...]:
    """What a return can name: the sections with the questions that are shown and the impacts recorded there."""
    allow(work, Action.SEE_CONTENT, case)
    given = {question_id: row.value for question_id, row in answers_of(work, case).items()}
    shown = visible_questions(case.questionnaire, given)
    recorded: dict[str, list[impacts.Recorded]] = {}
    for line in impacts.lines_of(work, case):
        recorded.setdefault(line.row.section_id, []).append(line)
    return tuple(
        Returnable(
            section,
            tuple(one for one in section.questions if one.id in shown and one.type not in {"note", "impacts"}),
            tuple(recorded.get(section.id, ())),
        )
        for section in case.questionnaire.sections
    )


def return_(work: Work, case: Case, points: Sequence[Point]) -> ReviewRound:
    """Send it back with points, each with its reason; what is named reopens, and the review so far is kept."""
    held = accepted(held_by_lead(work, Action.RETURN, case), work)
    reasons = _checked(points, _targets(returnable(work, case)))
    for (kind, target), reason in reasons.items():
        work.session.add(
            ReturnPoint(
                id=new_id(), round_id=held.id, version_id=case.version.id, kind=kind, target=target, reason=reason
            )
        )
    held.outcome, held.ended_at = "returned", work.now
    named = [{"kind": kind, "target": target, "reason": reason} for (kind, target), reason in reasons.items()]
    move(work, Action.RETURN, case, points=named)
    return held


def conclude(
    work: Work,
    case: Case,
    recommendation: str,
    reasons: str,
    conditions: Sequence[TypedCondition] = (),
    *,
    exempt_decided: bool,
) -> Submission:
    """End the review with a recommendation, and freeze what the decision-maker will be shown.

    Raises InvalidInput with everything that forbids it, the grades and the open comments among it.
    """
    held = accepted(held_by_lead(work, Action.CONCLUDE, case), work)
    statements = Statements()
    if recommendation not in RECOMMENDATIONS:
        statements.refuse("recommendation", "Choose what you recommend")
    why = statements.read("reasons", reasons, "Give the reasons for your recommendation")
    terms = read_conditions(work, statements, conditions)
    with_conditions = recommendation == "approve_with_conditions"
    if with_conditions and not any(condition.typed for condition in conditions):
        statements.refuse("conditions", "Write the conditions, or choose another recommendation")
    if terms and not with_conditions and recommendation in RECOMMENDATIONS:
        statements.refuse("conditions", "You wrote conditions. Choose “Approve with conditions”, or delete them")
    if not exempt_decided:
        statements.refuse("exempt_decided", "Say that you have decided what the public edition leaves out")
    for field, message in obstacles(work, case, held).items():
        statements.refuse(field, message)
    statements.settle()
    if case.version.decision_maker_id is None:
        raise NotNow("Nobody is named to decide. Ask an administrator to name the decision-maker first.")
    held.outcome, held.ended_at, held.exempt_decided = "concluded", work.now, True
    held.recommendation, held.reasons, held.conditions = recommendation, why, terms_words(terms)
    keep_conditions(work, case, held, terms)
    case.version.concluded_at = work.now
    ratings.refresh(work, case)
    move(work, Action.CONCLUDE, case, recommendation=recommendation)
    return submissions.freeze(work, case, "concluded")


def obstacles(work: Work, case: Case, held: ReviewRound) -> dict[str, str]:
    """What else forbids concluding, by the part of the page that says so: grades, and open comments."""
    found = {}
    grades = quality.of_round(work, held)
    waiting, bad = ungraded(grades), forbidding(grades)
    if waiting:
        titles = "; ".join(prompt.title for prompt in waiting)
        found["grades"] = f"Grade all twelve quality prompts first. Still to grade: {titles}"
    if bad:
        titles = "; ".join(prompt.title for prompt in bad)
        found["grades"] = f"With a D this cannot be concluded. Return it instead: {titles}"
    if sections := review_sections.waiting(work, case, held):
        found["sections"] = f"Sections are still with their reviewers, or give them to nobody: {'; '.join(sections)}"
    if blocking := threads.blocking(work, case):
        found["comments"] = f"Comments that block are still open: {'; '.join(blocking)}"
    return found


def reopen_review(work: Work, case: Case, reason: str) -> ReviewRound:
    """Take a concluded review back before it is decided; what was frozen stays, and a new round begins."""
    allow(work, Action.REOPEN_REVIEW, case)
    hold(work, case)
    words = reason_given(reason, "Say why the review is opened again")
    concluded = last_concluded(work, case)
    own = concluded is not None and concluded.lead_id == work.actor.person_id
    move(work, Action.REOPEN_REVIEW, case, reason=words)
    return begin_round(work, case, lead=case.version.lead_reviewer, declared=own)


def _checked(points: Sequence[Point], targets: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """(kind, target) → reason of each point; raises InvalidInput naming the field of each that cannot be used."""
    statements = Statements()
    found: dict[tuple[str, str], str] = {}
    for point in points:
        place = (point.kind, point.target)
        if place not in targets:
            statements.refuse("points", "Name only questions, impacts and sections of this assessment")
            continue
        found[place] = statements.read(point.field, point.reason, f"Say what has to change: {targets[place]}")
    if not points:
        statements.refuse("points", "Choose at least one question, impact or section")
    statements.settle()
    return found


def _targets(sections: Sequence[Returnable]) -> dict[tuple[str, str], str]:
    targets: dict[tuple[str, str], str] = {}
    for one in sections:
        targets["section", one.section.id] = one.section.title
        targets |= {("question", question.id): question.text for question in one.questions}
        targets |= {("impact", line.row.id): f"impact {line.name}" for line in one.impacts}
    return targets


def _lead(work: Work, case: Case, action: Action, held: ReviewRound) -> ReviewRound:
    person = work.session.get_one(Person, work.actor.person_id)
    before = case.version.lead_reviewer_id
    case.version.lead_reviewer = person
    held.lead, held.taken_at, held.no_conflict_declared = person, work.now, True
    work.session.flush()
    former = [before] if before else []
    record(work, action, case, detail={"no_conflict_declared": True}, former=former)
    return held


def _not_on_another_side(case: Case) -> None:
    if case.standing.side not in {None, Side.REVIEW}:
        raise NotPermitted(OTHER_SIDE[case.standing.side])


def _declared(no_conflict: bool) -> None:
    if not no_conflict:
        raise InvalidInput({"no_conflict": NO_CONFLICT})


def _join(work: Work, case: Case, person_id: str) -> None:
    if not join_side(work, case.version.assessment_id, person_id, Side.REVIEW):
        existing = work.session.get_one(PersonSide, (case.version.assessment_id, person_id))
        raise NotPermitted(OTHER_SIDE[Side(existing.side)])


def _name(work: Work, person_id: str | None) -> str:
    person = work.session.get(Person, person_id) if person_id else None
    return person.name if person else "Somebody else"
