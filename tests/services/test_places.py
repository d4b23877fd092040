"""The places of an assessment: chosen, summed up, followed by the impacts that rest on them, and frozen with them."""

import json
from decimal import Decimal

import pytest
from sqlalchemy import select

from hia_app.domain.errors import Conflict, InvalidInput, NotVisible
from hia_app.domain.impacts import scale_words
from hia_app.domain.policy import Role
from hia_app.domain.report import report
from hia_app.domain.report_source import Source
from hia_app.pdf.render import render
from hia_app.services import areas, impacts, place_choices, places, ratings, screening, submissions
from hia_app.services.answers import answers_of, record_answers, token
from hia_app.services.place_choices import Ticks
from hia_app.services.work import Case, Work
from hia_app.store.columns import new_id
from hia_app.store.tables import Countersignature, Event, ImpactLine
from tests.support.areas import PRINTED, SIX_WARDS, code, imported, leeds
from tests.support.office import Office
from tests.support.queries import counted
from tests.support.reviewing import Cast, answer_everything, cast, impact_section, started

QUESTION = "places_affected"
WHO = {"direction": ["harm"], "groups": ["low_income"], "because": ["rents rise"], "effect": ["pay more"],
       "pathway": ["leaves less for food"]}  # fmt: skip
SIZE = {"magnitude": ["moderate"], "likelihood": ["likely"], "duration": ["long"], "reversible": ["no"]}
KNOW = {"source": ["Our judgement"], "confidence": ["medium"]}
REACH = {"reach_mid": ["50%"], "spread_kind": ["from_places"], "spread_base": ["private_rented"]}
STEPS = ("who", "size", "reach", "know", "act")


@pytest.fixture
def people(office: Office) -> Cast:
    return cast(office)


@pytest.fixture
def keeper(office: Office) -> Work:
    return office.work(office.person("Ada Administrator", Role.ADMINISTRATOR))


@pytest.fixture
def work(people: Cast) -> Work:
    return people.works(people.officer)


def drafted(people: Cast) -> Case:
    """A draft of the officer's."""
    found = started(people)
    work = people.works(people.officer)
    answer_everything(work, found, found.screening)
    screening.screen_in(work, found)
    return people.office.case(people.officer, found)


@pytest.fixture
def case(keeper: Work, people: Cast) -> Case:
    """A draft that began with the made-up figures: 20 areas, five to a ward."""
    imported(keeper)
    return drafted(people)


def answer(work: Work, case: Case, *codes: str, description: str = "Some streets") -> None:
    row = answers_of(work, case).get(QUESTION)
    form = {
        f"was:{QUESTION}": [token(row)],
        f"{QUESTION}-description": [description],
        f"{QUESTION}-areas": ["\n".join(codes)],
    }
    record_answers(work, case, "places", form)


def stored(work: Work, case: Case) -> dict[str, object]:
    return answers_of(work, case)[QUESTION].value


def choose(work: Work, case: Case, words: str = "", **ticks: object) -> list[str]:
    page = place_choices.choosing(work, case, QUESTION, words)
    made = Ticks(words, **{name: frozenset(v) if isinstance(v, set) else v for name, v in ticks.items()})
    place_choices.choose(work, page, token(page.row), made)
    value = stored(work, case)
    assert isinstance(value["areas"], list)
    return sorted(value["areas"])


def impact(work: Work, case: Case, **fields: list[str]) -> ImpactLine:
    raw = {**WHO, **SIZE, **REACH, **KNOW, **fields}
    return impacts.save(work, case, new_id(), impact_section(case), 0, raw, STEPS)


# choosing ------------------------------------------------------------------------------------------------------


def test_areas_are_found_by_ward_name_and_code(work: Work, case: Case) -> None:
    def found(words: str) -> list[str]:
        page = place_choices.choosing(work, case, QUESTION, words)
        return [area.code for ward in page.found for area in ward.areas]

    assert found("e05000002") == [code(place) for place in range(6, 11)]
    assert found("WARD 020") == [code(20)]
    assert found("PLACE 013") == [code(13)]
    assert found("e01000004") == [code(4)]
    assert found("%") == found("_") == found("nowhere") == []
    assert len(found("")) == 20


def test_a_ward_is_ticked_whole_and_parts_stay_as_they_were_ticked(work: Work, case: Case) -> None:
    assert choose(work, case, areas={code(7)}, wards={"E05000001"}) == [code(place) for place in (1, 2, 3, 4, 5, 7)]
    page = place_choices.choosing(work, case, QUESTION)
    assert [(ward.name, ward.chosen, ward.size, ward.whole) for ward in page.found[:2]] == [
        ("Ward 1", 5, 5, True),
        ("Ward 2", 1, 5, False),
    ]
    # Unticking one area of a whole ward takes out that one; unticking the ward takes out all.
    assert choose(work, case, areas={code(p) for p in (1, 2, 3, 4, 7)}, wards={"E05000001"}) == [
        code(place) for place in (1, 2, 3, 4, 7)
    ]
    choose(work, case, areas={code(7)}, wards={"E05000001"})
    assert choose(work, case, areas={code(p) for p in (1, 2, 3, 4, 5, 7)}) == [code(7)]


