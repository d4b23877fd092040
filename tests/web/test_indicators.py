"""Indicators on the page: figures typed or pasted, what they mean said below them, and nothing typed lost."""

from __future__ import annotations

import io
import json
import re
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from hia_app import config
from hia_app.config import Settings
from hia_app.domain import editions
from hia_app.domain.document import plain_text
from hia_app.domain.report import report
from hia_app.domain.report_source import Source
from hia_app.domain.suppression_rules import FEWER_THAN_TEN, NHS_SUB_NATIONAL, Rule
from hia_app.services import submissions
from hia_app.services.small_numbers import rule_of
from hia_app.services.work import open_case
from tests.support.drafts import Drafts
from tests.support.forms import Form, form_on
from tests.support.office import QUESTIONNAIRES
from tests.support.people import People, Visitor

FIELD = "baseline_by_fifth"
PASTED = "Fifth\tShare\tPeople\n1\t12.5%\t8,000\n2\t9%\t8,100\n3\t7%\t8,050\n4\t5%\t8,000\n5\t3%\t7,900"
ABOUT = {f"{FIELD}-title": "Overcrowded homes", f"{FIELD}-unit": "%", f"{FIELD}-source": "Census 2021"}


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


@pytest.fixture
def reference(drafts: Drafts) -> str:
    return drafts.draft()


@pytest.fixture
def path(drafts: Drafts, reference: str) -> str:
    return drafts.path(reference, "sections/places")


def opened(officer: Visitor, path: str) -> Form:
    return form_on(officer.get(path).text, path)


def saved(officer: Visitor, path: str, **fields: str) -> str:
    """The page after these fields (`_` for `-`) and the pasted figures were saved with the question's own button."""
    more = {f"{FIELD}-{name.replace('_', '-')}": text for name, text in fields.items()}
    answer = officer.send(path, opened(officer, path) | ABOUT | more | {"action": f"stay.{FIELD}"})
    assert (answer.status_code, answer.location) == (303, f"{path}#question-{FIELD}")
    return officer.get(path).text


def test_what_is_pasted_fills_the_table_and_is_explained(officer: Visitor, path: str) -> None:
    page = saved(officer, path, paste=PASTED, kind="proportion")
    form = form_on(page, path)
    assert form[f"{FIELD}-value-1"] == ["12.5"]
    assert form[f"{FIELD}-population-2"] == ["8100"]
    assert form[f"{FIELD}-paste"] in ([""], ["\n"])
    told = page.partition('class="app-inequality"')[2].partition("</section>")[0]
    for words in (
        *("Absolute gap (fifth 5 minus fifth 1)", "−9.50 points", "Slope index of inequality (SII)", "95% limits"),
        *("Relative index of inequality (RII)", "Relative concentration index (RCI)", "The numbers in this chart"),
    ):
        assert words in told
    assert told.count('role="img"') == 2  # for a wide and for a narrow screen


def test_every_problem_comes_back_with_all_that_was_typed(officer: Visitor, path: str) -> None:
    text = "1,abc\n7,3\n2,5"
    answer = officer.send(path, opened(officer, path) | ABOUT | {f"{FIELD}-paste": text, f"{FIELD}-value-3": "x"})
    assert answer.status_code == 422
    assert f'href="#{FIELD}-paste"' in answer.text
    assert "Line 1, value: “abc” cannot be read" in answer.text
    assert "Line 2: “7” is not one of 1 to 5" in answer.text
    form = form_on(answer.text, path)
    assert form[f"{FIELD}-paste"][0].split() == text.split()
    assert form[f"{FIELD}-value-3"] == ["x"]
    assert form[f"{FIELD}-title"] == ["Overcrowded homes"]


def test_a_table_chosen_as_a_file_is_read_like_a_pasted_one(officer: Visitor, path: str) -> None:
    """As Excel saves it: semicolons, a byte-order mark; by fifth and by ethnic group at once."""
    by_fifth = ("\ufeff" + PASTED.replace("\t", ";")).encode()
    by_group = "Group;Share;People\nAsian;14%;9000\nRoma;\nWhite;6%;30000".encode("cp1252")
    files = {f"{FIELD}-file": (io.BytesIO(by_fifth), "a.csv"), f"{FIELD}-group-file": (io.BytesIO(by_group), "b.csv")}
    answer = officer.send(path, opened(officer, path) | ABOUT | {"action": f"stay.{FIELD}"} | files)
    assert answer.status_code == 303
    page = officer.get(path).text
    form = form_on(page, path)
    assert form[f"{FIELD}-population-2"] == ["8100"]
    assert form[f"{FIELD}-group-name-2"] == ["Roma"]
    assert "Overcrowded homes: highest for Asian (14.0%), lowest for White (6.0%)" in page
    assert "Average of all areas: 7.3%" in page


