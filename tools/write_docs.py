"""Writes the parts of docs/ that are drawn from the program; the tests fail while they differ."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from hia_app.domain.method import METHOD  # noqa: E402  the folder above has to be known first
from hia_app.domain.method_tables import filled  # noqa: E402
from hia_app.domain.rating_file import schema  # noqa: E402

METHOD_PAGE = ROOT / "docs" / "method.md"
RATING_FILE_SCHEMA = ROOT / "docs" / "schemas" / "rating-file.json"


def published() -> dict[Path, str]:
    """What each of these files has to contain."""
    return {
        METHOD_PAGE: filled(METHOD_PAGE.read_text(encoding="utf-8"), METHOD),
        RATING_FILE_SCHEMA: json.dumps(schema(), indent=2, ensure_ascii=False) + "\n",
    }


if __name__ == "__main__":
    for path, text in published().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"written: {path.relative_to(ROOT)}")
