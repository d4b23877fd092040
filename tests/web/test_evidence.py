"""Evidence over HTTP: attached, described, withheld, removed, cited; and given back so that nothing in it runs."""

from __future__ import annotations

import hashlib
import io
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from hia_app.config import Settings
from hia_app.services import impacts
from hia_app.services.work import open_case
from hia_app.store.tables import Event, EvidenceFile, ImpactLine
from tests.support import files
from tests.support.clamd import clamd, nobody
from tests.support.drafts import Drafts
from tests.support.forms import form_on
from tests.support.office import QUESTIONNAIRES
from tests.support.people import People, Visitor

QUESTION = "evidence/question/why_needed"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    small = {
        "evidence_file_mb": 1,
        "evidence_total_mb": 2,
        "evidence_files": 4,
        "evidence_day_mb": 5,
        "hourly_uploads": 500,
    }
    return settings.model_copy(update={"questionnaires": QUESTIONNAIRES, **small})


@pytest.fixture
def drafts(people: People) -> Drafts:
    return Drafts(people)


@pytest.fixture
def officer(people: People) -> Visitor:
    return people.client("officer")


def send(visitor: Visitor, path: str, name: str, content: bytes, **fields: str) -> Any:
    """Send a file as browsers do, names and all (the test client would change some of them)."""
    form = {"csrf_token": visitor.token(), "form_id": str(uuid.uuid4()), **fields}
    return visitor.post(path, data=multipart(form, name, content), content_type="multipart/form-data; boundary=edge")


def multipart(form: dict[str, str], name: str, content: bytes) -> bytes:
    escaped = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A").encode("utf-8", "surrogatepass")
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in form.items()
    ]
    parts += [b'--edge\r\nContent-Disposition: form-data; name="file"; filename="', escaped, b'"\r\n\r\n', content]
    return b"".join([*parts, b"\r\n--edge--\r\n"])


def rows(drafts: Drafts, *where: Any) -> list[EvidenceFile]:
    with drafts.people.place.database.reading() as session:
        found = list(session.scalars(select(EvidenceFile).where(*where).order_by(EvidenceFile.added_at)))
        session.expunge_all()
        return found


def kept_files(settings: Settings) -> list[Path]:
    return sorted(path for path in settings.files_folder.rglob("*") if path.is_file())


def add(visitor: Visitor, drafts: Drafts, reference: str, content: bytes = files.PDF, name: str = "a.pdf") -> str:
    """Attach a file to the question; gives its row's id."""
    form_id = str(uuid.uuid4())
    answer = send(visitor, drafts.path(reference, QUESTION), name, content, form_id=form_id)
    assert answer.status_code == 303, answer.text
    return form_id


def impact(drafts: Drafts, reference: str) -> str:
    form = {"direction": ["harm"], "effect": ["pay more"], "because": ["rents rise"], "pathway": ["brings stress"]}
    key = str(uuid.uuid4())
    drafts.within("officer", lambda w: impacts.save(w, open_case(w, reference, 1), key, "best_start", 0, form, ["who"]))
    return key


def test_a_file_is_attached_shown_and_given_back(officer: Visitor, drafts: Drafts, settings: Settings) -> None:
    reference = drafts.draft()
    page = drafts.path(reference, QUESTION)
    said = {"description": "Damp survey", "strength": "strong"}
    dated = {"dated-day": "1", "dated-month": "3", "dated-year": "2021"}
    answer = send(officer, page, "Däta & more.pdf", files.PDF, **said, **dated)
    assert (answer.status_code, answer.location) == (303, page)
    text = officer.get(page).text
    for words in ("Däta &amp; more.pdf", "Damp survey", "strength: strong", "1 March 2021", "Older than 36 months"):
        assert words in text
    assert "not scanned for viruses" in text
    (row,) = rows(drafts)
    assert (row.sha256, row.size, row.scan) == (hashlib.sha256(files.PDF).hexdigest(), len(files.PDF), "not_scanned")
    (path,) = kept_files(settings)
    assert path.read_bytes() == files.PDF
    assert path.name == row.sha256
    section = officer.get(drafts.path(reference, "sections/proposal")).text
    assert "Evidence (1)" in section
    assert "Däta &amp; more.pdf" in section
    given = officer.get(drafts.path(reference, f"evidence/file/{row.id}/download"))
    assert given.data == files.PDF


