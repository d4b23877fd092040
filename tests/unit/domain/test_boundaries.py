"""A file of boundaries: read piece by piece, every problem named by its feature, outlines that stay together."""

import io
import json
from itertools import pairwise
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hia_app.domain import geojson
from hia_app.domain.boundaries import ACROSS, BoundaryFile
from hia_app.domain.geojson import FeatureFile, NotGeoJson
from hia_app.domain.outlines import packed, polygons, unpacked
from tests.support.areas import code
from tests.support.boundaries import collection, feature, square, squares

OURS = frozenset(code(place) for place in range(1, 10))


def read(content: bytes) -> BoundaryFile:
    reading = BoundaryFile(OURS)
    reading.read(io.StringIO(content.decode()))
    return reading


def problems(*features: Any, **members: Any) -> list[str]:
    return read(collection(features, **members)).problems.first


def shaped(kind: str, coordinates: Any) -> dict[str, Any]:
    return feature(code(1), [], geometry={"type": kind, "coordinates": coordinates})


@pytest.mark.parametrize("degrees", [False, True])
def test_our_areas_are_kept_on_a_grid_and_others_passed_over(degrees: bool) -> None:
    content = squares([*(code(place) for place in range(1, 10)), code(70), "W01000001"], degrees=degrees)
    found = BoundaryFile(OURS).read(io.StringIO(content.decode()))
    assert found is not None
    assert set(found.areas) == OURS
    assert found.metres == pytest.approx(5_000, rel=0.002)
    # nine squares of 1,000 metres in rows of five: the second begins where the first ends
    first, second = (polygons([found.areas[code(place)]])[0] for place in (1, 2))
    assert first.bounds == pytest.approx((0, 0, ACROSS / 5, ACROSS / 5), abs=ACROSS / 500)
    assert shapely.length(first.intersection(second)) == pytest.approx(ACROSS / 5, rel=0.01)


def test_neighbours_are_simplified_along_one_edge() -> None:
    wavy = [[431_000 + (place % 2) * 0.1, 430_000 + place * 10] for place in range(101)]
    left = [[430_000, 430_000], *wavy, [430_000, 431_000], [430_000, 430_000]]
    right = [[432_000, 430_000], [432_000, 431_000], *reversed(wavy), [432_000, 430_000]]
    found = BoundaryFile(OURS).read(io.StringIO(collection([feature(code(1), left), feature(code(2), right)]).decode()))
    assert found is not None
    sides = [
        {frozenset(edge) for part in found.areas[code(place)] for ring in part for edge in pairwise((*ring, ring[0]))}
        for place in (1, 2)
    ]
    assert sum(map(len, sides)) < 40
    assert sides[0] & sides[1]
    left_area, right_area = polygons([found.areas[code(1)], found.areas[code(2)]])
    assert left_area.intersection(right_area).area == 0


