"""Files are what their names say, or they are not taken; and a name is only a label."""

from __future__ import annotations

import time
import tracemalloc
from datetime import date

import pytest

from hia_app.domain import evidence, file_kinds
from hia_app.domain.file_kinds import HEAD, KINDS, TAIL, TEXT_BYTES, Look
from hia_app.domain.file_names import ending, label
from tests.support import files
from tools import write_docs


def look(content: bytes) -> Look:
    return Look(len(content), content[:HEAD], content[-TAIL:], not content.translate(None, TEXT_BYTES))


def refusal(name: str, content: bytes) -> str:
    kind = file_kinds.kind_of(ending(label(name)))
    return "not taken" if kind is None else file_kinds.disagreement(kind, look(content))


def test_the_page_about_evidence_shows_the_table() -> None:
    page = write_docs.EVIDENCE_PAGE
    assert page.read_text("utf-8") == write_docs.published()[page], "run: python tools/write_docs.py"


def test_there_are_enough_examples() -> None:
    assert len(files.RIGHT) + len(files.WRONG) >= 60
    assert {kind.ending for kind in KINDS} <= {ending(name.lower()) for name in files.RIGHT}


@pytest.mark.parametrize("name", files.RIGHT)
def test_a_file_that_is_what_it_says_is_taken(name: str) -> None:
    assert refusal(name, files.RIGHT[name]) == ""


@pytest.mark.parametrize("name", files.WRONG)
def test_anything_else_is_refused_in_words(name: str) -> None:
    assert refusal(name, files.WRONG[name])


@pytest.mark.parametrize("name", [name for name in files.RIGHT if not name.endswith((".txt", ".csv"))])
def test_something_added_in_front_or_behind_is_noticed(name: str) -> None:
    content = files.RIGHT[name]
    assert refusal(name, files.HTML + content)
    assert refusal(name, content + files.HTML)
    assert refusal(name, content[: len(content) // 2])


@pytest.mark.parametrize("make", [files.bomb, files.lying_bomb])
def test_a_bomb_is_refused_or_left_packed_quickly_and_in_little_memory(make) -> None:
    content = make(210)
    assert len(content) < 400_000
    tracemalloc.start()
    began = time.perf_counter()
    said = refusal("bomb.docx", content)
    took, (_, most) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert bool(said) is (make is files.bomb)  # one that lies about itself is kept as it came: nobody unpacks it here
    assert took < 1
    assert most < 5_000_000


def test_an_office_file_may_hold_much_as_long_as_it_is_not_absurd() -> None:
    assert refusal("report.docx", files.docx({"word/media/a.xml": b"\0" * 15_000_000})) == ""


def test_photographs_say_that_they_carry_details() -> None:
    kind = file_kinds.kind_of("jpg")
    assert kind is not None
    assert file_kinds.carries_hidden_details(kind, look(files.EXIF))
    assert not file_kinds.carries_hidden_details(kind, look(files.JPEG))


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("report.pdf", "report.pdf"),
        ("../../app.py", "app.py"),
        ("C:\\Users\\x\\My report.pdf", "My report.pdf"),
        ("/etc/passwd", "passwd"),
        ("nul", "_nul"),
        ("NUL.txt", "_NUL.txt"),
        ("com1 .pdf", "_com1 .pdf"),
        ("", ""),
        (".", ""),
        ("..", ""),
        ("...pdf", "pdf"),
        (".htaccess", "htaccess"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie_ x=1.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("zero\u200bwidth\ufeff.pdf", "zerowidth.pdf"),
        ("half \ud800 a letter.pdf", "half a letter.pdf"),
        ("two\u2028lines.pdf", "two lines.pdf"),
        ("e\u0301te\u0301.pdf", "\u00e9t\u00e9.pdf"),
        ('quote"; filename=x.pdf', "quote_; filename=x.pdf"),
        ("C:x.pdf", "C_x.pdf"),
        ("page.html:.pdf", "page.html_.pdf"),
        ("\U0001f3e0 homes.pdf", "\U0001f3e0 homes.pdf"),
        ("  many   spaces  .pdf ", "many spaces .pdf"),
        ("trailing.pdf. . ", "trailing.pdf"),
    ],
)
def test_a_name_is_only_a_label(sent: str, shown: str) -> None:
    assert label(sent) == shown


def test_a_long_name_keeps_its_ending() -> None:
    assert label("x" * 400 + ".pdf") == "x" * 251 + ".pdf"
    assert len(label("y" * 400)) == 255


@pytest.mark.parametrize(
    ("dated", "today", "old"),
    [
        (None, date(2026, 11, 23), False),
        (date(2023, 11, 23), date(2026, 11, 23), False),
        (date(2023, 11, 22), date(2026, 11, 23), True),
        (date(2024, 2, 29), date(2027, 2, 28), False),
        (date(2024, 2, 29), date(2027, 3, 1), True),
        (date(2026, 11, 23), date(2026, 11, 23), False),
    ],
)
def test_evidence_is_old_after_thirty_six_months(dated: date | None, today: date, old: bool) -> None:
    assert evidence.is_old(dated, today) is old


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (1_440_000, "1.4 MB"),
        (20_000_000, "20 MB"),
    ],
)
def test_sizes_are_told_as_people_read_them(size: int, words: str) -> None:
    assert evidence.size_words(size) == words
