"""The council's library of indicators: administrators keep it in editions; officers take figures from it.

Administrators never touch an assessment here: what an officer took stays as it was, with the number of its edition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hia_app.domain import policy
from hia_app.domain.answers import parse
from hia_app.domain.errors import InvalidInput, NotNow, NotVisible
from hia_app.domain.questionnaire import Question
from hia_app.domain.workflow import Action
from hia_app.services.assessments import form_key
from hia_app.services.reasons import text_given
from hia_app.services.work import NOTHING, Work, record
from hia_app.store.columns import new_id
from hia_app.store.tables import IndicatorEdition, LibraryIndicator

STEPS = (5, 10)
FIGURES = "figures"
"""The name of the fields with the figures."""
SAID = ("owner", "definition", "licence")
_NEEDED = {
    "title": "Say what is measured",
    "unit": "Give the unit, such as %",
    "period": "Give the year or period",
    "area": "Say which area the figures are about",
    "source": "Say where the figures come from",
    "kind": "Say what kind of figure it is",
}
Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """An indicator with its newest edition."""

    indicator: LibraryIndicator
    edition: IndicatorEdition


def figures_question(quantiles: int) -> Question:
    """The figures are typed, pasted and sent as they are in an assessment, and read by the same parser."""
    steps = "tenth" if quantiles == 10 else "fifth"
    return Question(id=FIGURES, type="indicator", text=f"The figures by {steps}", quantiles=quantiles, required=True)


# Reading -------------------------------------------------------------------------------------------------------


def may_manage(work: Work) -> None:
    policy.require(Action.MANAGE_INDICATORS, work.actor)


def listed(work: Work) -> list[Kept]:
    """Every indicator with its newest edition, those in use first, by name; one query."""
    may_manage(work)
    return _newest(work)


def read(work: Work, indicator_id: str) -> tuple[Kept, list[IndicatorEdition]]:
    """One indicator with all its editions, newest first; raises NotVisible."""
    may_manage(work)
    editions = work.session.scalars(
        select(IndicatorEdition)
        .where(IndicatorEdition.indicator_id == indicator_id)
        .order_by(IndicatorEdition.number.desc())
    ).all()
    indicator = work.session.get(LibraryIndicator, indicator_id) if editions else None
    if indicator is None:
        raise NotVisible(NOTHING)
    return Kept(indicator, editions[0]), list(editions)


def on_offer(work: Work, quantiles: int) -> list[Kept]:
    """What an officer may take for a question by fifth or by tenth. Who may ask is decided by whoever calls."""
    return [kept for kept in _newest(work) if kept.indicator.quantiles == quantiles and not kept.indicator.retired_at]


def newest_numbers(work: Work, values: Mapping[str, Any]) -> dict[str, LibraryIndicator]:
    """By id the indicators that these answers were taken from; no query where none was."""
    ids = {
        value["library"]["indicator"]
        for value in values.values()
        if isinstance(value, dict) and isinstance(value.get("library"), dict)
    }
    if not ids:
        return {}
    rows = work.session.scalars(select(LibraryIndicator).where(LibraryIndicator.id.in_(ids)))
    return {row.id: row for row in rows}


def _newest(work: Work) -> list[Kept]:
    rows = work.session.execute(
        select(LibraryIndicator, IndicatorEdition)
        .join(IndicatorEdition, IndicatorEdition.indicator_id == LibraryIndicator.id)
        .where(IndicatorEdition.number == LibraryIndicator.editions)
    )
    found = [Kept(indicator, edition) for indicator, edition in rows]
    return sorted(found, key=lambda kept: (kept.indicator.retired_at is not None, kept.edition.title.casefold(),
                                           kept.indicator.id))  # fmt: skip


# Keeping -------------------------------------------------------------------------------------------------------


def add(work: Work, form_id: str, quantiles: int, form: Form) -> LibraryIndicator:
    """A new indicator with its first edition; the same `form_id` again gives what it made. Raises InvalidInput."""
    may_manage(work)
    key = form_key(form_id)
    existing = work.session.get(LibraryIndicator, key)
    if existing is not None:
        return existing
    if quantiles not in STEPS:
        raise InvalidInput({"steps": "Choose fifths or tenths"})
    said, value = _checked(quantiles, form)
    row = LibraryIndicator(id=key, quantiles=quantiles, editions=0, added_by=work.actor.person_id or None,
                           added_at=work.now)  # fmt: skip
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:  # the same form was sent twice in the same moment
        return work.session.get_one(LibraryIndicator, key)
    edition = _edition(work, row, said, value)
    record(work, "add_indicator", subject=_name(edition), detail={"indicator": row.id, "edition": edition.id})
    return row


def revise(work: Work, indicator_id: str, number: int, form: Form) -> LibraryIndicator:
    """The next edition; none where nothing differs. `number` is the edition that the page had shown."""
    kept, _ = read(work, indicator_id)
    row = work.session.get_one(LibraryIndicator, indicator_id, with_for_update=True, populate_existing=True)
    if row.retired_at is not None:
        raise NotNow("This indicator is retired.")
    said, value = _checked(row.quantiles, form)
    newest = kept.edition
    if number != row.editions:
        raise NotNow(f"Somebody else has added edition {row.editions} in between. Look at it, then change that one.")
    if value == newest.value and all(said[name] == getattr(newest, name) for name in SAID):
        return row
    edition = _edition(work, row, said, value)
    record(work, "revise_indicator", subject=_name(edition), detail={"indicator": row.id, "edition": edition.id})
    return row


def retire(work: Work, indicator_id: str) -> None:
    """Offer it no more. Its editions stay, and so do the assessments that took figures from it."""
    kept, _ = read(work, indicator_id)
    if kept.indicator.retired_at is None:
        kept.indicator.retired_at = work.now
        record(work, "retire_indicator", subject=_name(kept.edition), detail={"indicator": indicator_id})


def _edition(work: Work, row: LibraryIndicator, said: Mapping[str, str], value: dict[str, Any]) -> IndicatorEdition:
    row.editions += 1
    edition = IndicatorEdition(
        id=new_id(),
        indicator_id=row.id,
        number=row.editions,
        title=value["title"],
        value=value,
        added_by=work.actor.person_id or None,
        added_at=work.now,
        **said,
    )
    try:
        with work.session.begin_nested():
            work.session.add(edition)
    except IntegrityError:
        raise NotNow("Somebody else is adding an edition at this moment. Try again.") from None
    return edition


def _checked(quantiles: int, form: Form) -> tuple[dict[str, str], dict[str, Any]]:
    """What is said of the indicator, and its figures; raises InvalidInput with every problem."""
    messages: dict[str, str] = {}
    said: dict[str, str] = {}
    asked = {
        "owner": ("Name the person or team who keeps it up to date", 200, False),
        "definition": ("Say what exactly is counted, and how", 4_000, True),
        "licence": ("Say under which licence the figures are used", 600, True),
    }
    for name, (ask, characters, lines) in asked.items():
        text = (form.get(name) or [""])[0]
        try:
            said[name] = text_given(text, field=name, characters=characters, ask=ask, lines=lines)
        except InvalidInput as invalid:
            messages |= invalid.messages
    value: dict[str, Any] = {}
    try:
        value = parse(figures_question(quantiles), form) or {}
    except InvalidInput as invalid:
        messages |= invalid.messages
    else:
        messages |= {f"{FIGURES}-{name}": ask for name, ask in _NEEDED.items() if not value.get(name)}
        if not any(value.get("values", ())):
            messages[f"{FIGURES}-value-1"] = "Give at least one value"
    if messages:
        raise InvalidInput(messages)
    return said, value


def _name(edition: IndicatorEdition) -> str:
    return f"{edition.title[:170]}, edition {edition.number}"
