"""Two editions of one record: the public one holds nothing exempt in any byte; the full one is for those entitled."""

import io
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import page
import pikepdf
import pytest

from hia_app.domain.editions import public
from hia_app.domain.errors import InvalidInput, NotPermitted
from hia_app.domain.policy import Role
from hia_app.domain.report import report
from hia_app.domain.report_source import EXEMPT, Source
from hia_app.domain.report_summary import summary
from hia_app.domain.takeaways import actions, csv_bytes, impacts
from hia_app.office.spreadsheet import workbook
from hia_app.office.word import word
from hia_app.pdf import certificate, seal
from hia_app.pdf.render import render
from hia_app.services import archive, bundles, checking, entitlements, passwords
from hia_app.services.decisions import confirm_reading, shown, sign_off
from hia_app.services.work import Case
from hia_app.store.columns import new_id
from hia_app.store.tables import Answer, Event, ExemptMark
from hia_app.web.printing import drawing, printer
from tests.support.office import NOON, Office
from tests.support.reviewing import HARM, PROMISE, QUESTION, Cast, cast, conclude, harm_ids, signing, taken

CLAIMS = {"full": ("ua1", "2a"), "public": ("ua1", "3a")}  # the public edition carries itself as data
SECRET_ANSWER = "Bramble Homes offered 4.2 million pounds for the corner plot"
SECRET_IMPACT = {
    "because": "the zinnober tenancy at 14 Quill Street is bought out",
    "effect": "are moved to Vantage Court",
    "pathway": "cuts them off from the dialysis unit",
    "source": "Letter of the solicitor Hartnoll",
    "action": "pay the Quill Street households privately",
    "action_owner": "Mx Peverell",
    "measure": "Quill Street households resettled",
}
QUOTED = "You say that Bramble Homes offered 4.2 million pounds for the corner plot. Is that agreed?"
SECRETS = (
    "Bramble Homes", "4.2 million", "zinnober", "Quill Street", "Vantage Court", "dialysis", "Hartnoll", "Peverell",
)  # fmt: skip
PUBLIC_INTEREST = "The negotiation is not over, and telling would cost the council money"


@pytest.fixture
def people(office: Office) -> Cast:
    everybody = cast(office)
    everybody.decider.password_hash = passwords.hashed("a long password for tests", office.settings)
    return everybody


def signed(people: Cast, *, exempt: bool) -> Case:
    """Signed off with real, sealed documents; with an exempt answer and an exempt harm."""
    case = taken(
        people, HARM | PROMISE | SECRET_IMPACT | {"residual_magnitude": "moderate", "residual_likelihood": "likely"}
    )
    session = people.office.session
    answer = session.query(Answer).filter_by(version_id=case.version.id, question_id=QUESTION).one()
    answer.value = SECRET_ANSWER
    reviewer = people.works(people.reviewer)
    if exempt:
        for kind, target in (("question", QUESTION), ("impact", harm_ids(people, case)[0])):
            session.add(
                ExemptMark(
                    id=new_id(), version_id=case.version.id, kind=kind, target=target, paragraph=3,
                    public_interest=PUBLIC_INTEREST, marked_by=people.reviewer.id, marked_at=NOON,
                )
            )  # fmt: skip
    session.flush()
    conclude(reviewer, case, "approve", QUOTED)
    case = people.office.case(people.decider, case)
    work = people.works(people.decider)
    page_shown = shown(work, case)
    for what in ("summary", *(harm.impact["id"] for harm in page_shown.harms)):
        confirm_reading(work, case, page_shown.fingerprint, what)
    form = signing(page_shown.fingerprint, reasons="The gain is greater, and the households agreed to it in writing.")
    sign_off(work, case, form, printer(people.office.settings))
    return people.office.case(people.decider, case)


def reader(people: Cast, case: Case, *roles: Role) -> tuple[Any, Case]:
    person = people.office.person(f"Reader {'and '.join(roles)}", *roles)
    return people.works(person), people.office.case(person, case)


