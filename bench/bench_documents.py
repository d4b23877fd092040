"""How long what is around a printed record takes: its seal, checking that, the summary's two pages, Word, tables."""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from hia_app.domain.takeaways import Sheet, csv_bytes
from hia_app.office.spreadsheet import workbook
from hia_app.office.word import word
from hia_app.pdf.render import render, render_pages
from hia_app.pdf.seal import CERTIFICATE_FILE, ROOT_FILE, Sealer, check, make_certificate
from tests.support import documents

ROUNDS = 5
PASSPHRASE = "four words of ours"


def run() -> list[tuple[str, float]]:
    """What was done, and the milliseconds it took (median of five)."""
    document = documents.holbeck(48)
    now = datetime.now(UTC)
    _, pages = render_pages(document)
    content = render(document, signature_field=True)
    table = Sheet("Impacts", tuple("abcdefghij"), tuple(("Warm homes", 7, "= text", *"1234567") for _ in range(2_000)))
    with tempfile.TemporaryDirectory() as folder:
        make_certificate(Path(folder), "Example Council", PASSPHRASE, now)
        sealer, root = Sealer.load(Path(folder) / CERTIFICATE_FILE, PASSPHRASE), Path(folder) / ROOT_FILE
        sealed = sealer.seal(content)
        made: list[tuple[str, Callable[[], object]]] = [
            (f"Report of {pages} pages, drawn for its seal", lambda: render(document, signature_field=True)),
            ("Seal", lambda: sealer.seal(content)),
            ("Certificate read", lambda: Sealer.load(Path(folder) / CERTIFICATE_FILE, PASSPHRASE)),
            ("Check of a seal", lambda: check(sealed, root)),
            ("Word file of that report", lambda: word(document)),
            ("CSV, 2,000 rows", lambda: csv_bytes(table)),
            ("Workbook, 2,000 rows", lambda: workbook(table, made=now)),
        ]
        return [(name, _middle(work)) for name, work in made]


def _middle(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        start = perf_counter()
        work()
        taken.append((perf_counter() - start) * 1000)
    return median(taken)


if __name__ == "__main__":
    for name, milliseconds in run():
        print(f"{name:<46} {milliseconds:8.1f} ms")
