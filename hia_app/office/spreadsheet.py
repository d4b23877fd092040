"""Tables as an Excel workbook in which nothing is worked out: texts are texts, numbers numbers, dates dates."""

from __future__ import annotations

import io
import re
from copy import copy
from datetime import date, datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from hia_app.domain.takeaways import LONGEST_SHEET_NAME, Cell, Sheet, is_like_a_formula

LONGEST_CELL = 32_767
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_DIGITS = 15  # a workbook keeps no more of a number


def workbook(*sheets: Sheet, made: datetime) -> bytes:
    """The tables as .xlsx; `made` is the moment written into it."""
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = made.replace(tzinfo=None)
    book.properties.creator = "Health Equity Assessments"
    for sheet in sheets:
        page = book.create_sheet(_NOT_IN_A_NAME.sub(" ", sheet.name)[:LONGEST_SHEET_NAME])
        page.freeze_panes = "A2"
        for number, title in enumerate(sheet.header, 1):
            longest = max((len(str(row[number - 1] or "")) for row in sheet.rows), default=0)
            page.column_dimensions[get_column_letter(number)].width = min(60, max(10, len(title) + 2, longest + 2))
        page.append([_text(page, title, bold=True) for title in sheet.header])
        for row in sheet.rows:
            page.append([_cell(page, cell) for cell in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _cell(page: WriteOnlyWorksheet, cell: Cell) -> WriteOnlyCell | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        return _text(page, cell)
    if isinstance(cell, Decimal) and len(cell.as_tuple().digits) > _DIGITS:
        return _text(page, format(cell, "f"))
    made = WriteOnlyCell(page, value=cell)
    if isinstance(cell, date):
        made.number_format = "yyyy-mm-dd"
    return made


def _text(page: WriteOnlyWorksheet, text: str, *, bold: bool = False) -> WriteOnlyCell:
    made = WriteOnlyCell(page, value="")
    # Given as a value, a text that begins with "=" would become a formula.
    made._value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:LONGEST_CELL]
    made.data_type = "s"
    made._style = _style(page, bold=bold, inert=is_like_a_formula(text))
    return made


def _style(page: WriteOnlyWorksheet, *, bold: bool, inert: bool) -> StyleArray:
    """Looks are found once for each page: openpyxl compares all that there are for each cell it is asked about."""
    looks: dict[tuple[bool, bool], StyleArray] = page.__dict__.setdefault("_looks", {})
    if (bold, inert) not in looks:
        model = WriteOnlyCell(page, value="")
        model.alignment = Alignment(wrap_text=True, vertical="top")
        model.font = Font(bold=bold)
        model.quotePrefix = inert  # still a text after somebody has saved it as something else
        looks[bold, inert] = model._style
    return copy(looks[bold, inert])
