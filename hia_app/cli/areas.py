"""Area figures, from the terminal."""

from __future__ import annotations

import argparse
import sys

from hia_app import config
from hia_app.cli.terminal import DONE, complain, say, working


def import_areas(chosen: argparse.Namespace) -> int:
    """Import a file as the new current edition; with problems each is one line, and nothing is imported."""
    from hia_app.services import area_files, areas

    words = {name: getattr(chosen, name) for name in ("source", "year", "licence")}
    with chosen.file.open("rb") as file, working(config.load()) as work:
        try:
            edition = areas.import_file(work, file, **words, progress=_progress)
        except area_files.FaultyFile as faulty:
            lines = [f"{chosen.file}: {problem}" for problem in faulty.problems.first]
            more = faulty.problems.count - len(lines)
            if more:
                lines.append(f"{chosen.file}: and {more:,} more problems")
            return complain("\n".join([*lines, faulty.reasons[0]]))
        sums = edition.sums
    say(
        f"Imported {sums['areas']:,} areas in {sums['wards']:,} wards as edition {edition.number}, now the current one."
    )
    return DONE


def _progress(done: str, rows: int) -> None:
    """One line that is written over, and only where somebody watches."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{rows:>9,} rows {done}")
        sys.stderr.flush()
