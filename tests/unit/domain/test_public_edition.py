"""Small numbers and officers' names: in no page, file, export, comparison or figure of a public edition.

Two records that differ in nothing but a small number have the same public edition, byte for byte.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hia_app.domain.document import plain_text
from hia_app.domain.editions import public
from hia_app.domain.impacts import Impact, sentence
from hia_app.domain.public_numbers import is_small, quiet
from hia_app.domain.report import report
from hia_app.domain.report_changes import frozen
from hia_app.domain.report_source import Source
from hia_app.domain.report_summary import summary
from hia_app.domain.suppression_rules import FEWER_THAN_TEN, NHS_SUB_NATIONAL
from hia_app.domain.takeaways import actions, csv_bytes, impacts
from hia_app.office.spreadsheet import workbook
from hia_app.pdf.render import render
from tests.support.demonstrations import content, rated
from tests.support.office import NOON
from tests.support.records import holbeck


def record(**of_the_second_harm: Any) -> Source:
    """Holbeck with another reach of its dust harm (I4), rated anew, with all that follows from it."""
    source = holbeck()
    payload: dict[str, Any] = json.loads(json.dumps(source.payload))
    told = content("holbeck")
    names = {impact["effect"]: impact["name"] for impact in payload["impacts"]}
    given = [one | {"id": names[one["effect"]]} for one in told["impacts"]]
    made = [Impact.from_json(one | (of_the_second_harm if one["id"] == "I4" else {})) for one in given]
    payload["rating"] = json.loads(json.dumps(rated(made, source.questionnaire, told["answers"])))
    by_effect = {one.effect: one for one in made}
    for impact in payload["impacts"]:
        line = by_effect[impact["effect"]]
        impact["sentence"] = sentence(line, source.questionnaire.groups)
        impact.update({f"reach_{end}": _text(getattr(line, f"reach_{end}")) for end in ("low", "mid", "high")})
    before = replace(source, payload=json.loads(json.dumps(source.payload)))
    payload["changes"] = frozen(before, replace(source, payload=payload))
    return replace(source, payload=payload)


def _text(number: Any) -> str | None:
    return None if number is None else str(number)


def answered(source: Source, question: str, value: Any) -> Source:
    payload: dict[str, Any] = json.loads(json.dumps(source.payload))
    rows = payload["answers"]["assessment"]
    row = next((one for one in rows if one["question"] == question), None)
    if row is None:
        section = next(s.id for s in source.questionnaire.sections if question in {q.id for q in s.questions})
        row = {"question": question, "section": section, "to_confirm": False}
        rows.append(row)
    row["value"] = value
    payload["changes"] = frozen(holbeck(), replace(source, payload=payload))
    return replace(source, payload=payload)


def everything_public(source: Source) -> list[bytes]:
    """Every form in which somebody can take the public edition away."""
    found = public(source)
    sheets = (impacts([found]), actions([found]))
    return [
        render(report(source, "public"), signature_field=True),
        render(summary(source, "public")),
        repr(report(found)).encode(),
        json.dumps(found.payload, default=str, sort_keys=True).encode(),
        json.dumps(found.decision, default=str, sort_keys=True).encode(),
        found.submission_hash.encode(),
        *map(csv_bytes, sheets),
        *_unzipped(workbook(*sheets, made=NOON)),
    ]


WHEN = "docProps/core.xml"  # holds the moment of saving


def _unzipped(content: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return [opened.read(name) for name in opened.namelist() if name != WHEN]


def with_rows(count: str) -> Callable[[Source], Source]:
    rows = [{"tenure": "mixed", "what_happens": "repaired", "home_count": count, "home_source": "Our count"}]
    return lambda source: answered(source, "homes_in_scheme", rows)


PAIRS = {
    "people": lambda n: record(reach_unit="people", reach_low=None, reach_mid=str(n), reach_high=None),
    "homes": lambda n: record(reach_unit="homes", reach_low=None, reach_mid=str(n), reach_high=None),
    "with a span": lambda n: record(reach_unit="people", reach_low=str(n - 1), reach_mid=str(n), reach_high="40"),
    "an answer": lambda n: answered(record(), "households_moving", str(n)),
    "a row of a list": lambda n: with_rows(str(n))(record()),
}


@pytest.mark.parametrize("made", PAIRS.values(), ids=PAIRS)
def test_another_small_number_gives_the_same_public_edition(made: Callable[[int], Source]) -> None:
    assert everything_public(made(3)) == everything_public(made(7))
    # The control: the full editions differ, and so do public editions of numbers that are not small.
    assert plain_text(report(made(3))) != plain_text(report(made(7)))
    assert everything_public(made(33))[2] != everything_public(made(37))[2]


def test_the_reader_is_told_that_a_number_is_hidden() -> None:
    text = "\n".join(plain_text(report(PAIRS["homes"](3), "public")))
    assert "Some people in fewer than 10 homes" in text
    assert "count with 5 in the figures by fifth" in text
    assert "fewer than 10 homes" in csv_bytes(impacts([public(PAIRS["homes"](3))])).decode()


def test_the_rating_and_its_rule_stay() -> None:
    source = PAIRS["people"](3)
    found = public(source)
    assert found.rating is not None
    assert source.rating is not None
    assert (found.rating.rule, found.rating.sentence) == (source.rating.rule, source.rating.sentence)
    assert found.rating.harms.mid != source.rating.harms.mid


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("About 5 people, all in one fifth, will", "Fewer than 10 people, all in one fifth, will"),
        ("One person, in one fifth, is likely to lose", "Fewer than 10 people, in one fifth, are likely to lose"),
        ("About 5 people (2 to 9) in 2 homes are", "Some people in fewer than 10 homes are"),
        ("About 2 people in one home are", "Some people in fewer than 10 homes are"),
        ("About 30 people (5 to 60) are", "30 people are"),
        ("4 (from 2 to 8) homes, at 2.378 people a home", "Fewer than 10 homes"),
        ("About 1,570 people in 660 homes are", "About 1,570 people in 660 homes are"),
    ],
)  # fmt: skip
def test_generated_texts_lose_their_small_counts(text: str, shown: str) -> None:
    assert quiet(text, FEWER_THAN_TEN) == shown


SMALL = {"0": False, "0.5": True, "9": True, "10": False, "": False, "x": False}


@pytest.mark.parametrize(("number", "small"), SMALL.items())
def test_what_is_small(number: str, small: bool) -> None:
    assert is_small(number, FEWER_THAN_TEN) is small


def test_the_rule_is_the_records_own() -> None:
    source = PAIRS["people"](9)
    kept = replace(source, payload={**source.payload, "small_numbers": {**vars(NHS_SUB_NATIONAL)}})
    assert "About 9 people" in repr(report(kept, "public"))


# ---- names ----


def test_officers_are_named_unless_the_council_prefers_their_roles() -> None:
    source = holbeck()
    names = {one["name"] for one in source.payload["people"]} | {one["by"] for one in source.payload["events"]}
    payload: dict[str, Any] = json.loads(json.dumps(source.payload))
    payload["review"]["rounds"][0]["reasons"] += " Olu Officer agrees."
    named = b"\n".join(everything_public(replace(source, payload=payload)))
    assert all(name.encode() in named for name in names)
    payload["officers_named"] = False
    found = replace(source, payload=payload)
    quieted = b"\n".join(everything_public(found))
    assert [name for name in names if name.encode() in quieted] == []
    assert "named by what they are" in quieted.decode("latin-1")
    assert "Olu Officer agrees." in repr(report(found))  # the full edition has every name
