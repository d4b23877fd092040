"""The file that `hia gradient` reads: the exact keys of the answer, and every problem with its line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hia_app.domain.gradient import Options
from hia_app.domain.gradient_file import InvalidGradientFile, gradient_file

HEADER = "quantile,population,value,lower95,upper95\n"
LINES = "".join(f"{number},1000,{12 - number},{11 - number},{13 - number}\n" for number in range(1, 11))
QUICK = Options(repetitions=1_000)


def problems(content: bytes | str, options: Options = QUICK) -> list[str]:
    with pytest.raises(InvalidGradientFile) as refused:
        gradient_file(content, options)
    return [str(problem) for problem in refused.value.problems]


def test_the_answer_has_these_keys_and_is_json() -> None:
    found = gradient_file(HEADER + LINES, QUICK)
    assert list(found) == [
        *("sii", "rii", "sii_lower", "sii_upper", "rii_lower", "rii_upper", "intercept"),
        "warnings",
    ]
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["sii"] == pytest.approx(-10)
    assert found["intercept"] == pytest.approx(11.5)
    assert found["warnings"] == []


@pytest.mark.parametrize(
    "content",
    [
        (HEADER + LINES).encode("utf-8-sig"),
        (HEADER + LINES).replace("\n", "\r\n"),
        (HEADER + LINES).replace("\n", "\r"),
        (HEADER + LINES).replace(",", ";"),
        (HEADER + LINES).replace(",", "\t"),
        (HEADER + LINES).replace("1000", " +1e3 "),
        (HEADER + LINES).replace("1000", '"1,000"'),
        (HEADER + LINES).replace("value", " Value "),
        HEADER + "\n" + "\n".join(reversed(LINES.splitlines())),
    ],
)
def test_the_ways_spreadsheets_write_a_table(content: bytes | str) -> None:
    assert gradient_file(content, QUICK)["sii"] == pytest.approx(-10)


def test_columns_that_are_not_used_are_named() -> None:
    content = "\n".join(f"{line},x" for line in (HEADER + LINES).replace("upper95", "upper95,ward").splitlines())
    content = content.replace("ward,x", "ward")
    assert gradient_file(content, QUICK)["warnings"] == ["The column “ward” was not used."]


def test_standard_errors_go_before_limits() -> None:
    lines = "".join(f"{line},0\n" for line in LINES.splitlines())
    found = gradient_file(HEADER.replace("upper95", "upper95,se") + lines, QUICK)
    assert found["sii_lower"] == pytest.approx(found["sii_upper"])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("3,abc,9,8,10", "line 4, population: “abc” is not a number in the digits 0 to 9"),
        ("3,,9,8,10", "line 4, population: is missing"),
        ("3,1000,9%,8,10", "line 4, value: “9%” is a percentage; write 0.1025 for 10.25%"),
        ("3,1000,nan,8,10", "line 4, value: “nan” is not a number"),
        ("3,1000,Infinity,8,10", "line 4, value: “Infinity” is not a number"),
        ("3,1000,١٢,8,10", "line 4, value: “١٢” is not a number"),
        ("3,1000,1_0,8,10", "line 4, value: “1_0” is not a number"),
        ("3,1000,1e400,8,10", "line 4, value: “1e400” is not a number"),
        ("3,1000,9,8,10,11", "line 4: has 6 cells for 5 columns"),
        ("3,1000,9", "line 4: needs lower95 and upper95, or se"),
        ("3,1000,9,8", "line 4, upper95: is missing; give both limits or neither"),
        ("3,-4,9,8,10", "line 4, population: must be above 0"),
        ("3,1000,11,8,10", "line 4, value: must lie between lower95 and upper95"),
        ("2,1000,9,8,10", "line 4, quantile: 2 is given twice"),
        ("3.5,1000,9,8,10", "line 4, quantile: must be a whole number"),
        ("101,1000,9,8,10", "line 4, quantile: must be a whole number from 1 to 100"),
        ("3,1000,\ud800,8,10", "line 4, value: “\N{REPLACEMENT CHARACTER}” is not a number"),
        ("3,1000,9\x00,8,10", "line 4, value: “9\N{REPLACEMENT CHARACTER}” is not a number"),
        ('3,"1000,9,8,10', "not CSV"),
    ],
)
def test_a_faulty_line_is_named(line: str, why: str) -> None:
    lines = LINES.splitlines()
    lines[2] = line
    assert any(why in problem for problem in problems(HEADER + "\n".join(lines)))


def test_every_problem_is_named_once_in_the_order_of_lines() -> None:
    content = HEADER + "1,0,x,8,10\n2,1000,9,8\n2,1000,9,-,10\n7,1000,9,8,10\n"
    assert problems(content, Options(confidence=2, repetitions=1_000)) == [
        "confidence: must be between 0 and 1, such as 0.95",
        "at least 5 quantiles are needed; there are 3",
        "missing from 1 to 7: quantile 3, 4, 5, 6",
        "line 2, value: “x” is not a number in the digits 0 to 9",
        "line 2, population: must be above 0",
        "line 3, upper95: is missing; give both limits or neither",
        "line 4, lower95: “-” is not a number in the digits 0 to 9",
        "line 4, quantile: 2 is given twice",
    ]


def test_what_concerns_the_whole_file() -> None:
    assert problems("") == ["the file is empty"]
    assert problems("\n \n") == ["the file is empty"]
    assert problems(b"\xff\xfe") == ["the file is not UTF-8 (byte 0)"]
    assert problems("a" * 1_000_001) == ["the file is larger than 1 MB"]
    assert problems(HEADER + "1,1,1,1,1\n" * 1_001) == ["there are more than 1,000 lines"]
    assert problems("quantile,value,value\n") == [
        "line 1, value: stands twice in the header",
        "line 1, population: is missing from the header",
        "line 1: the header needs lower95 and upper95, or se",
    ]
    steep = HEADER + "".join(f"{n},1000,{value},{value},{value}\n" for n, value in enumerate((90, 30, 9, 3, 1), 1))
    assert "the fitted line leaves the possible range" in problems(steep)[0]


@given(st.one_of(st.text(max_size=300), st.binary(max_size=300)))
def test_no_file_breaks_it(content: bytes | str) -> None:
    assert problems(content)


@given(st.lists(st.lists(st.text(alphabet='0123456789.-e," ;\t', max_size=6), max_size=6), max_size=8))
def test_no_table_breaks_it(rows: list[list[str]]) -> None:
    assert problems(HEADER + "\n".join(",".join(row) for row in rows))
