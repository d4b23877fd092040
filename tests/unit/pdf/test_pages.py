"""What a reader of the printed pages may count on."""

import io
import re
from datetime import date

import pikepdf
import pytest
from pypdf import PdfReader

from hia_app.domain.document import Block, Callout, Facts, Heading, PageBreak, Paragraph, Table
from hia_app.pdf import fonts
from hia_app.pdf.lines import Type, break_lines, shortened
from hia_app.pdf.render import render
from hia_app.pdf.tables import column_widths
from tests.support import documents
from tests.support.pdf_reading import tree

BODY = Type(12, 17)


@pytest.fixture(autouse=True)
def _fonts() -> None:
    fonts.load()


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_contents_name_the_page_on_which_each_heading_stands() -> None:
    told = tree(render(documents.holbeck()))
    stands = {node.text: node.page + 1 for node in told.every() if node.tag in ("H2", "H3") and node.page is not None}
    entries = [re.fullmatch(r"(.*) (\d+)", node.text) for node in told.every("Link")]
    assert len(entries) > 30
    assert all(entry and stands[entry[1]] == int(entry[2]) for entry in entries)


def test_every_page_says_what_it_is_and_where_it_belongs() -> None:
    printed = pages(render(documents.holbeck(6)))
    for number, text in enumerate(printed, 1):
        assert f"Page {number} of {len(printed)}" in text
        assert "HEA-2026-0012 · Version 2" in text
        assert "Fingerprint 5f1d2a9c7be8" in text
        assert "Leeds City Council" in text


def test_the_opening_stands_alone_on_the_first_page() -> None:
    first, second, *_ = pages(render(documents.holbeck(2)))
    assert "14 December 2026" in first
    assert "Contents" not in first
    assert "Contents" in second


def test_bookmarks_are_the_headings() -> None:
    document = documents.document(Heading("One"), Heading("One and a bit", 3), Heading("Two “quoted” ŵ 🏠"))
    with pikepdf.open(io.BytesIO(render(document))) as pdf, pdf.open_outline() as outline:
        assert [entry.title for entry in outline.root][:2] == ["One", "Two “quoted” ŵ [U+1F3E0 HOUSE BUILDING]"]
        assert [entry.title for entry in outline.root[0].children] == ["One and a bit"]


def test_a_long_table_repeats_its_header_for_the_eye_only() -> None:
    rows = tuple((f"Area {number}", str(number)) for number in range(120))
    pdf = render(documents.document(Table("Areas", ("Area", "People"), rows), fingerprint_lines=()))
    with_header = [text for text in pages(pdf) if re.search(r"^Area\s*$|Area People", text, re.MULTILINE)]
    assert len(with_header) == len(pages(pdf)) > 2
    column_headers = [node for node in tree(pdf).every("TH") if node.scope == "Column"]
    assert [node.text for node in column_headers] == ["Area", "People"]


def test_a_short_table_is_never_parted() -> None:
    table = Table("Short", ("Area", "People"), tuple((f"Row {number}", "1") for number in range(8)))
    for lines in range(20, 40):
        pdf = render(documents.document(Paragraph("line\n" * lines), table, fingerprint_lines=()))
        on = {node.page for node in tree(pdf).every() if node.tag in ("TH", "TD", "Caption")} - {None}
        assert len(on) == 1, lines


def test_a_heading_is_never_the_last_thing_on_a_page() -> None:
    for lines in range(25, 40):
        blocks = (Paragraph("line\n" * lines), Heading("Alone?"), Paragraph("Its text. " * 40))
        told = tree(render(documents.document(*blocks)))
        (heading,) = (node for node in told.every("H2") if node.text == "Alone?")
        (text,) = (node for node in told.every("P") if node.text.startswith("Its text."))
        assert heading.page == text.page, lines


