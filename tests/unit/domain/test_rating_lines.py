"""Lines that cannot be are refused, each with every problem it has."""

from __future__ import annotations

import math
from typing import Any

import pytest

from hia_app.domain.gaps import Gap, group_gaps
from hia_app.domain.lines import InvalidLine, Line, LineMitigation, Reach
from hia_app.domain.rating import rate
from tests.support.rating_lines import EQUAL_FIFTHS, benefit, harm


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"magnitude": None}, "magnitude"),
        ({"likelihood": "certain"}, "likelihood"),
        ({"confidence": "none"}, "confidence"),
        ({"principle": 9}, "principle"),
        ({"reach": Reach(1, 0, 2)}, "reach.mid"),
        ({"reach": Reach(-1, 1, 2)}, "reach.low"),
        ({"reach": Reach(3, 2, 4)}, "reach"),
        ({"reach": Reach(1, 3, 2)}, "reach"),
        ({"reach": Reach(1, 2, math.inf)}, "reach"),
        ({"reach": Reach(1, 2, 1e11)}, "reach.high"),
        ({"spread": None}, "spread"),
        ({"spread": (0.5, 0.5)}, "spread"),
        ({"spread": (1.1, -0.1, 0, 0, 0)}, "spread"),
        ({"spread": (math.nan, 1, 0, 0, 0)}, "spread"),
        ({"mitigation": LineMitigation(True, "major", "likely")}, "mitigation.magnitude"),
        ({"mitigation": LineMitigation(False, "minor", "almost_certain")}, "mitigation.likelihood"),
    ],
)
def test_a_harm_with_something_wrong_is_refused(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidLine) as refused:
        harm(**fields)
    assert [where for where, _ in refused.value.problems] == [field]


@pytest.mark.parametrize(("last", "fits"), [(0.200001, True), (0.199999, True), (0.2000011, False)])
def test_shares_may_miss_1_by_a_millionth(last: float, fits: bool) -> None:
    spread = (0.2, 0.2, 0.2, 0.2, last)
    if fits:
        assert benefit(spread=spread).spread == spread
    else:
        with pytest.raises(InvalidLine, match="must add up to 1"):
            benefit(spread=spread)


def test_a_benefit_has_no_mitigation() -> None:
    with pytest.raises(InvalidLine, match="belongs to harms only"):
        benefit(mitigation=LineMitigation(True, "minor", "likely"))


def test_not_known_has_no_size() -> None:
    sized = {"magnitude": "minor", "likelihood": "likely", "reach": Reach(1, 1, 1), "spread": (1, 0, 0, 0, 0)}
    mitigation = LineMitigation(True, "minor", "likely")
    with pytest.raises(InvalidLine) as refused:
        Line("a", "not_known", True, "low", mitigation=mitigation, **sized)  # type: ignore[arg-type]
    assert [field for field, _ in refused.value.problems] == [*sized, "mitigation"]


def test_gaps_have_known_kinds() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        Gap("something")


class Group:
    def __init__(self, group_id: str, priority: bool = True) -> None:
        self.id, self.label, self.priority = group_id, group_id.capitalize(), priority


PLAN = {"plan_who": "Ana", "plan_by": "2027-01-01", "plan_how": "Ask them"}


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        ({}, []),
        ({"state": "affected"}, ["group_without_line"]),
        ({"state": "not_affected", "reason": "no homes there"}, []),
        ({"state": "not_known"}, ["group_not_known"]),
        ({"state": "not_known", **PLAN, "plan_by": ""}, ["group_not_known"]),
        ({"state": "not_known", **PLAN}, []),
    ],
)
def test_gaps_of_the_groups_page(given: dict[str, str], kinds: list[str]) -> None:
    answer = {"carers": given, "students": given}
    groups = [Group("carers"), Group("students", priority=False)]
    found = group_gaps(answer, groups, [])
    assert [(gap.kind, gap.id) for gap in found] == [(kind, "carers") for kind in kinds]
    assert group_gaps({"carers": {"state": "affected"}}, groups, [benefit(groups=("carers",))]) == ()


def test_given_gaps_come_in_the_order_of_their_kinds() -> None:
    given = [Gap("group_not_known", "g"), Gap("missing_answer", "b"), Gap("missing_answer", "a")]
    found = rate([benefit()], EQUAL_FIFTHS, given)
    assert [gap.id for gap in found.gaps] == ["b", "a", "g"]
