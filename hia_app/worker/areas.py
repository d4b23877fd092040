"""Importing a table of area figures that an administrator handed in on the page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hia_app.config import Settings
from hia_app.db import Database
from hia_app.domain.errors import Refused
from hia_app.services import area_files, area_imports, areas
from hia_app.store.questionnaires import Shelf

_LOG = logging.getLogger(__name__)
Step = Callable[[Callable[[], object]], object]


class NotWanted(Exception):
    """Somebody stopped the import, or another worker has ended it."""


@dataclass(frozen=True, slots=True)
class Importer:
    """One import on one installation.

    It is a single step, done again from the beginning when its worker died: reading a whole country takes some seconds,
    and all that a dead worker leaves is the note of how far it was. The edition, all of its areas and the word that the
    import has ended are written in one transaction, so there is never half an edition and never a second one. Before
    it nothing is locked: the table is read, checked and made ready without it (services.area_files).
    """

    settings: Settings
    database: Database
    shelf: Shelf
    clock: Callable[[], datetime]
    import_id: str

    @property
    def path(self) -> Path:
        return area_imports.path_of(self.settings, self.import_id)

    def run(self, do_step: Step) -> None:
        do_step(self.attempt)

    def attempt(self) -> None:
        """All of it; whatever comes of it is said on the page, and the table is removed."""
        try:
            self._import()
        except NotWanted:
            pass
        except area_files.FaultyFile as faulty:
            with self.database.writing() as session:
                area_imports.end(session, self.import_id, self.clock(), problems=faulty.problems)
        except Refused as refused:
            self._fail(" ".join(refused.reasons))
        except Exception:
            _LOG.exception("The area figures of import %s could not be imported", self.import_id)
            self._fail(area_imports.FAILED)
        self.path.unlink(missing_ok=True)

    def _import(self) -> None:
        with self.database.reading() as session:
            if area_imports.work_for(session, self.settings, self.shelf, self.import_id, self.clock()) is None:
                raise NotWanted
        self._note("reading", 0)
        with (
            self.path.open("rb") as file,
            area_files.checked(file, lambda _, rows: self._note("reading", rows)) as table,
        ):
            self._note("storing", table.rows)
            self._store(table)

    def _note(self, state: str, rows: int) -> None:
        with self.database.writing() as session:
            if not area_imports.note(session, self.import_id, self.clock(), state=state, done=rows):
                raise NotWanted

    def _store(self, table: area_files.Checked) -> None:
        now = self.clock()
        with self.database.writing() as session:
            area_imports.note(session, self.import_id, now, state="storing", done=table.rows)  # and holds the row
            found = area_imports.work_for(session, self.settings, self.shelf, self.import_id, now)
            if found is None:
                raise NotWanted
            row, work = found
            words = {name: getattr(row, name) for name in area_imports.WORDS}
            areas.keep(work, table, words, self.import_id)
            area_imports.end(session, self.import_id, now)

    def _fail(self, problem: str) -> None:
        with self.database.writing() as session:
            area_imports.end(session, self.import_id, self.clock(), problem=problem)
