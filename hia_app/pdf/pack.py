"""One tagged PDF of any number of documents, drawn part by part: memory holds one part, whatever the number.

Every part is drawn with object numbers, parent-tree keys and page numbers that go on where the part before ended, so
that joining is copying: nothing that was drawn is read again. A part's bytes depend on its document and place alone.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

from reportlab.pdfbase import pdfdoc

from hia_app.domain.document import Document
from hia_app.pdf import conform, fonts, structure
from hia_app.pdf.canvas import TaggedCanvas
from hia_app.pdf.flow import Compositor, NewPage, Target
from hia_app.pdf.render import BOTTOM, TOP, draw_page, plain, running_words
from hia_app.pdf.story import Story
from hia_app.pdf.structure import Element, text_string

# Objects that every part may point to, made when all are joined.
PAGES, TREE, WHOLE, OUTLINE = 1, 2, 3, 4
_RESERVED = 4


class Place(NamedTuple):
    """Where a part begins: the last object number before it, its first parent-tree key, and its first page (from 1)."""

    objects: int = _RESERVED
    key: int = 0
    page: int = 1


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of a part that was drawn; all that stays in memory of it."""

    title: str
    page: int  # its first page, from 1
    pages: int
    sheets: int  # the numbers of its objects: the node of its pages,
    root: int  # its uppermost element,
    leaf: int  # its owners,
    item: int  # its bookmark,
    first_item: int  # the first and last bookmark below that; 0 for none
    last_item: int
    items: int
    leads_to: str  # where the bookmark leads, as a PDF array
    after: tuple[int, int, int]  # where the next part begins

    @property
    def next(self) -> Place:
        return Place(*self.after)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, known: dict[str, Any]) -> Part:
        return cls(**known | {"after": tuple(known["after"])})


class Drawn(NamedTuple):
    """A part, its objects as they stand in a file, and where in it: number and place, turn by turn."""

    part: Part
    content: bytes
    places: array[int]


class _Bookmark(NamedTuple):
    text: str
    level: int
    leads_to: str


class _PartCanvas(TaggedCanvas):
    """A canvas whose pages go on where another's ended."""

    def __init__(self, document: Document, place: Place) -> None:
        super().__init__(plain(document.title), plain(document.council), "", document.lang, document.date)
        drawing = self._doc  # which begins with some objects of its own
        drawing.numberToId = {number + place.objects: name for number, name in drawing.numberToId.items()}
        drawing.idToObjectNumberAndVersion = {name: (number, 0) for number, name in drawing.numberToId.items()}
        drawing.objectcounter += place.objects
        self.place = place
        self.root = Element("Sect")
        self.bookmarks: list[_Bookmark] = []
        self.elsewhere: dict[str, str] = {}  # key → a place outside this part, as a PDF array
        self._tops: dict[str, float] = {}

    def bookmarkPage(self, key: str, **given: Any) -> None:  # noqa: N802 (ReportLab's name)
        self._tops[key] = given["top"]

    def addOutlineEntry(self, title: str, key: str, level: int = 0, closed: bool | None = None) -> None:  # noqa: N802
        name = f"Page{self.page + 1}"
        self.bookmarks.append(_Bookmark(title, level, f"[@{name}@ /XYZ 0 {self._tops[key]:.2f} 0]"))

    def link(self, element: Element, box: tuple[float, float, float, float], key: str, words: str) -> None:
        self._annotate(element, {"Subtype": "/Link", "Rect": box, "Contents": words, "Dest": self.elsewhere[key]})

    def _number(self, name: str) -> int:
        return int(self._doc.idToObjectNumberAndVersion[name][0])

    def _settled(self, leads_to: str) -> str:
        before, name, after = leads_to.split("@")
        return f"{before}{self._number(name)} 0 R{after}"

    def finish_part(self, title: str) -> Drawn:
        self._marks.pop()
        document, pages = self._doc, len(self._marks)
        for page in document.Pages.pages:
            page.StructParents += self.place.key
        for annotation in self._keyed:
            annotation.dict["StructParent"] += self.place.key + pages
        root, leaf = structure.write_part(
            self.root, self._marks, self._annotated, document, f"{WHOLE} 0 R", self.place.key
        )
        item, below, items = self._outline(title)
        for font in document.delayedFonts:
            font.addObjects(document)
        document.Pages.Parent = f"{PAGES} 0 R"
        document.Reference(document.Pages)
        content, index = self._written()
        known = Part(
            title=title,
            page=self.place.page,
            pages=pages,
            sheets=self._number(document.Pages.__InternalName__),
            root=root,
            leaf=leaf,
            item=item,
            first_item=below[0] if below else 0,
            last_item=below[-1] if below else 0,
            items=items,
            leads_to=f"[{self._number('Page1')} 0 R /XYZ 0 {TOP + 12:.2f} 0]",
            after=(
                document.objectcounter,
                self.place.key + pages + len(self._annotated),
                self.place.page + pages,
            ),
        )
        return Drawn(known, content, index)

    def _outline(self, title: str) -> tuple[int, list[int], int]:
        """The part's own bookmark, whose neighbours are not known yet, and those one level below it."""
        document = self._doc
        item = structure.Raw()
        document.Reference(item, "Bookmark")  # written when all parts are joined
        chosen = [one for one in self.bookmarks[1:] if one.level == 1]
        raws = [structure.Raw() for _ in chosen]
        for number, raw in enumerate(raws):
            document.Reference(raw, f"Bookmark{number}")
        numbers = [self._number(f"Bookmark{number}") for number in range(len(raws))]
        own = self._number("Bookmark")
        for at, (one, raw) in enumerate(zip(chosen, raws, strict=True)):
            beside = f"/Prev {numbers[at - 1]} 0 R" if at else ""
            beside += f"/Next {numbers[at + 1]} 0 R" if at + 1 < len(numbers) else ""
            words, dest = text_string(one.text), self._settled(one.leads_to)
            raw.content = f"<</Title{words}/Parent {own} 0 R{beside}/Dest {dest}>>".encode()
        return own, numbers, len(numbers)

    def _written(self) -> tuple[bytes, array[int]]:
        """The objects of the part in the order of their numbers; new ones may appear while others are written."""
        document = self._doc
        document.encrypt.prepare(document)
        pieces: list[bytes] = []
        index = array("Q")
        length, number = 0, self.place.objects
        while number < document.objectcounter:
            number += 1
            name = document.numberToId.get(number)
            if name is None or name == "Bookmark":
                continue
            piece: bytes = pdfdoc.PDFIndirectObject(name, document.idToObject[name]).format(document)
            pieces.append(piece)
            index.extend((number, length))
            length += len(piece)
        return b"".join(pieces), index


