"""A PDF read as a screen reader reads it: the tree of elements, in order, with the text that is marked as theirs."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf

from hia_app.domain.document import Document, plain_text

SPACES = re.compile(r"\s+")


@dataclass
class Node:
    """An element of the tree with everything that can be read of it."""

    tag: str
    text: str = ""
    alt: str = ""
    lang: str = ""
    scope: str = ""
    page: int | None = None
    kids: "list[Node]" = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)

    def every(self, tag: str = "") -> "Iterator[Node]":
        """This element and all below it, or only those with a tag."""
        if tag in ("", self.tag):
            yield self
        for kid in self.kids:
            yield from kid.every(tag)

    def whole_text(self) -> str:
        return "".join(f"{node.text}\n{node.alt}\n" for node in self.every())


def tree(pdf: bytes) -> Node:
    """The structure tree, its texts in reading order."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        fonts: dict[tuple[int, int], dict[int, str]] = {}
        texts = {page.objgen: _marked_text(page, fonts) for page in opened.pages}
        numbers = {page.objgen: number for number, page in enumerate(opened.pages)}
        return _node(opened.Root.StructTreeRoot.K[0], texts, numbers, None)


def _node(element: pikepdf.Dictionary, texts: dict, numbers: dict, above: pikepdf.Dictionary | None) -> Node:
    home = element.get("/Pg", above)
    attributes = element.get("/A", pikepdf.Dictionary())
    node = Node(str(element.S)[1:], alt=str(element.get("/Alt", "")), lang=str(element.get("/Lang", "")))
    node.scope = str(attributes.get("/Scope", ""))[1:]
    kids = element.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            node.kids.append(_node(kid, texts, numbers, home))
        elif isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR":
            continue
        else:
            page, mark = (kid.Pg, int(kid.MCID)) if isinstance(kid, pikepdf.Dictionary) else (home, int(kid))
            node.page = numbers[page.objgen] if node.page is None else node.page
            node.marks.append((numbers[page.objgen], mark))
            node.text += texts[page.objgen].get(mark, "")
    return node


def _marked_text(page: pikepdf.Page, known: dict[tuple[int, int], dict[int, str]]) -> dict[int, str]:
    """The text of each mark on a page; where an ActualText stands, that and not the glyphs."""
    for font in page.Resources.Font.values():
        if font.objgen not in known:
            known[font.objgen] = _unicode_map(font)
    fonts = {name: known[font.objgen] for name, font in page.Resources.Font.items()}
    found: dict[int, str] = {}
    stack: list[tuple[int | None, bool]] = []
    letters: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            given = operands[1] if name == "BDC" and isinstance(operands[1], pikepdf.Dictionary) else {}
            above = stack[-1] if stack else (None, False)
            mark = int(given["/MCID"]) if "/MCID" in given else above[0]
            if "/ActualText" in given and mark is not None:
                found[mark] = found.get(mark, "") + str(given["/ActualText"])
            stack.append((mark, above[1] or "/ActualText" in given))
        elif name == "EMC":
            stack.pop()
        elif name == "Tf":
            letters = fonts[str(operands[0])]
        elif name in ("Tj", "TJ") and stack and stack[-1][0] is not None and not stack[-1][1]:
            parts = operands[0] if name == "TJ" else [operands[0]]
            shown = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
            found[stack[-1][0]] = found.get(stack[-1][0], "") + "".join(letters[code] for code in shown)
    return found


def _unicode_map(font: pikepdf.Dictionary) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-F]{2})> <([0-9A-F]{4,})>\n", font.ToUnicode.read_bytes() + b"\n")
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def text_of(pdf: bytes) -> str:
    """Everything that can be read of it, in reading order."""
    return tree(pdf).whole_text()


def pages_out_of_order(pdf: bytes) -> list[int]:
    """The pages on which the tree reads the marks in another order than they are painted in."""
    order: dict[int, list[int]] = {}
    for node in tree(pdf).every():
        for page, mark in node.marks:
            order.setdefault(page, []).append(mark)
    return [page for page, marks in order.items() if marks != sorted(marks)]


def marks_without_owner(pdf: bytes) -> list[tuple[int, int]]:
    """Page and mark of content that the page's own list does not lead back to its element (a screen reader asks it)."""
    lost: list[tuple[int, int]] = []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        numbers = opened.Root.StructTreeRoot.ParentTree.Nums
        owners = {int(numbers[place]): numbers[place + 1] for place in range(0, len(numbers), 2)}
        for number, page in enumerate(opened.pages):
            listed = owners.get(int(page.StructParents), pikepdf.Array())
            for mark in _marked_text(page, {}):
                owner = listed[mark] if isinstance(listed, pikepdf.Array) and mark < len(listed) else None
                if not isinstance(owner, pikepdf.Dictionary) or "/S" not in owner:
                    lost.append((number, mark))
    return lost


def missing_texts(document: Document, pdf: bytes) -> list[str]:
    """The strings of the document that can neither be read in the tagged text nor are listed as not printable."""
    told = tree(pdf).whole_text()
    listed = told.partition("Characters that could not be printed\n")[2]
    not_printed = {chr(int(number, 16)) for number in re.findall(r"U\+([0-9A-F]{4,6})", listed)}
    read = SPACES.sub("", told)
    missing = []
    for text in plain_text(document):
        fragments = re.split("[" + "".join(map(re.escape, sorted(not_printed))) + "]", text) if not_printed else [text]
        missing += [fragment for fragment in fragments if SPACES.sub("", fragment) not in read]
    return missing
