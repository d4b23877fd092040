"""The register: found by words, principle, kind, rating and date; read by anyone with a role, and by nobody else."""

from datetime import date, timedelta

import pytest

from hia_app.domain.errors import NotPermitted
from hia_app.domain.policy import Role
from hia_app.services import register
from hia_app.services.register import PAGE, Search
from hia_app.services.work import Work
from hia_app.store.columns import new_id
from hia_app.store.tables import ArchiveRecord, RegisterEntry
from tests.support.office import Office
from tests.support.queries import counted
from tests.support.reviewing import cast, started


@pytest.fixture
def work(office: Office) -> Work:
    return office.work(office.person("Cleo Clerk", Role.SCRUTINY))


def entry(office: Office, version_id: str, number: int, **values: object) -> RegisterEntry:
    """One frozen record, `number` days ago."""
    moment = office.now - timedelta(days=number)
    record = ArchiveRecord(
        seq=number + 1, id=new_id(), kind="sign-off", version_id=version_id, header=b"{}", snapshot_hash="s",
        record_hash=f"{number + 1:064}", prev=f"{number:064}", archived_at=moment,
    )  # fmt: skip
    office.session.add(record)
    office.session.flush()
    given: dict[str, object] = {
        "title": f"Scheme {number}", "scheme_type": "core", "scheme_title": "Any", "rule": 3, "label": "Mixed",
        "principles": ",4,5,", "words": f"scheme {number} 100% homes_here", **values,
    }  # fmt: skip
    row = RegisterEntry(
        version_id=version_id, record_id=record.id, reference=f"HEA-2026-{number:04}", number=1, kind="sign-off",
        decision_date=date(2026, 12, 1), signed_off_at=moment, **given,
    )  # fmt: skip
    office.session.add(row)
    office.session.flush()
    return row


def filled(office: Office, count: int, **values: object) -> None:
    people = cast(office)
    for number in range(count):
        entry(office, started(people).version.id, number, **values)


def titles(work: Work, **search: object) -> list[str]:
    return [row.entry.title for row in register.find(work, Search(**search)).rows]  # type: ignore[arg-type]


def test_the_newest_is_first_and_pages_follow_each_other(office: Office, work: Work) -> None:
    filled(office, PAGE + 3)
    first = register.find(work, Search())
    second = register.find(work, Search(after=first.next))
    assert [row.entry.title for row in first.rows] == [f"Scheme {n}" for n in range(PAGE)]
    assert [row.entry.title for row in second.rows] == [f"Scheme {n}" for n in range(PAGE, PAGE + 3)]
    assert second.next == ""


@pytest.mark.parametrize("mark", ["", "~", "x~y", "2026-11-23~x", "9" * 99])
def test_a_made_up_place_begins_at_the_start(office: Office, work: Work, mark: str) -> None:
    filled(office, 1)
    assert titles(work, after=mark) == ["Scheme 0"]


def test_search_takes_words_literally(office: Office, work: Work) -> None:
    people = cast(office)
    entry(office, started(people).version.id, 0, words="100% of homes_here", principles=",1,")
    entry(office, started(people).version.id, 1, words="1000 of homesXhere", principles=",4,", rule=1)
    assert titles(work, words="100%") == ["Scheme 0"]
    assert titles(work, words="HOMES_HERE") == ["Scheme 0"]
    assert titles(work, words="' OR 1=1 --") == []
    assert titles(work, words="of 1000") == ["Scheme 1"]
    assert titles(work, principle=4) == ["Scheme 1"]
    assert titles(work, rule=1) == ["Scheme 1"]
    assert titles(work, scheme_type="housing") == []


def test_dates_include_both_ends(office: Office, work: Work) -> None:
    filled(office, 4)
    today = work.today
    found = titles(work, signed_from=today - timedelta(days=2), signed_to=today - timedelta(days=1))
    assert found == ["Scheme 1", "Scheme 2"]


def test_one_query_whatever_the_number(office: Office, work: Work) -> None:
    filled(office, 12)
    with counted(work.session) as sent:
        register.find(work, Search(words="scheme"))
    assert len(sent) == 1


@pytest.mark.parametrize("roles", [(), (Role.ADMINISTRATOR,)])
def test_people_without_a_reading_role_find_nothing(office: Office, roles: tuple[Role, ...]) -> None:
    with pytest.raises(NotPermitted):
        register.find(office.work(office.person("Nobody", *roles)), Search())
