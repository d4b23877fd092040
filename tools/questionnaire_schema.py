"""Writes the JSON Schema for authors of questionnaires: `python -m tools.questionnaire_schema`."""

from __future__ import annotations

from pathlib import Path

from hia_app.domain.questionnaire_schema import written_schema

PUBLISHED = Path(__file__).resolve().parent.parent / "docs" / "schemas" / "questionnaire.json"

if __name__ == "__main__":
    PUBLISHED.parent.mkdir(parents=True, exist_ok=True)
    PUBLISHED.write_text(written_schema(), "utf-8")
    print(f"wrote {PUBLISHED}")
