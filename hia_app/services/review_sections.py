"""Several reviewers by section: the lead gives sections out, each reviewer grades theirs, and the lead concludes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from hia_app.domain.errors import InvalidInput, NotNow, NotPermitted, NotVisible
from hia_app.domain.policy import Side
from hia_app.domain.quality import GRADES, LONGEST_COMMENT
from hia_app.domain.questionnaire import Section
from hia_app.domain.workflow import Action
from hia_app.services.reasons import reason_given
from hia_app.services.responsibilities import candidates
from hia_app.services.review_rounds import OTHER_SIDE, accepted, held_by_lead, open_round
from hia_app.services.statements import Statements
from hia_app.services.work import NOTHING, Case, Work, allow, hold, join_side, record
from hia_app.store.columns import new_id
from hia_app.store.tables import Person, ReviewRound, ReviewSection

NO_CONFLICT = "Say that you have no conflict of interest, or ask the lead to give this section to somebody else"


@dataclass(frozen=True, slots=True)
class Given:
    """One section of the round at hand with its reviewer, as the asking person meets it."""

    section: Section
    row: ReviewSection
    mine: bool

    @property
    def reviewed(self) -> bool:
        return self.row.reviewed_at is not None


def given(work: Work, case: Case) -> tuple[Given, ...]:
    """The sections that were given out in the round at hand, in their order; two queries."""
    allow(work, Action.SEE_REVIEW, case)
    held = open_round(work, case)
    rows = _rows(work, held) if held is not None else {}
    return tuple(
        Given(section, rows[section.id], rows[section.id].reviewer_id == work.actor.person_id)
        for section in case.questionnaire.sections
        if section.id in rows
    )


def reviewers(work: Work, case: Case) -> list[Person]:
    """Whom the lead can give a section to: reviewers on no other side, the lead among them."""
    allow(work, Action.ASSIGN_SECTION, case)
    others = {case.version.owner_id, case.version.decision_maker_id}
    return [person for person in candidates(work, case, "lead_reviewer") if person.id not in others]


def assign(work: Work, case: Case, chosen: Mapping[str, str]) -> None:
    """Give each section to the person named, or to nobody (""); what somebody else then says begins anew."""
    held = accepted(held_by_lead(work, Action.ASSIGN_SECTION, case), work)
    able = {person.id: person for person in reviewers(work, case)}
    wrong = {
        f"reviewer-{section}": "Choose a reviewer who is free to review this"
        for section, person in chosen.items()
        if section not in case.questionnaire.section_by_id or (person and person not in able)
    }
    if wrong:
        raise InvalidInput(wrong)
    rows = _rows(work, held)
    for section_id, person_id in chosen.items():
        row = rows.get(section_id)
        if (row.reviewer_id if row else "") == person_id:
            continue
        former = row.reviewer.name if row else ""
        if row is not None:
            work.session.delete(row)
            work.session.flush()
        if person_id:
            _give(work, case, held, section_id, able[person_id])
        name = able[person_id].name if person_id else ""
        title = case.questionnaire.section_by_id[section_id].title
        subject, concerned = f"{title}: {name or 'nobody'}", [person_id] if person_id else []
        record(work, Action.ASSIGN_SECTION, case, subject=subject, detail={"from": former}, concerned=concerned)


def find(work: Work, case: Case, section_id: str) -> Given:
    """A section that was given to the asking person, or to anybody when the lead asks; raises NotVisible."""
    allow(work, Action.REVIEW_SECTION, case)
    found = next((one for one in given(work, case) if one.section.id == section_id), None)
    if found is None or not (found.mine or case.standing.lead):
        raise NotVisible(NOTHING)
    return found


def mark(work: Work, case: Case, section_id: str, grade: str, comment: str, *, no_conflict: bool) -> ReviewSection:
    """Say that a section is reviewed, with a grade; a C or D needs a comment. Only its own reviewer says so."""
    hold(work, case)
    one = find(work, case, section_id)
    if not one.mine:
        raise NotPermitted(f"{one.row.reviewer.name} reviews this section.")
    statements = Statements()
    if not (no_conflict or one.row.no_conflict_declared):
        statements.refuse("no_conflict", NO_CONFLICT)
    if grade not in GRADES:
        statements.refuse("grade", "Choose a grade")
    ask = "Say what is weak" if grade in {"C", "D"} else ""
    words = statements.read("comment", comment, ask, characters=LONGEST_COMMENT)
    statements.settle()
    row = one.row
    if one.reviewed and (row.grade, row.comment) == (grade, words):
        return row
    row.no_conflict_declared = True
    row.grade, row.comment, row.reviewed_at = grade, words, work.now
    record(work, Action.REVIEW_SECTION, case, subject=one.section.title, detail={"grade": grade})
    work.session.flush()
    return row


def rescind(work: Work, case: Case, section_id: str, reason: str) -> None:
    """Take back that a section was reviewed, before the conclusion; its reviewer or the lead may."""
    hold(work, case)
    one = find(work, case, section_id)
    if not one.reviewed:
        raise NotNow("This section is not marked as reviewed.")
    words = reason_given(reason, "Say why it has to be looked at again")
    one.row.reviewed_at = None
    record(work, "rescind_section", case, subject=one.section.title, detail={"reason": words})


def waiting(work: Work, case: Case, held: ReviewRound) -> tuple[str, ...]:
    """Which sections of a round are still with their reviewers, in words."""
    rows = _rows(work, held)
    titles = {section.id: section.title for section in case.questionnaire.sections}
    return tuple(
        f"{titles.get(row.section_id, row.section_id)} ({row.reviewer.name})"
        for row in rows.values()
        if row.reviewed_at is None
    )


def _rows(work: Work, held: ReviewRound) -> dict[str, ReviewSection]:
    rows: Sequence[ReviewSection] = work.session.scalars(
        select(ReviewSection).where(ReviewSection.round_id == held.id).order_by(ReviewSection.section_id)
    ).all()
    return {row.section_id: row for row in rows}


def _give(work: Work, case: Case, held: ReviewRound, section_id: str, to: Person) -> None:
    if not join_side(work, case.version.assessment_id, to.id, Side.REVIEW):
        raise NotPermitted(OTHER_SIDE[Side.AUTHOR])
    given_to = ReviewSection(
        id=new_id(),
        round_id=held.id,
        version_id=case.version.id,
        section_id=section_id,
        reviewer=to,
        assigned_by=work.actor.person_id,
        assigned_at=work.now,
        no_conflict_declared=to.id == work.actor.person_id,  # the lead has declared for the whole
    )
    work.session.add(given_to)
    work.session.flush()
