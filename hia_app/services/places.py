"""The small areas chosen in an assessment: found, summed up, and checked against its edition of area figures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, or_, select

from hia_app.domain.areas import Area, Places, Sums, sum_up
from hia_app.domain.questionnaire import Questionnaire
from hia_app.services import areas
from hia_app.services.work import Case, Work, record
from hia_app.store.tables import Answer, AreaEdition
from hia_app.store.tables import Area as AreaRow

MOST_FOUND = 1_000  # areas on one page of a search


def chosen(work: Work, case: Case) -> Places | None:
    """What the places chosen in this assessment say; None without area figures or without places."""
    edition = case.version.area_edition
    if edition is None:
        return None
    rows = work.session.execute(
        select(Answer.question_id, Answer.value).where(
            Answer.version_id == case.version.id, Answer.question_id.in_(place_questions(case.questionnaire))
        )
    )
    return of_codes(work, edition, codes_in(value for _, value in rows))


def of_codes(work: Work, edition: AreaEdition, codes: Collection[str]) -> Places | None:
    """These areas summed up; None without any that the edition knows. One query."""
    found = of_edition(work, edition, codes)
    if not found:
        return None
    known = tuple(area.code for area in found)
    return Places(known, sum_up(found), Sums.from_json(edition.sums), areas.source_of(edition))


def of_edition(work: Work, edition: AreaEdition, codes: Collection[str]) -> list[Area]:
    """The areas of an edition with these codes, by ward and name."""
    if not codes:
        return []
    rows = work.session.scalars(
        select(AreaRow)
        .where(AreaRow.edition_id == edition.id, AreaRow.code.in_(codes))
        .order_by(AreaRow.ward_name, AreaRow.name, AreaRow.code)
    )
    return [area_of(row) for row in rows]


def area_of(row: AreaRow) -> Area:
    """A stored area as the domain sees it."""
    return Area(
        row.code,
        row.name,
        row.ward_code,
        row.ward_name,
        row.national_rank,
        row.national_tenth,
        row.counts,
        row.national_score,
        row.local_fifth,
        row.local_tenth,
    )


def search(work: Work, edition: AreaEdition, words: str, most: int = MOST_FOUND) -> tuple[list[Area], int]:
    """The areas whose ward, name or code has every word, with how many there are; without words all."""
    found = select(AreaRow).where(AreaRow.edition_id == edition.id)
    for word in words.lower().split()[:6]:
        found = found.where(
            or_(
                func.lower(AreaRow.ward_name).contains(word, autoescape=True),
                func.lower(AreaRow.name).contains(word, autoescape=True),
                func.lower(AreaRow.code).contains(word, autoescape=True),
                func.lower(AreaRow.ward_code).contains(word, autoescape=True),
            )
        )
    total = work.session.scalar(found.with_only_columns(func.count())) or 0
    ordered = found.order_by(AreaRow.ward_name, AreaRow.name, AreaRow.code).limit(most)
    return [area_of(row) for row in work.session.scalars(ordered)], total


def of_wards(work: Work, edition: AreaEdition, wards: Collection[str]) -> list[str]:
    """The codes of all areas of these wards."""
    if not wards:
        return []
    mine = select(AreaRow.code).where(AreaRow.edition_id == edition.id, AreaRow.ward_code.in_(wards))
    return list(work.session.scalars(mine.order_by(AreaRow.code)))


def unknown(work: Work, edition: AreaEdition, codes: Sequence[str]) -> list[str]:
    """Those of the codes that the edition does not have, in the order given."""
    known = set(
        work.session.scalars(select(AreaRow.code).where(AreaRow.edition_id == edition.id, AreaRow.code.in_(codes)))
    )
    return [code for code in codes if code not in known]


def adopt(work: Work, case: Case) -> AreaEdition | None:
    """The edition of this version; one that began before any import takes the current one when it names areas."""
    edition = case.version.area_edition
    if edition is None and (edition := areas.current(work)) is not None:
        case.version.area_edition = edition
        record(work, "use_area_figures", case, detail={"edition": edition.id, "number": edition.number})
    return edition


def place_questions(questionnaire: Questionnaire) -> tuple[str, ...]:
    return tuple(question.id for question in questionnaire.questions if question.type == "place")


def codes_in(values: Iterable[Mapping[str, Any] | None]) -> list[str]:
    """The codes in answers to places questions, each once."""
    return list(dict.fromkeys(code for value in values if value for code in value["areas"]))


def unknown_words(codes: Sequence[str], edition: AreaEdition) -> str:
    """What the page says about codes that are not in the area figures."""
    shown = ", ".join(codes[:10]) + (f" and {len(codes) - 10:,} more" if len(codes) > 10 else "")
    one = "This code is" if len(codes) == 1 else "These codes are"
    return f"{one} not in our area figures ({edition.source}, {edition.year}): {shown}"