def test_holes_and_islands_are_kept() -> None:
    hole = [[430_400, 430_400], [430_400, 430_600], [430_600, 430_600], [430_600, 430_400], [430_400, 430_400]]
    found = BoundaryFile(OURS).read(
        io.StringIO(collection([shaped("MultiPolygon", [[square(0), hole], [square(3)]])]).decode())
    )
    assert found is not None
    assert [len(part) for part in found.areas[code(1)]] == [2, 1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("a text", "feature 2: it is not a GeoJSON feature"),
        ({"type": "Feature", "properties": None}, "feature 2: it has no properties, so its code is not known"),
        (
            feature("", square(1), properties={"FID": 1, "WD24CD": "E05000001"}),
            "feature 2: none of its properties is a code such as LSOA21CD; it has FID, WD24CD",
        ),
        (feature(" ", square(1)), "feature 2: its LSOA21CD is empty"),
        (
            feature("", square(1), properties={"\ud800\x00\x1b[31m": 1}),
            "feature 2: none of its properties is a code such as LSOA21CD; it has \N{REPLACEMENT CHARACTER}"
            "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}[31m",
        ),
        (feature(code(9), square(1)), "feature 2 (E01000009): this area has been described before, in feature 1"),
        (feature(code(1), [], geometry=None), "feature 2 (E01000001): it has no outline"),
        (shaped("Point", [1, 52]), "feature 2 (E01000001): an area is a Polygon or a MultiPolygon, not a Point"),
        (shaped("Polygon", []), "feature 2 (E01000001): a part of it has no outline"),
        (shaped("MultiPolygon", []), "feature 2 (E01000001): it has no outline"),
        (shaped("MultiPolygon", [[]]), "feature 2 (E01000001): a part of it has no outline"),
        (feature(code(1), square(1)[:3]), "feature 2 (E01000001): an outline has fewer than four points"),
        (feature(code(1), square(1)[:4]), "feature 2 (E01000001): an outline does not end where it begins"),
        (
            feature(code(1), [*square(1)[:3], ["1", "2"], square(1)[0]]),
            "feature 2 (E01000001): a point of its outline is not a pair of numbers",
        ),
        (
            feature(code(1), [*square(1)[:3], [True, 2], square(1)[0]]),
            "feature 2 (E01000001): a point of its outline is not a pair of numbers",
        ),
        (feature(code(1), [[10**400, 1]] * 4), "feature 2 (E01000001): a point of its outline is not in Britain"),
        (feature(code(1), [square(1)[0]] * 4), "feature 2 (E01000001): its outline encloses nothing"),
        (
            feature(code(1), square(1, degrees=True)),
            "feature 2 (E01000001): its points are in longitude and latitude, those before in British National Grid",
        ),
    ],
)
def test_a_problem_is_named_by_its_feature(wrong: Any, said: str) -> None:
    assert problems(feature(code(9), square(0)), wrong) == [said]


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        (53.8, -1.55, "have the latitude first"),
        (-172_500, 7_135_000, "are in Web Mercator"),
        (11.5, 48.1, "is not in Britain"),
        (0, 0, "is not in Britain"),
    ],
)
def test_numbers_that_are_no_place_in_britain_are_told_apart(x: float, y: float, said: str) -> None:
    near = [[x, y], [x + 0.01, y], [x + 0.01, y + 0.01], [x, y]]
    (problem,) = problems(feature(code(1), near))
    assert said in problem


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("urn:ogc:def:crs:EPSG::27700", ""),
        ("EPSG:27700", ""),
        ("EPSG:3857", "The file says that its points are in “EPSG:3857”, which is not known here"),
        (
            "urn:ogc:def:crs:OGC:1.3:CRS84",
            "The file says that its points are in longitude and latitude, but they are in British National Grid",
        ),
    ],
)
def test_what_a_file_says_of_its_numbers_must_be_so(name: str, said: str) -> None:
    found = problems(feature(code(1), square(0)), crs={"type": "name", "properties": {"name": name}})
    assert [said in one for one in found] == ([True] if said else [])


def test_a_number_too_large_to_be_kept_is_no_place() -> None:
    (problem,) = read(squares([code(1)]).replace(b"431000.0", b"1e999", 1)).problems.first
    assert problem.startswith("feature 1 (E01000001): a point of its outline is not in Britain")


def test_a_file_without_any_of_our_areas_is_a_problem() -> None:
    assert problems(feature(code(70), square(0))) == ["None of its 1 features is a small area of our area figures"]


def test_an_outline_that_crosses_itself_is_still_a_picture() -> None:
    bow = [[430_000, 430_000], [431_000, 431_000], [431_000, 430_000], [430_000, 431_000], [430_000, 430_000]]
    assert problems(feature(code(1), bow)) == []


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{", '{"type": "FeatureCollection"}', '{"features": []}', '{"type": "Feature", "features": []}',
        '{"type": "FeatureCollection", "features": {}}', '{"type": "FeatureCollection", "features": [1', "PK\x03\x04",
        '{"type": "FeatureCollection", "features": [NaN]}', '{"type": "FeatureCollection", "features": [1,]}',
        '{"type": "FeatureCollection", "features": []} more', '{"type": "FeatureCollection" "features": []}',
        '{"features": [' + "1" * 5_000 + "]}",
        '{"features": [], "features": [], "type": "FeatureCollection"}', '{"features": [' + "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_geojson_is_refused_in_words(text: str) -> None:
    with pytest.raises(NotGeoJson, match=r"^(The file is|The file has)"):
        list(FeatureFile(io.StringIO(text)).features())


@given(st.lists(st.recursive(st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False) | st.none(),
                             lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)),
       st.integers(1, 40), st.integers(-1, 2))  # fmt: skip
def test_features_are_the_same_however_the_file_is_cut(features: list[Any], chunk: int, indent: int) -> None:
    whole = {"name": 12345, "features": features, "type": "FeatureCollection"}
    text = json.dumps(whole, indent=None if indent < 0 else indent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(geojson, "CHUNK", chunk)
        reading = FeatureFile(io.StringIO(text))
        assert list(reading.features()) == features
    assert reading.members == {"name": 12345, "type": "FeatureCollection"}


def test_a_part_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geojson, "LARGEST_PART", 10_000)
    monkeypatch.setattr(geojson, "CHUNK", 1_000)
    with pytest.raises(NotGeoJson, match="larger than this can be"):
        list(FeatureFile(io.StringIO('{"features": ["' + "x" * 50_000)).features())


@given(st.lists(st.tuples(st.integers(-9999, 9999), st.integers(-9999, 9999)), min_size=1))
def test_rings_are_the_same_after_they_were_written_down(points: list[tuple[int, int]]) -> None:
    assert unpacked(packed(tuple(points))) == tuple(points)
