"""What the impact form shows: choices in plain words, what matters here first, and what is stored."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from hia_app.domain import impact_form as form
from hia_app.domain import impacts as domain
from hia_app.domain import policy
from hia_app.domain.areas import Places
from hia_app.domain.errors import NotVisible
from hia_app.domain.method import FIFTH_NAMES
from hia_app.domain.questionnaire import Group, Section
from hia_app.domain.spreads import FROM_PLACES, SPREAD_PRESETS
from hia_app.domain.workflow import Action
from hia_app.services import answers, areas, impacts, places, ratings
from hia_app.services.work import LONDON, NOTHING, Case, Work, allow
from hia_app.store.tables import ImpactLine

Choice = tuple[str, str, str]

DIRECTIONS = (
    ("benefit", "They gain", "Better health, more money, safer, a home, more say"),
    ("harm", "They lose", "Worse health, cost, disruption, a lost home or service, less say"),
    ("not_known", "We do not know", "A respectable answer. You will be asked who will find out and by when"),
)
MAGNITUDES = {
    "harm": (
        ("minor", "A nuisance", "Noticeable, but short or easily put right"),
        ("moderate", "A year or more of worse health or security", "Or it keeps coming back"),
        ("major", "Serious", "Serious illness or injury, a lost home, destitution, or no way back"),
    ),
    "benefit": (
        ("minor", "A small help", "Noticeable, but short, or small in daily life"),
        ("moderate", "A year or more of better health or security", "They would miss it if it stopped"),
        ("major", "Life-changing", "Prevents serious illness or injury, gives a home or a way out of destitution"),
    ),
}
LIKELIHOODS = (
    ("unlikely", "Unlikely", "About 1 in 10: it would surprise us"),
    ("possible", "Possible", "About 1 in 3: it could well happen, but more likely not"),
    ("likely", "Likely", "About 2 in 3: more likely than not"),
    ("almost_certain", "Almost certain", "About 9 in 10: it would surprise us if it did not"),
)
DURATIONS = (
    ("short", "Less than a year", ""),
    ("medium", "One to five years", ""),
    ("long", "More than five years, or for life", ""),
)
CONFIDENCES = (
    ("high", "High", "Good local figures, or strong research about people like these"),
    ("medium", "Medium", "Some figures or research, or experience from a scheme like this"),
    ("low", "Low", "Mostly judgement. Say who will find out more, and by when"),
)
FUNDINGS = (
    ("confirmed", "Confirmed", "The money is in a budget that has been agreed"),
    ("not_needed", "Not needed", "It costs nothing extra"),
    ("not_confirmed", "Not confirmed yet", "The action does not count as committed until it is"),
)


def sums_words(impact: domain.Impact) -> str:
    """How homes became people, and the scheme against the need."""
    return ". ".join(part for part in (domain.conversion_words(impact), domain.scale_words(impact)) if part)


def typed(raw: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """A posted form as the templates take it: one text a field, a list where several may be chosen."""
    return {
        name: list(values) if name in {"groups", "evidence"} else (values[0] if values else "")
        for name, values in raw.items()
    }


@dataclass(frozen=True)
class ImpactPage:
    """One impact, stored or about to be, and the steps asked on this page."""

    case: Case
    section: Section
    impact_id: str
    line: impacts.Recorded | None
    asked: tuple[form.Step, ...]
    affected: frozenset[str]
    reference_population: Sequence[int]
    people_per_home: Any
    clock: str
    places: Places | None = None
    figures: bool = False  # whether area figures have been imported at all

    @classmethod
    def of(cls, work: Work, case: Case, impact_id: str, section_id: str, asked: tuple[form.Step, ...]) -> ImpactPage:
        """The page of a stored impact, or of a new one in `section_id`; raises NotVisible."""
        allow(work, Action.SEE_CONTENT, case)
        line = next((one for one in impacts.lines_of(work, case) if one.row.id == impact_id), None)
        section = case.questionnaire.section_by_id.get(line.row.section_id if line else section_id)
        if section is None or not section.impacts:
            raise NotVisible(NOTHING)
        if line is None:
            allow(work, Action.RECORD_IMPACT, case)
        if case.standing.contributor and not case.standing.owner:
            policy.require_section(section.id, case.standing)
        return cls(
            case,
            section,
            impact_id,
            line,
            asked,
            _affected(work, case),
            areas.reference(work, case).residents,
            work.people_per_home,
            f"{work.now.astimezone(LONDON):%H:%M}",
            places.chosen(work, case),
            case.version.area_edition is not None or areas.current(work) is not None,
        )

    @property
    def whole(self) -> bool:
        return len(self.asked) > 1

    @property
    def direction(self) -> str:
        return self.line.row.direction if self.line else ""

    @property
    def row_version(self) -> int:
        return self.line.row.row_version if self.line else 0

    @property
    def lead(self) -> Sequence[Group]:
        """Groups marked as affected on "People and places": they are offered first."""
        return [group for group in self.case.questionnaire.groups if group.id in self.affected]

    @property
    def others(self) -> Sequence[Group]:
        return [group for group in self.case.questionnaire.groups if group.id not in self.affected]

    @property
    def steps(self) -> tuple[form.Step, ...]:
        """The steps of the way through the form, for people without scripts."""
        return form.steps_for(self.direction)

    directions = DIRECTIONS
    likelihoods = LIKELIHOODS
    durations = DURATIONS
    confidences = CONFIDENCES
    fundings = FUNDINGS
    fifth_names = FIFTH_NAMES

    @property
    def spreads(self) -> Sequence[tuple[str, str, str]]:
        """Ways to say where people live; the chosen places are offered where there are any."""
        return [
            (preset.kind, preset.label, preset.hint)
            for preset in SPREAD_PRESETS
            if preset.kind != FROM_PLACES or self.places or (self.line and self.line.row.spread_kind == FROM_PLACES)
        ]

    @property
    def bases(self) -> Sequence[tuple[str, str]]:
        """Whom the people are a part of, with how many of them live in the chosen places."""
        found = self.places.bases if self.places else ()
        return [(one.id, f"{one.label[:1].upper()}{one.label[1:]}: {one.total:,}") for one in found if one.total]

    @property
    def places_question(self) -> str:
        """The first question about places, to lead people there."""
        return next(iter(places.place_questions(self.case.questionnaire)), "")

    @property
    def card_options(self) -> tuple[list[Choice], list[Choice]]:
        """Evidence cards of this section's questions, and all others; finding, strength and source are the hint."""
        asked_here = {card for question in self.section.questions for card in question.evidence}
        here: list[Choice] = []
        elsewhere: list[Choice] = []
        for card in self.case.questionnaire.evidence:
            choice = (card.id, card.title, f"{card.finding} ({card.strength} evidence; {card.source})")
            (here if card.id in asked_here else elsewhere).append(choice)
        return here, elsewhere

    def magnitudes_both(self) -> Sequence[tuple[str, str, str]]:
        """The three sizes where it is not yet said whether people gain or lose."""
        pairs = zip(MAGNITUDES["harm"], MAGNITUDES["benefit"], strict=True)
        return [
            (size, f"{lost} / {gained.lower()}", f"A loss: {loss.lower()}. A gain: {gain.lower()}")
            for (size, lost, loss), (_, gained, gain) in pairs
        ]

    def date_of(self, values: Mapping[str, Any], name: str) -> dict[str, str]:
        """The three parts of a date as stored or typed."""
        return {part: str(values.get(f"{name}-{part}", "")) for part in ("day", "month", "year")}

    def date_error(self, errors: Mapping[str, str], name: str) -> str:
        return next((errors[f"{name}-{part}"] for part in ("day", "month", "year") if f"{name}-{part}" in errors), "")

    def magnitudes(self, direction: str) -> Sequence[tuple[str, str, str]]:
        """The three sizes in words for a gain or for a loss."""
        return MAGNITUDES.get(direction, MAGNITUDES["harm"])

    def stored_values(self) -> dict[str, Any]:
        """What the form shows: what is stored, or the few defaults of a new impact."""
        if self.line is None:
            return {"reach_unit": "people", "groups": [], "evidence": []}
        return form.form_values({name: getattr(self.line.row, name) for name in form.COLUMNS})

    def impact_as_typed(self, raw: Mapping[str, Sequence[str]]) -> domain.Impact:
        """The impact that this form would make; raises InvalidInput."""
        q = self.case.questionnaire
        context = form.Context(
            frozenset(q.group_by_id), frozenset(q.evidence_by_id), self.reference_population, self.places
        )
        values = form.parse([step.id for step in form.STEPS], raw, context)
        return form.impact(
            "",
            self.section.id,
            self.section.principle,
            # An effect that is not known is asked neither its size nor what will be done: those columns are empty.
            {**dict.fromkeys(form.COLUMNS), "reach_unit": "people", **values, "people_per_home": self.people_per_home},
            countersigned=False,
        )

    def lacks(self) -> Sequence[tuple[str, str]]:
        """What the stored impact still lacks: (field, words)."""
        if self.line is None:
            return ()
        return domain.missing(self.line.impact, self.case.questionnaire.priority_groups)

    def sentence(self) -> str:
        return domain.sentence(self.line.impact, self.case.questionnaire.groups) if self.line else ""

    def conversion(self) -> str:
        return sums_words(self.line.impact) if self.line else ""

    def address(self, step: str) -> str:
        return url_for(
            "impacts.show",
            reference=self.case.reference,
            number=self.case.version.number,
            impact_id=uuid.UUID(self.impact_id),
            step=step,
            section=self.section.id,
        )

    def preview_address(self) -> str:
        return url_for(
            "impacts.preview",
            reference=self.case.reference,
            number=self.case.version.number,
            impact_id=uuid.UUID(self.impact_id),
            section=self.section.id,
        )

    def section_address(self) -> str:
        return (
            url_for(
                "sections.show",
                reference=self.case.reference,
                number=self.case.version.number,
                section_id=self.section.id,
            )
            + "#impacts"
        )

    def after_saving(self, row: ImpactLine, *, finish: bool) -> str:
        """The next step that this direction asks, or back to the section."""
        if finish or self.whole:
            return self.section_address()
        now = self.asked[0].number
        following = [step for step in form.steps_for(row.direction) if step.number > now]
        return self.address(following[0].id) if following else self.section_address()


def _affected(work: Work, case: Case) -> frozenset[str]:
    given = ratings.groups_answer(case.questionnaire, answers.values_of(answers.answers_of(work, case)))
    return frozenset(group for group, entry in given.items() if entry["state"] == "affected")
