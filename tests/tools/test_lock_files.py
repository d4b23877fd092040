"""Lock files pin and hash every package, name no host and no path, and keep to versions known to be safe."""

import json
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.markers import Marker

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-node.txt")
PIN = re.compile(r"([a-z0-9][a-z0-9.-]*)(?:\[[a-z,]+\])?==([^ ;]+)(?: ; ([^\\]+))? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")

# The oldest version that is free of the faults named; for the full reasons see docs/security.md.
FLOORS = {
    "flask": "3.1.3",  # CVE-2026-27205, CVE-2025-47278
    "werkzeug": "3.1.8",  # multipart bodies, Windows file names, host validation
    "jinja2": "3.1.6",  # CVE-2025-27516
    "reportlab": "5.0",  # CVE-2023-33733 and the years after it
    "pyyaml": "5.4",  # loaders that ran code
}


def pins(lock: str) -> dict[str, str]:
    """Package -> version that a lock file gives on this Python and system."""
    found = {}
    for match in filter(None, map(PIN.fullmatch, (ROOT / lock).read_text().splitlines())):
        name, pin, condition = match.groups()
        if condition is None or Marker(condition).evaluate():
            found[name] = pin
    return found


def numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", text)[:3]))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_holds_pins_and_hashes_and_nothing_else(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    assert [line for line in lines if not PIN.fullmatch(line) and not HASH.fullmatch(line)] == []
    assert pins(lock)
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if PIN.fullmatch(line):
            assert HASH.fullmatch(following), f"{line} has no hash"


def test_tests_run_on_the_versions_that_officers_use() -> None:
    running, testing = (set((ROOT / lock).read_text().splitlines()) for lock in LOCKS[:2])
    assert {line for line in running if PIN.fullmatch(line)} <= testing


def test_the_installed_packages_are_the_locked_ones() -> None:
    locked = pins("requirements.txt")
    assert {name: version(name) for name in locked} == locked


def test_records_can_name_the_version_of_the_product() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert version(project["name"]) == project["version"]


@pytest.mark.parametrize("package", FLOORS)
def test_no_version_with_a_known_fault_is_installed(package: str) -> None:
    assert numbers(version(package)) >= numbers(FLOORS[package])


def test_npm_packages_are_hashed_and_name_no_host() -> None:
    text = (ROOT / "package-lock.json").read_text()
    assert "://" not in text
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert packages
    assert [name for name, entry in packages.items() if not entry["integrity"].startswith("sha512-")] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


def test_npm_runs_no_scripts_of_packages_and_keeps_hosts_out_of_its_lock() -> None:
    assert (ROOT / ".npmrc").read_text().splitlines() == [
        "omit-lockfile-registry-resolved=true",
        "ignore-scripts=true",
        "audit=false",
        "fund=false",
    ]


def test_npm_packages_are_asked_for_in_exact_versions() -> None:
    declared = json.loads((ROOT / "package.json").read_text())
    wanted = declared["dependencies"] | declared["devDependencies"]
    assert [name for name, wish in wanted.items() if not re.fullmatch(r"\d+\.\d+\.\d+", wish)] == []
