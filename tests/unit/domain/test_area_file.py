"""Reading area figures: the headers people have, and every problem with its line."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from hia_app.domain.area_file import MOST_SHOWN, AreaTable
from hia_app.domain.areas import Area
from tests.support.areas import COLUMNS, code, leeds, lines, row


def read(text: str) -> tuple[list[Area], AreaTable]:
    table = AreaTable()
    return list(table.read(text.splitlines(keepends=True))), table


def problems(text: str) -> list[str]:
    return [str(problem) for problem in read(text)[1].problems.first]


def written(*rows: Mapping[str, object]) -> str:
    return "".join(lines(rows))


def test_an_area_is_read_with_everything_that_is_counted() -> None:
    found, table = read(written(row(1), row(2, lsoa21_name="Place, the second")))
    assert table.problems.count == 0
    first, second = found
    assert (first.code, first.name, first.ward_name, first.rank, first.tenth) == (
        code(1), "Little Place 001", "Ward 1", 7, 1
    )  # fmt: skip
    assert (first.counts["residents"], first.counts["private_rented"], first.counts["ethnic_asian"]) == (1001, 119, 100)
    assert str(first.score) == "86"
    assert second.name == "Place, the second"


def test_the_file_of_leeds_is_accepted_as_it_is() -> None:
    found, table = read(leeds().decode())
    assert (len(found), table.problems.count) == (488, 0)
    assert sum(area.counts["residents"] for area in found) == 811_915
    assert sum(area.tenth == 1 for area in found) == 84
    assert "income_score" in table.unused


def test_the_headers_of_the_published_indices_are_known() -> None:
    header = written(row(1)).replace("lsoa21_code", "LSOA code (2021)").replace("lsoa21_name", "LSOA name (2021)")
    header = header.replace("imd_rank", "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)")
    header = header.replace(
        "imd_decile", "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)"
    )
    found, table = read(header)
    assert ([area.code for area in found], table.problems.first) == ([code(1)], [])


def test_a_byte_order_mark_thousands_and_empty_lines_do_no_harm() -> None:
    text = "\ufeff" + written(row(1, usual_residents_2021="1,001")) + "\n,,\n\n"
    found, table = read(text)
    assert (found[0].counts["residents"], table.rows, table.problems.count) == (1001, 1, 0)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"imd_rank": "abc"}, "line 3, imd_rank: “abc”: enter a number in digits only, such as 12,500"),
        ({"imd_rank": 0}, "line 3, imd_rank: “0”: enter 1 or more"),
        ({"imd_decile": 11}, "line 3, imd_decile: “11”: enter 10 or less"),
        ({"hh_owned": ""}, "line 3, hh_owned: There is no figure"),
        ({"hh_owned": "-4"}, "line 3, hh_owned: “-4”: enter 0 or more"),
        ({"hh_owned": "nan"}, "line 3, hh_owned: “nan”: enter a number in digits only, such as 12,500"),
        ({"hh_owned": "1e3"}, "line 3, hh_owned: “1e3”: enter a number in digits only, such as 12,500"),
        ({"hh_owned": "٣"}, "line 3, hh_owned: “٣”: use the digits 0 to 9"),
        ({"hh_owned": "4.5"}, "line 3, hh_owned: “4.5”: enter a whole number"),
        ({"imd_score": "Infinity"},
         "line 3, imd_score: “Infinity”: enter a number in digits only, such as 12,500 or 0.5"),
        ({"lsoa21_code": "E0100002"},
         "line 3, lsoa21_code: “E0100002” is not a code: a letter and eight digits, such as E01011264"),
        ({"lsoa21_code": code(1)}, "line 3, lsoa21_code: E01000001 was already given on line 2"),
        ({"lsoa21_name": " "}, "line 3, lsoa21_name: There is no name"),
        ({"ward24_name": "Elsewhere"},
         "line 3, ward24_name: E05000001 was called “Ward 1” before, here it is “Elsewhere”"),
        ({"disabled_equality_act_2021": 2000}, "line 3: There are 2,000 disabled residents, but only 1,002 residents"),
        ({"hh_owned": 9000}, "line 3: There are 9,268 homes by tenure, but only 468 homes"),
        ({"hh_overcrowded_bedrooms": 900}, "line 3: There are 900 overcrowded homes, but only 468 homes"),
        ({"eth_asian": 5000}, "line 3: There are 5,902 residents by ethnic group, but only 1,002 residents"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(changes: dict[str, object], problem: str) -> None:
    assert problems(written(row(1), row(2, **changes), row(3))) == [problem]


def test_a_code_given_twice_is_told_also_where_its_lines_have_other_problems() -> None:
    assert problems(written(row(1, imd_rank="abc"), row(2, lsoa21_code=code(1), hh_owned="-4"))) == [
        "line 2, imd_rank: “abc”: enter a number in digits only, such as 12,500",
        "line 3, hh_owned: “-4”: enter 0 or more",
        "line 3, lsoa21_code: E01000001 was already given on line 2",
    ]


def test_a_null_character_is_refused_and_not_repeated() -> None:
    (problem,) = problems(written(row(1, lsoa21_name="Pl\x00ace")))
    assert "U+0000" in problem
    assert "\x00" not in problem
    assert "\x00" not in problems(written(row(1, hh_owned="\x00")))[0]


def test_a_row_of_another_length_is_named() -> None:
    text = written(row(1), row(2))
    assert problems(text.rstrip("\n") + ",1\n") == ["line 3: The row has 23 cells, the header has 22"]


def test_missing_and_doubled_columns_are_all_named_before_any_row() -> None:
    columns = [name for name in COLUMNS if name not in ("imd_rank", "hh_private_rented") and not name.startswith("eth")]
    text = "".join(lines([row(1)], [*columns, "hh_owned"]))
    assert problems(text) == [
        "line 1, hh_owned: This is given twice (also as “hh_owned”)",
        "line 1: A column is missing: National deprivation rank, 1 is the most deprived, such as “imd_rank”",
        "line 1: A column is missing: Homes rented privately, such as “hh_private_rented”",
        "line 1: A column is missing: residents of each ethnic group, such as “eth_asian”",
    ]


def test_columns_that_not_everybody_has_may_be_left_out() -> None:
    absent = ("imd_score", "hh_shared_ownership", "hh_rent_free", "hh_occupancy_total")
    found, table = read("".join(lines([row(1)], [name for name in COLUMNS if name not in absent])))
    assert (len(found), table.problems.count, found[0].score) == (1, 0, None)


@pytest.mark.parametrize("text", ["", "\n", "".join(lines([]))])
def test_a_table_without_rows_is_refused(text: str) -> None:
    assert read(text)[1].problems.count > 0


def test_of_very_many_problems_the_first_are_listed_and_all_are_counted() -> None:
    found, table = read(written(*(row(place, 999, hh_owned="?") for place in range(1, 302))))
    assert (found, table.problems.count, len(table.problems.first)) == ([], 301, MOST_SHOWN)
    assert table.problems.first[-1].line == MOST_SHOWN + 1


def test_a_quotation_mark_that_never_ends_is_a_problem_and_no_crash() -> None:
    text = written(row(1), row(2, lsoa21_name='"open'))
    assert len(problems(text)) == 1
    assert "cannot be read" in problems(text)[0]
