"""The order of a report is the order in which a committee needs it, and its first page is one page."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from pypdf import PdfReader

from hia_app.domain.document import Document, Facts, Heading, Paragraph, Table, headings, plain_text
from hia_app.domain.report import report
from hia_app.domain.report_source import Source
from hia_app.pdf.render import render
from tests.support.records import holbeck

ORDER = (
    "Summary",
    "What changed since the last version, and why",
    "The decision asked for, the options and the reasons",
    "Who gains, who loses",
    "Harm register",
    "The gradient verdict: its rule, and how robust it is",
    "Evidence, and what is not known",
    "Voices heard, and what they changed",
    "The reviewer's view",
    "Due regard",
    "Conditions, actions and review dates",
    "The method in plain English",
    "Screening",
    "All questions and answers",
    "Every impact in full",
    "Comments and replies",
    "History",
    "Sign-off, fingerprints, and how to check this document",
)


@cache
def full() -> Document:
    return report(holbeck())


def test_the_parts_stand_in_the_order_of_the_decision() -> None:
    assert tuple(one.text for one in headings(full()) if one.level == 2) == ORDER


def test_each_answer_is_printed_once_and_none_is_left_out() -> None:
    source = holbeck()
    told = [one.text for one in full().blocks if isinstance(one, Heading) and one.level == 4]
    for row in source.payload["answers"]["assessment"]:
        assert told.count(source.questionnaire.question_by_id[row["question"]].text) == 1, row["question"]


def test_answers_given_in_a_row_stand_in_one_row() -> None:
    first = {"action": "answer", "outcome": "done", "by": "Ann", "subject": "One?", "detail": {}}
    events = [{**first, "at": f"2026-11-23T{hour:02}:00:00+00:00"} for hour in range(9, 14)]
    events.insert(3, {**first, "at": "2026-11-23T11:30:00+00:00", "action": "submit"})
    payload = {**holbeck().payload, "events": events}
    table = next(one for one in report(replace(holbeck(), payload=payload)).blocks
                 if isinstance(one, Table) and one.caption.startswith("Everything that happened"))  # fmt: skip
    assert [row[2] for row in table.rows][::2] == ["Answered 3 questions", "Answered 2 questions"]
    assert table.rows[0][0] == "23 November 2026, 09:00 to 11:00 UTC"


LONG = "Owners on low income are asked to pay a share that they may not have, for years. " * 40


@pytest.mark.parametrize(
    "words", ["", LONG, "ILL, WITHOUT A HOME, AND OWED TO BY NOBODY; " * 40, "one\nline\nafter\nthe other\n" * 30]
)
def test_the_first_page_is_one_page_whatever_is_typed(words: str) -> None:
    payload: dict[str, Any] = json.loads(json.dumps(holbeck().payload))
    if words:
        payload["assessment"].update(summary=words, title=words[:150], trigger="material change", trigger_reason=words)
        for impact in payload["impacts"]:
            impact["sentence"] = words
    document = report(replace(holbeck(), payload=payload))
    first, second, *_ = (page.extract_text() for page in PdfReader(io.BytesIO(render(document))).pages)
    assert "Summary" in first
    assert "Confidence" in first
    assert "Contents" in second


def test_what_the_first_page_cuts_stands_in_full_further_down() -> None:
    payload: dict[str, Any] = json.loads(json.dumps(holbeck().payload))
    payload["assessment"]["summary"] = LONG
    document = report(replace(holbeck(), payload=payload))
    assert [one.text for one in document.blocks if isinstance(one, Paragraph)].count(LONG) == 1


def test_a_screened_out_proposal_has_its_reason_and_its_proof() -> None:
    source: Source = holbeck()
    payload: dict[str, Any] = {
        **source.payload, "rating": None, "impacts": [], "changes": None,
        "answers": {**source.payload["answers"], "assessment": []},
        "review": {"rounds": [], "countersignatures": []},
    }  # fmt: skip
    decision = {"signed_by": {"name": "Rae"}, "capacity": "Reviewer", "signed_at": "2026-11-23T12:00:00+00:00",
                "reasons": "Nobody is touched.", "late": False}  # fmt: skip
    document = report(replace(source, payload=payload, decision=decision))
    assert [one.text for one in headings(document) if one.level == 2][:2] == ["Summary", ORDER[2]]
    assert "Nobody is touched." in plain_text(document)
    assert any(isinstance(one, Facts) and ("Signing as", "Reviewer") in one.rows for one in document.blocks)
