"""What is taken away as tables: the register, impacts and actions, with each cell as what it is."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hia_app.domain.method import FIFTH_NAMES
from hia_app.domain.report_impacts import DIRECTIONS, FUNDING
from hia_app.domain.report_source import Payload, Source

Cell = str | int | Decimal | date | None
STARTS_A_FORMULA = frozenset("=+-@")
"""Spreadsheet programs take a text that begins like this for a formula; some skip spaces and wide forms first."""

LONGEST_SHEET_NAME = 31


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name, its columns, and rows of as many cells."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def is_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet program could take this text for a formula or a command, or for our own mark."""
    if text[:1] in {"'", "\t", "\r", "\n"}:
        return True
    rest = text.lstrip().lstrip("\ufeff\u200b\u200e\u200f\u2060").lstrip()
    return unicodedata.normalize("NFKC", rest[:1])[:1] in STARTS_A_FORMULA


def inert(text: str) -> str:
    """The text so that nothing in it is worked out: an apostrophe in front says that it is text."""
    return f"'{text}" if is_like_a_formula(text) else text


def meant(text: str) -> str:
    """What an inert text says: the way back."""
    return text[1:] if text.startswith("'") and is_like_a_formula(text[1:]) else text


def csv_bytes(sheet: Sheet) -> bytes:
    """CSV in UTF-8 with a byte order mark, so that spreadsheet programs read accents right; RFC 4180 line ends."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([inert(title) for title in sheet.header])
    writer.writerows([[_plain(cell) for cell in row] for row in sheet.rows])
    return written.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return inert(cell)
    return cell.isoformat() if isinstance(cell, date) else format(cell, "f") if isinstance(cell, Decimal) else str(cell)


IMPACTS = (
    "Reference", "Version", "Edition", "Impact", "Direction", "Principle", "Groups", "What happens",
    "Size", "Likelihood",
    "Duration", "Reach, lowest", "Reach", "Reach, highest", "Unit", *(f"Share, {name} fifth" for name in FIFTH_NAMES),
    "Confidence", "Significance before", "Significance after", "Source",
)  # fmt: skip
ACTIONS = ("Reference", "Version", "Edition", "For", "Action", "Owner", "Due", "Funding", "Measure")


def impacts(sources: Iterable[Source]) -> Sheet:
    """Every impact of these records; an exempt one of a public edition has only its name."""
    return Sheet("Impacts", IMPACTS, tuple(row for source in sources for row in _impacts(source)))


def actions(sources: Iterable[Source]) -> Sheet:
    """Everything that was promised in these records: mitigations, improvements, conditions."""
    return Sheet("Actions", ACTIONS, tuple(row for source in sources for row in _actions(source)))


def _named(source: Source) -> tuple[Cell, ...]:
    a = source.assessment
    return a["reference"], a["version"], source.edition


def _impacts(source: Source) -> Iterable[tuple[Cell, ...]]:
    rating = source.rating
    lines = {line.id: line for line in rating.lines} if rating else {}
    groups = source.questionnaire.group_by_id
    for name, one in source.impacts.items():
        line = lines.get(name)
        yield (
            *_named(source),
            name,
            DIRECTIONS[one["direction"]],
            one["principle"],
            "; ".join(groups[group].label if group in groups else group for group in one["groups"]),
            one["sentence"],
            one["magnitude"],
            (one["likelihood"] or "").replace("_", " "),
            one["duration"],
            *(_number(one[field]) for field in ("reach_low", "reach_mid", "reach_high")),
            one.get("reach_shown") or (one["reach_unit"] if one["reach_mid"] else None),
            *(_shares(one["spread"])),
            one["confidence"],
            line.significance if line else None,
            line.residual_significance if line else None,
            one["source"],
        )


def _shares(spread: Sequence[str] | None) -> tuple[Cell, ...]:
    return tuple(Decimal(share) for share in spread) if spread else (None,) * 5


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _actions(source: Source) -> Iterable[tuple[Cell, ...]]:
    for name, one in source.impacts.items():
        if one["action"]:
            said = (one["action"], one["action_owner"], _day(one["due"]), FUNDING.get(one["funding"] or "", ""))
            yield (*_named(source), name, *said, one["measure"])
    conditions: Sequence[Payload] = source.payload.get("conditions", ())
    last = max((one["round"] for one in conditions), default=0)
    for one in conditions:
        if one["round"] == last:
            yield (
                *_named(source),
                f"Condition {one['number']}",
                one["text"],
                one["owner"],
                _day(one["due"]),
                "",
                one["measure"],
            )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def file_name(assessment: Payload, what: str, dated: date, ending: str) -> str:
    """A name a person can file by: reference, version, short title, edition or kind, date."""
    words = "".join(letter if letter.isalnum() else " " for letter in assessment["title"]).split()
    title = " ".join(words)[:60].strip()
    parts = (assessment["reference"], f"v{assessment['version']}", title, what, dated.isoformat())
    return f"{' '.join(part for part in parts if part)}.{ending}"
