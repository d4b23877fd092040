"""What is said about a record afterwards: replaced, decided by a body, disposed of; each a record of its own."""

import io
import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from hia_app import db
from hia_app.domain.anchors import read_anchors
from hia_app.domain.errors import InvalidInput, NotNow, NotPermitted, NotVisible
from hia_app.domain.findings import Verdict
from hia_app.domain.policy import Actor, Role
from hia_app.services import archive, body_decisions, bundles, retention, verification
from hia_app.services.body_decisions import BodyDecision
from hia_app.services.work import Case, Work, open_case
from hia_app.store.tables import ArchivePayload, ArchiveRecord, Event
from tests.support.archives import PAPER, sealed, unguarded
from tests.support.office import NOON, Office, shelf
from tests.support.reviewing import Cast, cast, started, submitted

BOARD = {"decided_by": "body", "body_name": "Executive Board", "body_meeting_date": date(2026, 11, 20)}
MINUTED = BodyDecision("approved_with_changes", date(2026, 11, 20), "Minute 12", "Rents are capped.")
# signed off on 23 November 2026, last review a year later, kept for six years
OVER = datetime(2033, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def people(office) -> Cast:
    return cast(office)


def administering(office: Office) -> Work:
    actor = Actor("", "The command line", frozenset({Role.ADMINISTRATOR, Role.SCRUTINY}))
    return Work(office.session, actor, office.now, office.settings, shelf())


# ---- a body's decision ----


def test_a_bodys_decision_is_a_record_beside_the_signed_one(people):
    case, record = sealed(people, **BOARD)
    people.office.later(hours=3)
    added = body_decisions.add(people.works(people.decider), case, MINUTED)
    assert (added.kind, added.about, added.seq, added.prev) == ("body-decision", record.id, 2, record.record_hash)
    (said,) = body_decisions.of(people.works(people.decider), case)
    assert said["record_hash"] == record.record_hash
    assert (said["body"], said["outcome"], said["decided_on"], said["minute"], said["note"]) == (
        *("Executive Board", "approved_with_changes", "2026-11-20", "Minute 12", "Rents are capped."),
    )
    assert said["recorded_by"]["name"] == "Dee Director"
    event = people.office.session.scalars(select(Event).where(Event.action == "record_body_decision")).one()
    assert event.version_id == case.version.id
    again = BodyDecision("approved", date(2026, 11, 21), "Minute 3")
    body_decisions.add(people.works(people.officer), people.office.case(people.officer, case), again)
    assert [one["outcome"] for one in body_decisions.of(people.works(people.decider), case)] == [
        "approved_with_changes",
        "approved",
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"outcome": "maybe"}, "outcome"),
        ({"decided_on": date(2026, 11, 24)}, "decided_on"),
        ({"minute": "  "}, "minute"),
        ({"minute": "x" * 201}, "minute"),
        ({"note": "\0"}, "note"),
        ({"note": "\ud800"}, "note"),
    ],
)
def test_what_is_typed_about_it_is_checked(people, changes, field):
    case, _ = sealed(people, **BOARD)
    given = {"outcome": "approved", "decided_on": date(2026, 11, 20), "minute": "12", "note": ""} | changes
    with pytest.raises(InvalidInput) as refused:
        body_decisions.add(people.works(people.decider), case, BodyDecision(**given))
    assert list(refused.value.messages) == [field]
    assert len(people.office.session.scalars(select(ArchiveRecord)).all()) == 1


def test_only_those_concerned_add_it_and_only_where_a_body_decides(people):
    case, _ = sealed(people, **BOARD)
    with pytest.raises(NotPermitted):
        body_decisions.add(people.works(people.reviewer), people.office.case(people.reviewer, case), MINUTED)
    unsigned = submitted(people, **BOARD)
    with pytest.raises(NotNow):
        body_decisions.add(people.works(people.officer), people.office.case(people.officer, unsigned), MINUTED)
    delegated, _ = sealed(people)
    with pytest.raises(NotNow, match="delegated powers"):
        body_decisions.add(people.works(people.decider), delegated, MINUTED)


# ---- retention ----


def test_what_is_due_follows_from_the_settings(people):
    signed, _ = sealed(people)
    never = submitted(people)
    draft = started(people)
    office = people.office

    def due(moment: datetime) -> list[tuple[str, str, date]]:
        found = retention.due(administering(office.at(moment)))
        return [(one.reference, one.kept_as, one.until) for one in found]

    assert due(NOON) == []
    two_years = (draft.reference, "draft never submitted", date(2028, 11, 23))
    assert due(datetime(2028, 11, 23, 23, 0, tzinfo=UTC)) == []
    assert due(datetime(2028, 11, 24, 1, 0, tzinfo=UTC)) == [two_years]
    assert due(OVER) == [(signed.reference, "signed off", date(2033, 11, 23)), two_years]
    assert never.reference not in {reference for reference, *_ in due(OVER)}
    with pytest.raises(NotPermitted):
        retention.due(people.works(people.officer))


def test_nothing_goes_before_its_time_or_while_a_hold_stands_or_twice(people):
    case, _ = sealed(people)
    office = people.office
    with pytest.raises(NotNow, match="kept until 2033-11-23"):
        retention.dispose(administering(office), case, "Schedule 4", "Its time is over")
    then = administering(office.at(OVER))
    retention.place_hold(then, case, "A judicial review is under way")
    assert [one.held for one in retention.due(then)] == [True]
    with pytest.raises(NotNow, match="legal hold"):
        retention.dispose(then, case, "Schedule 4", "Its time is over")
    assert retention.lift_holds(then, case, "The review has ended") == 1
    assert retention.lift_holds(then, case, "Again") == 0
    for authority, reason in (("", "Over"), ("Schedule 4", " ")):
        with pytest.raises(InvalidInput):
            retention.dispose(then, case, authority, reason)
    retention.dispose(then, case, "Schedule 4", "Its time is over")
    with pytest.raises(NotNow, match="already"):
        retention.dispose(then, case, "Schedule 4", "Again")
    assert retention.due(then) == []


