"""What the app's own SQLite connections may never do, whatever statement reaches them: touch what is frozen."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable

Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]

# Changing the shape of the database is the migrations' business; temporary tables could stand in for real ones.
_NEVER = frozenset(
    {
        sqlite3.SQLITE_ATTACH,
        sqlite3.SQLITE_CREATE_TRIGGER,
        sqlite3.SQLITE_CREATE_TEMP_TRIGGER,
        sqlite3.SQLITE_CREATE_TEMP_TABLE,
        sqlite3.SQLITE_CREATE_TEMP_VIEW,
        sqlite3.SQLITE_CREATE_VTABLE,
        sqlite3.SQLITE_DROP_TRIGGER,
    }
)
# action -> which of its two arguments names the table
_ON_FROZEN = {
    sqlite3.SQLITE_UPDATE: 0,
    sqlite3.SQLITE_DELETE: 0,
    sqlite3.SQLITE_DROP_TABLE: 0,
    sqlite3.SQLITE_DROP_INDEX: 1,
    sqlite3.SQLITE_ALTER_TABLE: 1,
}
_PAGES = "sqlite_dbpage"  # the file itself as a table, where SQLite was built with it
# Pragmas that take a value and change nothing, and the one that each transaction sets. Reading any pragma is harmless.
_WITH_A_VALUE = frozenset(
    {
        "query_only",
        "table_info",
        "table_xinfo",
        "table_list",
        "index_list",
        "index_info",
        "index_xinfo",
        "foreign_key_list",
        "foreign_key_check",
        "integrity_check",
        "quick_check",
    }
)


def authorizer(frozen: Iterable[str]) -> Authorizer:
    """A judge for `Connection.set_authorizer`. It is asked once, when a statement is prepared, not for each row."""
    tables = frozenset(frozen) | {_PAGES}

    def judge(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
        if action in _NEVER:
            return sqlite3.SQLITE_DENY
        if action in _ON_FROZEN:
            table = (first, second)[_ON_FROZEN[action]]
            return sqlite3.SQLITE_DENY if (table or "").lower() in tables else sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_PRAGMA:
            harmless = second is None or (first or "").lower() in _WITH_A_VALUE
            return sqlite3.SQLITE_OK if harmless else sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_FUNCTION and second == "load_extension":
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    return judge
