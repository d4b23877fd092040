"""Starting, describing and handing in an assessment; every refusal names what is missing."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from hia_app.domain.errors import Conflict, Incomplete, InvalidInput, NotNow, NotPermitted, NotVisible
from hia_app.domain.policy import Role
from hia_app.domain.proposal import Proposal
from hia_app.domain.workflow import State
from hia_app.services import assessments, responsibilities, screening
from hia_app.services.work import Case, open_case
from hia_app.store.tables import Assessment, AssessmentVersion, Event, Person, PersonSide, ReviewRound, Submission
from tests.support.answering import fill, send
from tests.support.office import Office

PROPOSAL = Proposal(
    title="Holbeck group repair",
    summary="Repair 240 homes.",
    scheme_type="regeneration",
    decision_date=date(2027, 3, 1),
    decided_by="officer",
)


@pytest.fixture
def officer(office: Office) -> Person:
    return office.person("Olu Adeyemi", Role.OFFICER)


@pytest.fixture
def screened(office: Office, officer: Person) -> Case:
    """In screening, nothing answered."""
    return assessments.start(office.work(officer), str(uuid4()), PROPOSAL)


@pytest.fixture
def draft(office: Office, officer: Person, screened: Case) -> Case:
    """A draft whose every required question has an answer, and whose decision-maker is named."""
    work = office.work(officer)
    fill(work, screened, screened.screening, {"changes_home": "yes"})
    screening.screen_in(work, screened)
    case = office.case(officer, screened)
    fill(work, case, case.questionnaire)
    chief = office.person("Dee Cidewell", Role.DECISION_MAKER)
    responsibilities.name_decision_maker(work, case, chief.id)
    return office.case(officer, case)


def test_a_start_pins_both_questionnaires_and_puts_the_owner_on_the_author_side(
    office: Office, officer: Person, screened: Case
) -> None:
    assert screened.reference == "HEA-2026-0001"
    assert screened.state is State.SCREENING
    assert (screened.screening.id, screened.questionnaire.id) == ("screening", "regeneration")
    side = office.session.get(PersonSide, (screened.version.assessment_id, officer.id))
    assert side is not None
    assert side.side == "author"


def test_a_second_click_starts_nothing_new(office: Office, officer: Person) -> None:
    form_id = str(uuid4())
    first = assessments.start(office.work(officer), form_id, PROPOSAL)
    second = assessments.start(office.work(officer), form_id, replace(PROPOSAL, title="Another title"))
    assert second.version.id == first.version.id
    assert office.session.scalar(select(func.count()).select_from(Assessment)) == 1


def test_a_form_id_of_somebody_else_reaches_nothing(office: Office, officer: Person) -> None:
    form_id = str(uuid4())
    assessments.start(office.work(officer), form_id, PROPOSAL)
    other = office.person("Pia Stone", Role.OFFICER)
    with pytest.raises(NotVisible):
        assessments.start(office.work(other), form_id, PROPOSAL)


def test_references_count_up_and_begin_again_each_year(office: Office, officer: Person) -> None:
    made = [assessments.start(office.work(officer), str(uuid4()), PROPOSAL).reference for _ in range(3)]
    office.later(days=60)
    made.append(assessments.start(office.work(officer), str(uuid4()), PROPOSAL).reference)
    assert made == ["HEA-2026-0001", "HEA-2026-0002", "HEA-2026-0003", "HEA-2027-0001"]


def test_references_go_on_after_9999(office: Office, officer: Person) -> None:
    for reference in ("HEA-2026-9999", "HEA-2026-10000"):
        office.session.add(Assessment(reference=reference, created_at=office.now))
    assert assessments.start(office.work(officer), str(uuid4()), PROPOSAL).reference == "HEA-2026-10001"


def test_only_officers_start(office: Office) -> None:
    for role in set(Role) - {Role.OFFICER}:
        person = office.person(f"Somebody {role}", role)
        with pytest.raises(NotPermitted):
            assessments.start(office.work(person), str(uuid4()), PROPOSAL)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"summary": "\ud800"}, "summary"),
        ({"scheme_type": "made_up"}, "scheme_type"),
        ({"scheme_type": "screening"}, "scheme_type"),
        ({"decided_by": "nobody"}, "decided_by"),
        ({"decided_by": "body", "body_name": ""}, "body_name"),
    ],
)
def test_what_cannot_be_used_is_named(office: Office, officer: Person, change: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        assessments.start(office.work(officer), str(uuid4()), replace(PROPOSAL, **change))
    assert list(refused.value.messages) == [field]


def test_a_body_meets_on_the_decision_date_unless_it_says_otherwise(office: Office, officer: Person) -> None:
    body = replace(PROPOSAL, decided_by="body", body_name="Executive Board")
    case = assessments.start(office.work(officer), str(uuid4()), body)
    assert case.version.body_meeting_date == PROPOSAL.decision_date


def test_the_proposal_is_changed_by_its_row_version(office: Office, officer: Person, draft: Case) -> None:
    work = office.work(officer)
    seen = draft.version.row_version
    assessments.change_proposal(work, draft, replace(PROPOSAL, title="First"), seen)
    with pytest.raises(Conflict) as refused:
        assessments.change_proposal(work, draft, replace(PROPOSAL, title="Second"), seen)
    assert (refused.value.stored["title"], refused.value.typed["title"]) == ("First", "Second")
    assert draft.version.title == "First"
    assessments.change_proposal(work, draft, replace(PROPOSAL, title="First"), seen)  # says the same: nothing to do


def test_the_kind_of_proposal_changes_only_while_screening(office: Office, officer: Person, screened: Case) -> None:
    work = office.work(officer)
    general = replace(PROPOSAL, scheme_type="core")
    assessments.change_proposal(work, screened, general, screened.version.row_version)
    case = office.case(officer, screened)
    assert case.questionnaire.id == "core"
    fill(work, case, case.screening)
    screening.screen_in(work, case)
    case = office.case(officer, case)
    with pytest.raises(InvalidInput) as refused:
        assessments.change_proposal(work, case, PROPOSAL, case.version.row_version)
    assert "scheme_type" in refused.value.messages


def test_submission_names_everything_that_is_missing(office: Office, officer: Person, screened: Case) -> None:
    work = office.work(officer)
    fill(work, screened, screened.screening, {"changes_home": "yes"})
    screening.screen_in(work, screened)
    case = office.case(officer, screened)
    with pytest.raises(Incomplete) as refused:
        assessments.submit(work, case)
    named = {(lack.kind, lack.target) for lack in refused.value.lacks}
    assert ("proposal", "decision_maker") in named
    assert ("question", "population_groups") in named
    assert all(lack.why for lack in refused.value.lacks)
    assert case.state is State.DRAFT


def test_a_complete_draft_is_submitted_once_and_frozen(office: Office, officer: Person, draft: Case) -> None:
    work = office.work(officer)
    assessments.submit(work, draft)
    assert draft.state is State.IN_REVIEW
    assert draft.version.submitted_at == office.now
    frozen = office.session.scalars(select(Submission)).one()
    assert (frozen.kind, frozen.number) == ("submitted", 1)
    round_ = office.session.scalars(select(ReviewRound)).one()
    assert (round_.number, round_.lead_id, round_.taken_at) == (1, None, None)
    with pytest.raises(NotNow):
        assessments.submit(work, office.case(officer, draft))


def test_a_submission_that_raced_with_another_does_nothing(office: Office, officer: Person, draft: Case) -> None:
    work = office.work(officer)
    late = open_case(work, draft.reference, 1)
    assessments.submit(work, draft)
    with pytest.raises(NotNow):
        assessments.submit(work, late)
    assert office.session.scalar(select(func.count()).select_from(ReviewRound)) == 1


def test_nobody_but_the_owner_submits(office: Office, officer: Person, draft: Case) -> None:
    other = office.person("Pia Stone", Role.OFFICER)
    with pytest.raises(NotVisible):
        assessments.submit(
            office.work(other),
            office.case(officer, draft).__class__(
                draft.version, replace(draft.standing, owner=False, side=None), draft.screening, draft.questionnaire
            ),
        )


def test_recall_goes_back_to_the_draft_until_somebody_has_taken_it(
    office: Office, officer: Person, draft: Case
) -> None:
    work = office.work(officer)
    assessments.submit(work, draft)
    assessments.recall(work, office.case(officer, draft))
    assert draft.state is State.DRAFT
    assert draft.version.submitted_at is None
    assessments.submit(work, office.case(officer, draft))
    second = office.session.scalars(select(ReviewRound).order_by(ReviewRound.number.desc())).first()
    assert second is not None
    second.taken_at = office.now
    with pytest.raises(NotNow) as refused:
        assessments.recall(work, office.case(officer, draft))
    assert "has taken it" in refused.value.reasons[0]


def test_recall_after_a_return_goes_back_to_the_returned_points(office: Office, officer: Person, draft: Case) -> None:
    work = office.work(officer)
    assessments.submit(work, draft)
    first = office.session.scalars(select(ReviewRound)).one()
    first.outcome, first.ended_at, draft.version.state = "returned", office.now, State.RETURNED
    assessments.submit(work, office.case(officer, draft))
    assessments.recall(work, office.case(officer, draft))
    assert draft.state is State.RETURNED
    assert draft.version.submitted_at == first.started_at


def test_withdrawing_needs_a_reason_and_ends_the_review(office: Office, officer: Person, draft: Case) -> None:
    work = office.work(officer)
    assessments.submit(work, draft)
    case = office.case(officer, draft)
    with pytest.raises(InvalidInput):
        assessments.withdraw(work, case, "  ")
    assessments.withdraw(work, case, "The scheme was dropped.")
    assert case.state is State.WITHDRAWN
    assert case.version.withdrawn_reason == "The scheme was dropped."
    assert office.session.scalars(select(ReviewRound.outcome)).one() == "stopped"
    with pytest.raises(NotNow):
        send(work, office.case(officer, case), {"why_needed": "More."})


def test_every_verb_leaves_its_event(office: Office, officer: Person, draft: Case) -> None:
    work = office.work(officer)
    assessments.submit(work, draft)
    assessments.recall(work, office.case(officer, draft))
    assessments.withdraw(work, office.case(officer, draft), "Dropped.")
    actions = list(
        office.session.scalars(
            select(Event.action)
            .where(Event.version_id == draft.version.id, Event.action.not_in(["answer", "answer_screening"]))
            .order_by(Event.seq)
        )
    )
    assert actions == ["start", "screen_in", "name_decision_maker", "submit", "recall", "withdraw"]
    assert office.session.scalars(select(AssessmentVersion)).one().state == "withdrawn"
