"""Brings the database up to date, loads the demonstration when there is nothing yet, and serves: in one process.

Three starts of `hia` would load the product three times, which is most of what a second `make run` takes.
"""

import sys

STEPS = (("db", "upgrade"), ("demo", "load", "--if-empty"))


def hia(*words: str) -> int | str | None:
    """One `hia` command in this process, and its exit code."""
    from hia_app.cli import main

    sys.argv = ["hia", *words]
    try:
        return main()
    except SystemExit as end:
        return end.code


# The server's own processes load this file too; they are told who they are, and skip this.
if __name__ == "__main__":
    served_with = sys.argv[1:]
    for step in STEPS:
        if code := hia(*step):
            sys.exit(code)
    sys.exit(hia("serve", *served_with))
