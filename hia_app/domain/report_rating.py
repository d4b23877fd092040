"""The rating in a report: the summary that decides, the chart, the working, and the method in plain English."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hia_app.domain.chart_numbers import index_text
from hia_app.domain.charts import GainsAndLosses
from hia_app.domain.document import Block, Bullets, Callout, Facts, Figure, Heading, Paragraph, Table, Tone
from hia_app.domain.method import FIFTH_NAMES, RULE, RULES, VARIANTS, Fifths, Method
from hia_app.domain.principles import principle_name
from hia_app.domain.rating import Rating
from hia_app.domain.rating_words import SHAPE_WORDS
from hia_app.domain.record import short
from hia_app.domain.report_decision import RECOMMENDATIONS
from hia_app.domain.report_parts import EVIDENCE
from hia_app.domain.report_source import EXEMPT, Source, who_decides
from hia_app.domain.summaries import Summary

WITHHELD = (
    "The figures by fifth are not in this edition, because the size of an exempt impact could be worked out from them."
)
TONES: dict[int, Tone] = {0: "warning", 1: "stop", 2: "stop", 3: "warning", 4: "calm", 5: "calm", 6: "good"}


def summary(source: Source) -> Iterator[Block]:
    """What a decision-maker must know first."""
    yield Heading("Summary", 2, "summary")
    a = source.assessment
    rating = source.rating
    if a["summary"]:
        yield Paragraph(a["summary"])
    if rating is None:
        yield Callout("calm", "Screened out", a["screening_outcome"] or "No full assessment was made.")
        return
    because = rating.sentence.removeprefix(f"{rating.label}.").removeprefix(f"{rating.label}:").strip()
    # The callout says "Stop" itself.
    label = rating.label.removeprefix("Stop: ")
    title = f"{label[:1].upper()}{label[1:]} (rule {rating.rule})"
    yield Callout(TONES[rating.rule], title, because[:1].upper() + because[1:])
    yield Facts((*_asked(source), *_headlines(source, rating)))


def _asked(source: Source) -> Iterator[tuple[str, str]]:
    a = source.assessment
    yield "Who decides", who_decides(a)
    concluded = [one for one in source.payload["review"]["rounds"] if one["recommendation"]]
    if concluded:
        conditions = len(
            [one for one in source.payload.get("conditions", ()) if one["round"] == concluded[-1]["number"]]
        )
        more = f" ({conditions})" if conditions else ""
        advice = RECOMMENDATIONS[concluded[-1]["recommendation"]].lower()
        yield "What is asked", f"A decision. The reviewer recommends: {advice}{more}."
    if a["trigger"]:
        yield "Since the last version", f"{_changed(source)}{a['trigger'].capitalize()}: {a['trigger_reason']}"


def _changed(source: Source) -> str:
    listed = source.payload.get("changes")
    if not listed:
        return ""
    told = {"rating": "the rating", "impact": "impacts", "proposal": "the proposal", "answer": "answers"}
    kinds = [words for kind, words in told.items() if any(one["kind"] == kind for one in listed)]
    return f"{len(listed)} change{'s' if len(listed) > 1 else ''}, in {_list(kinds)}. "


def _list(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _headlines(source: Source, rating: Rating) -> Iterator[tuple[str, str]]:
    yield "Who gains", EXEMPT if source.figures_withheld else _by_fifth(rating.benefits.mid)
    yield "Who loses", EXEMPT if source.figures_withheld else _by_fifth(rating.harms.mid)
    serious = _count(len(rating.serious), "to read before any decision")
    if rating.headline_harm:
        yield "The worst harm", f"{source.impacts[rating.headline_harm]['sentence']} Serious harms: {serious}"
    else:
        yield "The worst harm", "No harm has been recorded."
    if source.rating_disputed:
        seen = source.rating_disputed
        yield "As a reviewer sees it", f"{seen.label} (rule {seen.rule}). Both values are shown below."
    yield "What is not known", _not_known(source, rating)
    yield "How robust this is", f"{rating.robustness.sentence} {rating.robustness.easiest_flip}".strip()
    if not source.figures_withheld:
        yield "Confidence", confidence(rating)


def _by_fifth(ledger: Fifths) -> str:
    """The fifths that anything falls on, with their weight; one that nothing falls on is not named."""
    shown = [f"{name} {value:.1f}" for name, value in zip(FIFTH_NAMES, ledger, strict=True) if round(value, 1)]
    if not shown:
        return "Nothing that was recorded falls on anybody."
    rest = "" if len(shown) == len(FIFTH_NAMES) else "; 0 in the other fifths" if len(shown) > 1 else "; 0 elsewhere"
    told = ", ".join(shown)
    return f"{told[:1].upper()}{told[1:]}{rest} (weighted effects per 1,000 residents)"


def _not_known(source: Source, rating: Rating) -> str:
    """How many effects nobody knows, the first of them, and where the rest is told."""
    gaps = [gap for gap in rating.gaps if gap.id not in rating.unknowns]
    number = len(rating.unknowns) + len(gaps)
    if not number:
        return "No effect was recorded as not known. Other gaps are told under “Evidence, and what is not known”."
    named = [source.impacts[name]["sentence"] for name in rating.unknowns if name in source.impacts]
    first = (named or [gap.sentence for gap in gaps])[0]
    return first if number == 1 else f"{number} things. The first: {first} The others are under “{EVIDENCE}”."


def _count(number: int, rest: str) -> str:
    return f"{number}, {rest}." if number else "none."


def confidence(rating: Rating) -> str:
    """How sure the people who recorded the impacts are, line by line and never averaged."""
    found = {level: sum(line.confidence == level for line in rating.lines) for level in ("high", "medium", "low")}
    return (
        "Impacts recorded with " + ", ".join(f"{level} confidence: {number}" for level, number in found.items()) + "."
    )


def gains_and_losses(source: Source) -> Iterator[Block]:
    """Benefits above, harms below, by fifth; never netted."""
    rating = source.rating
    if rating is None:
        return
    yield Heading("Who gains, who loses", 2, "gains-and-losses")
    if source.figures_withheld:
        yield Callout("calm", f"{EXEMPT} Who gains and who loses", WITHHELD)
        return
    population = source.payload["reference_population"]
    yield Figure(
        gains_chart(rating, population["source"]),
        caption="Benefits and harms are weighed by size, likelihood and reach, and are never taken from one another.",
    )
    if note := source.payload.get("reach_note"):
        yield Paragraph(note, "small")
    if rating.benefit_shape:
        yield Paragraph(f"Shape of the benefit: {SHAPE_WORDS[rating.benefit_shape]}.")


def gains_chart(rating: Rating, source: str) -> GainsAndLosses:
    """The chart of a rating's middle ledgers."""
    return GainsAndLosses(rating.benefits.mid, rating.harms.mid, source=source)


