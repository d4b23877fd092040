"""An impact as one plain sentence, the same in the form, on the rating page, in comments and in the PDF."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from hia_app.domain.impact_shape import Duration, Impact, Mitigation
from hia_app.domain.method import Direction, Likelihood
from hia_app.domain.rating_words import spoken
from hia_app.domain.spreads import spread_phrase

MOST_GROUPS_NAMED = 3
MOST_WORDS_BEFORE_DURATION = 6

DURATION_PHRASES: dict[Duration, str] = {
    "short": "for less than a year",
    "medium": "for one to five years",
    "long": "for years",
}

# "They … have warmer homes": each completed by the effect.
LIKELIHOOD_PHRASES: dict[Likelihood, str] = {
    "unlikely": "are unlikely to",
    "possible": "may",
    "likely": "are likely to",
    "almost_certain": "are almost certain to",
}
UNKNOWN_EFFECTS: dict[Direction, str] = {
    "benefit": "gain in a way that is not yet described",
    "harm": "lose in a way that is not yet described",
}
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
COUNTED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class NamedGroup(Protocol):
    """A population group of the questionnaire; `phrase` is how it reads inside a sentence."""

    @property
    def id(self) -> str: ...
    @property
    def phrase(self) -> str: ...


def sentence(impact: Impact, questionnaire_groups: Iterable[NamedGroup] = ()) -> str:
    """The one generated sentence; parts that are not given yet are left out or said to be missing."""
    groups = _groups(impact, questionnaire_groups)
    if impact.direction == "not_known":
        return _unknown(impact, groups)
    people, one_person = _people(impact)
    where = spread_phrase(impact.spread)
    if one_person:
        # "One person, all in the most deprived fifth" is no English
        where = where.removeprefix("all ") if where.startswith("all in the ") else ""
    described = " and ".join(part for part in (where, f"including {groups}" if groups else "") if part)
    subject = f"{people}, {described}," if described else people
    verb = LIKELIHOOD_PHRASES[impact.likelihood] if impact.likelihood else "would"
    if one_person:
        verb = verb.replace("are ", "is ")
    effect = effect_words(impact.effect) or UNKNOWN_EFFECTS[impact.direction]
    ending, lasts = _duration(impact, effect)
    return f"{subject} {verb} {effect}{ending} ({_judgement(impact, lasts)})."


def pathway_sentence(impact: Impact) -> str:
    """ "Because …, people will …, which …"; parts that are missing are left out, empty where all are."""
    because = _clause(impact.because, "because")
    effect = effect_words(impact.effect)
    pathway = _clause(impact.pathway, "which")
    if not (because or effect or pathway):
        return ""
    will = "may" if impact.direction == "not_known" else "will"
    middle = f"people {will} {effect or 'be affected'}"
    start = f"Because {_lower(because)}, {middle}" if because else _upper(middle)
    return f"{start}, which {pathway}." if pathway else f"{start}."


def mitigation_sentence(mitigation: Mitigation) -> str:
    """What will be done, by whom and when, what remains, and whether it is committed."""
    action = _clause(mitigation.action, "") or "Nothing is described yet"
    who = f" ({', '.join(part for part in (mitigation.owner.strip(), _by(mitigation.due)) if part)})"
    left = ""
    if mitigation.magnitude and mitigation.likelihood:
        left = f"; what remains is {mitigation.magnitude} and {spoken(mitigation.likelihood)}"
    lacking = not_committed_because(mitigation)
    status = f"Not committed: {_listed(lacking)}" if lacking else "Committed"
    return f"{_upper(action)}{who if who != ' ()' else ''}{left}. {status}."


def not_committed_because(mitigation: Mitigation) -> tuple[str, ...]:
    """What a mitigation lacks to be committed; empty when owner, date, funding and measure are all there."""
    reasons = []
    if not mitigation.owner.strip():
        reasons.append("no owner")
    if mitigation.due is None:
        reasons.append("no date")
    if mitigation.funding not in ("confirmed", "not_needed"):
        reasons.append("funding not confirmed")
    if not mitigation.measure.strip():
        reasons.append("no measure of success")
    return tuple(reasons)


def conversion_words(impact: Impact) -> str:
    """How homes became people: "240 homes × 2.378 people per home = about 571 people"; empty for people."""
    if impact.reach_unit != "homes" or impact.reach_mid is None:
        return ""
    people = (impact.reach_mid * impact.people_per_home).quantize(Decimal(1), ROUND_HALF_UP)
    homes = "home" if impact.reach_mid == 1 else "homes"
    per_home = f"{impact.people_per_home.normalize():f} people per home"
    return f"{_number(impact.reach_mid)} {homes} × {per_home} = about {people:,} people"


def scale_words(impact: Impact) -> str:
    """The scheme against the need: "180 of 1,045 private-rented homes in the chosen places (17%)".

    Empty where one of the two is not known, or where they are not counted alike.
    """
    base, reach = impact.base, impact.reach_mid
    if base is None or not base.total or reach is None or impact.reach_unit != base.unit:
        return ""
    need = f"{base.total:,} {base.label} in the chosen places"
    if reach > base.total:
        return f"{_number(reach)} is more than the {need}: check the figure, or the places"
    share = 100 * reach / base.total
    percent = "less than 1%" if share < 1 else f"{share.quantize(Decimal(1), ROUND_HALF_UP)}%"
    return f"{_number(reach)} of {need} ({percent})"


def short_name(impact: Impact) -> str:
    """What the impact is called in lists and in the rating's words: "People will have warmer, drier homes"."""
    effect = effect_words(impact.effect)
    if not effect:
        return {"benefit": "A benefit", "harm": "A harm", "not_known": "An effect"}[impact.direction] + (
            " that is not yet described"
        )
    return f"People {'may' if impact.direction == 'not_known' else 'will'} {effect}"


