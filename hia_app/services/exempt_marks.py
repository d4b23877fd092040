"""Which answers and impacts the public edition leaves out: marked by a reviewer, with paragraph and reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hia_app.domain.errors import NotNow, NotPermitted, NotVisible
from hia_app.domain.exempt import PARAGRAPHS, paragraph_words
from hia_app.domain.policy import Side
from hia_app.domain.targets import target_label
from hia_app.domain.workflow import Action
from hia_app.services import review_findings, threads
from hia_app.services.reasons import reason_given
from hia_app.services.review_rounds import OTHER_SIDE
from hia_app.services.statements import Statements
from hia_app.services.work import NOTHING, Case, Work, allow, hold, join_side, record
from hia_app.store.columns import new_id
from hia_app.store.tables import ExemptMark

KINDS = ("question", "impact")


@dataclass(frozen=True, slots=True)
class View:
    """One mark with what it is about, in words, and who made it."""

    mark: ExemptMark
    label: str
    by: str

    @property
    def paragraph(self) -> str:
        return paragraph_words(self.mark.paragraph)


def of(work: Work, case: Case) -> tuple[View, ...]:
    """Every mark that stands; two queries."""
    allow(work, Action.SEE_CONTENT, case)
    return tuple(view for view in _of(work, case) if view.mark.lifted_at is None)


def about(work: Work, case: Case, kind: str, target: str) -> str:
    """What is to be marked, in words; raises NotVisible."""
    allow(work, Action.MARK_EXEMPT, case)
    if kind not in KINDS:
        raise NotVisible(NOTHING)
    return threads.target(work, case, kind, target).label


def mark(work: Work, case: Case, kind: str, target: str, paragraph: int, public_interest: str) -> ExemptMark:
    """Keep an answer or an impact out of the public edition; marking it twice is refused."""
    _on_review_side(work, case)
    label = about(work, case, kind, target)
    statements = Statements()
    words = statements.read(
        "public_interest", public_interest, "Say why the public interest in keeping it back is greater"
    )
    if paragraph not in PARAGRAPHS:
        statements.refuse("paragraph", "Choose the paragraph of Schedule 12A")
    statements.settle()
    if any((view.mark.kind, view.mark.target) == (kind, target) for view in of(work, case)):
        raise NotNow("This is marked already. Lift that mark first.")
    made = ExemptMark(
        id=new_id(),
        version_id=case.version.id,
        kind=kind,
        target=target,
        paragraph=paragraph,
        public_interest=words,
        marked_by=work.actor.person_id,
        marked_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    detail = {"kind": kind, "target": target, "paragraph": paragraph, "reason": words}
    record(work, Action.MARK_EXEMPT, case, subject=label[:200], detail=detail)
    return made


def lift(work: Work, case: Case, mark_id: str, reason: str) -> None:
    """Take a mark away with a reason; the public edition shows it again."""
    _on_review_side(work, case)
    view = next((one for one in _of(work, case) if one.mark.id == mark_id), None)
    if view is None:
        raise NotVisible(NOTHING)
    if view.mark.lifted_at is not None:
        raise NotNow("This mark has been lifted already.")
    words = reason_given(reason, "Say why the mark is lifted")
    view.mark.lifted_at, view.mark.lifted_by, view.mark.lifted_reason = work.now, work.actor.person_id, words
    detail = {"kind": view.mark.kind, "target": view.mark.target, "reason": words}
    record(work, "lift_exempt", case, subject=view.label[:200], detail=detail)


def _of(work: Work, case: Case) -> Sequence[View]:
    found = review_findings.marks(work, case)
    names = review_findings.impact_names(work, case) if found else {}
    return [View(made, target_label(case.questionnaire, made.kind, made.target, names), by) for made, by in found]


def _on_review_side(work: Work, case: Case) -> None:
    allow(work, Action.MARK_EXEMPT, case)
    hold(work, case)
    if not join_side(work, case.version.assessment_id, work.actor.person_id, Side.REVIEW):
        raise NotPermitted(OTHER_SIDE[Side.AUTHOR])
