"""How the map of chosen places is drawn: grey ground, the chosen areas dark or light by fifth, names, a key, a scale.

Fifths differ in lightness, and carry their number wherever there is room, so that no colour is needed to read them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from hia_app.domain.chart_shapes import GRID, INK, PAPER, Box, Drawing, Line, Outline, Shape, Words
from hia_app.domain.outlines import Parts, Ring
from hia_app.domain.places_map import FRAME, MapArea, MapWard, PlacesMap

FILLS = ("#0c2c56", "#2c62a0", "#6ea0d0", "#b9d6ee", "#ffffff")
"""From the most deprived fifth to the least: ever lighter, also in grey."""
WITHOUT_FIFTH = "#6ea0d0"
GROUND, QUIET, WARD, INNER = "#e1e4e6", "#f7f8f8", "#7d868c", "#9fb1c2"
DARK = 2  # the first two fills take white figures
KEY = 122.0  # width of the key beside the picture
NAMES, NAMES_NARROW = 12, 8
MOST_HIDDEN = 8  # one name may hide one in so many of the chosen areas
MOVES = (0.0, -1.5, 1.5, -3.0, 3.0)  # where a name is tried, in lines up or down

Place = tuple[float, float]
Plate = tuple[float, float, float, float]  # left, top, right, bottom


def layout(found: PlacesMap, width: float) -> Drawing:
    """The picture with its key beside it, or below it on narrow paper."""
    beside = width >= 420
    across = width - KEY - 12 if beside else width
    picture = _Picture(found, across, *((9.0, NAMES) if beside else (11.0, NAMES_NARROW)))
    below = picture.height + 20
    shapes = [*picture.shapes(), *_scale_bar(found, across, picture.height + 14, 9.5 if beside else 12.0)]
    if beside:
        left = across + 12
        key, bottom = _key(found, left, 0, 10.5)
        there = _whereabouts(found, left, max(bottom + 14, picture.height - 96), KEY, 10.5)
        return Drawing(width, max(below, bottom), (*shapes, *key, *there))
    key, bottom = _key(found, 0, below + 8, 12.0)
    there = _whereabouts(found, 190, below + 8, width - 190, 12.0)
    return Drawing(width, bottom, (*shapes, *key, *there))


class _Picture:
    """The map itself, its top left corner at 0, 0."""

    def __init__(self, found: PlacesMap, width: float, size: float, names: int) -> None:
        self.found, self.width, self.size, self.most_names = found, width, size, names
        self.scale = width / FRAME[0]
        self.height = FRAME[1] * self.scale

    def shapes(self) -> Iterator[Shape]:
        found = self.found
        for ward in found.wards:
            yield Outline(self._rings(ward.parts), GROUND)
        if found.borders:
            yield Outline(tuple(self._line(line) for line in found.borders), "", QUIET, 0.7, closed=False)
        for fifth, fill in enumerate((*FILLS, WITHOUT_FIFTH), 1):
            of_this = [area.parts for area in found.areas if (area.fifth or len(FILLS) + 1) == fifth]
            if of_this:
                yield Outline(tuple(ring for parts in of_this for ring in self._rings(parts)), fill, INNER, 0.5)
        for ward in found.wards:
            yield Outline(self._rings(ward.parts), "", WARD, 0.9)
        yield Outline(self._rings(found.around), "", INK, 1.5)
        yield Box(0, 0, self.width, self.height, "", GRID)
        names = list(self._names())
        plates = [plate for _, plate in names]
        for area in found.areas:
            yield from self._number(area, plates)
        for words, plate in names:
            yield Box(plate[0], plate[1], plate[2] - plate[0], plate[3] - plate[1], PAPER)
            yield words

    def _number(self, area: MapArea, plates: Sequence[Plate]) -> Iterator[Shape]:
        x, y, room = area.middle[0] * self.scale, area.middle[1] * self.scale, area.room * self.scale
        size = min(self.size, room * 1.5)
        if area.fifth is None or size < self.size * 0.72:
            return
        half = size / 2
        if not any(_overlap((x - half, y - half, x + half, y + half), plate) for plate in plates):
            colour = PAPER if area.fifth <= DARK else INK
            yield Words(x, y + size * 0.35, str(area.fifth), size, "middle", True, colour)

    def _names(self) -> Iterator[tuple[Words, Plate]]:
        """Names of wards where there is room and they hide little, those with chosen areas first."""
        taken: list[Plate] = []
        for ward in sorted(self.found.wards, key=lambda ward: (-ward.chosen, ward.name)):
            words = " ".join(ward.name.split())
            plates = [plate for plate in self._plates(ward, words) if not any(_overlap(plate, one) for one in taken)]
            hidden = {plate: self._hidden(plate) for plate in plates}
            most = max(1, len(self.found.areas) // MOST_HIDDEN) if ward.chosen else 0
            plate = min(plates, key=lambda one: (hidden[one], plates.index(one)), default=None)
            if plate is None or hidden[plate] > most:
                continue
            taken.append(plate)
            middle, foot = (plate[0] + plate[2]) / 2, (plate[1] + plate[3]) / 2 + self.size * 0.34
            yield Words(middle, foot, words, self.size, "middle", bool(ward.chosen)), plate
            if len(taken) == self.most_names:
                return

    def _plates(self, ward: MapWard, words: str) -> Iterator[Plate]:
        """Where the name of a ward could stand, its middle within the ward, the best place first."""
        half, high = len(words) * self.size * 0.26 + 2, self.size * 0.62
        if not words or half + 2 > self.width / 2:
            return
        x = min(max(ward.middle[0] * self.scale, half + 2), self.width - half - 2)
        for lines in MOVES:
            y = ward.middle[1] * self.scale + lines * self.size
            y = min(max(y, high + 2), self.height - high - 2)
            if _inside(x / self.scale, y / self.scale, ward.parts):
                yield x - half, y - high, x + half, y + high

    def _hidden(self, plate: Plate) -> int:
        """How many of the chosen areas a name would cover in their middle."""
        middles = ((area.middle[0] * self.scale, area.middle[1] * self.scale) for area in self.found.areas)
        return sum(1 for x, y in middles if plate[0] - 3 < x < plate[2] + 3 and plate[1] - 3 < y < plate[3] + 3)

    def _rings(self, parts: Parts) -> tuple[tuple[Place, ...], ...]:
        return tuple(self._line(ring) for part in parts for ring in part)

    def _line(self, ring: Ring) -> tuple[Place, ...]:
        return tuple((x * self.scale, y * self.scale) for x, y in ring)


def _key(found: PlacesMap, x: float, y: float, size: float) -> tuple[list[Shape], float]:
    """What the fills mean, with how many areas have each; and where the key ends."""
    shapes: list[Shape] = []
    step = size + 8
    fifths = ((1, "most deprived"), (2, ""), (3, ""), (4, ""), (5, "least deprived")) if found.has_fifths else ()
    head = "Chosen, by local fifth" if fifths else "Chosen"
    shapes.append(Words(x, y + size, head, size, bold=True))
    y += size + 7
    for fifth, words in fifths:
        shapes += _swatch(x, y, size, FILLS[fifth - 1])
        colour = PAPER if fifth <= DARK else INK
        shapes.append(Words(x + 10, y + size * 0.92, str(fifth), size * 0.9, "middle", True, colour))
        count = f"{found.in_fifth(fifth):,}"
        shapes.append(Words(x + 27, y + size * 0.95, f"{words}: {count}" if words else count, size))
        y += step
    if not fifths:
        shapes += _swatch(x, y, size, WITHOUT_FIFTH)
        shapes.append(Words(x + 27, y + size * 0.95, f"{len(found.areas):,}", size))
        y += step
    shapes.append(Box(x, y, 20, size + 3, GROUND))
    shapes.append(Words(x + 27, y + size * 0.95, "not chosen", size))
    y += step
    shapes.append(Line(x, y + size / 2, x + 20, y + size / 2, WARD, 1.4))
    shapes.append(Words(x + 27, y + size * 0.95, "ward boundary", size))
    return shapes, y + step


def _swatch(x: float, y: float, size: float, fill: str) -> Iterator[Shape]:
    yield Box(x, y, 20, size + 3, fill)
    yield Outline((((x, y), (x + 20, y), (x + 20, y + size + 3), (x, y + size + 3)),), "", INK, 0.8)


def _whereabouts(found: PlacesMap, x: float, y: float, width: float, size: float) -> Iterator[Shape]:
    """The whole council, small, with a box round what the map shows."""
    there = found.whereabouts
    if there is None:
        return
    yield Words(x, y + size, "In the council", size, bold=True)
    top, scale = y + size + 6, min(width, 110) / FRAME[0]
    rings = [tuple((x + px * scale, top + py * scale) for px, py in ring) for part in there.parts for ring in part]
    yield Outline(tuple(rings), GROUND, WARD, 0.9)
    left, up, across, down = (number * scale for number in there.frame)
    corners = ((left, up), (left + across, up), (left + across, up + down), (left, up + down))
    yield Outline((tuple((x + px, top + py) for px, py in corners),), "", INK, 1.6)


def _scale_bar(found: PlacesMap, width: float, y: float, size: float) -> Iterator[Shape]:
    """A round distance, between an eighth and a third of the picture."""
    most = found.metres / 3
    power = 10.0 ** math.floor(math.log10(max(most, 1)))
    metres = next(factor * power for factor in (5, 2, 1) if factor * power <= max(most, 1))
    long = width * metres / found.metres
    yield Line(0.6, y, long, y, INK, 1.2)
    for end in (0.6, long):
        yield Line(end, y - 4, end, y + 1, INK, 1.2)
    words = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    yield Words(long + 6, y + 1, f"{words}. North is at the top.", size)


def _inside(x: float, y: float, parts: Parts) -> bool:
    """Whether a point lies within an outline: a line from it to the west crosses an odd number of edges."""
    edges = (edge for part in parts for ring in part for edge in pairwise((*ring, ring[0])))
    level = (((x1, y1), (x2, y2)) for (x1, y1), (x2, y2) in edges if (y1 > y) != (y2 > y))
    return sum(1 for (x1, y1), (x2, y2) in level if x > x1 + (x2 - x1) * (y - y1) / (y2 - y1)) % 2 == 1


def _overlap(one: Plate, other: Plate) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
