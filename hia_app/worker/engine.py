"""The engine that does the jobs: kept in the database, gone on with after a crash, taken over from a dead worker.

With `hia_app/store/jobs.py` the only module that knows `dbos`; why each setting is as it is stands in
docs/decisions/0009-background-work.md.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy import make_url

from hia_app.store.jobs import APPLICATION, SCHEMA, STEPS_VERSION, Queue, refuse_cloud
from hia_app.worker.slots import Slots, slots_of

_LOG = logging.getLogger(__name__)

MOST_ATTEMPTS = 3  # a job that brings its worker down this often (and once more) is not tried again
POLLED_EVERY = 0.25  # seconds
TIME_ZONE = "Europe/London"
FAILED = ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "CANCELLED")
_FINISHED = ("SUCCESS", *FAILED)
_AT_ONCE = 200  # finished jobs that are removed in one go

Step = Callable[[Callable[[], object]], object]  # does something once; after a crash it gives what it gave then
Duty = Callable[..., None]


class Engine:
    """One running worker. There is one engine in a process."""

    def __init__(self, address: str, duties: Mapping[str, Duty], regular: Mapping[str, tuple[str, Duty]]) -> None:
        """`duties`: what each job does, given `do_step` and its subject, if it has one.

        `regular`: what is done at set times, given `do_step`; each with its times as cron (seconds first, six fields),
        on the clocks of London. With several workers it is still done once.
        """
        refuse_cloud()
        self._slots: Slots = slots_of(address)
        self.slot = self._slots.take()
        self.name = f"w{self.slot}"
        DBOS(
            config=DBOSConfig(
                name=APPLICATION,
                system_database_url=make_url(address).render_as_string(hide_password=False),
                dbos_system_schema=SCHEMA,
                executor_id=self.name,
                application_version=STEPS_VERSION,
                serializer=DBOSPortableJSONSerializer(),  # the default would keep pickles in the database
                log_level="WARNING",
                enable_otlp=False,
                run_migrations=False,  # that is `hia db upgrade`, in the name of the role that owns the tables
                scheduler_polling_interval_sec=5.0,
                sys_db_pool_size=5,
            )
        )
        for name, duty in duties.items():
            _job(name, duty)
        scheduled = {name: (cron, _scheduled(name, duty)) for name, (cron, duty) in regular.items()}
        DBOS.launch()
        for queue in Queue:
            DBOS.register_queue(
                queue, worker_concurrency=1, polling_interval_sec=POLLED_EVERY, on_conflict="always_update"
            )
        DBOS.apply_schedules(
            [
                {
                    "schedule_name": name,
                    "workflow_fn": workflow,
                    "schedule": cron,
                    "context": None,
                    "cron_timezone": TIME_ZONE,
                    "queue_name": Queue.POST,
                }
                for name, (cron, workflow) in scheduled.items()
            ]
        )

    def take_over(self) -> list[str]:
        """Go on with the jobs of workers that have died; gives their names. Raises SlotLost."""
        self._slots.check()
        running = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        others = {one.executor_id for one in running} - {self.name, None}
        taken = []
        for name in sorted(str(one) for one in others):
            slot = name.removeprefix("w")
            if not slot.isdigit():
                continue
            with self._slots.trying(int(slot)) as free:
                if free:  # and while we hold its slot, nobody can start in it
                    # Private, but unlike `resume_workflow` it keeps count of the attempts, so a job that kills its
                    # worker is not tried for ever.
                    DBOS._recover_pending_workflows([name])
                    taken.append(name)
        return taken

    @staticmethod
    def failed(ids: Iterable[str]) -> list[str]:
        """Which of these jobs will not be gone on with."""
        wanted = list(ids)
        if not wanted:
            return []
        found = DBOS.list_workflows(workflow_ids=wanted, status=list(FAILED), load_input=False, load_output=False)
        return [one.workflow_id for one in found]

    @staticmethod
    def clear(now: datetime, days: Mapping[str, int], otherwise: int) -> int:
        """Forget finished jobs: those named in `days` after that many days, all others after `otherwise`."""
        removed = 0
        for name, kept in [*days.items(), (None, otherwise)]:
            before = (now - timedelta(days=kept)).isoformat()
            while True:
                found = DBOS.list_workflows(
                    name=name,
                    status=list(_FINISHED),
                    completed_before=before,
                    limit=_AT_ONCE,
                    load_input=False,
                    load_output=False,
                )
                if not found:
                    break
                DBOS.delete_workflows([one.workflow_id for one in found])
                removed += len(found)
        return removed

    def stop(self) -> None:
        """Stop taking jobs. Those that are running are gone on with by whoever comes next."""
        DBOS.destroy(workflow_completion_timeout_sec=0)
        self._slots.close()


def do_step(act: Callable[[], object]) -> object:
    """Do something once inside a job: when the job is gone on with, what was done before is not done again.

    It may happen twice when the process dies between the act and its note, so each must bear being repeated.
    """
    return DBOS.run_step({"name": "step"}, act)


def _job(name: str, duty: Duty) -> None:
    def asked(*subject: str) -> None:
        duty(do_step, *subject)

    DBOS.workflow(name=name, max_recovery_attempts=MOST_ATTEMPTS)(asked)


def _scheduled(name: str, duty: Duty) -> Callable[[datetime, object], None]:
    def due(_at: datetime, _context: object) -> None:
        duty(do_step)

    return DBOS.workflow(name=name, max_recovery_attempts=MOST_ATTEMPTS)(due)
