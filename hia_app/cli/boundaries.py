"""Boundaries of small areas, from the terminal."""

from __future__ import annotations

import argparse
import sys

from hia_app import config
from hia_app.cli.terminal import DONE, complain, say, working


def import_boundaries(chosen: argparse.Namespace) -> int:
    """Import a file as the newest boundaries; with problems each is one line, and nothing is imported."""
    from hia_app.services import areas, boundaries

    words = {name: getattr(chosen, name) for name in ("source", "year", "licence")}
    with chosen.file.open("rb") as file, working(config.load()) as work:
        try:
            edition = boundaries.import_file(work, file, **words, progress=_progress)
        except boundaries.FaultyBoundaries as faulty:
            lines = [f"{chosen.file}: {problem}" for problem in faulty.problems.first]
            more = faulty.problems.count - len(lines)
            if more:
                lines.append(f"{chosen.file}: and {more:,} more problems")
            return complain("\n".join([*lines, faulty.reasons[0]]))
        figures = areas.current(work)
        every = int(figures.sums["areas"]) if figures else 0
    without = f" {every - edition.areas:,} of the {every:,} areas have no boundary in the file."
    say(
        f"Imported the boundaries of {edition.areas:,} areas as edition {edition.number}."
        + (without if every > edition.areas else "")
    )
    return DONE


def _progress(features: int) -> None:
    """One line that is written over, and only where somebody watches."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{features:>9,} features read")
        sys.stderr.flush()
