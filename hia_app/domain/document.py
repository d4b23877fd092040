"""What a printed or shown assessment is made of: headings, paragraphs, tables, charts, each described once.

The web page and the PDF are two readers of one description. Every text is plain text, never markup, and may
contain line breaks. Anything a person typed may stand in any text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as calendar_date
from typing import Literal, get_args

from hia_app.domain import charts

ParagraphStyle = Literal["body", "lead", "small", "quote"]
Tone = Literal["stop", "warning", "calm", "good"]

PARAGRAPH_STYLES = get_args(ParagraphStyle)
TONE_WORDS: dict[str, str] = {"stop": "Stop", "warning": "Warning", "calm": "Note", "good": "Good news"}
"""The word printed with each tone, so that colour is never the only sign."""

ANCHOR = re.compile(r"[a-z][a-z0-9_-]{0,79}")


@dataclass(frozen=True)
class Heading:
    """A heading of level 2, 3 or 4 (the title is level 1); `anchor`, unique in the document, is for links."""

    text: str
    level: int = 2
    anchor: str = ""

    def __post_init__(self) -> None:
        if self.level not in (2, 3, 4):
            raise ValueError(f"heading {self.text[:60]!r}: the level is 2, 3 or 4, not {self.level}")
        if self.anchor and not ANCHOR.fullmatch(self.anchor):
            raise ValueError(f"heading {self.text[:60]!r}: {self.anchor!r} cannot be an anchor")


@dataclass(frozen=True)
class Paragraph:
    """Running text of any length; `lang` only where it differs from the document's ("cy" for a Welsh passage)."""

    text: str
    style: ParagraphStyle = "body"
    lang: str | None = None

    def __post_init__(self) -> None:
        if self.style not in PARAGRAPH_STYLES:
            raise ValueError(f"a paragraph is {', '.join(PARAGRAPH_STYLES)}, not {self.style!r}")


@dataclass(frozen=True)
class Bullets:
    """A list; numbered when `ordered`."""

    entries: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Facts:
    """Label and text, row by row; either may be of any length."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """A table with one header row; the first column names its row.

    `numeric` are the columns set right-aligned (0 is the first); `note` is printed below.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    note: str = ""

    def __post_init__(self) -> None:
        if not self.header:
            raise ValueError(f"table {self.caption[:60]!r}: it has no column")
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.header):
                cells = f"{len(row)} cells for {len(self.header)} columns"
                raise ValueError(f"table {self.caption[:60]!r}, row {number}: {cells}")


@dataclass(frozen=True)
class Callout:
    """Something that must not be overlooked, with a bar and a word as well as a colour."""

    tone: Tone
    title: str
    text: str = ""

    def __post_init__(self) -> None:
        if self.tone not in TONE_WORDS:
            raise ValueError(f"a callout is {', '.join(TONE_WORDS)}, not {self.tone!r}")


@dataclass(frozen=True)
class Figure:
    """A chart with its text alternative and caption; title and table of numbers are printed with it.

    Without `tabled` the table is left out, where the numbers stand in the text beside it.
    """

    chart: charts.ChartSpec
    alt: str = ""
    caption: str = ""
    tabled: bool = True

    @property
    def alternative(self) -> str:
        """The given text alternative, or the one made from the numbers."""
        return self.alt or charts.alt_text(self.chart)

    @property
    def numbers(self) -> Table:
        """The chart's numbers as a table block."""
        table = charts.table(self.chart)
        return Table(table.caption, table.header, table.rows, frozenset(range(1, len(table.header))))


@dataclass(frozen=True)
class PageBreak:
    """What follows starts on a new page (in print; a web page shows nothing)."""


Block = Heading | Paragraph | Bullets | Facts | Table | Callout | Figure | PageBreak


@dataclass(frozen=True)
class Attached:
    """A file inside the PDF: the same content for machines. Its name ends in .json."""

    name: str
    description: str
    content: bytes


@dataclass(frozen=True)
class Document:
    """A whole document. `date` is the one it is dated with (a sign-off date, say): the PDF takes no other.

    `fingerprint_lines` are printed at the end; `version` ("Version 2, full edition") and `fingerprint` (hex, of
    which the first twelve characters are shown) go into the title block and the running head.
    """

    title: str
    subtitle: str
    reference: str
    council: str
    lang: str
    date: calendar_date
    fingerprint_lines: tuple[str, ...]
    blocks: tuple[Block, ...]
    version: str = ""
    fingerprint: str = ""
    attached: Attached | None = None
    contents: bool = True  # whether a long document begins with a list of its parts

    def __post_init__(self) -> None:
        level, anchors = 1, set[str]()
        for heading in headings(self):
            if heading.level > level + 1:
                raise ValueError(f"heading {heading.text[:60]!r}: level {heading.level} follows level {level}")
            if heading.anchor and heading.anchor in anchors:
                raise ValueError(f"heading {heading.text[:60]!r}: the anchor {heading.anchor!r} is used twice")
            level = heading.level
            anchors.add(heading.anchor)

    @property
    def short_fingerprint(self) -> str:
        """The fingerprint's first twelve characters, enough to tell two editions apart at a glance."""
        return self.fingerprint[:12]


def headings(document: Document) -> Iterator[Heading]:
    """The document's headings in order."""
    return (block for block in document.blocks if isinstance(block, Heading))


def plain_text(document: Document) -> tuple[str, ...]:
    """Every string a reader of the document must meet, in order, without empty ones: for tests of completeness."""
    found = [document.council, document.title, document.subtitle, document.reference, document.version]
    for block in document.blocks:
        found.extend(_strings(block))
    found.extend(document.fingerprint_lines)
    return tuple(text for text in found if text.strip())


def _strings(block: Block) -> Iterator[str]:
    match block:
        case Heading(text=text) | Paragraph(text=text):
            yield text
        case Bullets(entries=entries):
            yield from entries
        case Facts(rows=rows):
            for row in rows:
                yield from row
        case Table():
            yield block.caption
            yield from block.header
            for cells in block.rows:
                yield from cells
            yield block.note
        case Callout(tone=tone, title=title, text=text):
            yield from (TONE_WORDS[tone], title, text)
        case Figure():
            yield from (charts.title(block.chart), block.alternative, block.caption, block.chart.source)
            yield from _strings(block.numbers) if block.tabled else ()
        case PageBreak():
            return
