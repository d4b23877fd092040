"""The map of chosen places: its frame, its words and its table, and that what is drawn is what is frozen."""

import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest

from hia_app.domain import charts, places_map
from hia_app.domain.boundaries import ACROSS
from hia_app.domain.chart_layout import NARROW, WIDE, Outline, Words, layout
from hia_app.domain.map_layout import FILLS
from hia_app.domain.map_making import MOST_POINTS, Box, Placed, bounds, draw, frame_round
from hia_app.domain.outlines import Parts
from hia_app.domain.places_map import FRAME, PlacesMap
from hia_app.domain.record import canonical
from hia_app.web.svg import svg

SIDE = ACROSS // 10
WHOLE: Parts = ((((0, 0), (ACROSS, 0), (ACROSS, ACROSS), (0, ACROSS)),),)


def placed(column: int, row: int, fifth: int | None = 1) -> Placed:
    """One of a hundred squares; the wards are the columns."""
    x, y = column * SIDE, row * SIDE
    ring = ((x, y), (x + SIDE, y), (x + SIDE, y + SIDE), (x, y + SIDE))
    return Placed(f"E01{column:03d}{row:03d}", f"E05{column:06d}", f"Ward {column}", fifth, ((ring,),))


EVERYWHERE = [placed(column, row) for column in range(10) for row in range(10)]
CHOSEN = [placed(4, 4, 1), placed(4, 5, 1), placed(5, 4, 5)]


def frame_of(chosen: list[Placed]) -> Box:
    edges = [bounds(area.parts) for area in chosen]
    west, south, east, north = zip(*edges, strict=True)
    return frame_round((min(west), min(south), max(east), max(north)), WHOLE)


def drawn(chosen: list[Placed] = CHOSEN, missing: int = 0) -> PlacesMap:
    found = draw(chosen, EVERYWHERE, frame_of(chosen), WHOLE, 20_000, "Made up", missing)
    assert found is not None
    return found


def test_the_frame_is_round_the_chosen_areas_and_the_key_says_where_that_is() -> None:
    found = drawn()
    west, south, east, north = frame_of(CHOSEN)
    assert west < 4 * SIDE < 6 * SIDE < east
    assert south < 4 * SIDE < 6 * SIDE < north
    assert (east - west) / (north - south) == pytest.approx(FRAME[0] / FRAME[1])
    assert found.metres == pytest.approx(20_000 * (east - west) / ACROSS, abs=1)
    assert found.whereabouts is not None
    x, y, width, height = found.whereabouts.frame
    assert 0 < x < x + width < FRAME[0]
    assert 0 < y < y + height < FRAME[1]
    assert [(ward.name, ward.chosen) for ward in found.in_wards] == [("Ward 4", 2), ("Ward 5", 1)]


def test_nearly_everything_is_everything() -> None:
    everything = frame_of([placed(0, 0), placed(9, 8)])
    assert everything[0] < 0
    assert everything[3] > ACROSS
    assert drawn([placed(0, 0), placed(9, 8)]).whereabouts is None


def test_north_is_at_the_top_and_nothing_leaves_the_frame() -> None:
    found = drawn()
    south, north = found.areas[0], found.areas[1]
    assert north.middle[1] < south.middle[1]
    outlines = [*(area.parts for area in found.areas), *(ward.parts for ward in found.wards), found.around]
    points = [point for parts in outlines for part in parts for ring in part for point in ring]
    points += [point for line in found.borders for point in line]
    assert all(0 <= x <= FRAME[0] and 0 <= y <= FRAME[1] for x, y in points)


def test_the_words_say_how_many_are_in_the_most_deprived_fifth() -> None:
    found = drawn(missing=2)
    assert charts.title(found) == "2 of the 3 chosen small areas are in the council’s most deprived fifth"
    assert charts.alt_text(found) == (
        "Map with 3 chosen small areas, by ward: Ward 4 (2), Ward 5 (1). By local deprivation fifth: 2 in the most "
        "deprived fifth, 1 in the least deprived fifth. "
        "2 chosen small areas are not on the map: the file has no outline."
    )
    table = charts.table(found)
    assert [row[1] for row in table.rows] == ["2", "0", "0", "0", "1"]


@pytest.mark.parametrize(
    ("fifths", "title"),
    [
        ([1, 1], "All 2 chosen small areas are in the council’s most deprived fifth"),
        ([1, 5], "1 of the 2 chosen small areas is in the council’s most deprived fifth"),
        ([3, 5], "None of the 2 chosen small areas are in the council’s most deprived fifth"),
        ([1], "The chosen small area is in the council’s most deprived fifth"),
        ([2], "The chosen small area is in the second most deprived fifth"),
        ([None, None], "Where the 2 chosen small areas are"),
        ([None], "Where the 1 chosen small area is"),
    ],
)
def test_titles(fifths: list[int | None], title: str) -> None:
    assert charts.title(drawn([placed(4, place, fifth) for place, fifth in enumerate(fifths)])) == title


def test_what_is_frozen_draws_the_very_same_map() -> None:
    found = drawn()
    frozen = json.loads(canonical(places_map.to_json(found)))
    assert places_map.from_json(frozen) == found
    assert svg(places_map.from_json(frozen)) == svg(found)


def test_fifths_grow_lighter_and_carry_their_number() -> None:
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        return 0.3 * red + 0.59 * green + 0.11 * blue

    steps = [lightness(fill) for fill in FILLS]
    assert all(after - before > 30 for before, after in pairwise(steps))
    for width in (WIDE, NARROW):
        shapes = layout(drawn(), width).shapes
        said = [shape.text for shape in shapes if isinstance(shape, Words)]
        assert said.count("1") == 3  # two areas and the key
        assert said.count("5") == 2
        assert {"Ward 4", "Ward 5", "In the council", "most deprived: 2"} <= set(said)
        assert {FILLS[0], FILLS[4]} <= {shape.fill for shape in shapes if isinstance(shape, Outline)}


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_everything_is_on_the_paper(width: float) -> None:
    drawing = layout(drawn(), width)
    for shape in drawing.shapes:
        if isinstance(shape, Outline):
            assert all(-1 < x < width + 1 and -1 < y < drawing.height + 1 for ring in shape.rings for x, y in ring)
        if isinstance(shape, Words):
            long = len(shape.text) * shape.size * 0.5
            start = shape.x - {"start": 0, "middle": long / 2, "end": long}[shape.anchor]
            assert start >= -1, shape
            assert start + long <= width + 1, shape


def test_a_page_takes_few_letters_and_no_styles() -> None:
    page = svg(drawn([placed(column, row) for column in range(10) for row in range(10)]))
    assert len(page) < 30_000
    assert "style" not in page
    assert re.search(r'<path d="M[\d. -]+l[\d. -]+z', page)


def test_a_map_that_would_fill_a_record_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn().points < MOST_POINTS
    monkeypatch.setattr("hia_app.domain.map_making.MOST_POINTS", 10)
    assert draw(CHOSEN, EVERYWHERE, frame_of(CHOSEN), WHOLE, 20_000, "Made up", 0) is None


def test_a_file_whose_areas_overlap_is_drawn_all_the_same() -> None:
    crooked = replace(placed(5, 4), parts=((((4_900, 3_900), (6_100, 4_100), (6_000, 5_050), (4_950, 5_000)),),))
    assert len(drawn([placed(4, 4), placed(4, 5), crooked]).areas) == 3
