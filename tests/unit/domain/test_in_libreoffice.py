"""Tables opened in a real spreadsheet program: nothing in them is worked out, and they come back as they were."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from hia_app.domain.takeaways import Sheet, csv_bytes, meant
from hia_app.office.spreadsheet import workbook
from tests.support.office_suite import opened_and_saved

pytestmark = pytest.mark.libreoffice
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEXTS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", " =1+1", "＝1+1", '=HYPERLINK("http://x.example","y")',
    "'=1", "a, \"b\"\nc", "Ŵyn",
)  # fmt: skip
SHEET = Sheet("Impacts", ("Text", "Number"), tuple((text, Decimal("3.5")) for text in TEXTS))


def cells(content: bytes) -> list[tuple[str, object, object]]:
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    return [(row[0].data_type, row[0].value, row[1].value) for row in list(page.rows)[1:]]


def test_a_csv_file_is_opened_without_working_anything_out(tmp_path: Path) -> None:
    found = cells(opened_and_saved(csv_bytes(SHEET), "csv", tmp_path))
    assert {kind for kind, _, _ in found} == {"s"}
    assert [meant(str(text)) for _, text, _ in found] == list(TEXTS)
    assert {number for _, _, number in found} == {3.5}


def test_a_workbook_comes_back_as_it_was(tmp_path: Path) -> None:
    found = cells(opened_and_saved(workbook(SHEET, made=NOON), "xlsx", tmp_path))
    assert [kind for kind, _, _ in found] == ["s"] * len(TEXTS)
    assert [text for _, text, _ in found] == list(TEXTS)
    assert {number for _, _, number in found} == {3.5}


def test_without_our_mark_it_would_be_worked_out(tmp_path: Path) -> None:
    """The control: the program does take such a text for a formula when nobody prevents it."""
    (kind, _, _), *_ = cells(opened_and_saved(b"Text,Number\r\n=1+1,1\r\n", "csv", tmp_path))
    assert kind == "f"
