"""Area figures: whole or not at all, in editions, and each assessment keeps the one it began with."""

import io

import pytest
from sqlalchemy import func, select

from hia_app.domain.errors import InvalidInput, NotPermitted, NotVisible
from hia_app.domain.policy import Role
from hia_app.services import area_files, areas, assessments, versions
from hia_app.services.work import Work
from hia_app.store.columns import new_id
from hia_app.store.tables import Area, AreaEdition, Event, Person
from tests.support.areas import PRINTED, WORDS, code, imported, leeds, table
from tests.support.office import Office
from tests.support.queries import counted
from tests.support.reviewing import Cast, cast, started


@pytest.fixture
def people(office: Office) -> Cast:
    return cast(office)


@pytest.fixture
def keeper(office: Office) -> Person:
    return office.person("Ada Administrator", Role.ADMINISTRATOR)


@pytest.fixture
def work(office: Office, keeper: Person) -> Work:
    return office.work(keeper)


def rows(work: Work) -> int:
    return work.session.scalar(select(func.count()).select_from(Area)) or 0


def test_an_import_becomes_the_current_edition_with_fifths_and_sums(work: Work) -> None:
    edition = imported(work)
    assert (edition.number, edition.current, rows(work)) == (1, True, 20)
    assert areas.source_of(edition) == PRINTED
    assert (edition.sums["areas"], edition.sums["wards"]) == (20, 4)
    first, last = (work.session.get_one(Area, (edition.id, code(place))) for place in (1, 20))
    assert (first.local_fifth, first.local_tenth, last.local_fifth, last.local_tenth) == (1, 1, 5, 10)
    assert first.counts["private_rented"] == 119
    event = work.session.scalars(select(Event).where(Event.action == "import_areas")).one()
    assert (event.subject, event.detail["areas"]) == ("Area figures, edition 1", 20)


def test_a_faulty_file_changes_nothing_and_names_every_line(work: Work) -> None:
    before = imported(work)
    broken = table(20, row3={"imd_rank": "?"}, row17={"lsoa21_code": "x"})
    with pytest.raises(area_files.FaultyFile) as faulty:
        imported(work, broken)
    assert [(problem.line, problem.column) for problem in faulty.value.problems.first] == [
        (4, "imd_rank"),
        (18, "lsoa21_code"),
    ]
    assert faulty.value.messages == {"file": "The file has 2 problems. Nothing was imported."}
    assert (rows(work), areas.current(work)) == (20, before)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01", b"PK\x03\x04\x14\x00\x06\x00\xd0\xcf", b"a,b\n1,2\n"])
def test_what_is_no_table_is_refused(work: Work, content: bytes) -> None:
    with pytest.raises(area_files.FaultyFile):
        areas.import_file(work, io.BytesIO(content), **WORDS)
    assert rows(work) == 0


def test_a_file_that_stops_being_utf_8_in_the_middle_is_refused_with_its_line(work: Work) -> None:
    content = table(3000, row2900={"lsoa21_name": "Caf\N{LATIN SMALL LETTER E WITH ACUTE}"})
    with pytest.raises(area_files.FaultyFile) as faulty:
        imported(work, content.decode().encode("cp1252"))
    assert "not UTF-8" in str(faulty.value.problems.first[0])


@pytest.mark.parametrize("field", ["source", "year", "licence"])
@pytest.mark.parametrize("text", ["", "   ", "a\x00b", "x" * 2_000])
def test_source_year_and_licence_are_asked_for(work: Work, field: str, text: str) -> None:
    with pytest.raises(InvalidInput) as invalid:
        imported(work, **{field: text})
    assert set(invalid.value.messages) == {field}
    assert rows(work) == 0


def test_sending_the_same_form_twice_makes_one_edition(work: Work) -> None:
    key = new_id()
    first = areas.import_file(work, io.BytesIO(table()), **WORDS, edition_id=key)
    again = areas.import_file(work, io.BytesIO(table()), **WORDS, edition_id=key)
    assert first is again
    assert rows(work) == 20


def test_editions_are_kept_and_an_earlier_one_can_be_made_current(work: Work) -> None:
    first, second = imported(work), imported(work, table(10))
    assert (first.current, second.current, rows(work)) == (False, True, 30)
    areas.make_current(work, first.id)
    assert (areas.current(work), second.current) == (first, False)
    assert [(edition.number, used) for edition, used in areas.editions(work)] == [(2, 0), (1, 0)]
    with pytest.raises(NotVisible):
        areas.make_current(work, new_id())


def test_only_administrators_look_after_area_figures(people: Cast) -> None:
    for person in (people.officer, people.reviewer, people.decider):
        work = people.works(person)
        for forbidden in (imported, areas.editions, lambda work: areas.make_current(work, "x")):
            with pytest.raises(NotPermitted):
                forbidden(work)


def test_an_assessment_keeps_the_edition_it_began_with(work: Work, people: Cast) -> None:
    first = imported(work)
    case = started(people)
    second = imported(work, table(10))
    assert case.version.area_edition is first
    assert started(people).version.area_edition is second


def test_ratings_use_the_residents_by_fifth_of_that_edition(work: Work, people: Cast) -> None:
    without = started(people)
    assert areas.reference(work, without).residents == work.settings.reference_population
    assert areas.reference(work, without).source == work.settings.reference_population_source
    imported(work)
    case = started(people)
    assert areas.reference(work, case).residents == (4010, 4026, 4042, 4058, 4074)
    assert areas.reference(work, case).source == PRINTED
    assert areas.reference(work, without).residents == work.settings.reference_population


def test_fewer_than_five_areas_have_no_fifths_and_ratings_use_the_settings(work: Work, people: Cast) -> None:
    imported(work, table(4))
    assert areas.reference(work, started(people)).residents == work.settings.reference_population


def test_a_new_version_begins_with_the_newest_edition(
    work: Work, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(work)
    case = started(people)
    newest = imported(work, table(10))
    monkeypatch.setattr(versions, "allow", lambda *_: None)
    monkeypatch.setattr(versions, "_hold_all", lambda *_: None)
    case.version.state = "signed_off"
    opened = versions.reopen(people.works(people.officer), case, new_id(), "area", "The boundary moved")
    assert opened.version.area_edition_id == newest.id


def test_listing_editions_asks_once_however_many_there_are(work: Work, people: Cast) -> None:
    for _ in range(3):
        imported(work)
        started(people)
    with counted(work.session) as queries:
        assert [used for _, used in areas.editions(work)] == [1, 1, 1]
    assert len(queries) == 1


def test_the_figures_of_leeds_give_the_council_s_fifths(work: Work, people: Cast) -> None:
    edition = imported(work, leeds())
    assert edition.sums["by_fifth"]["residents"] == [168899, 163183, 160861, 160504, 158468]
    assert areas.reference(work, started(people)).residents == work.settings.reference_population


def test_progress_is_told_while_reading_and_while_writing(work: Work) -> None:
    told: list[tuple[str, int]] = []
    content = io.BytesIO(table(2_500))
    areas.import_file(work, content, **WORDS, progress=lambda done, so_far: told.append((done, so_far)))
    assert told == [("checked", 1000), ("checked", 2000), ("stored", 1000), ("stored", 2000), ("stored", 2500)]
    assert not content.closed


def test_starting_an_assessment_needs_no_area_figures(people: Cast) -> None:
    case = started(people)
    assert case.version.area_edition_id is None
    assert assessments.proposal_of(case.version).title
    assert people.works(people.officer).session.scalar(select(func.count()).select_from(AreaEdition)) == 0