def test_what_a_search_does_not_show_stays_chosen(work: Work, case: Case) -> None:
    choose(work, case, wards={"E05000001"})
    assert choose(work, case, "E05000002", areas={code(8)}) == [code(place) for place in (1, 2, 3, 4, 5, 8)]


def test_where_scripts_ran_the_areas_say_it_all(work: Work, case: Case) -> None:
    assert choose(work, case, areas={code(1), code(2)}, wards=None) == [code(1), code(2)]


def test_codes_are_pasted_and_wards_taken_out(work: Work, case: Case) -> None:
    assert choose(work, case, pasted=f"{code(1)}, {code(6)}\n{code(20).lower()}") == [code(1), code(6), code(20)]
    assert choose(work, case, take_out="E05000002") == [code(1), code(20)]
    assert choose(work, case, pasted=code(6), take_out="") == [code(6)]


def test_the_words_about_the_places_stay_when_areas_are_chosen(work: Work, case: Case) -> None:
    answer(work, case, description="Twelve streets\nand a square")
    choose(work, case, areas={code(1)})
    assert stored(work, case) == {"description": "Twelve streets\nand a square", "areas": [code(1)]}
    choose(work, case, take_out="all")
    assert stored(work, case) == {"description": "Twelve streets\nand a square", "areas": []}


@pytest.mark.parametrize("pasted", ["E0100000", "castle", "E01000001 \N{ARABIC-INDIC DIGIT ONE}", "E01\x0000001"])
def test_what_is_no_code_cannot_be_pasted(work: Work, case: Case, pasted: str) -> None:
    with pytest.raises(InvalidInput) as invalid:
        choose(work, case, pasted=pasted)
    assert set(invalid.value.messages) == {"pasted"}


def test_a_wrong_code_in_the_list_does_not_lose_what_was_ticked(work: Work, case: Case) -> None:
    page = place_choices.choosing(work, case, QUESTION)
    ticks = Ticks("", frozenset({code(7)}), frozenset({"E05000001"}), "E01099999")
    with pytest.raises(InvalidInput):
        place_choices.choose(work, page, token(page.row), ticks)
    drawn = place_choices.as_ticked(work, page, ticks)
    assert drawn.codes == {code(place) for place in (1, 2, 3, 4, 5, 7)}
    assert [(ward.whole, ward.chosen) for ward in drawn.found[:2]] == [(True, 5), (False, 1)]


def test_unknown_codes_are_refused_by_name_wherever_they_are_typed(work: Work, case: Case) -> None:
    with pytest.raises(InvalidInput) as pasted:
        choose(work, case, pasted="E01999999 E01000001")
    assert pasted.value.messages["pasted"] == (
        "This code is not in our area figures (Made-up figures, Census 2021): E01999999"
    )
    with pytest.raises(InvalidInput) as typed:
        answer(work, case, *(f"E0199{place:04d}" for place in range(12)), code(1))
    message = typed.value.messages[f"{QUESTION}-areas"]
    assert message.startswith("These codes are not in our area figures")
    assert message.endswith("E01990009 and 2 more")


def test_an_autosave_reports_unknown_codes_and_keeps_the_rest(work: Work, case: Case) -> None:
    form = {f"was:{QUESTION}": ["0-"], f"{QUESTION}-description": ["x"], f"{QUESTION}-areas": ["E01999999"]}
    saved = record_answers(work, case, "places", form, autosave=True)
    assert set(saved.problems) == {f"{QUESTION}-areas"}
    assert QUESTION not in answers_of(work, case)


def test_two_people_who_choose_at_once_are_told(work: Work, case: Case) -> None:
    page = place_choices.choosing(work, case, QUESTION)
    answer(work, case, code(3))
    with pytest.raises(Conflict):
        place_choices.choose(work, page, "0-", Ticks(areas=frozenset({code(1)})))


def test_contributors_see_only_places_of_their_sections(work: Work, case: Case, people: Cast) -> None:
    with pytest.raises(NotVisible):
        place_choices.choosing(people.works(people.second), case, "why_needed")


# without figures, and figures that come later ------------------------------------------------------------------


def test_without_figures_any_code_is_kept_and_nothing_is_summed_up(work: Work, people: Cast) -> None:
    case = drafted(people)
    answer(work, case, "E01999999")
    assert places.chosen(work, case) is None
    assert stored(work, case)["areas"] == ["E01999999"]
    with pytest.raises(NotVisible):
        place_choices.choosing(work, case, QUESTION)
    with pytest.raises(InvalidInput):
        impact(work, case)


