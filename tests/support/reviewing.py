"""Assessments that public health has in hand, for tests of the review and of the decision."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from hia_app.domain.policy import Role, Side
from hia_app.domain.proposal import Proposal
from hia_app.domain.quality import PROMPTS
from hia_app.domain.questionnaire import Questionnaire, visible_questions
from hia_app.domain.workflow import Action
from hia_app.services import assessments, impacts, quality, ratings, reviews, screening
from hia_app.services.archive import Printed
from hia_app.services.conditions import TypedCondition
from hia_app.services.decisions import Signing
from hia_app.services.reviews import Point
from hia_app.services.work import Case, Work, join_side
from hia_app.store.columns import new_id
from hia_app.store.tables import Answer, ImpactLine, Person, Submission
from tests.support.answering import sample
from tests.support.office import Office

QUESTION = "what_will_change"  # asked of every assessment
PDF = b"%PDF-1.7 drawn from the frozen record"
HARM: Mapping[str, Any] = {
    "direction": "harm",
    "groups": ["low_income"],
    "because": "rents rise after the works",
    "effect": "lose their home",
    "pathway": "leads to stress and illness",
    "magnitude": "major",
    "likelihood": "likely",
    "duration": "long",
    "reversible": False,
    "reach_mid": Decimal(40),
    "spread_kind": "all_most_deprived",
    "spread": ["1", "0", "0", "0", "0"],
    "confidence": "medium",
    "source": "Our judgement",
    "no_action_reason": "The law gives us no power over these rents",
}
BENEFIT: Mapping[str, Any] = {
    **HARM,
    "direction": "benefit",
    "because": "homes are insulated",
    "effect": "have warmer, drier homes",
    "pathway": "lowers breathing problems",
    "magnitude": "moderate",
    "reach_mid": Decimal(4000),
    "no_action_reason": "",
}
# From major to minor and from likely to possible: more than one step, so it needs a countersignature.
PROMISE: Mapping[str, Any] = {
    "action": "agree a rent protocol with every landlord",
    "action_owner": "Head of Housing",
    "due": date(2027, 6, 1),
    "funding": "not_needed",
    "measure": "No tenant served notice because of the works",
    "residual_magnitude": "minor",
    "residual_likelihood": "possible",
    "no_action_reason": "",
}


@dataclass
class Cast:
    """The people of one assessment."""

    officer: Person
    reviewer: Person
    second: Person
    decider: Person
    office: Office = field(repr=False)

    def works(self, person: Person) -> Work:
        return self.office.work(person)


def cast(office: Office) -> Cast:
    return Cast(
        office.person("Ann Officer", Role.OFFICER),
        office.person("Rae Reviewer", Role.REVIEWER),
        office.person("Sam Reviewer", Role.REVIEWER),
        office.person("Dee Director", Role.DECISION_MAKER),
        office,
    )


def started(cast: Cast, **proposal: Any) -> Case:
    """An assessment whose screening is under way, with its decision-maker named."""
    given = {
        "title": "Group repair in Holbeck",
        "summary": "Repair of the outside of older terraced homes.",
        "scheme_type": "core",
        "decision_date": date(2026, 12, 15),
        "decided_by": "officer",
    }
    work = cast.works(cast.officer)
    case = assessments.start(work, new_id(), Proposal(**(given | proposal)))
    case.version.decision_maker = cast.decider
    join_side(work, case.version.assessment_id, cast.decider.id, Side.DECISION)
    return case


def answer_everything(work: Work, case: Case, questionnaire: Questionnaire) -> None:
    """A sample answer to every required question that is shown, as rows (the forms have tests of their own)."""
    values: dict[str, Any] = {}
    for question in questionnaire.questions:
        if question.required and question.id in visible_questions(questionnaire, values):
            values[question.id] = sample(question)
    for question_id, value in values.items():
        work.session.add(
            Answer(
                version_id=case.version.id,
                question_id=question_id,
                value=value,
                changed_by=work.actor.person_id,
                changed_at=work.now,
            )
        )
    work.session.flush()


def add_impact(work: Work, case: Case, *kinds: Mapping[str, Any], **changes: Any) -> str:
    """Record an impact as a row; the id is returned."""
    values: dict[str, Any] = {}
    for kind in (*kinds, changes):
        values |= kind
    row = ImpactLine(
        id=new_id(),
        version_id=case.version.id,
        number=case.version.next_impact,
        section_id=impact_section(case),
        people_per_home=Decimal("2.378"),
        evidence=[],
        changed_by=work.actor.person_id,
        changed_at=work.now,
        **values,
    )
    case.version.next_impact += 1
    work.session.add(row)
    work.session.flush()
    return row.id


def screened_out(cast: Cast) -> Case:
    """Screened out by the officer, waiting for a reviewer."""
    case = started(cast)
    work = cast.works(cast.officer)
    answer_everything(work, case, case.screening)
    screening.screen_out(work, case, "It changes the colour of a fence")
    return cast.office.case(cast.officer, case)


def submitted(cast: Cast, *harms: Mapping[str, Any], full: bool = True, **proposal: Any) -> Case:
    """Submitted with a benefit and these harms; `full=False` leaves required answers out."""
    case = started(cast, **proposal)
    work = cast.works(cast.officer)
    answer_everything(work, case, case.screening)
    screening.screen_in(work, case)
    if full:
        answer_everything(work, case, case.questionnaire)
    add_impact(work, case, BENEFIT)
    for harm in harms:
        add_impact(work, case, HARM, harm)
    ratings.refresh(work, case)
    submit_as_it_is(work, cast.office.case(cast.officer, case))
    return case


def submit_as_it_is(work: Work, case: Case) -> None:
    """Submit without asking what is missing."""
    assessments.begin_round(work, case, lead=case.version.lead_reviewer)
    case.version.submitted_at = work.now
    assessments.move(work, Action.SUBMIT, case)
    work.session.flush()


def taken(cast: Cast, *harms: Mapping[str, Any], **proposal: Any) -> Case:
    """Led by the first reviewer; the case is as that reviewer meets it."""
    case = submitted(cast, *harms, **proposal)
    reviews.take(cast.works(cast.reviewer), cast.office.case(cast.reviewer, case), no_conflict=True)
    return cast.office.case(cast.reviewer, case)


def concluded(cast: Cast, *harms: Mapping[str, Any], **proposal: Any) -> Case:
    """Concluded with a recommendation to approve; the case is as the decision-maker meets it."""
    case = taken(cast, *harms, **proposal)
    conclude(cast.works(cast.reviewer), case, "approve", "Clear on who gains and who loses")
    return cast.office.case(cast.decider, case)


def conclude(work: Work, case: Case, *recommended: Any, **grades: str) -> Submission:
    """Grade everything B, or as said, and conclude."""
    quality.grade(work, case, graded(**grades))
    return reviews.conclude(work, case, *recommended, exempt_decided=True)


def graded(**grades: str) -> dict[str, tuple[str, str]]:
    """All twelve prompts with a grade."""
    given = {prompt.id: grades.get(prompt.id, "B") for prompt in PROMPTS}
    return {prompt: (grade, "Said shortly" if grade in "CD" else "") for prompt, grade in given.items()}


def condition(text: str = "Agree a protocol with every landlord", **changes: Any) -> TypedCondition:
    """A complete condition as it is typed."""
    given = {"owner": "Head of Housing", "due": ("1", "6", "2027"), "measure": "Notices served"}
    return TypedCondition(text, **(given | changes))


def harm_ids(cast: Cast, case: Case) -> list[str]:
    lines = impacts.lines_of(cast.works(cast.reviewer), case)
    return [line.row.id for line in lines if line.row.direction == "harm"]


def impact_section(case: Case) -> str:
    """A section in which impacts may be recorded."""
    return next(one.id for one in case.questionnaire.sections if one.impacts)


def question_point(reason: str = "Say which streets") -> Point:
    return Point("question", QUESTION, reason)


def signing(submission_hash: str, **changes: str) -> Signing:
    """Everything that a sign-off without standing harms needs."""
    given = {
        "submission_hash": submission_hash,
        "eliminate": "I considered how tenants are chosen.",
        "advance": "I considered who lives in the coldest homes.",
        "foster": "I considered how neighbours were heard.",
        "socio_economic": "",
        "reasons": "",
        "password": "a long password for tests",
    }
    return Signing(**(given | changes))


def draw(_: object) -> Printed:
    """Stands in for the PDF."""
    return Printed(PDF, len(PDF))
