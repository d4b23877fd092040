"""Everything that happened to an assessment, in plain words, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from hia_app.domain.happenings import sentence
from hia_app.domain.progress import counted
from hia_app.domain.workflow import Action
from hia_app.services.work import Case, Work, allow
from hia_app.store.tables import Event

ANSWERING = frozenset({str(Action.ANSWER), str(Action.ANSWER_SCREENING)})
TOGETHER = timedelta(minutes=30)
MOST = 500  # events on one page; older ones are behind a link


@dataclass(frozen=True, slots=True)
class Happening:
    """What one person did at one moment (or in one sitting of answering)."""

    at: datetime
    person: str
    words: str
    refused: bool
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    happenings: tuple[Happening, ...]
    earlier: int | None  # where the next page begins, None at the end


def history(work: Work, case: Case, *, before: int | None = None) -> History:
    """One page of what happened to this version, the newest first; one query."""
    allow(work, Action.SEE_HISTORY, case)
    query = select(Event).where(Event.version_id == case.version.id).order_by(Event.seq.desc()).limit(MOST + 1)
    if before is not None:
        query = query.where(Event.seq < before)
    rows = work.session.scalars(query).all()
    shown = rows[:MOST]
    return History(tuple(_told(shown)), shown[-1].seq if len(rows) > MOST else None)


def _told(events: Iterable[Event]) -> Iterator[Happening]:
    """Answers that one person gave to one section in one sitting are told in one sentence."""
    sitting: list[Event] = []
    for event in events:
        if sitting and not _same_sitting(sitting[-1], event):
            yield _answered(sitting)
            sitting = []
        if event.action in ANSWERING and event.outcome == "done":
            sitting.append(event)
        else:
            yield Happening(event.at, event.person_name, _words(event), event.outcome == "refused", _reasons(event))
    if sitting:
        yield _answered(sitting)


def _same_sitting(later: Event, earlier: Event) -> bool:
    return (
        earlier.action == later.action
        and earlier.outcome == "done"
        and earlier.person_id == later.person_id
        and earlier.detail.get("section") == later.detail.get("section")
        and later.at - earlier.at <= TOGETHER
    )


def _answered(sitting: list[Event]) -> Happening:
    first = sitting[0]
    questions = tuple(dict.fromkeys(event.subject for event in reversed(sitting)))
    if len(questions) == 1:
        return Happening(first.at, first.person_name, sentence(_plain(first)), False)
    return Happening(first.at, first.person_name, f"Answered {counted(len(questions), 'question')}", False, questions)


def _words(event: Event) -> str:
    return sentence(_plain(event))


def _reasons(event: Event) -> tuple[str, ...]:
    found = event.detail.get("reasons") if event.outcome == "refused" else None
    return tuple(str(one) for one in found) if isinstance(found, list) else ()


def _plain(event: Event) -> Mapping[str, Any]:
    return {
        "action": event.action,
        "outcome": event.outcome,
        "subject": event.subject,
        "detail": event.detail,
    }