def test_an_assessment_from_before_the_first_import_takes_the_figures_when_it_names_areas(
    work: Work, keeper: Work, people: Cast
) -> None:
    case = drafted(people)
    edition = imported(keeper)
    assert case.version.area_edition is None
    answer(work, case, code(1))
    assert case.version.area_edition is edition
    assert areas.reference(work, case).source == PRINTED
    assert work.session.scalars(select(Event.action).where(Event.action == "use_area_figures")).all()


def test_an_assessment_checks_places_against_its_own_edition(work: Work, keeper: Work, case: Case) -> None:
    imported(keeper, leeds())
    answer(work, case, code(1))
    with pytest.raises(InvalidInput):
        answer(work, case, "E01011264")


# what follows --------------------------------------------------------------------------------------------------


def test_impacts_take_spread_and_number_from_the_places_and_follow_them(work: Work, case: Case) -> None:
    answer(work, case, code(1), code(20))
    row = impact(work, case)
    # 119 and 100 private-rented homes: half of 219, rounded
    assert (row.reach_mid, row.reach_unit) == (Decimal(110), "homes")
    assert [float(share) for share in row.spread or ()] == pytest.approx([119 / 219, 0, 0, 0, 100 / 219], abs=2e-6)
    assert row.spread_source == f"Private-rented homes in the chosen places (2 small areas in 2 wards): {PRINTED}"
    before = row.row_version
    choose(work, case, areas={code(20)})
    assert (row.reach_mid, row.spread, row.row_version) == (Decimal(50), ["0", "0", "0", "0", "1"], before + 1)
    assert case.version.rating == ratings.current(work, case).to_json()
    choose(work, case, areas={code(20)})
    assert row.row_version == before + 1


def test_an_impact_without_its_places_is_unfinished_until_there_are_some(work: Work, case: Case) -> None:
    answer(work, case, code(1))
    row = impact(work, case)
    answer(work, case)
    assert row.spread is None
    assert "incomplete_impact" in {gap.kind for gap in ratings.current(work, case).gaps}
    answer(work, case, code(1))
    assert row.spread == ["1", "0", "0", "0", "0"]


def test_a_countersignature_ends_when_the_places_it_rested_on_change(work: Work, case: Case, people: Cast) -> None:
    answer(work, case, code(1))
    row = impact(work, case)
    signature = Countersignature(
        version_id=case.version.id, impact_id=row.id, impact_row_version=row.row_version, reason="Fine",
        signed_by=people.reviewer.id, signed_at=work.now,
    )  # fmt: skip
    work.session.add(signature)
    answer(work, case, code(1), description="The same areas in other words")
    assert signature.cleared_at is None
    answer(work, case, code(2), code(20))
    assert signature.cleared_at == work.now


def test_the_record_holds_the_places_with_their_source_and_the_report_prints_them(work: Work, case: Case) -> None:
    answer(work, case, code(1), code(20))
    impact(work, case)
    composed = json.loads(json.dumps(submissions.compose(work, case)))
    assert composed["places"]["words"] == "2 small areas in 2 wards"
    assert composed["places"]["source"] == composed["reference_population"]["source"] == PRINTED
    (line,) = composed["impacts"]
    assert (line["base"]["total"], line["reach_shares"]) == (219, [None, "50", None])
    assert line["scale"] == "110 of 219 private-rented homes in the chosen places (50%)"
    document = report(Source(composed, "", None, "", ""))
    assert render(document).startswith(b"%PDF")
    printed = repr(document)
    assert "In the places" in printed
    assert line["scale"] in printed
    assert PRINTED in printed


def test_a_record_without_places_prints_none(work: Work, people: Cast) -> None:
    composed = submissions.compose(work, drafted(people))
    assert composed["places"] is None
    assert "Share there" not in repr(report(Source(composed, "", None, "", "")))


def test_choosing_takes_few_queries_however_much_is_chosen(work: Work, case: Case) -> None:
    answer(work, case, *(code(place) for place in range(1, 21)))
    work.session.flush()
    with counted(work.session) as queries:
        place_choices.choosing(work, case, QUESTION)
    assert len(queries) <= 8


def test_six_wards_of_leeds_give_the_spread_of_selective_licensing(work: Work, keeper: Work, people: Cast) -> None:
    imported(keeper, leeds())
    case = drafted(people)
    page = place_choices.choosing(work, case, QUESTION)
    wards = frozenset(ward.code for ward in page.found if ward.name in SIX_WARDS)
    assert len(wards) == 6
    place_choices.choose(work, page, token(page.row), Ticks(wards=wards))
    row = impact(work, case, reach_unit=["homes"], reach_mid=["12,500"])
    assert row.base is not None
    assert (row.base["total"], row.base["by_fifth"]) == (22928, [12711, 4286, 2226, 2399, 1306])
    shares = [float(share) for share in row.spread or ()]
    assert shares == pytest.approx([0.554388, 0.186933, 0.097087, 0.104632, 0.056961], abs=3e-6)
    line = impacts.find(work, case, row.id)
    assert scale_words(line.impact) == "12,500 of 22,928 private-rented homes in the chosen places (55%)"
