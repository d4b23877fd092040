"""What git keeps is ours: no secrets, nothing generated, nothing of others, no package host."""

import re
import subprocess
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]
GENERATED_FOLDERS = {
    ".venv", "instance", "node_modules", "__pycache__", "build", "dist", "built", ".pytest_cache",
    ".mypy_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache",
}  # fmt: skip
# Fonts, databases, keys, archives and programs are never ours to keep here.
FOREIGN_SUFFIXES = {
    ".ttf", ".otf", ".woff", ".woff2", ".sqlite", ".db", ".pem", ".key", ".p12", ".pfx", ".whl", ".zip",
    ".gz", ".pyc", ".so", ".exe", ".map", ".log",
}  # fmt: skip
FOREIGN_NAMES = re.compile(r"(\.min\.(js|css)|^\.env.*|^uv\.lock|^pylock.*\.toml|^secret|_rsa)$")
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\$argon2id\$v="
)
PACKAGE_HOST = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs|npmjs\.(com|org)|deb\.debian\.org")
LARGEST = 1_000_000


@pytest.fixture(scope="module")
def tracked() -> list[PurePosixPath]:
    listed = subprocess.run(["git", "ls-files", "-z", "--cached"], cwd=ROOT, check=True, capture_output=True, text=True)
    found = [PurePosixPath(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    assert PurePosixPath("pyproject.toml") in found
    return found


def test_nothing_generated_or_foreign_is_kept(tracked: list[PurePosixPath]) -> None:
    assert [path for path in tracked if GENERATED_FOLDERS & set(path.parts[:-1])] == []
    assert [path for path in tracked if path.suffix in FOREIGN_SUFFIXES] == []
    assert [path for path in tracked if FOREIGN_NAMES.search(path.name)] == []


def test_no_kept_file_is_large(tracked: list[PurePosixPath]) -> None:
    assert [path for path in tracked if (ROOT / path).stat().st_size > LARGEST] == []


def test_no_secret_and_no_package_host_is_kept(tracked: list[PurePosixPath]) -> None:
    here = PurePosixPath(Path(__file__).relative_to(ROOT).as_posix())
    found = []
    for path in tracked:
        text = (ROOT / path).read_bytes().decode("utf-8", errors="replace")
        if path != here and (SECRET.search(text) or PACKAGE_HOST.search(text)):
            found.append(path)
    assert found == []


def test_an_installation_keeps_its_own_things_out_of_git() -> None:
    paths = ["instance/secret", "static/built/manifest.json", ".venv/bin/python", "node_modules/x/y.js"]
    ignored = subprocess.run(["git", "check-ignore", *paths], cwd=ROOT, check=True, capture_output=True, text=True)
    assert ignored.stdout.split() == paths
