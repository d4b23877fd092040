"""Every printed document is for the archive and for everybody; and the checks that say so can say no."""

import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import page
import pikepdf
import pytest

from hia_app.domain.document import Document
from hia_app.pdf.canvas import TaggedCanvas, UnmarkedContent
from hia_app.pdf.render import render
from hia_app.pdf.structure import Element
from tests.support import documents
from tests.support.pdf_reading import marks_without_owner, missing_texts, pages_out_of_order, tree

MADE = {
    "short": documents.short,
    "realistic": documents.holbeck,
    "long": lambda: documents.long(12_000),
    "hostile": documents.hostile,
}


@pytest.fixture(scope="module", params=MADE)
def printed(request: pytest.FixtureRequest) -> tuple[Document, bytes]:
    document = MADE[request.param]()
    return document, render(document, watermark="Draft, not for decision", signature_field=True)


def failures(pdf: bytes) -> list[tuple[str, str]]:
    """The rules of PDF/UA-1 and PDF/A-2a that the file breaks."""
    reports = [page.validate_pdf_bytes(pdf, profile=profile) for profile in ("ua1", "2a")]
    return [(failure.rule_id, failure.message) for report in reports for failure in report.failures]


def test_it_is_pdf_ua_and_pdf_a(printed: tuple[Document, bytes]) -> None:
    assert failures(printed[1]) == []


def test_it_is_read_out_in_the_order_in_which_it_is_printed(printed: tuple[Document, bytes]) -> None:
    assert pages_out_of_order(printed[1]) == []


def test_every_text_can_be_read_or_is_listed_as_not_printable(printed: tuple[Document, bytes]) -> None:
    assert missing_texts(*printed) == []


# ---- the same document gives the same bytes ----

SCRIPT = """
import hashlib, sys
from tests.support import documents
from hia_app.pdf.render import render
if "after another" in sys.argv:
    render(documents.hostile())
print(hashlib.sha256(render(documents.holbeck(4))).hexdigest())
print(hashlib.sha256(render(documents.document(documents.Paragraph(documents.HOSTILE[5])))).hexdigest())
"""


def printed_elsewhere(seed: str, zone: str, *given: str) -> str:
    environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C", "SOURCE_DATE_EPOCH": ""}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *given], capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout


def test_other_processes_zones_and_histories_give_the_same_bytes() -> None:
    first = printed_elsewhere("1", "Pacific/Kiritimati")
    assert first == printed_elsewhere("2", "America/Los_Angeles", "after another")
    assert first.split()[0] == hashlib.sha256(render(documents.holbeck(4))).hexdigest()


def test_threads_do_not_disturb_each_other() -> None:
    alone = render(documents.short())
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda make: render(make()), [documents.short, documents.holbeck] * 4))
    assert together[::2] == [alone] * 4


# ---- planted defects: each must be noticed ----


def saved(pdf: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened)
        opened.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def elements(pdf: pikepdf.Pdf, tag: str) -> list[pikepdf.Dictionary]:
    return [found for found in pdf.objects if isinstance(found, pikepdf.Dictionary) and found.get("/S") == f"/{tag}"]


def no_alternative(pdf: pikepdf.Pdf) -> None:
    del elements(pdf, "Figure")[0]["/Alt"]


def no_scope(pdf: pikepdf.Pdf) -> None:
    del elements(pdf, "TH")[0]["/A"]


def skipped_level(pdf: pikepdf.Pdf) -> None:
    elements(pdf, "H2")[0]["/S"] = pikepdf.Name("/H4")


