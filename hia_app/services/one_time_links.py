"""One-time links with which people set their password: shown once, kept only as a hash, good for one use."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, select, update

from hia_app.domain.errors import NotNow
from hia_app.services import outbox
from hia_app.services.sessions import token_hash
from hia_app.services.work import LONDON, Work, record
from hia_app.store.tables import OneTimeLink, Person

SPENT = "This link does not work any more: it has been used, a newer one was made, or it is too old. Ask for a new one."


@dataclass(frozen=True, slots=True)
class FreshLink:
    """A link in the only moment in which it can be shown."""

    url: str
    purpose: str  # invite | reset
    expires_at: datetime


def make(work: Work, person: Person) -> FreshLink:
    """An invitation for somebody without a password, else a reset; ends every older link of theirs."""
    end_all(work, person.id)
    purpose = "reset" if person.password_hash else "invite"
    hours, minutes = work.settings.invitation_hours, work.settings.reset_minutes
    life = timedelta(hours=hours) if purpose == "invite" else timedelta(minutes=minutes)
    token = secrets.token_urlsafe(32)
    link = OneTimeLink(
        token_hash=token_hash(token),
        person_id=person.id,
        purpose=purpose,
        created_by=work.actor.person_id or None,
        created_at=work.now,
        expires_at=work.now + life,
    )
    work.session.add(link)
    record(work, "make_link", subject=person.name, detail={"person": person.id, "purpose": purpose})
    fresh = FreshLink(f"{work.settings.public_url}/link/{token}", purpose, link.expires_at)
    work.session.flush()
    _mail(work, person, link, fresh)
    return fresh


def _mail(work: Work, person: Person, link: OneTimeLink, fresh: FreshLink) -> None:
    """Send it to the person as well; whoever made it also sees it, for when no mail arrives."""
    settings = work.settings
    until = link.expires_at.astimezone(LONDON)
    what = "You were invited to" if fresh.purpose == "invite" else "A new password was asked for you in"
    outbox.write(
        work.session,
        settings,
        work.now,
        kind="link",
        key=link.id,
        address=person.email,
        subject=f"{settings.service_name}: set your password",
        body=(
            f"{what} {settings.service_name} of {settings.council_name}.\n\n"
            f"Set your password here. The link works once, until {until:%H:%M} on {until.day} {until:%B %Y}:\n"
            f"{fresh.url}\n\nIf you did not expect this, do nothing and tell {settings.contact}.\n"
        ),
        person_id=person.id,
    )


def find(work: Work, token: str) -> OneTimeLink:
    """A link that can still be used; looking at it uses nothing. Raises NotNow."""
    link = work.session.scalar(select(OneTimeLink).where(OneTimeLink.token_hash == token_hash(token)))
    if link is None or link.used_at is not None or link.expires_at <= work.now or link.person.disabled_at is not None:
        raise NotNow(SPENT)
    return link


def use(work: Work, link: OneTimeLink) -> None:
    """Spend a link; of two uses in the same moment one is refused (NotNow)."""
    done = work.session.execute(
        update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None)).values(used_at=work.now)
    )
    if not isinstance(done, CursorResult) or done.rowcount != 1:
        raise NotNow(SPENT)


def end_all(work: Work, person_id: str) -> None:
    """End every link of a person that has not been used, whatever the clocks of other servers say."""
    work.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None))
        .values(used_at=work.now)
    )
