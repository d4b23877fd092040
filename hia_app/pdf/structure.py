"""What a screen reader reads: the tree of headings, paragraphs, tables and figures behind the printed pages.

Elements are made in reading order while the record is laid out, collect marks while it is drawn, and are written out
once at the end (ISO 32000-1, 14.7).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
    elements = list(root.below())
    objects = []
    for number, element in enumerate(elements):
        element.name = f"Element{number}"
        raw = Raw()
        document.Reference(raw, element.name)
        objects.append(raw)
    tree = Raw()
    document.Reference(tree, "StructTreeRoot")

    def ref(name: str) -> str:
        return "{} {} R".format(*document.idToObjectNumberAndVersion[name])

    pages = [ref(f"Page{number + 1}") for number in range(len(marks))]
    for element, raw in zip(elements, objects, strict=True):
        parent = element.parent.name if element.parent else "StructTreeRoot"
        raw.content = _dictionary(element, ref(parent), pages, ref).encode()
    rows = [f"{page} [{' '.join(ref(owner.name) for owner in owners)}]" for page, owners in enumerate(marks)]
    rows += [f"{len(marks) + number} {ref(owner.name)}" for number, owner in enumerate(annotations)]
    rows_text = "\n".join(rows)
    tree.content = (
        f"<</Type/StructTreeRoot/K[{ref(root.name)}]/ParentTree<</Nums[{rows_text}]>>/ParentTreeNextKey {len(rows)}>>"
    ).encode()
    return tree


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
