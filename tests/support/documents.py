"""Documents to print in tests and measurements: a short, a realistic, a long one, and one nobody wishes to meet."""

from datetime import date

from hia_app.domain.charts import BeyondTheAverage, GainsAndLosses
from hia_app.domain.document import (
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

DAY = date(2026, 11, 23)
PRINT = "5f1d2a9c7be84403a6c0d1e2f3a4b5c6d7e8f90112233445566778899aabbccd"

GAINS = GainsAndLosses((8.5, 3.1, 0.4, 0, 0), (2.2, 0.6, 0.1, 0, 0.3), source="IMD 2025 local fifths, Census 2021")
GRADIENT = BeyondTheAverage(
    "Overcrowded homes",
    tuple(str(tenth) for tenth in range(1, 11)),
    (10.25, 8.0, 7.1, 6.0, 5.2, 4.4, 3.5, 2.5, 1.6, 0.89),
    lower=(9.8, 7.6, 6.8, 5.7, 4.9, 4.1, 3.2, 2.2, 1.4, 0.7),
    upper=(10.7, 8.4, 7.5, 6.3, 5.5, 4.7, 3.8, 2.8, 1.8, 1.1),
    average=4.9,
    average_label="Leeds average",
    source="Census 2021, Open Government Licence v3.0",
)
GROUPS = BeyondTheAverage(
    "Overcrowded homes",
    ("Asian, Asian British", "Black, Black British, Caribbean or African", "Mixed or multiple", "White", "Other"),
    (14.2, 16.1, 8.0, 2.2, None),
    average=4.9,
    average_label="Leeds average",
    axis="Ethnic group of the household reference person",
)

ANSWER = (
    "Group repair was approved for 240 homes in April 2024. The approved contract is for at least 180, after about "
    "£1m of ECO4 money was lost. Owners and landlords pay up to 25% of the cost; some cannot.\n\n"
    "The homes are back-to-backs and through terraces built before 1919, most of them let privately. Siân Ŵyn and "
    "Łukasz Śmigły of the residents' group told us that the coldest rooms are attic bedrooms, which is where "
    "children sleep. Warmth improvements can improve general, respiratory and mental health, best when aimed at poor "
    "heating and existing illness; the evidence on area renewal is unclear (Cochrane CD008657, 2013).\n\n"
    "What would make this wrong: if rents rise after the works faster than elsewhere in the city, the gain in warmth "
    "may go to other people than those who live there now."
)


def document(*blocks: Block, title: str = "Holbeck group repair", **given: object) -> Document:
    """A document around these blocks."""
    fields = {
        "title": title,
        "subtitle": "Health equity assessment for the decision of the Director of Communities, Housing and Environment",
        "reference": "HEA-2026-0012",
        "council": "Leeds City Council",
        "lang": "en-GB",
        "date": DAY,
        "fingerprint_lines": (f"Record: {PRINT}", f"Questionnaire: {PRINT[::-1]}"),
        "blocks": blocks,
        "version": "Version 2",
        "fingerprint": PRINT,
    }
    return Document(**(fields | given))  # type: ignore[arg-type]


def short() -> Document:
    """One page with a little of everything."""
    return document(
        Heading("Summary", 2, "summary"),
        Paragraph("About 570 people are likely to have warmer, drier homes for years.", "lead"),
        Callout("warning", "Funding is not confirmed", "Two of five changes rest on money that nobody has promised."),
        Bullets(("One", "Two\n\nwith a second paragraph", "Three"), ordered=True),
        Facts((("Decision", "Delegated decision"), ("Who decides", "Director of Housing"))),
        Table("Options", ("Option", "Cost"), (("Do nothing", "£0"), ("Repair", "£4.2m")), frozenset({1}), "Rounded."),
        Paragraph("Croeso i Leeds.", lang="cy"),
    )


def holbeck(answers: int = 24) -> Document:
    """A credible report: a first page that decides, then charts, harms, all answers and the sign-off."""
    return document(*_summary(), *_gradient(), *_harms(), *_answers(answers), *_sign_off())


def _summary() -> tuple[Block, ...]:
    return (
        Heading("The rating", 2, "rating"),
        Callout(
            "warning",
            "Mixed: some gain, some lose",
            "The benefit goes to the most deprived fifth, and so does the largest harm. Stays Mixed in 24 of 27 runs; "
            "in 3 it would read Likely to narrow the gap.",
        ),
        Facts(
            (
                ("Asked of you", "Approve group repair of 180 homes, with the tenancy protocol as a condition."),
                ("Who gains", "About 570 people, nearly all in the most deprived fifth, get warmer, drier homes."),
                ("Who loses", "About 90 private tenants may meet higher rents or lose their home after the works."),
                ("Not known", "What happens to owners who cannot pay 25%. Housing finds out by 31 January 2027."),
                ("Scale", "180 homes of about 3,900 in Holbeck that need the same works."),
                ("Decision date", "14 December 2026"),
            )
        ),
        PageBreak(),
    )


def _gradient() -> tuple[Block, ...]:
    return (
        Heading("Who gains and who loses", 2, "gradient"),
        Paragraph("Benefits and harms are shown side by side and are never taken away from each other."),
        Figure(GAINS, "", "Version 2 of the assessment, method 2026-1."),
        Heading("Beyond the average", 2, "beyond"),
        Paragraph(ANSWER),
        Figure(GRADIENT, "", "Tenths are national tenths."),
        Figure(GROUPS),
    )


def _harms() -> tuple[Block, ...]:
    row = (
        "Private tenants",
        "About 90 people are likely to pay more or lose their home when landlords pass on the cost of the works.",
        "Major",
        "Tenancy-protection protocol: no rent rise for 24 months where the council pays for works",
        "1 April 2027",
    )
    return (
        Heading("Harm register", 2, "harms"),
        Callout("stop", "One serious harm remains", "It touches private tenants. Read it before you decide."),
        Table(
            "Harms, worst first",
            ("Who", "What happens", "Significance", "What will be done", "By"),
            tuple(row for _ in range(9)),
            note="Significance before any change, then after it, where a change is committed.",
        ),
        Heading("What residents told us", 3, "voices"),
        Paragraph("We were asked three times and heard nothing. This time the attic rooms are in the plan.", "quote"),
        Bullets(
            (
                "Two meetings at the community centre, 41 people",
                "Door-knocking in Arabic, Romanian and English: 112 homes",
                "Third-sector partners led the walks with older residents",
            )
        ),
    )


def _answers(count: int) -> tuple[Block, ...]:
    blocks: list[Block] = [PageBreak(), Heading("All answers", 2, "answers")]
    for number in range(1, count + 1):
        blocks += [
            Heading(f"{number}. What happens to housing cost for the lowest-income third?", 3, f"answer-{number}"),
            Paragraph("Why we ask: housing cost leaves less for food and heat.", "small"),
            Paragraph(ANSWER),
        ]
    return tuple(blocks)


def _sign_off() -> tuple[Block, ...]:
    return (
        Heading("Sign-off", 2, "sign-off"),
        Facts((("Signed off by", "A. Example, Director"), ("On", "23 November 2026"), ("Due regard", ANSWER))),
        Callout("good", "Every serious harm has been read", ""),
    )


def long(words: int = 40_000) -> Document:
    """Forty thousand words of answers, in paragraphs and in table cells, and a table over many pages."""
    each = len(ANSWER.split())
    blocks: list[Block] = []
    for number in range(1, words // (2 * each) + 1):
        blocks += [Heading(f"Section {number}"), Paragraph(ANSWER), Facts(((f"Answer {number}", ANSWER),))]
    rows = tuple((f"Area {number}", f"E{number:08}", f"{number % 97}", f"{number % 89}") for number in range(400))
    blocks.append(Table("Areas", ("Area", "Code", "People", "Homes"), rows, frozenset({2, 3})))
    return document(*blocks, title="A long record")


HOSTILE = (
    "<b>bold</b> &amp; &lt; <img src=file:///etc/passwd> <a href='javascript:alert(1)'>x</a> {{7*7}} {% raw %}",
    "<para><font name='x' size=900>broken</wrong></para> <br/> ]]> <!-- --> \\(unbalanced \\) ( [ ) %PDF endstream",
    "\u202etxt.exe\u202c \u2066isolated\u2069 \u200bzero\u200d width \u00adsoft",
    "x" * 5_000,
    "ẹ̀kọ́ Ŵyn ŷ Łódź İstanbul Ελλάδα Київ Tiếng Việt ≤ ≥ → ✓ ≈ ½ “quoted” – — …",
    "أحمد بن علي, (שלום עולם) and اردو 12 نام in one line",
    "🏠 👩‍👩‍👧 家 ไทย \x07 \ue000 ﷽",
    "line one\nline two\r\nline three\n\n\n  \n paragraph two\ttabbed   spaced",
    "https://example.org/" + "a-very-long-path/" * 40 + "?q=1&r=<2>",
    "word " * 4_000,
)


def hostile() -> Document:
    """Everything people paste, everywhere a text may stand; cells of 20,000 characters; too many columns."""
    names = tuple(f"Column {number} {'W' * 30}" for number in range(14))
    chart = BeyondTheAverage(
        HOSTILE[0], tuple(text[:400] for text in HOSTILE), (1, 2, None, 4, 5, 6, 7, 8, 9, 1e9), HOSTILE[6], average=3
    )
    blocks: list[Block] = []
    for number, text in enumerate(HOSTILE):
        blocks += [
            Heading(text[:600], 2, f"h{number}"),
            Heading(text[:100], 3),
            Paragraph(text, "lead" if number == 2 else "quote" if number == 4 else "body"),
            Bullets((text, "", text[:50])),
            Callout("stop", text[:200], text),
            Facts(((text[:300], text), (text[:20], ""))),
        ]
    blocks += [
        Facts((("x" * 20_000, "y" * 20_000), ("words " * 3_000, "long " * 4_000))),
        Table(HOSTILE[0], HOSTILE, (HOSTILE, tuple("" for _ in HOSTILE), HOSTILE), frozenset({1, 2}), HOSTILE[2]),
        Table("Wide", names, (tuple("1,234,567.89" for _ in names),) * 3),
        Table("Empty", ("A", "B"), ()),
        Bullets(()),
        Facts(()),
        Paragraph(""),
        PageBreak(),
        PageBreak(),
        Figure(chart, HOSTILE[0], HOSTILE[5]),
        Figure(GainsAndLosses((0, 0, 0, 0, 0), (0, 0, 0, 0, 0))),
    ]
    return document(
        *blocks,
        title=HOSTILE[0] + HOSTILE[5],
        council=HOSTILE[6],
        reference=HOSTILE[2],
        version=HOSTILE[3],
        subtitle=HOSTILE[1],
        fingerprint_lines=HOSTILE[:3],
    )
