"""Reading a table of area figures without a database: every problem of it, or its rows ready to be written."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any

from hia_app.domain.area_file import AreaTable, Problems
from hia_app.domain.areas import Area, Sums, Tally
from hia_app.domain.errors import InvalidInput
from hia_app.domain.quantiles import assign_quantiles
from hia_app.store.columns import exact_text, json_text

BATCH = 1_000  # rows written together, and between two notes of progress
Progress = Callable[[str, int], None]  # ("checked" | "stored", rows so far)


class FaultyFile(InvalidInput):
    """A file with problems; nothing of it was kept."""

    def __init__(self, problems: Problems) -> None:
        count = f"{problems.count:,} {'problem' if problems.count == 1 else 'problems'}"
        super().__init__({"file": f"The file has {count}. Nothing was imported."})
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Checked:
    """A file without problems: its rows, ready to be written, how they rank, and what was not needed of it."""

    rows: int
    spool: IO[str]  # a list of rows on each line
    fifths: Mapping[int, int]  # by national rank
    tenths: Mapping[int, int]
    unused: tuple[str, ...]
    sums: Sums = field(default_factory=lambda: Tally().sums())

    def batches(self) -> Iterator[list[dict[str, Any]]]:
        """The values of every row, some hundreds at a time."""
        self.spool.seek(0)
        for line in self.spool:
            batch = json.loads(line)
            for one in batch:
                rank = one["national_rank"]
                one["local_fifth"], one["local_tenth"] = self.fifths.get(rank), self.tenths.get(rank)
            yield batch

    def summed_up(self) -> Sums:
        """Everybody together, and by local fifth."""
        tally = Tally()
        for batch in self.batches():
            for one in batch:
                area, ward = (one["code"], one["name"]), (one["ward_code"], one["ward_name"])
                rank, tenth, counts = one["national_rank"], one["national_tenth"], json.loads(one["counts"])
                tally.add(Area(*area, *ward, rank, tenth, counts, fifth=one["local_fifth"]))
        return tally.sums()


def look(file: IO[bytes]) -> int:
    """How many rows a file has; raises FaultyFile for one that need not be read. Much quicker than `checked`."""
    table = AreaTable()
    with _lines(file) as lines:
        if not table.look(lines):
            raise FaultyFile(table.problems)
    return table.rows


@contextmanager
def checked(file: IO[bytes], progress: Progress = lambda done, rows: None) -> Iterator[Checked]:
    """Read a file from beginning to end, rank its areas and sum them up; raises FaultyFile. Touches no database.

    What is read goes to a temporary file that the system removes, so that a whole country needs no more memory than a
    town, and in the form in which it is written: while that is done, nobody else can write on SQLite. For all of
    England that is half a second, and three seconds of reading come before it, in which everybody can.
    """
    with TemporaryFile("w+", encoding="utf-8") as spool:
        table, ranks = AreaTable(), []
        with _lines(file) as lines:
            areas = table.read(_telling(lines, table, progress))
            for batch in _batches(areas):
                ranks += [area.rank for area in batch]
                spool.write(json.dumps([_values(area) for area in batch], ensure_ascii=False) + "\n")
        if table.problems.count:
            raise FaultyFile(table.problems)
        found = Checked(table.rows, spool, assign_quantiles(ranks, 5), assign_quantiles(ranks, 10), table.unused)
        yield replace(found, sums=found.summed_up())


def _values(area: Area) -> dict[str, Any]:
    """A row of the table as columns keep it, without its place among the others."""
    return {
        "code": area.code,
        "name": area.name,
        "ward_code": area.ward_code,
        "ward_name": area.ward_name,
        "national_rank": area.rank,
        "national_tenth": area.tenth,
        "national_score": None if area.score is None else exact_text(area.score),
        "counts": json_text(dict(area.counts)),
    }


def _batches(areas: Iterable[Area]) -> Iterator[list[Area]]:
    areas = iter(areas)
    while batch := list(islice(areas, BATCH)):
        yield batch


def _telling(lines: Iterable[str], table: AreaTable, progress: Progress) -> Iterator[str]:
    """The lines of a file; between them it is told how many rows were read, in order or not."""
    told = 0
    for line in lines:
        if table.rows - told >= BATCH:
            told = table.rows
            progress("checked", told)
        yield line


@contextmanager
def _lines(file: IO[bytes]) -> Iterator[io.TextIOWrapper]:
    """The file from its beginning as text; it stays open afterwards."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        yield text
    finally:
        text.detach()
