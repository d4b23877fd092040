"""LibreOffice without a window, as somebody's spreadsheet program: it opens a file and saves what it made of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

MISSING = "LibreOffice is missing: apt-get install --no-install-recommends libreoffice-calc-nogui"


def program() -> str:
    """LibreOffice's command; without it a test is left out with a clear line, and fails in CI."""
    found = shutil.which("soffice")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(f"NOT RUN. {MISSING}")
    return found


@cache
def _profile() -> tempfile.TemporaryDirectory[str]:
    """Settings of the program's own, made at its first start and used again; removed with the process."""
    return tempfile.TemporaryDirectory()


def opened_and_saved(content: bytes, suffix: str, folder: Path) -> bytes:
    """The file as LibreOffice saves it as a workbook after opening it; `suffix` is csv or xlsx."""
    file, made = folder / f"given.{suffix}", folder / "saved"
    file.write_bytes(content)
    command = [program(), f"-env:UserInstallation={Path(_profile().name).as_uri()}", "--headless", "--norestore"]
    if suffix == "csv":
        command.append("--infilter=CSV:44,34,76,1,,0,false,true")  # comma, quotes, UTF-8, numbers recognised
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(made), str(file)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=90)
    saved = made / "given.xlsx"
    if not saved.is_file():
        raise AssertionError(f"LibreOffice did not open the {suffix} file: {done.stdout}{done.stderr}")
    return saved.read_bytes()
