"""Boundaries of small areas: imported whole or not at all, kept as editions, and drawn as maps of chosen places."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import IO, Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from hia_app.domain import map_making
from hia_app.domain.areas import source_words
from hia_app.domain.boundaries import Boundaries, BoundaryFile, BoundaryProblems
from hia_app.domain.errors import InvalidInput, NotNow
from hia_app.domain.map_making import Box, Placed
from hia_app.domain.outlines import packed_parts, unpacked_parts
from hia_app.domain.places_map import PlacesMap
from hia_app.services import areas
from hia_app.services.work import Case, Work, record
from hia_app.store.columns import new_id
from hia_app.store.tables import Area as AreaRow
from hia_app.store.tables import AreaBoundary, AreaEdition, BoundaryEdition

BATCH = 1_000  # rows written together
MOST_NEAR = 3_000  # areas in the frame of a map; with more there is none, as nobody could read it
FIRST_FIGURES = "Import area figures first: boundaries are kept for the areas in them"
Progress = Callable[[int], None]  # features read so far


class FaultyBoundaries(InvalidInput):
    """A file with problems; nothing of it was kept."""

    def __init__(self, problems: BoundaryProblems) -> None:
        count = f"{problems.count:,} {'problem' if problems.count == 1 else 'problems'}"
        super().__init__({"file": f"The file has {count}. Nothing was imported."})
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Wanted:
    """The area figures in use, whose areas are looked for in a file."""

    edition_id: str
    codes: frozenset[str]


# Importing -----------------------------------------------------------------------------------------------------


def import_file(
    work: Work,
    file: IO[bytes],
    *,
    source: str,
    year: str,
    licence: str,
    edition_id: str | None = None,
    progress: Progress = lambda features: None,
) -> BoundaryEdition:
    """Check a GeoJSON file and keep the outlines of our areas; raises InvalidInput, or FaultyBoundaries with it all."""
    words = areas.words_given(source, year, licence)
    needed = wanted(work)
    return keep(work, needed, checked(file, needed, progress), words, edition_id or new_id())


def wanted(work: Work) -> Wanted:
    """The areas of the edition in use; raises InvalidInput where there are none."""
    areas.may_manage(work)
    edition = areas.current(work)
    if edition is None:
        raise InvalidInput({"file": FIRST_FIGURES})
    codes = work.session.scalars(select(AreaRow.code).where(AreaRow.edition_id == edition.id))
    return Wanted(edition.id, frozenset(codes))


def checked(file: IO[bytes], needed: Wanted, progress: Progress = lambda features: None) -> Boundaries:
    """Read a file from beginning to end; raises FaultyBoundaries. Touches no database."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8-sig")
    reading = BoundaryFile(needed.codes)
    try:
        found = reading.read(text, progress)
    finally:
        text.detach()  # the file stays open
    if found is None:
        raise FaultyBoundaries(reading.problems)
    return found


def keep(work: Work, needed: Wanted, found: Boundaries, words: Mapping[str, str], edition_id: str) -> BoundaryEdition:
    """Write checked boundaries as the newest edition. The same `edition_id` again gives what it made."""
    areas.may_manage(work)
    existing = work.session.get(BoundaryEdition, edition_id)
    if existing is not None:
        return existing
    edition = BoundaryEdition(
        id=edition_id,
        number=(work.session.scalar(select(func.max(BoundaryEdition.number))) or 0) + 1,
        area_edition_id=needed.edition_id,
        areas=len(found.areas),
        metres=found.metres,
        whole=packed_parts(found.whole),
        imported_by=work.actor.person_id or None,
        imported_at=work.now,
        **words,
    )
    try:
        with work.session.begin_nested():
            work.session.add(edition)
    except IntegrityError:
        raise NotNow("Somebody else is importing boundaries at this moment. Try again.") from None
    rows = [_row(code, parts, edition_id) for code, parts in found.areas.items()]
    for first in range(0, len(rows), BATCH):
        work.session.execute(insert(AreaBoundary), rows[first : first + BATCH])
    name = f"Boundaries, edition {edition.number}"
    record(work, "import_boundaries", subject=name, detail={**words, "edition": edition_id, "areas": len(rows)})
    return edition


