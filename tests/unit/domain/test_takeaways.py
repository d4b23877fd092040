"""Tables taken away: nothing in them is worked out by a spreadsheet program, and everything comes back as it was."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hia_app.domain.takeaways import Sheet, csv_bytes, file_name, inert, is_like_a_formula, meant
from hia_app.office.spreadsheet import workbook

DANGEROUS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1+1", "＋1", "－1", "＠x", "　=1",
    "\ufeff=1",
    "\u200b=1", "=cmd|' /C calc'!A0", "'=1", "−1 is not a formula but", '=HYPERLINK("http://x","y")',
)  # fmt: skip


@pytest.mark.parametrize("text", [text for text in DANGEROUS if not text.startswith("−")])
def test_what_could_be_a_formula_is_marked_as_text(text: str) -> None:
    assert is_like_a_formula(text)
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Warm homes", "3 = 3", "a-b", "1", "“=1”"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert inert(text) == text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20) | st.sampled_from(DANGEROUS))
def test_every_text_comes_back_from_csv(text: str) -> None:
    assert meant(inert(text)) == text
    table = csv_bytes(Sheet("T", ("Text", "More"), ((text, "x"),))).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table, newline="")))
    assert meant(rows[1][0]) == text
    assert not rows[1][0] or rows[1][0][0] not in "=+-@\t\r"


def test_a_workbook_holds_no_formula_and_typed_cells() -> None:
    rows = tuple((text, 7, Decimal("3.50"), date(2026, 11, 23), None) for text in DANGEROUS)
    made = workbook(
        Sheet("A/B", ("Text", "Whole", "Exact", "Day", "None"), rows), made=datetime(2026, 11, 23, tzinfo=UTC)
    )
    page = openpyxl.load_workbook(io.BytesIO(made)).active
    for text, row in zip(DANGEROUS, list(page.rows)[1:], strict=True):
        assert [cell.data_type for cell in row] == ["s", "n", "n", "d", "n"]
        assert row[0].value.replace("\r", "\n") == text.replace("\r", "\n")
        assert (row[1].value, Decimal(str(row[2].value)), row[3].value.date()) == (
            7,
            Decimal("3.5"),
            date(2026, 11, 23),
        )
        assert row[0].quotePrefix == is_like_a_formula(text)


def test_names_are_for_filing() -> None:
    about = {"reference": "HEA-2026-0012", "version": 2, "title": "Holbeck: repair / “phase 2” " + "x" * 90}
    name = file_name(about, "public edition", date(2026, 11, 23), "pdf")
    assert name.startswith("HEA-2026-0012 v2 Holbeck repair phase 2 xxx")
    assert name.endswith(" public edition 2026-11-23.pdf")
    assert len(name) < 130
