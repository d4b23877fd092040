"""The demonstration, played through the services: its states and ratings, and records that leave nothing out."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from hia_app import config
from hia_app.config import Settings
from hia_app.db import Database
from hia_app.demo import load, people
from hia_app.domain import answers as given
from hia_app.domain.document import plain_text
from hia_app.domain.policy import Role
from hia_app.domain.questionnaire import Questionnaire
from hia_app.domain.record import canonical, file_hash, snapshot_hash, submission_hash
from hia_app.domain.report import report
from hia_app.services import archive, register, submissions
from hia_app.services.register import Search
from hia_app.services.work import Work, actor_of, open_case
from hia_app.store.questionnaires import Shelf
from hia_app.store.tables import ArchivePayload, Event, Person
from hia_app.web.printing import drawing, printer
from tests.support.databases import SYSTEMS
from tests.support.office import NOON

HOLBECK = "HEA-2026-0001"


@pytest.fixture(scope="module", params=SYSTEMS)
def installation(request, _makers, tmp_path_factory) -> Iterator[tuple[Database, Settings]]:
    """The demonstration, loaded once on each system; the tests only read it."""
    maker = _makers[request.param]
    address = maker.make()
    settings = config.load(
        {}, mode="test", instance=tmp_path_factory.mktemp("demonstration"), database_url=address,
        secret_key="only-for-tests-0123456789-abcdefghijklm", argon2_memory_kib=8, argon2_rounds=1,
    )  # fmt: skip
    database = Database(address)
    shelf = Shelf.load(settings.questionnaires)
    load.load(database, settings, shelf, printer(settings), datetime(2026, 11, 23, tzinfo=UTC))
    yield database, settings
    database.dispose()
    maker.drop(address)


@pytest.fixture
def settings(installation: tuple[Database, Settings]) -> Settings:
    return installation[1]


@pytest.fixture
def played(installation: tuple[Database, Settings]) -> Database:
    return installation[0]


@pytest.fixture
def work(played: Database, settings: Settings):
    """A reader's work in a session that cannot write."""
    with played.reading() as session:
        clerk = session.query(Person).filter(Person.email == "scrutiny@example.org").one()
        yield Work(session, actor_of(clerk), NOON, settings, Shelf.load(settings.questionnaires))


def test_the_demonstration_stands_as_the_story_tells_it(work: Work, settings: Settings) -> None:
    rows = {(row.entry.reference, row.entry.number): row for row in register.find(work, Search()).rows}
    signed = rows[HOLBECK, 1]
    assert (signed.entry.rule, signed.entry.variant, signed.state) == (3, "3a", "signed_off")
    assert [row.state for key, row in rows.items() if key[0] != HOLBECK][-1] == "screened_out_confirmed"
    kept = people.kept(settings.instance)
    assert {person["role"] for person in kept} >= {role.replace("_", "-") for role in Role}
    assert ((settings.instance / people.FILE).stat().st_mode & 0o777) == 0o600


def test_everything_in_a_record_is_in_its_document(work: Work) -> None:
    frozen = archive.read(work, open_case(work, HOLBECK, 1))
    payload, decision = frozen.source.payload, frozen.source.decision
    shown = "\n".join(plain_text(report(frozen.source)))
    wanted = [impact["sentence"] for impact in payload["impacts"]]
    wanted += [
        text for impact in payload["impacts"] for text in (impact["because"], impact["source"], impact["measure"])
    ]
    wanted += [*decision["due_regard"].values(), decision["socio_economic"], decision["signed_by"]["name"]]
    wanted += [one[name] for one in payload["review"]["rounds"] for name in ("reasons", "conditions", "lead")]
    for kind in ("screening", "assessment"):
        questionnaire = Questionnaire.from_json(payload["questionnaires"][kind]["content"])
        for row in payload["answers"][kind]:
            question = questionnaire.question_by_id[row["question"]]
            wanted += [question.text, *_texts(given.as_text(question, row["value"], questionnaire))]
    missing = [text for text in wanted if text and text not in shown]
    assert missing == []
    assert len(wanted) > 300


def _texts(shown: object) -> list[str]:
    if isinstance(shown, str):
        return [shown]
    texts = []
    for entry in shown if isinstance(shown, list) else []:
        texts += [text for text in entry.values() if text] if isinstance(entry, dict) else [entry]
    # An indicator's numbers stand in a table of their own, not as a sentence.
    return [text for text in texts if ": " not in text or len(text) > 60]


def test_the_fingerprints_follow_from_the_stored_bytes(work: Work) -> None:
    frozen = archive.read(work, open_case(work, HOLBECK, 1))
    parts = dict(work.session.query(ArchivePayload.part, ArchivePayload.content).all())
    assert submission_hash(canonical(frozen.source.payload)) == frozen.header["submission_hash"]
    hashed = snapshot_hash(frozen.header["submission_hash"], dict(frozen.source.decision or {}))
    assert hashed == frozen.header["snapshot_hash"]
    assert json.loads(parts["submission"])["format"] == "hea-submission/1"


def test_the_archived_pdf_can_be_drawn_again_byte_for_byte(work: Work) -> None:
    case = open_case(work, HOLBECK, 1)
    frozen = archive.read(work, case)
    for edition in archive.EDITIONS:
        drawn = drawing(report(frozen.source, edition))
        assert archive.pdf(work, case, edition).startswith(drawn)
        assert frozen.header["unsealed"][f"pdf_{edition}"] == file_hash(drawn)


def test_a_draft_can_be_read_as_a_document_too(played: Database, settings: Settings) -> None:
    with played.reading() as session:
        owner = session.query(Person).filter(Person.email == "officer@example.org").one()
        work = Work(session, actor_of(owner), NOON, settings, Shelf.load(settings.questionnaires))
        payload = submissions.compose(work, open_case(work, HOLBECK, 2))
    assert payload["assessment"]["trigger"] == "funding"
    assert payload["assessment"]["previous"]["version"] == 1
    carried = [row for row in payload["answers"]["assessment"] if row["to_confirm"]]
    assert len(carried) > 50


def test_every_change_is_in_the_history(work: Work) -> None:
    actions = {action for (action,) in work.session.query(Event.action).filter(Event.outcome == "done")}
    assert actions >= {
        *("start", "answer_screening", "screen_in", "screen_out", "confirm_screen_out", "answer", "accept_suggestion"),
        *("decline_suggestion", "submit", "take_review", "conclude", "confirm_reading", "sign_off", "reopen"),
    }
