"""Publishing freezes what is new and leaves what is listed as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from hia_app.store.questionnaires import Shelf, ShelfRefused
from tests.support.questionnaires import base_text, scheme_text
from tools.publish_questionnaires import publish

SMALL = base_text("- {id: q, type: date, text: Which day?}")


def test_what_is_new_is_frozen_and_what_is_listed_stays(tmp_path: Path) -> None:
    (tmp_path / "small-1.yaml").write_text(SMALL)
    assert publish(tmp_path) == ["small-1"]
    listed = (tmp_path / "published.toml").read_text()
    (tmp_path / "scheme-1.yaml").write_text(scheme_text(""))
    assert publish(tmp_path) == ["scheme-1"]
    assert (tmp_path / "published.toml").read_text().startswith(listed)
    assert {state for _, state in Shelf.load(tmp_path).versions()} == {"published"}
    assert publish(tmp_path) == []


def test_a_changed_version_is_not_published_again(tmp_path: Path) -> None:
    (tmp_path / "small-1.yaml").write_text(SMALL)
    publish(tmp_path)
    (tmp_path / "small-1.yaml").write_text(SMALL.replace("Which day?", "Which date?"))
    with pytest.raises(ShelfRefused):
        publish(tmp_path)
