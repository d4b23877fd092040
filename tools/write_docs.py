"""Writes the parts of docs/ that are drawn from the program; the tests fail while they differ."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from hia_app.domain import notices, policy, workflow  # noqa: E402  the folder above has to be known first
from hia_app.domain.file_kinds import kinds_table  # noqa: E402
from hia_app.domain.method import METHOD  # noqa: E402  the folder above has to be known first
from hia_app.domain.method_tables import filled  # noqa: E402
from hia_app.domain.rating_file import schema  # noqa: E402

EVIDENCE_PAGE = ROOT / "docs" / "evidence.md"
POLICY_PAGE = ROOT / "docs" / "policy.md"
METHOD_PAGE = ROOT / "docs" / "method.md"
RATING_FILE_SCHEMA = ROOT / "docs" / "schemas" / "rating-file.json"


def published() -> dict[Path, str]:
    """What each of these files has to contain."""
    return {
        EVIDENCE_PAGE: _with_tables(EVIDENCE_PAGE.read_text(encoding="utf-8"), {"kinds of file": kinds_table()}),
        POLICY_PAGE: _with_tables(
            POLICY_PAGE.read_text(encoding="utf-8"),
            {"life cycle": workflow.life_cycle(), "policy": policy.matrix(), "notices": notices.table()},
        ),
        METHOD_PAGE: filled(METHOD_PAGE.read_text(encoding="utf-8"), METHOD),
        RATING_FILE_SCHEMA: json.dumps(schema(), indent=2, ensure_ascii=False) + "\n",
    }


def _with_tables(text: str, tables: dict[str, str]) -> str:
    """A page with its tables drawn again, each at its place."""
    for name, table in tables.items():
        start, end = f"<!-- table: {name} -->\n", "<!-- end of table -->"
        before, _, rest = text.partition(start)
        text = before + start + table + end + rest.partition(end)[2]
    return text


if __name__ == "__main__":
    for path, text in published().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"written: {path.relative_to(ROOT)}")
