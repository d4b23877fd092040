"""What the worker does: the post, reminders, committee packs, imports of area figures, and tidying up at night."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hia_app.config import Settings
from hia_app.db import Database
from hia_app.services import area_imports, due_days, notices, outbox, packs
from hia_app.store.jobs import Job, id_of
from hia_app.store.questionnaires import Shelf
from hia_app.worker.areas import Importer
from hia_app.worker.packs import Packer

Step = Callable[[Callable[[], object]], object]

# Seconds, minutes, hours, days, months, days of the week, on the clocks of London.
SWEEP, MORNING, NIGHT = "sweep", "morning", "night"
TIMES = {SWEEP: "0 */5 * * * *", MORNING: "0 30 6 * * *", NIGHT: "0 45 2 * * *"}
MAIL_KEPT = timedelta(days=90)
FREQUENT_KEPT, JOBS_KEPT = 2, 30  # days for which the engine remembers what it has done


@dataclass
class Duties:
    """The worker's work on one installation; each duty is given `do_step`, without an engine a plain call."""

    settings: Settings
    database: Database
    shelf: Shelf
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    failed: Callable[[Iterable[str]], list[str]] = field(default=lambda _: [])  # which jobs the engine gave up
    clear: Callable[[datetime, Mapping[str, int], int], int] = field(default=lambda *_: 0)  # its notes of finished ones

    def deliver(self, do_step: Step) -> None:
        """Send what is due, until nothing is left that can be sent now."""
        while do_step(lambda: outbox.deliver(self.database.writing, self.settings, self.clock)):
            pass

    def build_pack(self, do_step: Step, pack_id: str) -> None:
        Packer(self.settings, self.database, self.shelf, self.clock, pack_id).build(do_step)

    def import_areas(self, do_step: Step, import_id: str) -> None:
        Importer(self.settings, self.database, self.shelf, self.clock, import_id).run(do_step)

    def sweep(self, do_step: Step) -> None:
        """Mail that was to be tried again, and packs and imports whose job was given up."""
        self.deliver(do_step)
        do_step(self._give_up)

    def morning(self, do_step: Step) -> None:
        """Days that are near or went by, then one e-mail to everybody who wants one a day."""
        do_step(self._remind)
        do_step(self._digests)

    def night(self, do_step: Step) -> None:
        """Tidy up what nobody needs any more."""
        do_step(self._tidy)

    def by_job(self) -> dict[str, Callable[..., None]]:
        return {Job.DELIVER: self.deliver, Job.BUILD_PACK: self.build_pack, Job.IMPORT_AREAS: self.import_areas}

    def by_time(self) -> dict[str, tuple[str, Callable[..., None]]]:
        return {
            SWEEP: (TIMES[SWEEP], self.sweep),
            MORNING: (TIMES[MORNING], self.morning),
            NIGHT: (TIMES[NIGHT], self.night),
        }

    def _remind(self) -> None:
        with self.database.writing() as session:
            due_days.remind(session, self.settings, self.clock())

    def _digests(self) -> None:
        with self.database.writing() as session:
            notices.digests(session, self.settings, self.clock())

    def _give_up(self) -> None:
        """What brought its worker down again and again is shown as failed to whoever waits for it."""
        with self.database.reading() as session:
            drawn = {id_of(Job.BUILD_PACK, one): one for one in packs.going_on(session)}
            imported = {id_of(Job.IMPORT_AREAS, one): one for one in area_imports.going_on(session)}
        for job in self.failed([*drawn, *imported]):
            with self.database.writing() as session:
                if job in drawn:
                    packs.end(session, drawn[job], self.clock(), problem=packs.SOMETHING_WRONG)
                else:
                    area_imports.end(session, imported[job], self.clock(), problem=area_imports.FAILED)

    def _tidy(self) -> None:
        now = self.clock()
        with self.database.writing() as session:
            outbox.clear(session, now - MAIL_KEPT)
            gone = packs.without_a_file(session, self.settings, now)
            tables = area_imports.tables_to_remove(session, self.settings, now)
        for pack_id in gone:
            shutil.rmtree(packs.folder(self.settings, pack_id), ignore_errors=True)
        for table in tables:
            table.unlink(missing_ok=True)
        self.clear(now, {SWEEP: FREQUENT_KEPT, Job.DELIVER: FREQUENT_KEPT}, JOBS_KEPT)