def draw(document: Document, place: Place, running: Document) -> Drawn:
    """Draw the blocks of a document as a part; `running` is what the heads and feet of the pages speak of."""
    fonts.load()
    canvas = _PartCanvas(document, place)
    story = Story(document, canvas.root, None)
    _draw_pages(canvas, story.tell_part(), running)
    return canvas.finish_part(document.title)


class Entry(NamedTuple):
    """A line of the contents of the whole: what it says, its page, and where it leads to."""

    text: str
    level: int
    page: int
    leads_to: str


def draw_front(document: Document, entries: Sequence[Entry], place: Place) -> Drawn:
    """The cover and the contents. As many pages whatever the page numbers in `entries` are."""
    fonts.load()
    canvas = _PartCanvas(document, place)
    story = Story(document, canvas.root, None)
    story.tell()
    targets = [
        Target(f"e{number}", story.printable(one.text)[:250], one.level, one.page) for number, one in enumerate(entries)
    ]
    canvas.elsewhere = {target.key: one.leads_to for target, one in zip(targets, entries, strict=True)}
    story.pieces.append(NewPage())
    story.entries(canvas.root.child("Sect"), targets)
    _draw_pages(canvas, story.pieces, document)
    return canvas.finish_part(document.title)


def _draw_pages(canvas: _PartCanvas, pieces: Iterable[Any], running: Document) -> None:
    words = running_words(running)
    for number, page in enumerate(Compositor(TOP - BOTTOM).compose(pieces), canvas.place.page):
        draw_page(canvas, page, number, None, words)
        canvas.showPage()


def keep(drawn: Drawn, path: Path) -> None:
    """Write a part's objects and their places into two files, whole or not at all."""
    for content, one in ((drawn.places.tobytes(), _index(path)), (drawn.content, path)):
        temporary = one.with_suffix(one.suffix + ".new")
        temporary.write_bytes(content)
        temporary.replace(one)


def _index(path: Path) -> Path:
    return path.with_suffix(".places")


