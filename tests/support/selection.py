"""Which tests run, and the proof that none of them was quietly left out."""

import os
from pathlib import Path

import pytest

BROWSER_TESTS = Path(__file__).resolve().parents[1] / "browser"
MUST_RUN = ("browser", "postgres", "libreoffice")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--without-browser",
        action="store_true",
        help="leave out the tests that need a real browser, and say how many (refused in CI)",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--without-browser") and os.environ.get("CI"):
        raise pytest.UsageError("--without-browser is not allowed in CI: install chromium instead")
    config.pluginmanager.register(_Tally(config), "tally-of-tests")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for test in items:
        fixtures = getattr(test, "fixturenames", ())
        if "browser" in fixtures or BROWSER_TESTS in test.path.parents:
            test.add_marker(pytest.mark.browser)
        callspec = getattr(test, "callspec", None)
        if callspec is not None and callspec.params.get("database_url") == "postgresql":
            test.add_marker(pytest.mark.postgres)
    if config.getoption("--without-browser"):
        left_out = [test for test in items if test.get_closest_marker("browser")]
        items[:] = [test for test in items if not test.get_closest_marker("browser")]
        config.hook.pytest_deselected(items=left_out)
        config.stash[_LEFT_OUT] = len(left_out)


_LEFT_OUT = pytest.StashKey[int]()


class _Tally:
    """Counts what ran, across test processes, and fails a whole CI run that tested less than it claims."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.passed = dict.fromkeys(MUST_RUN, 0)
        self.missing: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            for mark in MUST_RUN:
                self.passed[mark] += mark in report.keywords

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output["browser_tests_left_out"] = self.config.stash.get(_LEFT_OUT, 0)
            return
        whole_run = self.config.args_source is pytest.Config.ArgsSource.TESTPATHS
        if os.environ.get("CI") and whole_run and session.exitstatus == pytest.ExitCode.OK:
            self.missing = [mark for mark, passed in self.passed.items() if not passed]
            if self.missing:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        # Every test process collects the whole suite, so their counts are the same.
        left_out = getattr(node, "workeroutput", {}).get("browser_tests_left_out", 0)
        self.config.stash[_LEFT_OUT] = max(left_out, self.config.stash.get(_LEFT_OUT, 0))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        left_out = self.config.stash.get(_LEFT_OUT, 0)
        if left_out:
            terminalreporter.write_line(f"{left_out} browser tests NOT RUN", red=True, bold=True)
        for mark in self.missing:
            terminalreporter.write_line(f"NOT ONE {mark} test passed: this run proves too little", red=True)
