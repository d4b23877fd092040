"""Freezes every questionnaire version that is not listed yet: `python -m tools.publish_questionnaires`.

Adds lines to questionnaires/published.toml and never changes one; a listed version that has changed is refused.
"""

from __future__ import annotations

from pathlib import Path

from hia_app.store.questionnaires import FOLDER, PUBLISHED, Shelf, publication_entry


def publish(folder: Path = FOLDER) -> list[str]:
    """The names that were added to the list. Raises ShelfRefused when the shelf has a fault."""
    unlisted = [each for each, state in Shelf.load(folder).versions() if state == "unlisted"]
    with (folder / PUBLISHED).open("a", encoding="utf-8") as listed:
        listed.writelines(f"{publication_entry(each)}\n" for each in unlisted)
    return [f"{each.id}-{each.version}" for each in unlisted]


if __name__ == "__main__":
    print("\n".join(publish()) or "nothing new to publish")