def everything_in(content: bytes) -> Iterator[str]:
    """Every byte of a PDF as text: raw, each stream decompressed, metadata, attachments, and all text in its fonts."""
    yield content.decode("latin-1")
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            yield zlib.decompress(found[1]).decode("latin-1")
        except zlib.error:
            continue
    with pikepdf.open(io.BytesIO(content)) as opened:
        for name, file in opened.attachments.items():
            yield from (name, file.description, file.get_file().read_bytes().decode())
        yield from (str(one) for one in opened.objects)
        yield str(opened.docinfo)
    from tests.support.pdf_reading import tree

    yield tree(content).whole_text()


def held(texts: Iterator[str]) -> set[str]:
    """Which secrets stand in the texts, whatever line breaks are between their words."""
    found = set()
    for text in texts:
        squeezed = re.sub(r"\s+", "", text).casefold()
        found |= {one for one in SECRETS if re.sub(r"\s+", "", one).casefold() in squeezed}
    return found


def test_both_editions_are_archived_sealed_and_accessible(people: Cast) -> None:
    case = signed(people, exempt=True)
    work = people.works(people.decider)
    frozen = archive.read(work, case)
    roots = certificate.known(people.office.settings)
    for edition in archive.EDITIONS:
        content = archive.pdf(work, case, edition)
        assert content.startswith(drawing(report(frozen.source, edition)))
        assert seal.check(content, *roots).holds
        assert [f for p in CLAIMS[edition] for f in page.validate_pdf_bytes(content, profile=p).failures] == []
    redrawn = [(one.part, one.outcome) for one in checking.redraw(work, drawing)]
    assert redrawn == [("pdf_full", "same"), ("pdf_public", "same")]


def test_nothing_exempt_is_anywhere_in_the_public_edition(people: Cast) -> None:
    case = signed(people, exempt=True)
    full = archive.pdf(people.works(people.decider), case, "full")
    assert held(everything_in(full)) == set(SECRETS)  # the search finds what is there
    work, seen = reader(people, case, Role.SCRUTINY)
    frozen = archive.read(work, seen)
    assert frozen.edition == "public"
    public_pdf = archive.pdf(work, seen)
    assert held(everything_in(public_pdf)) == set()
    source = frozen.source
    sheets = (impacts([source]), actions([source]))
    others = [json.dumps(archive.as_json(frozen), ensure_ascii=False), repr(report(source)), repr(summary(source))]
    others += [csv_bytes(sheet).decode() for sheet in sheets]
    zipped = [workbook(*sheets, made=NOON), word(report(source))]
    assert held(iter(others)) == held(_unzipped(zipped)) == held(everything_in(render(summary(source)))) == set()


def _unzipped(files: list[bytes]) -> Iterator[str]:
    import zipfile

    for content in files:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            yield from (opened.read(name).decode("utf-8", "replace") for name in opened.namelist())


def test_the_public_file_carries_itself_as_data(people: Cast) -> None:
    case = signed(people, exempt=True)
    work = people.works(people.decider)
    told = archive.as_json(archive.read(work, case, "public"))
    with pikepdf.open(io.BytesIO(archive.pdf(work, case, "public"))) as opened:
        ((name, file),) = opened.attachments.items()
        inside = json.loads(file.get_file().read_bytes())
        assert str(file.obj.AFRelationship) == "/Data"
    assert name == f"{case.reference}-version-1-public.json"
    assert {key: inside[key] for key in ("submission", "decision")} == json.loads(
        json.dumps({key: told[key] for key in ("submission", "decision")})
    )
    with pikepdf.open(io.BytesIO(archive.pdf(work, case, "full"))) as opened:
        assert len(opened.attachments) == 0


def test_the_public_edition_says_what_is_exempt_and_why(people: Cast) -> None:
    case = signed(people, exempt=True)
    work, seen = reader(people, case, Role.SCRUTINY)
    text = repr(report(archive.read(work, seen).source))
    assert text.count(EXEMPT) >= 4
    assert PUBLIC_INTEREST in text
    assert "Paragraph 3: Financial or business affairs" in text


