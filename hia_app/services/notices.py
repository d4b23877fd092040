"""Telling people what happened: a notice in the service and, as each prefers, an e-mail with the same words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, selectinload

from hia_app.config import Settings
from hia_app.domain import policy
from hia_app.domain.errors import InvalidInput, NotVisible
from hia_app.domain.notices import DUE, TOLD, Page, Preference, Told, Whom
from hia_app.domain.policy import Actor, Role, Side, Standing
from hia_app.domain.workflow import State
from hia_app.services import outbox
from hia_app.store.columns import new_id
from hia_app.store.tables import (
    AssessmentVersion,
    Contributor,
    Delegation,
    Notice,
    Person,
    PersonRole,
    PersonSide,
)

if TYPE_CHECKING:  # the history calls this module
    from hia_app.services.work import Work

LONDON = ZoneInfo("Europe/London")
PAGE = 25
WHY = "You get this because you have a part in this assessment."
CHANGE = "Choose how you get e-mail on your account page"
NOTHING = "There is nothing here for you."


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of somebody's notices, newest first; pages count from 1."""

    rows: tuple[Notice, ...]
    unread: int
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def tell(
    work: Work,
    action: str,
    version: AssessmentVersion,
    *,
    concerned: Iterable[str] = (),
    former: Iterable[str] = (),
    by_mail: bool = True,
) -> None:
    """Write the notices that follow from an action, in the transaction of the action itself.

    Nobody is told what they did themselves; nobody without sight of the assessment is told anything of it.
    """
    rows = TOLD.get(action)
    if not rows:
        return
    telling = _Telling(work.session, work.settings, work.now, version, by_mail=by_mail)
    telling.tell(action, rows, frozenset(concerned), frozenset(former), but=work.actor.person_id)


def remind(
    session: Session, settings: Settings, now: datetime, version: AssessmentVersion, what: str, day: date, about: str
) -> None:
    """Tell once that a day is near or has passed; `about` is what it belongs to."""
    telling = _Telling(session, settings, now, version)
    telling.tell(what, (DUE[what],), frozenset(), frozenset(), day=day, once=f"{what}:{about}:{day.isoformat()}")


class _Telling:
    """One happening on one version: who takes part in which way, looked up once."""

    def __init__(
        self, session: Session, settings: Settings, now: datetime, version: AssessmentVersion, *, by_mail: bool = True
    ) -> None:
        self.session, self.settings, self.now, self.version = session, settings, now, version
        self.by_mail = by_mail
        self.sides: dict[str, Side] = {}
        self.reach: dict[str, frozenset[str]] = {}
        self.delegates: frozenset[str] = frozenset()

    def tell(
        self,
        what: str,
        rows: Sequence[Told],
        concerned: frozenset[str],
        former: frozenset[str],
        *,
        but: str = "",
        day: date | None = None,
        once: str | None = None,
    ) -> None:
        self._look_up()
        chosen: dict[str, Told] = {}
        for told in rows:
            for whom in told.whom:
                for person_id in self._who(whom, concerned, former):
                    chosen.setdefault(person_id, told)
        chosen.pop(but, None)
        if once and chosen:
            again = select(Notice.person_id).where(Notice.once == once, Notice.person_id.in_(chosen))
            for person_id in self.session.scalars(again).all():
                chosen.pop(person_id)
        if not chosen:
            return
        people = self.session.scalars(
            select(Person)
            .where(Person.id.in_(chosen), Person.disabled_at.is_(None))
            .options(selectinload(Person.roles))
            .order_by(Person.id)
        ).all()
        for person in people:
            told = chosen[person.id]
            if told.parting or self._sees(person):
                self._write(person, what, told, day, once)

    def _look_up(self) -> None:
        here = self.version.assessment_id
        sides = select(PersonSide.person_id, PersonSide.side).where(PersonSide.assessment_id == here)
        self.sides = {person_id: Side(side) for person_id, side in self.session.execute(sides)}
        helping = select(Contributor.person_id, Contributor.sections).where(
            Contributor.assessment_id == here, Contributor.removed_at.is_(None)
        )
        self.reach = {person_id: frozenset(sections) for person_id, sections in self.session.execute(helping)}
        today = self.now.astimezone(LONDON).date()
        deciding = select(Delegation.to_id).where(
            Delegation.version_id == self.version.id,
            Delegation.from_id == self.version.decision_maker_id,
            Delegation.first_day <= today,
            Delegation.last_day >= today,
            Delegation.ended_at.is_(None),
        )
        self.delegates = frozenset(self.session.scalars(deciding))

    def _who(self, whom: Whom, concerned: frozenset[str], former: frozenset[str]) -> Iterable[str]:
        version = self.version
        match whom:
            case Whom.OWNER:
                return (version.owner_id,)
            case Whom.CONTRIBUTORS:
                return self.reach
            case Whom.LEAD:
                return (version.lead_reviewer_id,) if version.lead_reviewer_id else ()
            case Whom.DECISION_MAKER:
                return self.delegates | ({version.decision_maker_id} if version.decision_maker_id else set())
            case Whom.CONCERNED:
                return concerned
            case Whom.FORMER:
                return former
            case Whom.FREE_REVIEWERS:
                return () if version.lead_reviewer_id else self._free_reviewers()

    def _free_reviewers(self) -> Iterable[str]:
        reviewers = select(PersonRole.person_id).where(PersonRole.role == Role.REVIEWER)
        elsewhere = {person_id for person_id, side in self.sides.items() if side is not Side.REVIEW}
        return [one for one in self.session.scalars(reviewers) if one not in elsewhere]

    def _sees(self, person: Person) -> bool:
        """What the policy table says of this person and this version, as it stands now."""
        version, sections = self.version, self.reach.get(person.id)
        standing = Standing(
            state=State(version.state),
            side=self.sides.get(person.id),
            owner=version.owner_id == person.id,
            contributor=sections is not None,
            sections=sections or frozenset(),
            lead=version.lead_reviewer_id == person.id,
            has_lead=version.lead_reviewer_id is not None,
            decision_maker=version.decision_maker_id == person.id,
            delegate=person.id in self.delegates,
            was_submitted=version.submitted_at is not None,
            was_concluded=version.concluded_at is not None,
        )
        return policy.visible(Actor(person.id, person.name, person.role_set), standing)

    def _write(self, person: Person, what: str, told: Told, day: date | None, once: str | None) -> None:
        reference, number = self.version.assessment.reference, self.version.number
        name = f"{reference} version {number}"
        words = told.words.format(name=name, day=_day(day))
        page = told.page
        if page is Page.REVIEW and Role.REVIEWER not in person.role_set:
            page = Page.ASSESSMENT
        notice = Notice(
            id=new_id(),
            person_id=person.id,
            version_id=self.version.id,
            at=self.now,
            what=what,
            words=words,
            path=page.format(reference=reference, number=number),
            once=once,
            in_digest=self.by_mail and person.mail == Preference.DAILY,
        )
        self.session.add(notice)
        if self.by_mail and person.mail == Preference.AT_ONCE:
            outbox.write(
                self.session,
                self.settings,
                self.now,
                kind="notice",
                key=notice.id,
                address=person.email,
                subject=words,
                body=_letter(self.settings, [notice]),
                person_id=person.id,
            )


