"""Reads a table of area figures (CSV) row by row, and names every problem with its line and column."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from hia_app.domain.areas import ETHNIC, Area
from hia_app.domain.typed import Unclear, clean_text, number

MOST_SHOWN = 200  # problems that are listed; the others are counted
MOST_ROWS = 100_000
LARGEST_COUNT = 10_000_000
LARGEST_RANK = 1_000_000
_CODE = re.compile(r"[A-Z][0-9]{8}")
_ETHNIC = re.compile(r"(?:eth|ethnic)_([a-z][a-z0-9_]{0,39})")
_YEAR = r"(?:_(?:19|20)\d\d)?"
_HOMES = r"(?:hh|households|homes)"


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of the file: what it is, which header names it, and whether a file may leave it out."""

    key: str
    meaning: str
    example: str
    header: str  # a pattern over the header in small letters with underscores
    required: bool = True


COLUMNS: tuple[Column, ...] = (
    Column("code", "Code of the small area (LSOA)", "lsoa21_code", rf"(?:lsoa|area)(?:\d\d)?_?(?:code|cd){_YEAR}"),
    Column("name", "Its name", "lsoa21_name", rf"(?:lsoa|area)(?:\d\d)?_?(?:name|nm){_YEAR}"),
    Column("ward_code", "Code of its ward", "ward24_code", rf"(?:ward|wd)(?:\d\d)?_?(?:code|cd){_YEAR}"),
    Column("ward_name", "Name of its ward", "ward24_name", rf"(?:ward|wd)(?:\d\d)?_?(?:name|nm){_YEAR}"),
    Column(
        "rank",
        "National deprivation rank, 1 is the most deprived",
        "imd_rank",
        r"imd(?:\d{2,4})?_rank|index_of_multiple_deprivation_imd_rank\w*",
    ),
    Column(
        "tenth",
        "National deprivation tenth (decile), 1 to 10",
        "imd_decile",
        r"imd(?:\d{2,4})?_(?:decile|tenth)|index_of_multiple_deprivation_imd_decile\w*",
    ),
    Column(
        "score",
        "National deprivation score",
        "imd_score",
        r"imd(?:\d{2,4})?_score|index_of_multiple_deprivation_imd_score\w*",
        required=False,
    ),
    Column("residents", "Residents", "usual_residents_2021", rf"(?:usual_)?residents{_YEAR}"),
    Column(
        "disabled",
        "Residents who are disabled under the Equality Act",
        "disabled_equality_act_2021",
        rf"disabled(?:_residents|_equality_act)?{_YEAR}",
    ),
    Column("households", "Homes (households)", "households_2021", rf"{_HOMES}(?:_total)?{_YEAR}"),
    Column("owned", "Homes owned, outright or with a mortgage", "hh_owned", rf"{_HOMES}_owned{_YEAR}"),
    Column(
        "shared_ownership",
        "Homes in shared ownership",
        "hh_shared_ownership",
        rf"{_HOMES}_shared_ownership{_YEAR}",
        required=False,
    ),
    Column(
        "social_rented",
        "Homes rented from a social landlord",
        "hh_social_rented",
        rf"{_HOMES}_social_rented{_YEAR}",
    ),
    Column(
        "private_rented",
        "Homes rented privately",
        "hh_private_rented",
        rf"{_HOMES}_private(?:ly)?_rented{_YEAR}",
    ),
    Column("rent_free", "Homes lived in rent-free", "hh_rent_free", rf"{_HOMES}_rent_free{_YEAR}", required=False),
    Column(
        "overcrowded",
        "Homes with too few bedrooms",
        "hh_overcrowded_bedrooms",
        rf"{_HOMES}_overcrowded(?:_bedrooms)?{_YEAR}",
    ),
    Column(
        "sized_homes",
        "Homes whose bedrooms were counted, of which the overcrowded are a part",
        "hh_occupancy_total",
        rf"{_HOMES}_occupancy_total{_YEAR}",
        required=False,
    ),
)
_TEXTS = ("name", "ward_name")
_CODES = ("code", "ward_code")
_DEPRIVATION = {"rank": LARGEST_RANK, "tenth": 10}
_TENURES = ("owned", "shared_ownership", "social_rented", "private_rented", "rent_free")
_SLACK = 20  # the census moves small counts a little, so that parts and wholes need not agree exactly


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a file; line 0 is the file as a whole."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = ", ".join(part for part in (f"line {self.line:,}" if self.line else "", self.column) if part)
        return f"{where}: {self.reason}" if where else self.reason


