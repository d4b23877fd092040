"""Boundaries: whole or not at all, in editions; maps are drawn from them, and from the record alone once frozen."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema
import page
import pytest
from sqlalchemy import func, select

from hia_app.domain import charts
from hia_app.domain.document import Figure
from hia_app.domain.editions import public
from hia_app.domain.errors import InvalidInput, NotPermitted
from hia_app.domain.places_map import PlacesMap, from_json
from hia_app.domain.policy import Role
from hia_app.domain.report import report
from hia_app.domain.report_source import Source
from hia_app.pdf.render import render
from hia_app.services import areas, boundaries, screening, submissions
from hia_app.services.answers import record_answers, token
from hia_app.services.work import Case, Work
from hia_app.store.columns import new_id
from hia_app.store.tables import Answer, AreaBoundary, BoundaryEdition, Event
from tests.support.areas import code, imported, leeds, table
from tests.support.boundaries import PRINTED, WORDS, collection, feature, outlined, square, squares
from tests.support.office import Office
from tests.support.queries import counted
from tests.support.reviewing import Cast, answer_everything, cast, started

CODES = [code(place) for place in range(1, 21)]
QUESTION = "places_affected"


@pytest.fixture
def people(office: Office) -> Cast:
    return cast(office)


@pytest.fixture
def keeper(office: Office) -> Work:
    return office.work(office.person("Ada Administrator", Role.ADMINISTRATOR))


@pytest.fixture
def work(people: Cast) -> Work:
    return people.works(people.officer)


@pytest.fixture
def case(keeper: Work, work: Work, people: Cast) -> Case:
    """A draft that began with the made-up figures, with four areas chosen: two in ward 1, one each in wards 2 and 4."""
    imported(keeper)
    found = started(people)
    answer_everything(work, found, found.screening)
    screening.screen_in(work, found)
    found = people.office.case(people.officer, found)
    choose(work, found, *(code(place) for place in (1, 2, 6, 20)))
    return found


def choose(work: Work, case: Case, *codes: str) -> None:
    row = work.session.scalar(
        select(Answer).where(Answer.version_id == case.version.id, Answer.question_id == QUESTION)
    )
    said = {f"{QUESTION}-description": ["Streets"], f"{QUESTION}-areas": ["\n".join(codes)]}
    record_answers(work, case, case.questionnaire.section_of[QUESTION].id, {f"was:{QUESTION}": [token(row)], **said})


def rows(work: Work) -> int:
    return work.session.scalar(select(func.count()).select_from(AreaBoundary)) or 0


def drawn(work: Work, case: Case, codes: Sequence[str] = (code(1), code(20))) -> PlacesMap | None:
    return boundaries.map_of_case(work, case, codes)


def composed(work: Work, case: Case) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(submissions.compose(work, case)))
    return found


def maps_in(payload: dict[str, Any], *, told: bool = False) -> list[PlacesMap]:
    source = Source(payload, "", None, "", "")
    blocks = report(public(source) if told else source).blocks
    return [block.chart for block in blocks if isinstance(block, Figure) and isinstance(block.chart, PlacesMap)]


def test_our_areas_are_kept_and_the_others_passed_over(keeper: Work) -> None:
    figures = imported(keeper)
    edition = outlined(keeper, [*CODES[:18], "E01999999"])
    assert (edition.number, edition.areas, edition.area_edition_id, rows(keeper)) == (1, 18, figures.id, 18)
    assert boundaries.source_of(edition) == PRINTED
    (kept,) = boundaries.editions(keeper)
    assert kept.missing == 2
    event = keeper.session.scalars(select(Event).where(Event.action == "import_boundaries")).one()
    assert (event.subject, event.detail["areas"]) == ("Boundaries, edition 1", 18)


def test_a_faulty_file_changes_nothing_and_names_every_feature(keeper: Work) -> None:
    imported(keeper)
    content = collection([feature(CODES[0], square(0)), feature(CODES[1], [1]), feature(CODES[2], square(2)[:2])])
    with pytest.raises(boundaries.FaultyBoundaries) as faulty:
        boundaries.import_file(keeper, io.BytesIO(content), **WORDS)
    assert [one.partition(":")[0] for one in faulty.value.problems.first] == [
        "feature 2 (E01000002)",
        "feature 3 (E01000003)",
    ]
    assert faulty.value.messages == {"file": "The file has 2 problems. Nothing was imported."}
    assert rows(keeper) == 0
    assert boundaries.editions(keeper) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01", b"lsoa21_code,name\n", b'{"type": "FeatureCollection"'])
def test_what_is_no_geojson_is_refused(keeper: Work, content: bytes) -> None:
    imported(keeper)
    with pytest.raises(boundaries.FaultyBoundaries):
        boundaries.import_file(keeper, io.BytesIO(content), **WORDS)


def test_figures_come_first_and_words_are_asked_for(keeper: Work) -> None:
    with pytest.raises(InvalidInput, match="Import area figures first"):
        outlined(keeper, CODES)
    imported(keeper)
    with pytest.raises(InvalidInput) as invalid:
        outlined(keeper, CODES, licence=" ")
    assert set(invalid.value.messages) == {"licence"}


def test_sending_the_same_form_twice_makes_one_edition(keeper: Work) -> None:
    imported(keeper)
    key = new_id()
    first, again = (
        boundaries.import_file(keeper, io.BytesIO(squares(CODES)), **WORDS, edition_id=key) for _ in range(2)
    )
    assert first is again
    assert rows(keeper) == 20


def test_only_administrators_look_after_boundaries(people: Cast) -> None:
    for person in (people.officer, people.reviewer, people.decider):
        work = people.works(person)
        for forbidden in (boundaries.editions, boundaries.wanted, lambda work: outlined(work, CODES)):
            with pytest.raises(NotPermitted):
                forbidden(work)


def test_maps_are_drawn_from_the_newest_boundaries_for_the_figures(keeper: Work, work: Work, case: Case) -> None:
    assert drawn(work, case) is None
    outlined(keeper, CODES)
    outlined(keeper, CODES, source="Second")
    found = drawn(work, case)
    assert found is not None
    assert found.source.startswith("Second")
    assert (len(found.areas), found.missing) == (2, 0)
    assert [area.fifth for area in found.areas] == [1, 5]
    assert {ward.name: ward.chosen for ward in found.wards} == {"Ward 1": 1, "Ward 2": 0, "Ward 3": 0, "Ward 4": 1}
    # Later figures about the same areas need no new boundaries, and theirs do not take the older ones' place.
    imported(keeper, table(18))
    outlined(keeper, CODES, source="Third")
    again = drawn(work, case)
    assert again is not None
    assert again.source.startswith("Second")
    assert keeper.session.scalar(select(func.count()).select_from(BoundaryEdition)) == 3


def test_areas_without_a_boundary_are_counted_and_without_any_there_is_no_map(
    keeper: Work, work: Work, case: Case
) -> None:
    outlined(keeper, CODES[:10])
    found = drawn(work, case, (code(1), code(19), code(20)))
    assert found is not None
    assert (len(found.areas), found.missing) == (1, 2)
    assert "2 chosen small areas are not on the map" in charts.alt_text(found)
    assert drawn(work, case, (code(19), code(20))) is None
    assert drawn(work, case, ()) is None


def test_a_map_takes_two_queries_however_many_are_chosen(keeper: Work, work: Work, case: Case) -> None:
    outlined(keeper, CODES)
    keeper.session.expire_all()
    figures = areas.current(work)
    assert figures is not None
    with counted(work.session) as queries:
        assert boundaries.map_of(work, figures, CODES) is not None
    assert len(queries) == 2


def test_the_record_draws_the_map_again_whatever_is_imported_later(keeper: Work, work: Work, case: Case) -> None:
    outlined(keeper, CODES)
    frozen = composed(work, case)
    (found,) = maps_in(frozen)
    assert found == from_json(frozen["places"]["map"])
    assert charts.title(found) == "2 of the 4 chosen small areas are in the council’s most deprived fifth"
    outlined(keeper, list(reversed(CODES)))
    assert maps_in(frozen) == [found]
    assert maps_in(composed(work, case)) != [found]
    assert maps_in(frozen, told=True) == [found]  # the same in the public edition: it shows fifths, and counts nobody


def test_a_record_from_before_there_were_maps_reads_as_it_did(keeper: Work, work: Work, case: Case) -> None:
    before = composed(work, case)
    assert "map" not in before["places"]
    assert maps_in(before) == []
    outlined(keeper, CODES)
    after = composed(work, case)
    del after["places"]["map"]
    for payload in (before, after):
        payload["assessment"]["frozen_at"] = ""
    assert after == before


def test_the_map_is_in_the_document_and_its_file_is_accessible(keeper: Work, work: Work, case: Case) -> None:
    outlined(keeper, CODES)
    content = render(report(Source(composed(work, case), "", None, "", "")))
    assert [fault for one in ("ua1", "2a") for fault in page.validate_pdf_bytes(content, profile=one).failures] == []


def test_places_that_are_exempt_are_on_no_public_map_and_in_no_public_sum(keeper: Work, work: Work, case: Case) -> None:
    outlined(keeper, CODES)
    frozen = composed(work, case)
    assert maps_in(frozen, told=True)
    mark = {"kind": "question", "target": QUESTION, "paragraph": 3, "public_interest": "The owners do not know yet"}
    told = public(Source(frozen | {"exempt_marks": [mark]}, "", None, "", ""))
    assert told.payload["places"] is None
    answers = {row["question"]: row["value"] for row in told.payload["answers"]["assessment"]}
    assert answers[QUESTION] is None


def test_a_frozen_map_follows_the_published_schema(keeper: Work, work: Work, case: Case) -> None:
    outlined(keeper, CODES)
    schema = json.loads((Path(__file__).resolve().parents[2] / "docs/schemas/record.json").read_text())
    part = schema["properties"]["submission"]["properties"]["places"] | {"$defs": schema["$defs"]}
    check = jsonschema.Draft202012Validator(part)
    places = composed(work, case)["places"]
    assert [error.message for error in check.iter_errors(places)] == []
    places["map"]["areas"][0]["parts"][0][0][0] = 0.5
    assert not check.is_valid(places)


def test_the_whole_of_leeds_is_a_small_map(keeper: Work) -> None:
    figures = imported(keeper, leeds())
    codes = sorted(boundaries.wanted(keeper).codes)
    content = collection([feature(one, square(place, 24)) for place, one in enumerate(codes)])
    boundaries.import_file(keeper, io.BytesIO(content), **WORDS)
    found = boundaries.map_of(keeper, figures, codes)
    assert found is not None
    assert (len(found.areas), len(found.wards), found.missing) == (488, 33, 0)
    assert charts.title(found) == "98 of the 488 chosen small areas are in the council’s most deprived fifth"
