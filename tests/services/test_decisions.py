"""The decision: bound to what was read, by the named person alone, all of it or nothing."""

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from hia_app.domain.errors import Incomplete, InvalidInput, NotNow, NotPermitted, NotVisible, TooOften
from hia_app.domain.policy import Role, Side
from hia_app.domain.record import snapshot_hash
from hia_app.domain.workflow import State
from hia_app.services import archive, decisions, passwords, review_rounds, reviews
from hia_app.services.decisions import confirm_reading, refer_back, refuse, shown, sign_off
from hia_app.services.work import Case, join_side
from hia_app.store.tables import ArchiveRecord, AssessmentVersion, Event, PersonSide, ReadingConfirmation
from tests.support.queries import counted
from tests.support.reviewing import (
    HARM,
    PDF,
    PROMISE,
    Cast,
    cast,
    conclude,
    concluded,
    draw,
    harm_ids,
    signing,
    submitted,
    taken,
)

WRITTEN = "The works cannot wait, because the roofs are unsafe, and rents are watched each month."


@pytest.fixture
def people(office) -> Cast:
    everybody = cast(office)
    everybody.decider.password_hash = passwords.hashed("a long password for tests", office.settings)
    return everybody


def read_everything(people: Cast, case: Case) -> str:
    """Press every button; the submission's hash is returned."""
    work = people.works(people.decider)
    page = shown(work, case)
    for what in ("summary", *(harm.impact["id"] for harm in page.harms)):
        confirm_reading(work, case, page.fingerprint, what)
    return page.fingerprint


def records(people: Cast) -> list[ArchiveRecord]:
    return list(people.office.session.scalars(select(ArchiveRecord).order_by(ArchiveRecord.seq)))


# ---- reading ----


def test_the_page_shows_the_frozen_submission_and_not_what_came_after(people):
    case = concluded(people, HARM)
    case.version.title = "Changed behind the page"
    people.office.session.flush()
    page = shown(people.works(people.decider), case)
    assert page.source.assessment["title"] == "Group repair in Holbeck"
    assert page.review["recommendation"] == "approve"
    assert [harm.impact["name"] for harm in page.harms] == ["I2"]
    assert (page.unread, page.late) == (2, False)


def test_serious_before_mitigation_must_be_read_even_when_little_remains(people):
    case = concluded(people, HARM | PROMISE | {"residual_magnitude": "moderate", "residual_likelihood": "likely"})
    harm = shown(people.works(people.decider), case).harms[0]
    assert (harm.before, harm.counts) == ("major", "residual")


def test_confirming_is_a_row_with_the_hash_and_the_time_and_twice_is_once(people):
    case = concluded(people, HARM)
    work = people.works(people.decider)
    harm = harm_ids(people, case)[0]
    fingerprint = shown(work, case).fingerprint
    first = confirm_reading(work, case, fingerprint, harm)
    assert confirm_reading(work, case, fingerprint, harm).id == first.id
    rows = people.office.session.scalars(select(ReadingConfirmation)).all()
    assert [(row.what, row.submission_hash, row.confirmed_at) for row in rows] == [
        (harm, fingerprint, people.office.now)
    ]
    assert shown(work, case).harms[0].read_at
    people.office.session.flush()
    subjects = people.office.session.scalars(select(Event.subject).where(Event.action == "confirm_reading")).all()
    assert subjects == ["serious harm I2"]


@pytest.mark.parametrize("what", ["", "I2", "everything", "00000000-0000-0000-0000-000000000000"])
def test_there_is_nothing_else_to_confirm(people, what):
    case = concluded(people, HARM)
    work = people.works(people.decider)
    with pytest.raises(NotNow):
        confirm_reading(work, case, shown(work, case).fingerprint, what)


def test_another_submissions_hash_confirms_nothing(people):
    case = concluded(people, HARM)
    with pytest.raises(NotNow, match="reviewed again"):
        confirm_reading(people.works(people.decider), case, "0" * 64, "summary")


def test_opening_the_page_confirms_nothing(people):
    case = concluded(people, HARM)
    shown(people.works(people.decider), case)
    assert people.office.session.scalars(select(ReadingConfirmation)).all() == []