def verdict(source: Source) -> Iterator[Block]:
    """The rule, what fired it, how robust it is, and the views by principle and by group."""
    rating = source.rating
    if rating is None:
        return
    yield Heading("The gradient verdict: its rule, and how robust it is", 2, "rating")
    yield Paragraph(rating.sentence, "lead")
    rule = RULE[rating.rule]
    yield Paragraph(f"Rule {rule.number}, “{rule.label}”, applies when {rule.when}.")
    if rating.rule == 0:
        yield Paragraph(
            f"Leaving aside what is missing, rule {rating.provisional_rule} would apply: {rating.provisional_label}."
        )
    if rating.variant:
        yield Paragraph(f"Variant {rating.variant}: {VARIANTS[rating.variant]}.")
    if rating.fired:
        yield Table(
            "What made this rule apply",
            ("What", "Why"),
            tuple((_named(source, fired.id, fired.name), fired.words) for fired in rating.fired),
        )
    yield Heading("How robust it is", 3)
    yield Paragraph(f"{rating.robustness.sentence} {rating.robustness.easiest_flip}")
    if source.figures_withheld:
        yield Paragraph(WITHHELD)
        return
    yield _ledgers(rating)
    yield from _views(source, rating)


def _named(source: Source, line_id: str, name: str) -> str:
    return f"{line_id}: {name}" if line_id in source.impacts else name


