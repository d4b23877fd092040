"""What is taken away of the register over HTTP: each opens, has a name to file it by, and is for its reader."""

import csv
import io
import re
from uuid import uuid4

import docx
import openpyxl
import page
import pikepdf
import pytest

from tests.support.people import People
from tests.support.reviewing import concluded
from tests.support.stage import Stage
from tests.web.test_decisions import read_everything, sign

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def stage(people: People) -> Stage:
    return Stage(people)


@pytest.fixture
def record(stage: Stage) -> str:
    """The address of a record in the register."""
    address = stage.set(concluded)
    return sign(stage, address, submission_hash=read_everything(stage, address)).location


def name_of(answer) -> str:
    return re.search(r'filename="?([^";]+)"?', answer.headers["Content-Disposition"])[1]


@sqlite_only
def test_pdfs_are_accessible_and_named_to_be_filed(stage: Stage, record: str) -> None:
    client = stage.people.client("scrutiny")
    for path, what in (("public.pdf", "public edition"), ("full.pdf", "full edition"), ("summary.pdf", "summary full")):
        answer = client.get(record + path)
        assert answer.status_code == 200, path
        assert re.fullmatch(
            rf"HEA-\d{{4}}-\d{{4}} v1 Group repair in Holbeck {what}.* \d{{4}}-\d\d-\d\d\.pdf", name_of(answer)
        )
        archival = "3a" if path == "public.pdf" else "2a"  # the public edition carries itself as data
        failures = [f for p in ("ua1", archival) for f in page.validate_pdf_bytes(answer.data, profile=p).failures]
        assert failures == [], path
    with pikepdf.open(io.BytesIO(client.get(record + "summary.pdf").data)) as opened:
        assert len(opened.pages) == 2


@sqlite_only
def test_tables_and_word_open_and_hold_what_the_record_holds(stage: Stage, record: str) -> None:
    client = stage.people.client("scrutiny")
    rows = list(csv.DictReader(io.StringIO(client.get(record + "impacts.csv").data.decode("utf-8-sig"))))
    assert rows[0]["Impact"] == "I1"
    assert rows[0]["Reach"] == "4000"
    book = openpyxl.load_workbook(io.BytesIO(client.get(record + "tables.xlsx").data))
    assert book.sheetnames == ["Impacts", "Actions"]
    cells = dict(zip([c.value for c in book["Impacts"][1]], [c.value for c in book["Impacts"][2]], strict=True))
    assert cells["Reach"] == 4000
    assert cells["What happens"] == rows[0]["What happens"]
    word = docx.Document(io.BytesIO(client.get(record + "report.docx").data))
    headings = [one.text for one in word.paragraphs if one.style.name.startswith("Heading")]
    assert {"Summary", "Harm register", "Due regard", "All questions and answers"} <= set(headings)
    assert client.get(record + "actions.csv").status_code == 200
    register = openpyxl.load_workbook(io.BytesIO(client.get("/register.xlsx").data))
    assert register.sheetnames == ["Register", "Impacts", "Actions"]
    assert register["Register"][2][2].value == "Group repair in Holbeck"
    assert b"Group repair in Holbeck" in client.get("/register.csv").data


@sqlite_only
def test_a_draft_is_marked_and_only_for_those_who_may_see_the_content(stage: Stage) -> None:
    address = stage.set(concluded)
    answer = stage.people.client("officer").get(f"{address}/draft.pdf")
    assert "draft" in name_of(answer)
    from tests.support.pdf_reading import tree

    assert "Draft" in tree(answer.data).whole_text()
    assert stage.people.client("other_officer").get(f"{address}/draft.pdf").status_code == 404
    assert stage.people.client("scrutiny").get(f"{address}/draft.pdf").status_code == 404


@sqlite_only
def test_a_blank_questionnaire_for_workshops(stage: Stage) -> None:
    client = stage.people.client("officer")
    answer = client.get("/questionnaire.pdf?scheme_type=core")
    assert [f for p in ("ua1", "2a") for f in page.validate_pdf_bytes(answer.data, profile=p).failures] == []
    assert "Why we ask" in client.get("/questionnaire?scheme_type=core").text
    assert client.get("/questionnaire.pdf?scheme_type=nothing").status_code == 404


def test_anybody_can_check_a_document(stage: Stage, record: str) -> None:
    content = stage.people.client("scrutiny").get(record + "public.pdf").data
    stranger = stage.people.app.test_client()

    def check(sent: bytes, client=stranger) -> str:
        return client.send("/check-a-document", {"file": (io.BytesIO(sent), "x.pdf")}).text

    assert "Choose the PDF" in stranger.get("/check-a-document").text
    ours = check(content)
    assert "This is one of ours" in ours
    assert "public edition" in ours
    changed = content.replace(b"/Title", b"/Titel", 1)
    assert "This is not a document of ours" in check(changed)
    assert "About its seal" not in check(changed)
    assert "The sealed bytes have been changed" in check(changed, stage.people.client("officer"))
    assert "Choose the PDF file to check" in check(b"")
    for hostile in (
        b"%PDF-1.7\n" + b"<<" * 5000,
        b"%PDF-",
        b"%PDF-1.4\nxref\n0 99999999\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF",
    ):
        assert "This is not a document of ours" in check(hostile, stage.people.client("officer"))


@sqlite_only
def test_a_record_as_data_begins_a_new_draft(stage: Stage, record: str) -> None:
    content = stage.people.client("scrutiny").get(record + "record.json").data
    officer = stage.people.client("other_officer")
    form_id = str(uuid4())

    def send(file: bytes):
        return officer.send(
            "/assessments/import",
            {"form_id": form_id, "file": (io.BytesIO(file), "record.json")},
            content_type="multipart/form-data",
        )

    assert "Begin with a record" in officer.get("/assessments/import").text
    refused = send(content.replace(b'"hea-record/1"', b'"something else"'))
    assert refused.status_code == 422
    assert "format" in refused.text
    assert 'href="#file"' in refused.text
    answer = send(content)
    assert answer.status_code == 303
    assert record.split("/")[2] not in answer.location
    page = officer.get(answer.location, follow_redirects=True).text
    assert "Group repair in Holbeck" in page
    assert stage.people.client("scrutiny").get("/assessments/import").status_code == 403
