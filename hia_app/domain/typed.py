"""Reads what people type: one parser each for texts, numbers, money, dates and months.

Everything typed is bad input until it has been through here, and what is unclear is refused in plain words.
Only ASCII digits are digits; NUL, control characters and lone surrogates are never stored; text is NFC with `\\n`
line ends and no space around it.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal

LONGEST_TEXT = 20_000  # characters, whatever else a question allows
LARGEST_NUMBER = Decimal(999_999_999_999)
FIRST_YEAR, LAST_YEAR = 1900, 2100
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,16})(?:\.[0-9]{1,10})?")
_AREA_CODE = re.compile(r"[A-Z][0-9]{8}")
_MONTH_NUMBERS = {name.lower()[:length]: number for number, name in enumerate(MONTHS, 1) for length in (3, len(name))}


class Unclear(ValueError):
    """What was typed cannot be used; the message says what to do, `part` which part of a date it is about."""

    def __init__(self, message: str, part: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.part = part


class Form:
    """What one page sent, field by field, and the messages about it so far."""

    def __init__(self, raw: Mapping[str, Sequence[str]]) -> None:
        self._raw = raw
        self.messages: dict[str, str] = {}

    def refuse(self, field: str, message: str) -> None:
        self.messages.setdefault(field, message)

    def names(self) -> list[str]:
        return list(self._raw)

    def all(self, field: str) -> list[str]:
        """Every value sent under this name that is not empty."""
        return [str(value) for value in self._raw.get(field, ()) if value]

    def one(self, field: str) -> str:
        """The value under this name, "" without one; two different ones are refused."""
        values = list(dict.fromkeys(self.all(field)))
        if len(values) > 1:
            self.refuse(field, "Two different answers arrived for this field. Give one")
        return values[0] if values else ""

    def text(self, field: str, *, lines: bool = False, characters: int = LONGEST_TEXT, words: int | None = None) -> str:
        """The text under this name, "" after a refusal."""
        try:
            return clean_text(self.one(field), lines=lines, characters=characters, words=words)
        except Unclear as unclear:
            self.refuse(field, unclear.message)
            return ""

    def date(self, field: str) -> str:
        """YYYY-MM-DD from `<field>-day`, `-month`, `-year`; "" when all are empty or after a refusal."""
        return self._dated(field, ("day", "month", "year"))

    def month(self, field: str) -> str:
        """YYYY-MM from `<field>-month` and `-year`; "" when both are empty or after a refusal."""
        return self._dated(field, ("month", "year"))

    def _dated(self, field: str, parts: tuple[str, ...]) -> str:
        typed = [self.one(f"{field}-{part}") for part in parts]
        try:
            return date(*typed) if len(parts) == 3 else month(*typed)
        except Unclear as unclear:
            self.refuse(f"{field}-{unclear.part or parts[0]}", unclear.message)
            return ""


def showable(text: str) -> str:
    """The text as typed, with what no page can show (NUL, lone surrogates) as a replacement character."""
    return re.sub("[\x00\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text)


def clean_text(text: str, *, lines: bool, characters: int = LONGEST_TEXT, words: int | None = None) -> str:
    """The text as it is stored. `lines` says whether it may have several lines. Raises Unclear."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    if bad := _NOT_TEXT.search(text):
        raise Unclear(
            f"There is a character that cannot be stored (U+{ord(bad[0]):04X}, at place {bad.start() + 1:,}). "
            "Delete it and type it again"
        )
    text = unicodedata.normalize("NFC", text).strip()
    if not lines and "\n" in text:
        raise Unclear("Write this on one line")
    longest = min(characters, LONGEST_TEXT)
    if len(text) > longest:
        raise Unclear(f"Shorten this to {longest:,} characters or fewer. It has {len(text):,}")
    if words is not None and (count := len(text.split())) > words:
        raise Unclear(f"Shorten this to {words:,} words or fewer. It has {count:,}")
    return text


def number(
    text: str,
    *,
    minimum: Decimal | None = None,
    maximum: Decimal | None = None,
    decimals: int = 0,
    sign: str = "",
) -> str:
    """The canonical decimal text ("12", "3.5"), "" for nothing typed. Commas between thousands are fine.

    `sign` is what may stand before it, such as "£". Raises Unclear for anything that is not plainly a number.
    """
    typed = text.strip(" ").removeprefix(sign) if sign else text.strip(" ")
    if not typed:
        return ""
    if any(character.isdigit() and character not in "0123456789" for character in typed):
        raise Unclear("Use the digits 0 to 9")
    if not _NUMBER.fullmatch(typed):
        raise Unclear(f"Enter a number in digits only, such as {sign}12,500" + (" or 0.5" if decimals else ""))
    value = Decimal(typed.replace(",", ""))
    value = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
    if -int(value.as_tuple().exponent) > decimals:
        raise Unclear(f"Use at most {decimals} decimal places" if decimals else "Enter a whole number")
    _check_range(value, minimum, maximum, sign)
    return format(value or Decimal(0), "f")  # never "-0"