@pytest.mark.parametrize(
    ("content", "says", "kept"),
    [
        (b"1,5\n2,=1+1\n3,1\n4,1\n5,1", "Line 2, value: “=1+1” cannot be read", "2,=1+1"),
        (b"PK\x03\x04workbook", "This is a workbook", ""),
        (b"1" * 300_000, "The file is larger than 200 kB", ""),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_nothing_typed_is_lost(
    officer: Visitor, path: str, content: bytes, says: str, kept: str
) -> None:
    sent = opened(officer, path) | ABOUT | {f"{FIELD}-value-1": "77", f"{FIELD}-file": (io.BytesIO(content), "a.csv")}
    answer = officer.send(path, sent)
    assert answer.status_code == 422
    assert says in answer.text
    form = form_on(answer.text, path)
    assert (form[f"{FIELD}-title"], form[f"{FIELD}-value-1"]) == (["Overcrowded homes"], ["77"])
    assert kept in form[f"{FIELD}-paste"][0]


def test_a_file_beside_pasted_figures_is_asked_about(officer: Visitor, path: str) -> None:
    files = {f"{FIELD}-paste": PASTED, f"{FIELD}-file": (io.BytesIO(b"1,5"), "a.csv")}
    answer = officer.send(path, opened(officer, path) | ABOUT | files)
    assert answer.status_code == 422
    assert "Figures are pasted and a file is chosen" in answer.text
    assert form_on(answer.text, path)[f"{FIELD}-paste"][0].split() == PASTED.split()


def test_every_cell_of_the_table_has_a_name(officer: Visitor, path: str) -> None:
    page = officer.get(path).text
    cells = re.findall(
        rf'<input[^>]*name="{FIELD}-(?:group-)?(?:name|value|population|lower|upper)-[0-9]+"[^>]*>', page
    )
    assert len(cells) == 20 + 5 * 7
    assert all("aria-label=" in cell for cell in cells)


def test_what_cannot_be_worked_out_is_a_message(officer: Visitor, path: str) -> None:
    page = saved(officer, path, paste="90\n9\n1\n1\n1", unit="days", kind="other")
    assert "the fitted line leaves the possible range" in page
    assert "not worked out" in page
    page = saved(officer, path, value_2="")
    assert "There is no figure for fifth 2" in page


def test_small_numbers_are_asked_about_and_the_decision_is_kept(
    officer: Visitor, drafts: Drafts, reference: str, path: str
) -> None:
    page = saved(officer, path, paste=PASTED, kind="proportion")
    assert "Small numbers: what may be published?" not in page
    page = saved(officer, path, population_5="100", kind="proportion")
    assert "Fewer than 10 people stand behind the figure of fifth 5" in page
    page = saved(officer, path, small_decision="hidden", small_reason="Told in words")
    assert "Hidden in what is published, narrative kept. Told in words" in page
    assert drafts.stored(reference)[FIELD].value["small_numbers"] == {"decision": "hidden", "reason": "Told in words"}


def test_the_record_keeps_the_measures_without_floats(
    officer: Visitor, drafts: Drafts, reference: str, path: str
) -> None:
    saved(officer, path, paste=PASTED, kind="proportion")
    frozen = drafts.within(
        "officer", lambda work: submissions.freeze(work, open_case(work, reference, 1), "submitted").payload
    )
    rows = json.loads(frozen, parse_float=lambda text: pytest.fail(f"a float: {text}"))["answers"]["assessment"]
    said = next(row for row in rows if row["question"] == FIELD)["statistics"]
    assert said["gradient"]["options"]["repetitions"] == 100_000
    assert Decimal(said["gradient"]["sii"]) < Decimal("-0.08")
    assert all("statistics" not in row for row in rows if row["question"] != FIELD)


def test_the_public_edition_hides_small_figures_and_says_so(
    officer: Visitor, drafts: Drafts, reference: str, path: str
) -> None:
    saved(officer, path, paste=PASTED, kind="proportion")
    saved(officer, path, population_5="100")
    source = drafts.within("officer", lambda work: Source(submissions.compose(work, open_case(work, reference, 1))))
    full, public = (" ".join(plain_text(report(source, edition))) for edition in ("full", "public"))
    assert "Slope index of inequality (SII)" in full
    assert "9.50 points" in full
    assert "9.50 points" not in public
    assert "too few to publish, still considered" in public
    [row] = [row for row in editions.public(source).payload["answers"]["assessment"] if row["question"] == FIELD]
    assert row["value"]["values"][4] == ""
    assert row["value"]["values"].count("") == 2, "a single hidden figure would be the difference of the others"

    # the rule of the settings is frozen with the record, so that later settings do not change its public edition
    assert source.payload["small_numbers"]["fewest"] == 10
    other = replace(source, payload={**source.payload, "small_numbers": asdict(NHS_SUB_NATIONAL)})
    assert "NHS rule for areas within England" in " ".join(plain_text(report(other, "public")))


def test_the_rule_for_small_numbers_comes_from_the_settings(tmp_path: Path) -> None:
    def rule(**given: Any) -> Rule:
        return rule_of(config.load({}, mode="test", instance=tmp_path, **given))

    assert (rule(), rule(small_numbers="nhs_sub_national")) == (FEWER_THAN_TEN, NHS_SUB_NATIONAL)
    assert rule(small_numbers="own", small_numbers_fewest=12, small_numbers_rounding=5) == Rule(12, 5)
    with pytest.raises(config.UnsafeSettings, match="small_numbers_rounding"):
        rule(small_numbers="own", small_numbers_fewest=8, small_numbers_rounding=8)


def test_figures_cost_no_more_questions_to_the_database(app: Flask, officer: Visitor, path: str) -> None:
    engine = app.extensions["hea"].database.engine
    asked = list[str]()

    def count() -> int:
        asked.clear()
        assert officer.get(path).status_code == 200
        return len(asked)

    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(str(args[2])))
    before = count()
    saved(officer, path, paste=PASTED, kind="proportion")
    assert count() == before
