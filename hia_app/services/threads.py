"""Comments on a question, an impact or a section: said, answered, resolved; and notes that stay with the reviewers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from hia_app.domain import policy
from hia_app.domain.errors import NotNow, NotPermitted, NotVisible
from hia_app.domain.policy import Side, require_section
from hia_app.domain.targets import target_label
from hia_app.domain.workflow import Action, State
from hia_app.services import notices, review_findings
from hia_app.services.assessments import form_key
from hia_app.services.reasons import reason_given
from hia_app.services.review_rounds import OTHER_SIDE
from hia_app.services.thread_people import people_of
from hia_app.services.work import NOTHING, Case, Work, allow, hold, join_side, record
from hia_app.store.tables import Comment, Event, ImpactLine, Person, Submission, Thread

KINDS = ("question", "impact", "section")
Place = tuple[str, str]  # kind and target


@dataclass(frozen=True, slots=True)
class View:
    """One thread as this person meets it, with the names it needs and what they may do with it."""

    thread: Thread
    label: str
    opened_by: str
    assigned_to: str
    resolved_by: str
    may_reply: bool
    may_settle: bool

    @property
    def open(self) -> bool:
        return self.thread.resolved_at is None


@dataclass(frozen=True, slots=True)
class Target:
    """What a thread can be about: its section, and how people call it."""

    section_id: str
    label: str


def sees_private(work: Work, case: Case) -> bool:
    """Whether this person is on the review side, where private notes stay."""
    return policy.may(Action.SEE_REVIEW, work.actor, case.standing)


def threads(work: Work, case: Case, about: Place | None = None) -> tuple[View, ...]:
    """The threads this person may read, in the order they were opened; a constant number of queries."""
    allow(work, Action.SEE_CONTENT, case)
    query = select(Thread).where(Thread.version_id == case.version.id).order_by(Thread.opened_at, Thread.id)
    if about is not None:
        query = query.where(Thread.kind == about[0], Thread.target == about[1])
    if not sees_private(work, case):
        query = query.where(Thread.private.is_(False))
    found = [one for one in work.session.scalars(query) if reaches(work, case, one.section_id)]
    if not found:
        return ()
    names, impacts = _names(work, found), review_findings.impact_names(work, case)
    return tuple(_view(work, case, one, names, impacts) for one in found)


def counts(work: Work, case: Case) -> dict[Place, int]:
    """How many threads are open about each thing, of those this person may read; one query."""
    allow(work, Action.SEE_CONTENT, case)
    query = (
        select(Thread.kind, Thread.target, func.count())
        .where(Thread.version_id == case.version.id, Thread.resolved_at.is_(None))
        .group_by(Thread.kind, Thread.target)
    )
    if not sees_private(work, case):
        query = query.where(Thread.private.is_(False))
    return {(kind, target): number for kind, target, number in work.session.execute(query)}


def target(work: Work, case: Case, kind: str, target_id: str) -> Target:
    """What a thread is to be about; raises NotVisible for what is not there for this person."""
    allow(work, Action.SEE_CONTENT, case)
    asked = case.questionnaire
    found = None
    if kind == "question" and target_id in asked.question_by_id:
        found = Target(asked.section_of[target_id].id, asked.question_by_id[target_id].text)
    elif kind == "section" and target_id in asked.section_by_id:
        found = Target(target_id, f"Section: {asked.section_by_id[target_id].title}")
    elif kind == "impact":
        row = work.session.get(ImpactLine, target_id)
        if row is not None and row.version_id == case.version.id:
            found = Target(row.section_id, f"Impact I{row.number}")
    if found is None or not reaches(work, case, found.section_id):
        raise NotVisible(NOTHING)
    return found


def open_thread(
    work: Work,
    case: Case,
    form_id: str,
    about: Place,
    text: str,
    *,
    private: bool = False,
    blocking: bool = False,
) -> Thread:
    """Begin a thread under the id its form carries; `private` keeps it on the review side for ever."""
    _may_speak(work, case, private=private)
    key = form_key(form_id)
    place = target(work, case, *about)
    existing = work.session.get(Thread, key)
    if existing is not None:
        if existing.version_id == case.version.id and existing.opened_by == work.actor.person_id:
            return existing
        raise NotVisible(NOTHING)
    review = sees_private(work, case)
    thread = Thread(
        id=key,
        version_id=case.version.id,
        kind=about[0],
        target=about[1],
        section_id=place.section_id,
        side=Side.REVIEW if review else Side.AUTHOR,
        private=private,
        blocking=blocking and review and not private,
        opened_by=work.actor.person_id,
        opened_at=work.now,
    )
    thread.comments = [_comment(work, key, text)]
    work.session.add(thread)
    work.session.flush()
    _tell(work, case, thread, Action.COMMENT, place.label, blocking=thread.blocking)
    return thread


def reply(work: Work, case: Case, thread_id: str, form_id: str, text: str) -> Comment:
    """Answer in a thread; a resolved one has to be opened again first."""
    view = find(work, case, thread_id)
    _may_speak(work, case, private=view.thread.private)
    key = form_key(form_id)
    existing = next((one for one in view.thread.comments if one.id == key), None)
    if existing is not None:
        return existing
    if not view.open:
        raise NotNow("This comment has been resolved. Open it again to go on.")
    if work.session.get(Comment, key) is not None:
        raise NotVisible(NOTHING)
    said = _comment(work, key, text)
    view.thread.comments.append(said)
    work.session.flush()
    _tell(work, case, view.thread, "reply", view.label)
    return said


def resolve(work: Work, case: Case, thread_id: str) -> None:
    """Close a thread; which submission settled it is kept. What a reviewer opened only a reviewer resolves."""
    view = _to_settle(work, case, thread_id)
    if not view.open:
        return
    thread = view.thread
    thread.resolved_by, thread.resolved_at, thread.resolved_in = work.actor.person_id, work.now, _settling(work, case)
    _tell(work, case, thread, "resolve_thread", view.label, submission=thread.resolved_in)


def reopen(work: Work, case: Case, thread_id: str) -> None:
    """Open a resolved thread again."""
    view = _to_settle(work, case, thread_id)
    if view.open:
        return
    thread = view.thread
    thread.resolved_by, thread.resolved_at, thread.resolved_in = None, None, None
    _tell(work, case, thread, "reopen_thread", view.label)


def assign(work: Work, case: Case, thread_id: str, person_id: str) -> None:
    """Ask somebody who takes part to deal with a thread; "" asks nobody any more."""
    view = find(work, case, thread_id)
    allow(work, Action.NOTE_PRIVATELY if view.thread.private else Action.ASSIGN_THREAD, case)
    hold(work, case)
    able = {person.id: person.name for person in people_of(work, case, view.thread)}
    if person_id and person_id not in able:
        raise NotNow("Choose somebody who takes part in this assessment and can read this comment.")
    if (view.thread.assigned_to or "") == person_id:
        return
    view.thread.assigned_to = person_id or None
    _tell(work, case, view.thread, Action.ASSIGN_THREAD, view.label, to=able.get(person_id, ""))
    if person_id:  # of a private note not a word leaves the service
        by_mail = not view.thread.private
        notices.tell(work, Action.ASSIGN_THREAD, case.version, concerned=[person_id], by_mail=by_mail)


def find(work: Work, case: Case, thread_id: str) -> View:
    """One thread this person may read; raises NotVisible."""
    allow(work, Action.SEE_CONTENT, case)
    thread = work.session.get(Thread, thread_id)
    if thread is None or thread.version_id != case.version.id:
        raise NotVisible(NOTHING)
    if (thread.private and not sees_private(work, case)) or not reaches(work, case, thread.section_id):
        raise NotVisible(NOTHING)
    return _view(work, case, thread, _names(work, [thread]), review_findings.impact_names(work, case))


def blocking(work: Work, case: Case) -> tuple[str, ...]:
    """What the open threads that forbid concluding are about."""
    rows = work.session.scalars(
        select(Thread)
        .where(Thread.version_id == case.version.id, Thread.blocking.is_(True), Thread.resolved_at.is_(None))
        .order_by(Thread.opened_at, Thread.id)
    ).all()
    names = review_findings.impact_names(work, case) if rows else {}
    return tuple(target_label(case.questionnaire, one.kind, one.target, names) for one in rows)


def reaches(work: Work, case: Case, section_id: str) -> bool:
    """Whether this person reads a section: all who review or decide do, a contributor only their own."""
    if not case.standing.contributor or sees_private(work, case):
        return True
    return case.standing.reaches(section_id)


def _may_speak(work: Work, case: Case, *, private: bool) -> None:
    allow(work, Action.NOTE_PRIVATELY if private else Action.COMMENT, case)
    hold(work, case)
    review = sees_private(work, case)
    if review and not join_side(work, case.version.assessment_id, work.actor.person_id, Side.REVIEW):
        raise NotPermitted(OTHER_SIDE[Side.AUTHOR])


def _to_settle(work: Work, case: Case, thread_id: str) -> View:
    view = find(work, case, thread_id)
    allow(work, Action.NOTE_PRIVATELY if view.thread.private else Action.SETTLE_THREAD, case)
    hold(work, case)
    if view.thread.side == Side.REVIEW and not sees_private(work, case):
        raise NotPermitted("A reviewer opened this comment, so a reviewer resolves it. Reply to it instead.")
    if case.standing.contributor and not case.standing.owner and not sees_private(work, case):
        require_section(view.thread.section_id, case.standing)
    return view


def _settling(work: Work, case: Case) -> int:
    """The submission that settled a thread: the one under review, or the one the author side is preparing."""
    highest = select(func.max(Submission.number)).where(Submission.version_id == case.version.id)
    number = work.session.scalar(highest) or 0
    return number if case.state in {State.IN_REVIEW, State.REVIEWED} else number + 1


def _comment(work: Work, key: str, text: str) -> Comment:
    words = reason_given(text, "Write your comment", field="text")
    return Comment(id=key, text=words, written_by=work.actor.person_id, written_at=work.now)


def _tell(work: Work, case: Case, thread: Thread, action: str, label: str, **detail: object) -> None:
    """Write the history row; of a private note none that anybody can find through the assessment."""
    told = {"thread": thread.id, **{name: value for name, value in detail.items() if value}}
    if not thread.private:
        record(work, action, case, subject=label[:200], detail=told)
        return
    hidden = Event(
        at=work.now,
        person_id=work.actor.person_id,
        person_name=work.actor.name,
        action="private_note",
        detail={"thread": thread.id, "did": str(action)},
    )
    work.session.add(hidden)


def _names(work: Work, found: Sequence[Thread]) -> dict[str, str]:
    ids = {one for thread in found for one in (thread.opened_by, thread.assigned_to, thread.resolved_by) if one}
    return dict(work.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())


def _view(work: Work, case: Case, thread: Thread, names: Mapping[str, str], impacts: Mapping[str, str]) -> View:
    def may(action: Action) -> bool:
        return policy.may(Action.NOTE_PRIVATELY if thread.private else action, work.actor, case.standing)

    return View(
        thread=thread,
        label=target_label(case.questionnaire, thread.kind, thread.target, impacts),
        opened_by=names.get(thread.opened_by, ""),
        assigned_to=names.get(thread.assigned_to or "", ""),
        resolved_by=names.get(thread.resolved_by or "", ""),
        may_reply=thread.resolved_at is None and may(Action.COMMENT),
        may_settle=may(Action.SETTLE_THREAD) and (thread.side == Side.AUTHOR or sees_private(work, case)),
    )