def _check_range(value: Decimal, minimum: Decimal | None, maximum: Decimal | None, sign: str) -> None:
    least = Decimal(0) if minimum is None else minimum
    most = LARGEST_NUMBER if maximum is None else maximum
    if value < least:
        raise Unclear(f"Enter {sign}{least:,f} or more")
    if value > most:
        raise Unclear(f"Enter {sign}{most:,f} or less")


def money(text: str, *, minimum: Decimal | None = None, maximum: Decimal | None = None) -> str:
    """Pounds and pence ("1200.00"), "" for nothing typed. Raises Unclear."""
    amount = number(text, minimum=minimum, maximum=maximum, decimals=2, sign="£")
    return format(Decimal(amount).quantize(Decimal("0.01")), "f") if amount else ""


def date(day: str, month: str, year: str) -> str:
    """YYYY-MM-DD, "" when nothing is typed. A month may be a number or its English name. Raises Unclear."""
    typed = {"day": day.strip(" "), "month": month.strip(" "), "year": year.strip(" ")}
    if not any(typed.values()):
        return ""
    _all_parts(typed)
    day_number = _digits(typed["day"], 1, 31, "day", "Enter the day as a number from 1 to 31")
    month_number = _month_number(typed["month"])
    year_number = _year(typed["year"])
    try:
        return datetime.date(year_number, month_number, day_number).isoformat()
    except ValueError:
        raise Unclear(f"{MONTHS[month_number - 1]} {year_number} has no day {day_number}", "day") from None


def month(month: str, year: str) -> str:
    """YYYY-MM, "" when nothing is typed. Raises Unclear."""
    typed = {"month": month.strip(" "), "year": year.strip(" ")}
    if not any(typed.values()):
        return ""
    _all_parts(typed)
    return f"{_year(typed['year']):04d}-{_month_number(typed['month']):02d}"


def _all_parts(typed: Mapping[str, str]) -> None:
    empty = [part for part, text in typed.items() if not text]
    if empty:
        raise Unclear(f"The date must include a {' and a '.join(empty)}", empty[0])


def _month_number(text: str) -> int:
    named = _MONTH_NUMBERS.get(text.lower())
    return named or _digits(text, 1, 12, "month", "Enter the month as a number from 1 to 12, or its name")


def _year(text: str) -> int:
    message = f"Enter the year with four digits, from {FIRST_YEAR} to {LAST_YEAR}"
    return _digits(text, FIRST_YEAR, LAST_YEAR, "year", message)


def _digits(text: str, least: int, most: int, part: str, message: str) -> int:
    if not re.fullmatch("[0-9]{1,4}", text) or not least <= int(text) <= most:
        raise Unclear(message, part)
    return int(text)


def area_codes(text: str, most: int = 1_000) -> list[str]:
    """LSOA codes in the order typed, each once; spaces, commas or new lines between them. Raises Unclear."""
    codes = _each_code(text)
    wrong = [code for code in codes if not _AREA_CODE.fullmatch(code)]
    if wrong:
        more = f" and {len(wrong) - 10:,} more" if len(wrong) > 10 else ""
        shown = ", ".join(showable(code)[:20] for code in wrong[:10]) + more
        raise Unclear(f"An area code is a letter and eight digits, such as E01011264. Not a code: {shown}")
    if len(codes) > most:
        raise Unclear(f"Choose at most {most:,} areas. There are {len(codes):,}")
    return codes


def clear_area_codes(text: str) -> list[str]:
    """Those that are codes among what `area_codes` refuses, so that everything wrong with it can be told together."""
    return [code for code in _each_code(text) if _AREA_CODE.fullmatch(code)]


def _each_code(text: str) -> list[str]:
    return list(dict.fromkeys(code for code in re.split(r"[\s,;]+", text.upper()) if code))


def written_date(value: str) -> str:
    """“1 March 2027” from YYYY-MM-DD, “March 2027” from YYYY-MM."""
    year, month_number, *day = value.split("-")
    return " ".join([*(str(int(part)) for part in day), MONTHS[int(month_number) - 1], year])


def written_number(value: str) -> str:
    """“12,500” from "12500"."""
    return format(Decimal(value), ",f")


def written_money(value: str) -> str:
    """“£1,200” from "1200.00", “£1,200.50” from "1200.50"."""
    amount = written_number(value).removesuffix(".00")
    return f"-£{amount[1:]}" if amount.startswith("-") else f"£{amount}"
