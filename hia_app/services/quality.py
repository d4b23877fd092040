"""Grading an assessment on the twelve quality prompts; all twelve are needed before a review can be concluded."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from hia_app.domain.quality import GRADES, LONGEST_COMMENT, PROMPTS
from hia_app.domain.workflow import Action
from hia_app.services import review_findings
from hia_app.services.review_rounds import accepted, held_by_lead
from hia_app.services.statements import Statements
from hia_app.services.work import Case, Work, allow, record
from hia_app.store.columns import new_id
from hia_app.store.tables import QualityGrade, ReviewRound

Typed = Mapping[str, tuple[str, str]]  # prompt id → grade and comment as they were typed


def latest(work: Work, case: Case) -> dict[str, QualityGrade]:
    """The grades of the newest round that has any, by prompt; one query. What was graded before is a start."""
    allow(work, Action.SEE_REVIEW, case)
    found: dict[str, QualityGrade] = {}
    newest = ""
    for grade, _, _ in review_findings.grades(work, case):
        if grade.round_id != newest:
            newest, found = grade.round_id, {}
        found[grade.prompt] = grade
    return found


def of_round(work: Work, held: ReviewRound) -> dict[str, str]:
    """Prompt id → grade, as given in this round."""
    rows = work.session.scalars(select(QualityGrade).where(QualityGrade.round_id == held.id))
    return {row.prompt: row.grade for row in rows}


def grade(work: Work, case: Case, typed: Typed) -> None:
    """Keep the grades typed so far, for this round; a prompt without a grade waits. A C or D needs a comment."""
    held = accepted(held_by_lead(work, Action.GRADE, case), work)
    given = _checked(typed)
    rows = {
        row.prompt: row for row in work.session.scalars(select(QualityGrade).where(QualityGrade.round_id == held.id))
    }
    changed = {}
    for prompt_id, (letter, comment) in given.items():
        row = rows.get(prompt_id)
        if row is not None and (row.grade, row.comment) == (letter, comment):
            continue
        changed[prompt_id] = letter
        if row is None:
            row = QualityGrade(id=new_id(), round_id=held.id, version_id=case.version.id, prompt=prompt_id)
            work.session.add(row)
        row.grade, row.comment = letter, comment
        row.graded_by, row.graded_at = work.actor.person_id, work.now
    if changed:
        record(work, Action.GRADE, case, detail={"round": held.number, "grades": changed})
    work.session.flush()


def _checked(typed: Typed) -> dict[str, tuple[str, str]]:
    statements = Statements()
    given = {}
    for prompt in PROMPTS:
        letter, comment = typed.get(prompt.id, ("", ""))
        ask = f"Say what is weak: {prompt.title}" if letter in {"C", "D"} else ""
        words = statements.read(f"comment-{prompt.id}", comment, ask, characters=LONGEST_COMMENT)
        if letter in GRADES:
            given[prompt.id] = (letter, words)
        elif letter or words:
            statements.refuse(f"grade-{prompt.id}", f"Choose a grade: {prompt.title}")
    statements.settle()
    return given
