"""The map of chosen places: what it shows, its finding, its words and its table. How it is drawn is in `map_layout.py`.

It is small enough to be frozen with a record, from which it is drawn again; nothing else is needed for that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hia_app.domain.chart_numbers import ChartTable
from hia_app.domain.method import FIFTH_NAMES
from hia_app.domain.outlines import Parts, Point, Ring, packed, packed_parts, unpacked, unpacked_parts

FRAME = (2_000, 1_600)  # steps across and down; x runs to the east and y to the south, as on paper


@dataclass(frozen=True, slots=True)
class MapArea:
    """A chosen area: its local fifth (1 is the most deprived; None where there are no fifths) and its outline.

    `middle` is the centre of the largest circle inside it, and `room` the circle's radius.
    """

    fifth: int | None
    parts: Parts
    middle: Point
    room: int


@dataclass(frozen=True, slots=True)
class MapWard:
    """A ward, or what of it is in the frame: its name and a place for it, and how many of its areas are chosen."""

    name: str
    chosen: int
    parts: Parts
    middle: Point


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The whole council, small, and the part of it that the map shows: x, y, width, height. FRAME steps too."""

    parts: Parts
    frame: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class PlacesMap:
    """The chosen areas among the others. Everything is in steps of FRAME; `metres` is its width on the ground.

    `around` is the edge of the chosen areas together, `borders` are the lines between areas that are not chosen.
    `missing` chosen areas have no outline in the file.
    """

    areas: tuple[MapArea, ...]
    wards: tuple[MapWard, ...]
    around: Parts
    borders: tuple[Ring, ...]
    metres: int
    missing: int = 0
    whereabouts: Whereabouts | None = None
    source: str = ""

    @property
    def in_wards(self) -> list[MapWard]:
        """The wards with chosen areas, most first."""
        return sorted((ward for ward in self.wards if ward.chosen), key=lambda ward: (-ward.chosen, ward.name))

    def in_fifth(self, fifth: int | None) -> int:
        return sum(1 for area in self.areas if area.fifth == fifth)

    @property
    def has_fifths(self) -> bool:
        return any(area.fifth for area in self.areas)

    @property
    def points(self) -> int:
        """How many points all of it has."""
        shapes = (*(area.parts for area in self.areas), *(ward.parts for ward in self.wards), self.around)
        return sum(len(ring) for parts in shapes for part in parts for ring in part) + sum(map(len, self.borders))


# Words ---------------------------------------------------------------------------------------------------------


def title(found: PlacesMap) -> str:
    """How many of the chosen areas are in the most deprived fifth."""
    count, first = len(found.areas), found.in_fifth(1)
    if not found.has_fifths:
        return f"Where the {_areas(count, 'chosen ')} {'is' if count == 1 else 'are'}"
    there = "in the council’s most deprived fifth"
    if count == 1:
        return f"The chosen small area is {there if first else f'in {_fifth(found.areas[0].fifth)}'}"
    if first == count:
        return f"All {count:,} chosen small areas are {there}"
    return f"{f'{first:,}' if first else 'None'} of the {count:,} chosen small areas {_are(first)} {there}"


def alt_text(found: PlacesMap) -> str:
    """The map in words: how many areas, in which wards, in which fifths."""
    wards = [f"{ward.name} ({ward.chosen:,})" for ward in found.in_wards]
    more = f" and {len(wards) - 12:,} more wards" if len(wards) > 12 else ""
    where = f", by ward: {', '.join(wards[:12])}{more}" if wards else ""
    said = [f"Map with {_areas(len(found.areas), 'chosen ')}{where}."]
    if found.has_fifths:
        fifths = (f"{found.in_fifth(fifth):,} in {_fifth(fifth)}" for fifth in range(1, 6) if found.in_fifth(fifth))
        said.append(f"By local deprivation fifth: {', '.join(fifths)}.")
    return " ".join((*said, *([missing_words(found)] if found.missing else [])))


def missing_words(found: PlacesMap) -> str:
    """What the reader must know about chosen areas that are not on the map."""
    one = found.missing == 1
    return (
        f"{found.missing:,} chosen small {'area is' if one else 'areas are'} not on the map: the file has no outline."
    )


def table(found: PlacesMap) -> ChartTable:
    """How many of the chosen areas are in each local fifth."""
    rows = [(name[:1].upper() + name[1:], f"{found.in_fifth(fifth):,}") for fifth, name in enumerate(FIFTH_NAMES, 1)]
    if none := found.in_fifth(None):
        rows.append(("No fifth is known", f"{none:,}"))
    return ChartTable(
        "Chosen small areas on the map, by local deprivation fifth", ("Fifth", "Small areas"), tuple(rows)
    )


def _areas(count: int, kind: str = "") -> str:
    number = "" if count == 1 and not kind else f"{count:,} "
    return f"{number}{kind}small {'area' if count == 1 else 'areas'}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _fifth(fifth: int | None) -> str:
    return f"the {FIFTH_NAMES[fifth - 1]}" if fifth else "no fifth"


# Frozen with a record ------------------------------------------------------------------------------------------


def to_json(found: PlacesMap) -> dict[str, Any]:
    """Plain values, whole numbers only."""
    there = found.whereabouts
    return {
        "metres": found.metres,
        "missing": found.missing,
        "source": found.source,
        "areas": [
            {"fifth": one.fifth, "parts": packed_parts(one.parts), "middle": [*one.middle], "room": one.room}
            for one in found.areas
        ],
        "wards": [
            {"name": one.name, "chosen": one.chosen, "parts": packed_parts(one.parts), "middle": [*one.middle]}
            for one in found.wards
        ],
        "around": packed_parts(found.around),
        "borders": [packed(line) for line in found.borders],
        "whereabouts": {"parts": packed_parts(there.parts), "frame": [*there.frame]} if there else None,
    }


def from_json(stored: Mapping[str, Any]) -> PlacesMap:
    """The map that was frozen."""
    there = stored["whereabouts"]
    return PlacesMap(
        areas=tuple(
            MapArea(one["fifth"], unpacked_parts(one["parts"]), _point(one["middle"]), one["room"])
            for one in stored["areas"]
        ),
        wards=tuple(
            MapWard(one["name"], one["chosen"], unpacked_parts(one["parts"]), _point(one["middle"]))
            for one in stored["wards"]
        ),
        around=unpacked_parts(stored["around"]),
        borders=tuple(unpacked(line) for line in stored["borders"]),
        metres=stored["metres"],
        missing=stored["missing"],
        whereabouts=_whereabouts(there) if there else None,
        source=stored["source"],
    )


def _whereabouts(stored: Mapping[str, Any]) -> Whereabouts:
    x, y, width, height = stored["frame"]
    return Whereabouts(unpacked_parts(stored["parts"]), (x, y, width, height))


def _point(stored: Sequence[int]) -> Point:
    x, y = stored
    return x, y
