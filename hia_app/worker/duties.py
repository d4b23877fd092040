"""What the worker does: the post, reminders, committee packs, and tidying up at night."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hia_app.config import Settings
from hia_app.db import Database
from hia_app.services import due_days, notices, outbox
from hia_app.store.jobs import Job
from hia_app.store.questionnaires import Shelf

Step = Callable[[Callable[[], object]], object]

# Seconds, minutes, hours, days, months, days of the week, on the clocks of London.
SWEEP, MORNING, NIGHT = "sweep", "morning", "night"
TIMES = {SWEEP: "0 */5 * * * *", MORNING: "0 30 6 * * *", NIGHT: "0 45 2 * * *"}
MAIL_KEPT = timedelta(days=90)


@dataclass
class Duties:
    """The worker's work on one installation; each duty is given `do_step`, without an engine a plain call."""

    settings: Settings
    database: Database
    shelf: Shelf
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def deliver(self, do_step: Step) -> None:
        """Send what is due, until nothing is left that can be sent now."""
        while do_step(lambda: outbox.deliver(self.database.writing, self.settings, self.clock)):
            pass

    def sweep(self, do_step: Step) -> None:
        """What was to be tried again."""
        self.deliver(do_step)

    def morning(self, do_step: Step) -> None:
        """Days that are near or went by, then one e-mail to everybody who wants one a day."""
        do_step(self._remind)
        do_step(self._digests)

    def night(self, do_step: Step) -> None:
        """Tidy up what nobody needs any more."""
        do_step(self._tidy)

    def by_job(self) -> dict[str, Callable[..., None]]:
        return {Job.DELIVER: self.deliver}

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

    def _tidy(self) -> None:
        with self.database.writing() as session:
            outbox.clear(session, self.clock() - MAIL_KEPT)
