"""Area figures: imported whole or not at all, kept as editions, and used by every assessment that began with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, cast

from sqlalchemy import String, Table, Text, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from hia_app.domain import policy
from hia_app.domain.areas import Sums, source_words
from hia_app.domain.errors import NotNow, NotVisible
from hia_app.domain.spreads import Fifths
from hia_app.domain.workflow import Action
from hia_app.services.area_files import Checked, Progress, checked
from hia_app.services.reasons import text_given
from hia_app.services.work import NOTHING, Case, Work, record
from hia_app.store.columns import new_id
from hia_app.store.tables import Area as AreaRow
from hia_app.store.tables import AreaEdition, AssessmentVersion

# Rows are made ready outside the transaction, these two columns as text already.
_ROWS = cast(Table, AreaRow.__table__)
_READY = {"counts": bindparam("counts", type_=Text), "national_score": bindparam("national_score", type_=String)}


@dataclass(frozen=True, slots=True)
class Reference:
    """The council's residents by local fifth that ratings are worked out with, and where they come from."""

    residents: Fifths
    source: str


# Reading -------------------------------------------------------------------------------------------------------


def may_manage(work: Work) -> None:
    policy.require(Action.MANAGE_AREAS, work.actor)


def editions(work: Work) -> list[tuple[AreaEdition, int]]:
    """Every edition, newest first, with how many versions of assessments use it; administrators only."""
    may_manage(work)
    used = (
        select(AssessmentVersion.area_edition_id, func.count().label("versions"))
        .group_by(AssessmentVersion.area_edition_id)
        .subquery()
    )
    rows = work.session.execute(
        select(AreaEdition, func.coalesce(used.c.versions, 0))
        .outerjoin(used, used.c.area_edition_id == AreaEdition.id)
        .order_by(AreaEdition.number.desc())
    )
    return [(edition, versions) for edition, versions in rows]


def current(work: Work) -> AreaEdition | None:
    """The edition that new assessments begin with, None before the first import."""
    return work.session.scalar(select(AreaEdition).where(AreaEdition.current))


def source_of(edition: AreaEdition) -> str:
    """Source, year and licence in the words printed wherever a figure appears."""
    return source_words(edition.source, edition.year, edition.licence)


def reference(work: Work, case: Case) -> Reference:
    """The residents by fifth for this version: from its area figures, else from the settings."""
    edition = case.version.area_edition
    if edition is not None:
        residents = Sums.from_json(edition.sums).fifths("residents")
        if all(residents):  # fewer than five areas have no fifths
            return Reference(residents, source_of(edition))
    return Reference(work.settings.reference_population, work.settings.reference_population_source)


# Importing -----------------------------------------------------------------------------------------------------


def import_file(
    work: Work,
    file: IO[bytes],
    *,
    source: str,
    year: str,
    licence: str,
    edition_id: str | None = None,
    progress: Progress = lambda done, rows: None,
) -> AreaEdition:
    """Check a file and keep it as the new current edition; raises InvalidInput, or FaultyFile with every problem.

    The transaction of `work` does nothing before the file is checked. The same `edition_id` again gives what it made.
    """
    may_manage(work)
    words = words_given(source, year, licence)
    with checked(file, progress) as table:
        return keep(work, table, words, edition_id or new_id(), progress)


def words_given(source: str, year: str, licence: str) -> dict[str, str]:
    """Where the figures come from, as it is printed wherever one appears; raises InvalidInput."""
    return {
        "source": text_given(source, field="source", characters=300, ask="Say where the figures come from"),
        "year": text_given(year, field="year", characters=100, ask="Say which years the figures are from"),
        "licence": text_given(licence, field="licence", characters=600, ask="Say under which licence they are used"),
    }


def keep(
    work: Work,
    table: Checked,
    words: dict[str, str],
    edition_id: str,
    progress: Progress = lambda done, rows: None,
) -> AreaEdition:
    """Write a checked file as the new current edition, in the one transaction of `work`: all of it or nothing."""
    may_manage(work)
    existing = work.session.get(AreaEdition, edition_id)
    if existing is not None:
        return existing
    edition = _new_edition(work, edition_id, words, table.sums)
    statement = insert(_ROWS).values(edition_id=edition_id, **_READY)
    stored = 0
    for batch in table.batches():
        work.session.connection().execute(statement, batch)
        stored += len(batch)
        progress("stored", stored)
    _set_current(work, edition)
    record(work, "import_areas", subject=_name(edition), detail={**words, "edition": edition_id, "areas": stored})
    return edition


def make_current(work: Work, edition_id: str) -> AreaEdition:
    """Let new assessments begin with an earlier edition; those under way keep theirs."""
    may_manage(work)
    edition = work.session.get(AreaEdition, edition_id)
    if edition is None:
        raise NotVisible(NOTHING)
    if not edition.current:
        _set_current(work, edition)
        record(work, "choose_current_areas", subject=_name(edition), detail={"edition": edition.id})
    return edition


def _new_edition(work: Work, key: str, words: dict[str, str], sums: Sums) -> AreaEdition:
    edition = AreaEdition(
        id=key,
        number=(work.session.scalar(select(func.max(AreaEdition.number))) or 0) + 1,
        sums=sums.to_json(),
        imported_by=work.actor.person_id or None,
        imported_at=work.now,
        **words,
    )
    try:
        with work.session.begin_nested():
            work.session.add(edition)
    except IntegrityError:
        raise NotNow("Somebody else is importing area figures at this moment. Try again.") from None
    return edition


def _set_current(work: Work, edition: AreaEdition) -> None:
    # First none, then this one: there is never a moment with two.
    work.session.execute(update(AreaEdition).where(AreaEdition.current).values(current=False))
    edition.current = True
    work.session.flush()


def _name(edition: AreaEdition) -> str:
    return f"Area figures, edition {edition.number}"