def join(front: Document, parts: Sequence[tuple[Part, Path]], into: IO[bytes]) -> int:
    """Write the whole: the parts in the order of their pages (the front is the first); gives its size in bytes.

    What was drawn is copied from file to file; in memory is one number for each object.
    """
    whole = _Writer(into, max(part.after[0] for part, _ in parts))
    for _, path in parts:
        whole.copy(path)
    in_key_order = sorted((part for part, _ in parts), key=lambda one: one.after[1])
    count = sum(part.pages for part, _ in parts)
    sheets = " ".join(f"{part.sheets} 0 R" for part, _ in parts)
    whole.add(PAGES, f"<</Type/Pages/Count {count}/Kids[{sheets}]>>")
    leaves = " ".join(f"{part.leaf} 0 R" for part in in_key_order)
    keys = in_key_order[-1].after[1]
    whole.add(TREE, f"<</Type/StructTreeRoot/K[{WHOLE} 0 R]/ParentTree<</Kids[{leaves}]>>/ParentTreeNextKey {keys}>>")
    roots = " ".join(f"{part.root} 0 R" for part, _ in parts)
    whole.add(WHOLE, f"<</Type/StructElem/S/Document/P {TREE} 0 R/K[{roots}]>>")
    _add_outline(whole, [part for part, _ in parts])
    catalogue = _add_catalogue(whole, front)
    return whole.finish(catalogue)


def _add_outline(whole: _Writer, parts: Sequence[Part]) -> None:
    for at, part in enumerate(parts):
        beside = f"/Prev {parts[at - 1].item} 0 R" if at else ""
        beside += f"/Next {parts[at + 1].item} 0 R" if at + 1 < len(parts) else ""
        below = f"/First {part.first_item} 0 R/Last {part.last_item} 0 R/Count -{part.items}" if part.items else ""
        title = text_string(part.title)
        whole.add(part.item, f"<</Title{title}/Parent {OUTLINE} 0 R{beside}{below}/Dest {part.leads_to}>>")
    whole.add(OUTLINE, f"<</Type/Outlines/First {parts[0].item} 0 R/Last {parts[-1].item} 0 R/Count {len(parts)}>>")


def _add_catalogue(whole: _Writer, front: Document) -> int:
    moment = conform.FixedTime(front.date)
    info = pdfdoc.PDFInfo()
    info.title, info.author, info.subject = plain(front.title), plain(front.council), plain(front.reference)
    info.creator, info.producer = "Health Equity Assessments", "ReportLab PDF Library (opensource)"
    claims = whole.stream("/Type/Metadata/Subtype/XML", conform.xmp(info, front.lang, moment))
    profile = whole.stream("/N 3", conform.srgb_profile())
    intent = (
        "<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)"
        f"/DestOutputProfile {profile} 0 R>>"
    )
    return whole.add(
        None,
        f"<</Type/Catalog/Pages {PAGES} 0 R/StructTreeRoot {TREE} 0 R/MarkInfo<</Marked true>>"
        f"/Lang{text_string(front.lang)}/ViewerPreferences<</DisplayDocTitle true>>/PageMode/UseOutlines"
        f"/Outlines {OUTLINE} 0 R/Metadata {claims} 0 R/OutputIntents[{intent}]>>",
    )


class _Writer:
    """The file while it grows: what was written, and where each object stands."""

    def __init__(self, into: IO[bytes], objects: int) -> None:
        self._into = into
        self._places = array("Q", bytes(8 * (objects + 1)))  # by number; 0 where there is none
        self._digest = hashlib.sha256()
        self._put(b"%PDF-1.7\n%\x93\x8c\x8b\x9e\n")

    def copy(self, path: Path) -> None:
        start = self._into.tell()
        index = array("Q", _index(path).read_bytes())
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                self._put(piece)
        for number, place in zip(index[::2], index[1::2], strict=True):
            self._places[number] = start + place

    def add(self, number: int | None, content: str) -> int:
        return self._object(number, content.encode())

    def stream(self, entries: str, content: bytes) -> int:
        head = f"<<{entries}/Length {len(content)}>>\nstream\n".encode()
        return self._object(None, head + content + b"\r\nendstream")

    def _object(self, number: int | None, content: bytes) -> int:
        if number is None:
            number = len(self._places)
            self._places.append(0)
        self._places[number] = self._into.tell()
        self._put(f"{number} 0 obj\n".encode() + content + b"\nendobj\n")
        return number

    def finish(self, catalogue: int) -> int:
        start, size = self._into.tell(), len(self._places)
        self._put(f"xref\n0 {size}\n0000000000 65535 f \n".encode())
        for place in self._places[1:]:
            self._put(f"{place:010} 00000 n \n".encode() if place else b"0000000000 65535 f \n")
        name = self._digest.hexdigest()[:32]
        self._put(
            f"trailer\n<</Size {size}/Root {catalogue} 0 R/ID[<{name}><{name}>]>>\nstartxref\n{start}\n%%EOF\n".encode()
        )
        return self._into.tell()

    def _put(self, content: bytes) -> None:
        self._into.write(content)
        self._digest.update(content)
