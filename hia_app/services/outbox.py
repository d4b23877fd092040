"""Messages on their way: written in the transaction they follow from, sent by the worker, never twice, never lost."""

from __future__ import annotations

import base64
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from hia_app.config import Settings
from hia_app.domain import policy
from hia_app.domain.errors import NotVisible
from hia_app.domain.workflow import Action
from hia_app.store import jobs, mailbox
from hia_app.store.columns import new_id
from hia_app.store.jobs import Job
from hia_app.store.mailbox import NotTaken
from hia_app.store.tables import OutgoingMail, Person

if TYPE_CHECKING:  # the history tells people, and they are told by mail
    from hia_app.services.work import Work

Transactions = Callable[[], AbstractContextManager[Session]]
Clock = Callable[[], datetime]

# Minutes until the next attempt; after the last one an administrator is shown what is the matter.
WAITS = (1, 5, 15, 60, 180, 360, 720, 1440)
_CLAIMED_FOR = timedelta(minutes=10)  # longer than any attempt takes; whoever died in the middle held it no longer
_MOST_AT_ONCE = 200
_SEALED = "link"  # the kind whose words hold a secret
_GONE = "The person can no longer sign in."


@dataclass(frozen=True, slots=True)
class Overview:
    """What an administrator sees of the post: never its words."""

    waiting: int
    oldest: datetime | None
    stuck: tuple[OutgoingMail, ...]
    tried: tuple[OutgoingMail, ...]  # waiting after an attempt that failed


def write(
    session: Session,
    settings: Settings,
    now: datetime,
    *,
    kind: str,
    key: str,
    address: str,
    subject: str,
    body: str,
    person_id: str | None = None,
) -> None:
    """Put a message into the outbox, to go out once this transaction is kept; nothing where mail is off.

    `key` makes its Message-ID, so that no server takes the same message for two.
    """
    if settings.mail == "off":
        return
    words = _cipher(settings).encrypt(body.encode()).decode() if kind == _SEALED else body
    session.add(
        OutgoingMail(
            id=new_id(),
            kind=kind,
            message_id=f"<{kind}.{key}@{settings.mail_from.rpartition('@')[2]}>",
            person_id=person_id,
            address=address,
            subject=" ".join(subject.split())[:300],
            body=words,
            made_at=now,
            due_at=now,
        )
    )
    jobs.ask(session, Job.DELIVER)


def is_written(session: Session, settings: Settings, kind: str, key: str) -> bool:
    """Whether a message with this key was ever put into the outbox."""
    name = f"<{kind}.{key}@{settings.mail_from.rpartition('@')[2]}>"
    return session.scalar(select(OutgoingMail.id).where(OutgoingMail.message_id == name)) is not None


def deliver(writing: Transactions, settings: Settings, clock: Clock) -> int:
    """Send what is due, one message after the other; gives how many left. A server that is down ends the round."""
    if settings.mail == "off" or not _is_anything_due(writing, clock()):
        return 0
    sent = 0
    try:
        with mailbox.opened(settings) as open_mailbox:
            for _ in range(_MOST_AT_ONCE):
                claimed = _claim(writing, settings, clock())
                if claimed is None:
                    break
                if isinstance(claimed, EmailMessage):
                    problem = _send(open_mailbox, claimed, writing, clock)
                    sent += problem is None
                    if problem is not None and problem.gone:
                        break
    except NotTaken as down:
        _postpone_one(writing, down, clock())
    return sent


def _send(open_mailbox: mailbox.Mailbox, message: EmailMessage, writing: Transactions, clock: Clock) -> NotTaken | None:
    """Hand over one message and note what came of it, which is also given back."""
    name = str(message["Message-ID"])
    try:
        open_mailbox.put(message)
    except NotTaken as problem:
        with writing() as session:
            row = session.scalars(select(OutgoingMail).where(OutgoingMail.message_id == name)).one()
            _note_problem(row, problem, clock())
        return problem
    with writing() as session:
        session.execute(
            update(OutgoingMail)
            .where(OutgoingMail.message_id == name)
            .values(sent_at=clock(), claimed_until=None, problem="", body="")
        )
    return None