@pytest.mark.parametrize("length", [20_000, 200_000])
def test_cells_of_any_length_are_printed(length: int) -> None:
    answer = "An answer that goes on. " * (length // 24)
    rows = (("Question", answer),)
    for block in (Facts(rows), Table("Answers", ("Question", "Answer"), rows)):
        told = tree(render(documents.document(block)))
        assert answer.strip() in " ".join(node.text for node in told.every("TD"))


def test_a_callout_says_its_tone_in_a_word() -> None:
    told = tree(render(documents.document(Callout("stop", "A serious harm remains", "Read it."))))
    (box,) = told.every("Div")
    assert [node.text for node in box.kids] == ["Stop: A serious harm remains", "Read it."]


def test_a_draft_says_so_in_words_too() -> None:
    told = tree(render(documents.short(), watermark="Draft, not for decision"))
    assert told.kids[0].text == "Draft, not for decision"


def test_the_seal_has_one_field_of_no_size() -> None:
    with pikepdf.open(io.BytesIO(render(documents.short(), signature_field=True))) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert field.FT == "/Sig"
        assert [float(side) for side in field.Rect] == [0, 0, 0, 0]
    with pikepdf.open(io.BytesIO(render(documents.short()))) as pdf:
        assert "/AcroForm" not in pdf.Root


def test_it_is_dated_with_the_documents_date_only() -> None:
    read = PdfReader(io.BytesIO(render(documents.document(date=date(2031, 5, 7)))))
    assert read.metadata is not None
    assert str(read.metadata["/CreationDate"]).startswith("D:20310507000000")
    assert "7 May 2031" in read.pages[0].extract_text()


def test_languages_are_marked() -> None:
    told = tree(render(documents.document(Paragraph("Croeso.", lang="cy"), lang="en-GB")))
    assert [node.lang for node in told.every("P") if node.text == "Croeso."] == ["cy"]


def test_an_empty_document_is_a_document() -> None:
    blocks: tuple[Block, ...] = (PageBreak(), Paragraph(" "), PageBreak())
    assert len(pages(render(documents.document(*blocks, title="", council="", reference="", version="")))) >= 1


# ---- letters ----


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ŵyn Łódź İstanbul Київ Tiếng Việt ≤ ≥ → ✓", "Ŵyn Łódź İstanbul Київ Tiếng Việt ≤ ≥ → ✓"),
        ("a 🏠 b", "a [U+1F3E0 HOUSE BUILDING] b"),
        ("\u202egnp.exe", "[U+202E RIGHT-TO-LEFT OVERRIDE]gnp.exe"),
        ("bell\x07", "bell[U+0007 CONTROL CHARACTER]"),
        ("half \ud83c", "half [U+D83C HALF A CHARACTER]"),
        ("zero\u200bwidth", "zerowidth"),
    ],
)
def test_what_no_font_has_is_named(text: str, shown: str) -> None:
    pdf = render(documents.document(Paragraph(text)))
    assert shown in [node.text for node in tree(pdf).every("P")]
    listed = [node.text for node in tree(pdf).every("LBody")]
    assert bool(listed) == (text != shown)


def test_names_in_other_scripts_are_read_in_order_and_embedded() -> None:
    text = "Asked by أحمد بن علي, (שלום עולם), on 12 May"
    pdf = render(documents.document(Paragraph(text)))
    assert text in [node.text for node in tree(pdf).every("P")]
    assert b"NotoNaskhArabic" in pdf
    assert b"NotoSansHebrew" in pdf
    assert b"Helvetica" not in pdf


def test_arabic_letters_are_joined_and_run_from_the_right() -> None:
    def forms(word: str) -> list[str]:
        (run,) = fonts.runs(word, bold=False)
        return [glyph.code for glyph in fonts.shaped(run.parts[0])]

    alone = [forms(letter) for letter in "بيت"]
    joined = forms("بيت")
    assert [joined[-1]] != alone[0]  # the first letter stands on the right, in its joining form
    assert joined[-1] == forms("بين")[-1]
    assert len(joined) >= 3


# ---- lines and columns ----


def test_no_line_is_wider_than_asked() -> None:
    for text in documents.HOSTILE:
        printable = fonts.printable(text, fonts.Counter())
        for line in break_lines(printable, BODY, 120):
            assert fonts.width(line.text, False) * 12 <= 120.01 or len(line.text) == 1


def test_lines_lose_nothing_and_keep_words_apart() -> None:
    text = "one two three-four five/six " * 20
    lines = break_lines(text.strip(), BODY, 90)
    assert "".join(line.text + " " * line.spaced for line in lines) == text.strip()


def test_accents_stay_on_their_letters() -> None:
    lines = break_lines("ẹ̀" * 60, BODY, 60)
    assert len(lines) > 3
    assert all(line.text.startswith("ẹ") for line in lines)


def test_one_line_is_cut_with_an_ellipsis() -> None:
    short = shortened("A very long reference " * 30, BODY, 100)
    assert short.endswith("…")
    assert fonts.width(short, False) * 12 <= 100


def test_columns_fill_the_width_and_leave_short_words_whole() -> None:
    widths = column_widths([["Who", "Tenants"], ["What", "long text " * 100], ["By", "2027"]], BODY, 400)
    assert sum(widths) + 2 * 14 == pytest.approx(400)
    assert widths[0] >= fonts.width("Tenants", False) * 12
    crowded = column_widths([["word"], *[["W" * 50]] * 9], BODY, 400)
    assert crowded[0] >= fonts.width("word", False) * 12
