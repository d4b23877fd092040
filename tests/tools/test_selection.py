"""No test is left out in silence: not for want of a browser, not by an option, not in CI."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BROWSER_TEST = "tests/tools/test_browsers.py"


def run_pytest(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_") and name != "CI"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=ROOT,
        env=kept | environment,
        check=False,
        capture_output=True,
        text=True,
    )


def test_a_missing_browser_fails_and_says_how_to_get_one() -> None:
    run = run_pytest(BROWSER_TEST, "-k", "without_scripts", CHROMIUM="/there/is/no/browser")
    assert run.returncode == 1
    assert "1 error" in run.stdout
    assert "apt-get install --yes --no-install-recommends chromium-headless-shell" in run.stdout


def test_leaving_browser_tests_out_is_said_in_the_closing_summary() -> None:
    run = run_pytest(BROWSER_TEST, "tests/tools/test_asset_addresses.py", "--without-browser", "-n", "2")
    assert run.returncode == 0, run.stdout
    assert "7 browser tests NOT RUN" in run.stdout
    assert "3 passed" in run.stdout


def test_ci_refuses_to_leave_browser_tests_out() -> None:
    run = run_pytest(BROWSER_TEST, "--without-browser", CI="true")
    assert run.returncode == 4
    assert "not allowed in CI" in run.stderr


def test_a_whole_run_in_ci_without_browser_and_postgresql_tests_fails() -> None:
    only_one_file = ("-o", "testpaths=tests/tools/test_asset_addresses.py")
    assert run_pytest(*only_one_file).returncode == 0
    run = run_pytest(*only_one_file, CI="true")
    assert run.returncode == 1
    assert "NOT ONE browser test passed" in run.stdout
    assert "NOT ONE postgres test passed" in run.stdout
    assert "NOT ONE libreoffice test passed" in run.stdout