def _is_anything_due(writing: Transactions, now: datetime) -> bool:
    with writing() as session:
        return _next(session, now) is not None


def _next(session: Session, now: datetime) -> OutgoingMail | None:
    return session.scalar(
        select(OutgoingMail)
        .where(
            OutgoingMail.sent_at.is_(None),
            OutgoingMail.given_up_at.is_(None),
            OutgoingMail.due_at <= now,
            (OutgoingMail.claimed_until.is_(None)) | (OutgoingMail.claimed_until < now),
        )
        .order_by(OutgoingMail.due_at, OutgoingMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _claim(writing: Transactions, settings: Settings, now: datetime) -> EmailMessage | bool | None:
    """The next message, which nobody else sends meanwhile; True where it was dropped; None when nothing is due."""
    with writing() as session:
        row = _next(session, now)
        if row is None:
            return None
        person = session.get(Person, row.person_id) if row.person_id else None
        if person is not None and person.disabled_at is not None:
            row.given_up_at, row.problem, row.body = now, _GONE, ""
            return True
        try:
            message = _message(row, settings)
        except InvalidToken:
            row.given_up_at, row.problem, row.body = now, "The secret_key has changed since it was written.", ""
            return True
        row.claimed_until = now + _CLAIMED_FOR
        return message


def _message(row: OutgoingMail, settings: Settings) -> EmailMessage:
    body = _cipher(settings).decrypt(row.body.encode()).decode() if row.kind == _SEALED else row.body
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.mail_from
    message["To"] = row.address
    message["Subject"] = row.subject
    message["Date"] = format_datetime(row.made_at)
    message["Message-ID"] = row.message_id
    message["Auto-Submitted"] = "auto-generated"  # nobody's absence notice answers this
    message.set_content(body)
    return message


def _postpone_one(writing: Transactions, problem: NotTaken, now: datetime) -> None:
    """The server could not be reached: note it on the message that would have been first."""
    with writing() as session:
        row = _next(session, now)
        if row is not None:
            _note_problem(row, problem, now)


def _note_problem(row: OutgoingMail, problem: NotTaken, now: datetime) -> None:
    row.attempts += 1
    row.problem, row.claimed_until = problem.problem, None
    if problem.lasting or row.attempts > len(WAITS):
        row.given_up_at = now
    else:
        row.due_at = now + timedelta(minutes=WAITS[row.attempts - 1])


def overview(work: Work) -> Overview:
    """What waits and what is stuck, for administrators; three queries."""
    policy.require(Action.SEE_SETTINGS, work.actor)
    waiting = (OutgoingMail.sent_at.is_(None), OutgoingMail.given_up_at.is_(None))
    count, oldest = work.session.execute(
        select(func.count(OutgoingMail.id), func.min(OutgoingMail.made_at)).where(*waiting)
    ).one()
    listed = select(OutgoingMail).order_by(OutgoingMail.made_at.desc(), OutgoingMail.id).limit(100)
    stuck = work.session.scalars(listed.where(OutgoingMail.sent_at.is_(None), OutgoingMail.given_up_at.is_not(None)))
    tried = work.session.scalars(listed.where(*waiting, OutgoingMail.attempts > 0))
    return Overview(count, oldest, tuple(stuck), tuple(tried))


def try_again(work: Work, mail_id: str) -> None:
    """Send a message that was given up once more, from the first attempt on; raises NotVisible."""
    policy.require(Action.SEE_SETTINGS, work.actor)
    row = work.session.get(OutgoingMail, mail_id)
    if row is None or row.sent_at is not None or not row.body:
        raise NotVisible("There is no such message that could be sent again.")
    row.given_up_at, row.attempts, row.due_at = None, 0, work.now
    jobs.ask(work.session, Job.DELIVER)


def clear(session: Session, before: datetime) -> None:
    """Forget messages that left before this moment; which receipts went out is kept."""
    session.execute(delete(OutgoingMail).where(OutgoingMail.sent_at < before, OutgoingMail.kind != "receipt"))


def _cipher(settings: Settings) -> Fernet:
    """For words that hold a secret: a copy of the database alone does not open them."""
    key = HKDF(SHA256(), 32, None, b"hea outbox v1").derive(settings.secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(key))
