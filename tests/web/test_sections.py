"""The pages on which officers answer: saved by a button, by themselves, and when two people write at once."""

import re

import pytest
from flask import Flask
from sqlalchemy import event, select

from hia_app.config import Settings
from hia_app.store.tables import Event
from tests.support.drafts import Drafts
from tests.support.forms import Form, form_on
from tests.support.office import QUESTIONNAIRES
from tests.support.people import People, Visitor


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The same with the short questionnaires, which stay as they are."""
    return settings.model_copy(update={"questionnaires": QUESTIONNAIRES})


@pytest.fixture
def drafts(people: People) -> Drafts:
    return Drafts(people)


@pytest.fixture
def officer(people: People) -> Visitor:
    return people.client("officer")


AUTOSAVE = {"X-Autosave": "1", "Accept": "application/json"}


def opened(visitor: Visitor, path: str) -> Form:
    """The form of a section page, as a browser would send it back."""
    answer = visitor.get(path)
    assert answer.status_code == 200
    return form_on(answer.text, path)


def test_what_is_typed_is_saved_and_the_next_section_opens(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "sections/proposal")
    form = opened(officer, path) | {"why_needed": "Cold homes.", "need_counted": "no"}
    answer = officer.send(path, form | {"action": "continue"})
    assert (answer.status_code, answer.location) == (303, drafts.path(reference, "sections/places"))
    assert drafts.stored(reference)["why_needed"].value == "Cold homes."
    assert opened(officer, path)["why_needed"] == ["Cold homes."]


def test_save_and_return_leads_to_the_task_list(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "sections/proposal")
    answer = officer.send(path, opened(officer, path) | {"action": "return"})
    assert answer.location == drafts.path(reference)


def test_opening_a_page_writes_nothing(app: Flask, officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.complete()
    database = app.extensions["hea"].database

    def events() -> int:
        with database.reading() as session:
            return len(session.scalars(select(Event)).all())

    before = events()
    for page in ("", "proposal", "screening", "sections/people", "sections/best_start", "check", "history", "points"):
        assert officer.get(drafts.path(reference, page)).status_code == 200
    assert events() == before


def test_a_too_long_answer_comes_back_whole_with_what_to_do(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "sections/proposal")
    long = "Wörter & <Zeichen> " * 150
    answer = officer.send(path, opened(officer, path) | {"why_needed": long, "what_will_change": "Fine."})
    assert answer.status_code == 422
    assert "<title>Error: The proposal" in answer.text
    assert 'href="#why_needed"' in answer.text
    assert "300 words or fewer. It has 450" in answer.text
    form = form_on(answer.text, path)
    assert form["why_needed"] == [long]
    assert form["what_will_change"] == ["Fine."]
    assert drafts.stored(reference).get("why_needed") is None
    officer.send(path, form | {"why_needed": "Shorter."})
    assert drafts.stored(reference)["why_needed"].value == "Shorter."


@pytest.mark.parametrize("bad", ["١٢", "1e5", "nan", "Infinity", "9" * 30, "-1"])
def test_what_cannot_be_a_number_is_refused_and_kept(officer: Visitor, drafts: Drafts, bad: str) -> None:
    reference = drafts.draft()
    drafts.answer(reference, {"need_counted": "yes"})
    path = drafts.path(reference, "sections/proposal")
    answer = officer.send(path, opened(officer, path) | {"scale_of_need": bad})
    assert answer.status_code == 422
    assert form_on(answer.text, path)["scale_of_need"] == [bad]


@pytest.mark.parametrize("bad", ["a\0b", "a\x1bb", "a\ufffeb"])
def test_what_no_database_can_keep_is_refused(officer: Visitor, drafts: Drafts, bad: str) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "sections/proposal")
    answer = officer.send(path, opened(officer, path) | {"why_needed": f"Cold homes {bad}"})
    assert answer.status_code == 422
    assert "Cold homes" in answer.text
    assert drafts.stored(reference).get("why_needed") is None


def test_two_people_on_one_answer_see_both_and_choose(people: People, officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    drafts.invite(reference, "contributor", [])
    path = drafts.path(reference, "sections/proposal")
    mine = opened(officer, path) | {"why_needed": "What the officer wrote.", "what_will_change": "Warmth."}
    drafts.answer(reference, {"why_needed": "What the contributor wrote."}, "contributor")
    answer = officer.send(path, mine)
    assert answer.status_code == 409
    assert "What the contributor wrote." in answer.text
    assert "What the officer wrote." in answer.text
    choice = form_on(answer.text, path)
    kept = officer.send(path, choice | {"choose:why_needed": "theirs", "action": "stay"})
    assert kept.location == path
    assert drafts.stored(reference)["why_needed"].value == "What the contributor wrote."
    assert drafts.stored(reference)["what_will_change"].value == "Warmth."
    officer.send(path, choice | {"choose:why_needed": "mine"})
    assert drafts.stored(reference)["why_needed"].value == "What the officer wrote."


def test_after_a_conflict_ones_own_text_can_be_edited_first(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "sections/proposal")
    mine = opened(officer, path) | {"why_needed": "Mine."}
    drafts.answer(reference, {"why_needed": "Theirs."})
    choice = form_on(officer.send(path, mine).text, path)
    for wish in ({"choose:why_needed": "edit"}, {}):  # without a choice nothing is lost either
        answer = officer.send(path, choice | wish)
        assert answer.status_code == 422
        form = form_on(answer.text, path)
        assert form["why_needed"] == ["Mine."]
    officer.send(path, form | {"why_needed": "Mine and theirs."})
    assert drafts.stored(reference)["why_needed"].value == "Mine and theirs."


def test_a_choice_made_on_an_old_page_meets_the_next_change(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "sections/proposal")
    mine = opened(officer, path) | {"why_needed": "Mine."}
    drafts.answer(reference, {"why_needed": "Theirs."})
    choice = form_on(officer.send(path, mine).text, path)
    drafts.answer(reference, {"why_needed": "Theirs again."})
    answer = officer.send(path, choice | {"choose:why_needed": "mine"})
    assert answer.status_code == 409
    assert "Theirs again." in answer.text


def test_two_assessments_in_two_tabs_never_mix(officer: Visitor, drafts: Drafts) -> None:
    first, second = drafts.draft("First"), drafts.draft("Second")
    pages = {one: drafts.path(one, "sections/proposal") for one in (first, second)}
    forms = {one: opened(officer, path) for one, path in pages.items()}
    for one, path in pages.items():
        officer.send(path, forms[one] | {"why_needed": f"About {one}"})
    for one in pages:
        assert drafts.stored(one)["why_needed"].value == f"About {one}"


def test_an_autosave_answers_with_time_tokens_and_what_is_shown(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "sections/proposal")
    form = opened(officer, path)
    answer = officer.send(path, form | {"need_counted": "yes", "why_needed": "Cold."}, headers=AUTOSAVE)
    assert answer.status_code == 200
    assert re.fullmatch(r"\d\d:\d\d", answer.json["saved"])
    assert "scale_of_need" in answer.json["visible"]
    for question, token in answer.json["versions"].items():
        form[f"was:{question}"] = [token]
    again = officer.send(path, form | {"need_counted": "no", "why_needed": "Cold and damp."}, headers=AUTOSAVE)
    assert again.status_code == 200
    assert "scale_of_need" not in again.json["visible"]
    assert drafts.stored(reference)["why_needed"].value == "Cold and damp."


def test_an_autosave_in_conflict_or_signed_out_says_so(app: Flask, officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "sections/proposal")
    form = opened(officer, path) | {"why_needed": "Mine."}
    drafts.answer(reference, {"why_needed": "Theirs."})
    answer = officer.send(path, form, headers=AUTOSAVE)
    assert (answer.status_code, answer.json["saved"]) == (409, False)
    assert "Somebody else" in answer.json["reason"]
    stranger = app.test_client()
    signed_out = stranger.post(path, data=form, headers=AUTOSAVE)
    assert (signed_out.status_code, signed_out.json["signed_out"]) == (401, True)


def test_without_scripts_a_question_appears_after_saving(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "sections/proposal")
    before = officer.get(path).text
    assert re.search(r'data-question="scale_of_need" hidden', before)
    answer = officer.send(path, form_on(before, path) | {"need_counted": "yes", "action": "continue"})
    assert answer.location == f"{path}#question-scale_of_need"
    assert not re.search(r'data-question="scale_of_need" hidden', officer.get(path).text)


def test_hidden_answers_come_back_with_their_text(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    drafts.answer(reference, {"need_counted": "yes", "scale_source": "Our own survey"})
    drafts.answer(reference, {"need_counted": "no"})
    path = drafts.path(reference, "sections/proposal")
    form = opened(officer, path)
    assert form["scale_source"] == ["Our own survey"]
    officer.send(path, form | {"need_counted": "yes"})
    assert opened(officer, path)["scale_source"] == ["Our own survey"]


def test_rows_are_added_and_removed_without_scripts(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "sections/people")
    form = opened(officer, path)
    first = {"intersections-1-people_in_both": "Disabled tenants", "intersections-1-what_happens": "They wait"}
    added = officer.send(path, form | first | {"action": "add.intersections"})
    assert added.location == f"{path}?more=intersections#question-intersections"
    page = officer.get(added.location).text
    form = form_on(page, path)
    assert "intersections-2-people_in_both" in form
    second = {"intersections-2-people_in_both": "Young carers", "intersections-2-what_happens": "They move"}
    officer.send(path, form | second)
    assert [row["people_in_both"] for row in drafts.stored(reference)["intersections"].value] == [
        "Disabled tenants",
        "Young carers",
    ]
    officer.send(path, opened(officer, path) | {"action": "remove.intersections.1"})
    assert [row["people_in_both"] for row in drafts.stored(reference)["intersections"].value] == ["Young carers"]


def test_one_reason_serves_several_groups(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "sections/people")
    form = opened(officer, path) | {"population_groups-carers-state": "affected"}
    shared = {"population_groups-shared_reason": "None live there", "population_groups-shared_groups": ["students"]}
    officer.send(path, form | shared)
    groups = drafts.stored(reference)["population_groups"].value
    assert groups["students"]["reason"] == "None live there"
    assert groups["carers"]["state"] == "affected"


def test_a_contributor_finds_only_their_sections(people: People, drafts: Drafts) -> None:
    reference = drafts.draft()
    drafts.invite(reference, "contributor", ["places"])
    helper = people.client("contributor")
    tasks = helper.get(drafts.path(reference)).text
    assert "sections/places" in tasks
    assert "sections/people" not in tasks
    assert "The rating" not in tasks
    places = drafts.path(reference, "sections/places")
    assert helper.send(places, opened(helper, places) | {"place_differences": "Two streets."}).status_code == 303
    for page in ("sections/people", "sections/proposal"):
        assert helper.get(drafts.path(reference, page)).status_code == 404
        assert helper.send(drafts.path(reference, page), {"was:why_needed": "0-"}).status_code == 404
    for page in ("check", "history", "contributors"):
        assert helper.get(drafts.path(reference, page)).status_code in {403, 404}


def test_other_peoples_drafts_do_not_exist(people: People, drafts: Drafts) -> None:
    reference = drafts.draft()
    for name in ("other_officer", "reviewer", "decision_maker", "scrutiny"):
        for page in ("", "sections/proposal", "check"):
            assert people.client(name).get(drafts.path(reference, page)).status_code == 404


def test_the_administrator_sees_where_it_stands_and_no_content(people: People, drafts: Drafts) -> None:
    reference = drafts.draft()
    admin = people.client("administrator")
    assert "nothing of what is in it" in admin.get(drafts.path(reference)).text
    assert admin.get(drafts.path(reference, "sections/proposal")).status_code == 403


def test_returned_pages_change_only_what_was_named(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.returned(("question", "why_needed"))
    path = drafts.path(reference, "sections/proposal")
    page = officer.get(path).text
    assert "Say more." in page
    form = form_on(page, path)
    assert "why_needed" in form
    assert "what_will_change" not in form
    sneaky = {"what_will_change": "Changed.", "was:what_will_change": "1-x"}
    officer.send(path, form | {"why_needed": "More."} | sneaky)
    stored = drafts.stored(reference)
    assert stored["why_needed"].value == "More."
    assert stored["what_will_change"].value != "Changed."
    other = officer.get(drafts.path(reference, "sections/places")).text
    assert "nothing here was returned" in other


@pytest.mark.parametrize("bad", ["99999999999999999999", "0"])
def test_addresses_that_cannot_be_are_not_there(officer: Visitor, drafts: Drafts, bad: str) -> None:
    reference = drafts.draft()
    assert officer.get(f"/assessments/{reference}/{bad}/").status_code == 404
    assert officer.get("/assessments/HEA-2026-%00/1/").status_code == 404
    assert officer.get(drafts.path(reference, "sections/made_up")).status_code == 404


@pytest.mark.parametrize("page", ["", "sections/proposal", "sections/best_start", "sections/people", "check"])
def test_the_number_of_queries_does_not_grow_with_the_answers(
    app: Flask, officer: Visitor, drafts: Drafts, page: str
) -> None:
    empty, full = drafts.draft(), drafts.complete()
    engine = app.extensions["hea"].database.engine

    def queries(path: str) -> int:
        officer.get(path)  # what is remembered between requests is remembered now
        sent: list[str] = []
        event.listen(engine, "before_cursor_execute", counter := lambda *args: sent.append(args[2]))
        assert officer.get(path).status_code == 200
        event.remove(engine, "before_cursor_execute", counter)
        return len([one for one in sent if one.startswith("SELECT")])

    few, many = queries(drafts.path(empty, page)), queries(drafts.path(full, page))
    assert many <= few
    if page.startswith("sections"):
        assert many <= 8
