"""Drawn again from its record, a PDF has the very same bytes: in another process, on another day, with another seed."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hia_app.domain.policy import Role
from hia_app.domain.report import report
from hia_app.domain.report_source import Source
from hia_app.pdf.render import render
from hia_app.services import archive
from hia_app.services.work import open_case
from tests.support.answering import SAMPLES
from tests.support.archives import sealed
from tests.support.areas import code, imported, table
from tests.support.boundaries import outlined
from tests.support.reviewing import HARM, PROMISE, cast

# The clock of the other process stands in another year; whatever asks for the time is told so.
ELSEWHERE = """
import datetime, json, sys, time
LATER = 2_222_222_222.0
time.time = lambda: LATER
for name in ("localtime", "gmtime"):
    asked = getattr(time, name)
    setattr(time, name, lambda moment=None, asked=asked: asked(LATER if moment is None else moment))
class Later(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(LATER, tz)
    @classmethod
    def utcnow(cls):
        return cls.fromtimestamp(LATER)
    today = now
datetime.datetime = Later
import hashlib
from hia_app.domain.report import report
from hia_app.domain.report_source import Source
from hia_app.pdf.render import render
assert datetime.datetime.now().year == 2040
parts = json.load(open(sys.argv[1]))
print(hashlib.sha256(render(report(Source(**parts)))).hexdigest())
"""


@pytest.fixture
def parts(office) -> dict[str, object]:
    """What a report is drawn from, read back from a stored record with a harm, its mitigation, and a map of places."""
    people = cast(office)
    keeper = office.work(office.person("Ada Administrator", Role.ADMINISTRATOR))
    (chosen,) = SAMPLES["place"]["areas"]
    imported(keeper, table(row1={"lsoa21_code": chosen}))
    outlined(keeper, [chosen, *(code(place) for place in range(2, 21))])
    case, _ = sealed(people, harms=(HARM, HARM | PROMISE))
    work = people.works(people.decider)
    source = archive.read(work, open_case(work, case.reference, 1)).source
    assert source.payload["places"]["map"]
    return {
        "payload": source.payload,
        "submission_hash": source.submission_hash,
        "decision": source.decision,
        "snapshot_hash": source.snapshot_hash,
        "previous_record": source.previous_record,
    }


def drawn_elsewhere(file: Path, seed: str, zone: str) -> str:
    environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
    command = [sys.executable, "-c", ELSEWHERE, str(file)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_same_record_gives_the_same_bytes_everywhere_and_always(parts, tmp_path):
    here = hashlib.sha256(render(report(Source(**parts)))).hexdigest()
    file = tmp_path / "record.json"
    file.write_text(json.dumps(parts))
    assert drawn_elsewhere(file, "1", "Pacific/Kiritimati") == here
    assert drawn_elsewhere(file, "2", "America/Los_Angeles") == here


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_another_record_gives_other_bytes(parts, tmp_path):
    """The control: one letter in the reasons, or the hash of the record before, and the bytes differ."""
    here = render(report(Source(**parts)))
    assert render(report(Source(**parts | {"previous_record": "1" * 64}))) != here
    other = json.loads(json.dumps(parts))
    other["decision"]["reasons"] += "x"
    assert render(report(Source(**other))) != here
