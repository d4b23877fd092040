"""Whatever is typed, an answer is either refused with a message or shown, sent again and found unchanged."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hia_app.domain.answers import InvalidAnswer, as_text, fields, form_values, is_answered, parse
from hia_app.domain.questionnaire import Question
from hia_app.domain.record import canonical
from tests.support.questionnaires import question

QUESTIONS = [
    question("type: single_choice, options: [{id: a, label: A}, {id: b, label: B}]"),
    question("type: several_choices, options: [{id: a, label: A}, {id: b, label: B, exclusive: true}]"),
    question("type: yes_no_not_known"),
    question("type: short_text"),
    question("type: long_text, words: 5"),
    question("type: number, minimum: -5, decimals: 2"),
    question("type: money"),
    question("type: date"),
    question("type: month"),
    question("type: person"),
    question("type: place"),
    question("type: file, maximum_rows: 2"),
    question("type: groups"),
    question(
        "type: list, maximum_rows: 2, columns: [{id: a, label: A, type: short_text}, {id: b, label: B, type: date}, "
        "{id: c, label: C, type: number}, {id: d, label: D, type: single_choice, options: [{id: x, label: X}]}]"
    ),
    question("type: indicator, quantiles: 5"),
    question("type: declaration"),
]
TYPED = st.one_of(
    st.sampled_from(
        ["", " ", "a", "b", "x", "yes", "not_known", "affected", "not_affected", "agreed", "carers", "men"]
    ),
    st.sampled_from(["1", "12", "3", "2027", "12,500", "-1", "0.5", "nan", "1e9", "१२", "£5", "E01011264"]),
    st.sampled_from(["E01011264\r\nE01011265", "two\r\nlines", "a\x00b", "\ud800", "e\u0301"]),
    st.text(max_size=8),
)


def parsed(asked: Question, raw: dict[str, list[str]]) -> tuple[Any, InvalidAnswer | None]:
    try:
        return parse(asked, raw), None
    except InvalidAnswer as refused:
        return None, refused


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.type)
@settings(max_examples=60)
@given(drawn=st.data())
def test_an_answer_is_refused_or_survives_its_form(asked: Question, drawn: st.DataObject) -> None:
    some = drawn.draw(st.lists(st.sampled_from(fields(asked)), unique=True, max_size=8))
    raw = {field: drawn.draw(st.lists(TYPED, max_size=2)) for field in some}
    value, refused = parsed(asked, raw)
    if refused is not None:
        assert all(refused.messages.values())
        assert refused.kept.keys() == raw.keys()
        json.dumps(refused.kept, ensure_ascii=False).encode("utf-8")
        return
    shown = form_values(asked, value)
    assert shown.keys() <= set(fields(asked))
    sent = {field: [text] if isinstance(text, str) else text for field, text in shown.items()}
    assert parse(asked, sent) == value
    assert json.loads(canonical({"value": value})) == {"value": value}
    assert isinstance(is_answered(asked, value), bool)
    assert (as_text(asked, value) == "") == (value is None)
