"""What was promised in signed-off records: conditions and committed mitigations, followed until they are done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as dataclass_replace
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, func, select, update

from hia_app.domain import policy
from hia_app.domain.errors import Conflict, InvalidInput, NotVisible
from hia_app.domain.policy import Role
from hia_app.domain.promises import CHOICES, STANDING, STATUSES, overdue
from hia_app.domain.report_source import Payload, Source
from hia_app.domain.workflow import Action
from hia_app.services.reasons import reason_given, text_given
from hia_app.services.work import NOTHING, Case, Work, allow, hold, record
from hia_app.store.columns import new_id
from hia_app.store.tables import ActionItem, Assessment, AssessmentVersion, Event, Person, PersonRole

PAGE = 25
EXEMPT = "[exempt]"
LONGEST_NOTE = 2_000
SHELVES: Mapping[str, str] = MappingProxyType({"standing": "To do", "overdue": "Overdue", "ended": "Ended"})


@dataclass(frozen=True, slots=True)
class Promised:
    """One row of the list. Of an exempt impact others than its owner see only that there is something."""

    item: ActionItem
    reference: str
    number: int
    title: str
    text: str
    owner: str
    measure: str
    overdue: bool
    may_update: bool

    @property
    def status(self) -> str:
        return STATUSES[self.item.status]


@dataclass(frozen=True, slots=True)
class Changed:
    """What an owner wants an action to say from now on; `keeper` is a person's id or empty."""

    owner: str
    due: date
    measure: str
    keeper: str
    reason: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a shelf; pages count from 1."""

    shelf: str
    rows: tuple[Promised, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def promise(work: Work, case: Case, source: Source) -> None:
    """Make the actions of a record that is being signed off, from what was frozen and nothing else."""
    exempt = {mark["target"] for mark in source.payload.get("exempt_marks", ()) if mark["kind"] == "impact"}
    for values in (*_conditions(source), *_mitigations(source)):
        work.session.add(
            ActionItem(
                id=new_id(),
                version_id=case.version.id,
                exempt=values["target"] in exempt,
                status="open",
                changed_at=work.now,
                **values,
            )
        )


def replace(work: Work, case: Case) -> None:
    """The actions of a version that a newer one replaces are not followed any more."""
    work.session.execute(
        update(ActionItem)
        .where(ActionItem.version_id == case.version.id, ActionItem.status.in_(STANDING))
        .values(status="replaced", changed_at=work.now, row_version=ActionItem.row_version + 1)
        .execution_options(synchronize_session=False)
    )


def listing(work: Work, shelf: str = "standing", page: int = 1) -> Listing:
    """What was promised everywhere, the earliest date first; two queries, whatever the number."""
    policy.require(Action.SEE_ACTIONS, work.actor)
    shelf = shelf if shelf in SHELVES else "standing"
    total = work.session.scalar(_on(work, shelf, select(func.count(ActionItem.id)))) or 0
    page = min(max(1, page), max(1, -(-total // PAGE)))
    v = AssessmentVersion
    every = select(ActionItem, Assessment.reference, v.number, v.title, v.owner_id, v.state)
    rows = work.session.execute(
        _on(work, shelf, every)
        .select_from(ActionItem)
        .join(v, v.id == ActionItem.version_id)
        .join(Assessment, Assessment.id == v.assessment_id)
        .order_by(ActionItem.due, ActionItem.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return Listing(shelf, tuple(_promised(work, *row) for row in rows), total, page)


def find(work: Work, case: Case, item_id: str) -> ActionItem:
    """One action of this version, for the assessment's owner or who was asked to follow it; raises NotVisible."""
    found = work.session.get(ActionItem, item_id)
    here = found is not None and found.version_id == case.version.id
    keeps = here and found is not None and found.keeper_id == work.actor.person_id
    policy.require(Action.UPDATE_ACTION, work.actor, dataclass_replace(case.standing, keeper=keeps))
    if found is None or not here:
        raise NotVisible(NOTHING)
    return found


def keepers(work: Work, case: Case) -> Sequence[Person]:
    """Who can be asked to follow an action: everybody who can sign in and reads the register."""
    allow(work, Action.CHANGE_ACTION, case)
    return work.session.scalars(
        select(Person)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(Person.disabled_at.is_(None), PersonRole.role != Role.ADMINISTRATOR)
        .distinct()
        .order_by(Person.name, Person.id)
    ).all()


def told(work: Work, case: Case, item: ActionItem) -> Sequence[Event]:
    """What was said about an action since it was promised, the newest first; for whoever may say how it stands."""
    find(work, case, item.id)
    rows = work.session.scalars(
        select(Event)
        .where(
            Event.version_id == case.version.id,
            Event.action.in_((Action.UPDATE_ACTION, Action.CHANGE_ACTION)),
            Event.outcome == "done",
        )
        .order_by(Event.seq.desc())
    )
    return [row for row in rows if row.detail.get("action") == item.id]


