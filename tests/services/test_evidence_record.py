"""Evidence in the record: named and fingerprinted in the submission, its bytes frozen, opened by those who may."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from sqlalchemy import select

from hia_app.domain.chain import SEALED
from hia_app.domain.document import plain_text
from hia_app.domain.errors import NotNow, NotPermitted, NotVisible
from hia_app.domain.evidence import About, Said, Target
from hia_app.domain.policy import Role
from hia_app.domain.record import file_hash
from hia_app.domain.report import report
from hia_app.domain.report_source import Source
from hia_app.services import archive, evidence, evidence_files, evidence_record, passwords, submissions, versions
from hia_app.services.decisions import confirm_reading, shown, sign_off
from hia_app.services.evidence_intake import receive
from hia_app.services.work import Case
from hia_app.store.columns import new_id
from hia_app.store.tables import ArchivePayload, ArchiveRecord, EvidenceFile
from tests.support import files
from tests.support.reviewing import QUESTION, Cast, cast, concluded, draw, signing

WITHHELD = "It names two tenants"
SILENT = Said()


@pytest.fixture
def people(office) -> Cast:
    everybody = cast(office)
    everybody.decider.password_hash = passwords.hashed("a long password for tests", office.settings)
    return everybody


@pytest.fixture
def before_submitting(people, monkeypatch) -> Cast:
    """Two files are attached before the assessment is submitted, one of them withheld."""
    from tests.support import reviewing

    submit = reviewing.submit_as_it_is

    def with_files(work, case) -> None:
        attached(people, case, "Stock survey.pdf", files.PDF, Said("Damp by ward", "strong", date(2022, 3, 1)))
        row = attached(people, case, "Letters.txt", files.TEXT, Said("What tenants wrote", "weak"))
        evidence.withhold(work, case, row.id, WITHHELD)
        submit(work, case)

    monkeypatch.setattr(reviewing, "submit_as_it_is", with_files)
    return people


def attached(people: Cast, case: Case, name: str, content: bytes, said: Said = SILENT) -> EvidenceFile:
    work = people.works(people.officer)
    received = receive(work.settings, name, io.BytesIO(content))
    return evidence.attach(work, case, Target(About.QUESTION, QUESTION), new_id(), received, said)


def signed(people: Cast) -> Case:
    case = concluded(people)
    work = people.works(people.decider)
    confirm_reading(work, case, fingerprint := shown(work, case).fingerprint, "summary")
    sign_off(work, case, signing(fingerprint, reasons="The works cannot wait."), draw)
    people.office.session.flush()
    return people.office.case(people.decider, case)


def test_the_submission_names_every_file(before_submitting) -> None:
    people = before_submitting
    case = concluded(people)
    frozen = submissions.latest(people.works(people.reviewer), case, "concluded")
    assert frozen is not None
    first, second = sorted(json.loads(frozen.payload)["evidence"], key=lambda one: one["name"], reverse=True)
    assert (first["name"], first["sha256"], first["size"]) == ("Stock survey.pdf", file_hash(files.PDF), len(files.PDF))
    assert (first["strength"], first["dated"], first["old"], first["withheld"]) == ("strong", "2022-03-01", True, False)
    assert (second["withheld"], second["withheld_reason"]) == (True, WITHHELD)


def test_the_report_lists_the_files_and_says_which_are_withheld_and_why(before_submitting) -> None:
    people = before_submitting
    case = concluded(people)
    words = "\n".join(plain_text(report(Source(submissions.compose(people.works(people.reviewer), case)))))
    for expected in ("Evidence files", "Stock survey.pdf", "Letters.txt", "Withheld", WITHHELD, "Strong", "Weak",
                     "1 March 2022 (older than 36 months)", file_hash(files.PDF), file_hash(files.TEXT)):  # fmt: skip
        assert expected in words


def test_an_assessment_without_files_says_nothing_of_them(people) -> None:
    case = concluded(people)
    assert "Evidence files" not in plain_text(report(Source(submissions.compose(people.works(people.reviewer), case))))


def test_sign_off_freezes_the_bytes_and_names_them_in_the_header(before_submitting) -> None:
    people = before_submitting
    case = signed(people)
    record = people.office.session.scalars(select(ArchiveRecord).where(ArchiveRecord.kind.in_(SEALED))).one()
    named = {one["sha256"]: one["name"] for one in json.loads(record.header)["evidence"]}
    assert named == {file_hash(files.PDF): "Stock survey.pdf", file_hash(files.TEXT): "Letters.txt"}
    parts = dict(
        people.office.session.execute(
            select(ArchivePayload.part, ArchivePayload.content).where(ArchivePayload.record_id == record.id)
        ).all()
    )
    assert parts[f"evidence/{file_hash(files.PDF)}"] == files.PDF
    assert parts[f"evidence/{file_hash(files.TEXT)}"] == files.TEXT
    assert case.version.signed_off_at is not None


def test_readers_open_what_is_not_withheld(before_submitting) -> None:
    people = before_submitting
    case = signed(people)
    scrutiny = people.office.person("Sue Scrutiny", Role.SCRUTINY)
    work = people.works(scrutiny)
    theirs = people.office.case(scrutiny, case)
    listed = {one["name"]: one["id"] for one in evidence_record.listed(archive.read(work, theirs))}
    assert evidence_record.record_file(work, theirs, listed["Stock survey.pdf"])[1] == files.PDF
    for nothing in (listed["Letters.txt"], new_id()):
        with pytest.raises(NotVisible):
            evidence_record.record_file(work, theirs, nothing)
    with pytest.raises((NotVisible, NotPermitted)):
        evidence_files.find(work, theirs, listed["Stock survey.pdf"])
    for person in (people.officer, people.reviewer, people.decider):
        mine = people.office.case(person, case)
        assert evidence_record.record_file(people.works(person), mine, listed["Letters.txt"])[1] == files.TEXT


def test_nothing_is_signed_when_the_store_does_not_give_the_bytes_back(before_submitting) -> None:
    people = before_submitting
    case = concluded(people)
    work = people.works(people.decider)
    confirm_reading(work, case, fingerprint := shown(work, case).fingerprint, "summary")
    path = next(work.settings.files_folder.rglob(file_hash(files.PDF)))
    for damage in (lambda: path.write_bytes(files.PDF[:-1] + b"x"), path.unlink):
        damage()
        with pytest.raises(NotNow, match=r"Stock survey\.pdf"):
            sign_off(work, case, signing(fingerprint, reasons="The works cannot wait."), draw)
    assert people.office.session.scalars(select(ArchiveRecord)).all() == []


def test_a_frozen_assessment_takes_and_changes_no_files(before_submitting) -> None:
    people = before_submitting
    case = signed(people)
    mine = people.office.case(people.officer, case)
    work = people.works(people.officer)
    row = evidence_files.files_of(work, mine)[0].row
    with pytest.raises(NotNow):
        attached(people, mine, "late.txt", files.TEXT)
    for change in (
        lambda: evidence.remove(work, mine, row.id),
        lambda: evidence.withhold(work, mine, row.id, "Too late"),
        lambda: evidence.change(work, mine, row.id, row.row_version, Said("Too late")),
    ):
        with pytest.raises(NotNow):
            change()


def test_the_next_version_begins_with_the_files_of_the_last(before_submitting) -> None:
    people = before_submitting
    case = signed(people)
    work = people.works(people.officer)
    opened = versions.reopen(work, people.office.case(people.officer, case), new_id(), "cost", "It costs more")
    carried = evidence_files.files_of(work, people.office.case(people.officer, opened))
    old = {one.row.id for one in evidence_files.files_of(work, people.office.case(people.officer, case))}
    reasons = {one.row.label: one.row.withheld_reason for one in carried}
    assert reasons == {"Stock survey.pdf": "", "Letters.txt": WITHHELD}
    assert old.isdisjoint(one.row.id for one in carried)


@pytest.mark.parametrize("who", ["reviewer", "decider"])
def test_reviewer_and_decision_maker_see_the_files_and_change_none(before_submitting, who: str) -> None:
    people = before_submitting
    case = concluded(people)
    person = getattr(people, who)
    mine, work = people.office.case(person, case), people.works(person)
    found = evidence_files.files_of(work, mine)
    assert {one.row.label for one in found} == {"Stock survey.pdf", "Letters.txt"}
    with pytest.raises((NotNow, NotPermitted)):
        evidence.remove(work, mine, found[0].row.id)