def _letter(settings: Settings, notices: Sequence[Notice]) -> str:
    told = "\n\n".join(f"{one.words}\n{settings.public_url}{one.path}" for one in notices)
    why = f"{WHY}\n{CHANGE}: {settings.public_url}/account"
    return f"{told}\n\n--\n{settings.service_name}, {settings.council_name}\n{why}\n"


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


def digests(session: Session, settings: Settings, now: datetime) -> int:
    """One e-mail to everybody whose notices wait for it; gives how many. Those who have read a notice are spared it."""
    waiting = session.execute(
        select(Notice, Person)
        .join(Person, Person.id == Notice.person_id)
        .where(Notice.in_digest.is_(True))
        .order_by(Notice.person_id, Notice.at, Notice.id)
    ).all()
    letters: dict[str, tuple[Person, list[Notice]]] = {}
    for notice, person in waiting:
        notice.in_digest = False
        if notice.read_at is None and person.disabled_at is None:
            letters.setdefault(person.id, (person, []))[1].append(notice)
    for person, notices in letters.values():
        count = len(notices)
        outbox.write(
            session,
            settings,
            now,
            kind="digest",
            key=notices[-1].id,
            address=person.email,
            subject=f"{settings.service_name}: {count} notice{'s' if count > 1 else ''}",
            body=_letter(settings, notices),
            person_id=person.id,
        )
    return len(letters)


# ---- one's own notices ----


def listing(work: Work, page: int = 1) -> Listing:
    """One page of the asking person's own notices; two queries."""
    mine = Notice.person_id == work.actor.person_id
    total, unread = work.session.execute(
        select(func.count(Notice.id), func.count(Notice.id).filter(Notice.read_at.is_(None))).where(mine)
    ).one()
    page = min(max(1, page), max(1, -(-total // PAGE)))
    rows = work.session.scalars(
        select(Notice).where(mine).order_by(Notice.at.desc(), Notice.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    )
    return Listing(tuple(rows), unread, total, page)


def read(work: Work, notice_id: str) -> Notice:
    """Mark one of one's own notices as read; raises NotVisible."""
    found = work.session.get(Notice, notice_id)
    if found is None or found.person_id != work.actor.person_id:
        raise NotVisible(NOTHING)
    found.read_at = found.read_at or work.now
    return found


def read_all(work: Work) -> None:
    """Mark all of one's own notices as read."""
    mine = (Notice.person_id == work.actor.person_id, Notice.read_at.is_(None))
    work.session.execute(update(Notice).where(*mine).values(read_at=work.now))


def preference(work: Work) -> str:
    """How the asking person gets e-mail."""
    return work.session.get_one(Person, work.actor.person_id).mail


def prefer(work: Work, preference: str) -> Preference:
    """Choose how one gets e-mail; what waits for the morning's e-mail goes the new way only from now on."""
    if preference not in set(Preference):
        raise InvalidInput({"mail": "Choose how you want to be told"})
    person = work.session.get_one(Person, work.actor.person_id)
    person.mail = Preference(preference)
    return Preference(preference)
