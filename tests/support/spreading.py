"""Which test process runs what: a file's tests stay together, and what takes longest is begun first."""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# Each line is one piece of work. Two browsers at once are slower than one on a small machine, and what these files
# set up (a council in the middle of its work, every page of it read as everybody) is worth setting up once.
TOGETHER = (
    ("tests/browser/", "tests/web/test_url_map.py"),
    ("tests/web/test_policy_matrix.py", "tests/services/test_policy_matrix.py"),
)


def piece(nodeid: str) -> str:
    """The piece of work that a test belongs to: one of those above, else its file."""
    file = nodeid.partition("::")[0]
    return next((together[0] for together in TOGETHER if file.startswith(together)), file)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    first = [together[0] for together in TOGETHER]
    items.sort(key=lambda test: first.index(own) if (own := piece(test.nodeid)) in first else len(first))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    config.option.loadscopereorder = False  # by number of tests; they are in the right order already
    return _ByPiece(config, log)


class _ByPiece(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return piece(nodeid)
