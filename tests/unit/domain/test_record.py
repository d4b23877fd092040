"""Canonical bytes and fingerprints: the same for the same content, refused where two programs could differ."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hia_app.domain.record import NotCanonical, canonical, plain, record_hash, short, snapshot_hash, submission_hash

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
KEYS = st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=1, max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_the_order_of_keys_changes_nothing(value: object) -> None:
    def turned(part: object) -> object:
        if isinstance(part, dict):
            return {key: turned(part[key]) for key in reversed(part)}
        return [turned(one) for one in part] if isinstance(part, list) else part

    assert canonical(turned(value)) == canonical(value)


def test_known_bytes() -> None:
    assert canonical({"b": [1, True, None], "a": "é\r\n"}) == '{"a":"é\\n","b":[1,true,null]}'.encode()
    decomposed = "e\u0301"
    assert canonical(decomposed) == canonical("é")


@pytest.mark.parametrize(
    "value",
    [1.0, 2**53, -(2**53), {"é": 1}, {1: 1}, "a\0b", "\ud800", {"a": [1.5]}, Decimal(1), {1, 2}, b"x"],
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


def test_plain_makes_texts_of_decimals_and_dates() -> None:
    assert plain({"a": Decimal("1.50"), "b": (date(2026, 11, 23),)}) == {"a": "1.50", "b": ["2026-11-23"]}


def test_fingerprints_of_different_things_never_meet() -> None:
    same = b"{}"
    assert len({submission_hash(same), record_hash(same), snapshot_hash("", {})}) == 3
    assert submission_hash(b"{}") != submission_hash(b"{ }")
    assert short("abcdef0123456789") == "abcd ef01 2345"