# ---- signing off ----


def test_signing_off_freezes_submission_and_decision_and_prints_what_was_stated(people):
    case = concluded(people)
    fingerprint = read_everything(people, case)
    work = people.works(people.decider)
    record = sign_off(work, case, signing(fingerprint, socio_economic="Poorer streets come first."), draw)
    assert (case.version.state, case.version.signed_off_at) == (State.SIGNED_OFF, people.office.now)
    frozen = archive.read(work, people.office.case(people.decider, case))
    made = frozen.source.decision
    assert made["submission_hash"] == fingerprint
    assert made["due_regard"]["foster"] == "I considered how neighbours were heard."
    assert made["socio_economic"] == "Poorer streets come first."
    assert made["signed_by"]["name"] == "Dee Director"
    assert (made["late"], made["reasons"], made["replaces"]) == (False, "", [])
    assert [one["what"] for one in made["confirmations"]] == ["summary"]
    assert len(bytes.fromhex(made["salt"])) == 16
    assert record.snapshot_hash == snapshot_hash(fingerprint, made)
    assert archive.pdf(work, people.office.case(people.decider, case)) == PDF
    assert "password" not in json.dumps(made).lower()
    side = people.office.session.get(PersonSide, (case.version.assessment_id, people.decider.id))
    assert side.side == Side.DECISION


@pytest.mark.parametrize(
    ("field", "text"),
    [("eliminate", ""), ("advance", ""), ("foster", ""), ("password", ""), ("eliminate", " \n "), ("foster", "\t")],
)
def test_each_statement_and_the_password_must_be_there(people, field, text):
    case = concluded(people)
    fingerprint = read_everything(people, case)
    with pytest.raises(Incomplete) as refused:
        sign_off(people.works(people.decider), case, signing(fingerprint, **{field: text}), draw)
    assert [lack.target for lack in refused.value.lacks] == [field]
    assert case.version.state == State.REVIEWED


def test_everything_missing_is_named_at_once_in_the_order_of_the_page(people):
    case = concluded(people, HARM)
    fingerprint = shown(people.works(people.decider), case).fingerprint
    empty = signing(fingerprint, eliminate="", advance="", foster="", password="")
    with pytest.raises(Incomplete) as refused:
        sign_off(people.works(people.decider), case, empty, draw)
    assert [lack.target for lack in refused.value.lacks] == [
        "summary",
        harm_ids(people, case)[0],
        "eliminate",
        "advance",
        "foster",
        "reasons",
        "password",
    ]


def test_every_confirmation_must_be_there(people):
    case = concluded(people, HARM, HARM)
    work = people.works(people.decider)
    fingerprint = shown(work, case).fingerprint
    read, unread = harm_ids(people, case)
    confirm_reading(work, case, fingerprint, "summary")
    confirm_reading(work, case, fingerprint, read)
    with pytest.raises(Incomplete) as refused:
        sign_off(work, case, signing(fingerprint, reasons=WRITTEN), draw)
    assert [(lack.kind, lack.target) for lack in refused.value.lacks] == [("read", unread)]


def test_a_standing_serious_harm_blocks_without_written_reasons(people):
    case = concluded(people, HARM)
    assert case.version.rating_rule == 1
    fingerprint = read_everything(people, case)
    work = people.works(people.decider)
    assert "I2" in shown(work, case).reasons_needed[0]
    with pytest.raises(Incomplete, match="reasons for going ahead"):
        sign_off(work, case, signing(fingerprint), draw)
    assert records(people) == []
    sign_off(work, case, signing(fingerprint, reasons=WRITTEN), draw)
    assert archive.read(work, people.office.case(people.decider, case)).source.decision["reasons"] == WRITTEN


def test_not_rateable_yet_needs_written_reasons_too(people):
    case = concluded(people, full=False)
    assert case.version.rating_rule == 0
    fingerprint = read_everything(people, case)
    work = people.works(people.decider)
    assert "not rateable yet" in shown(work, case).reasons_needed[0]
    with pytest.raises(Incomplete):
        sign_off(work, case, signing(fingerprint), draw)
    sign_off(work, case, signing(fingerprint, reasons=WRITTEN), draw)


