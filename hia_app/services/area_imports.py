"""Imports of area figures from the page: handed in by an administrator, done by the worker, kept with what came of it.

The table itself waits in a folder of the installation until its import has ended, and is then removed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hia_app.config import Settings
from hia_app.domain.area_file import Problem, Problems
from hia_app.domain.errors import InvalidInput, NotVisible
from hia_app.domain.file_names import label
from hia_app.services.areas import current, may_manage, words_given
from hia_app.services.background import IN_THE_LOG, change, is_late
from hia_app.services.work import NOTHING, Work, actor_of
from hia_app.store import jobs
from hia_app.store.blobs import PIECE
from hia_app.store.jobs import Job
from hia_app.store.questionnaires import Shelf
from hia_app.store.tables import AreaEdition, AreaImport, Person

GOING_ON = ("waiting", "reading", "storing")
LISTED = 5
ORPHANS_KEPT = timedelta(days=1)  # tables that no import wants, because their form was sent but never kept
FAILED = f"The import went wrong and nothing was imported. {IN_THE_LOG}"
WORDS = ("source", "year", "licence")
_NAMED = select(AreaImport, Person.name).join(Person, Person.id == AreaImport.person_id)


def words_to_begin_with(work: Work) -> dict[str, str]:
    """What the form says first: the words of the last import, so that nobody types them again after a problem."""
    may_manage(work)
    last = work.session.scalar(select(AreaImport).order_by(AreaImport.asked_at.desc()).limit(1)) or current(work)
    return {name: getattr(last, name) if last else "" for name in WORDS}


def begun(work: Work, import_id: str) -> bool:
    """Whether this form was sent before."""
    may_manage(work)
    return work.session.get(AreaImport, import_id) is not None


def receive(settings: Settings, import_id: str, file: IO[bytes]) -> None:
    """Keep the bytes of a table until it is imported; before any transaction, because it may take a second."""
    path = path_of(settings, import_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    file.seek(0)
    with os.fdopen(os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as kept:
        while piece := file.read(PIECE):
            kept.write(piece)
        kept.flush()
        os.fsync(kept.fileno())
    new.replace(path)


def ask(work: Work, import_id: str, *, name: str, rows: int, source: str, year: str, licence: str) -> AreaImport:
    """Have a table imported that was received; asked again with the same id, it is the same import."""
    may_manage(work)
    existing = work.session.get(AreaImport, import_id)
    if existing is not None:
        return existing
    words = words_given(source, year, licence)
    if going_on(work.session):
        raise InvalidInput({"file": "Another table is being imported. Wait until that has ended, or stop it"})
    row = AreaImport(
        id=import_id,
        person_id=work.actor.person_id,
        file_name=label(name)[:150] or "table.csv",
        asked_at=work.now,
        moved_at=work.now,
        total=rows,
        problems=[],
        **words,
    )
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:  # a second click on the same button
        return work.session.get_one(AreaImport, import_id)
    jobs.ask(work.session, Job.IMPORT_AREAS, import_id)
    return row


def latest(work: Work) -> list[tuple[AreaImport, str]]:
    """The last imports, newest first, each with the name of whoever asked; one query."""
    may_manage(work)
    rows = work.session.execute(_NAMED.order_by(AreaImport.asked_at.desc(), AreaImport.id).limit(LISTED))
    return [(row, name) for row, name in rows]


def find(work: Work, import_id: str) -> tuple[AreaImport, str, AreaEdition | None]:
    """One import, who asked for it, and the edition it made; raises NotVisible."""
    may_manage(work)
    found = work.session.execute(_NAMED.where(AreaImport.id == import_id)).one_or_none()
    if found is None:
        raise NotVisible(NOTHING)
    row, name = found
    return row, name, work.session.get(AreaEdition, import_id) if row.state == "imported" else None


def problems_of(row: AreaImport) -> Problems:
    """What was wrong with the table: the first problems by line, and how many there are."""
    return Problems([Problem(*one) for one in row.problems], row.problem_count)


def late(row: AreaImport, now: datetime) -> bool:
    """Whether the worker seems not to be there."""
    return row.state in GOING_ON and is_late(row.moved_at, now)


def stop(work: Work, import_id: str) -> bool:
    """Have a table imported no further; False when it has ended before."""
    find(work, import_id)
    return change(work.session, AreaImport, import_id, GOING_ON, state="stopped", ended_at=work.now)


# ---- for the worker ----


def path_of(settings: Settings, import_id: str) -> Path:
    return settings.imports_folder / f"{import_id}.csv"


def work_for(
    session: Session, settings: Settings, shelf: Shelf, import_id: str, now: datetime
) -> tuple[AreaImport, Work] | None:
    """An import and the work of whoever asked for it, with the rights they have now; None when nobody wants it."""
    row = session.get(AreaImport, import_id)
    if row is None or row.state not in GOING_ON:
        return None
    work = Work(session, actor_of(session.get_one(Person, row.person_id)), now, settings, shelf)
    may_manage(work)
    return row, work


def note(session: Session, import_id: str, now: datetime, *, state: str, done: int) -> bool:
    """Say how far an import has come, and hold its row; whether it is still wanted."""
    return change(session, AreaImport, import_id, GOING_ON, state=state, done=done, moved_at=now)


def end(
    session: Session, import_id: str, now: datetime, *, problem: str = "", problems: Problems | None = None
) -> bool:
    """Say that a table is imported, or that it is not and why; an import that has ended stays as it is (False)."""
    listed = [[one.line, one.column, one.reason] for one in problems.first] if problems else []
    return change(
        session,
        AreaImport,
        import_id,
        GOING_ON,
        state="faulty" if problems else "failed" if problem else "imported",
        ended_at=now,
        problem=problem[:300],
        problems=listed,
        problem_count=problems.count if problems else 0,
    )


def going_on(session: Session) -> Sequence[str]:
    """The imports that somebody waits for."""
    return session.scalars(select(AreaImport.id).where(AreaImport.state.in_(GOING_ON))).all()


def tables_to_remove(session: Session, settings: Settings, now: datetime) -> list[Path]:
    """The files of which no import is going on, and that are not just being handed in."""
    wanted = {path_of(settings, one) for one in going_on(session)}
    old = (now - ORPHANS_KEPT).timestamp()
    return [one for one in settings.imports_folder.glob("*") if one not in wanted and one.stat().st_mtime < old]
