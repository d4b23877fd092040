"""The chart of a gradient: words that tell both indices, and a drawing that needs no colour and fits the paper."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hia_app.domain.chart_layout import MEAN, NARROW, WIDE, Box, Drawing, Line, Polygon, Words, layout
from hia_app.domain.charts import FittedGradient, alt_text, table, title
from hia_app.domain.fitted_chart import fitted_gradient
from hia_app.domain.gradient import Options, gradient
from tests.support.gradients import DISABLED, OVERCROWDED, proportions

CROWDED = fitted_gradient(
    gradient(proportions(OVERCROWDED), Options("proportion")), "Overcrowded homes", size=100, source="Census 2021"
)
YEARS = replace(CROWDED, unit="years", sii_limits=(-1, 2), rii=None, limits=(), line=(80, 80.5))


def words(drawing: Drawing) -> list[str]:
    return [shape.text for shape in drawing.shapes if isinstance(shape, Words)]


def test_the_title_is_the_finding() -> None:
    assert title(CROWDED) == (
        "Overcrowded homes: 9.8 points lower at the least deprived end than at the most deprived end"
    )
    assert title(YEARS) == "Overcrowded homes: no clear gradient between the most and the least deprived"
    higher = replace(YEARS, sii_limits=None)
    assert title(higher).startswith("Overcrowded homes: 0.5 years higher at the least deprived end")
    assert title(replace(YEARS, finding="My own words")) == "My own words"


def test_the_alternative_names_extremes_gap_and_both_indices() -> None:
    told = alt_text(CROWDED)
    assert "Highest in tenth 1 (10.3%), lowest in tenth 10 (0.9%), a gap of 9.4 points." in told
    assert "from 10.5% at the most deprived end to 0.7% at the least deprived end" in told
    assert "Slope index of inequality (SII) −9.8 points (95% limits −10.3 to −9.4)." in told
    assert "Relative index (RII) 0.07 (95% limits 0.06 to 0.07)." in told
    assert "Relative index" not in alt_text(YEARS)


def test_the_table_has_every_number() -> None:
    numbers = table(CROWDED)
    assert numbers.header == ("Tenth", "Share of people", "Overcrowded homes (%)", "95% confidence limits")
    assert numbers.rows[0] == ("1 (most deprived)", "9.9%", "10.3", "9.9 to 10.6")
    assert numbers.rows[9][0] == "10 (least deprived)"
    assert numbers.rows[-2:] == (
        ("Slope index (SII)", "–", "−9.8", "−10.3 to −9.4"),
        ("Relative index (RII), no unit", "–", "0.07", "0.06 to 0.07"),
    )
    assert table(YEARS).rows[0][3] == "–"


def test_a_multiplier_changes_the_figures_and_not_the_picture() -> None:
    for multiplier in (100, -1):
        found = gradient(proportions(OVERCROWDED), Options("proportion", multiplier=multiplier))
        turned = fitted_gradient(found, "Overcrowded homes", size=100, source="Census 2021")
        assert alt_text(turned) == alt_text(CROWDED)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_values_are_points_and_the_fit_is_a_line_so_that_colour_is_not_needed(width: int) -> None:
    drawing = layout(CROWDED, width)
    fit = [shape for shape in drawing.shapes if isinstance(shape, Line) and shape.colour == MEAN]
    carried = [shape for shape in drawing.shapes if isinstance(shape, Line) and shape.dash]
    assert len(fit) >= 40
    assert not any(line.dash for line in fit)
    assert carried[0].y1 == pytest.approx(min(line.y1 for line in fit[1:]))  # where the line starts
    assert len([shape for shape in drawing.shapes if isinstance(shape, Polygon)]) == 2 * (10 + 1) + 1
    drawn = " ".join(words(drawing))
    for told in ("SII −9.8 points", "RII 0.07", "10.3", "0.9", "Fitted line"):
        assert told in drawn


def test_a_flattened_picture_says_so() -> None:
    found = gradient(proportions(DISABLED), Options("proportion", repetitions=1_000))
    spec = fitted_gradient(found, "Disabled residents", size=100)
    assert "does not start at 0 but at 12." in " ".join(words(layout(spec)))
    assert "does not start" not in " ".join(words(layout(CROWDED)))


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1e5), st.integers(1, 10_000)), min_size=5, max_size=20),
    st.sampled_from([WIDE, NARROW]),
)
def test_nothing_leaves_the_paper(rows: list[tuple[float, float, int]], width: int) -> None:
    values = tuple(value for value, _, _ in rows)
    limits = tuple((value - room, value + room) for value, room, _ in rows)
    total = sum(people for _, _, people in rows)
    spec = FittedGradient(
        "Measure", values, tuple(people / total for *_, people in rows), (values[0], values[-1]), limits
    )
    drawing = layout(spec, width)
    assert drawing.width == width
    for shape in drawing.shapes:
        match shape:
            case Line():
                assert all(-4 <= x <= width + 4 for x in (shape.x1, shape.x2))
                assert all(0 <= y <= drawing.height for y in (shape.y1, shape.y2))
            case Polygon():
                assert all(-4 <= x <= width + 4 for x, _ in shape.points)
            case Words():
                assert 0 <= shape.x <= width
                assert 0 <= shape.y <= drawing.height
            case Box():
                assert shape.width >= 0


@given(st.integers(5, 100), st.sampled_from([WIDE, NARROW]))
def test_numbers_along_the_bottom_never_touch(count: int, width: int) -> None:
    spec = FittedGradient("Measure", tuple(range(count)), (1 / count,) * count, (0, count))
    named = [shape for shape in layout(spec, width).shapes if isinstance(shape, Words) and shape.anchor == "middle"]
    bottom = max(shape.y for shape in named)
    along = sorted((shape.x, len(shape.text) * shape.size * 0.56) for shape in named if shape.y == bottom)
    assert len(along) >= 2
    assert all(x + wide / 2 <= x2 - wide2 / 2 + 0.6 for (x, wide), (x2, wide2) in pairwise(along))


@pytest.mark.parametrize(
    "changes",
    [
        {"values": (1,)},
        {"shares": (0.5, 0.5)},
        {"line": (1,)},
        {"limits": ((1, 2),)},
        {"values": (float("nan"),) * 10},
        {"sii_limits": (float("inf"), 1)},
        {"shares": (0.0,) * 10},
    ],
)
def test_numbers_that_cannot_be_drawn_are_refused(changes: dict[str, tuple[float, ...]]) -> None:
    with pytest.raises(ValueError, match=r"number|shares"):
        replace(CROWDED, **changes)
