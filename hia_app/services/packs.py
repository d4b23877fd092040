"""Committee packs: asked for in one click, drawn by the worker, and there for the person who asked and nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from hia_app.config import Settings
from hia_app.domain import policy
from hia_app.domain.errors import InvalidInput, NotNow, NotVisible
from hia_app.domain.pack import KINDS, MOST
from hia_app.domain.workflow import Action, State
from hia_app.services.background import IN_THE_LOG, change, is_late
from hia_app.services.register import Listed
from hia_app.services.work import NOTHING, Work, actor_of
from hia_app.store import jobs
from hia_app.store.jobs import Job
from hia_app.store.questionnaires import Shelf
from hia_app.store.tables import AssessmentVersion, CommitteePack, Person, RegisterEntry

MOST_AT_ONCE = 3  # packs that one person can have drawn at the same time
LISTED = 20
GOING_ON = ("waiting", "drawing")
EDITIONS = ("full", "public")
NEWEST_FIRST = (RegisterEntry.signed_off_at.desc(), RegisterEntry.version_id.desc())
FILE = "pack.pdf"
SOMETHING_WRONG = f"It could not be drawn. {IN_THE_LOG}"


def choices(
    work: Work, words: str = "", since: date | None = None, until: date | None = None, *, replaced: bool = False
) -> list[Listed]:
    """What can go into a pack, newest first: by words (a body's name is among them) and by the date of the decision.

    Versions that a newer one has `replaced` are among them only when asked for.
    """
    policy.require(Action.READ_REGISTER, work.actor)
    statement = (
        select(RegisterEntry, AssessmentVersion.state)
        .join(AssessmentVersion, AssessmentVersion.id == RegisterEntry.version_id)
        .order_by(*NEWEST_FIRST)
        .limit(MOST)
    )
    if not replaced:
        statement = statement.where(AssessmentVersion.state != State.SUPERSEDED)
    for word in words.lower().split()[:8]:
        statement = statement.where(RegisterEntry.words.contains(word, autoescape=True))
    if since:
        statement = statement.where(RegisterEntry.decision_date >= since)
    if until:
        statement = statement.where(RegisterEntry.decision_date <= until)
    return [Listed(entry, state) for entry, state in work.session.execute(statement)]


def ask(work: Work, pack_id: str, *, title: str, edition: str, version_ids: Sequence[str]) -> CommitteePack:
    """Have a pack drawn; asked again with the same id, it is the same pack."""
    policy.require(Action.READ_REGISTER, work.actor)
    existing = work.session.get(CommitteePack, pack_id)
    if existing is not None:
        return find(work, pack_id)
    if edition not in EDITIONS:
        raise InvalidInput({"edition": "Choose an edition"})
    chosen = list(dict.fromkeys(version_ids))[: MOST + 1]
    wanted = select(RegisterEntry).where(RegisterEntry.version_id.in_(chosen)).order_by(*NEWEST_FIRST)
    known = work.session.scalars(wanted).all()
    if not known:
        raise InvalidInput({"record": "Choose at least one assessment"})
    if len(chosen) > MOST:
        raise InvalidInput({"record": f"Choose at most {MOST} assessments"})
    mine = (CommitteePack.person_id == work.actor.person_id, CommitteePack.state.in_(GOING_ON))
    going_on = work.session.scalar(select(func.count(CommitteePack.id)).where(*mine)) or 0
    if going_on >= MOST_AT_ONCE:
        raise NotNow(f"You have {going_on} packs being drawn. Wait for one of them, or stop one.")
    row = CommitteePack(
        id=pack_id,
        person_id=work.actor.person_id,
        title=" ".join(title.split())[:150] or "Committee pack",
        edition=edition,
        version_ids=[one.version_id for one in known],
        asked_at=work.now,
        total=len(known) * len(KINDS),
        state="waiting",
    )
    work.session.add(row)
    jobs.ask(work.session, Job.BUILD_PACK, pack_id)
    return row


def mine(work: Work) -> Sequence[CommitteePack]:
    """One's own packs, newest first; one query."""
    policy.require(Action.READ_REGISTER, work.actor)
    return work.session.scalars(
        select(CommitteePack)
        .where(CommitteePack.person_id == work.actor.person_id)
        .order_by(CommitteePack.asked_at.desc(), CommitteePack.id)
        .limit(LISTED)
    ).all()


def find(work: Work, pack_id: str) -> CommitteePack:
    """One of one's own packs; raises NotVisible."""
    policy.require(Action.READ_REGISTER, work.actor)
    row = work.session.get(CommitteePack, pack_id)
    if row is None or row.person_id != work.actor.person_id:
        raise NotVisible(NOTHING)
    return row


def file_of(work: Work, pack_id: str) -> Path:
    """The file of a pack that is ready; raises NotVisible or NotNow."""
    row = find(work, pack_id)
    path = folder(work.settings, row.id) / FILE
    if row.state != "ready" or not path.is_file():
        raise NotNow("This pack is not here: it is not ready yet, or its time is over.")
    return path


def stop(work: Work, pack_id: str) -> bool:
    """Have a pack drawn no further; False when it has ended before."""
    find(work, pack_id)
    return change(work.session, CommitteePack, pack_id, GOING_ON, state="stopped", ended_at=work.now)


def late(row: CommitteePack, now: datetime) -> bool:
    """Whether the worker seems not to have begun."""
    return row.state == "waiting" and is_late(row.asked_at, now)


def kept_until(row: CommitteePack, settings: Settings) -> datetime:
    return (row.ended_at or row.asked_at) + timedelta(days=settings.pack_days)


# ---- for the worker ----


def folder(settings: Settings, pack_id: str) -> Path:
    return settings.packs_folder / pack_id


def work_for(session: Session, settings: Settings, shelf: Shelf, pack_id: str, now: datetime) -> Work | None:
    """The work of the person who asked, with the rights they have now; None when the pack is not wanted any more."""
    row = session.get(CommitteePack, pack_id)
    if row is None or row.state not in GOING_ON:
        return None
    return Work(session, actor_of(session.get_one(Person, row.person_id)), now, settings, shelf)


def note(session: Session, pack_id: str, drawn: int) -> bool:
    """Say how far a pack has come; whether it is still wanted."""
    return change(session, CommitteePack, pack_id, GOING_ON, state="drawing", drawn=drawn)


def end(session: Session, pack_id: str, now: datetime, *, pages: int = 0, size: int = 0, problem: str = "") -> bool:
    """Say that a pack is ready, or that it failed and why; one that has ended before stays as it is (False)."""
    ended = {"state": "failed" if problem else "ready", "ended_at": now, "problem": problem[:300]}
    return change(session, CommitteePack, pack_id, GOING_ON, **ended, pages=pages, size=size)


def going_on(session: Session) -> Sequence[str]:
    """The packs that somebody waits for."""
    return session.scalars(select(CommitteePack.id).where(CommitteePack.state.in_(GOING_ON))).all()


def without_a_file(session: Session, settings: Settings, now: datetime) -> list[str]:
    """Mark the packs whose time is over as removed; gives those of which no file is to be kept any longer."""
    before = now - timedelta(days=settings.pack_days)
    old = (CommitteePack.ended_at < before, CommitteePack.state != "removed")
    session.execute(update(CommitteePack).where(*old).values(state="removed"))
    gone = select(CommitteePack.id).where(CommitteePack.state.in_(("removed", "stopped", "failed")))
    return list(session.scalars(gone))
