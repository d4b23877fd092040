"""Recording who gains or loses: saving, copying and removing impacts, and what becomes of suggestions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update

from hia_app.domain import answers as given
from hia_app.domain import impact_form as form
from hia_app.domain import policy
from hia_app.domain.errors import Conflict, InvalidInput, NotNow, NotVisible
from hia_app.domain.impacts import Impact
from hia_app.domain.place_spreads import followed
from hia_app.domain.questionnaire import Questionnaire, Suggestion
from hia_app.domain.workflow import Action
from hia_app.services import areas, dispute_ends, evidence_files, places, points, ratings
from hia_app.services.work import NOTHING, Case, Work, allow, hold, record
from hia_app.store.tables import Countersignature, ImpactLine, SuggestionChoice

MOST = 200  # impacts in one assessment


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded impact: its row, the same as the domain sees it, and what it is called ("I3")."""

    row: ImpactLine
    impact: Impact
    name: str
    countersigned: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggested impact that nobody has accepted or declined yet."""

    key: str  # "<question>.<suggestion>"
    question_id: str
    section_id: str
    suggestion: Suggestion


def lines_of(work: Work, case: Case) -> list[Recorded]:
    """The impacts of a version, oldest first; one query."""
    signed = (
        select(func.max(Countersignature.impact_row_version))
        .where(Countersignature.impact_id == ImpactLine.id, Countersignature.cleared_at.is_(None))
        .scalar_subquery()
    )
    rows = work.session.execute(
        select(ImpactLine, signed)
        .where(ImpactLine.version_id == case.version.id, ImpactLine.removed_at.is_(None))
        .order_by(ImpactLine.number)
    )
    return [_recorded(case.questionnaire, row, version == row.row_version) for row, version in rows]


def find(work: Work, case: Case, impact_id: str) -> Recorded:
    """One impact of this version in a section this person reaches; raises NotVisible."""
    allow(work, Action.SEE_CONTENT, case)
    found = next((line for line in lines_of(work, case) if line.row.id == impact_id), None)
    if found is None:
        raise NotVisible(NOTHING)
    if case.standing.contributor and not case.standing.owner:
        policy.require_section(found.row.section_id, case.standing)
    return found


def save(
    work: Work, case: Case, impact_id: str, section_id: str, row_version: int, raw: form.Raw, steps: Sequence[str]
) -> ImpactLine:
    """Save some steps of an impact; version 0 records a new one under the id its form was given.

    So a double click makes one impact. Raises InvalidInput, or Conflict when somebody else saved it meanwhile.
    """
    row = work.session.get(ImpactLine, impact_id)
    if row is None and row_version == 0:
        return _add(work, case, section_id, impact_id, raw, steps)
    found = find(work, case, impact_id)
    row = found.row
    _may_record(work, case, row.section_id, row)
    values = form.parse(steps, raw, _context(work, case, row))
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed and not row.to_confirm:
        return row
    if not _claim(work, row, row_version):
        raise Conflict(
            "Somebody else changed this impact while you had it open.",
            stored=form.form_values({name: getattr(row, name) for name in values}),
            typed=form.form_values(values),
        )
    _fill(work, row, values)
    row.to_confirm = False
    _clear_countersignature(work, case, found)
    dispute_ends.end(work, case, row.id, found.name, "changed", changed)
    _keep(work, case, row, "change_impact", fields=sorted(changed))
    return row


def _add(work: Work, case: Case, section_id: str, impact_id: str, raw: form.Raw, steps: Sequence[str]) -> ImpactLine:
    _may_record(work, case, section_id, None)
    row = _blank(work, case, section_id, impact_id)
    _fill(work, row, form.parse(steps, raw, _context(work, case, row)))
    _keep(work, case, row, "add_impact")
    return row


def _claim(work: Work, row: ImpactLine, row_version: int) -> bool:
    """Take the next row version; False when the form was filled in on an older one."""
    claimed = work.session.scalar(
        update(ImpactLine)
        .where(ImpactLine.id == row.id, ImpactLine.row_version == row_version)
        .values(row_version=row_version + 1)
        .returning(ImpactLine.id)
        .execution_options(synchronize_session=False)
    )
    work.session.refresh(row, ["row_version"])
    return claimed is not None


def copy(work: Work, case: Case, impact_id: str, copy_id: str) -> ImpactLine:
    """A second impact like this one, to change one thing in it."""
    existing = work.session.get(ImpactLine, copy_id)
    if existing is not None and existing.version_id == case.version.id:
        return existing
    source = find(work, case, impact_id).row
    _may_record(work, case, source.section_id, None)
    row = _blank(work, case, source.section_id, copy_id)
    for name in (*form.COLUMNS, "people_per_home"):
        setattr(row, name, getattr(source, name))
    _keep(work, case, row, "copy_impact", source=name_of(source))
    return row


def remove(work: Work, case: Case, impact_id: str, row_version: int) -> None:
    """Take an impact out of the rating; its text stays in the database."""
    found = find(work, case, impact_id)
    _may_record(work, case, found.row.section_id, found.row)
    if not _claim(work, found.row, row_version):
        raise Conflict("Somebody else changed this impact while you had it open.", stored={}, typed={})
    found.row.removed_at = work.now
    evidence_files.leave_with(work, case, impact_id)
    for choice in work.session.scalars(select(SuggestionChoice).where(SuggestionChoice.impact_id == impact_id)):
        work.session.delete(choice)  # the suggestion is offered again
    _clear_countersignature(work, case, found)
    dispute_ends.end(work, case, impact_id, found.name, "removed")
    record(work, "remove_impact", case, subject=name_of(found.row))
    ratings.refresh(work, case)


def follow_places(work: Work, case: Case) -> None:
    """Work out again what rests on the chosen places, because they changed; what it was countersigned for has gone."""
    chosen = places.chosen(work, case)
    for found in lines_of(work, case):
        new = followed({name: getattr(found.row, name) for name in form.COLUMNS}, chosen)
        changed = {name: value for name, value in new.items() if getattr(found.row, name) != value}
        if changed:
            for name, value in changed.items():
                setattr(found.row, name, value)
            found.row.row_version += 1
            _clear_countersignature(work, case, found)
            record(work, "follow_places", case, subject=found.name, detail={"fields": sorted(changed)})


def offers(work: Work, case: Case, answers: Mapping[str, Any]) -> list[Offer]:
    """Suggested impacts that the answers call for and nobody has dealt with; one query."""
    chosen = set(
        work.session.scalars(select(SuggestionChoice.suggestion).where(SuggestionChoice.version_id == case.version.id))
    )
    found = []
    for one in given.suggested(case.questionnaire, answers):
        key = f"{one.question_id}.{one.suggestion.id}"
        if key not in chosen:
            found.append(Offer(key, one.question_id, one.section.id, one.suggestion))
    return found


def accept(work: Work, case: Case, key: str, impact_id: str) -> ImpactLine:
    """Record a suggested impact, filled in but for its size; accepting twice gives the same one."""
    offer, choice = _offer(work, case, key)
    if choice is not None and choice.impact_id:
        row = work.session.get(ImpactLine, choice.impact_id)
        if row is not None and row.removed_at is None:
            return row
    _may_record(work, case, offer.section_id, None)
    row = _blank(work, case, offer.section_id, impact_id)
    suggestion = offer.suggestion
    row.direction, row.groups, row.evidence = suggestion.direction, list(suggestion.groups), list(suggestion.evidence)
    row.because, row.effect, row.pathway = suggestion.because, suggestion.effect, suggestion.pathway
    row.suggested_by = key
    _keep(work, case, row, "accept_suggestion")
    _choose(work, case, key, choice, outcome="accepted", impact_id=row.id)
    return row


def offered(work: Work, case: Case, key: str) -> Offer:
    """One suggestion by its key, in a section this person reaches; raises NotVisible."""
    allow(work, Action.SEE_CONTENT, case)
    offer, _ = _offer(work, case, key)
    if case.standing.contributor and not case.standing.owner:
        policy.require_section(offer.section_id, case.standing)
    return offer


def decline(work: Work, case: Case, key: str, reason: str) -> None:
    """Say why a suggested impact does not apply."""
    offer, choice = _offer(work, case, key)
    _may_record(work, case, offer.section_id, None)
    if choice is not None and choice.outcome == "accepted":
        raise NotNow("This suggestion has already been accepted; remove the impact instead.")
    reason = form.reason(reason)
    _choose(work, case, key, choice, outcome="declined", reason=reason)
    record(work, "decline_suggestion", case, subject=offer.suggestion.effect[:200], detail={"reason": reason})


def impact_of(questionnaire: Questionnaire, row: ImpactLine, countersigned: bool) -> Impact:
    """A row as the domain sees it."""
    return _recorded(questionnaire, row, countersigned).impact


def name_of(row: ImpactLine) -> str:
    """What people call an impact within its version."""
    return f"I{row.number}"


def _recorded(questionnaire: Questionnaire, row: ImpactLine, countersigned: bool) -> Recorded:
    section = questionnaire.section_by_id.get(row.section_id)
    values = {name: getattr(row, name) for name in (*form.COLUMNS, "people_per_home")}
    impact = form.impact(
        name_of(row), row.section_id, section.principle if section else None, values, countersigned=countersigned
    )
    return Recorded(row, impact, name_of(row), countersigned)


def _may_record(work: Work, case: Case, section_id: str, row: ImpactLine | None) -> None:
    allow(work, Action.RECORD_IMPACT, case)
    hold(work, case)
    section = case.questionnaire.section_by_id.get(section_id)
    if section is None or not section.impacts:
        raise NotVisible(NOTHING)
    policy.require_section(section_id, case.standing)
    reopened = points.reopened_in(case, points.latest_points(work, case))
    open_now = reopened.impact(row.id, section_id) if row is not None else reopened.section(section_id)
    if not open_now:
        raise NotNow("This part was not returned to you, so it stays as the reviewer saw it.")


def _blank(work: Work, case: Case, section_id: str, impact_id: str) -> ImpactLine:
    number = case.version.next_impact
    if number > MOST:
        raise InvalidInput({"impact": f"An assessment holds at most {MOST} impacts. Combine some that are alike."})
    case.version.next_impact = number + 1
    return ImpactLine(
        id=impact_id,
        version_id=case.version.id,
        number=number,
        section_id=section_id,
        direction="harm",
        groups=[],
        evidence=[],
        reach_unit="people",
        people_per_home=work.people_per_home,
        because="",
        effect="",
        pathway="",
        changed_by=work.actor.person_id,
        changed_at=work.now,
        row_version=1,
    )


def _context(work: Work, case: Case, row: ImpactLine) -> form.Context:
    return form.Context(
        groups=frozenset(case.questionnaire.group_by_id),
        evidence=frozenset(case.questionnaire.evidence_by_id),
        reference_population=areas.reference(work, case).residents,
        places=places.chosen(work, case),
        before={name: getattr(row, name) for name in form.COLUMNS},
    )


def _fill(work: Work, row: ImpactLine, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_by, row.changed_at = work.actor.person_id, work.now


def _keep(work: Work, case: Case, row: ImpactLine, action: str, **detail: Any) -> None:
    work.session.add(row)
    work.session.flush()
    record(work, action, case, subject=name_of(row), detail=detail)
    ratings.refresh(work, case)


def _clear_countersignature(work: Work, case: Case, found: Recorded) -> None:
    for signature in work.session.scalars(
        select(Countersignature).where(
            Countersignature.impact_id == found.row.id, Countersignature.cleared_at.is_(None)
        )
    ):
        signature.cleared_at = work.now
        record(work, "clear_countersignature", case, subject=found.name)


def _offer(work: Work, case: Case, key: str) -> tuple[Offer, SuggestionChoice | None]:
    question_id, _, suggestion_id = key.partition(".")
    question = case.questionnaire.question_by_id.get(question_id)
    suggestion = next((s for s in question.suggests if s.id == suggestion_id), None) if question else None
    if suggestion is None:
        raise NotVisible(NOTHING)
    offer = Offer(key, question_id, case.questionnaire.section_of[question_id].id, suggestion)
    choice = work.session.scalar(
        select(SuggestionChoice).where(
            SuggestionChoice.version_id == case.version.id, SuggestionChoice.suggestion == key
        )
    )
    return offer, choice


def _choose(work: Work, case: Case, key: str, choice: SuggestionChoice | None, **values: Any) -> None:
    if choice is None:
        choice = SuggestionChoice(version_id=case.version.id, suggestion=key)
        work.session.add(choice)
    for name, value in {"chosen_by": work.actor.person_id, "chosen_at": work.now, **values}.items():
        setattr(choice, name, value)
