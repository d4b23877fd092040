"""Area figures: imported whole or not at all, kept as editions, and used by every assessment that began with them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import IO, Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from hia_app.domain import policy
from hia_app.domain.area_file import AreaTable, Problems
from hia_app.domain.areas import Area, Sums, Tally, source_words
from hia_app.domain.errors import InvalidInput, NotNow, NotVisible
from hia_app.domain.quantiles import assign_quantiles
from hia_app.domain.spreads import Fifths
from hia_app.domain.workflow import Action
from hia_app.services.reasons import text_given
from hia_app.services.work import NOTHING, Case, Work, record
from hia_app.store.columns import new_id
from hia_app.store.tables import Area as AreaRow
from hia_app.store.tables import AreaEdition, AssessmentVersion

BATCH = 1_000  # rows written together, and between two notes of progress
Progress = Callable[[str, int], None]  # ("checked" | "stored", rows so far)


class FaultyFile(InvalidInput):
    """A file with problems; nothing of it was kept."""

    def __init__(self, problems: Problems) -> None:
        count = f"{problems.count:,} {'problem' if problems.count == 1 else 'problems'}"
        super().__init__({"file": f"The file has {count}. Nothing was imported."})
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Reference:
    """The council's residents by local fifth that ratings are worked out with, and where they come from."""

    residents: Fifths
    source: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A file without problems: how its areas rank, and what was not needed of it."""

    rows: int
    fifths: dict[int, int]
    tenths: dict[int, int]
    unused: tuple[str, ...]


# Reading -------------------------------------------------------------------------------------------------------


def may_manage(work: Work) -> None:
    policy.require(Action.MANAGE_AREAS, work.actor)


def editions(work: Work) -> list[tuple[AreaEdition, int]]:
    """Every edition, newest first, with how many versions of assessments use it; administrators only."""
    may_manage(work)
    used = (
        select(AssessmentVersion.area_edition_id, func.count().label("versions"))
        .group_by(AssessmentVersion.area_edition_id)
        .subquery()
    )
    rows = work.session.execute(
        select(AreaEdition, func.coalesce(used.c.versions, 0))
        .outerjoin(used, used.c.area_edition_id == AreaEdition.id)
        .order_by(AreaEdition.number.desc())
    )
    return [(edition, versions) for edition, versions in rows]


def current(work: Work) -> AreaEdition | None:
    """The edition that new assessments begin with, None before the first import."""
    return work.session.scalar(select(AreaEdition).where(AreaEdition.current))


def source_of(edition: AreaEdition) -> str:
    """Source, year and licence in the words printed wherever a figure appears."""
    return source_words(edition.source, edition.year, edition.licence)


def reference(work: Work, case: Case) -> Reference:
    """The residents by fifth for this version: from its area figures, else from the settings."""
    edition = case.version.area_edition
    if edition is not None:
        residents = Sums.from_json(edition.sums).fifths("residents")
        if all(residents):  # fewer than five areas have no fifths
            return Reference(residents, source_of(edition))
    return Reference(work.settings.reference_population, work.settings.reference_population_source)


# Importing -----------------------------------------------------------------------------------------------------


def import_file(
    work: Work,
    file: IO[bytes],
    *,
    source: str,
    year: str,
    licence: str,
    edition_id: str | None = None,
    progress: Progress = lambda done, rows: None,
) -> AreaEdition:
    """Check a file and keep it as the new current edition; raises InvalidInput, or FaultyFile with every problem.

    The file is read twice, so that a whole country needs no more memory than a town: once to check and rank it,
    before the transaction does anything, and once to write it. The same `edition_id` again gives what it made.
    """
    may_manage(work)
    words = {
        "source": text_given(source, field="source", characters=300, ask="Say where the figures come from"),
        "year": text_given(year, field="year", characters=100, ask="Say which years the figures are from"),
        "licence": text_given(licence, field="licence", characters=600, ask="Say under which licence they are used"),
    }
    checked = check(file, progress)
    key = edition_id or new_id()
    existing = work.session.get(AreaEdition, key)
    if existing is not None:
        return existing
    edition = _new_edition(work, key, words)
    edition.sums = _write(work, file, checked, edition.id, progress).to_json()
    _set_current(work, edition)
    record(work, "import_areas", subject=_name(edition), detail={**words, "edition": key, "areas": checked.rows})
    return edition


def check(file: IO[bytes], progress: Progress = lambda done, rows: None) -> Checked:
    """Read a file from beginning to end and rank its areas; raises FaultyFile. Touches no database."""
    table, ranks = AreaTable(), []
    with _lines(file) as lines:
        for area in table.read(lines):
            ranks.append(area.rank)
            if len(ranks) % BATCH == 0:
                progress("checked", len(ranks))
    if table.problems.count:
        raise FaultyFile(table.problems)
    return Checked(table.rows, assign_quantiles(ranks, 5), assign_quantiles(ranks, 10), table.unused)


def make_current(work: Work, edition_id: str) -> AreaEdition:
    """Let new assessments begin with an earlier edition; those under way keep theirs."""
    may_manage(work)
    edition = work.session.get(AreaEdition, edition_id)
    if edition is None:
        raise NotVisible(NOTHING)
    if not edition.current:
        _set_current(work, edition)
        record(work, "choose_current_areas", subject=_name(edition), detail={"edition": edition.id})
    return edition


def _new_edition(work: Work, key: str, words: dict[str, str]) -> AreaEdition:
    edition = AreaEdition(
        id=key,
        number=(work.session.scalar(select(func.max(AreaEdition.number))) or 0) + 1,
        sums={},
        imported_by=work.actor.person_id or None,
        imported_at=work.now,
        **words,
    )
    try:
        with work.session.begin_nested():
            work.session.add(edition)
    except IntegrityError:
        raise NotNow("Somebody else is importing area figures at this moment. Try again.") from None
    return edition


def _set_current(work: Work, edition: AreaEdition) -> None:
    # First none, then this one: there is never a moment with two.
    work.session.execute(update(AreaEdition).where(AreaEdition.current).values(current=False))
    edition.current = True
    work.session.flush()


def _write(work: Work, file: IO[bytes], checked: Checked, edition_id: str, progress: Progress) -> Sums:
    tally, batch = Tally(), []
    with _lines(file) as lines:
        for read in AreaTable().read(lines):
            area = replace(read, fifth=checked.fifths.get(read.rank), local_tenth=checked.tenths.get(read.rank))
            tally.add(area)
            batch.append(_row(area, edition_id))
            if len(batch) == BATCH:
                work.session.execute(insert(AreaRow), batch)
                progress("stored", tally.areas)
                batch = []
    if batch:
        work.session.execute(insert(AreaRow), batch)
    if tally.areas != checked.rows:
        raise NotNow("The file changed while it was being read. Nothing was imported.")
    progress("stored", tally.areas)
    return tally.sums()


def _row(area: Area, edition_id: str) -> dict[str, Any]:
    return {
        "edition_id": edition_id,
        "code": area.code,
        "name": area.name,
        "ward_code": area.ward_code,
        "ward_name": area.ward_name,
        "national_rank": area.rank,
        "national_tenth": area.tenth,
        "national_score": area.score,
        "local_fifth": area.fifth,
        "local_tenth": area.local_tenth,
        "counts": dict(area.counts),
    }


@contextmanager
def _lines(file: IO[bytes]) -> Iterator[io.TextIOWrapper]:
    """The file from its beginning as text; it stays open afterwards."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        yield text
    finally:
        text.detach()


def _name(edition: AreaEdition) -> str:
    return f"Area figures, edition {edition.number}"