def _ledgers(rating: Rating) -> Table:
    rows = []
    for index, name in enumerate(FIFTH_NAMES):
        rows.append(
            (
                name.capitalize(),
                f"{rating.benefits.mid[index]:.2f}",
                f"{rating.benefits.low[index]:.2f} to {rating.benefits.high[index]:.2f}",
                f"{rating.harms.mid[index]:.2f}",
                f"{rating.harms.low[index]:.2f} to {rating.harms.high[index]:.2f}",
            )
        )
    return Table(
        "Benefits and harms by deprivation fifth, weighted effects per 1,000 residents",
        ("Fifth", "Benefits", "lowest to highest", "Harms", "lowest to highest"),
        tuple(rows),
        frozenset({1, 2, 3, 4}),
        f"Concentration index of the benefits {index_text(rating.rci_benefits)}, of the harms "
        f"{index_text(rating.rci_harms)}; below zero means concentrated on the more deprived.",
    )


def _views(source: Source, rating: Rating) -> Iterator[Block]:
    if rating.principles:
        yield _view("By principle", "Principle", rating.principles, principle_name)
    if rating.groups:
        names = {group.id: group.label for group in source.questionnaire.groups}
        yield _view(
            "By population group, the worst affected first", "Group", rating.groups, lambda of: names.get(of, of)
        )


def _view(caption: str, first: str, summaries: tuple[Summary, ...], name: Callable[[str], str]) -> Table:
    rows = []
    for found in summaries:
        harm = f"{found.worst_harm} ({found.worst_harm_significance})" if found.worst_harm else "none"
        benefit = f"{found.best_benefit} ({found.best_benefit_significance})" if found.best_benefit else "none"
        rows.append((name(found.of), harm, benefit, ", ".join(found.unknowns) or "none", found.gradient_words))
    return Table(caption, (first, "Worst harm left", "Best benefit", "Not known", "Gradient"), tuple(rows))


def method(source: Source) -> Iterator[Block]:
    """How ratings are made, for somebody who meets one for the first time."""
    rating = source.rating
    if rating is None:
        return
    used: Method = rating.method
    yield Heading("The method in plain English", 2, "method")
    yield Paragraph(
        f"Method version {used.version}. Each impact is one effect on one set of people. Its size for one person and "
        "its likelihood give its significance from a published table; a harm to a priority group counts one class "
        "higher. The number of people and where they live on the gradient give two ledgers, one of benefits and one of "
        "harms, for each deprivation fifth. The two are shown side by side and never taken from one another."
    )
    yield Paragraph("The first rule that matches gives the rating. They are tried in this order:")
    yield Bullets(tuple(f"Rule {rule.number}, {rule.label}: {rule.when}." for rule in RULES))
    population = source.payload["reference_population"]
    yield Table(
        "Reference population",
        ("Deprivation fifth", "Residents"),
        tuple((name.capitalize(), f"{int(n):,}") for name, n in zip(FIFTH_NAMES, population["residents"], strict=True)),
        frozenset({1}),
        population["source"],
    )
    yield from _vintages(source)


def _vintages(source: Source) -> Iterator[Table]:
    """Everything with an edition of its own: the questions, the method, and each set of figures with its year."""
    pinned = source.payload["questionnaires"]
    rows = [
        (name, f"{pinned[kind]['title']}, version {pinned[kind]['version']} ({short(pinned[kind]['fingerprint'])})")
        for kind, name in (("assessment", "Questions"), ("screening", "Screening questions"))
    ]
    rows.append(("Residents by deprivation fifth", source.payload["reference_population"]["source"]))
    if found := source.payload.get("places"):
        rows.append(("The places", found["source"]))
    for row in source.payload["answers"]["assessment"]:
        question = source.questionnaire.question_by_id.get(row["question"])
        if question is not None and question.type == "indicator" and row["value"]:
            value = row["value"]
            told = ", ".join(filter(None, (value["source"].rstrip("."), value["area"], value["period"])))
            rows.append((value["title"] or question.text, told or "Source not given"))
    yield Table("What the figures and questions are, and of when", ("What", "Edition, source and year"), tuple(rows))
