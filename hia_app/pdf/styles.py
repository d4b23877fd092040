"""How the printed record looks: its column, its letters, its colours."""

from hia_app.pdf.lines import Type

COLUMN, MEASURE, HIGHEST_CHART = 467.0, 440.0, 600.0
HIGHEST_IN_A_SUMMARY = 235.0
"""Points: the width of tables and charts, the width of running text, the tallest a chart may be."""
MUTED, ACCENT = "#505a5f", "#1d4e89"
TITLE, COUNCIL, META = Type(27, 32, bold=True), Type(13, 18, bold=True, colour=ACCENT), Type(11, 16, colour=MUTED)
BODY, STRONG = Type(12, 17.5), Type(12, 17.5, bold=True)
HEADINGS = {2: Type(20, 25, bold=True), 3: Type(15.5, 20, bold=True), 4: Type(13, 17.5, bold=True)}
AROUND_HEADINGS = {2: (26.0, 10.0), 3: (20.0, 7.0), 4: (14.0, 4.0)}
STYLES = {"body": BODY, "lead": Type(14.5, 21), "small": Type(10.5, 15, colour=MUTED), "quote": BODY}
CONTENTS = {2: STRONG, 3: Type(11.5, 16.5)}
TONES = {"stop": "#942514", "warning": "#b58840", "calm": ACCENT, "good": "#0f6b3e"}
BAR_INSET = 20.0
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
LONGEST_OPENING = 60
"""Blocks; a first page break further down does not end an opening."""
FEWEST_IN_CONTENTS, MOST_IN_CONTENTS = 4, 90
