"""How long a printed record takes: 30 pages within a second, whatever is in it."""

import io
from statistics import median
from time import perf_counter

import pikepdf

from hia_app.domain.document import Document
from hia_app.pdf.render import render
from tests.support import documents

ROUNDS = 7


def run() -> list[tuple[str, float]]:
    """What was printed, with its pages, and the milliseconds it took (median of seven)."""
    made = (
        ("PDF, short", documents.short()),
        ("PDF, Holbeck as a report", documents.holbeck(48)),
        ("PDF, 40,000 words", documents.long()),
        ("PDF, hostile text", documents.hostile()),
    )
    return [_measured(name, document) for name, document in made]


def _measured(name: str, document: Document) -> tuple[str, float]:
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        pdf = render(document)
        times.append((perf_counter() - start) * 1000)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return f"{name} ({len(opened.pages)} pages)", median(times)


if __name__ == "__main__":
    for name, milliseconds in run():
        print(f"{name:<40} {milliseconds:8.1f} ms")
