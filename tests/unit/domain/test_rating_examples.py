"""The eleven worked examples, one readable file each, so that a public-health consultant can check them by eye."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hia_app.domain.rating_file import rate_file, read

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = sorted((ROOT / "tests" / "fixtures" / "rating").glob("*.json"))
SHARED = ROOT.parent / "shared" / "data" / "scoring_examples.json"


def same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    for key, value in expected.items():
        got = found["robustness"]["runs"] if key == "robustness_runs" else found[key]
        if key.startswith("rci") or key.endswith("per_1000"):
            assert got == pytest.approx(value, rel=1e-12, abs=1e-12), key
        else:
            assert got == value, key


def test_all_eleven_are_here() -> None:
    assert len(FIXTURES) == 11


@pytest.mark.parametrize("path", FIXTURES, ids=[path.stem for path in FIXTURES])
def test_example(path: Path) -> None:
    example = read(path.read_bytes())
    same(rate_file(example["input"]), example["expected"])


def test_the_files_say_what_the_shared_examples_say() -> None:
    if not SHARED.exists():
        pytest.skip("../shared/data/scoring_examples.json is not on this machine")
    shared = json.loads(SHARED.read_text(encoding="utf-8"))["examples"]
    assert [read(path.read_bytes()) for path in FIXTURES] == shared
