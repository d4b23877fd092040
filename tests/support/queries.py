"""Counting what is asked of the database, so that pages do not get slower as the council gets busier."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.orm import Session


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements sent inside the block, in order."""
    session.flush()
    sent: list[str] = []
    connection = session.connection()

    def note(_conn, _cursor, statement, *_rest) -> None:
        sent.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", note)
