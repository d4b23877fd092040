"""Reads a file of boundaries: the outlines of the small areas in the area figures, checked, and made small to keep."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from hia_app.domain.geojson import FeatureFile, NotGeoJson
from hia_app.domain.outlines import Parts, only_polygons, parts_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

MOST_SHOWN = 200  # problems that are listed; the others are counted
MOST_FEATURES = 100_000
MOST_POINTS = 6_000_000  # of the areas that are kept
ACROSS = 10_000  # steps of the grid along the longer side of everything that is kept
KEPT_DETAIL = 8  # steps: what is smaller than about this is smoothed away
WHOLE_DETAIL = 60  # the same for the outline of the whole council, which is only drawn small
EARTH = 6_371_008.8  # mean radius in metres
_CODE = re.compile(r"(?:lsoa|area)(\d\d)?_?(?:cd|code)", re.IGNORECASE)

DEGREES, METRES = "longitude and latitude", "British National Grid"
_SYSTEMS = {"CRS84": DEGREES, "4326": DEGREES, "4258": DEGREES, "27700": METRES}
_BRITAIN = {DEGREES: (-9.0, 49.0, 2.5, 61.5), METRES: (80_000.0, 5_000.0, 660_000.0, 1_220_000.0)}
_MERCATOR = (-1_100_000.0, 6_000_000.0, 300_000.0, 9_000_000.0)
_WANTED = "Save the file in longitude and latitude (WGS84), as GeoJSON has them, or in British National Grid"


@dataclass(slots=True)
class BoundaryProblems:
    """The first problems in words, each with its feature, and how many there are altogether."""

    first: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, reason: str, feature: int = 0, code: str = "") -> None:
        """`feature` counts from 1; 0 is the file as a whole."""
        self.count += 1
        if len(self.first) < MOST_SHOWN:
            named = f"feature {feature:,}{f' ({code})' if code else ''}: " if feature else ""
            shown = named + reason  # parts of it stood in the file, which can hold anything
            self.first.append("".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in shown))


class _Wrong(ValueError):
    """What is wrong with one feature, in words."""


@dataclass(frozen=True, slots=True)
class Boundaries:
    """What is kept of a file: outlines on a grid of `metres / ACROSS` metres, x to the east and y to the north."""

    areas: Mapping[str, Parts]
    whole: Parts  # the outline of all of them together, coarse
    metres: int  # along the longer side


@dataclass(slots=True)
class BoundaryFile:
    """A file being read, of which the areas with these codes are kept; what is wrong is in `problems` at the end."""

    codes: Collection[str]
    problems: BoundaryProblems = field(default_factory=BoundaryProblems)
    features: int = 0
    _shapes: dict[str, BaseGeometry] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)
    _system: str = ""
    _points: int = 0

    def read(self, file: IO[str], progress: Callable[[int], None] = lambda features: None) -> Boundaries | None:
        """All of it; None when there are problems."""
        source = FeatureFile(file)
        try:
            for feature in source.features():
                self.features += 1
                if self.features > MOST_FEATURES:
                    raise NotGeoJson(f"The file has more than {MOST_FEATURES:,} features")
                self._keep(feature)
                if self.features % 1_000 == 0:
                    progress(self.features)
            self._check_system(source.members.get("crs"))
        except NotGeoJson as wrong:
            self.problems.add(str(wrong))
        if not self.problems.count and not self._shapes:
            self.problems.add(f"None of its {self.features:,} features is a small area of our area figures")
        return None if self.problems.count else _smaller(self._shapes, self._system)

    def _keep(self, feature: Any) -> None:
        code = ""
        try:
            if not isinstance(feature, dict) or feature.get("type") != "Feature":
                raise _Wrong("it is not a GeoJSON feature")
            code = _code(feature.get("properties"))
            if code not in self.codes:
                return
            if code in self._seen:
                raise _Wrong(f"this area has been described before, in feature {self._seen[code]:,}")
            self._seen[code] = self.features
            self._shapes[code] = self._shape(feature.get("geometry"))
        except _Wrong as wrong:
            self.problems.add(str(wrong), self.features, code)

    def _shape(self, geometry: Any) -> BaseGeometry:
        import shapely

        if not isinstance(geometry, dict) or not geometry:
            raise _Wrong("it has no outline")
        kind, polygons = geometry.get("type"), geometry.get("coordinates")
        if kind not in ("Polygon", "MultiPolygon"):
            raise _Wrong(f"an area is a Polygon or a MultiPolygon, not a {str(kind)[:40]}")
        polygons = [polygons] if kind == "Polygon" else polygons
        if not isinstance(polygons, list) or not polygons:
            raise _Wrong("it has no outline")
        parts = []
        for rings in polygons:
            if not isinstance(rings, list) or not rings:
                raise _Wrong("a part of it has no outline")
            outer, *holes = [self._ring(ring) for ring in rings]
            parts.append(shapely.Polygon(outer, holes))
        shape: BaseGeometry = shapely.MultiPolygon(parts)
        if not shape.is_valid:  # an outline that touches or crosses itself somewhere is still a picture of the area
            shape = only_polygons(shapely.make_valid(shape))
        if shape.area == 0:
            raise _Wrong("its outline encloses nothing")
        return shape

    def _ring(self, ring: Any) -> Any:
        if not isinstance(ring, list) or len(ring) < 4:
            raise _Wrong("an outline has fewer than four points")
        for point in ring:
            if not isinstance(point, list) or len(point) < 2 or any(type(one) not in (int, float) for one in point[:2]):
                raise _Wrong("a point of its outline is not a pair of numbers")
        self._points += len(ring)
        if self._points > MOST_POINTS:
            raise NotGeoJson(
                f"The outlines of our areas have more than {MOST_POINTS:,} points. Take the generalised boundaries "
                "(their names end in BGC or BSC)"
            )
        try:
            points = np.array([point[:2] for point in ring], dtype=float)
        except OverflowError:
            raise _Wrong("a point of its outline is not in Britain") from None
        self._place(points)
        if not np.array_equal(points[0], points[-1]):
            raise _Wrong("an outline does not end where it begins")
        return points

    def _place(self, points: Any) -> None:
        """What the numbers are: all of a file are of one kind."""
        (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
        for system, box in _BRITAIN.items():
            if _within(west, south, east, north, box):
                if self._system not in ("", system):
                    raise _Wrong(f"its points are in {system}, those before in {self._system}")
                self._system = system
                return
        if _within(south, west, north, east, _BRITAIN[DEGREES]):
            raise _Wrong("its points have the latitude first; GeoJSON has the longitude first")
        if _within(west, south, east, north, _MERCATOR):
            raise _Wrong(f"its points are in Web Mercator. {_WANTED}")
        raise _Wrong("a point of its outline is not in Britain, in longitude and latitude or British National Grid")

    def _check_system(self, crs: Any) -> None:
        """What the file says its numbers are, where it says so."""
        if crs is None or not self._system:
            return
        properties = crs.get("properties") if isinstance(crs, dict) else None
        name = str(properties.get("name") if isinstance(properties, dict) else "")[:80]
        said = _SYSTEMS.get(re.split(r"[:/#]", name)[-1].upper())
        if said is None:
            raise NotGeoJson(f"The file says that its points are in “{name}”, which is not known here. {_WANTED}")
        if said != self._system:
            raise NotGeoJson(f"The file says that its points are in {said}, but they are in {self._system}")


def _within(west: float, south: float, east: float, north: float, box: Sequence[float]) -> bool:
    return box[0] <= west and box[1] <= south and east <= box[2] and north <= box[3]


def _code(properties: Any) -> str:
    """The code among the properties, such as LSOA21CD; of two years the later one."""
    if not isinstance(properties, dict):
        raise _Wrong("it has no properties, so its code is not known")
    names = {match[1] or "": name for name in properties if (match := _CODE.fullmatch(str(name).strip()))}
    if not names:
        shown = ", ".join(str(name)[:30] for name in list(properties)[:8])
        raise _Wrong(f"none of its properties is a code such as LSOA21CD{f'; it has {shown}' if shown else ''}")
    code = properties[names[max(names)]]
    if not isinstance(code, str) or not code.strip():
        raise _Wrong(f"its {names[max(names)]} is empty")
    return code.strip().upper()[:20]


def _smaller(shapes: Mapping[str, BaseGeometry], system: str) -> Boundaries:
    """The outlines on the grid. Edges between neighbours are simplified once, so that no gaps open between them."""
    import shapely

    codes = sorted(shapes)
    outlines = np.array([shapes[code] for code in codes], dtype=object)
    west, south, east, north = shapely.total_bounds(outlines)
    # Degrees become metres on a plane that is right at the middle latitude: good enough for a picture of one council.
    across, up = 1.0, 1.0
    if system == DEGREES:
        up = math.radians(1) * EARTH
        across = up * math.cos(math.radians((south + north) / 2))
    metres = max((east - west) * across, (north - south) * up)
    step = metres / ACROSS
    grid = np.array([across / step, up / step])
    outlines = shapely.transform(outlines, lambda points: (points - (west, south)) * grid)
    kept = shapely.coverage_simplify(outlines, KEPT_DETAIL)
    together = shapely.unary_union(shapely.make_valid(kept))
    whole = sorted(parts_of(shapely.simplify(together, WHOLE_DETAIL)), key=lambda part: -_area(part[0]))
    areas = {
        code: parts_of(small) or parts_of(large) or _dot(large)
        for code, small, large in zip(codes, kept, outlines, strict=True)
    }
    return Boundaries(areas, tuple(part[:1] for part in whole[:20]), max(1, round(metres)))


def _area(ring: Sequence[tuple[int, int]]) -> float:
    following = (*ring[1:], ring[0])
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, following, strict=True))) / 2


def _dot(shape: BaseGeometry) -> Parts:
    """An area too small for the grid, as its smallest square."""
    x, y = round(shape.centroid.x), round(shape.centroid.y)
    return ((((x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)),),)
