"""The method's numbers, and the document that explains them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from hia_app.domain.method import METHOD, RULES
from hia_app.domain.method_tables import TABLES, filled
from tools.write_docs import METHOD_PAGE, published


def test_the_documents_are_current() -> None:
    for path, text in published().items():
        assert path.read_text(encoding="utf-8") == text, "write them with: python tools/write_docs.py"


def test_every_table_is_in_the_document() -> None:
    text = METHOD_PAGE.read_text(encoding="utf-8")
    assert [name for name in TABLES if f"<!-- table: {name} -->" not in text] == []
    assert text.count("<!-- table: ") == text.count("<!-- end of table -->")


def test_a_changed_number_changes_the_document() -> None:
    text = METHOD_PAGE.read_text(encoding="utf-8")
    changed = filled(text, replace(METHOD, weights=(1, 5, 9), weight_sets=((1, 5, 9),)))
    assert "| better health or security for over a year | 5 |" in changed
    assert "| Weights of minor/moderate/major | 1/5/9 |" in changed


def test_the_runs_try_the_method_itself() -> None:
    with pytest.raises(ValueError, match="must be among"):
        replace(METHOD, threshold=0.2)


def test_an_unknown_table_is_an_error() -> None:
    with pytest.raises(KeyError):
        filled("<!-- table: nothing -->\n<!-- end of table -->", METHOD)


def test_the_rules_are_tried_in_this_order() -> None:
    assert [rule.number for rule in RULES] == [0, 1, 2, 3, 6, 5, 4]


def test_the_published_look_up() -> None:
    assert METHOD.significance == {
        "minor": ("negligible", "negligible", "minor", "minor"),
        "moderate": ("minor", "minor", "moderate", "moderate"),
        "major": ("minor", "moderate", "major", "major"),
    }


def test_the_numbers_of_2026_1() -> None:
    assert METHOD.version == "2026-1"
    assert METHOD.weights == (1, 3, 9)
    assert METHOD.weight_sets == ((1, 2, 3), (1, 3, 9), (1, 4, 16))
    assert METHOD.thresholds == (0.05, 0.10, 0.15)
    assert list(METHOD.likelihoods.values()) == [
        (0.05, 0.10, 0.20),
        (0.20, 0.35, 0.50),
        (0.50, 0.65, 0.80),
        (0.80, 0.90, 0.95),
    ]
    assert METHOD.low_confidence_part == Fraction(1, 3)
