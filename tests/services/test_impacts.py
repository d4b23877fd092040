"""Impacts: five steps saved one by one, never twice, never over somebody else's words."""

import pytest

from hia_app.domain.errors import Conflict, InvalidInput, NotNow, NotVisible
from hia_app.domain.impacts import sentence
from hia_app.domain.policy import Role
from hia_app.services import contributors, impacts, ratings, screening
from hia_app.services.work import Case, Work
from hia_app.store.columns import new_id
from hia_app.store.tables import Countersignature, Event, ImpactLine, Person
from tests.support.office import Office
from tests.support.queries import counted
from tests.support.reviewing import BENEFIT, Cast, add_impact, answer_everything, cast, impact_section, started, taken

WHO = {
    "direction": ["harm"],
    "groups": ["low_income"],
    "because": ["rents rise"],
    "effect": ["pay more for the same home"],
    "pathway": ["leaves less for food and heat"],
}
SIZE = {"magnitude": ["moderate"], "likelihood": ["likely"], "duration": ["long"], "reversible": ["no"]}
REACH = {"reach_unit": ["homes"], "reach_mid": ["1,200"], "spread_kind": ["all_most_deprived"]}
KNOW = {"source": ["Our judgement"], "confidence": ["medium"]}
STEPS = ("who", "size", "reach", "know", "act")


@pytest.fixture
def people(office: Office) -> Cast:
    return cast(office)


@pytest.fixture
def case(people: Cast) -> Case:
    """A draft of the officer's."""
    found = started(people)
    work = people.works(people.officer)
    answer_everything(work, found, found.screening)
    screening.screen_in(work, found)
    return people.office.case(people.officer, found)


@pytest.fixture
def work(people: Cast) -> Work:
    return people.works(people.officer)


def saved(work: Work, case: Case, raw=WHO, steps=("who",), impact_id=None, version=0) -> ImpactLine:
    return impacts.save(work, case, impact_id or new_id(), impact_section(case), version, raw, steps)


def test_each_step_keeps_what_it_asks_and_the_whole_reads_as_one_sentence(work: Work, case: Case) -> None:
    row = saved(work, case)
    for steps, raw in ((("size",), SIZE), (("reach",), REACH), (("know",), KNOW)):
        row = saved(work, case, raw, steps, row.id, row.row_version)
    line = impacts.find(work, case, row.id)
    assert (line.name, row.reach_mid, row.row_version) == ("I1", 1200, 4)
    assert [float(share) for share in row.spread or ()] == [1, 0, 0, 0, 0]
    words = sentence(line.impact, case.questionnaire.groups)
    assert "About 2,900 people in 1,200 homes, all in the most deprived fifth" in words


def test_the_rating_follows_every_save(work: Work, case: Case) -> None:
    saved(work, case, {**WHO, **SIZE, **REACH, **KNOW}, STEPS)
    rating = ratings.of(case)
    assert rating is not None
    assert rating.provisional_rule == 1, "a moderate, likely harm to a priority group is major"
    assert case.version.rating_rule == 0, "required answers are missing"


def test_a_double_click_makes_one(work: Work, case: Case) -> None:
    same = new_id()
    first, second = saved(work, case, impact_id=same), saved(work, case, impact_id=same)
    assert first.id == second.id
    assert len(impacts.lines_of(work, case)) == 1


def test_two_people_never_overwrite_each_other(work: Work, case: Case) -> None:
    row = saved(work, case)
    saved(work, case, {**WHO, "because": ["rents double"]}, ("who",), row.id, row.row_version)
    with pytest.raises(Conflict) as conflict:
        saved(work, case, {**WHO, "because": ["rents fall"]}, ("who",), row.id, 1)
    assert conflict.value.stored["because"] == "rents double"
    assert conflict.value.typed["because"] == "rents fall"
    assert impacts.find(work, case, row.id).row.because == "rents double"


@pytest.mark.parametrize(
    ("steps", "raw", "field"),
    [
        (("who",), {**WHO, "direction": []}, "direction"),
        (("who",), {**WHO, "direction": ["sideways"]}, "direction"),
        (("who",), {**WHO, "groups": ["nobody_we_know"]}, "groups"),
        (("who",), {**WHO, "because": ["x" * 601]}, "because"),
        (("who",), {**WHO, "effect": ["a\0b"]}, "effect"),
        (("size",), {**SIZE, "magnitude": ["huge"]}, "magnitude"),
        (("reach",), {**REACH, "reach_mid": ["nan"]}, "reach_mid"),
        (("reach",), {**REACH, "reach_mid": ["1e9"]}, "reach_mid"),
        (("reach",), {**REACH, "reach_mid": ["0"]}, "reach_mid"),
        (("reach",), {**REACH, "reach_low": ["1300"]}, "reach_low"),
        (("reach",), {**REACH, "reach_high": ["5"]}, "reach_high"),
        (("reach",), {**REACH, "spread_kind": ["declared"], "share_1": ["99.9"]}, "share_1"),
        (("know",), {**KNOW, "plan_by-day": ["31"], "plan_by-month": ["2"], "plan_by-year": ["2027"]}, "plan_by-day"),
    ],
)
def test_what_cannot_be_used_is_refused_by_field_and_keeps_nothing(work, case, steps, raw, field) -> None:
    row = saved(work, case)
    with pytest.raises(InvalidInput) as invalid:
        saved(work, case, raw, steps, row.id, row.row_version)
    assert field in invalid.value.messages
    assert impacts.find(work, case, row.id).row.row_version == 1