def test_no_guess_of_a_short_exempt_answer_can_be_checked(people: Cast) -> None:
    """Neither the submission's fingerprint, nor the salt, nor that of the full edition before its seal is told."""
    case = signed(people, exempt=True)
    full = archive.read(people.works(people.decider), case)
    work, seen = reader(people, case, Role.SCRUTINY)
    told = json.dumps(archive.as_json(archive.read(work, seen)))
    assert full.source.decision
    for secret in (full.header["submission_hash"], full.header["unsealed"]["pdf_full"], full.source.decision["salt"]):
        assert secret not in told
        assert secret not in "".join(everything_in(archive.pdf(work, seen)))


def test_a_reader_without_entitlement_gets_the_full_edition_nowhere(people: Cast, tmp_path: Any) -> None:
    case = signed(people, exempt=True)
    work, seen = reader(people, case, Role.SCRUTINY, Role.OFFICER)
    for refused in (archive.read, archive.pdf):
        with pytest.raises(NotPermitted):
            refused(work, seen, "full")
    with (tmp_path / "bundle.zip").open("wb") as file, pytest.raises(NotPermitted):
        bundles.write(work, seen, file)


def test_those_named_in_the_settings_are_entitled(people: Cast) -> None:
    case = signed(people, exempt=True)
    person = people.office.person("Una Monitor", Role.SCRUTINY)
    people.office.settings = people.office.settings.model_copy(update={"full_edition_readers": (person.email.upper(),)})
    seen = people.office.case(person, case)
    assert archive.read(people.works(person), seen).edition == "full"
    other, theirs = reader(people, case, Role.SCRUTINY)
    assert archive.read(other, theirs).edition == "public"


def test_an_administrator_entitles_by_name_with_a_reason_until_it_is_ended(people: Cast) -> None:
    case = signed(people, exempt=True)
    person = people.office.person("Una Monitor", Role.SCRUTINY)
    administrator = people.office.person("Ada Keeper", Role.ADMINISTRATOR)
    admin = people.works(administrator)
    with pytest.raises(InvalidInput, match="Say why"):
        entitlements.entitle(admin, person.id, "  ")
    for _ in range(2):  # a second click changes nothing
        entitlements.entitle(admin, person.id, "Monitoring officer under section 5")
    seen = people.office.case(person, case)
    assert archive.read(people.works(person), seen).edition == "full"
    assert SECRET_ANSWER in json.dumps(archive.as_json(archive.read(people.works(person), seen, "full")))
    assert archive.read(*reader(people, case, Role.SCRUTINY)).edition == "public"
    entitlements.end(admin, person.id, "She has left that office")
    assert archive.read(people.works(person), people.office.case(person, case)).edition == "public"
    (kept,) = entitlements.history(admin, person.id)
    assert (kept.reason, kept.ended_reason) == ("Monitoring officer under section 5", "She has left that office")
    told = people.office.session.query(Event).filter(Event.action.in_(("entitle", "end_entitlement"))).all()
    assert [(one.person_name, one.subject) for one in told] == [("Ada Keeper", "Una Monitor")] * 2
    for who, whom in ((admin, administrator), (people.works(person), people.decider)):
        with pytest.raises(NotPermitted):
            entitlements.entitle(who, whom.id, "I would like to")


def test_with_nothing_exempt_everyone_reads_the_full_edition(people: Cast) -> None:
    case = signed(people, exempt=False)
    work, seen = reader(people, case, Role.SCRUTINY)
    assert archive.read(work, seen).edition == "full"
    assert SECRET_ANSWER in repr(report(archive.read(work, seen, "public").source))


