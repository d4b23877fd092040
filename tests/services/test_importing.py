"""A record from a file becomes a draft under a reference of its own; what is no record is refused with its places."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from hia_app.domain.policy import Role
from hia_app.domain.record_import import UnreadableRecord, read
from hia_app.domain.workflow import State
from hia_app.services import archive, impacts
from hia_app.services.answers import answers_of
from hia_app.services.importing import import_record
from hia_app.store.tables import Assessment, Event
from tests.support.archives import sealed
from tests.support.office import Office
from tests.support.reviewing import HARM, PROMISE, Cast, cast

Record = dict[str, Any]


@pytest.fixture
def people(office: Office) -> Cast:
    return cast(office)


@pytest.fixture
def record(people: Cast) -> Record:
    case, _ = sealed(people, harms=(HARM, HARM | PROMISE))
    work = people.works(people.decider)
    told: Record = json.loads(json.dumps(archive.as_json(archive.read(work, people.office.case(people.decider, case)))))
    return told


def taken(people: Cast, record: Record, form_id: str = "") -> Any:
    work = people.works(people.office.person(f"Nia {uuid4()}", Role.OFFICER))
    return work, import_record(work, form_id or str(uuid4()), json.dumps(record).encode())


def test_everything_it_says_is_there_and_waits_to_be_confirmed(people: Cast, record: Record) -> None:
    work, found = taken(people, record)
    assert found.left_out == ()
    assert found.case.state is State.DRAFT
    kept = answers_of(work, found.case)
    for row in record["submission"]["answers"]["assessment"]:
        if row["value"] is not None:
            assert kept[row["question"]].value == row["value"]
            assert kept[row["question"]].to_confirm
    lines = impacts.lines_of(work, found.case)
    assert [line.row.effect for line in lines] == [one["effect"] for one in record["submission"]["impacts"]]
    assert all(line.row.to_confirm for line in lines)
    assert not any(line.countersigned for line in lines)


def test_it_never_takes_over_a_reference_or_who_did_what(people: Cast, record: Record) -> None:
    work, found = taken(people, record)
    old = record["submission"]["assessment"]["reference"]
    assert found.case.reference != old
    assert found.case.version.number == 1
    assert found.case.version.owner_id == work.actor.person_id
    assert found.case.version.decision_maker_id is None
    told = work.session.scalar(select(Event).where(Event.action == "import_record"))
    assert told.subject.startswith(f"{old} version 1 of ")
    assert told.detail["record_hash"] == record["record_hash"]


def test_a_second_click_takes_nothing_twice(people: Cast, record: Record) -> None:
    key = str(uuid4())
    work, first = taken(people, record, key)
    second = import_record(work, key, json.dumps(record).encode())
    assert second.case.reference == first.case.reference
    assert len(impacts.lines_of(work, second.case)) == len(record["submission"]["impacts"])


def test_what_is_not_asked_here_is_named(people: Cast, record: Record) -> None:
    rows = record["submission"]["answers"]["assessment"]
    rows.append({"question": "asked_elsewhere", "section": "x", "value": "x", "to_confirm": False})
    next(row for row in rows if row["question"] == "what_will_change")["value"] = {"no": ["text"]}
    record["submission"]["impacts"][0]["reach_mid"] = "many"
    record["submission"]["impacts"][1]["section"] = "elsewhere"
    _, found = taken(people, record)
    assert len(found.left_out) == 4
    assert "asked_elsewhere: not asked here" in found.left_out


def without(*path: str) -> Callable[[Record], None]:
    def change(record: Record) -> None:
        for part in path[:-1]:
            record = record[part]
        del record[path[-1]]

    return change


def put(value: Any, *path: str) -> Callable[[Record], None]:
    def change(record: Record) -> None:
        for part in path[:-1]:
            record = record[part]
        record[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (without("record_hash"), ""),
        (put("hea-record/9", "format"), "format"),
        (put(7, "submission", "assessment", "title"), "submission / assessment / title"),
        (put("a type nobody has", "submission", "assessment", "scheme_type"), "submission / assessment / scheme_type"),
        (put("2027-02-30", "submission", "assessment", "decision_date"), "submission / assessment / decision_date"),
        (put([{"value": 1}], "submission", "answers", "assessment"), "submission / answers / assessment / 0"),
        (put("T" * 999, "submission", "assessment", "title"), "submission / assessment / title"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_problem_is_named_with_its_place(
    people: Cast, record: Record, change: Callable[[Record], None], place: str
) -> None:
    change(record)
    before = people.office.session.scalar(select(func.count(Assessment.id)))
    with pytest.raises(UnreadableRecord) as refused:
        taken(people, record)
    assert place in [problem.place for problem in refused.value.problems]
    assert people.office.session.scalar(select(func.count(Assessment.id))) == before


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b"null", b'{"format": NaN}', b'"' + b"x" * 21_000_000 + b'"']
)
def test_what_is_no_record_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableRecord):
        read(content)


def test_the_description_is_the_published_one() -> None:
    assert (Path(__file__).parents[2] / "docs" / "schemas" / "record.json").is_file()
