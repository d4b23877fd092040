"""The page of boundaries, and the map of chosen places on theirs."""

import io
import re

import pytest

from hia_app.config import Settings
from hia_app.services import areas
from tests.support.areas import WORDS as FIGURES
from tests.support.areas import code, table
from tests.support.boundaries import PRINTED, WORDS, collection, feature, outlined, squares
from tests.support.drafts import Drafts
from tests.support.forms import form_on
from tests.support.office import QUESTIONNAIRES
from tests.support.people import People, Visitor

PAGE = "/admin/areas/boundaries/"
CODES = [code(place) for place in range(1, 21)]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"questionnaires": QUESTIONNAIRES})


@pytest.fixture
def drafts(people: People) -> Drafts:
    found = Drafts(people)
    found.within("administrator", lambda work: areas.import_file(work, io.BytesIO(table()), **FIGURES))
    return found


@pytest.fixture
def keeper(people: People) -> Visitor:
    return people.client("administrator")


def send_file(visitor: Visitor, content: bytes, **words: str):  # type: ignore[no-untyped-def]
    sent = form_on(visitor.get(PAGE).text, PAGE) | WORDS | words | {"file": (io.BytesIO(content), "areas.geojson")}
    return visitor.send(PAGE, sent, content_type="multipart/form-data")


def test_figures_come_first(keeper: Visitor) -> None:
    assert "Import area figures first" in keeper.get(PAGE).text
    assert "Boundaries" not in keeper.get("/admin/areas/").text


def test_an_administrator_imports_boundaries_and_is_told_what_is_missing(keeper: Visitor, drafts: Drafts) -> None:
    assert "Import boundaries" in keeper.get("/admin/areas/").text
    answer = send_file(keeper, squares(CODES[:18]))
    assert (answer.status_code, answer.location) == (303, PAGE)
    page = keeper.get(PAGE).text
    assert "The boundaries of 18 small areas are imported" in page
    assert "2 of 20 areas have no boundary in the file" in page
    assert "18 small areas have a boundary" in keeper.get("/admin/areas/").text
    assert form_on(page, PAGE)["source"] == [WORDS["source"]]  # offered again for the next file


def test_problems_are_named_by_feature_and_what_was_typed_stays(keeper: Visitor, drafts: Drafts) -> None:
    answer = send_file(keeper, collection([feature(CODES[0], [[1, 2]] * 4), "<b>"]), source="Ours & theirs")
    assert answer.status_code == 422
    assert "2 problems in the file" in answer.text
    assert "Feature 1 (E01000001): a point of its outline is not in Britain" in answer.text
    assert form_on(answer.text, PAGE)["source"] == ["Ours & theirs"]
    assert "Every area has a boundary" not in keeper.get(PAGE).text


def test_a_form_without_a_file_or_words_says_so(keeper: Visitor, drafts: Drafts) -> None:
    form = form_on(keeper.get(PAGE).text, PAGE)
    answer = keeper.send(PAGE, form | WORDS, content_type="multipart/form-data")
    assert (answer.status_code, "Choose the file to import" in answer.text) == (422, True)
    answer = keeper.send(PAGE, form | WORDS | {"year": ""}, content_type="multipart/form-data")
    assert (answer.status_code, "Say which years" in answer.text) == (422, True)


def test_only_administrators_come_here(people: People, drafts: Drafts) -> None:
    officer = people.client("officer")
    assert officer.get(PAGE).status_code == 403
    assert officer.send(PAGE, {**WORDS, "file": (io.BytesIO(squares(CODES)), "x.json")}).status_code == 403


def test_chosen_places_are_on_a_map_where_there_are_boundaries(people: People, drafts: Drafts) -> None:
    officer, reference = people.client("officer"), drafts.draft()
    page, section = (drafts.path(reference, one) for one in ("places/places_affected/", "sections/places"))
    form = form_on(officer.get(page).text, page)
    officer.send(page, form | {"wards": ["E05000001"], "action": "stay"})
    without = officer.get(page).text
    assert "<svg" not in re.sub(r"<header.*?</header>", "", without, flags=re.DOTALL)
    drafts.within("administrator", lambda work: outlined(work, CODES))
    for address in (page, section):
        text = officer.get(address).text
        assert "4 of the 5 chosen small areas are in the council’s most deprived fifth" in text
        assert 'aria-label="Map with 5 chosen small areas, by ward: Ward 1 (5).' in text
        assert f"Source: {PRINTED}" in text
        assert "style=" not in text