def test_a_harm_that_stands_behind_rule_0_still_blocks(people):
    case = concluded(people, HARM, full=False)
    assert case.version.rating_rule == 0
    assert [
        ("I2" in reason, "Stop" in reason) for reason in shown(people.works(people.decider), case).reasons_needed
    ] == [
        (True, True),
        (False, False),
    ]


def test_a_harmless_assessment_needs_no_reasons(people):
    case = concluded(people)
    assert case.version.rating_rule == 6
    assert shown(people.works(people.decider), case).reasons_needed == ()


def test_a_wrong_password_signs_nothing_and_is_counted(people):
    case = concluded(people)
    fingerprint = read_everything(people, case)
    work = people.works(people.decider)
    with pytest.raises(InvalidInput) as refused:
        sign_off(work, case, signing(fingerprint, password="not mine"), draw)
    assert list(refused.value.messages) == ["password"]
    assert (case.version.state, records(people)) == (State.REVIEWED, [])


def test_guessing_the_password_is_stopped(people):
    from hia_app.store import undone

    case = concluded(people)
    fingerprint = read_everything(people, case)
    work = people.works(people.decider)
    for _ in range(work.settings.sign_in_attempts):
        with pytest.raises(InvalidInput):
            sign_off(work, case, signing(fingerprint, password="not mine"), draw)
    people.office.session.add_all(undone.taken(people.office.session))
    people.office.session.flush()
    with pytest.raises(TooOften):
        sign_off(work, case, signing(fingerprint), draw)


@pytest.mark.parametrize("field", ["eliminate", "reasons", "socio_economic"])
@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x" * 10_001])
def test_texts_that_cannot_be_kept_are_refused_with_their_field(people, field, text):
    case = concluded(people)
    fingerprint = read_everything(people, case)
    with pytest.raises(Incomplete) as refused:
        sign_off(people.works(people.decider), case, signing(fingerprint, **{field: text}), draw)
    assert [lack.target for lack in refused.value.lacks] == [field]


def test_what_was_shown_is_what_is_signed(people):
    case = concluded(people)
    fingerprint = read_everything(people, case)
    mine = people.office.case(people.reviewer, case)
    reviews.reopen_review(people.works(people.reviewer), mine, "A figure was wrong")
    mine = people.office.case(people.reviewer, case)
    conclude(people.works(people.reviewer), mine, "approve", "Corrected")
    again = people.office.case(people.decider, case)
    work = people.works(people.decider)
    with pytest.raises(NotNow, match="reviewed again"):
        sign_off(work, again, signing(fingerprint), draw)
    page = shown(work, again)
    assert (page.fingerprint != fingerprint, page.unread) == (True, 1)
    with pytest.raises(Incomplete):
        sign_off(work, again, signing(page.fingerprint), draw)
    sign_off(work, again, signing(read_everything(people, again)), draw)


def test_signing_twice_makes_one_record_and_says_so(people):
    case = concluded(people)
    fingerprint = read_everything(people, case)
    work = people.works(people.decider)
    sign_off(work, case, signing(fingerprint), draw)
    with pytest.raises(NotNow, match="already been signed off"):
        sign_off(work, people.office.case(people.decider, case), signing(fingerprint), draw)
    assert len(records(people)) == 1


def test_after_the_decision_date_it_can_be_signed_and_says_so_for_ever(people):
    case = concluded(people, decision_date=date(2026, 11, 22))
    work = people.works(people.decider)
    assert shown(work, case).late
    sign_off(work, case, signing(read_everything(people, case)), draw)
    assert archive.read(work, people.office.case(people.decider, case)).source.decision["late"]


def test_on_the_decision_date_itself_it_is_not_late(people):
    case = concluded(people, decision_date=date(2026, 11, 23))
    assert not shown(people.works(people.decider), case).late