def change(work: Work, case: Case, item_id: str, row_version: int, given: Changed) -> ActionItem:
    """Change who does an action, by when or how it is seen, with a reason; the frozen record keeps what was promised.

    Raises InvalidInput, and Conflict when somebody else just changed it.
    """
    allow(work, Action.CHANGE_ACTION, case)
    hold(work, case)
    found = find(work, case, item_id)
    words = reason_given(given.reason, "Say why this changes")
    new = {
        "owner": text_given(given.owner, field="owner", characters=200, ask="Say who does it"),
        "due": given.due,
        "measure": text_given(
            given.measure, field="measure", characters=LONGEST_NOTE, ask="Say how it will be seen", lines=True
        ),
        "keeper_id": given.keeper or None,
    }
    names = {person.id: person.name for person in keepers(work, case)}
    if given.keeper and given.keeper not in names:
        raise InvalidInput({"keeper": "Choose somebody from the list"})
    changed = {name: value for name, value in new.items() if getattr(found, name) != value}
    if not changed:
        return found
    if not _claimed(work, found, row_version):
        raise Conflict(
            "Somebody else changed this action while you were writing.",
            stored={"owner": found.owner, "due": found.due.isoformat(), "measure": found.measure},
            typed={"owner": given.owner, "due": given.due.isoformat(), "measure": given.measure},
        )
    told_of = {
        "keeper" if name == "keeper_id" else name: {"from": _plain(before, names), "to": _plain(value, names)}
        for name, value in changed.items()
        for before in (getattr(found, name),)
    }
    for name, value in changed.items():
        setattr(found, name, value)
    found.changed_by, found.changed_at = work.actor.person_id, work.now
    detail = {"action": found.id, "reason": words, "changed": told_of}
    record(work, Action.CHANGE_ACTION, case, subject=found.name, detail=detail)
    return found


def _plain(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return names.get(value or "", value or "")


def _claimed(work: Work, found: ActionItem, row_version: int) -> bool:
    """Whether nobody else changed it since the form was drawn; from then on nobody else can with an old form."""
    claimed = work.session.scalar(
        update(ActionItem)
        .where(ActionItem.id == found.id, ActionItem.row_version == row_version)
        .values(row_version=row_version + 1)
        .returning(ActionItem.id)
        .execution_options(synchronize_session=False)
    )
    work.session.refresh(found)
    return claimed is not None


def report_status(work: Work, case: Case, item_id: str, row_version: int, status: str, note: str) -> ActionItem:
    """Say how an action stands; to drop one needs a reason. Raises Conflict when somebody else just said so."""
    hold(work, case)
    found = find(work, case, item_id)
    if status not in CHOICES:
        raise InvalidInput({"status": "Choose how it stands"})
    ask = {"dropped": "Say why it is dropped", "done": "Say how it was seen that it is done"}.get(status, "")
    words = text_given(note, field="note", characters=LONGEST_NOTE, ask=ask, lines=True)
    if (found.status, found.note) == (status, words):
        return found
    if not _claimed(work, found, row_version):
        raise Conflict(
            "Somebody else said how this action stands while you were writing.",
            stored={"status": found.status, "note": found.note},
            typed={"status": status, "note": words},
        )
    before = found.status
    found.status, found.note = status, words
    found.changed_by, found.changed_at = work.actor.person_id, work.now
    detail = {"action": found.id, "from": before, "to": status} | ({"reason": words} if words else {})
    record(work, Action.UPDATE_ACTION, case, subject=found.name, detail=detail)
    return found


def _conditions(source: Source) -> Iterator[dict[str, Any]]:
    """The conditions of the round that was concluded last."""
    found = source.payload.get("conditions", ())
    rounds = source.payload["review"]["rounds"]
    newest = max((one["number"] for one in rounds if one["outcome"] == "concluded"), default=0)
    for one in found:
        if one["round"] == newest:
            same = {name: one[name] for name in ("text", "owner", "measure")}
            yield {
                "source": "condition",
                "target": one["id"],
                "name": f"Condition {one['number']}",
                "due": date.fromisoformat(one["due"]),
                "funding": None,
                **same,
            }


def _mitigations(source: Source) -> Iterator[dict[str, Any]]:
    for impact in source.payload["impacts"]:
        if impact["direction"] == "harm" and _committed(impact):
            yield {
                "source": "mitigation",
                "target": impact["id"],
                "name": impact["name"],
                "text": impact["action"],
                "owner": impact["action_owner"],
                "due": date.fromisoformat(impact["due"]),
                "measure": impact["measure"],
                "funding": impact["funding"],
            }


def _committed(impact: Payload) -> bool:
    given = all(impact[name] for name in ("action", "action_owner", "due", "measure"))
    return given and impact["funding"] in {"confirmed", "not_needed"}


def _on(work: Work, shelf: str, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    if shelf == "ended":
        return statement.where(ActionItem.status.not_in(STANDING))
    statement = statement.where(ActionItem.status.in_(STANDING))
    return statement.where(ActionItem.due < work.today) if shelf == "overdue" else statement


def _promised(
    work: Work, item: ActionItem, reference: str, number: int, title: str, owner_id: str, state: str
) -> Promised:
    own = work.actor.person_id in {owner_id, item.keeper_id}
    hidden = item.exempt and not own
    return Promised(
        item=item,
        reference=reference,
        number=number,
        title=title,
        text=EXEMPT if hidden else item.text,
        owner=EXEMPT if hidden else item.owner,
        measure=EXEMPT if hidden else item.measure,
        overdue=overdue(item.status, item.due, work.today),
        may_update=own and state == "signed_off" and item.status != "replaced",
    )
