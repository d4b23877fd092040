"""The `hia` command, for whoever runs the service: serving, people, questionnaires, records and the demonstration."""

from __future__ import annotations

from collections.abc import Sequence

from hia_app.cli.parser import parser
from hia_app.cli.terminal import Stop, complain
from hia_app.config import UnsafeSettings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0: done; 1: it could not be done, and standard error says why; 2: not understood."""
    chosen = parser().parse_args(arguments)
    try:
        code: int = chosen.command(chosen)
    except (Stop, UnsafeSettings) as stop:
        return complain(str(stop))
    except OSError as error:
        return complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except Exception as error:
        if not _is_an_answer(error):
            raise
        return complain(str(error))
    return code


def _is_an_answer(error: Exception) -> bool:
    """Refusals and an unreachable database are answers, not faults; their modules load only when needed."""
    from sqlalchemy.exc import DBAPIError

    from hia_app.domain.errors import Refused
    from hia_app.store.questionnaires import ShelfRefused

    return isinstance(error, Refused | ShelfRefused | DBAPIError)
