"""What the policy table says about every address: which action a page or a form is, and so how it must answer whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hia_app.domain import policy
from hia_app.domain.errors import NotNow, NotPermitted, NotVisible
from hia_app.domain.policy import Actor, Standing
from hia_app.domain.workflow import Action
from hia_app.services.work import case_of, standing_of
from hia_app.store.tables import Assessment, AssessmentVersion
from tests.support.council import Council
from tests.support.people import People

A = Action
PEOPLE = (
    "officer", "second_officer", "contributor", "section_contributor", "reviewer", "second_reviewer", "director",
    "deputy", "scrutiny", "administrator", "nobody", "former",
)  # fmt: skip

# What somebody must be allowed to do to see a page about an assessment. Whoever may not see that it exists is told so.
PAGES: Mapping[str, Action] = {
    "actions.change": A.CHANGE_ACTION,
    "actions.update": A.UPDATE_ACTION,
    "administration.assessment": A.REASSIGN,
    "administration.choose_person": A.REASSIGN,
    "afterwards.body_decision": A.RECORD_BODY_DECISION,
    "assessments.check": A.SEE_RATING,
    "assessments.confirm_withdrawal": A.WITHDRAW,
    "assessments.contributors": A.SEE_RATING,
    "assessments.history": A.SEE_HISTORY,
    "assessments.points": A.SEE_CONTENT,
    "assessments.proposal_form": A.CHANGE_PROPOSAL,
    "assessments.reopen": A.REOPEN,
    "assessments.screening": A.SEE_CONTENT,
    "changes.between": A.SEE_SUBMISSION,
    "changes.versions": A.READ_RECORD,
    "decisions.delegate": A.DELEGATE,
    "decisions.refer_back": A.REFER_BACK,
    "decisions.refuse": A.REFUSE,
    "decisions.submission": A.SEE_SUBMISSION,
    "evidence.about": A.SEE_EVIDENCE,
    "evidence.download": A.SEE_EVIDENCE,
    "evidence.file": A.SEE_EVIDENCE,
    "evidence.show": A.SEE_EVIDENCE,
    "findings.dispute": A.DISPUTE,
    "findings.grades": A.GRADE,
    "findings.lift_exempt": A.MARK_EXEMPT,
    "findings.mark_exempt": A.MARK_EXEMPT,
    "findings.withdraw_dispute": A.DISPUTE,
    "impacts.confirm_removal": A.RECORD_IMPACT,
    "impacts.decline": A.RECORD_IMPACT,
    "impacts.show": A.SEE_CONTENT,
    "places.show": A.SEE_CONTENT,
    "ratings.show": A.SEE_RATING,
    "register.draft": A.SEE_SUBMISSION,
    "register.evidence": A.READ_RECORD,
    "register.pdf": A.READ_RECORD,
    "register.read": A.READ_RECORD,
    "register.record": A.READ_RECORD,
    "retention.show": A.MANAGE_ARCHIVE,
    "review_sections.assign": A.ASSIGN_SECTION,
    "review_sections.section": A.REVIEW_SECTION,
    "reviews.conclude": A.CONCLUDE,
    "reviews.confirm_screen_out": A.CONFIRM_SCREEN_OUT,
    "reviews.countersign": A.COUNTERSIGN,
    "reviews.hand_over_review": A.HAND_OVER_REVIEW,
    "reviews.reopen_review": A.REOPEN_REVIEW,
    "reviews.return": A.RETURN,
    "reviews.show": A.SEE_REVIEW,
    "sections.show": A.SEE_CONTENT,
    "takeaways.actions_csv": A.READ_RECORD,
    "takeaways.docx": A.READ_RECORD,
    "takeaways.draft": A.SEE_SUBMISSION,
    "takeaways.full_pdf": A.READ_RECORD,
    "takeaways.impacts_csv": A.READ_RECORD,
    "takeaways.public_pdf": A.READ_RECORD,
    "takeaways.summary_pdf": A.READ_RECORD,
    "takeaways.tables": A.READ_RECORD,
    "threads.about": A.SEE_CONTENT,
    "threads.show": A.SEE_CONTENT,
}
# What a form does. Forms about one thing (a file, a comment, an action) first look whether that is there.
FORMS: Mapping[str, Action] = {
    "actions.change": A.CHANGE_ACTION,
    "actions.update": A.UPDATE_ACTION,
    "administration.reassign": A.REASSIGN,
    "administration.remove_contributor": A.REMOVE_CONTRIBUTOR,
    "afterwards.add_body_decision": A.RECORD_BODY_DECISION,
    "assessments.invite": A.INVITE_CONTRIBUTOR,
    "assessments.name_decision_maker": A.CHANGE_PROPOSAL,
    "assessments.open_new_version": A.REOPEN,
    "assessments.recall": A.RECALL,
    "assessments.remove": A.REMOVE_CONTRIBUTOR,
    "assessments.respond": A.RESPOND,
    "assessments.save_proposal": A.CHANGE_PROPOSAL,
    "assessments.screen_in": A.SCREEN_IN,
    "assessments.screen_out": A.SCREEN_OUT,
    "assessments.submit": A.SUBMIT,
    "assessments.withdraw": A.WITHDRAW,
    "decisions.confirm_reading": A.CONFIRM_READING,
    "decisions.delegate": A.DELEGATE,
    "decisions.end_delegation": A.DELEGATE,
    "decisions.refer_back": A.REFER_BACK,
    "decisions.refuse": A.REFUSE,
    "decisions.sign_off": A.SIGN_OFF,
    "evidence.attach": A.ADD_EVIDENCE,
    "evidence.change": A.CHANGE_EVIDENCE,
    "evidence.cite": A.ADD_EVIDENCE,
    "evidence.remove": A.CHANGE_EVIDENCE,
    "evidence.withhold": A.CHANGE_EVIDENCE,
    "findings.dispute": A.DISPUTE,
    "findings.grades": A.GRADE,
    "findings.lift_exempt": A.MARK_EXEMPT,
    "findings.mark_exempt": A.MARK_EXEMPT,
    "findings.withdraw_dispute": A.DISPUTE,
    "impacts.accept": A.RECORD_IMPACT,
    "impacts.copy": A.RECORD_IMPACT,
    "impacts.decline": A.RECORD_IMPACT,
    "impacts.remove": A.RECORD_IMPACT,
    "impacts.save": A.RECORD_IMPACT,
    "places.save": A.ANSWER,
    "retention.dispose": A.MANAGE_ARCHIVE,
    "retention.lift_hold": A.MANAGE_ARCHIVE,
    "retention.place_hold": A.MANAGE_ARCHIVE,
    "review_sections.assign": A.ASSIGN_SECTION,
    "review_sections.mark": A.REVIEW_SECTION,
    "review_sections.rescind": A.REVIEW_SECTION,
    "reviews.conclude": A.CONCLUDE,
    "reviews.confirm_screen_out": A.CONFIRM_SCREEN_OUT,
    "reviews.countersign": A.COUNTERSIGN,
    "reviews.cover_review": A.COVER_REVIEW,
    "reviews.hand_over_review": A.HAND_OVER_REVIEW,
    "reviews.reopen_review": A.REOPEN_REVIEW,
    "reviews.return": A.RETURN,
    "reviews.withdraw_countersignature": A.COUNTERSIGN,
    "threads.about": A.COMMENT,
    "threads.assign": A.ASSIGN_THREAD,
    "threads.reply": A.COMMENT,
    "threads.settle": A.SETTLE_THREAD,
}
# Addresses whose answer hangs on more than one action: they have tests of their own beside their services.
OF_THEIR_OWN = frozenset({
    "assessments.show",  # more or less, down to where it stands
    "impacts.new",  # leads on to a page of its own
    "decisions.show", "reviews.take_review", "evidence.share", "impacts.preview", "places.sums", "sections.save",
    "indicators.choose", "indicators.take",
})  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """How an address must answer: refused with this status, or (None) not refused."""

    refusal: int | None
    standing: Standing
    roles: frozenset[str]


class Matrix:
    """Who stands how to which place of a council, read once."""

    def __init__(self, people: People, council: Council) -> None:
        self._met: dict[tuple[str, str], tuple[Actor, Standing]] = {}
        with people.place.database.reading() as session:
            for who in PEOPLE:
                work = people.work(session, who)
                for where, (reference, number) in council.places.items():
                    version = _version(session, reference, number)
                    self._met[who, where] = (work.actor, case_of(work, version).standing)
                    assert standing_of(work, version).state == version.state

    def met(self, who: str, where: str) -> tuple[Actor, Standing]:
        return self._met[who, where]

    def expected(self, action: Action, who: str, where: str) -> Expected:
        actor, standing = self._met[who, where]
        return Expected(refusal(action, actor, standing), standing, frozenset(actor.roles))


def refusal(action: Action, actor: Actor, standing: Standing) -> int | None:
    """The status with which the table refuses; None when it allows."""
    try:
        policy.require(action, actor, standing)
    except NotVisible:
        return 404
    except NotPermitted:
        return 403
    except NotNow:
        return 409
    return None


def _version(session: Session, reference: str, number: int) -> AssessmentVersion:
    return session.scalars(
        select(AssessmentVersion)
        .join(Assessment)
        .where(Assessment.reference == reference, AssessmentVersion.number == number)
    ).one()
