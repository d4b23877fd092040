"""Committee packs over HTTP: asked for, drawn by the worker, watched, stopped, and only for whoever asked."""

import io
import re
import uuid

import page
import pikepdf
import pytest
from sqlalchemy import text

from hia_app.services import packs
from hia_app.store.tables import CommitteePack, RegisterEntry
from hia_app.worker.duties import Duties
from tests.support.council import Council
from tests.support.pdf_reading import tree
from tests.support.people import People
from tests.support.reviewing import concluded
from tests.support.stage import Stage
from tests.web.test_decisions import read_everything, sign

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def stage(people: People) -> Stage:
    stage = Stage(people)
    address = stage.set(concluded)
    sign(stage, address, submission_hash=read_everything(stage, address))
    return stage


def asked(stage: Stage, **more: str) -> str:
    """The address of a pack that scrutiny asked for."""
    form = {"form_id": str(uuid.uuid4()), "title": "Executive Board", "edition": "full", "all": "yes"} | more
    answer = stage.people.client("scrutiny").send("/register/pack", form)
    assert answer.status_code == 303, answer.text
    return answer.location


def duties(stage: Stage) -> Duties:
    place = stage.people.place
    return Duties(place.settings, place.database, place.shelf, place.clock)


def draw(stage: Stage, address: str, do_step=lambda act: act()) -> None:
    """What the worker does, without an engine."""
    duties(stage).build_pack(do_step, address.rpartition("/")[2])


def test_a_pack_is_asked_for_watched_and_taken_away(stage: Stage) -> None:
    client = stage.people.client("scrutiny")
    shown = client.get("/register/pack").text
    (entry,) = stage.rows(RegisterEntry.__table__.select().with_only_columns(RegisterEntry.version_id))
    assert entry in shown
    address = asked(stage, edition="public", all="", record=entry)
    with stage.people.place.database.reading() as session:
        schema = "" if session.get_bind().dialect.name == "sqlite" else "dbos."
        named = f"SELECT workflow_uuid FROM {schema}workflow_status WHERE name = 'build_pack'"  # noqa: S608
        jobs = session.scalars(text(named)).all()
    assert jobs == [f"build_pack-{address.rpartition('/')[2]}"]
    assert "0 of 2 documents" in client.get(address).text
    assert client.get(f"{address}/pack.pdf").status_code == 409
    draw(stage, address)
    assert "Download the pack" in client.get(address).text
    answer = client.get(f"{address}/pack.pdf")
    assert re.search(r"Committee pack Executive Board public edition \d{4}-", answer.headers["Content-Disposition"])
    assert [f for p in ("ua1", "2a") for f in page.validate_pdf_bytes(answer.data, profile=p).failures] == []
    with pikepdf.open(io.BytesIO(answer.data), attempt_recovery=False) as opened:
        assert opened.get_warnings() == []
        titles = [str(one.title) for one in opened.open_outline().root]
        pages = len(opened.pages)
    assert [title.partition(":")[0] for title in titles] == ["Executive Board", "Summary", "Report"]
    said = tree(answer.data).whole_text()
    assert "Group repair in Holbeck" in said
    assert f"{pages} pages" in client.get(address).text
    for stranger in ("officer", "reviewer"):
        other = stage.people.client(stranger)
        assert other.get(address).status_code == other.get(f"{address}/pack.pdf").status_code == 404
        assert other.send(f"{address}/stop").status_code == 404
    answer.close()


@sqlite_only
def test_a_worker_that_dies_is_followed_by_one_that_goes_on_and_the_file_is_the_same(stage: Stage) -> None:
    address = asked(stage)
    kept: dict[int, object] = {}

    def until(last: int):
        """As the engine: what was noted is not done again; the worker dies after that many steps."""
        count = 0

        def do_step(act):
            nonlocal count
            count += 1
            if count not in kept:
                if count > last:
                    raise KeyboardInterrupt
                kept[count] = act()
            return kept[count]

        return do_step

    for last in (1, 2, 3):
        with pytest.raises(KeyboardInterrupt):
            draw(stage, address, until(last))
    kept.pop(3)  # it died between the act and its note, so that step is done twice
    draw(stage, address, until(99))
    draw(stage, address, until(99))  # nor does asking for what is done harm it
    client = stage.people.client("scrutiny")
    again = asked(stage)
    draw(stage, again)
    ready = [client.get(f"{one}/pack.pdf") for one in (address, again)]
    assert ready[0].data == ready[1].data
    for one in ready:
        one.close()
    folder = packs.folder(stage.people.place.settings, address.rpartition("/")[2])
    assert [one.name for one in folder.iterdir()] == [packs.FILE]


@sqlite_only
def test_stopping_failing_and_time_running_out(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    client = stage.people.client("scrutiny")
    stopped = asked(stage)
    steps = []

    def do_step(act):
        steps.append(act)
        if len(steps) == 2:
            client.send(f"{stopped}/stop")
        return act()

    draw(stage, stopped, do_step)
    assert len(steps) == 2  # the one at hand ends it
    assert "You stopped it" in client.get(stopped).text
    with monkeypatch.context() as broken:
        broken.setattr("hia_app.pdf.pack.draw", lambda *_: 1 / 0)
        failed = asked(stage)
        draw(stage, failed)
    assert packs.SOMETHING_WRONG in client.get(failed).text
    given_up = asked(stage)
    work = duties(stage)
    work.failed = list
    work.sweep(lambda act: act())
    assert packs.SOMETHING_WRONG in client.get(given_up).text
    ready = asked(stage)
    draw(stage, ready)
    later = stage.people.place.clock().replace(year=2027)
    work.clock = lambda: later
    work.night(lambda act: act())
    assert "Its time is over" in client.get(ready).text
    assert client.get(f"{ready}/pack.pdf").status_code == 409
    assert not list(stage.people.place.settings.packs_folder.iterdir())
    assert stage.rows(CommitteePack.__table__.select().with_only_columns(CommitteePack.state)) == ["removed"] * 4


@sqlite_only
def test_nothing_chosen_or_too_many_at_once_is_said_and_what_was_typed_stays(stage: Stage) -> None:
    client = stage.people.client("scrutiny")
    refused = client.send("/register/pack", {"form_id": str(uuid.uuid4()), "title": "My board", "edition": "full"})
    assert refused.status_code == 422
    assert "Choose at least one assessment" in refused.text
    assert "My board" in refused.text
    assert client.get("/register/pack?words=zebra").text.count("Nothing matches") == 1
    for _ in range(packs.MOST_AT_ONCE):
        asked(stage)
    form = {"form_id": str(uuid.uuid4()), "title": "", "edition": "full", "all": "yes"}
    assert client.send("/register/pack", form).status_code == 409
    assert stage.people.client("nobody").get("/register/pack").status_code == 403


@pytest.mark.in_council
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_replaced_version_is_offered_only_to_those_who_ask_and_says_so(people: People, council: Council) -> None:
    reference, number = council.places["superseded"]
    line = f"({reference}, version {number})"
    client = people.client("scrutiny")
    assert line not in client.get("/register/pack").text
    offered = client.get("/register/pack?replaced=yes").text
    assert line in offered
    assert "replaced by a newer version" in offered.split(line)[1].split("</label>")[0]
    carried = client.send("/register/pack", {"replaced": "yes", "edition": "full"})
    assert line in carried.text  # also after a refusal