def test_five_typed_shares_must_add_up_to_a_hundred(work: Work, case: Case) -> None:
    shares = dict(
        zip((f"share_{n}" for n in range(1, 6)), (["55.4"], ["18.7"], ["9.7"], ["10.5"], ["5.7"]), strict=True)
    )
    row = saved(work, case, {**WHO, **REACH, "spread_kind": ["declared"], **shares}, ("who", "reach"))
    assert row.spread == ["0.554", "0.187", "0.097", "0.105", "0.057"]


def test_what_remains_cannot_be_worse_than_before(work: Work, case: Case) -> None:
    row = saved(work, case, {**WHO, **SIZE}, ("who", "size"))
    worse = {"action": ["A protocol"], "residual_magnitude": ["major"], "residual_likelihood": ["likely"]}
    with pytest.raises(InvalidInput) as invalid:
        saved(work, case, worse, ("act",), row.id, row.row_version)
    assert list(invalid.value.messages) == ["residual_magnitude"]


def test_an_effect_that_becomes_unknown_loses_its_size_and_the_history_says_so(work: Work, case: Case) -> None:
    row = saved(work, case, {**WHO, **SIZE, **REACH}, ("who", "size", "reach"))
    row = saved(work, case, {**WHO, "direction": ["not_known"]}, ("who",), row.id, row.row_version)
    assert (row.magnitude, row.reach_mid, row.spread) == (None, None, None)
    last = work.session.query(Event).order_by(Event.seq.desc()).first()
    assert last is not None
    assert last.action == "change_impact"
    assert "magnitude" in last.detail["fields"]


def test_a_copy_is_a_second_impact_with_the_same_words(work: Work, case: Case) -> None:
    row = saved(work, case, {**WHO, **SIZE}, ("who", "size"))
    again = impacts.copy(work, case, row.id, new_id())
    assert (again.number, again.because, again.magnitude) == (2, "rents rise", "moderate")


def test_a_removed_impact_stops_counting_and_its_text_stays(work: Work, case: Case) -> None:
    row = saved(work, case, {**WHO, **SIZE, **REACH, **KNOW}, STEPS)
    impacts.remove(work, case, row.id, row.row_version)
    assert impacts.lines_of(work, case) == []
    assert work.session.get(ImpactLine, row.id).because == "rents rise"
    with pytest.raises(NotVisible):
        impacts.find(work, case, row.id)


def test_impacts_belong_only_where_the_questionnaire_asks_for_them(work: Work, case: Case) -> None:
    without = next(section.id for section in case.questionnaire.sections if not section.impacts)
    with pytest.raises(NotVisible):
        impacts.save(work, case, new_id(), without, 0, WHO, ("who",))


def test_an_impact_of_another_assessment_does_not_exist_here(people: Cast, work: Work, case: Case) -> None:
    row = saved(work, case)
    other = started(people)
    with pytest.raises(NotVisible):
        impacts.find(work, people.office.case(people.officer, other), row.id)


def test_a_contributor_reaches_only_the_sections_they_were_invited_to(people: Cast, work: Work, case: Case) -> None:
    row = saved(work, case)
    elsewhere = next(section.id for section in case.questionnaire.sections if section.id != row.section_id)
    contributors.invite(work, case, email="helper@example.org", name="Hal Helper", sections=[elsewhere])
    helper = work.session.query(Person).filter_by(email="helper@example.org").one()
    theirs = people.office.case(helper, case)
    with pytest.raises(NotVisible):
        impacts.find(people.works(helper), theirs, row.id)
    with pytest.raises(NotVisible):
        impacts.save(people.works(helper), theirs, new_id(), row.section_id, 0, WHO, ("who",))


def test_nothing_can_be_recorded_while_it_is_in_review(people: Cast) -> None:
    case = taken(people)
    with pytest.raises(NotNow):
        saved(people.works(people.officer), people.office.case(people.officer, case))


def test_any_change_ends_a_countersignature(people: Cast, work: Work, case: Case) -> None:
    row = saved(work, case, {**WHO, **SIZE}, ("who", "size"))
    work.session.add(
        Countersignature(
            version_id=case.version.id, impact_id=row.id, impact_row_version=row.row_version, reason="Fine",
            signed_by=people.reviewer.id, signed_at=work.now,
        )
    )  # fmt: skip
    work.session.flush()
    assert impacts.find(work, case, row.id).countersigned
    saved(work, case, {**WHO, "because": ["rents double"]}, ("who",), row.id, row.row_version)
    assert not impacts.find(work, case, row.id).countersigned
    assert work.session.query(Countersignature).one().cleared_at == work.now


def test_the_number_of_queries_does_not_grow_with_the_impacts(work: Work, case: Case) -> None:
    add_impact(work, case, BENEFIT)
    with counted(work.session) as few:
        ratings.current(work, case)
    for _ in range(20):
        add_impact(work, case, BENEFIT)
    with counted(work.session) as many:
        ratings.current(work, case)
    assert len(many) == len(few)


def test_only_the_author_side_records(people: Cast, case: Case) -> None:
    outsider = people.office.person("Other Officer", Role.OFFICER)
    with pytest.raises(NotVisible):
        people.office.case(outsider, case)
