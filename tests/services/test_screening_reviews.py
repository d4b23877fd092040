"""An assessment that was screened out: confirmed and frozen, or sent on to a full assessment."""

import json

import pytest
from sqlalchemy import select

from hia_app.domain.errors import InvalidInput, NotNow, NotPermitted
from hia_app.domain.policy import Role, Side
from hia_app.domain.workflow import State
from hia_app.services import archive
from hia_app.services.screening_reviews import confirm_screen_out, require_full
from hia_app.store.tables import ArchiveRecord, PersonRole, PersonSide, RegisterEntry
from tests.support.office import Office
from tests.support.reviewing import PDF, Cast, cast, draw, screened_out, submitted


@pytest.fixture
def people(office: Office) -> Cast:
    return cast(office)


def test_confirming_freezes_a_record_with_both_reasons(people):
    case = screened_out(people)
    mine = people.office.case(people.reviewer, case)
    confirm_screen_out(people.works(people.reviewer), mine, "A fence changes nobody's health", draw)
    assert case.version.state == State.SCREENED_OUT_CONFIRMED
    seen = people.office.case(people.officer, case)
    frozen = archive.read(people.works(people.officer), seen)
    assert frozen.header["kind"] == "screening"
    assert frozen.source.decision["reasons"] == "A fence changes nobody's health"
    assert frozen.source.decision["signed_by"]["name"] == "Rae Reviewer"
    assert frozen.source.assessment["screened_out_reason"] == "It changes the colour of a fence"
    assert archive.pdf(people.works(people.officer), seen) == PDF
    assert people.office.session.scalars(select(RegisterEntry.label)).one() == "Full assessment not needed"
    assert people.office.session.get(PersonSide, (case.version.assessment_id, people.reviewer.id)).side == Side.REVIEW


def test_the_frozen_bytes_are_those_of_the_record(people):
    case = screened_out(people)
    record = confirm_screen_out(people.works(people.reviewer), people.office.case(people.reviewer, case), "Yes", draw)
    header = json.loads(record.header)
    assert header["target"] == {"assessment": case.reference, "version": 1}


def test_asking_for_a_full_assessment_gives_the_officer_a_draft(people):
    case = screened_out(people)
    require_full(people.works(people.reviewer), people.office.case(people.reviewer, case), "It blocks a path")
    assert case.version.state == State.DRAFT
    assert people.office.session.scalars(select(ArchiveRecord)).all() == []


@pytest.mark.parametrize("reason", ["", "   ", "a\0b", "x" * 4001])
def test_both_need_a_reason_that_can_be_kept(people, reason):
    case = people.office.case(people.reviewer, screened_out(people))
    with pytest.raises(InvalidInput):
        confirm_screen_out(people.works(people.reviewer), case, reason, draw)
    with pytest.raises(InvalidInput):
        require_full(people.works(people.reviewer), case, reason)
    assert case.version.state == State.SCREENED_OUT


def test_the_author_side_cannot_confirm_its_own_screening(people):
    case = screened_out(people)
    people.officer.roles.append(PersonRole(role=Role.REVIEWER, granted_at=people.office.now))
    with pytest.raises(NotPermitted, match="author side"):
        confirm_screen_out(people.works(people.officer), people.office.case(people.officer, case), "Fine", draw)


def test_confirming_twice_makes_one_record(people):
    case = people.office.case(people.reviewer, screened_out(people))
    confirm_screen_out(people.works(people.reviewer), case, "Yes", draw)
    with pytest.raises(NotNow):
        confirm_screen_out(people.works(people.reviewer), case, "Yes", draw)
    assert len(people.office.session.scalars(select(ArchiveRecord)).all()) == 1


def test_what_is_under_review_cannot_be_screened_out(people):
    case = people.office.case(people.reviewer, submitted(people, full=False))
    with pytest.raises(NotNow):
        confirm_screen_out(people.works(people.reviewer), case, "Yes", draw)
