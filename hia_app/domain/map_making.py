"""Makes the map of chosen places out of kept outlines: a frame, what is in it, and as few points as will do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hia_app.domain.boundaries import ACROSS
from hia_app.domain.outlines import Parts, Point, lines_of, parts_of, polygons, valid
from hia_app.domain.places_map import FRAME, MapArea, MapWard, PlacesMap, Whereabouts

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

MARGIN = 0.12  # of the chosen areas' own size, on each side
CLOSEST = ACROSS // 12  # steps of the kept grid: a map of one small street shows its surroundings too
NEARLY_ALL = 0.7  # a frame this much of the whole council shows all of it
DETAILS = (5, 8, 12, 18, 27, 40)  # steps of FRAME: what is smaller is smoothed away
WANTED_POINTS = 5_000  # of all areas; more are smoothed away, until there is nothing left to smooth
MOST_POINTS = 20_000  # of a map, which a record keeps for ever
SMALLEST_NUMBERED = 1_500  # square steps: in a smaller area there is no room for a figure

Box = tuple[float, float, float, float]  # west, south, east, north on the kept grid


@dataclass(frozen=True, slots=True)
class Placed:
    """A small area with its kept outline."""

    code: str
    ward_code: str
    ward_name: str
    fifth: int | None
    parts: Parts


def frame_round(box: Box, whole: Parts) -> Box:
    """What the map shows, in the shape of FRAME: the chosen areas, which lie in `box`, with a margin; or all areas."""
    west, south, east, north = box
    margin = MARGIN * max(east - west, north - south)
    frame = _shaped(west - margin, south - margin, east + margin, north + margin, CLOSEST)
    if not whole:
        return frame
    everything = _everything(whole)
    if frame[2] - frame[0] >= NEARLY_ALL * (everything[2] - everything[0]):
        return everything
    # Moved so that it does not look beyond the council more than the picture of all of it does.
    x = max(everything[0] - frame[0], 0) + min(everything[2] - frame[2], 0)
    y = max(everything[1] - frame[1], 0) + min(everything[3] - frame[3], 0)
    return frame[0] + x, frame[1] + y, frame[2] + x, frame[3] + y


def _everything(whole: Parts) -> Box:
    """The frame that shows the whole council."""
    west, south, east, north = bounds(whole)
    slack = 0.02 * max(east - west, north - south)
    return _shaped(west - slack, south - slack, east + slack, north + slack, CLOSEST)


def draw(
    chosen: Sequence[Placed], near: Sequence[Placed], frame: Box, whole: Parts, metres: int, source: str, missing: int
) -> PlacesMap | None:
    """The map; None when it would be too large. `near` are the areas in the frame, chosen ones too."""
    drawn = _drawn(chosen, near, frame)
    if drawn.points > MOST_POINTS:
        drawn = replace(drawn, borders=())
    if drawn.points > MOST_POINTS:
        return None
    across = max(1, round((frame[2] - frame[0]) * metres / ACROSS))
    return replace(drawn, metres=across, missing=missing, whereabouts=_whereabouts(whole, frame), source=source)


def _drawn(chosen: Sequence[Placed], near: Sequence[Placed], frame: Box) -> PlacesMap:
    import shapely

    mine = {area.code for area in chosen}
    areas = [*chosen, *(area for area in near if area.code not in mine)]
    shapes = _on_paper(polygons([area.parts for area in areas]), frame)
    for detail in DETAILS:
        shapes = shapely.coverage_simplify(shapes, detail)
        if shapely.get_num_coordinates(shapes).sum() <= WANTED_POINTS:
            break
    shapes = valid(shapes)
    taken, others = shapes[: len(chosen)], shapes[len(chosen) :]
    lines = shapely.line_merge(shapely.unary_union(shapely.boundary(others))) if len(others) else None
    return PlacesMap(
        areas=tuple(_area(area, shape) for area, shape in zip(chosen, taken, strict=True)),
        wards=tuple(_wards(areas, shapes, len(chosen))),
        around=parts_of(_together(taken)),
        borders=tuple(lines_of(_clipped(lines))) if lines is not None else (),
        metres=0,
    )


def _area(area: Placed, shape: BaseGeometry) -> MapArea:
    middle, room = _middle(shape)
    return MapArea(area.fifth, parts_of(shape), middle, room)


def _together(shapes: Any) -> BaseGeometry:
    """Areas as one. Neighbours share their edges, which makes it quick; where a file is untidy, the slow way."""
    import shapely

    try:
        one = shapely.coverage_union_all(shapes)
    except shapely.GEOSException:
        one = None
    return one if one is not None and one.is_valid else shapely.unary_union(shapes)


def _wards(areas: Sequence[Placed], shapes: Any, chosen: int) -> list[MapWard]:
    """The wards in the frame by name. The name of one stands where its areas are not chosen, if there are any."""
    members: dict[tuple[str, str], list[int]] = {}
    for place, area in enumerate(areas):
        members.setdefault((area.ward_name, area.ward_code), []).append(place)
    found = []
    for (name, _), places in sorted(members.items()):
        inside = _clipped(_together(shapes[places]))
        free = _clipped(_together(shapes[[place for place in places if place >= chosen]]))
        if inside.area > 0:
            middle, _ = _middle(free if free.area > inside.area / 5 else inside)
            found.append(MapWard(name, sum(1 for place in places if place < chosen), parts_of(inside), middle))
    return found


def _middle(shape: Any) -> tuple[Point, int]:
    """The centre and radius of the largest circle inside; a small shape's own centre, with no room."""
    import shapely

    if shape.area < SMALLEST_NUMBERED:
        return (round(shape.centroid.x), round(shape.centroid.y)) if not shape.is_empty else (0, 0), 0
    radius = shapely.maximum_inscribed_circle(shape, tolerance=2)
    x, y = shapely.get_coordinates(radius)[0]
    return (round(x), round(y)), round(shapely.length(radius))


def _whereabouts(whole: Parts, frame: Box) -> Whereabouts | None:
    """Where in the council the frame is; nothing where it shows all of it."""
    if not whole:
        return None
    everything = _everything(whole)
    if frame == everything:
        return None
    scale = FRAME[0] / (everything[2] - everything[0])
    x, y = (frame[0] - everything[0]) * scale, (everything[3] - frame[3]) * scale
    width, height = (frame[2] - frame[0]) * scale, (frame[3] - frame[1]) * scale
    parts = parts_of(_on_paper(polygons([whole])[0], everything))
    return Whereabouts(parts, (round(x), round(y), round(width), round(height)))


def _on_paper(shapes: Any, frame: Box) -> Any:
    """From the kept grid, whose y runs to the north, to the steps of the map's frame, whose y runs down."""
    import shapely

    scale = FRAME[0] / (frame[2] - frame[0])
    return shapely.transform(shapes, lambda points: (points - (frame[0], frame[3])) * (scale, -scale))


def _clipped(shape: Any) -> Any:
    import shapely

    return shapely.clip_by_rect(shape, 0, 0, *FRAME)


def _shaped(west: float, south: float, east: float, north: float, least: float) -> Box:
    """The box made wider or higher about its middle until it has the shape of FRAME."""
    width = max(east - west, (north - south) * FRAME[0] / FRAME[1], least)
    height = width * FRAME[1] / FRAME[0]
    x, y = (west + east) / 2, (south + north) / 2
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def bounds(parts: Parts) -> Box:
    """The box round an outline."""
    points = [point for part in parts for point in part[0]]
    across, up = [x for x, _ in points], [y for _, y in points]
    return min(across), min(up), max(across), max(up)
