"""Choosing small areas for a places question: found by ward, name or code, ticked or pasted, kept as its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import func, select

from hia_app.domain import policy, typed
from hia_app.domain.areas import Area, Block, Places, Sums, sum_up
from hia_app.domain.errors import InvalidInput, NotVisible
from hia_app.domain.questionnaire import Question, Section
from hia_app.domain.typed import Unclear
from hia_app.domain.workflow import Action
from hia_app.services import answers, areas, places
from hia_app.services.work import NOTHING, Case, Work, allow
from hia_app.store.tables import Answer, AreaEdition
from hia_app.store.tables import Area as AreaRow

PASTED = "pasted"
MOST_TOLD = 1_000  # codes looked up in a list that is refused anyway


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward among those found, with the areas of it that were found; `size` and `chosen` count all of its areas."""

    code: str
    name: str
    size: int
    chosen: int
    areas: tuple[Area, ...]

    @property
    def whole(self) -> bool:
        return self.chosen == self.size


@dataclass(frozen=True, slots=True)
class Ticks:
    """What somebody ticked on a page that showed what the words find.

    Where scripts ran, the areas say it all and `wards` is None. Without, ticking a ward adds all of it, and unticking
    a whole one takes it out.
    """

    words: str = ""
    areas: frozenset[str] = frozenset()
    wards: frozenset[str] | None = frozenset()
    pasted: str = ""
    take_out: str = ""  # the code of a ward, or "all"
    whole: frozenset[str] | None = None  # the wards the page drew as whole; None: those that are saved as whole


@dataclass(frozen=True, slots=True)
class Choosing:
    """One places question: what is found, what is chosen, and who lives there."""

    case: Case
    section: Section
    question: Question
    row: Answer | None
    edition: AreaEdition
    may_change: bool
    words: str
    found: tuple[Ward, ...]
    matches: int
    shown: int
    chosen: tuple[Area, ...]
    unknown: tuple[str, ...] = field(default=())

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(area.code for area in self.chosen)

    @property
    def chosen_wards(self) -> dict[str, list[Area]]:
        """The chosen areas by the name of their ward."""
        wards: dict[str, list[Area]] = {}
        for area in self.chosen:
            wards.setdefault(area.ward_name, []).append(area)
        return wards

    @property
    def places(self) -> Places:
        return self.of(self.chosen)

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self.places.blocks()

    def of(self, chosen: Sequence[Area]) -> Places:
        """What these areas would say."""
        codes = tuple(area.code for area in chosen)
        return Places(codes, sum_up(chosen), Sums.from_json(self.edition.sums), areas.source_of(self.edition))


def place_question(case: Case, question_id: str) -> tuple[Section, Question]:
    """A places question of this assessment in a section this person reaches; raises NotVisible."""
    question = case.questionnaire.question_by_id.get(question_id)
    if question is None or question.type != "place":
        raise NotVisible(NOTHING)
    _, section = answers.section_of(case, case.questionnaire.section_of[question_id].id)
    return section, question


def choosing(work: Work, case: Case, question_id: str, words: str = "") -> Choosing:
    """The page on which areas are chosen; raises NotVisible where there are no area figures."""
    allow(work, Action.SEE_CONTENT, case)
    section, question = place_question(case, question_id)
    edition = case.version.area_edition or areas.current(work)
    if edition is None:
        raise NotVisible("No area figures have been imported.")
    row = answers.answers_of(work, case).get(question_id)
    stored = row.value["areas"] if row is not None and row.value else []
    chosen = places.of_edition(work, edition, stored)
    found, matches = places.search(work, edition, words)
    known = {area.code for area in chosen}
    may = policy.may(Action.ANSWER, work.actor, case.standing)
    return Choosing(
        case=case,
        section=section,
        question=question,
        row=row,
        edition=edition,
        may_change=may and question_id in answers.open_questions(work, case, section),
        words=words,
        found=_wards(work, edition, found, chosen),
        matches=matches,
        shown=len(found),
        chosen=tuple(chosen),
        unknown=tuple(code for code in stored if code not in known),
    )


def after(work: Work, page: Choosing, ticks: Ticks) -> list[Area]:
    """The areas that would be chosen with these ticks; raises InvalidInput for what was pasted."""
    codes = set(page.codes)
    shown = {area.code for ward in page.found for area in ward.areas}
    codes = (codes - shown) | (ticks.areas & shown)
    if ticks.wards is not None:
        # A page that was refused draws wards as they were ticked, which need not be as they are saved.
        drawn = {ward.code for ward in page.found if ward.whole} if ticks.whole is None else ticks.whole
        added = [ward.code for ward in page.found if ward.code in ticks.wards - drawn]
        dropped = [ward.code for ward in page.found if ward.code in drawn - ticks.wards]
        codes |= set(places.of_wards(work, page.edition, added))
        codes -= set(places.of_wards(work, page.edition, dropped))
    codes |= _pasted(work, page.edition, ticks.pasted)
    if ticks.take_out:
        codes = {area.code for area in page.chosen if ticks.take_out not in ("all", area.ward_code)}
    return places.of_edition(work, page.edition, codes)


def as_ticked(work: Work, page: Choosing, ticks: Ticks) -> Choosing:
    """The page with these ticks on it, for when what was pasted cannot be saved; nothing ticked is lost."""
    chosen = after(work, page, replace(ticks, pasted=""))
    wards = (replace(ward, chosen=sum(area.ward_code == ward.code for area in chosen)) for ward in page.found)
    return replace(page, found=tuple(wards), chosen=tuple(chosen))


def choose(work: Work, page: Choosing, token: str, ticks: Ticks) -> answers.Saved:
    """Keep the areas as the answer, with the words about the places as they are. Raises InvalidInput, Conflict."""
    chosen = after(work, page, ticks)
    name = page.question.id
    stored = page.row.value if page.row is not None and page.row.value else {"description": ""}
    form = {
        f"was:{name}": [token],
        f"{name}-description": [stored["description"]],
        f"{name}-areas": ["\n".join(area.code for area in chosen)],
    }
    return answers.record_answers(work, page.case, page.section.id, form)


def _pasted(work: Work, edition: AreaEdition, text: str) -> set[str]:
    problems = []
    try:
        codes = typed.area_codes(text)
    except Unclear as unclear:
        problems.append(unclear.message)
        codes = typed.clear_area_codes(text)[:MOST_TOLD]
    if wrong := places.unknown(work, edition, codes):
        problems.append(places.unknown_words(wrong, edition))
    if problems:
        raise InvalidInput({PASTED: ". ".join(problems)})
    return set(codes)


def _wards(work: Work, edition: AreaEdition, found: Sequence[Area], chosen: Sequence[Area]) -> tuple[Ward, ...]:
    shown: dict[str, list[Area]] = {}
    for area in found:
        shown.setdefault(area.ward_code, []).append(area)
    taken: dict[str, int] = {}
    for area in chosen:
        taken[area.ward_code] = taken.get(area.ward_code, 0) + 1
    counted = work.session.execute(
        select(AreaRow.ward_code, func.count())
        .where(AreaRow.edition_id == edition.id, AreaRow.ward_code.in_(shown))
        .group_by(AreaRow.ward_code)
    )
    sizes = {code: size for code, size in counted}  # noqa: C416  (rows are not pairs to the type checker)
    return tuple(
        Ward(code, mine[0].ward_name, sizes[code], taken.get(code, 0), tuple(mine)) for code, mine in shown.items()
    )
