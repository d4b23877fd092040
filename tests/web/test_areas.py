"""The pages of area figures: importing them, choosing places with them, and impacts that rest on them."""

import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from hia_app.config import Settings
from hia_app.services import areas, places
from hia_app.services.work import open_case
from hia_app.worker.duties import Duties
from tests.support.areas import PRINTED, WORDS, code, row, table
from tests.support.areas import lines as table_lines
from tests.support.drafts import Drafts
from tests.support.forms import form_on
from tests.support.office import QUESTIONNAIRES
from tests.support.people import People, Visitor

IMPORT = "/admin/areas/import"
QUESTION = "places_affected"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"questionnaires": QUESTIONNAIRES})


@pytest.fixture
def drafts(people: People) -> Drafts:
    return Drafts(people)


@pytest.fixture
def keeper(people: People) -> Visitor:
    return people.client("administrator")


@pytest.fixture
def officer(people: People) -> Visitor:
    return people.client("officer")


def send_file(visitor: Visitor, content: bytes, **words: str):  # type: ignore[no-untyped-def]
    form = form_on(visitor.get(IMPORT).text, IMPORT)
    sent = form | WORDS | words | {"file": (io.BytesIO(content), "areas.csv")}
    return visitor.send(IMPORT, sent, content_type="multipart/form-data")


def run(people: People, address: str) -> None:
    """What the worker does about the import with this address, without an engine."""
    place = people.place
    Duties(place.settings, place.database, place.shelf, place.clock).import_areas(
        lambda act: act(), address.rpartition("/")[2]
    )


def drafted(people: People, drafts: Drafts) -> str:
    """A draft that began with the made-up figures."""
    drafts.within("administrator", lambda work: areas.import_file(work, io.BytesIO(table()), **WORDS))
    return drafts.draft()


def test_an_administrator_imports_a_table_and_sees_it_in_use(keeper: Visitor, people: People) -> None:
    assert "Nothing has been imported yet" in keeper.get("/admin/areas/").text
    answer = send_file(keeper, table())
    assert answer.status_code == 303
    assert re.fullmatch(r"/admin/areas/imports/[0-9a-f-]{36}", answer.location)
    page = keeper.get(answer.location).text
    assert "0 of 20 rows read." in page
    assert "Nothing has happened for a while" not in page
    listed = keeper.get("/admin/areas/").text
    assert "0 of 20 rows read" in listed
    assert "A table is being imported: 0 of 20 rows read." in listed
    begun = people.place.clock
    people.place.clock = lambda: begun() + timedelta(seconds=40)
    assert "Nothing has happened for a while" in keeper.get(answer.location).text
    run(people, answer.location)
    page = keeper.get(answer.location).text
    assert "20 small areas are imported as edition 1. New assessments use it." in page
    assert PRINTED in page
    page = keeper.get("/admin/areas/").text
    assert "Edition 1: 20 small areas in 4 wards, 20,210 residents" in page
    assert ">areas.csv</a>" in page
    # The next import begins with the same words.
    assert form_on(keeper.get(IMPORT).text, IMPORT)["source"] == [WORDS["source"]]


def test_a_faulty_table_is_shown_with_every_problem_and_what_was_typed_stays(keeper: Visitor, people: People) -> None:
    broken = table(250, row3={"imd_rank": "<b>"}, **{f"row{place}": {"hh_owned": ""} for place in range(5, 215)})
    address = send_file(keeper, broken, source="Ours & theirs").location
    run(people, address)
    page = keeper.get(address).text
    assert "211 problems in the file" in page
    assert "And 11 more." in page
    assert re.search(r"Line 4</strong>, <code[^>]*>imd_rank</code>: “&lt;b&gt;”", page)
    assert form_on(keeper.get(IMPORT).text, IMPORT)["source"] == ["Ours & theirs"]
    page = keeper.get("/admin/areas/").text
    assert "Nothing has been imported yet" in page
    assert "211 problems, nothing was imported" in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"lsoa21_code,lsoa21_name\nE01000001,Here\n", "A column is missing: Residents, such as"),
        (table().decode().encode("utf-16"), "This is not UTF-8 text"),
        (table().splitlines(keepends=True)[0], "The file has no rows"),
    ],
)
def test_what_the_head_of_a_file_shows_is_said_at_once(keeper: Visitor, content: bytes, said: str) -> None:
    answer = send_file(keeper, content, source="Ours & theirs")
    assert answer.status_code == 422
    assert said in answer.text
    assert "Error: Import area figures" in answer.text
    assert form_on(answer.text, IMPORT)["source"] == ["Ours & theirs"]
    assert "Last imports" not in keeper.get("/admin/areas/").text


