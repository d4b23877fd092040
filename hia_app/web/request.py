"""One request: its moment, its transaction, and what its outcome decides about both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Flask, Response, current_app, g, request
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from hia_app.config import Settings
from hia_app.db import Database
from hia_app.domain.errors import Refused
from hia_app.domain.policy import Actor
from hia_app.domain.typed import showable
from hia_app.services import sessions
from hia_app.services.work import Work
from hia_app.store.questionnaires import Shelf
from hia_app.store.tables import Assessment, AssessmentVersion, Event

READING = frozenset({"GET", "HEAD", "OPTIONS"})
NOBODY = Actor("", "", frozenset())


@dataclass
class Installation:
    """What one running app works with; the clock is a part so that tests can move it."""

    settings: Settings
    database: Database
    shelf: Shelf
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))


def installation() -> Installation:
    found: Installation = current_app.extensions["hea"]
    return found


def now() -> datetime:
    """The moment of this request; the same however often it is asked."""
    if "now" not in g:
        g.now = installation().clock()
    moment: datetime = g.now
    return moment


def session() -> Session:
    """The request's transaction, begun when first needed. Reading requests get one that cannot write."""
    if "session" not in g:
        g.session = installation().database.open(writes=request.method not in READING)
    found: Session = g.session
    return found


def work() -> Work:
    """What services need, for the person who is signed in (or for nobody)."""
    if "work" not in g:
        actor = current_user.actor if current_user.is_authenticated else NOBODY
        place = installation()
        g.work = Work(session(), actor, now(), place.settings, place.shelf)
    found: Work = g.work
    return found


def work_as(actor: Actor) -> Work:
    """The same transaction for somebody whose identity this very request established."""
    place = installation()
    g.work = Work(session(), actor, now(), place.settings, place.shelf)
    found: Work = g.work
    return found


def note_refused(error: Refused) -> None:
    """Remember that this request was refused, for views that show the refusal in place; errors do it themselves."""
    g.refused = error


def finish(response: Response) -> Response:
    """Keep what was done when the answer is good; otherwise undo it all and write down what was refused."""
    open_session = g.pop("session", None)
    g.pop("work", None)
    if open_session is not None:
        installation().database.finish(open_session, keep=response.status_code < 400)
    # Whoever asked is known by now; for a style sheet nobody was asked, and nobody is looked up here.
    if "_login_user" in g and current_user.is_authenticated:
        _note_click()
        if "refused" in g and request.method not in READING:
            _write_refusal(g.pop("refused"), response.status_code)
    return response


def set_aside() -> None:
    """End the request's transaction early, undoing it, so that a short one of its own can write."""
    open_session = g.pop("session", None)
    g.pop("work", None)
    if open_session is not None:
        installation().database.finish(open_session, keep=False)


def _note_click() -> None:
    """The one thing that opening a page writes: when this session was last used, at most once a minute."""
    if sessions.click_is_due(current_user.seen_at, now()):
        with installation().database.writing() as short:
            sessions.note_click(short, current_user.session_id, now())


def _write_refusal(error: Refused, status: int) -> None:
    # What concerns a reviewers' private note is in nobody's history.
    private = g.pop("private", False)
    arguments = {} if private else request.view_args or {}
    with installation().database.writing() as short:
        version = short.execute(
            select(AssessmentVersion.id, AssessmentVersion.assessment_id)
            .join(Assessment)
            .where(
                Assessment.reference == str(arguments.get("reference", "")),
                AssessmentVersion.number == arguments.get("number", 0),
            )
        ).one_or_none()
        short.add(
            Event(
                at=now(),
                person_id=current_user.actor.person_id,
                person_name=current_user.actor.name,
                version_id=version.id if version else None,
                assessment_id=version.assessment_id if version else None,
                action=(request.endpoint or "").rpartition(".")[2][:40],
                outcome="refused",
                subject=" ".join(error.reasons)[:200],
                detail={"status": status} if private else {"status": status, "path": showable(request.path)[:500]},
            )
        )


def _close(_: BaseException | None) -> None:
    set_aside()


def register(app: Flask) -> None:
    app.after_request(finish)
    app.teardown_appcontext(_close)
