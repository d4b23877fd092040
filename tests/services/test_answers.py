"""Keeping answers: nobody overwrites another unseen, nothing is written twice, nothing typed is dropped."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select

from hia_app.domain.errors import Conflict, InvalidInput, NotNow, NotPermitted, NotVisible
from hia_app.domain.policy import Role, Side
from hia_app.domain.workflow import State
from hia_app.services import assessments
from hia_app.services.answers import answers_of, record_answers, token
from hia_app.services.work import Case, join_side
from hia_app.store.tables import Answer, Contributor, Event, Person, ReturnPoint, ReviewRound
from tests.services.test_assessments import PROPOSAL
from tests.support.answering import fill, form_of, sample, send
from tests.support.office import NOON, Office


@pytest.fixture
def officer(office: Office) -> Person:
    return office.person("Olu Adeyemi", Role.OFFICER)


@pytest.fixture
def case(office: Office, officer: Person) -> Case:
    """A draft with no answers yet."""
    started = assessments.start(office.work(officer), str(uuid4()), replace(PROPOSAL, scheme_type="core"))
    started.version.state = State.DRAFT
    return office.case(officer, started)


def told(office: Office) -> int:
    return office.session.scalar(select(func.count()).select_from(Event).where(Event.action == "answer")) or 0


def stored(office: Office, question_id: str) -> Answer:
    return office.session.scalars(select(Answer).where(Answer.question_id == question_id)).one()


def test_an_answer_is_kept_with_its_row_version_and_one_event(office: Office, officer: Person, case: Case) -> None:
    saved = send(office.work(officer), case, {"why_needed": "Cold homes."})
    row = stored(office, "why_needed")
    assert (row.value, row.row_version, row.changed_by) == ("Cold homes.", 1, officer.id)
    assert saved.changed == ("why_needed",)
    assert saved.tokens == {"why_needed": token(row)}
    assert told(office) == 1


def test_unchanged_answers_write_nothing(office: Office, officer: Person, case: Case) -> None:
    work = office.work(officer)
    send(work, case, {"why_needed": "Cold homes."})
    saved = send(work, case, {"why_needed": "Cold homes.\r\n"})
    assert saved.changed == ()
    assert stored(office, "why_needed").row_version == 1
    assert told(office) == 1


def test_a_question_without_its_token_was_not_on_the_page(office: Office, officer: Person, case: Case) -> None:
    work = office.work(officer)
    send(work, case, {"why_needed": "Cold homes."})
    record_answers(work, case, "proposal", {"why_needed": [""]})
    assert stored(office, "why_needed").value == "Cold homes."


def test_clearing_an_answer_keeps_the_row_empty(office: Office, officer: Person, case: Case) -> None:
    work = office.work(officer)
    send(work, case, {"why_needed": "Cold homes."})
    send(work, case, {"why_needed": ""})
    row = stored(office, "why_needed")
    assert (row.value, row.row_version) == (None, 2)


def test_two_people_on_one_answer_get_both_texts(office: Office, officer: Person, case: Case) -> None:
    work = office.work(officer)
    question = case.questionnaire.question_by_id["why_needed"]
    send(work, case, {"why_needed": "Theirs."})
    with pytest.raises(Conflict) as refused:
        record_answers(work, case, "proposal", form_of(question, "Mine.", "0-"))
    assert refused.value.stored == {"why_needed": "Theirs."}
    assert refused.value.typed == {"why_needed": "Mine."}
    assert stored(office, "why_needed").value == "Theirs."


def test_two_people_on_two_questions_of_one_page_do_not_disturb_each_other(
    office: Office, officer: Person, case: Case
) -> None:
    work = office.work(officer)
    asked = case.questionnaire.question_by_id
    send(work, case, {"why_needed": "First.", "what_will_change": "First."})
    rows = answers_of(work, case)
    page = {question_id: token(rows[question_id]) for question_id in ("why_needed", "what_will_change")}
    first = form_of(asked["why_needed"], "Changed by one.", page["why_needed"])
    first |= form_of(asked["what_will_change"], "First.", page["what_will_change"])
    second = form_of(asked["why_needed"], "First.", page["why_needed"])
    second |= form_of(asked["what_will_change"], "Changed by two.", page["what_will_change"])
    record_answers(work, case, "proposal", first)
    record_answers(work, case, "proposal", second)
    assert stored(office, "why_needed").value == "Changed by one."
    assert stored(office, "what_will_change").value == "Changed by two."


def test_two_who_write_the_same_words_agree(office: Office, officer: Person, case: Case) -> None:
    work = office.work(officer)
    question = case.questionnaire.question_by_id["why_needed"]
    send(work, case, {"why_needed": "The same."})
    saved = record_answers(work, case, "proposal", form_of(question, "The same.", "0-"))
    assert saved.changed == ()


@pytest.mark.parametrize("forged", ["", "x", "99999999999999999999-abc", "١-abc", "-1-"])
def test_a_token_that_was_never_given_out_overwrites_nothing(
    office: Office, officer: Person, case: Case, forged: str
) -> None:
    work = office.work(officer)
    send(work, case, {"why_needed": "Kept."})
    form = form_of(case.questionnaire.question_by_id["why_needed"], "Overwritten.", forged)
    with pytest.raises(Conflict):
        record_answers(work, case, "proposal", form)
    assert stored(office, "why_needed").value == "Kept."


def test_a_too_long_answer_saves_nothing_and_says_by_how_much(office: Office, officer: Person, case: Case) -> None:
    form = form_of(case.questionnaire.question_by_id["why_needed"], "word " * 301)
    form |= form_of(case.questionnaire.question_by_id["what_will_change"], "Fine.")
    with pytest.raises(InvalidInput) as refused:
        record_answers(office.work(officer), case, "proposal", form)
    assert "300 words or fewer. It has 301" in refused.value.messages["why_needed"]
    assert office.session.scalars(select(Answer)).all() == []


def test_an_autosave_keeps_what_it_can_and_names_the_rest(office: Office, officer: Person, case: Case) -> None:
    form = form_of(case.questionnaire.question_by_id["why_needed"], "word " * 301)
    form |= form_of(case.questionnaire.question_by_id["what_will_change"], "Fine.")
    saved = record_answers(office.work(officer), case, "proposal", form, autosave=True)
    assert saved.changed == ("what_will_change",)
    assert list(saved.problems) == ["why_needed"]


def test_autosaves_of_one_answer_in_one_sitting_make_one_event(office: Office, officer: Person, case: Case) -> None:
    for words in ("A", "A b", "A b c"):
        send(office.work(officer), case, {"why_needed": words}, autosave=True)
        office.later(minutes=5)
    assert told(office) == 1
    office.later(minutes=31)
    send(office.work(officer), case, {"why_needed": "A b c d"}, autosave=True)
    assert told(office) == 2
    assert stored(office, "why_needed").row_version == 4


def test_hidden_answers_stay_and_come_back(office: Office, officer: Person, case: Case) -> None:
    work = office.work(officer)
    send(work, case, {"need_counted": "yes", "scale_of_need": "300"})
    saved = send(work, case, {"need_counted": "no"})
    assert "scale_of_need" not in saved.visible
    assert stored(office, "scale_of_need").value == "300"
    saved = send(work, case, {"need_counted": "yes"})
    assert "scale_of_need" in saved.visible
    assert "scale_of_need" not in saved.appeared  # it has its answer
    assert "scale_source" in saved.appeared


def test_what_is_typed_into_a_hidden_question_is_not_written(office: Office, officer: Person, case: Case) -> None:
    work = office.work(officer)
    send(work, case, {"need_counted": "yes", "scale_of_need": "300"})
    send(work, case, {"need_counted": "no", "scale_of_need": "999"})
    assert stored(office, "scale_of_need").value == "300"


def test_a_hidden_question_that_cannot_be_read_does_not_stop_the_page(
    office: Office, officer: Person, case: Case
) -> None:
    form = form_of(case.questionnaire.question_by_id["need_counted"], "no")
    form |= {"scale_of_need": ["not a number"], "was:scale_of_need": ["0-"]}
    assert record_answers(office.work(officer), case, "proposal", form).changed == ("need_counted",)


def test_saving_the_page_confirms_what_was_carried_over_and_an_autosave_does_not(
    office: Office, officer: Person, case: Case
) -> None:
    work = office.work(officer)
    send(work, case, {"why_needed": "As before."})
    stored(office, "why_needed").to_confirm = True
    send(work, case, {"why_needed": "As before."}, autosave=True)
    assert stored(office, "why_needed").to_confirm
    send(work, case, {"why_needed": "As before."})
    assert not stored(office, "why_needed").to_confirm


def test_returned_reopens_only_what_was_named_and_what_depends_on_it(
    office: Office, officer: Person, case: Case
) -> None:
    work = office.work(officer)
    send(work, case, {"need_counted": "no", "why_needed": "Before."})
    returned(office, case, "question", "need_counted")
    case = office.case(officer, case)
    send(work, case, {"need_counted": "yes", "scale_of_need": "300", "why_needed": "After."})
    assert stored(office, "need_counted").value == "yes"
    assert stored(office, "scale_of_need").value == "300"
    assert stored(office, "why_needed").value == "Before."
    with pytest.raises(NotNow):
        send(work, case, {"place_differences": "Nothing here was returned."})


def test_a_returned_section_reopens_all_of_it(office: Office, officer: Person, case: Case) -> None:
    returned(office, case, "section", "proposal")
    case = office.case(officer, case)
    send(office.work(officer), case, {"why_needed": "After."})
    assert stored(office, "why_needed").value == "After."


def returned(office: Office, case: Case, kind: str, target: str) -> ReturnPoint:
    round_ = ReviewRound(version_id=case.version.id, number=1, started_at=NOON, outcome="returned", ended_at=NOON)
    office.session.add(round_)
    office.session.flush()
    point = ReturnPoint(round_id=round_.id, version_id=case.version.id, kind=kind, target=target, reason="Why?")
    office.session.add(point)
    case.version.state, case.version.submitted_at = State.RETURNED, NOON
    office.session.flush()
    return point


def test_a_contributor_reaches_only_the_sections_they_were_invited_to(
    office: Office, officer: Person, case: Case
) -> None:
    helper = office.person("Cem Kaya")
    join_side(office.work(officer), case.version.assessment_id, helper.id, Side.AUTHOR)
    office.session.add(
        Contributor(
            assessment_id=case.version.assessment_id,
            person_id=helper.id,
            sections=["places"],
            invited_by=officer.id,
            invited_at=NOON,
        )
    )
    theirs = office.case(helper, case)
    send(office.work(helper), theirs, {"place_differences": "Two streets."})
    assert stored(office, "place_differences").changed_by == helper.id
    with pytest.raises(NotVisible):
        send(office.work(helper), theirs, {"why_needed": "Not mine."})
    with pytest.raises(NotPermitted):
        record_answers(office.work(helper), theirs, "about_the_change", {})


def test_a_section_that_is_not_there_is_not_there(office: Office, officer: Person, case: Case) -> None:
    with pytest.raises(NotVisible):
        record_answers(office.work(officer), case, "made_up", {})


def test_screening_answers_are_closed_once_screening_is_over(office: Office, officer: Person, case: Case) -> None:
    with pytest.raises(NotNow):
        record_answers(office.work(officer), case, "about_the_change", {})


def test_every_kind_of_question_comes_back_as_it_was_sent(office: Office, officer: Person, case: Case) -> None:
    fill(office.work(officer), case, case.questionnaire)
    for question_id, row in answers_of(office.work(officer), case).items():
        assert row.value == sample(case.questionnaire.question_by_id[question_id])


def test_the_number_of_statements_does_not_grow_with_the_answers(office: Office, officer: Person, case: Case) -> None:
    work = office.work(officer)

    def statements(values: dict[str, str]) -> int:
        sent: list[str] = []
        engine = office.session.get_bind()
        event.listen(engine, "before_cursor_execute", counter := lambda *args: sent.append(args[2]))
        send(work, case, values, autosave=True)
        office.session.flush()
        event.remove(engine, "before_cursor_execute", counter)
        return len(sent)

    statements({"why_needed": "One."})  # the first answer may cost a look-up that is then remembered
    few = statements({"what_will_change": "1"})
    assert statements({"scale_of_need": "300", "scale_source": "Ours", "need_counted": "yes"}) <= few
