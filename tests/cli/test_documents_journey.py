"""From a sign-off to a file on somebody's desk: exported, valid, complete, sealed for others to see, tamper-proof."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import page
import pytest

from hia_app import cli
from hia_app.domain.report import report
from hia_app.services import archive
from hia_app.services.archive import Printed
from hia_app.services.work import open_case
from hia_app.web.printing import printer
from tests.support.pdf_reading import missing_texts, pages_out_of_order
from tests.support.records import Played, play

REFERENCE = "HEA-2026-0001"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Holbeck's second version, signed off with real documents; the first one's are never looked at."""
    folder = tmp_path_factory.mktemp("journey")

    def draw(document: object) -> Printed:
        real = getattr(document, "version", "").startswith("Version 2")
        return printer(found["settings"])(document) if real else Printed(b"%PDF-1.7 the first version", 8)

    from hia_app import config

    found = {"settings": config.load({}, mode="test", instance=folder)}
    made = play(folder, draw)
    yield made
    made.stage.database.dispose()


@pytest.fixture(autouse=True)
def _here(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("HEA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HEA_INSTANCE", str(played.settings.instance))


def exported(edition: str, folder: Path) -> Path:
    file = folder / f"{edition}.pdf"
    given = ["export", REFERENCE, "--version", "2", "--edition", edition, "--format", "pdf", "-o", str(file)]
    assert cli.main(given) == 0
    return file


@pytest.mark.parametrize("edition", archive.EDITIONS)
def test_what_is_handed_out_is_valid_and_says_what_the_record_says(
    played: Played, tmp_path: Path, edition: archive.Edition
) -> None:
    content = exported(edition, tmp_path).read_bytes()
    for profile in ("ua1", "3a" if edition == "public" else "2a"):
        found = page.validate_pdf_bytes(content, profile=profile)
        assert found.failures == [], profile
    with played.stage.acting("director") as work:
        frozen = archive.read(work, open_case(work, *played.place), edition)
    assert missing_texts(report(frozen.source, edition), content) == []
    assert pages_out_of_order(content) == []


def test_another_program_sees_the_seal_and_one_changed_byte_is_noticed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = exported("full", tmp_path)
    pdfsig = shutil.which("pdfsig")
    assert pdfsig, "pdfsig is missing: apt-get install poppler-utils"
    told = subprocess.run([pdfsig, "-nocert", str(file)], check=False, capture_output=True, text=True).stdout
    assert "Signature is Valid" in told
    assert "Total document signed" in told
    assert cli.main(["seal", "check", str(file)]) == 0
    content = file.read_bytes()
    at = content.index(b"stream") + 200
    file.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    assert cli.main(["seal", "check", str(file)]) == 1
    assert "changed" in capsys.readouterr().out
    broken = subprocess.run([pdfsig, "-nocert", str(file)], check=False, capture_output=True, text=True).stdout
    assert "Signature is Valid" not in broken