@pytest.mark.parametrize("verb", ["place_hold", "lift_holds", "dispose", "re_anchor"])
def test_only_an_administrator_looks_after_the_archive(people, verb):
    case, _ = sealed(people)
    given = {"dispose": (case, "a", "b"), "re_anchor": ("a",)}.get(verb, (case, "a"))
    for person in (people.officer, people.reviewer, people.decider):
        with pytest.raises(NotPermitted):
            getattr(retention, verb)(people.works(person), *given)


class Disposed:
    """A record with evidence, disposed of after its time; another one stays."""

    def __init__(self, database, database_url, settings) -> None:
        self.database, self.address, self.settings = database, database_url, settings
        with database.writing() as session:
            people = cast(Office(session, settings))
            self.case, self.record = sealed(people, PAPER)
            self.kept, _ = sealed(people)
            self.decider = people.decider.id
        with database.writing() as session:
            retention.dispose(*self.then(session), "Schedule 4", "Its time is over")

    def then(self, session) -> tuple[Work, Case]:
        work = administering(Office(session, self.settings, OVER))
        return work, open_case(work, self.case.reference, 1)

    def check(self):
        return verification.verify(self.database.reading, OVER)


@pytest.fixture
def disposed(database, database_url, settings) -> Disposed:
    return Disposed(database, database_url, settings)


def test_after_a_disposal_the_bytes_go_and_the_chain_stays_whole(disposed):
    waiting = disposed.check()
    assert waiting.verdict is Verdict.GOOD
    assert [one.code for one in waiting.findings if one.code != "owner"] == ["not-removed"]
    with db.as_owner(disposed.address) as connection:
        # the submission, the decision, two editions on paper, one evidence file; and the submission before sign-off
        assert retention.remove_disposed(connection) == 5 + 1
        assert connection.scalar(text("SELECT COUNT(*) FROM submission")) == 1
    report = disposed.check()
    assert (report.verdict, report.records, report.disposed) == (Verdict.GOOD, 3, 1)
    with disposed.database.reading() as session:
        work, case = disposed.then(session)
        headers = [json.loads(header) for header in session.scalars(select(ArchiveRecord.header))]
        assert [header["kind"] for header in headers] == ["sign-off", "sign-off", "disposal"]
        said = headers[2]["statement"]
        assert (said["record_hash"], said["authority"], said["kept_until"]) == (
            *(disposed.record.record_hash, "Schedule 4", "2033-11-23"),
        )
        for read in (archive.read, archive.pdf, lambda work, case: bundles.write(work, case, io.BytesIO())):
            with pytest.raises(NotNow, match="disposed of"):
                read(work, case)
        other = open_case(work, disposed.kept.reference, 1)
        assert archive.read(work, other).source.assessment["version"] == 1


def test_the_apps_own_connection_never_removes_bytes_and_only_those_let_go_can_be(disposed):
    if disposed.database.engine.dialect.name == "sqlite":
        with pytest.raises(DBAPIError, match="not authorized"), disposed.database.writing() as session:
            retention.remove_disposed(session.connection())
    with pytest.raises(DBAPIError, match="write-once"), db.as_owner(disposed.address) as connection:
        connection.execute(text("DELETE FROM archive_payload"))
    with pytest.raises(DBAPIError, match="write-once"), db.as_owner(disposed.address) as connection:
        connection.execute(text("DELETE FROM submission"))
    with disposed.database.reading() as session:
        assert len(session.scalars(select(ArchivePayload.part)).all()) == 5 + 4


def test_bytes_that_go_without_a_disposal_are_missed(disposed):
    """The control for the green chain after a disposal."""
    with unguarded(disposed.address) as connection:
        connection.execute(text("DELETE FROM archive_payload"))
    findings = [one for one in disposed.check().findings if one.code == "payload-missing"]
    assert [one.seq for one in findings] == [2]


# ---- a new start, and receipts ----


def test_a_new_start_is_noted_in_the_chain(people):
    _, record = sealed(people)
    added = retention.re_anchor(administering(people.office), "A backup of 22 November was put back")
    header = json.loads(added.header)
    assert (added.prev, header["target"], header["about"]) == (record.record_hash, None, None)
    assert header["statement"]["records_before"] == 1
    with pytest.raises(InvalidInput):
        retention.re_anchor(administering(people.office), "")


def test_a_receipt_holds_every_hash_and_nothing_of_the_content(database, settings):
    with database.writing() as session:
        people = cast(Office(session, settings))
        case, record = sealed(people, PAPER)
        retention.re_anchor(administering(people.office), "A secret reason")
    first, second = sorted((settings.outbox / "receipts").iterdir())
    words = first.read_text("utf-8")
    read = read_anchors(words)
    assert (read.records, read.snapshots) == ({record.record_hash}, {record.snapshot_hash})
    assert f"About: {case.reference} version 1" in words
    for content in ("Holbeck", "Considered", "Dee", "Survey", "secret"):
        assert content not in words + second.read_text("utf-8")
    assert "About: the archive itself" in second.read_text("utf-8")
    assert read_anchors(second.read_text("utf-8")).records > read.records  # it names the record before it


def test_what_was_never_signed_has_no_record(people):
    case = submitted(people)
    with pytest.raises(NotVisible):
        archive.record_of(people.works(people.reviewer), case)