def test_where_a_body_decides_the_words_are_an_assurance_to_it(people):
    case = concluded(people, decided_by="body", body_name="Executive Board", body_meeting_date=date(2026, 12, 16))
    work = people.works(people.decider)
    sign_off(work, case, signing(read_everything(people, case)), draw)
    made = archive.read(work, people.office.case(people.decider, case)).source.decision
    assert "assurance to Executive Board, which decides on 16 December 2026" in made["capacity"]


def test_a_pdf_that_cannot_be_drawn_leaves_nothing(people):
    def broken(_: object) -> bytes:
        raise RuntimeError("no font")

    case = concluded(people)
    fingerprint = read_everything(people, case)
    session = people.office.session
    savepoint = session.begin_nested()
    with pytest.raises(RuntimeError):
        sign_off(people.works(people.decider), case, signing(fingerprint), broken)
    savepoint.rollback()
    session.expire_all()
    assert (case.version.state, case.version.signed_off_at, records(people)) == (State.REVIEWED, None, [])


# ---- who ----


def test_only_the_named_decision_maker_signs(people):
    case = concluded(people)
    fingerprint = read_everything(people, case)
    other = people.office.person("Other Director", Role.DECISION_MAKER)
    with pytest.raises(NotVisible):
        people.office.case(other, case)
    for person in (people.officer, people.reviewer, people.second):
        with pytest.raises(NotPermitted):
            sign_off(people.works(person), people.office.case(person, case), signing(fingerprint), draw)


def test_a_decision_maker_who_lost_the_role_cannot_sign(people):
    case = concluded(people)
    fingerprint = read_everything(people, case)
    people.decider.roles.clear()
    people.office.session.flush()
    with pytest.raises(NotPermitted):
        sign_off(people.works(people.decider), case, signing(fingerprint), draw)


@pytest.mark.parametrize("side", [Side.AUTHOR, Side.REVIEW])
def test_a_decision_maker_from_another_side_is_told_why_not(people, side):
    case = concluded(people)
    session = people.office.session
    session.delete(session.get_one(PersonSide, (case.version.assessment_id, people.decider.id)))
    session.flush()
    join_side(people.works(people.decider), case.version.assessment_id, people.decider.id, side)
    # Nothing of it exists for this person any more, or they are told why they cannot decide.
    with pytest.raises((NotPermitted, NotVisible)):
        refuse(people.works(people.decider), people.office.case(people.decider, case), "No")
    assert case.version.state == State.REVIEWED


def test_somebody_who_stopped_being_the_decision_maker_meanwhile_signs_nothing(people):
    case = concluded(people)
    fingerprint = read_everything(people, case)
    other = people.office.person("Other Director", Role.DECISION_MAKER)
    case.version.decision_maker = other
    people.office.session.flush()
    with pytest.raises(NotPermitted, match="Somebody else is now to decide"):
        sign_off(people.works(people.decider), case, signing(fingerprint), draw)


@pytest.mark.parametrize("prepare", [submitted, taken])
def test_before_the_review_is_concluded_there_is_nothing_to_decide(people, prepare):
    case = prepare(people)
    with pytest.raises(NotVisible):
        people.office.case(people.decider, case)


# ---- referring back and refusing ----


def test_referring_back_needs_a_reason_and_begins_a_round_for_the_same_lead(people):
    case = concluded(people)
    work = people.works(people.decider)
    with pytest.raises(InvalidInput):
        refer_back(work, case, " ")
    refer_back(work, case, "What happens to lodgers?")
    assert case.version.state == State.IN_REVIEW
    mine = people.office.case(people.reviewer, case)
    kept = review_rounds.rounds(people.works(people.reviewer), mine)
    assert kept[1].round.referred_back_reason == "What happens to lodgers?"
    assert (kept[0].round.number, kept[0].round.lead_id) == (2, people.reviewer.id)
    conclude(people.works(people.reviewer), mine, "approve", "Lodgers are covered")
    assert case.version.state == State.REVIEWED


def test_the_decision_maker_sees_its_status_while_it_is_back_and_nothing_else(people):
    case = concluded(people)
    work = people.works(people.decider)
    refer_back(work, case, "What happens to lodgers?")
    back = people.office.case(people.decider, case)
    with pytest.raises(NotPermitted):
        shown(work, back)