def test_an_import_is_stopped_and_only_one_goes_on_at_a_time(keeper: Visitor, people: People) -> None:
    address = send_file(keeper, table()).location
    second = send_file(keeper, table(), source="Ours & theirs")
    assert second.status_code == 422
    assert "Another table is being imported" in second.text
    assert form_on(second.text, IMPORT)["source"] == ["Ours & theirs"]
    assert keeper.send(f"{address}/stop").status_code == 303
    assert "It was stopped after 0 of 20 rows. Nothing was imported." in keeper.get(address).text
    run(people, address)
    assert "Nothing has been imported yet" in keeper.get("/admin/areas/").text
    assert keeper.send(f"{address}/stop").location == address  # too late, and said by the page
    assert send_file(keeper, table()).status_code == 303


@pytest.mark.parametrize("field", ["file", "source", "licence"])
def test_what_is_not_given_is_asked_for(keeper: Visitor, field: str) -> None:
    form = form_on(keeper.get(IMPORT).text, IMPORT) | WORDS | {"file": (io.BytesIO(table()), "areas.csv")}
    form[field] = "" if field != "file" else (io.BytesIO(), "")
    answer = keeper.send(IMPORT, form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_a_table_larger_than_other_forms_is_taken_here_and_only_here(keeper: Visitor) -> None:
    notes = "x" * 70_000
    header, *rows = (line.rstrip("\n") for line in table_lines(row(place, 60) for place in range(1, 61)))
    content = "\n".join([f"{header},notes", *(f"{line},{notes}" for line in rows)])
    fields = form_on(keeper.get(IMPORT).text, IMPORT) | WORDS | {"csrf_token": keeper.token()}
    # Encoded here, because the test client would leave a temporary file open.
    boundary, body = encode_multipart(fields | {"file": FileStorage(io.BytesIO(content.encode()), "areas.csv")})
    assert len(body) > 4_000_000
    kind = f"multipart/form-data; boundary={boundary}"
    assert keeper.post(IMPORT, data=body, content_type=kind).status_code == 303
    for elsewhere, status in (("/admin/people", 413), ("/nowhere", 404)):
        assert keeper.post(elsewhere, data=body, content_type=kind).status_code == status


def test_sending_the_import_twice_makes_one_edition(keeper: Visitor, people: People) -> None:
    form = form_on(keeper.get(IMPORT).text, IMPORT) | WORDS
    for _ in range(2):
        sent = form | {"file": (io.BytesIO(table()), "areas.csv")}
        answer = keeper.send(IMPORT, sent, content_type="multipart/form-data")
        assert answer.status_code == 303
        run(people, answer.location)
    assert "Edition 2" not in keeper.get("/admin/areas/").text


def test_an_earlier_edition_can_be_used_again(keeper: Visitor, people: People) -> None:
    for content in (table(), table(10)):
        run(people, send_file(keeper, content).location)
    page = keeper.get("/admin/areas/").text
    path = re.search(r'action="(/admin/areas/[^"]+/current)"', page)
    assert path is not None
    assert keeper.send(path[1]).status_code == 303
    assert "New assessments use edition 1" in keeper.get("/admin/areas/").text


@pytest.mark.parametrize("name", ["officer", "reviewer", "scrutiny", "nobody"])
def test_nobody_else_looks_after_area_figures(keeper: Visitor, people: People, name: str) -> None:
    visitor, address = people.client(name), send_file(keeper, table()).location
    assert visitor.get(address).status_code == visitor.send(f"{address}/stop").status_code == 403
    assert visitor.get("/admin/areas/").status_code == 403
    assert visitor.get(IMPORT).status_code == 403
    assert visitor.send(IMPORT, {**WORDS, "file": (io.BytesIO(table()), "areas.csv")}).status_code == 403


def test_places_are_chosen_without_scripts_and_summed_up(officer: Visitor, people: People, drafts: Drafts) -> None:
    reference = drafted(people, drafts)
    section, path = drafts.path(reference, "sections/places"), drafts.path(reference, f"places/{QUESTION}/")
    page = officer.get(section).text
    assert "Choose small areas from a list" in page
    form = form_on(page, section) | {f"{QUESTION}-description": "Two wards", "action": f"places.{QUESTION}"}
    answer = officer.send(section, form)
    assert (answer.status_code, answer.location) == (303, path)
    page = officer.get(f"{path}?words=e05000001").text
    assert "5 small areas match" in page
    assert code(6) not in page
    form = form_on(page, path) | {"wards": ["E05000001"], "action": "stay"}
    answer = officer.send(path, form)
    assert (answer.status_code, answer.location) == (303, f"{path}?words=e05000001")
    page = officer.get(path).text
    assert "5 small areas in 1 ward, with 5,015 residents" in page
    assert PRINTED in page
    assert drafts.stored(reference)[QUESTION].value == {
        "description": "Two wards",
        "areas": [code(place) for place in range(1, 6)],
    }
    assert "Saved: 5 small areas in 1 ward" in officer.get(section).text
    form = form_on(page, path) | {"action": "out.E05000001"}
    assert officer.send(path, form).status_code == 303
    assert drafts.stored(reference)[QUESTION].value["areas"] == []


def test_pasted_codes_that_are_unknown_come_back_to_be_put_right(
    officer: Visitor, people: People, drafts: Drafts
) -> None:
    reference = drafted(people, drafts)
    path = drafts.path(reference, f"places/{QUESTION}/")
    form = form_on(officer.get(path).text, path) | {"pasted": f"{code(1)} hello E01999999"}
    answer = officer.send(path, form)
    assert answer.status_code == 422
    assert "Not a code: HELLO. This code is not in our area figures" in answer.text  # all that is wrong at once
    assert "E01999999</" in answer.text
    assert form_on(answer.text, path)["pasted"] == [f"{code(1)} hello E01999999"]
    assert QUESTION not in drafts.stored(reference)


def test_a_ward_ticked_on_a_refused_page_is_taken_out_by_unticking_it(
    officer: Visitor, people: People, drafts: Drafts
) -> None:
    reference = drafted(people, drafts)
    path = drafts.path(reference, f"places/{QUESTION}/")
    form = form_on(officer.get(path).text, path) | {"wards": ["E05000001", "E05000002"], "pasted": "E01999999"}
    refused = form_on(officer.send(path, form).text, path)
    assert refused["wards"] == ["E05000001", "E05000002"]
    assert officer.send(path, refused | {"wards": ["E05000002"], "pasted": ""}).status_code == 303
    assert drafts.stored(reference)[QUESTION].value["areas"] == [code(place) for place in range(6, 11)]
    # The other way round: one area unticked of a ward that is saved as whole.
    form = form_on(officer.get(path).text, path)
    form |= {"areas": [code(place) for place in range(6, 10)], "pasted": "E01999999"}
    refused = form_on(officer.send(path, form).text, path)
    assert not refused.get("wards")
    assert officer.send(path, refused | {"pasted": ""}).status_code == 303
    assert drafts.stored(reference)[QUESTION].value["areas"] == [code(place) for place in range(6, 10)]


def test_the_sums_of_ticks_are_told_and_nothing_is_kept(officer: Visitor, people: People, drafts: Drafts) -> None:
    reference = drafted(people, drafts)
    path = drafts.path(reference, f"places/{QUESTION}/")
    form = form_on(officer.get(path).text, path) | {"areas": [code(1), code(20)], "scripted": "1"}
    told = officer.send(f"{path}sums", form).json
    assert told is not None
    assert told["words"] == "2 small areas in 2 wards, with 2,021 residents"
    assert told["rows"]["fifth_1"] == ["1,001", "49.5%", "19.8%"]
    assert QUESTION not in drafts.stored(reference)


def test_two_people_who_choose_places_at_once_lose_nothing(officer: Visitor, people: People, drafts: Drafts) -> None:
    reference = drafted(people, drafts)
    path = drafts.path(reference, f"places/{QUESTION}/")
    form = form_on(officer.get(path).text, path) | {"areas": [code(1)]}
    drafts.answer(reference, {QUESTION: {"description": "Theirs", "areas": [code(9)]}})
    assert officer.send(path, form).status_code == 409
    assert drafts.stored(reference)[QUESTION].value["areas"] == [code(9)]


def test_places_are_not_there_without_figures_or_for_others(officer: Visitor, people: People, drafts: Drafts) -> None:
    bare = drafts.draft()
    assert officer.get(drafts.path(bare, f"places/{QUESTION}/")).status_code == 404
    assert "Choose small areas" not in officer.get(drafts.path(bare, "sections/places")).text
    reference = drafted(people, drafts)
    assert officer.get(drafts.path(reference, "places/why_needed/")).status_code == 404
    path = drafts.path(reference, f"places/{QUESTION}/")
    assert people.client("other_officer").get(path).status_code == 404
    drafts.invite(reference, "contributor", ["proposal"])
    assert people.client("contributor").get(path).status_code == 404


def test_an_impact_takes_its_spread_from_the_places(
    app: Flask, officer: Visitor, people: People, drafts: Drafts
) -> None:
    reference = drafted(people, drafts)
    drafts.answer(reference, {QUESTION: {"description": "", "areas": [code(1), code(20)]}})
    with people.place.database.reading() as session:
        work = people.work(session, "officer")
        case = open_case(work, reference, 1)
        section = next(one.id for one in case.questionnaire.sections if one.impacts)
        assert places.chosen(work, case) is not None
    new = officer.get(drafts.path(reference, f"sections/{section}/impacts/new?whole=1"))
    address = new.location
    page = officer.get(address).text
    assert "Private-rented homes: 219" in page
    group = re.search(r'name="groups"[^>]*value="([^"]+)"', page)
    assert group is not None
    typed = {
        "direction": "benefit", "groups": [group[1]], "because": "homes are inspected", "effect": "have safer homes",
        "pathway": "lowers injuries", "magnitude": "moderate", "likelihood": "likely", "duration": "long",
        "reversible": "yes", "reach_mid": "50%", "spread_kind": "from_places", "spread_base": "private_rented",
        "source": "Our judgement", "confidence": "medium",
    }  # fmt: skip
    form = {name: value for name, value in form_on(page, address).items() if value} | typed
    preview = officer.send(address.replace("/all", "/preview"), form).json
    assert preview is not None
    assert "110 of 219 private-rented homes in the chosen places (50%)" in preview["conversion"]
    assert officer.send(address, form).status_code == 303
    for shown in (drafts.path(reference, f"sections/{section}"), drafts.path(reference, "rating/")):
        text = officer.get(shown).text
        assert "The need and the scheme: 110 of 219 private-rented homes in the chosen places (50%)." in text
        assert f"(2 small areas in 2 wards): {PRINTED}" in text
    again = officer.get(address).text
    saved = next(action for action in re.findall(r'<form action="([^"]+/all[^"]*)"', again))
    assert form_on(again, saved)["reach_mid"] == ["50%"]
    assert not any(form_on(again, saved).get("share_1", []))
