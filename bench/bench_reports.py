"""A report of thirty pages: as PDF, its seal, and its page in the browser, each beside WeasyPrint on the same content.

WeasyPrint is only measured against: `.venv/bin/python -m pip install weasyprint` before, or the ratios are left out.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from flask import Flask

from hia_app import config
from hia_app.app import create_app
from hia_app.pdf.render import render, render_pages
from hia_app.pdf.seal import CERTIFICATE_FILE, Sealer, make_certificate
from hia_app.web.documents import standalone
from tests.support import documents

ROUNDS = 5
ANSWERS = 56  # give about thirty pages


def run() -> list[tuple[str, float]]:
    """What was done with milliseconds (median of five); a ratio is how many times as long WeasyPrint took."""
    document = documents.holbeck(ANSWERS)
    _, pages = render_pages(document)
    with tempfile.TemporaryDirectory() as folder:
        app = _app(Path(folder))
        html = standalone(app, document)
        make_certificate(Path(folder), "Example Council", "", datetime.now(UTC))
        sealer = Sealer.load(Path(folder) / CERTIFICATE_FILE, "")
        drawn = render(document, signature_field=True)
        ours = {
            f"PDF, {pages} pages": _middle(lambda: render(document, signature_field=True)),
            "Seal": _middle(lambda: sealer.seal(drawn)),
            "Page of the whole report, CPU": _middle(lambda: standalone(app, document), process_time),
        }
        found = [*ours.items(), ("PDF, each page", ours[f"PDF, {pages} pages"] / pages)]
        print(f"  most memory of a process that does nothing but draw it: {_memory()} MiB")
        if find_spec("weasyprint") is None:
            print("  WeasyPrint is not installed: NOT COMPARED (pip install weasyprint)")
            return found
        theirs = _middle(lambda: _weasyprint(html), rounds=2)
        found.append(("WeasyPrint, the same content", theirs))
        print(
            "  WeasyPrint's time as a multiple of ours: "
            + ", ".join(f"{name} {theirs / took:.1f}" for name, took in ours.items())
        )
    return found


ALONE = f"""
from pathlib import Path
from hia_app.pdf.render import render
from tests.support import documents
render(documents.holbeck({ANSWERS}), signature_field=True)
status = Path("/proc/self/status").read_text()  # what the system calls a process's most includes its parent's
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""


def _memory() -> str:
    done = subprocess.run([sys.executable, "-c", ALONE], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _app(folder: Path) -> Flask:
    return create_app(config.load({}, mode="test", instance=folder))


def _weasyprint(html: str) -> bytes:
    import weasyprint

    made: bytes = weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")
    return made


def _middle(work: Callable[[], object], clock: Callable[[], float] = perf_counter, rounds: int = ROUNDS) -> float:
    taken = []
    for _ in range(rounds):
        start = clock()
        work()
        taken.append((clock() - start) * 1000)
    return median(taken)
