"""The words printed with a rating: the sentence, what a line that fired did, where its class comes from."""

from __future__ import annotations

from collections.abc import Sequence

from hia_app.domain.chart_numbers import index_text
from hia_app.domain.gaps import Gap
from hia_app.domain.ledger import Shape
from hia_app.domain.lines import CountedAs, counted_as
from hia_app.domain.method import RULE, VARIANTS, Fifths, Method
from hia_app.domain.rating_rules import Effect, Evidence

SHAPE_WORDS: dict[Shape, str] = {
    "proportionate_universal": "proportionate universal: everyone gains, and the more deprived gain more",
    "inverse": "inverse: the least deprived gain more than the most deprived",
    "targeted": "targeted: some fifths get nothing",
    "universal_not_proportionate": "universal, not proportionate: everyone gains, without more for more need",
}

COUNTED_WORDS: dict[CountedAs, str] = {
    "initial": "no mitigation is recorded",
    "uncommitted": "the mitigation is not committed, so it does not count",
    "awaiting_countersignature": "the mitigation claims more than one step and no reviewer has countersigned it",
    "residual": "rated as it will be after the committed mitigation",
}


def class_words(effect: Effect, method: Method) -> str:
    """Where a line's class comes from, ending in the class it was given."""
    table = method.table_significance(effect.magnitude, effect.likelihood)
    values = f"{effect.magnitude.capitalize()} for each person, and {spoken(effect.likelihood)}: {table}"
    if effect.significance == table:
        return values
    why = (
        "a priority group is named"
        if effect.line.touches_priority_group
        else "most of the people harmed live in the two most deprived fifths"
    )
    return f"{values}. One class up because {why}: {effect.significance}"


def spoken(value: str) -> str:
    """A value of one of the scales as it reads in a sentence: "almost certain"."""
    return value.replace("_", " ")


def harm_words(effect: Effect, method: Method) -> str:
    return f"{class_words(effect, method)} ({COUNTED_WORDS[counted_as(effect.line, method)]})"


def widening_harm_words(effect: Effect) -> str:
    return f"Falls more on the more deprived (its own concentration index is {index_text(effect.concentration)})"


def share_words(part: Fifths, ledger: Fifths, fifth: int) -> str:
    """What part of a fifth's benefit one line brings; `fifth` is 1 or 5."""
    name = "most" if fifth == 1 else "least"
    whole = ledger[fifth - 1]
    if whole <= 0 or part[fifth - 1] <= 0:
        return f"Brings nothing to the {name} deprived fifth"
    percent = part[fifth - 1] / whole * 100
    amount = "under 1%" if percent < 1 else f"{percent:.0f}%"
    return f"Brings {amount} of the benefit in the {name} deprived fifth"


def rating_sentence(
    number: int,
    provisional: int,
    variant: str | None,
    gaps: Sequence[Gap],
    stopping: Sequence[Effect],
    worse: Sequence[Effect],
    found: Evidence,
) -> str:
    """One plain sentence or two: the rating's label and what it rests on."""
    rest = _because(provisional, variant, stopping, worse, found)
    if number != 0:
        return f"{RULE[number].label}. {_capital(rest)}."
    count = _count(len(gaps), "thing is", "things are")
    return (
        f"Not rateable yet: {count} missing. With what is known so far it would be “{RULE[provisional].label}”: {rest}."
    )


def _because(
    number: int,
    variant: str | None,
    stopping: Sequence[Effect],
    worse: Sequence[Effect],
    found: Evidence,
) -> str:
    if number == 1:
        count = _count(len(stopping), "harm to a priority group is", "harms to priority groups are")
        return f"{count} still major: {_named(stopping)}"
    if number == 2:
        reasons = []
        if found.widening_by_benefits:
            reasons.append("the benefits reach the less deprived most")
        if found.widening_by_harms:
            reasons.append("the harms fall most on the more deprived")
        return f"{' and '.join(reasons)}, and no benefit works the other way"
    if number == 3:
        return f"{_mixed(worse, found)}; {VARIANTS[variant or '3a']}"
    if number == 6:
        words = "the benefits reach the more deprived most"
        return f"{words}; {VARIANTS[variant]}" if variant else words
    if number == 5:
        return "the benefits are large enough to matter, but not larger where need is greater"
    return "no fifth gains or loses enough to show along the gradient"


def _mixed(worse: Sequence[Effect], found: Evidence) -> str:
    if worse:
        count = _count(len(worse), "harm is", "harms are")
        return f"{count} still moderate or worse: {_named(worse)}"
    if found.narrowing and found.widening:
        return "the benefits reach the more deprived most, and so do the harms"
    return "the harms are large enough to matter and the benefits are not"


def _named(effects: Sequence[Effect]) -> str:
    names = [f"“{effect.line.name}”" for effect in effects[:2]]
    more = len(effects) - len(names)
    if more:
        names.append(f"{more} more")
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _count(number: int, one: str, many: str) -> str:
    counted = COUNTS[number] if number < len(COUNTS) else str(number)
    return f"{counted} {one if number == 1 else many}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