def no_language(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Lang"]


def title_not_shown(pdf: pikepdf.Pdf) -> None:
    pdf.Root.ViewerPreferences["/DisplayDocTitle"] = False


def no_tab_order(pdf: pikepdf.Pdf) -> None:
    link_page = next(one for one in pdf.pages if "/Annots" in one)
    del link_page["/Tabs"]


def link_without_words(pdf: pikepdf.Pdf) -> None:
    annotations = next(one.Annots for one in pdf.pages if "/Annots" in one)
    del annotations[0]["/Contents"]


def no_claim(pdf: pikepdf.Pdf) -> None:
    packet = pdf.Root.Metadata.read_bytes().replace(b"<pdfuaid:part>1</pdfuaid:part>", b"")
    pdf.Root.Metadata = pdf.make_stream(packet, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)


def no_output_intent(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/OutputIntents"]


def untagged_text(pdf: pikepdf.Pdf) -> None:
    one = pdf.pages[0]
    content = one.Contents.read_bytes()
    start = content.index(b"/P <</MCID")
    end = content.index(b"BDC", start) + 3
    close = content.index(b"EMC", end)
    one.Contents = pdf.make_stream(content[:start] + content[end:close] + content[close + 3 :])


def paragraph_in_a_list_entry(pdf: pikepdf.Pdf) -> None:
    elements(pdf, "LBody")[0]["/S"] = pikepdf.Name.P


PLANTED = (
    *(no_alternative, no_scope, skipped_level, no_language, title_not_shown, no_tab_order),
    *(link_without_words, no_claim, no_output_intent, untagged_text, paragraph_in_a_list_entry),
)


@pytest.fixture(scope="module")
def report() -> bytes:
    return render(documents.holbeck(2))


def test_saving_it_again_breaks_nothing(report: bytes) -> None:
    assert failures(saved(report, lambda pdf: None)) == []


@pytest.mark.parametrize("plant", PLANTED)
def test_the_validator_notices(report: bytes, plant: Callable[[pikepdf.Pdf], None]) -> None:
    assert failures(saved(report, plant)) != []


def test_a_paragraph_marked_as_decoration_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    marked = TaggedCanvas.marked

    def lose_one(canvas: TaggedCanvas, element: Element) -> AbstractContextManager[None]:
        return canvas.decoration() if element.lang == "cy" else marked(canvas, element)

    monkeypatch.setattr(TaggedCanvas, "marked", lose_one)
    document = documents.short()
    assert missing_texts(document, render(document)) == ["Croeso i Leeds."]


def test_a_wrong_order_is_noticed(report: bytes) -> None:
    def reverse(pdf: pikepdf.Pdf) -> None:
        root = pdf.Root.StructTreeRoot.K[0]
        root.K = pikepdf.Array(list(root.K)[::-1])

    assert pages_out_of_order(saved(report, reverse)) != []


def test_content_that_leads_back_to_nobody_is_noticed(report: bytes) -> None:
    """The thirteenth defect: the validators for every day do not look at the way back; veraPDF and we do."""

    def empty_the_way_back(pdf: pikepdf.Pdf) -> None:
        numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
        numbers[1] = pikepdf.Array()

    assert marks_without_owner(report) == []
    broken = marks_without_owner(saved(report, empty_the_way_back))
    assert broken
    assert {place for place, _ in broken} == {0}


def test_every_mark_leads_back_to_its_element(printed: tuple[Document, bytes]) -> None:
    assert marks_without_owner(printed[1]) == []


def test_a_lost_text_is_noticed(report: bytes) -> None:
    other = documents.document(documents.Paragraph("Nobody ever printed this."))
    assert "Nobody ever printed this." in missing_texts(other, report)


def test_painting_that_belongs_to_nobody_is_refused() -> None:
    canvas = TaggedCanvas("Title", "Council", "Reference", "en-GB", documents.DAY)
    canvas.write(100, 100, "lost to people who listen", 12)
    with pytest.raises(UnmarkedContent, match="page 1"):
        canvas.showPage()


def test_reading_it_back_finds_the_parts(report: bytes) -> None:
    told = tree(report)
    assert {node.scope for node in told.every("TH")} == {"Column", "Row"}
    assert [node.text for node in told.every("H1")] == ["Holbeck group repair"]
    assert len(list(told.every("Figure"))) == 3
