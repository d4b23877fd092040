"""The charts: their words tell the extremes and the gap, their drawing needs no colour and stays on the paper."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hia_app.domain.chart_layout import (
    GAIN,
    LOSS,
    MEAN,
    NARROW,
    WIDE,
    Box,
    Drawing,
    Line,
    Words,
    hatched,
    layout,
    ticks,
)
from hia_app.domain.charts import BeyondTheAverage, ChartSpec, GainsAndLosses, alt_text, table, title, written

GAINS = GainsAndLosses((8.5, 3.1, 0.4, 0, 0), (0, 0.6, 0.1, 0, 2.25))
TENTHS = BeyondTheAverage(
    "Overcrowded homes",
    tuple(str(tenth) for tenth in range(1, 11)),
    (Decimal("10.25"), 8, 7, 6, 5, None, 3.5, 2.5, 1.6, Decimal("0.89")),
    lower=(9.8, 7, 6, 5, 4, None, 3, 2, 1, 0.7),
    upper=(10.7, 9, 8, 7, 6, None, 4, 3, 2, 1.1),
    average=4.9,
    average_label="Leeds average",
)
GROUPS = BeyondTheAverage("Overcrowded homes", ("Asian", "A very long name of a group"), (14.2, -2), axis="Group")

amounts = st.floats(0, 1e6, allow_nan=False)
fifths = st.tuples(amounts, amounts, amounts, amounts, amounts)
gains = st.builds(GainsAndLosses, fifths, fifths)


@st.composite
def averages(draw: st.DrawFn) -> BeyondTheAverage:
    count = draw(st.integers(1, 14))
    values = draw(st.lists(st.none() | st.floats(-1e6, 1e6), min_size=count, max_size=count))
    labels = draw(st.lists(st.text(min_size=1, max_size=40), min_size=count, max_size=count))
    return BeyondTheAverage("Measure", tuple(labels), tuple(values), average=draw(st.none() | st.floats(-1e6, 1e6)))


def words(drawing: Drawing) -> list[str]:
    return [shape.text for shape in drawing.shapes if isinstance(shape, Words)]


def test_the_title_is_the_finding() -> None:
    assert title(GAINS) == (
        "The largest gain is in the most deprived fifth; the largest harm is in the least deprived fifth"
    )
    assert title(TENTHS) == "Overcrowded homes: 10.3% in tenth 1, 0.9% in tenth 10"
    assert title(GainsAndLosses((0,) * 5, (0,) * 5)) == "No fifth gains or loses"
    assert title(GainsAndLosses((1,) * 5, (0,) * 5)).endswith("no harm is recorded")
    assert title(BeyondTheAverage("Falls", ("1",), (None,))) == "Falls: no figure can be published"
    assert title(BeyondTheAverage("Falls", ("1", "2"), (1, 2), finding="My own words")) == "My own words"


def test_the_alternative_names_extremes_and_gap() -> None:
    assert "Benefits are highest in the most deprived fifth (8.5)" in alt_text(GAINS)
    assert "a gap of 8.5" in alt_text(GAINS)
    assert "Harms are highest in the least deprived fifth (2.3)" in alt_text(GAINS)
    told = alt_text(TENTHS)
    assert "Highest in tenth 1 (10.3%), lowest in tenth 10 (0.9%), a gap of 9.4 points." in told
    assert "Leeds average: 4.9%." in told
    assert "tenth 6: not published." in told


def test_the_table_has_every_number_and_no_hidden_one() -> None:
    assert table(GAINS).rows[0] == ("1 (most deprived)", "8.5", "0")
    assert table(TENTHS).header[2] == "95% confidence limits"
    assert table(TENTHS).rows[5] == ("6", "not published", "–")
    assert table(TENTHS).rows[-1] == ("Leeds average", "4.9", "–")
    assert len(table(GROUPS).header) == 2


def test_benefits_and_harms_are_never_netted() -> None:
    drawing = layout(GainsAndLosses((5, 0, 0, 0, 0), (5, 0, 0, 0, 0)))
    gain = [shape for shape in drawing.shapes if isinstance(shape, Box) and shape.fill == GAIN and shape.width > 20]
    loss = [shape for shape in drawing.shapes if isinstance(shape, Box) and shape.edge == LOSS and shape.width > 20]
    assert [round(shape.height) for shape in gain] == [round(shape.height) for shape in loss] != [0]
    assert gain[0].y + gain[0].height == pytest.approx(loss[0].y)  # back to back on the line of nothing
    assert words(drawing).count("5.0") == 2


def test_harms_are_hatched_and_the_average_is_dashed_so_that_colour_is_not_needed() -> None:
    assert any(isinstance(shape, Line) and shape.colour == LOSS for shape in layout(GAINS).shapes)
    assert any(isinstance(shape, Line) and shape.colour == MEAN and shape.dash for shape in layout(TENTHS).shapes)


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("spec", [GAINS, TENTHS, GROUPS])
def test_every_value_is_written_beside_its_bar(spec: ChartSpec, width: int) -> None:
    drawn = " ".join(words(layout(spec, width)))
    values = (*spec.benefits, *spec.harms) if isinstance(spec, GainsAndLosses) else spec.values
    assert all(written(value, 1) in drawn for value in values if value is not None)


@given(gains | averages(), st.sampled_from([WIDE, NARROW]))
def test_bars_and_lines_stay_on_the_paper(spec: ChartSpec, width: int) -> None:
    drawing = layout(spec, width)
    assert drawing.width == width
    for shape in drawing.shapes:
        if isinstance(shape, Line):
            assert all(-3.6 <= x <= width + 3.6 for x in (shape.x1, shape.x2))
            assert all(-3.6 <= y <= drawing.height + 3.6 for y in (shape.y1, shape.y2))
        elif isinstance(shape, Box) and shape.fill == GAIN:
            assert shape.width >= 0
            assert shape.height >= 0
            assert -0.1 <= shape.x <= shape.x + shape.width <= width + 0.1


@given(st.floats(0.1, 500), st.floats(0.1, 500))
def test_hatching_stays_inside_its_box(width: float, height: float) -> None:
    for shape in hatched(Box(10, 20, width, height, ""), LOSS):
        if isinstance(shape, Line):
            assert all(10 - 1e-6 <= x <= 10 + width + 1e-6 for x in (shape.x1, shape.x2))
            assert all(20 - 1e-6 <= y <= 20 + height + 1e-6 for y in (shape.y1, shape.y2))


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9))
def test_ticks_enclose_what_is_shown_and_are_few(low: float, span: float) -> None:
    marks = ticks(low, low + span)
    step = marks[1] - marks[0]
    assert marks[0] <= low + step * 1e-6
    assert marks[-1] >= low + span - step * 1e-6
    assert 2 <= len(marks) <= 8


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [(0.05, 1, "0.1"), (12.25, 1, "12.3"), (1234.5, 0, "1,235"), (0, 1, "0"), (7, 1, "7.0"), (-2, 1, "-2.0")],
)
def test_numbers_are_written_as_people_read_them(value: float, decimals: int, shown: str) -> None:
    assert written(value, decimals) == shown


@pytest.mark.parametrize(
    "made",
    [
        lambda: GainsAndLosses((1, 2, 3, 4), (0,) * 5),
        lambda: GainsAndLosses((-1, 0, 0, 0, 0), (0,) * 5),
        lambda: GainsAndLosses((float("nan"), 0, 0, 0, 0), (0,) * 5),
        lambda: BeyondTheAverage("x", (), ()),
        lambda: BeyondTheAverage("x", ("1", "2"), (1,)),
        lambda: BeyondTheAverage("x", ("1",), (1,), lower=(1, 2)),
        lambda: BeyondTheAverage("x", ("1",), (float("inf"),)),
        lambda: BeyondTheAverage("x", ("1",), (Decimal("1e16"),)),
        lambda: BeyondTheAverage("x", ("1",), (1,), average=float("nan")),
    ],
)
def test_numbers_that_cannot_be_drawn_are_refused(made: object) -> None:
    with pytest.raises(ValueError, match=r"number|bar"):
        made()  # type: ignore[operator]
