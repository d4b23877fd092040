"""Screening, contributors, decision-maker, returned points, reopening and history, each with its refusals."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from hia_app.domain.errors import Incomplete, InvalidInput, NotNow, NotPermitted, NotVisible
from hia_app.domain.policy import Role, Side
from hia_app.domain.workflow import State
from hia_app.services import assessments, contributors, points, responsibilities, screening, versions
from hia_app.services.answers import answers_of
from hia_app.services.history import history
from hia_app.services.readiness import lacks
from hia_app.services.work import Case, join_side
from hia_app.store.tables import Answer, AssessmentVersion, ImpactLine, Person, PersonSide, SuggestionChoice
from tests.services.test_answers import returned
from tests.services.test_assessments import PROPOSAL
from tests.support.answering import fill, send
from tests.support.office import Office

CORE = replace(PROPOSAL, scheme_type="core")


@pytest.fixture
def officer(office: Office) -> Person:
    return office.person("Olu Adeyemi", Role.OFFICER)


@pytest.fixture
def case(office: Office, officer: Person) -> Case:
    """In screening, nothing answered."""
    return assessments.start(office.work(officer), str(uuid4()), CORE)


@pytest.fixture
def draft(office: Office, officer: Person, case: Case) -> Case:
    fill(office.work(officer), case, case.screening, {"changes_home": "not_known"})
    screening.screen_in(office.work(officer), case)
    return office.case(officer, case)


# -- screening


def test_screening_is_complete_before_it_has_an_outcome(office: Office, officer: Person, case: Case) -> None:
    for verb in (screening.screen_in, lambda work, case: screening.screen_out(work, case, "Not needed.")):
        with pytest.raises(Incomplete) as refused:
            verb(office.work(officer), case)
        assert {lack.target for lack in refused.value.lacks} == {"kind_of_change", "changes_home", "priority_groups"}


def test_not_known_counts_like_yes_and_the_reason_is_printed(office: Office, officer: Person, case: Case) -> None:
    work = office.work(officer)
    fill(work, case, case.screening, {"changes_home": "not_known"})
    with pytest.raises(NotNow) as refused:
        screening.screen_out(work, case, "I would rather not.")
    assert "It may change someone's home" in refused.value.reasons
    screening.screen_in(work, case)
    assert case.version.screening_outcome == "A full assessment is needed. It may change someone's home."
    assert case.state is State.DRAFT


def test_screening_out_needs_a_reason_and_keeps_it(office: Office, officer: Person, case: Case) -> None:
    work = office.work(officer)
    fill(work, case, case.screening)
    with pytest.raises(InvalidInput):
        screening.screen_out(work, case, " ")
    screening.screen_out(work, case, "Only our own forms change.")
    assert (case.state, case.version.screened_out_reason) == (State.SCREENED_OUT, "Only our own forms change.")
    assert case.version.screening_outcome == screening.NOT_NEEDED


def test_an_officer_may_choose_a_full_assessment(office: Office, officer: Person, case: Case) -> None:
    fill(office.work(officer), case, case.screening)
    screening.screen_in(office.work(officer), case)
    assert case.version.screening_outcome == screening.FREELY


def test_an_answer_to_a_hidden_question_triggers_nothing(office: Office, officer: Person, case: Case) -> None:
    work = office.work(officer)
    fill(work, case, case.screening, {"priority_groups": "yes"})
    assert screening.outcome(work, case).full
    send(work, case, {"priority_groups": "no"})
    assert not screening.outcome(work, case).full
    assert screening.outcome(work, case).complete


# -- the decision-maker and the other parts


def test_naming_the_decision_maker_takes_the_side_for_ever(office: Office, officer: Person, case: Case) -> None:
    chief = office.person("Dee Cidewell", Role.DECISION_MAKER)
    responsibilities.name_decision_maker(office.work(officer), case, chief.id)
    side = office.session.get(PersonSide, (case.version.assessment_id, chief.id))
    assert side is not None
    assert side.side == Side.DECISION
    with pytest.raises(InvalidInput) as refused:
        contributors.invite(office.work(officer), case, email=chief.email, name=chief.name, sections=[])
    assert refused.value.messages == {"email": contributors.ALREADY_ELSEWHERE}


def test_only_somebody_free_who_can_decide_is_named(office: Office, officer: Person, case: Case) -> None:
    work = office.work(officer)
    helper = office.person("Both Sides", Role.DECISION_MAKER)
    join_side(work, case.version.assessment_id, helper.id, Side.AUTHOR)
    reviewer = office.person("Ruth Reviewer", Role.REVIEWER)
    gone = office.person("Gone Away", Role.DECISION_MAKER)
    gone.disabled_at = office.now
    for person_id in (helper.id, reviewer.id, gone.id, officer.id, "", "no-such-person"):
        with pytest.raises(InvalidInput):
            responsibilities.name_decision_maker(work, case, person_id)
    assert case.version.decision_maker_id is None
    free = office.person("Dee Cidewell", Role.DECISION_MAKER)
    assert responsibilities.candidates(work, case, "decision_maker") == [free]


def test_an_administrator_hands_over_with_a_reason_but_not_to_themselves(
    office: Office, officer: Person, case: Case
) -> None:
    admin = office.person("Ada Min", Role.ADMINISTRATOR, Role.OFFICER)
    other = office.person("Pia Stone", Role.OFFICER)
    theirs = office.case(admin, case)
    with pytest.raises(InvalidInput):
        responsibilities.reassign(office.work(admin), theirs, what="owner", person_id=other.id, reason="")
    with pytest.raises(InvalidInput):
        responsibilities.reassign(office.work(admin), theirs, what="owner", person_id=admin.id, reason="Mine.")
    responsibilities.reassign(office.work(admin), theirs, what="owner", person_id=other.id, reason="Olu has left.")
    assert case.version.owner_id == other.id
    assert office.session.get(PersonSide, (case.version.assessment_id, officer.id)) is not None
    with pytest.raises(NotPermitted):
        responsibilities.reassign(
            office.work(other), office.case(other, case), what="owner", person_id=officer.id, reason="Back."
        )


def test_what_is_handed_over_keeps_the_sides_apart(office: Office, officer: Person, case: Case) -> None:
    admin = office.person("Ada Min", Role.ADMINISTRATOR)
    chief = office.person("Dee Cidewell", Role.DECISION_MAKER, Role.OFFICER)
    responsibilities.name_decision_maker(office.work(officer), case, chief.id)
    with pytest.raises(InvalidInput) as refused:
        responsibilities.reassign(
            office.work(admin), office.case(admin, case), what="owner", person_id=chief.id, reason="A mix-up."
        )
    assert "nobody may have two" in refused.value.messages["person"]


# -- contributors


def test_an_invitation_makes_the_person_and_a_link_once(office: Office, officer: Person, case: Case) -> None:
    work = office.work(officer)
    made = contributors.invite(work, case, email="Cem@charity.example", name="Cem Kaya", sections=["places"])
    assert made.link is not None
    assert made.contributor.sections == ["places"]
    again = contributors.invite(work, case, email="cem@charity.example", name="Cem Kaya", sections=["places"])
    assert again.contributor.id == made.contributor.id
    assert len(contributors.contributors_of(work, case)) == 1


def test_no_link_is_given_for_somebody_it_would_let_the_inviter_be(office: Office, officer: Person, case: Case) -> None:
    work = office.work(officer)
    reviewer = office.person("New Reviewer", Role.REVIEWER)  # has not set a password yet
    assert contributors.invite(work, case, email=reviewer.email, name="x", sections=[]).link is None
    known = contributors.invite(work, case, email="cem@charity.example", name="Cem Kaya", sections=[]).contributor
    other = office.person("Pia Stone", Role.OFFICER)
    elsewhere = assessments.start(office.work(other), str(uuid4()), CORE)
    invited = contributors.invite(office.work(other), elsewhere, email=known.person.email, name="x", sections=[])
    assert invited.link is None


@pytest.mark.parametrize(
    ("email", "name", "sections", "field"),
    [
        ("", "Cem Kaya", [], "email"),
        ("not an address", "Cem Kaya", [], "email"),
        ("a\0@b.example", "Cem Kaya", [], "email"),
        ("cem@charity.example", "", [], "name"),
        ("cem@charity.example", "Cem Kaya", ["made_up"], "sections"),
    ],
)
def test_an_invitation_that_cannot_be_used(
    office: Office, officer: Person, case: Case, email: str, name: str, sections: list[str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        contributors.invite(office.work(officer), case, email=email, name=name, sections=sections)
    assert list(refused.value.messages) == [field]


def test_a_removed_contributor_sees_nothing_and_stays_on_the_author_side(
    office: Office, officer: Person, draft: Case
) -> None:
    work = office.work(officer)
    made = contributors.invite(work, draft, email="cem@charity.example", name="Cem Kaya", sections=[])
    helper = made.contributor.person
    assert office.case(helper, draft).standing.contributor
    contributors.remove(work, draft, made.contributor.id)
    with pytest.raises(NotVisible):
        office.case(helper, draft)
    assert office.session.get(PersonSide, (draft.version.assessment_id, helper.id)) is not None


def test_a_contributor_invites_nobody(office: Office, officer: Person, draft: Case) -> None:
    made = contributors.invite(office.work(officer), draft, email="cem@charity.example", name="Cem", sections=[])
    helper = made.contributor.person
    with pytest.raises(NotPermitted):
        contributors.invite(office.work(helper), office.case(helper, draft), email="x@y.example", name="X", sections=[])


# -- returned points


def test_every_returned_point_is_answered_or_rebutted_before_submitting(
    office: Office, officer: Person, draft: Case
) -> None:
    work = office.work(officer)
    fill(work, draft, draft.questionnaire)
    chief = office.person("Dee Cidewell", Role.DECISION_MAKER)
    responsibilities.name_decision_maker(work, draft, chief.id)
    point = returned(office, draft, "question", "why_needed")
    case = office.case(officer, draft)
    with pytest.raises(Incomplete) as refused:
        assessments.submit(work, case)
    assert [(lack.kind, lack.target) for lack in refused.value.lacks] == [("point", point.id)]
    for response, text in (("", "Done."), ("maybe", "Done."), ("answered", "  ")):
        with pytest.raises(InvalidInput):
            points.respond(work, case, point.id, response, text)
    points.respond(work, case, point.id, "rebutted", "The figures are the newest there are.")
    assessments.submit(work, case)
    assert case.state is State.IN_REVIEW


def test_a_point_of_another_assessment_is_not_there(office: Office, officer: Person, draft: Case) -> None:
    returned(office, draft, "question", "why_needed")
    with pytest.raises(NotVisible):
        points.respond(office.work(officer), office.case(officer, draft), "made-up", "answered", "Done.")


# -- reopening


@pytest.fixture
def signed(office: Office, officer: Person, draft: Case) -> Case:
    """A signed-off version with answers, an impact that was suggested, and one that was removed."""
    work = office.work(officer)
    fill(work, draft, draft.questionnaire)
    common = {
        "version_id": draft.version.id,
        "section_id": "best_start",
        "direction": "harm",
        "groups": ["carers"],
        "evidence": [],
        "people_per_home": work.people_per_home,
        "changed_by": officer.id,
        "changed_at": office.now,
    }
    kept = ImpactLine(number=1, effect="lose sleep", **common)
    gone = ImpactLine(number=2, effect="gone", removed_at=office.now, **common)
    office.session.add_all([kept, gone])
    office.session.flush()
    choice = {"version_id": draft.version.id, "chosen_by": officer.id, "chosen_at": office.now}
    office.session.add(
        SuggestionChoice(suggestion="warmer_homes.warmth", outcome="accepted", impact_id=kept.id, **choice)
    )
    draft.version.state, draft.version.next_impact = State.SIGNED_OFF, 3
    return office.case(officer, draft)


def test_a_new_version_carries_everything_over_to_be_confirmed(office: Office, officer: Person, signed: Case) -> None:
    work = office.work(officer)
    before = {name: row.value for name, row in answers_of(work, signed).items()}
    opened = versions.reopen(work, signed, str(uuid4()), "funding", "A grant of £1m was lost.")
    assert (opened.version.number, opened.state) == (2, State.DRAFT)
    assert opened.version.trigger == "funding"
    carried = answers_of(work, opened)
    assert {name: row.value for name, row in carried.items()} == before
    assert all(row.to_confirm for name, row in carried.items() if name in opened.questionnaire.question_by_id)
    impact = office.session.scalars(select(ImpactLine).where(ImpactLine.version_id == opened.version.id)).one()
    assert (impact.number, impact.effect, impact.to_confirm) == (1, "lose sleep", True)
    assert impact.origin_id is not None
    choice = office.session.scalars(
        select(SuggestionChoice).where(SuggestionChoice.version_id == opened.version.id)
    ).one()
    assert choice.impact_id == impact.id
    assert opened.version.next_impact == 3


def test_the_signed_version_does_not_change(office: Office, officer: Person, signed: Case) -> None:
    def rows() -> list[object]:
        kept = select(Answer).where(Answer.version_id == signed.version.id).order_by(Answer.question_id)
        version = {c.key: getattr(signed.version, c.key) for c in AssessmentVersion.__table__.columns}
        return [version, *((row.value, row.row_version, row.to_confirm) for row in office.session.scalars(kept))]

    before = rows()
    opened = versions.reopen(office.work(officer), signed, str(uuid4()), "scope", "Fewer homes.")
    send(office.work(officer), opened, {"why_needed": "Something else."})
    office.session.flush()
    office.session.refresh(signed.version)
    assert rows() == before


def test_one_version_is_open_at_a_time_and_a_second_click_opens_nothing(
    office: Office, officer: Person, signed: Case
) -> None:
    work = office.work(officer)
    form_id = str(uuid4())
    first = versions.reopen(work, signed, form_id, "scope", "Fewer homes.")
    assert versions.reopen(work, signed, form_id, "scope", "Fewer homes.").version.id == first.version.id
    with pytest.raises(NotNow) as refused:
        versions.reopen(work, signed, str(uuid4()), "scope", "Fewer homes.")
    assert "Version 2 is already open" in refused.value.reasons[0]


@pytest.mark.parametrize(("trigger", "reason", "field"), [("", "Why", "trigger"), ("law", " ", "reason")])
def test_reopening_names_what_changed_and_why(
    office: Office, officer: Person, signed: Case, trigger: str, reason: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        versions.reopen(office.work(officer), signed, str(uuid4()), trigger, reason)
    assert list(refused.value.messages) == [field]


def test_carried_answers_must_be_confirmed_before_submitting(office: Office, officer: Person, signed: Case) -> None:
    work = office.work(officer)
    opened = versions.reopen(work, signed, str(uuid4()), "time", "Two years have passed.")
    waiting = {lack.target for lack in lacks(work, opened) if "Confirm" in lack.why}
    assert "why_needed" in waiting
    values = {name: row.value for name, row in answers_of(work, opened).items()}
    send(work, opened, {"why_needed": values["why_needed"]})
    assert "why_needed" not in {lack.target for lack in lacks(work, opened)}


def test_what_was_screened_out_is_screened_again(office: Office, officer: Person, case: Case) -> None:
    work = office.work(officer)
    fill(work, case, case.screening)
    case.version.state = State.SCREENED_OUT_CONFIRMED
    opened = versions.reopen(work, office.case(officer, case), str(uuid4()), "scope", "It now touches homes.")
    assert opened.state is State.SCREENING
    assert all(row.to_confirm for row in answers_of(work, opened).values())


# -- history


def test_history_tells_a_sitting_once_and_the_newest_first(office: Office, officer: Person, draft: Case) -> None:
    work = office.work(officer)
    send(work, draft, {"why_needed": "Cold.", "what_will_change": "Warmth."})
    told = history(work, draft).happenings
    assert told[0].words == "Answered 2 questions"
    assert told[0].details == ("What will change for residents?", "What need does it meet?")
    assert told[-1].words.startswith("Started the assessment")
    assert [one.at for one in told] == sorted((one.at for one in told), reverse=True)


def test_contributors_do_not_see_the_history(office: Office, officer: Person, draft: Case) -> None:
    made = contributors.invite(office.work(officer), draft, email="cem@charity.example", name="Cem", sections=[])
    helper = made.contributor.person
    with pytest.raises(NotPermitted):
        history(office.work(helper), office.case(helper, draft))


Verb = Callable[..., object]


@pytest.mark.parametrize(
    "verb",
    [
        assessments.submit,
        assessments.recall,
        lambda work, case: assessments.withdraw(work, case, "Why"),
        lambda work, case: versions.reopen(work, case, str(uuid4()), "law", "Why"),
        lambda work, case: contributors.remove(work, case, "x"),
    ],
)
def test_verbs_out_of_their_state_say_so(office: Office, officer: Person, draft: Case, verb: Verb) -> None:
    draft.version.state = State.SUPERSEDED
    with pytest.raises(NotNow):
        verb(office.work(officer), office.case(officer, draft))
