"""What a screen reader reads: the tree of headings, paragraphs, tables and figures behind the printed pages.

Elements are made in reading order while the record is laid out, collect marks while it is drawn, and are written out
once at the end (ISO 32000-1, 14.7).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from reportlab.pdfbase.pdfdoc import PDFDocument, PDFObject


class Mark(NamedTuple):
    """A piece of painted content: page number (from 0) and its number on that page."""

    page: int
    number: int


class Reference(NamedTuple):
    """A link or form field on a page: page number (from 0) and the name of the annotation object."""

    page: int
    name: str


@dataclass(eq=False)
class Element:
    """One node of the tree. `attributes` is a ready-made PDF dictionary."""

    tag: str
    parent: "Element | None" = None
    attributes: str = ""
    alt: str = ""
    lang: str = ""
    kids: "list[Element | Mark | Reference]" = field(default_factory=list)
    name: str = ""

    def __post_init__(self) -> None:
        if self.parent is not None:
            self.parent.kids.append(self)

    def child(self, tag: str, attributes: str = "", alt: str = "", lang: str = "") -> "Element":
        """A new element at the end of this one."""
        return Element(tag, self, attributes, alt, lang)

    def below(self) -> "Iterator[Element]":
        """This element and all below it, parents first."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(kid for kid in reversed(element.kids) if isinstance(kid, Element))


class Raw(PDFObject):
    """An object written with bytes of our own making."""

    __RefOnly__ = 1

    def __init__(self) -> None:
        self.content = b""

    def format(self, document: PDFDocument) -> bytes:
        return self.content


def text_string(text: str) -> str:
    """Text as a PDF string: plain where it is printable ASCII, else UTF-16 in hexadecimal."""
    if text.isascii() and text.isprintable():
        return "(" + re.sub(r"([\\()])", r"\\\1", text) + ")"
    return "<FEFF" + text.encode("utf-16-be", "replace").hex().upper() + ">"


def write(root: Element, marks: list[list[Element]], annotations: list[Element], document: PDFDocument) -> Raw:
    """Add the whole tree to the document and return its root object.

    `marks[page][number]` is the element that owns a mark; `annotations[number]` the one that owns a link or field,
    whose key in the parent tree is that number plus the number of pages.
    """
    objects = _registered(root, document)
    tree = Raw()
    document.Reference(tree, "StructTreeRoot")
    _fill(objects, marks, document, _ref(document, "StructTreeRoot"))
    rows = _owners(marks, annotations, document, 0)
    rows_text = "\n".join(rows)
    name = _ref(document, root.name)
    tree.content = (
        f"<</Type/StructTreeRoot/K[{name}]/ParentTree<</Nums[{rows_text}]>>/ParentTreeNextKey {len(rows)}>>"
    ).encode()
    return tree


def write_part(
    root: Element, marks: list[list[Element]], annotations: list[Element], document: PDFDocument, above: str, first: int
) -> tuple[int, int]:
    """Add a tree that hangs below the element `above` of another one; gives the object numbers of its root and of its
    leaf of the parent tree, whose keys begin with `first`."""
    objects = _registered(root, document)
    leaf = Raw()
    document.Reference(leaf, "ParentTreeLeaf")
    _fill(objects, marks, document, above)
    rows = _owners(marks, annotations, document, first)
    rows_text = "\n".join(rows)
    leaf.content = f"<</Limits[{first} {first + len(rows) - 1}]/Nums[{rows_text}]>>".encode()
    numbers = document.idToObjectNumberAndVersion
    return numbers[root.name][0], numbers["ParentTreeLeaf"][0]


def _registered(root: Element, document: PDFDocument) -> "list[tuple[Element, Raw]]":
    """Each element with the object that will hold it."""
    objects = []
    for number, element in enumerate(root.below()):
        element.name = f"Element{number}"
        raw = Raw()
        document.Reference(raw, element.name)
        objects.append((element, raw))
    return objects


def _fill(objects: "list[tuple[Element, Raw]]", marks: list[list[Element]], document: PDFDocument, above: str) -> None:
    pages = [_ref(document, f"Page{number + 1}") for number in range(len(marks))]
    for element, raw in objects:
        parent = _ref(document, element.parent.name) if element.parent else above
        raw.content = _dictionary(element, parent, pages, partial(_ref, document)).encode()


def _owners(marks: list[list[Element]], annotations: list[Element], document: PDFDocument, first: int) -> list[str]:
    """Who owns what, page by page, then link by link: the rows of the parent tree."""
    owners_of_pages = (" ".join(_ref(document, owner.name) for owner in owners) for owners in marks)
    rows = [f"{first + page} [{owners}]" for page, owners in enumerate(owners_of_pages)]
    first += len(marks)
    return rows + [f"{first + number} {_ref(document, owner.name)}" for number, owner in enumerate(annotations)]


def _ref(document: PDFDocument, name: str) -> str:
    return "{} {} R".format(*document.idToObjectNumberAndVersion[name])


def _dictionary(element: Element, parent: str, pages: list[str], ref: Callable[[str], str]) -> str:
    home = next((kid.page for kid in element.kids if isinstance(kid, Mark)), None)
    kids = []
    for kid in element.kids:
        if isinstance(kid, Element):
            kids.append(ref(kid.name))
        elif isinstance(kid, Reference):
            kids.append(f"<</Type/OBJR/Pg {pages[kid.page]}/Obj {ref(kid.name)}>>")
        elif kid.page == home:
            kids.append(str(kid.number))
        else:
            kids.append(f"<</Type/MCR/Pg {pages[kid.page]}/MCID {kid.number}>>")
    entries = [f"/Type/StructElem/S/{element.tag}/P {parent}"]
    entries += [f"/Pg {pages[home]}"] if home is not None else []
    entries += [f"/K[{' '.join(kids)}]"] if kids else []
    entries += [f"/A{element.attributes}"] if element.attributes else []
    entries += [f"/Alt{text_string(element.alt)}"] if element.alt else []
    entries += [f"/Lang{text_string(element.lang)}"] if element.lang else []
    return f"<<{''.join(entries)}>>"