def test_what_was_said_about_an_exempt_part_is_gone_too(people: Cast) -> None:
    case = signed(people, exempt=True)
    source = archive.read(people.works(people.decider), case).source
    harm = next(one for one in source.payload["impacts"] if one["direction"] == "harm")
    thread = {"kind": "question", "target": QUESTION, "label": "What will change?", "comments": [
        {"by": "Rae", "at": NOON.isoformat(), "text": "Is Bramble the only bidder?"}]}  # fmt: skip
    paper = {"id": "e1", "kind": "impact", "target": harm["id"], "about": "I2", "name": "Valuation.pdf",
             "description": "d", "media_type": "application/pdf", "size": 5, "sha256": "ab" * 32, "strength": "strong",
             "dated": None, "old": False, "scan": "clean", "from_library": False, "withheld": False,
             "withheld_reason": "", "added_by": "Ann", "added_at": NOON.isoformat()}  # fmt: skip
    changed = {"kind": "answer", "place": "x", "label": "A question", "before": "Bramble", "after": "", "exempt": True}
    more = {"comments": [thread], "evidence": [paper], "changes": [changed], "notes": ["Bramble, privately"]}
    found = public(replace(source, payload={**source.payload, **more}))
    text = json.dumps(found.payload, ensure_ascii=False, default=str)
    assert "Bramble" not in text
    assert "Valuation" not in text
    assert "ab" * 32 not in text
    assert found.payload["evidence"][0]["withheld"] is True
    assert public(found) is found


def test_small_counts_of_places_are_hidden_with_the_rule_named(people: Cast) -> None:
    case = signed(people, exempt=False)
    source: Source = archive.read(people.works(people.decider), case).source
    rows = [{"label": label, "chosen": count, "share": "1.0", "council_share": "2.0"} for label, count in
            (("owned", 812), ("rented", 7), ("other", 44))]  # fmt: skip
    places = {"words": "2 areas", "source": "Census 2021.", "blocks": [{"title": "Homes", "rows": rows}]}
    text = repr(report(replace(source, payload={**source.payload, "places": places}), "public"))
    assert "fewer than 10" in text
    assert "Small-numbers rule of this council: counts from 1 to 9" in text
    assert "'7'" not in text
    assert "812" in text


def test_the_very_bytes_are_known_and_others_are_not(people: Cast) -> None:
    case = signed(people, exempt=True)
    work = people.works(people.decider)
    content = archive.pdf(work, case, "public")
    found = checking.find(work, content)
    assert found is not None
    assert (found.reference, found.edition, found.superseded) == (case.reference, "public", False)
    assert checking.find(work, content + b"\n") is None
    assert checking.find(work, content[:-1]) is None


def test_in_production_nothing_is_signed_without_a_certificate(people: Cast) -> None:
    from hia_app.domain.errors import NotNow

    settings = people.office.settings.model_copy(update={"mode": "production"})
    with pytest.raises(NotNow, match="hia seal new"):
        printer(settings)(None)  # type: ignore[arg-type]


def test_both_editions_follow_the_published_schema(people: Cast) -> None:
    schema = json.loads((Path(__file__).resolve().parents[2] / "docs/schemas/record.json").read_text())
    check = jsonschema.Draft202012Validator(schema)
    case = signed(people, exempt=True)
    work = people.works(people.decider)
    full, told = (archive.as_json(archive.read(work, case, edition)) for edition in archive.EDITIONS)
    for one in (full, told):
        assert [error.message for error in check.iter_errors(json.loads(json.dumps(one)))] == []
    assert not check.is_valid(json.loads(json.dumps(full)) | {"edition": "public"})
    assert not check.is_valid({**json.loads(json.dumps(told)), "record_hash": "x"})


def test_many_records_are_read_in_the_edition_of_the_reader(people: Cast) -> None:
    case = signed(people, exempt=True)
    work, _ = reader(people, case, Role.SCRUTINY)
    (found,) = archive.read_each(work, [case.version.id])
    assert found.edition == "public"
    assert held(iter([repr(found)])) == set()
    (own,) = archive.read_each(people.works(people.decider), [case.version.id])
    assert own.edition == "full"
    with pytest.raises(NotPermitted):
        list(archive.read_each(people.works(people.office.person("Nobody")), [case.version.id]))