def _row(code: str, parts: Any, edition_id: str) -> dict[str, Any]:
    across = [x for part in parts for x, _ in part[0]]
    up = [y for part in parts for _, y in part[0]]
    box = {"west": min(across), "south": min(up), "east": max(across), "north": max(up)}
    return {"edition_id": edition_id, "code": code, "parts": packed_parts(parts), **box}


# Reading -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """One edition, with the area figures it was imported for and how many of their areas have no outline in it."""

    edition: BoundaryEdition
    figures: AreaEdition

    @property
    def missing(self) -> int:
        return int(self.figures.sums["areas"]) - self.edition.areas


def editions(work: Work) -> list[Kept]:
    """Every edition, newest first; administrators only."""
    areas.may_manage(work)
    rows = work.session.execute(
        select(BoundaryEdition, AreaEdition)
        .join(AreaEdition, AreaEdition.id == BoundaryEdition.area_edition_id)
        .order_by(BoundaryEdition.number.desc())
    )
    return [Kept(edition, figures) for edition, figures in rows]


def source_of(edition: BoundaryEdition) -> str:
    """Source, year and licence in the words printed under a map."""
    return source_words(edition.source, edition.year, edition.licence)


# Maps ----------------------------------------------------------------------------------------------------------


def map_of_case(work: Work, case: Case, codes: Collection[str]) -> PlacesMap | None:
    """The map of the areas chosen in this version."""
    figures = case.version.area_edition
    return map_of(work, figures, codes) if figures is not None else None


def map_of(work: Work, figures: AreaEdition, codes: Collection[str]) -> PlacesMap | None:
    """The map of these areas; None without boundaries, or without those of any of them. Two queries at most.

    It is drawn from the newest boundaries made for these figures, or else from the newest: later figures about the
    same areas need no new boundaries.
    """
    found = _extent(work, figures, codes) if codes else None
    if found is None:
        return None
    edition, box = found
    whole = unpacked_parts(edition.whole)
    frame = map_making.frame_round(box, whole)
    near = _near(work, edition, figures, frame)
    mine = frozenset(codes)
    chosen = [area for area in near if area.code in mine]
    if not chosen or len(near) > MOST_NEAR:
        return None
    missing = len(mine) - len(chosen)
    return map_making.draw(chosen, near, frame, whole, edition.metres, source_of(edition), missing)


def _extent(work: Work, figures: AreaEdition, codes: Collection[str]) -> tuple[BoundaryEdition, Box] | None:
    """The boundaries to draw from, and the box in which these areas lie."""
    edges = (func.min(AreaBoundary.west), func.min(AreaBoundary.south),
             func.max(AreaBoundary.east), func.max(AreaBoundary.north))  # fmt: skip
    row = work.session.execute(
        select(BoundaryEdition, *edges)
        .join(AreaBoundary, AreaBoundary.edition_id == BoundaryEdition.id)
        .where(AreaBoundary.code.in_(codes))
        .group_by(BoundaryEdition.id)
        .order_by((BoundaryEdition.area_edition_id == figures.id).desc(), BoundaryEdition.number.desc())
        .limit(1)
    ).first()
    return (row[0], (row[1], row[2], row[3], row[4])) if row is not None else None


def _near(work: Work, edition: BoundaryEdition, figures: AreaEdition, frame: Box) -> list[Placed]:
    """The areas in the frame, at most one more than a map can show."""
    west, south, east, north = (round(edge) for edge in frame)
    rows: Iterable[Any] = work.session.execute(
        select(AreaRow.code, AreaRow.ward_code, AreaRow.ward_name, AreaRow.local_fifth, AreaBoundary.parts)
        .join(AreaBoundary, AreaBoundary.code == AreaRow.code)
        .where(
            AreaRow.edition_id == figures.id,
            AreaBoundary.edition_id == edition.id,
            AreaBoundary.west < east,
            AreaBoundary.east > west,
            AreaBoundary.south < north,
            AreaBoundary.north > south,
        )
        .order_by(AreaRow.code)
        .limit(MOST_NEAR + 1)
    )
    return [Placed(code, ward, name, fifth, unpacked_parts(parts)) for code, ward, name, fifth, parts in rows]
