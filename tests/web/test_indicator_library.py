"""The library of indicators: kept by administrators in editions, taken by officers, frozen in what they submit."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from sqlalchemy import select

from hia_app.config import Settings
from hia_app.domain.document import plain_text
from hia_app.domain.errors import NotPermitted
from hia_app.domain.report import report
from hia_app.domain.report_source import Source
from hia_app.services import indicator_library as library
from hia_app.services import submissions
from hia_app.services.work import open_case
from hia_app.store.columns import new_id
from hia_app.store.tables import Event, IndicatorEdition
from tests.support.drafts import Drafts
from tests.support.forms import form_on
from tests.support.indicators import figures
from tests.support.office import QUESTIONNAIRES
from tests.support.people import People, Visitor

FIELD = "baseline_by_fifth"
NEW = "/admin/indicators/new"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"questionnaires": QUESTIONNAIRES})


@pytest.fixture
def drafts(people: People) -> Drafts:
    return Drafts(people)


@pytest.fixture
def administrator(people: People) -> Visitor:
    return people.client("administrator")


def flat(form: dict[str, list[str]]) -> dict[str, str]:
    return {name: texts[0] for name, texts in form.items()}


def added(administrator: Visitor, **changes: str) -> str:
    """The address of an indicator by fifth that an administrator has added on the page."""
    form = form_on(administrator.get(f"{NEW}?steps=5").text, NEW) | flat(figures(5, **changes))
    answer = administrator.send(NEW, form)
    assert answer.status_code == 303
    return str(answer.location)


def taken(drafts: Drafts, people: People) -> tuple[str, str]:
    """An officer's draft whose figures were taken from the library on the page; its reference and section."""
    reference = drafts.draft()
    officer = people.client("officer")
    section = drafts.path(reference, "sections/places")
    sent = officer.send(section, form_on(officer.get(section).text, section) | {"action": f"library.{FIELD}"})
    page = officer.get(sent.location).text
    [edition] = re.findall(r'name="edition" id="edition-1" value="([^"]+)"', page)
    answer = officer.send(sent.location, form_on(page, sent.location) | {"edition": edition})
    assert (answer.status_code, answer.location) == (303, f"{section}#question-{FIELD}")
    return reference, section


def composed(drafts: Drafts, reference: str) -> dict[str, Any]:
    return drafts.within("officer", lambda work: submissions.compose(work, open_case(work, reference, 1)))


def test_an_administrator_keeps_an_indicator_in_editions(administrator: Visitor, drafts: Drafts) -> None:
    where = added(administrator)
    page = administrator.get(where).text
    for words in ("Cold homes", "Public Health Intelligence", "below 18°C", "Slope index of inequality", "Asian"):
        assert words in page
    edit = f"{where}/edit"
    form = form_on(administrator.get(edit).text, edit)
    assert administrator.send(edit, form).status_code == 303
    assert "Edition 2" not in administrator.get(where).text, "nothing was changed"
    assert administrator.send(edit, form | {"figures-value-1": "25"}).status_code == 303
    page = administrator.get(where).text
    assert "Edition 2" in page
    assert "What edition 1 said" in page
    stale = administrator.send(edit, form | {"figures-value-1": "26"})
    assert stale.status_code == 409
    assert "Somebody else has added edition 2" in stale.text
    assert administrator.send(f"{where}/retire").status_code == 303
    assert "Retired" in administrator.get("/admin/indicators/").text
    with drafts.people.place.database.reading() as session:
        told = session.scalars(select(Event.action).where(Event.action.like("%_indicator")).order_by(Event.seq)).all()
        assert told == ["add_indicator", "revise_indicator", "retire_indicator"]
        assert session.scalars(select(IndicatorEdition.number).order_by(IndicatorEdition.number)).all() == [1, 2]


def test_everything_that_is_missing_is_told_at_once_and_nothing_typed_is_lost(administrator: Visitor) -> None:
    form = form_on(administrator.get(f"{NEW}?steps=5").text, NEW)
    answer = administrator.send(NEW, form | {"owner": "  ", "figures-title": "Cold homes", "figures-paste": "1,x"})
    assert answer.status_code == 422
    for words in ("Name the person or team", "what exactly is counted", "under which licence", "Line 1, value"):
        assert words in answer.text
    assert form_on(answer.text, NEW)["figures-title"] == ["Cold homes"]
    again = administrator.send(NEW, flat(figures(5, owner="\x00")) | {"form_id": form["form_id"][0], "steps": "5"})
    assert again.status_code == 422


def test_nobody_else_may_keep_the_library(people: People, drafts: Drafts) -> None:
    for who in ("officer", "reviewer", "decision_maker", "scrutiny"):
        assert people.client(who).get("/admin/indicators/").status_code == 403
        with pytest.raises(NotPermitted):
            drafts.within(who, lambda work: library.add(work, new_id(), 5, figures(5)))


def test_an_officer_takes_figures_and_is_told_of_a_newer_edition(
    administrator: Visitor, people: People, drafts: Drafts
) -> None:
    where = added(administrator)
    reference, section = taken(drafts, people)
    officer = people.client("officer")
    page = officer.get(section).text
    assert "From the library, edition 1, kept by Public Health Intelligence" in page
    assert "newer edition" not in page
    edit = f"{where}/edit"
    administrator.send(edit, form_on(administrator.get(edit).text, edit) | {"figures-value-1": "25"})
    page = officer.get(section).text
    assert "A newer edition (2) is available" in page
    value = drafts.stored(reference)[FIELD].value
    assert (value["values"][0], value["library"]["number"]) == ("19", 1), "what was taken stays"

    # saving the page as it stands keeps the edition; changing a figure gives it up
    form = form_on(page, section)
    assert officer.send(section, form | {"action": f"stay.{FIELD}"}).status_code == 303
    assert drafts.stored(reference)[FIELD].value == value
    officer.send(section, form | {f"{FIELD}-value-1": "30", "action": f"stay.{FIELD}"})
    assert "library" not in drafts.stored(reference)[FIELD].value
    assert "From the library" not in officer.get(section).text


def test_the_record_holds_the_figures_and_what_was_said_of_them(
    administrator: Visitor, people: People, drafts: Drafts
) -> None:
    where = added(administrator)
    reference, _ = taken(drafts, people)
    before = composed(drafts, reference)
    [row] = [row for row in before["answers"]["assessment"] if row["question"] == FIELD]
    assert row["value"]["library"]["definition"] == figures()["definition"][0]
    edit = f"{where}/edit"
    administrator.send(edit, form_on(administrator.get(edit).text, edit) | {"figures-value-1": "25"})
    administrator.send(f"{where}/retire")
    after = composed(drafts, reference)
    assert json.dumps(after["answers"]) == json.dumps(before["answers"])
    text = " ".join(plain_text(report(Source(after), "public")))
    for words in ("library of indicators, edition 1, kept by Public Health Intelligence", "below 18°C",
                  "Cold homes by ethnic group"):  # fmt: skip
        assert words in text


def test_a_retired_indicator_is_not_offered(administrator: Visitor, people: People, drafts: Drafts) -> None:
    where = added(administrator)
    reference, section = taken(drafts, people)
    administrator.send(f"{where}/retire")
    officer = people.client("officer")
    assert "This indicator has been retired since" in officer.get(section).text
    page = officer.get(drafts.path(reference, f"library/{FIELD}/"))
    assert "There is nothing by fifth in the library" in page.text
    assert officer.get(drafts.path(reference, "library/why_needed/")).status_code == 404