def effect_words(effect: str) -> str:
    """What was typed to complete "people will …", without a repeated "people will", capital or full stop."""
    words = _clause(effect, "")
    return _lower(re.sub(r"^(?:(?:people|they)\s+)?(?:will|may|would)\s+", "", words, flags=re.IGNORECASE))


def _unknown(impact: Impact, groups: str) -> str:
    who = groups or "people"
    effect = effect_words(impact.effect)
    start = f"It is not known whether {who} will {effect}" if effect else f"It is not known how {who} will be affected"
    if not impact.plan_who.strip():
        return f"{start}; nobody is named yet to find out."
    return f"{start}; {impact.plan_who.strip()} will find out{_space(_by(impact.plan_by) or '(no date yet)')}."


def _people(impact: Impact) -> tuple[str, bool]:
    """Who is touched, to start the sentence with, and whether it is one single person."""
    if impact.reach_mid is None or impact.reach_mid <= 0:
        return "Some people (number not yet said)", False
    homes = impact.reach_unit == "homes"
    factor = impact.people_per_home if homes else Decimal(1)
    low, mid, high = (
        _about(figure * factor, homes) if figure is not None else ""
        for figure in (impact.reach_low, impact.reach_mid, impact.reach_high)
    )
    spans = bool(low and high) and not low == mid == high
    one_person = mid == "1" and not spans
    people = "One person" if one_person else f"About {mid} {'person' if mid == '1' else 'people'}"
    if spans:
        people += f" ({low} to {high})"
    if homes:
        people += " in one home" if impact.reach_mid == 1 else f" in {_number(impact.reach_mid)} homes"
    return people, one_person


def _about(people: Decimal, converted: bool) -> str:
    """Whole people; a figure worked out from homes is rounded to what it can bear: 570.72 reads 570."""
    spare = 0
    if converted and people >= 100:
        digits = people.adjusted() + 1
        spare = digits - (2 if digits < 5 else 3)
    rounded = people.scaleb(-spare).quantize(Decimal(1), ROUND_HALF_UP).scaleb(spare)
    return f"{int(rounded) or (1 if people > 0 else 0):,}"


def _number(figure: Decimal) -> str:
    return f"{int(figure):,}" if figure == figure.to_integral_value() else f"{figure.normalize():,f}"


def _duration(impact: Impact, effect: str) -> tuple[str, str]:
    """How long it lasts, as the end of the effect or, where that would read wrong, as part of the judgement.

    "Have warmer homes for years" reads well; "lose all or part of their living for years" does not.
    """
    undone = impact.direction == "harm" and impact.reversible is False
    if impact.duration is None or undone or effect.endswith(DURATION_PHRASES[impact.duration]):
        return "", ""
    phrase = DURATION_PHRASES[impact.duration]
    words = effect.split()
    if words[0] == "lose" or len(words) > MOST_WORDS_BEFORE_DURATION:
        return "", f", {phrase}"
    return f" {phrase}", ""


def _judgement(impact: Impact, lasts: str) -> str:
    size = f"{impact.magnitude} {impact.direction}" if impact.magnitude else f"{impact.direction}, size not yet said"
    parts = [f"{size}{lasts}"]
    if impact.direction == "harm" and impact.reversible is False:
        parts.append("cannot be undone")
    if impact.likelihood is None:
        parts.append("likelihood not yet said")
    parts.append(f"{impact.confidence} confidence" if impact.confidence else "confidence not yet said")
    return "; ".join(parts)


def _groups(impact: Impact, questionnaire_groups: Iterable[NamedGroup]) -> str:
    phrases = {group.id: group.phrase for group in questionnaire_groups}
    named = [phrases[group] for group in impact.groups if group in phrases]
    more = len(named) - MOST_GROUPS_NAMED
    if more > 0:
        count = COUNTED[more] if more < len(COUNTED) else str(more)
        named = [*named[:MOST_GROUPS_NAMED], f"{count} other {'group' if more == 1 else 'groups'}"]
    return _listed(named)


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def spoken_date(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _by(day: date | None) -> str:
    return f"by {spoken_date(day)}" if day else ""


def _space(words: str) -> str:
    return f" {words}" if words else ""


def _clause(typed: str, first_word: str) -> str:
    """Typed text as part of a sentence: on one line, without its closing stop or a repeated first word."""
    words = " ".join(typed.split()).rstrip(" .;,")
    if first_word and words.lower().startswith(f"{first_word} "):
        words = words[len(first_word) + 1 :]
    return words


def _lower(words: str) -> str:
    """A small first letter, unless the word is a name made of capitals such as NHS."""
    first = words.split(" ", 1)[0]
    if (len(first) > 1 and first[1:].islower()) or first == "A":
        return words[:1].lower() + words[1:]
    return words


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