@pytest.mark.parametrize(
    ("name", "plain", "whole"),
    [
        ("report.pdf", "filename=report.pdf", ""),
        ("Däta.pdf", "filename=Data.pdf", "filename*=UTF-8''D%C3%A4ta.pdf"),
        ('a"; filename=evil.html;.pdf', 'filename="a_; filename=evil.html;.pdf"', ""),
        ("x\u202efdp.pdf", "filename=xfdp.pdf", ""),
        ("\U0001f3e0.pdf", "filename=.pdf", "filename*=UTF-8''%F0%9F%8F%A0.pdf"),
        ("semi;colon's.pdf", "semi;colon's.pdf", ""),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_download_is_inert_whatever_the_file_is_called(
    officer: Visitor, drafts: Drafts, name: str, plain: str, whole: str
) -> None:
    reference = drafts.draft()
    row = add(officer, drafts, reference, name=name)
    answer = officer.get(drafts.path(reference, f"evidence/file/{row}/download"))
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert plain in disposition
    assert whole in disposition
    assert disposition.isascii()
    assert disposition.isprintable()
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Length"] == str(len(files.PDF))
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_wrong_file_is_refused_and_nothing_of_it_is_kept(
    officer: Visitor, drafts: Drafts, settings: Settings
) -> None:
    page = drafts.path(drafts.draft(), QUESTION)
    for name, content in files.WRONG.items():
        answer = send(officer, page, name, content, description="What I typed")
        assert answer.status_code == 422, name
        assert 'id="file-error"' in answer.text, name
        assert "What I typed" in answer.text, name
    assert rows(drafts) == []
    assert kept_files(settings) == []


def test_a_file_with_a_hostile_name_never_leaves_the_folder(
    officer: Visitor, drafts: Drafts, settings: Settings
) -> None:
    reference = drafts.draft()
    for number, name in enumerate(("../../app.pdf", "C:\\x.pdf", "n\0ul.pdf", "a" * 400 + ".pdf")):
        add(officer, drafts, reference, files.PDF + b"\n" * number, name)
    assert {row.label for row in rows(drafts)} == {"app.pdf", "C_x.pdf", "_nul.pdf", "a" * 251 + ".pdf"}
    assert all(re.fullmatch(r"[0-9a-f]{64}", path.name) for path in kept_files(settings))
    assert not list(settings.instance.parent.rglob("app.pdf"))


def test_the_size_limit_holds_to_the_byte(officer: Visitor, drafts: Drafts) -> None:
    page = drafts.path(drafts.draft(), QUESTION)
    most = b"x" * 999_999 + b"\n"
    assert send(officer, page, "most.txt", most).status_code == 303
    over = send(officer, page, "over.txt", most + b"x")
    assert over.status_code == 422
    assert "1 MB or smaller" in over.text
    far_over = send(officer, page, "far.txt", most * 4)
    assert far_over.status_code == 413
    assert "An evidence file can be at most 1 MB" in far_over.text
    assert [row.size for row in rows(drafts)] == [1_000_000]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_the_upload_takes_more_than_other_forms(app: Flask, officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    large = {"why_needed": "x" * 4_100_000}
    assert officer.send(drafts.path(reference, "sections/proposal"), large).status_code == 413
    sizes = {
        rule.endpoint: getattr(app.view_functions[rule.endpoint], "largest_request", None)
        for rule in app.url_map.iter_rules()
    }
    raised = {endpoint for endpoint, size in sizes.items() if callable(size)}
    assert raised == {"evidence.attach", "evidence_library.add"}


# The form parser leaves the file it had begun to the garbage collector when it is stopped in the middle.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("size", "status"), [(900_000, 303), (5_000_000, 413)])
def test_a_form_that_does_not_say_how_long_it_is(officer: Visitor, drafts: Drafts, size: int, status: int) -> None:
    page = drafts.path(drafts.draft(), QUESTION)
    form = {"csrf_token": officer.token(), "form_id": str(uuid.uuid4())}
    body = multipart(form, "a.txt", b"x" * size)
    answer = officer.post(
        page,
        input_stream=io.BytesIO(body),
        content_type="multipart/form-data; boundary=edge",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == status
    assert len(rows(drafts)) == (status == 303)


def test_the_same_form_twice_and_the_same_file_twice_make_one(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    page, form_id = drafts.path(reference, QUESTION), str(uuid.uuid4())
    for _ in range(2):
        assert send(officer, page, "a.pdf", files.PDF, form_id=form_id).status_code == 303
    assert send(officer, page, "another name.pdf", files.PDF).status_code == 303
    assert [row.id for row in rows(drafts)] == [form_id]
    assert send(officer, page, "b.txt", files.TEXT, form_id="made-up").status_code == 404
    other = drafts.path(drafts.draft(), QUESTION)
    assert send(officer, other, "a.pdf", files.PDF, form_id=form_id).status_code == 404


def test_count_total_and_day_have_their_limits(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    page = drafts.path(reference, QUESTION)
    big = b"x" * 999_999
    first = add(officer, drafts, reference, big + b"1", "1.txt")
    add(officer, drafts, reference, big + b"2", "2.txt")
    full = send(officer, page, "3.txt", b"one byte more\n")
    assert full.status_code == 422
    assert "together can be 2 MB" in full.text
    assert officer.send(drafts.path(reference, f"evidence/file/{first}/remove")).status_code == 303
    for number in range(3):
        add(officer, drafts, reference, b"small %d\n" % number, f"{number}.txt")
    many = send(officer, page, "4.txt", b"a fifth\n")
    assert many.status_code == 422
    assert "at most 4 files" in many.text
    other = drafts.draft()
    for number in (3, 4):
        add(officer, drafts, other, big + b"%d" % number, f"{number}.txt")
    third = send(officer, drafts.path(drafts.draft(), QUESTION), "5.txt", big + b"5")
    assert third.status_code == 422
    assert "in 24 hours" in third.text


def test_a_bomb_is_answered_at_once(officer: Visitor, drafts: Drafts) -> None:
    import time

    page = drafts.path(drafts.draft(), QUESTION)
    officer.get(page)
    for content, status in ((files.bomb(210), 422), (files.lying_bomb(210), 303)):
        began = time.perf_counter()
        assert send(officer, page, "bomb.docx", content).status_code == status
        assert time.perf_counter() - began < 1


def with_scanner(app: Flask, address: str) -> None:
    place = app.extensions["hea"]
    place.settings = place.settings.model_copy(update={"scanner": address, "scanner_seconds": 1})


def test_a_scanned_file_is_marked_and_a_finding_is_refused(
    app: Flask, officer: Visitor, drafts: Drafts, settings: Settings
) -> None:
    page = drafts.path(drafts.draft(), QUESTION)
    with clamd() as scanner:
        with_scanner(app, scanner.address)
        assert send(officer, page, "a.txt", files.TEXT).status_code == 303
        found = send(officer, page, "eicar.txt", files.EICAR)
    assert found.status_code == 422
    assert "Eicar-Test-Signature" in found.text
    assert [row.scan for row in rows(drafts)] == ["clean"]
    assert "not scanned" not in officer.get(page).text.lower()
    assert [path.read_bytes() for path in kept_files(settings)] == [files.TEXT]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("manners", ["riddles", "error", "nothing", "hangs up", "late", "not there"])
def test_without_a_good_answer_from_the_scanner_nothing_is_taken(
    app: Flask, officer: Visitor, drafts: Drafts, settings: Settings, manners: str
) -> None:
    page = drafts.path(drafts.draft(), QUESTION)
    with clamd("well" if manners == "not there" else manners) as scanner:
        with_scanner(app, nobody() if manners == "not there" else scanner.address)
        answer = send(officer, page, "a.txt", files.TEXT, description="Kept")
    assert answer.status_code == 422
    assert "scanner is not answering" in answer.text
    assert "Kept" in answer.text
    assert rows(drafts) == []
    assert kept_files(settings) == []


def test_others_go_on_working_while_a_file_is_scanned(
    app: Flask, people: People, officer: Visitor, drafts: Drafts
) -> None:
    """On SQLite one writer shuts out all others; a slow scanner must not be that writer."""
    import threading
    import time

    page = drafts.path(drafts.draft(), QUESTION)
    other = drafts.draft()
    with clamd("late") as scanner:
        with_scanner(app, scanner.address)
        upload = threading.Thread(target=send, args=(people.client("officer"), page, "a.txt", files.TEXT))
        upload.start()
        while not scanner.seen:
            time.sleep(0.01)
        began = time.perf_counter()
        drafts.answer(other, {"why_needed": "Written meanwhile"})
        took = time.perf_counter() - began
        assert upload.is_alive()
        upload.join(10)
    assert took < 0.9
    assert drafts.stored(other)["why_needed"].value == "Written meanwhile"


def test_strangers_cannot_tell_a_file_from_none(people: People, officer: Visitor, drafts: Drafts) -> None:
    reference, other = drafts.draft(), drafts.draft()
    row = add(officer, drafts, reference)
    stranger = people.client("other_officer")
    real, made_up = f"evidence/file/{row}", f"evidence/file/{uuid.uuid4()}"
    for tail in ("", "/download"):
        mine = stranger.get(drafts.path(reference, real + tail))
        assert mine.status_code == 404
        assert mine.data == stranger.get(drafts.path(reference, made_up + tail)).data
        assert mine.data == stranger.get(drafts.path("HEA-2026-9999", real + tail)).data
    for verb in ("", "/withhold", "/remove", "/share"):
        assert stranger.send(drafts.path(reference, real + verb), {"reason": "x"}).status_code == 404
    assert stranger.get(drafts.path(reference, "evidence")).status_code == 404
    assert send(stranger, drafts.path(reference, QUESTION), "a.txt", files.TEXT).status_code == 404
    # nor through an assessment that is one's own
    assert officer.get(drafts.path(other, real)).status_code == 404
    (kept,) = rows(drafts)
    assert (kept.removed_at, kept.withheld_reason) == (None, "")


def test_a_contributor_reaches_the_files_of_their_sections_alone(
    people: People, officer: Visitor, drafts: Drafts
) -> None:
    reference = drafts.draft()
    drafts.invite(reference, "contributor", ["best_start"])
    helper = people.client("contributor")
    row = add(officer, drafts, reference)
    assert helper.get(drafts.path(reference, f"evidence/file/{row}/download")).status_code == 404
    assert helper.get(drafts.path(reference, QUESTION)).status_code == 404
    assert send(helper, drafts.path(reference, QUESTION), "a.txt", files.TEXT).status_code == 404
    theirs = drafts.path(reference, "evidence/question/warmer_homes")
    assert send(helper, theirs, "a.txt", files.TEXT).status_code == 303
    assert "a.txt" in helper.get(theirs).text
    assert "a.pdf" not in helper.get(drafts.path(reference, "evidence")).text
    everything = officer.get(drafts.path(reference, "evidence")).text
    assert "a.pdf" in everything
    assert "a.txt" in everything


def test_a_file_of_an_impact_goes_with_the_impact(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    key = impact(drafts, reference)
    page = drafts.path(reference, f"evidence/impact/{key}")
    assert send(officer, page, "a.pdf", files.PDF).status_code == 303
    assert "Impact I1: pay more" in officer.get(page).text
    assert "Evidence (1)" in officer.get(drafts.path(reference, "sections/best_start")).text
    removal = drafts.path(reference, f"impacts/{key}/remove")
    assert officer.send(removal, form_on(officer.get(removal).text, removal)).status_code == 303
    assert officer.get(page).status_code == 404
    assert [row.removed_at is not None for row in rows(drafts)] == [True]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "target",
    ["question/made_up", "question/actions_note", "impact/made-up", f"impact/{uuid.UUID(int=7)}", "section/proposal"],
)
def test_files_belong_to_something_that_is_there(officer: Visitor, drafts: Drafts, target: str) -> None:
    page = drafts.path(drafts.draft(), f"evidence/{target}")
    assert officer.get(page).status_code == 404
    assert send(officer, page, "a.pdf", files.PDF).status_code in {404, 405}
    assert rows(drafts) == []


def test_a_section_is_saved_before_its_button_leads_to_the_files(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, "sections/proposal")
    form = form_on(officer.get(path).text, path) | {"why_needed": "Typed before the file"}
    answer = officer.send(path, form | {"action": "evidence.why_needed"})
    assert (answer.status_code, answer.location) == (303, drafts.path(reference, QUESTION))
    assert drafts.stored(reference)["why_needed"].value == "Typed before the file"


def test_an_impact_is_saved_before_its_button_leads_to_the_files(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    key = impact(drafts, reference)
    path = drafts.path(reference, f"impacts/{key}/know?section=best_start")
    form = form_on(officer.get(path).text, path) | {"source": "Our own survey", "add_evidence": "yes"}
    answer = officer.send(path, form)
    assert (answer.status_code, answer.location) == (303, drafts.path(reference, f"evidence/impact/{key}"))
    with drafts.people.place.database.reading() as session:
        assert session.get_one(ImpactLine, key).source == "Our own survey"


def test_what_is_said_can_be_changed_but_never_over_somebody_else(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    path = drafts.path(reference, f"evidence/file/{add(officer, drafts, reference)}")
    form = form_on(officer.get(path).text, path)
    assert officer.send(path, form | {"description": "First", "strength": "weak"}).status_code == 303
    clash = officer.send(path, form | {"description": "Second"})
    assert clash.status_code == 409
    assert "Second" in clash.text
    assert rows(drafts)[0].description == "First"
    again = form_on(clash.text, path)
    assert officer.send(path, again).status_code == 303
    assert rows(drafts)[0].description == "Second"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "fields",
    [
        {"strength": "very"},
        {"description": "x" * 301},
        {"dated-day": "1", "dated-month": "1", "dated-year": "2199"},
        {"dated-day": "31", "dated-month": "2", "dated-year": "2020"},
        {"dated-day": "१", "dated-month": "1", "dated-year": "2020"},
        {"dated-day": "1"},
    ],
)
def test_what_is_said_is_checked(officer: Visitor, drafts: Drafts, fields: dict[str, str]) -> None:
    page = drafts.path(drafts.draft(), QUESTION)
    answer = send(officer, page, "a.pdf", files.PDF, **fields)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert rows(drafts) == []


def test_a_removed_file_is_gone_from_pages_and_kept_with_its_row(
    officer: Visitor, drafts: Drafts, settings: Settings
) -> None:
    reference = drafts.draft()
    row = add(officer, drafts, reference)
    assert officer.send(drafts.path(reference, f"evidence/file/{row}/remove")).status_code == 303
    assert officer.get(drafts.path(reference, f"evidence/file/{row}/download")).status_code == 404
    officer.get(drafts.path(reference, QUESTION))  # says once that it has been removed
    assert "a.pdf" not in officer.get(drafts.path(reference, QUESTION)).text
    assert [one.removed_at is not None for one in rows(drafts)] == [True]
    assert len(kept_files(settings)) == 1
    assert "Removed an evidence file" in officer.get(drafts.path(reference, "history")).text


def test_when_returned_only_what_was_named_takes_files(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.returned(("question", "why_needed"))
    assert send(officer, drafts.path(reference, QUESTION), "a.pdf", files.PDF).status_code == 303
    other = drafts.path(reference, "evidence/question/what_will_change")
    assert officer.get(other).status_code == 200
    assert send(officer, other, "b.txt", files.TEXT).status_code == 409
    assert len(rows(drafts)) == 1


def test_nothing_is_added_without_the_token(officer: Visitor, drafts: Drafts) -> None:
    page = drafts.path(drafts.draft(), QUESTION)
    form = {"form_id": str(uuid.uuid4()), "file": (io.BytesIO(files.PDF), "a.pdf"), "description": "What I wrote here"}
    answer = officer.post(page, data=form, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert "What I wrote here" in answer.text
    assert rows(drafts) == []


def test_a_refused_file_is_written_down(officer: Visitor, drafts: Drafts, people: People) -> None:
    send(officer, drafts.path(drafts.draft(), QUESTION), "page.html", files.HTML)
    with people.place.database.reading() as session:
        refused = session.scalars(select(Event).where(Event.outcome == "refused", Event.action == "attach")).all()
    assert len(refused) == 1
    assert "kind of file" in refused[0].subject


# ---- the shared library ----


def shared(visitor: Visitor, content: bytes = files.PDF, name: str = "Stock survey.pdf", **fields: str) -> str:
    form_id = str(uuid.uuid4())
    answer = send(visitor, "/evidence/new", name, content, form_id=form_id, **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.location).rpartition("/")[2]


def test_a_report_is_shared_once_found_opened_and_cited(people: People, officer: Visitor, drafts: Drafts) -> None:
    report = shared(officer, description="All council homes 2024", strength="strong")
    assert shared(officer, name="copy.pdf") == report
    reader = people.client("scrutiny")
    assert "Stock survey.pdf" in reader.get("/evidence?words=STOCK+homes").text
    assert "Nothing found" in reader.get("/evidence?words=stock+zebra").text
    assert "Nothing found" in reader.get("/evidence?words=%25").text
    assert reader.get(f"/evidence/{report}/download").data == files.PDF
    assert reader.get("/evidence/new").status_code == 403
    reference = drafts.draft()
    page = drafts.path(reference, QUESTION)
    assert "Cite this file" in officer.get(f"{page}?find=survey").text
    form = {"form_id": str(uuid.uuid4()), "library_id": report}
    for _ in range(2):
        assert officer.send(f"{page}/cite", form).status_code == 303
    (row,) = rows(drafts, EvidenceFile.version_id.is_not(None))
    assert (row.library_id, row.description, row.strength) == (report, "All council homes 2024", "strong")
    assert officer.send(f"{page}/cite", form | {"form_id": str(uuid.uuid4()), "library_id": row.id}).status_code == 404


def test_a_file_that_is_shared_already_is_cited_instead_of_sent_again(officer: Visitor, drafts: Drafts) -> None:
    report = shared(officer)
    reference = drafts.draft()
    row = add(officer, drafts, reference)
    assert rows(drafts, EvidenceFile.id == row)[0].library_id == report
    assert "is in the shared library already" in officer.get(drafts.path(reference, QUESTION)).text


def test_a_file_can_be_shared_from_an_assessment_unless_withheld(officer: Visitor, drafts: Drafts) -> None:
    reference = drafts.draft()
    row = add(officer, drafts, reference)
    path = drafts.path(reference, f"evidence/file/{row}")
    assert officer.send(f"{path}/withhold", {"reason": ""}).status_code == 422
    assert officer.send(f"{path}/withhold", {"reason": "It names a tenant"}).status_code == 303
    assert officer.send(f"{path}/share", {"form_id": str(uuid.uuid4())}).status_code == 409
    assert rows(drafts, EvidenceFile.version_id.is_(None)) == []
    assert officer.send(f"{path}/withhold", {"release": "yes"}).status_code == 303
    assert officer.send(f"{path}/share", {"form_id": str(uuid.uuid4())}).status_code == 303
    (library,) = rows(drafts, EvidenceFile.version_id.is_(None))
    assert rows(drafts, EvidenceFile.id == row)[0].library_id == library.id


def test_a_retired_file_stays_where_it_was_cited(people: People, officer: Visitor, drafts: Drafts) -> None:
    report = shared(officer)
    reference = drafts.draft()
    row = add(officer, drafts, reference)
    assert officer.send(f"/evidence/{report}/retire").status_code == 403
    assert people.client("reviewer").send(f"/evidence/{report}/retire").status_code == 303
    assert officer.get(f"/evidence/{report}").status_code == 404
    assert officer.get(f"/evidence/{report}/download").status_code == 404
    assert officer.get(drafts.path(reference, f"evidence/file/{row}/download")).data == files.PDF


@pytest.mark.parametrize("name", ["administrator", "nobody"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_library_is_for_people_with_a_part_in_assessments(people: People, officer: Visitor, name: str) -> None:
    report = shared(officer)
    visitor = people.client(name)
    assert visitor.get("/evidence").status_code == 403
    assert visitor.get(f"/evidence/{report}/download").status_code == 403
    # an assessment's own file is not one of the library's
    assert visitor.get(f"/evidence/{uuid.uuid4()}").status_code == 403


def test_the_library_is_read_page_by_page(people: People, officer: Visitor, drafts: Drafts) -> None:
    first = shared(officer)
    with people.place.database.writing() as session:
        source = session.get_one(EvidenceFile, first)
        columns = {c.key: getattr(source, c.key) for c in EvidenceFile.__table__.columns}
        for number in range(30):
            more = {"id": str(uuid.uuid4()), "label": f"n{number:02}.pdf", "sha256": f"{number:064x}"}
            session.add(EvidenceFile(**(columns | more)))
    seen, path = [], "/evidence"
    while path:
        text = officer.get(path).text
        seen += re.findall(r'app-file__name" href="[^"]*">([^<]+)<', text)
        following = re.search(r'href="(/evidence\?after=[^"]+)"', text)
        path = following.group(1) if following else ""
    assert len(seen) == len(set(seen)) == 31


def test_the_database_itself_holds_what_a_row_may_be(people: People, officer: Visitor, drafts: Drafts) -> None:
    from sqlalchemy.exc import IntegrityError

    row = add(officer, drafts, drafts.draft())
    for column, value in (("kind", ""), ("target", ""), ("kind", "section"), ("scan", "maybe"), ("size", 0)):
        with pytest.raises(IntegrityError), people.place.database.writing() as session:
            session.execute(update(EvidenceFile).where(EvidenceFile.id == row).values({column: value}))
    with people.place.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(EvidenceFile)) == 1