@dataclass(slots=True)
class Problems:
    """The first problems, and how many there are altogether."""

    first: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, column: str, reason: str) -> None:
        self.count += 1
        if len(self.first) < MOST_SHOWN:
            self.first.append(Problem(line, column, reason))


@dataclass(slots=True)
class AreaTable:
    """A file being read, once. `read` gives its areas one by one; what is wrong is in `problems` when it ends."""

    problems: Problems = field(default_factory=Problems)
    unused: tuple[str, ...] = ()
    rows: int = 0
    _places: dict[str, int] = field(default_factory=dict)  # figure → place in the row
    _headers: dict[str, str] = field(default_factory=dict)  # figure → its header as written
    _width: int = 0
    _seen: dict[str, int] = field(default_factory=dict)  # code of an area → its line
    _wards: dict[str, str] = field(default_factory=dict)

    def read(self, lines: Iterable[str]) -> Iterator[Area]:
        """The areas whose own row is in order. A file that cannot be read on ends with a problem, not an error."""
        for line, cells in self._cells(lines):
            area = self._area(line, cells)
            if area is not None:
                yield area

    def look(self, lines: Iterable[str]) -> bool:
        """Whether it is worth reading: the header is understood, and there are `rows`, not too many; quick.

        What stands in the rows is not looked at, and one that cannot be read in the middle is found by `read`, together
        with every problem before it.
        """
        for _ in self._cells(lines):
            pass
        return 0 < self.rows <= MOST_ROWS

    def _cells(self, lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
        """Every row that is not empty, with the number of its line."""
        lines = iter(lines)
        line = 1
        try:
            reader = csv.reader(_first_then_rest(lines), delimiter=",", strict=True)
            header = next(reader, [])
            self._find_columns(header)
            if not self._places:
                return
            for cells in reader:
                line = reader.line_num
                if not any(cell.strip() for cell in cells):
                    continue
                self.rows += 1
                if self.rows > MOST_ROWS:
                    self.problems.add(line, "", f"The file has more than {MOST_ROWS:,} rows")
                    return
                yield line, cells
        except csv.Error as error:
            self.problems.add(line + 1, "", f"The row cannot be read ({error})")
            return
        except UnicodeDecodeError:
            self.problems.add(
                line + 1, "", "This is not UTF-8 text. Save the table as “CSV UTF-8” and choose that file"
            )
            return
        if not self.rows:
            self.problems.add(0, "", "The file has no rows")

    def _find_columns(self, header: Sequence[str]) -> None:
        unused, self._width = [], len(header)
        for place, written in enumerate(header):
            key = _key(written)
            if key is None:
                unused.append(_shown(written))
            elif key in self._places:
                self.problems.add(1, _shown(written), f"This is given twice (also as “{self._headers[key]}”)")
            else:
                self._places[key], self._headers[key] = place, _shown(written)
        self.unused = tuple(unused)
        for column in COLUMNS:
            if column.required and column.key not in self._places:
                self.problems.add(1, "", f"A column is missing: {column.meaning}, such as “{column.example}”")
        if not any(key.startswith(ETHNIC) for key in self._places):
            self.problems.add(1, "", "A column is missing: residents of each ethnic group, such as “eth_asian”")
        if self.problems.count:
            self._places.clear()

    def _area(self, line: int, cells: Sequence[str]) -> Area | None:
        before = self.problems.count
        if len(cells) != self._width:
            self.problems.add(line, "", f"The row has {len(cells):,} cells, the header has {self._width:,}")
            return None
        texts = {key: self._text(line, key, cells[self._places[key]]) for key in (*_CODES, *_TEXTS)}
        counts: dict[str, int] = {}
        rank = tenth = 0
        score: Decimal | None = None
        for key, place in self._places.items():
            if key in texts:
                continue
            if key == "score":
                score = self._score(line, cells[place])
            elif key == "rank":
                rank = self._figure(line, key, cells[place])
            elif key == "tenth":
                tenth = self._figure(line, key, cells[place])
            else:
                counts[key] = self._figure(line, key, cells[place])
        sound = self.problems.count == before
        self._once(line, texts["code"])
        if sound:
            self._agree(line, texts, counts)
        if self.problems.count > before:
            return None
        return Area(texts["code"], texts["name"], texts["ward_code"], texts["ward_name"], rank, tenth, counts, score)

    def _text(self, line: int, key: str, cell: str) -> str:
        cell = cell.strip()
        if key in _CODES:
            if not _CODE.fullmatch(cell):
                self._refuse(line, key, f"“{_shown(cell)}” is not a code: a letter and eight digits, such as E01011264")
            return cell
        try:
            text = clean_text(cell, lines=False, characters=120)
        except Unclear as unclear:
            self._refuse(line, key, unclear.message)
            return ""
        if not text:
            self._refuse(line, key, "There is no name")
        return text

    def _figure(self, line: int, key: str, cell: str) -> int:
        cell = cell.strip()
        least, most = (1, _DEPRIVATION[key]) if key in _DEPRIVATION else (0, LARGEST_COUNT)
        if cell.isascii() and cell.isdigit() and len(cell) < 9 and least <= int(cell) <= most:
            return int(cell)  # nearly always; the careful way below takes ten times as long
        try:
            found = number(cell, minimum=Decimal(least), maximum=Decimal(most))
        except Unclear as unclear:
            self._refuse(line, key, f"“{_shown(cell)}”: {unclear.message[:1].lower()}{unclear.message[1:]}")
            return 0
        if not found:
            self._refuse(line, key, "There is no figure")
        return int(found or 0)

    def _score(self, line: int, cell: str) -> Decimal | None:
        try:
            found = number(cell, minimum=Decimal(0), maximum=Decimal(1000), decimals=10)
        except Unclear as unclear:
            self._refuse(line, "score", f"“{_shown(cell)}”: {unclear.message[:1].lower()}{unclear.message[1:]}")
            return None
        return Decimal(found) if found else None

    def _once(self, line: int, code: str) -> None:
        """A code stands on one line, also where something else on it is wrong; an unreadable one is told of already."""
        if code in self._seen:
            self._refuse(line, "code", f"{code} was already given on line {self._seen[code]:,}")
        elif _CODE.fullmatch(code):
            self._seen[code] = line

    def _agree(self, line: int, texts: Mapping[str, str], counts: Mapping[str, int]) -> None:
        """What must fit together: one name for a ward, parts that are no more than their whole."""
        ward = texts["ward_code"]
        known = self._wards.setdefault(ward, texts["ward_name"])
        if known != texts["ward_name"]:
            self._refuse(line, "ward_name", f"{ward} was called “{known}” before, here it is “{texts['ward_name']}”")
        tenures = sum(counts.get(key, 0) for key in _TENURES)
        ethnic = sum(count for key, count in counts.items() if key.startswith(ETHNIC))
        sized = counts.get("sized_homes", counts["households"])
        for words, part, whole, of in (
            ("disabled residents", counts["disabled"], counts["residents"], "residents"),
            ("residents by ethnic group", ethnic, counts["residents"], "residents"),
            ("homes by tenure", tenures, counts["households"], "homes"),
            ("overcrowded homes", counts["overcrowded"], sized, "homes"),
        ):
            if part > whole + _SLACK + whole // 20:
                self.problems.add(line, "", f"There are {part:,} {words}, but only {whole:,} {of}")

    def _refuse(self, line: int, key: str, reason: str) -> None:
        self.problems.add(line, self._headers.get(key, key), reason)


def _first_then_rest(lines: Iterator[str]) -> Iterator[str]:
    """The lines without the mark that some programs write before the first."""
    for first in lines:
        yield first.removeprefix("\ufeff")
        break
    yield from lines


def _key(header: str) -> str | None:
    name = re.sub(r"[^a-z0-9]+", "_", header.strip().lower()).strip("_")
    for column in COLUMNS:
        if re.fullmatch(column.header, name):
            return column.key
    ethnic = _ETHNIC.fullmatch(name)
    return f"{ETHNIC}{ethnic[1]}" if ethnic else None


def _shown(text: str) -> str:
    """A cell as it can be printed in a message, and no longer than a message should be."""
    plain = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text.strip())
    return plain if len(plain) <= 40 else f"{plain[:40]}…"
