"""A document told from first to last: each block becomes pieces on paper and elements that can be listened to."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hia_app.domain import charts
from hia_app.domain.chart_layout import layout
from hia_app.domain.document import (
    TONE_WORDS,
    Block,
    Bullets,
    Callout,
    Document,
    Facts,
    Figure,
    Heading,
    PageBreak,
    Paragraph,
    Table,
)
from hia_app.pdf import fonts
from hia_app.pdf.chart import Chart
from hia_app.pdf.flow import NewPage, Piece, Target
from hia_app.pdf.lines import Line, Type, break_lines, parts, reads_from_the_right
from hia_app.pdf.pieces import Entry, Passage, Rule
from hia_app.pdf.structure import Element
from hia_app.pdf.styles import (
    AROUND_HEADINGS,
    BAR_INSET,
    BODY,
    COLUMN,
    CONTENTS,
    COUNCIL,
    FEWEST_IN_CONTENTS,
    HEADINGS,
    HIGHEST_CHART,
    HIGHEST_IN_A_SUMMARY,
    LONGEST_OPENING,
    MEASURE,
    META,
    MONTHS,
    MOST_IN_CONTENTS,
    STRONG,
    STYLES,
    TITLE,
    TONES,
)
from hia_app.pdf.tables import fact_rows, reads_better_as_records, table_rows

LISTED = (
    "The fonts of this document have no form for these characters. "
    "They stand in the text by name or, where they are invisible by nature, without a sign."
)


class Story:
    """Pieces and structure of one document, made in reading order."""

    def __init__(self, document: Document, root: Element, watermark: str | None) -> None:
        self.document, self.root, self.watermark = document, root, watermark
        self.not_printed: Counter[str] = Counter()
        self.pieces: list[Piece | NewPage] = []
        self.targets: list[Target] = []
        self._contents_place: int | None = None
        self._contents: Element | None = None

    def tell(self) -> list[Piece | NewPage]:
        """Everything, from the title block to what could not be printed.

        The contents follow the opening (the blocks before the first page break), or the title where there is none.
        """
        self._title_block()
        breaks = any(isinstance(block, PageBreak) for block in self.document.blocks[:LONGEST_OPENING])
        if not breaks and self.document.contents:
            self._keep_place_for_contents()
        for block in self.document.blocks:
            if isinstance(block, PageBreak) and self._contents is None and self.document.contents:
                self._keep_place_for_contents()
            _READERS[type(block)](self, block)
        self._fingerprints()
        self._characters()
        self._fill_in_contents(on_own_page=breaks)
        return self.pieces

    def tell_part(self) -> list[Piece | NewPage]:
        """The blocks and what could not be printed, for a part of a larger document."""
        for block in self.document.blocks:
            _READERS[type(block)](self, block)
        self._characters()
        return self.pieces

    # -- text ---------------------------------------------------------------------------------------------------

    def printable(self, text: str) -> str:
        """The one door through which text reaches the paper."""
        return fonts.printable(text, self.not_printed)

    def passage(self, element: Element, text: str, type_: Type, *, indent: float = 0.0, **given: Any) -> Passage:
        """A passage of already printable text, added to the story."""
        width = given.pop("width", MEASURE)
        right = reads_from_the_right(text)
        lines = tuple(break_lines(text, type_, width - indent))
        if right:
            indent += max(0.0, width - indent - max(fonts.width(line.text, type_.bold) for line in lines) * type_.size)
        piece = Passage(lines, type_, element, width, indent, **given)
        self.pieces.append(piece)
        return piece

    def paragraphs(self, parent: Element, text: str, type_: Type, *, lang: str = "", **given: Any) -> None:
        """Text as paragraphs, parted at blank lines; a single line break stays a line break."""
        for part in parts(self.printable(text)):
            self.passage(parent.child("P", lang=lang), part, type_, **given)

    # -- parts that every document has --------------------------------------------------------------------------

    def _title_block(self) -> None:
        document = self.document
        if self.watermark:
            self.paragraphs(
                self.root,
                self.watermark,
                STRONG,
                bar=TONES["warning"],
                indent=BAR_INSET,
                inset=4,
                lower_inset=4,
                after=18,
            )
        self.paragraphs(self.root, document.council, COUNCIL, after=10)
        for part in parts(self.printable(document.title)) or ["Untitled"]:
            self.passage(self.root.child("H1"), part.replace("\n", " "), TITLE, after=6, width=COLUMN)
        self.paragraphs(self.root, document.subtitle, STYLES["lead"], after=10)
        day = f"{document.date.day} {MONTHS[document.date.month - 1]} {document.date.year}"
        fingerprint = f"Fingerprint {document.short_fingerprint}" if document.fingerprint else ""
        said = [part for part in (document.reference, document.version, day, fingerprint) if part.strip()]
        self.paragraphs(self.root, " · ".join(said), META, after=2)
        self.pieces.append(Rule(COLUMN))

    def _fingerprints(self) -> None:
        if any(line.strip() for line in self.document.fingerprint_lines):
            self.heading(Heading("Fingerprints", 2))
            for line in self.document.fingerprint_lines:
                self.paragraphs(self.root, line, STYLES["small"], after=4)

    def _characters(self) -> None:
        """What no font could print, listed, so that nothing is silently lost."""
        if not self.not_printed:
            return
        listed = sorted(self.not_printed.items())
        self.heading(Heading("Characters that could not be printed", 2))
        self.paragraphs(self.root, LISTED, BODY)
        places = [f"{fonts.name_of(letter)}, in {count} place{'s' if count > 1 else ''}" for letter, count in listed]
        self.bullets(Bullets(tuple(places)))

    def _keep_place_for_contents(self) -> None:
        self._contents_place, self._contents = len(self.pieces), self.root.child("Sect")

    def _fill_in_contents(self, *, on_own_page: bool) -> None:
        """The contents, made last because they name what came after; they stand where the place was kept."""
        entries = [target for target in self.targets if target.level <= 3]
        if len(entries) > MOST_IN_CONTENTS:
            entries = [target for target in entries if target.level == 2]
        if len(entries) < FEWEST_IN_CONTENTS or self._contents is None:
            if self._contents is not None:
                self.root.kids.remove(self._contents)
            return
        rest, self.pieces = self.pieces[self._contents_place :], self.pieces[: self._contents_place]
        self.pieces += [NewPage()] if on_own_page else []
        self.entries(self._contents, entries)
        if not on_own_page:
            self.pieces.append(Rule(COLUMN, before=14.0))
        self.pieces += rest

    def entries(self, parent: Element, entries: list[Target]) -> None:
        """A list of places with their pages, linked to them."""
        self.passage(parent.child("H2"), "Contents", HEADINGS[2], before=10, after=10, stays_with_next=True)
        table = parent.child("TOC")
        for target in entries:
            link = table.child("TOCI").child("Reference").child("Link")
            type_, indent = CONTENTS[target.level], 18.0 * (target.level - 2)
            lines = break_lines(target.text, type_, COLUMN - indent - 50)
            if len(lines) > 3:  # the whole heading stands in its place
                lines = [*lines[:2], Line(lines[2].text.rstrip() + "…")]
            before = 9.0 if target.level == 2 else 0.0
            self.pieces.append(Entry(tuple(lines), type_, link, target, COLUMN, indent, before))

    # -- blocks -------------------------------------------------------------------------------------------------

    def heading(self, block: Heading) -> None:
        text = " ".join(self.printable(block.text).split()) or "Untitled"
        target = Target(f"h{len(self.targets) + 1}", text[:250], block.level)
        self.targets.append(target)
        before, after = AROUND_HEADINGS[block.level]
        element = self.root.child(f"H{block.level}")
        self.passage(
            element, text, HEADINGS[block.level], before=before, after=after, stays_with_next=True, target=target
        )

    def paragraph(self, block: Paragraph) -> None:
        lang = block.lang or ""
        if block.style == "quote":
            quote = self.root.child("BlockQuote")
            self._barred(quote, [(block.text, BODY)], "#b1b4b6", lang)
            return
        under_heading = isinstance(self.pieces[-1], Passage) and self.pieces[-1].target is not None
        stays = block.style == "small" and under_heading  # a small remark under a heading belongs to what follows
        self.paragraphs(self.root, block.text, STYLES[block.style], lang=lang, stays_with_next=stays)

    def bullets(self, block: Bullets) -> None:
        if not block.entries:
            return
        numbering = "Decimal" if block.ordered else "Disc"
        whole = self.root.child("L", attributes=f"<</O/List/ListNumbering/{numbering}>>")
        for number, entry in enumerate(block.entries, 1):
            element = whole.child("LI")
            label, body = element.child("Lbl"), element.child("LBody")
            told = parts(self.printable(entry)) or [""]
            last = number == len(block.entries)
            for place, part in enumerate(told):
                after = 12.0 if last and place == len(told) - 1 else 4.0
                shown = (f"{number}." if block.ordered else "•") if not place else ""
                self.passage(body, part, BODY, indent=24.0, after=after, label=shown, label_element=label)

    def facts(self, block: Facts) -> None:
        if block.rows:
            rows = tuple((self.printable(label), self.printable(text)) for label, text in block.rows)
            self.pieces += fact_rows(Facts(rows), self.root.child("Table"), COLUMN)

    def table(self, block: Table) -> None:
        caption = self.printable(block.caption)
        header = tuple(self.printable(text) for text in block.header)
        rows = tuple(tuple(self.printable(text) for text in row) for row in block.rows)
        table = replace(block, caption=caption, header=header, rows=rows)
        around = {"before": 10.0, "after": 4.0, "stays_with_next": True}
        if block.rows and reads_better_as_records(table, COLUMN):
            for number, row in enumerate(rows, 1):
                element = self.root.child("Table")
                named = f"{caption}, {number} of {len(rows)}" if caption.strip() else f"{number} of {len(rows)}"
                self.passage(element.child("Caption"), named, STRONG, **around)
                self.pieces += fact_rows(Facts(tuple(zip(header, row, strict=True))), element, COLUMN)
        else:
            element = self.root.child("Table")
            if caption.strip():
                self.passage(element.child("Caption"), caption, STRONG, **around)
            self.pieces += table_rows(table, element, COLUMN)
        self.paragraphs(self.root, block.note, STYLES["small"], after=12)

    def callout(self, block: Callout) -> None:
        title = f"{TONE_WORDS[block.tone]}: {block.title}" if block.title.strip() else TONE_WORDS[block.tone]
        self._barred(self.root.child("Div"), [(title, STRONG), (block.text, BODY)], TONES[block.tone])

    def _barred(self, parent: Element, texts: list[tuple[str, Type]], colour: str, lang: str = "") -> None:
        """Paragraphs with one bar beside all of them."""
        told = [(part, type_) for text, type_ in texts for part in parts(self.printable(text))]
        for number, (part, type_) in enumerate(told, 1):
            last = number == len(told)
            self.passage(
                parent.child("P", lang=lang),
                part,
                type_,
                indent=BAR_INSET,
                bar=colour,
                before=10.0 if number == 1 else 0.0,
                inset=5.0 if number == 1 else 0.0,
                lower_inset=5.0 if last else 6.0,
                after=14.0 if last else 0.0,
                stays_with_next=number == 1 and not last,
            )

    def figure(self, block: Figure) -> None:
        title = self.printable(charts.title(block.chart))
        self.passage(self.root.child("P"), title, STRONG, before=14, after=4, stays_with_next=True, width=COLUMN)
        element = self.root.child("Figure", alt=block.alternative)
        highest = HIGHEST_CHART if block.tabled else HIGHEST_IN_A_SUMMARY
        self.pieces.append(Chart(layout(_printable_chart(block.chart), COLUMN), element, highest))
        source = f"Source: {block.chart.source}" if block.chart.source.strip() else ""
        for text in (block.caption, source):
            self.paragraphs(self.root, text, STYLES["small"], after=4)
        if block.tabled:
            self.table(block.numbers)

    def page_break(self, _block: PageBreak) -> None:
        self.pieces.append(NewPage())


_READERS: dict[type[Block], Callable[[Story, Any], None]] = {
    Heading: Story.heading,
    Paragraph: Story.paragraph,
    Bullets: Story.bullets,
    Facts: Story.facts,
    Table: Story.table,
    Callout: Story.callout,
    Figure: Story.figure,
    PageBreak: Story.page_break,
}


def _printable_chart(spec: charts.ChartSpec) -> charts.ChartSpec:
    """The chart with words that can be drawn; they stand in the table too, where what is not printed is counted."""

    def printable(text: str) -> str:
        return " ".join(fonts.printable(text, Counter()).split())

    if isinstance(spec, charts.GainsAndLosses):
        return replace(spec, unit=printable(spec.unit))
    if isinstance(spec, charts.FittedGradient):
        return replace(spec, unit=printable(spec.unit), confidence=printable(spec.confidence))
    if isinstance(spec, charts.PlacesMap):
        return replace(spec, wards=tuple(replace(ward, name=printable(ward.name)) for ward in spec.wards))
    return replace(
        spec,
        labels=tuple(printable(label) or "–" for label in spec.labels),
        axis=printable(spec.axis),
        unit=printable(spec.unit),
        average_label=printable(spec.average_label),
        not_shown=printable(spec.not_shown),
    )
