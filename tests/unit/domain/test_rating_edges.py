"""The edges that a mutation run found unguarded: each of these tests fails when its edge moves by one step."""

import pytest

from hia_app.domain.gaps import Gap
from hia_app.domain.ledger import shape
from hia_app.domain.lines import MOST_PEOPLE, InvalidLine, Line, Reach
from hia_app.domain.method import METHOD
from hia_app.domain.rating import rate


def line(reach: Reach, spread: tuple[float, float, float, float, float] = (1, 0, 0, 0, 0)) -> Line:
    return Line(
        id="a", direction="benefit", touches_priority_group=False, confidence="medium", magnitude="moderate",
        likelihood="likely", reach=reach, spread=spread,
    )  # fmt: skip


def test_nobody_is_a_possible_lowest_figure() -> None:
    assert line(Reach(0, 5, 9)).reach == Reach(0, 5, 9)
    with pytest.raises(InvalidLine, match="below 0"):
        line(Reach(-0.5, 5, 9))


def test_as_many_people_as_the_limit_are_accepted_and_no_more() -> None:
    assert line(Reach(1, 1, MOST_PEOPLE))
    with pytest.raises(InvalidLine, match="Earth"):
        line(Reach(1, 1, MOST_PEOPLE + 1))


def test_the_shape_looks_at_the_most_deprived_fifth_and_not_at_the_second() -> None:
    assert shape((1.0, 1.09, 1.0, 1.0, 0.95), METHOD) == "universal_not_proportionate"
    assert shape((1.05, 1.09, 1.0, 1.0, 0.95), METHOD) == "proportionate_universal"


def test_a_gap_without_a_name_is_a_sentence_too() -> None:
    assert Gap("no_impacts").sentence == "No impact has been recorded."
    assert Gap("no_impacts", label="x").sentence == "No impact has been recorded: x."


def test_a_stored_rating_knows_no_minus_nought() -> None:
    stored = rate([line(Reach(1, 1, 1), (0.2, 0.2, 0.2, 0.2, 0.2))], (100, 100, 100, 100, 100)).to_json()
    assert stored["rci_benefits"] == "0.000000"
    assert stored["rci_harms"] == "0.000000"


def test_two_lines_of_one_name_are_refused() -> None:
    with pytest.raises(InvalidLine, match="another line"):
        rate([line(Reach(1, 1, 1)), line(Reach(1, 1, 1))])
