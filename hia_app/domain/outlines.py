"""Outlines of small areas on a grid of whole numbers: how they are written down, and how they become polygons.

An outline has parts (islands); a part is its outer ring and then its holes; a ring is points, the last of which joins
the first. Written down, a ring is one list: x, y of the first point, then the steps to each point after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Point = tuple[int, int]
Ring = tuple[Point, ...]
Part = tuple[Ring, ...]
Parts = tuple[Part, ...]

POLYGON, MULTIPOLYGON = 3, 6  # what shapely calls them


def packed(ring: Ring) -> list[int]:
    """Points as one list of whole numbers: the first point, then steps."""
    steps = ((x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(ring))
    return [number for point in (*ring[:1], *steps) for number in point]


def unpacked(numbers: Sequence[int]) -> Ring:
    """The points again."""
    x = y = 0
    ring = []
    for place in range(0, len(numbers) - 1, 2):
        x, y = x + numbers[place], y + numbers[place + 1]
        ring.append((x, y))
    return tuple(ring)


def packed_parts(parts: Parts) -> list[list[list[int]]]:
    return [[packed(ring) for ring in part] for part in parts]


def unpacked_parts(stored: Sequence[Sequence[Sequence[int]]]) -> Parts:
    return tuple(tuple(unpacked(ring) for ring in part) for part in stored)


def points_in(parts: Parts) -> int:
    """How many points an outline has."""
    return sum(len(ring) for part in parts for ring in part)


def polygons(outlines: Sequence[Parts]) -> Any:
    """Outlines as an array of geometries, made valid where rounding let one touch itself."""
    import shapely

    rings, ring_of, part_of = list[Ring](), list[int](), list[int]()
    for number, parts in enumerate(outlines):
        for part in parts:
            rings += part
            ring_of += [len(part_of)] * len(part)
            part_of.append(number)
    points = np.array([point for ring in rings for point in ring], dtype=float)
    closed: Any = shapely.linearrings(points, indices=np.repeat(np.arange(len(rings)), [len(ring) for ring in rings]))
    return valid(shapely.multipolygons(shapely.polygons(closed, indices=ring_of), indices=part_of))


def valid(shapes: Any) -> Any:
    """An array of geometries with those repaired that need it."""
    import shapely

    for place in np.flatnonzero(~shapely.is_valid(shapes)):
        shapes[place] = only_polygons(shapely.make_valid(shapes[place]))
    return shapes


def only_polygons(shape: BaseGeometry) -> BaseGeometry:
    """The parts of a geometry that enclose something; empty where there are none."""
    import shapely

    pieces = [piece for piece in shapely.get_parts(shapely.get_parts(shape)) if piece.geom_type == "Polygon"]
    return shapely.MultiPolygon([piece for piece in pieces if not piece.is_empty and piece.area > 0])


def parts_of(shape: BaseGeometry) -> Parts:
    """A geometry's polygons with their points rounded to the grid; parts too small for it are left out."""
    import shapely

    found = []
    for piece in shapely.get_parts(shape):
        if piece.geom_type != "Polygon" or piece.is_empty:
            continue
        rings = [rounded(shapely.get_coordinates(ring))[:-1] for ring in (piece.exterior, *piece.interiors)]
        if len(rings[0]) > 2:
            found.append((rings[0], *(ring for ring in rings[1:] if len(ring) > 2)))
    return tuple(found)


def lines_of(shape: BaseGeometry) -> Iterator[Ring]:
    """A geometry's lines with their points rounded to the grid."""
    import shapely

    for piece in shapely.get_parts(shape):
        if piece.geom_type == "LineString" and len(line := rounded(shapely.get_coordinates(piece))) > 1:
            yield line


def rounded(coordinates: Any) -> Ring:
    """Points on the grid, those left out that repeat the one before."""
    points = np.rint(coordinates).astype(int).tolist()
    return tuple((x, y) for place, (x, y) in enumerate(points) if place == 0 or [x, y] != points[place - 1])