def test_refusing_stops_it_for_good_with_the_reason(people):
    case = concluded(people)
    work = people.works(people.decider)
    with pytest.raises(InvalidInput):
        refuse(work, case, "")
    refuse(work, case, "The harm is not acceptable")
    assert (case.version.state, case.version.withdrawn_reason) == (State.WITHDRAWN, "The harm is not acceptable")
    with pytest.raises((NotNow, NotPermitted)):
        sign_off(work, people.office.case(people.decider, case), signing("0" * 64), draw)


@pytest.mark.parametrize("verb", [refer_back, refuse])
def test_what_is_signed_off_can_be_neither_referred_back_nor_refused(people, verb):
    case = concluded(people)
    work = people.works(people.decider)
    sign_off(work, case, signing(read_everything(people, case)), draw)
    with pytest.raises(NotNow):
        verb(work, people.office.case(people.decider, case), "Too late")


# ---- the next version ----


def test_signing_the_next_version_replaces_the_one_before(people):
    first = concluded(people)
    work = people.works(people.decider)
    sign_off(work, first, signing(read_everything(people, first)), draw)
    people.office.later(days=90)
    second = next_version(people, first)
    work = people.works(people.decider)
    sign_off(work, second, signing(read_everything(people, second)), draw)
    people.office.session.flush()
    states = people.office.session.scalars(
        select(AssessmentVersion.state)
        .where(AssessmentVersion.assessment_id == first.version.assessment_id)
        .order_by(AssessmentVersion.number)
    ).all()
    assert states == [State.SUPERSEDED, State.SIGNED_OFF]
    made = archive.read(work, people.office.case(people.decider, second)).source.decision
    assert made["replaces"] == [1]
    old = archive.read(work, people.office.case(people.decider, first))
    assert old.source.assessment["version"] == 1
    event = people.office.session.scalars(select(Event).where(Event.action == "supersede")).one()
    assert (event.version_id, event.detail["by"]) == (first.version.id, 2)


def next_version(people: Cast, first: Case) -> Case:
    """Version 2 of a signed-off assessment, concluded again without a word changed."""
    from hia_app.services import ratings, versions
    from hia_app.store.columns import new_id
    from tests.support.reviewing import submit_as_it_is

    work = people.works(people.officer)
    opened = versions.reopen(
        work, people.office.case(people.officer, first), new_id(), "funding", "ECO4 money was lost"
    )
    ratings.refresh(work, opened)
    submit_as_it_is(work, people.office.case(people.officer, opened))
    reviews.take(people.works(people.reviewer), people.office.case(people.reviewer, opened), no_conflict=True)
    mine = people.office.case(people.reviewer, opened)
    conclude(people.works(people.reviewer), mine, "approve", "As before")
    return people.office.case(people.decider, opened)


def test_sides_hold_across_versions(people):
    first = concluded(people)
    work = people.works(people.decider)
    sign_off(work, first, signing(read_everything(people, first)), draw)
    second = next_version(people, first)
    assert people.office.case(people.reviewer, second).standing.side is Side.REVIEW
    assert not join_side(work, second.version.assessment_id, people.officer.id, Side.REVIEW)
    assert not join_side(work, second.version.assessment_id, people.reviewer.id, Side.DECISION)


# ---- speed ----


def test_the_page_costs_the_same_however_many_harms_there_are(people):
    few_harms, many_harms = concluded(people, HARM), concluded(people, *[HARM] * 9)
    work = people.works(people.decider)
    with counted(people.office.session) as few:
        shown(work, few_harms)
    with counted(people.office.session) as many:
        assert len(decisions.shown(work, many_harms).harms) == 9
    assert len(few) == len(many) <= 3


def test_a_case_that_went_stale_is_refused(people):
    case = concluded(people)
    stale = replace(case)
    refer_back(people.works(people.decider), case, "Look again")
    with pytest.raises(NotNow, match="now in review"):
        sign_off(people.works(people.decider), stale, signing("0" * 64), draw)
