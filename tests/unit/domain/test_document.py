"""What a document may be made of, and that nothing in it can be forgotten."""

import dataclasses
from datetime import date
from typing import Any

import pytest

from hia_app.domain.charts import GainsAndLosses
from hia_app.domain.document import (
    Bullets,
    Callout,
    Document,
    Facts,
    Figure,
    Heading,
    PageBreak,
    Paragraph,
    Table,
    plain_text,
)


def document(*blocks: Any) -> Document:
    return Document("Title", "", "REF-1", "Council", "en-GB", date(2026, 11, 23), ("Record: ab",), blocks)


def test_plain_text_has_every_string_in_order_without_empty_ones() -> None:
    made = document(
        Heading("Heading"),
        Paragraph("paragraph"),
        Bullets(("first", "second")),
        Facts((("label", "text"), ("left empty", ""))),
        Table("caption", ("a", "b"), (("c", "d"),), note="note"),
        Callout("stop", "callout", "words"),
        PageBreak(),
    )
    assert plain_text(made) == (
        *("Council", "Title", "REF-1", "Heading", "paragraph", "first", "second", "label", "text", "left empty"),
        *("caption", "a", "b", "c", "d", "note", "Stop", "callout", "words", "Record: ab"),
    )


def test_plain_text_of_a_figure_has_its_finding_numbers_and_alternative() -> None:
    figure = Figure(GainsAndLosses((8, 3, 0, 0, 0), (0, 0, 0, 0, 2), source="Census"), caption="cap")
    told = plain_text(document(figure))
    assert "The largest gain is in the most deprived fifth; the largest harm is in the least deprived fifth" in told
    assert {"8.0", "3.0", "2.0", "cap", "Census", figure.alternative} <= set(told)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: Heading("x", 1), "level is 2, 3 or 4"),
        (lambda: Heading("x", 2, 'a"b'), "cannot be an anchor"),
        (lambda: Paragraph("x", "huge"), "body, lead, small, quote"),  # type: ignore[arg-type]
        (lambda: Callout("angry", "x"), "stop, warning, calm, good"),  # type: ignore[arg-type]
        (lambda: Table("x", (), ()), "no column"),
        (lambda: Table("x", ("a", "b"), (("1", "2"), ("1",))), "row 2: 1 cells for 2 columns"),
        (lambda: document(Heading("x"), Heading("y", 4)), "level 4 follows level 2"),
        (lambda: document(Heading("x", 2, "same"), Heading("y", 2, "same")), "used twice"),
    ],
)
def test_what_cannot_be_printed_well_is_refused(made: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        made()


def test_blocks_are_values() -> None:
    assert Heading("x") == Heading("x")
    with pytest.raises(dataclasses.FrozenInstanceError):
        Heading("x").text = "y"  # type: ignore[misc]
