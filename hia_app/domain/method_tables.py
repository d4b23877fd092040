"""The tables of docs/method.md, drawn from the method itself so that the document cannot drift from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from hia_app.domain.chart_numbers import index_text
from hia_app.domain.lines import Line, LineMitigation, Reach
from hia_app.domain.method import (
    FIFTH_NAMES,
    FIGURES,
    LEEDS_FIFTHS,
    LIKELIHOODS,
    MAGNITUDES,
    RULES,
    VARIANTS,
    Method,
)
from hia_app.domain.rating import Rating, rate
from hia_app.domain.rating_words import SHAPE_WORDS, spoken

# What a magnitude means for one person, with examples on both sides of the scale.
ANCHORS = {
    "minor": (
        "noticeable; short or easily reversed",
        "noticeable; short, or small in daily life",
    ),
    "moderate": (
        "affects health or security for over a year, or keeps coming back",
        "better health or security for over a year",
    ),
    "major": (
        "serious illness or injury, loss of a home, destitution, or cannot be undone",
        "prevents serious illness or injury, gives a home or a way out of destitution, lasts for life",
    ),
}

_MARKED = re.compile(r"(<!-- table: ([a-z_]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)


def filled(text: str, method: Method) -> str:
    """The document with every marked table drawn again. Raises KeyError for a table that does not exist.

    A table stands between `<!-- table: name -->` and `<!-- end of table -->`.
    """
    return _MARKED.sub(lambda found: found[1] + TABLES[found[2]](method) + found[3], text)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _numbers(method: Method) -> str:
    rows = [
        ("Version of the method", method.version),
        ("A ledger is counted per", f"{method.per_residents:,} residents of a fifth"),
        ("A ledger is material when some fifth reaches", f"{method.material:.1f}"),
        ("Threshold τ of the concentration index", f"{method.threshold:.2f}"),
        ("A harm touches priority when more than", f"{method.priority_part:.0%} of its people live in fifths 1 and 2"),
        ("Weak evidence is too much above", f"{method.low_confidence_part} of a material ledger"),
        ("A mitigation counts without countersignature up to", f"{method.steps_without_countersignature} step"),
        ("Shape: the largest step up that is still proportionate", f"{method.shape_step:.0%} of the largest value"),
        ("Shape: fifth 1 gets more than", f"{method.shape_ratio:.1f} times fifth 5"),
        ("Shares of a spread add up to 1 within", f"{method.spread_tolerance:.6f}"),
        ("Numbers are compared after rounding to", f"{method.decimals} decimals"),
    ]
    return table(("Number", "Value"), rows)


def _magnitudes(method: Method) -> str:
    return table(
        ("Magnitude", "A harm of this size, to one person", "A benefit of this size, to one person", "Weight"),
        [(name, *ANCHORS[name], str(weight)) for name, weight in zip(MAGNITUDES, method.weights, strict=True)],
    )


def _likelihoods(method: Method) -> str:
    rows = [(spoken(name), *(f"{chance:.2f}" for chance in method.likelihoods[name])) for name in LIKELIHOODS]
    return table(("Likelihood", *FIGURES), rows)


def _significance(method: Method) -> str:
    rows = [
        (magnitude, *(method.table_significance(magnitude, likelihood) for likelihood in LIKELIHOODS))
        for magnitude in MAGNITUDES
    ]
    return table(("", *(spoken(likelihood) for likelihood in LIKELIHOODS)), rows)


def _priority_significance(method: Method) -> str:
    rows = [
        (
            magnitude,
            *(method.significance_of(magnitude, likelihood, harm=True, priority=True) for likelihood in LIKELIHOODS),
        )
        for magnitude in MAGNITUDES
    ]
    return table(("", *(spoken(likelihood) for likelihood in LIKELIHOODS)), rows)


def _rules(method: Method) -> str:
    return table(("Rule", "Rating", "When"), [(str(rule.number), rule.label, rule.when) for rule in RULES])


def _variants(method: Method) -> str:
    return table(("Variant", "Means"), VARIANTS.items())


def _shapes(method: Method) -> str:
    return table(("Shape", "Means"), [words.split(": ", 1) for words in SHAPE_WORDS.values()])


def _runs(method: Method) -> str:
    weights = ["/".join(str(weight) for weight in each) for each in method.weight_sets]
    rows = [
        ("Weights of minor/moderate/major", ", ".join(weights)),
        ("Figures for likelihood and reach", ", ".join(FIGURES)),
        ("Threshold τ", ", ".join(f"{threshold:.2f}" for threshold in method.thresholds)),
    ]
    return table(("What is varied", "Values tried"), rows)


def _population(method: Method) -> str:
    rows = [(name, f"{residents:,.0f}") for name, residents in zip(FIFTH_NAMES, LEEDS_FIFTHS, strict=True)]
    return table(("Fifth", "Residents"), rows)


def _worked(method: Method) -> Rating:
    """Selective licensing with its protocol: private-rented homes by fifth, Leeds, Census 2021."""
    spread = (0.554388, 0.186933, 0.097087, 0.104632, 0.05696)
    protocol = LineMitigation(committed=True, magnitude="moderate", likelihood="possible", countersigned=True)
    lines = [
        Line(
            "Hazards removed",
            *("benefit", False, "medium", False, "moderate", "likely"),
            reach=Reach(4458.75, 6539.5, 8917.5),
            spread=spread,
        ),
        Line(
            "Licence cost passed into rent",
            *("harm", True, "medium", False, "minor", "possible"),
            reach=Reach(29725, 29725, 29725),
            spread=spread,
        ),
        Line(
            "Displacement",
            *("harm", True, "medium", False, "major", "likely"),
            reach=Reach(148.625, 594.5, 1486.25),
            spread=spread,
            mitigation=protocol,
        ),
    ]
    return rate(lines, LEEDS_FIFTHS, method=method)


def _worked_lines(method: Method) -> str:
    rows = [
        (
            line.name,
            line.direction,
            f"{line.magnitude}, {spoken(line.likelihood or '')}",
            str(line.significance),
            f"{line.residual_magnitude}, {spoken(line.residual_likelihood or '')}",
            str(line.residual_significance),
        )
        for line in _worked(method).lines
    ]
    return table(("Line", "Direction", "Before", "Class", "After mitigation", "Class"), rows)


def _worked_ledgers(method: Method) -> str:
    found = _worked(method)
    header = ("Fifth", *(line.name for line in found.lines), "Benefits", "Harms")
    rows = [
        (
            name,
            *(f"{(line.part or found.harms.mid)[fifth]:.2f}" for line in found.lines),
            f"{found.benefits.mid[fifth]:.2f}",
            f"{found.harms.mid[fifth]:.2f}",
        )
        for fifth, name in enumerate(FIFTH_NAMES)
    ]
    return table(header, rows)


def _worked_result(method: Method) -> str:
    found = _worked(method)
    rows = [
        ("Concentration index of the benefits", index_text(found.rci_benefits, 3)),
        ("Concentration index of the harms", index_text(found.rci_harms, 3)),
        ("Shape of the benefit", SHAPE_WORDS[found.benefit_shape] if found.benefit_shape else "not material"),
        ("Rule", f"{found.variant or found.rule}: {found.label}"),
        ("In words", found.sentence),
        ("How robust", f"{found.robustness.sentence} {found.robustness.easiest_flip}"),
    ]
    return table(("Result", ""), rows)


TABLES: Mapping[str, Callable[[Method], str]] = MappingProxyType(
    {
        "numbers": _numbers,
        "magnitudes": _magnitudes,
        "likelihoods": _likelihoods,
        "significance": _significance,
        "priority_significance": _priority_significance,
        "rules": _rules,
        "variants": _variants,
        "shapes": _shapes,
        "runs": _runs,
        "population": _population,
        "worked_lines": _worked_lines,
        "worked_ledgers": _worked_ledgers,
        "worked_result": _worked_result,
    }
)
