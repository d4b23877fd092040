"""What people type is read strictly, and refused in words that say what to do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hia_app.domain import typed
from hia_app.domain.typed import Unclear


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", ""),
        ("   ", ""),
        ("0", "0"),
        ("12", "12"),
        (" 12 ", "12"),
        ("007", "7"),
        ("12,500", "12500"),
        ("1,234,567", "1234567"),
        ("3.5", "3.5"),
        ("3.50", "3.5"),
        ("12.00", "12"),
        ("1,000.25", "1000.25"),
        ("999999999999", "999999999999"),
    ],
)
def test_numbers(text: str, value: str) -> None:
    assert typed.number(text, decimals=2) == value


@pytest.mark.parametrize(
    "text",
    [
        *(
            "nan",
            "NaN",
            "inf",
            "Infinity",
            "-inf",
            "1e9",
            "1E+999",
            "1_000",
            "0x10",
            "12.",
            ".5",
            "1,2",
            "12,50",
            "1,2345",
        ),
        *(
            "१२",
            "１２",
            "²",
            "①",
            "12 500",
            "twelve",
            "240 homes",
            "£12",
            "12%",
            "--1",
            "+1",
            "1-2",
            "−1",
            "1.2.3",
            ",",
        ),
        *("1\n2", "1\x002", "9" * 400, "0." + "1" * 400, "=1+1", "\u200b1", "１"),
    ],
)
def test_what_is_not_plainly_a_number(text: str) -> None:
    with pytest.raises(Unclear, match=r"digits"):
        typed.number(text, decimals=2)


def test_ranges_and_places() -> None:
    with pytest.raises(Unclear, match="Enter 0 or more"):
        typed.number("-1")
    assert typed.number("-1", minimum=Decimal(-10)) == "-1"
    assert typed.number("-0", minimum=Decimal(-10)) == "0"
    with pytest.raises(Unclear, match="Enter 10 or more"):
        typed.number("9", minimum=Decimal(10))
    with pytest.raises(Unclear, match="Enter 1,000 or less"):
        typed.number("1,001", maximum=Decimal(1000))
    with pytest.raises(Unclear, match=r"Enter 999,999,999,999 or less"):
        typed.number("1000000000000")
    with pytest.raises(Unclear, match="Enter a whole number"):
        typed.number("2.5")
    with pytest.raises(Unclear, match="at most 1 decimal places"):
        typed.number("2.55", decimals=1)


@given(st.text(max_size=12))
def test_a_number_is_canonical_or_refused(text: str) -> None:
    try:
        value = typed.number(text, minimum=Decimal(-1000), decimals=2)
    except Unclear:
        return
    assert value == "" or Decimal(value).is_finite()
    assert value.isascii()
    assert typed.number(value, minimum=Decimal(-1000), decimals=2) == value


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_written_numbers_are_read_back(value: Decimal) -> None:
    canonical = typed.number(format(value, "f"), decimals=2)
    assert Decimal(canonical) == value
    assert typed.number(typed.written_number(canonical), decimals=2) == canonical
    assert typed.money(typed.written_money(typed.money(canonical))) == typed.money(canonical)


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("1200", "1200.00", "£1,200"),
        ("£1,200", "1200.00", "£1,200"),
        ("1200.5", "1200.50", "£1,200.50"),
        (" £0.99 ", "0.99", "£0.99"),
        ("0", "0.00", "£0"),
    ],
)
def test_money(text: str, value: str, shown: str) -> None:
    assert typed.money(text) == value
    assert typed.written_money(value) == shown


@pytest.mark.parametrize("text", ["£", "££5", "5p", "$5", "£1.2m", "1.234", "-5", "£nan"])
def test_what_is_not_money(text: str) -> None:
    if text == "£":
        assert typed.money(text) == ""
        return
    with pytest.raises(Unclear):
        typed.money(text)


@pytest.mark.parametrize(
    ("parts", "value"),
    [
        (("", "", ""), ""),
        (("1", "3", "2027"), "2027-03-01"),
        (("01", "03", "2027"), "2027-03-01"),
        ((" 1 ", "March", "2027"), "2027-03-01"),
        (("29", "feb", "2028"), "2028-02-29"),
    ],
)
def test_dates(parts: tuple[str, str, str], value: str) -> None:
    assert typed.date(*parts) == value


@pytest.mark.parametrize(
    ("parts", "part", "message"),
    [
        (("1", "", "2027"), "month", "must include a month"),
        (("", "", "2027"), "day", "must include a day and a month"),
        (("1", "3", ""), "year", "must include a year"),
        (("31", "4", "2027"), "day", "April 2027 has no day 31"),
        (("29", "2", "2027"), "day", "February 2027 has no day 29"),
        (("32", "1", "2027"), "day", "from 1 to 31"),
        (("0", "1", "2027"), "day", "from 1 to 31"),
        (("1", "13", "2027"), "month", "from 1 to 12"),
        (("1", "Marhc", "2027"), "month", "from 1 to 12"),
        (("1", "1", "27"), "year", "four digits"),
        (("1", "1", "1899"), "year", "from 1900 to 2100"),
        (("1", "1", "2101"), "year", "from 1900 to 2100"),
        (("१", "1", "2027"), "day", "from 1 to 31"),
        (("1", "1", "२०२७"), "year", "four digits"),
        (("1.0", "1", "2027"), "day", "from 1 to 31"),
        (("-1", "1", "2027"), "day", "from 1 to 31"),
        (("1" * 5000, "1", "2027"), "day", "from 1 to 31"),
    ],
)
def test_dates_that_are_not(parts: tuple[str, str, str], part: str, message: str) -> None:
    with pytest.raises(Unclear, match=message) as unclear:
        typed.date(*parts)
    assert unclear.value.part == part


def test_months() -> None:
    assert typed.month("", "") == ""
    assert typed.month("sep", "2026") == "2026-09"
    with pytest.raises(Unclear, match="must include a month"):
        typed.month("", "2026")


def test_dates_in_words() -> None:
    assert typed.written_date("2027-03-01") == "1 March 2027"
    assert typed.written_date("2026-09") == "September 2026"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a\r\nb\rc\n", "a\nb\nc"),
        ("  a  ", "a"),
        ("e\u0301", "é"),
        ("a\tb", "a\tb"),
        ("a\u2028b", "a\nb"),
        ("\r\n\r\n", ""),
        ("😀 <b>&amp;</b> {{7*7}} ", "😀 <b>&amp;</b> {{7*7}}"),
        ("שלום", "שלום"),
    ],
)
def test_texts(text: str, value: str) -> None:
    assert typed.clean_text(text, lines=True) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\x00b", "U+0000"),
        ("\ud800", "U+D800"),
        ("a\x1b", "U+001B"),
        ("\x7f", "U+007F"),
        ("\x85", "U+0085"),
        ("\x0b", "U+000B"),
    ],
)
def test_characters_that_cannot_be_stored(text: str, code: str) -> None:
    with pytest.raises(Unclear) as unclear:
        typed.clean_text(text, lines=True)
    assert code in unclear.value.message
    assert unclear.value.message.isprintable()


def test_limits_of_a_text() -> None:
    assert len(typed.clean_text("x" * 20_000, lines=True)) == 20_000
    assert typed.clean_text("one two", lines=True, words=2) == "one two"
    with pytest.raises(Unclear, match=r"20,000 characters or fewer. It has 20,001"):
        typed.clean_text("x" * 20_001, lines=True)
    with pytest.raises(Unclear, match=r"20,000 characters"):
        typed.clean_text("x" * 20_001, lines=True, characters=50_000)
    with pytest.raises(Unclear, match=r"2 words or fewer. It has 3"):
        typed.clean_text("one two\nthree", lines=True, words=2)
    with pytest.raises(Unclear, match="one line"):
        typed.clean_text("a\nb", lines=False)


def test_a_text_that_grows_when_normalised_is_measured_as_it_is_stored() -> None:
    grows = "\u0958" * 10  # NFC writes each with two characters
    with pytest.raises(Unclear, match="It has 20"):
        typed.clean_text(grows, lines=False, characters=19)


@given(st.text(max_size=60))
def test_a_stored_text_is_stable(text: str) -> None:
    try:
        stored = typed.clean_text(text, lines=True)
    except Unclear:
        return
    assert typed.clean_text(stored, lines=True) == stored
    assert typed.clean_text(stored.replace("\n", "\r\n"), lines=True) == stored
    stored.encode("utf-8")
    assert "\x00" not in stored


def test_area_codes() -> None:
    assert typed.area_codes("e01011264, E01011265;E01011264\nE01011266") == ["E01011264", "E01011265", "E01011266"]
    assert typed.area_codes(" \n ") == []
    for wrong in ("E0101126", "Holbeck", "E0101126４", "E01011264X", "x" * 5000):
        with pytest.raises(Unclear, match="a letter and eight digits"):
            typed.area_codes(wrong)
    with pytest.raises(Unclear, match=r"at most 1,000 areas\. There are 1,001"):
        typed.area_codes(" ".join(f"E{number:08d}" for number in range(1_001)))
