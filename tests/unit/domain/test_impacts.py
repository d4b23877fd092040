"""An impact in words, what it still lacks, and the line it is rated as."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from hia_app.domain.impact_shape import DURATIONS
from hia_app.domain.impacts import (
    SPREAD_PRESETS,
    Impact,
    Mitigation,
    conversion_words,
    is_committed,
    line,
    lines_and_gaps,
    missing,
    mitigation_sentence,
    pathway_sentence,
    people,
    preset_spread,
    sentence,
    serious_harm,
    short_name,
    spread_phrase,
    touches_priority,
)
from hia_app.domain.lines import InvalidLine, Reach
from hia_app.domain.method import LEEDS_FIFTHS, LIKELIHOODS


@dataclass(frozen=True)
class Group:
    id: str
    phrase: str


GROUPS = (
    Group("children_0_5", "children aged 0 to 5"),
    Group("carers", "carers"),
    Group("aged_80", "people aged 80 and over"),
    Group("disabled", "disabled people"),
    Group("women", "women"),
)


def shares(*parts: str) -> Any:
    return tuple(Decimal(part) for part in parts)


WARM = Impact(
    id="I1",
    section="places",
    direction="benefit",
    because="homes are insulated and heated",
    effect="have warmer, drier homes",
    pathway="lowers breathing problems and missed school",
    magnitude="moderate",
    likelihood="likely",
    duration="long",
    reversible=True,
    reach_mid=Decimal(570),
    spread=shares("0.95", "0.05", "0", "0", "0"),
    spread_kind="declared",
    spread_source="The streets chosen",
    confidence="medium",
    source="Stock survey 2026",
)
LOSS = replace(
    WARM,
    direction="harm",
    groups=("carers",),
    effect="People will lose their home.",
    magnitude="major",
    reversible=False,
)
UNKNOWN = Impact(id="I2", section="places", direction="not_known", groups=("aged_80",))


@pytest.mark.parametrize(
    ("impact", "words"),
    [
        (
            WARM,
            "About 570 people, nearly all in the most deprived fifth, are likely to have warmer, drier homes for"
            " years (moderate benefit; medium confidence).",
        ),
        (
            replace(WARM, reach_unit="homes", reach_mid=Decimal(240), spread=shares("1", "0", "0", "0", "0")),
            "About 570 people in 240 homes, all in the most deprived fifth, are likely to have warmer, drier homes"
            " for years (moderate benefit; medium confidence).",
        ),
        (
            replace(
                LOSS,
                reach_unit="homes",
                reach_low=Decimal("62.5"),
                reach_mid=Decimal(250),
                reach_high=Decimal(625),
                spread=shares("0.55", "0.19", "0.10", "0.10", "0.06"),
            ),
            "About 590 people (150 to 1,500) in 250 homes, most of them in the two most deprived fifths and including"
            " carers, are likely to lose their home (major harm; cannot be undone; medium confidence).",
        ),
        (
            replace(WARM, reach_mid=Decimal(1), spread=shares("1", "0", "0", "0", "0"), likelihood="almost_certain"),
            "One person, in the most deprived fifth, is almost certain to have warmer, drier homes for years"
            " (moderate benefit; medium confidence).",
        ),
        (
            replace(WARM, reach_low=Decimal(100), reach_high=Decimal(12345), likelihood="possible", duration="short"),
            "About 570 people (100 to 12,345), nearly all in the most deprived fifth, may have warmer, drier homes for"
            " less than a year (moderate benefit; medium confidence).",
        ),
        (
            replace(WARM, spread=shares("0.2", "0.2", "0.2", "0.2", "0.2"), likelihood="unlikely", duration="medium"),
            "About 570 people, spread evenly over all five deprivation fifths, are unlikely to have warmer, drier"
            " homes for one to five years (moderate benefit; medium confidence).",
        ),
        (
            replace(WARM, groups=("children_0_5", "carers", "aged_80", "disabled", "women"), spread=None),
            "About 570 people, including children aged 0 to 5, carers, people aged 80 and over and two other groups,"
            " are likely to have warmer, drier homes for years (moderate benefit; medium confidence).",
        ),
        (
            replace(WARM, effect="Live in safe homes for years", duration="long", groups=("gone",)),
            "About 570 people, nearly all in the most deprived fifth, are likely to live in safe homes for years"
            " (moderate benefit; medium confidence).",
        ),
        (
            replace(LOSS, effect="lose all or part of their living", reversible=True, spread=None, groups=()),
            "About 570 people are likely to lose all or part of their living (major harm, for years; medium"
            " confidence).",
        ),
        (
            Impact(id="I3", section="s", direction="benefit"),
            "Some people (number not yet said) would gain in a way that is not yet described (benefit, size not yet"
            " said; likelihood not yet said; confidence not yet said).",
        ),
        (
            Impact(id="I3", section="s", direction="harm", effect="pay more rent"),
            "Some people (number not yet said) would pay more rent (harm, size not yet said; likelihood not yet said;"
            " confidence not yet said).",
        ),
        (UNKNOWN, "It is not known how people aged 80 and over will be affected; nobody is named yet to find out."),
        (
            replace(UNKNOWN, effect="be moved away from family", plan_who="Head of Housing"),
            "It is not known whether people aged 80 and over will be moved away from family; Head of Housing will find"
            " out (no date yet).",
        ),
        (
            replace(
                UNKNOWN,
                groups=(),
                effect="will be moved",
                plan_who="Head of Housing ",
                plan_by=date(2027, 3, 3),
                plan_how="Survey",
            ),
            "It is not known whether people will be moved; Head of Housing will find out by 3 March 2027.",
        ),
    ],
)
def test_the_sentence(impact: Impact, words: str) -> None:
    assert sentence(impact, GROUPS) == words


def every_kind() -> list[Impact]:
    base = [WARM, LOSS, UNKNOWN, Impact(id="x", section="s", direction="benefit")]
    spreads = [None, *(preset_spread(preset.kind, LEEDS_FIFTHS) for preset in SPREAD_PRESETS)]
    reaches = [None, Decimal("0.4"), Decimal(1), Decimal("2.5"), Decimal(12500)]
    found = []
    for impact, likelihood, duration, spread, reach, unit in product(
        base, (None, *LIKELIHOODS), (None, *DURATIONS), spreads, reaches, ("people", "homes")
    ):
        if impact.direction != "not_known":
            found.append(
                replace(
                    impact,
                    likelihood=likelihood,
                    duration=duration,
                    spread=spread,
                    reach_mid=reach,
                    reach_unit=unit,  # type: ignore[arg-type]
                )
            )
    return found


def test_every_combination_reads_as_a_sentence() -> None:
    for impact in every_kind():
        words = sentence(impact, GROUPS)
        assert re.fullmatch(r"[A-Z][^.]*(?:\.[0-9][^.]*)*\.", words), words
        assert not re.search(r"None|  | ,|,,|\(\)|_|people, (?:is|one)|One person[^)]* are ", words), words


@pytest.mark.parametrize(
    ("spread", "words"),
    [
        (("1", "0", "0", "0", "0"), "all in the most deprived fifth"),
        (("0.9", "0.1", "0", "0", "0"), "nearly all in the most deprived fifth"),
        (("0.5", "0.5", "0", "0", "0"), "all in the two most deprived fifths"),
        (("0.5", "0.42", "0.08", "0", "0"), "nearly all in the two most deprived fifths"),
        (("0", "0", "0.7", "0.3", "0"), "most of them in the middle fifth"),
        (("0.14", "0.13", "0.2", "0.25", "0.28"), "more than half of them in the two least deprived fifths"),
        (("0.1", "0.55", "0.15", "0.1", "0.1"), "most of them in the two most deprived fifths"),
        (("0", "0.25", "0.25", "0.25", "0.25"), "none of them in the most deprived fifth"),
        (("0.208", "0.201", "0.198", "0.198", "0.195"), "spread evenly over all five deprivation fifths"),
        (
            ("0.3", "0.2", "0.1", "0.2", "0.2"),
            "spread over the deprivation fifths with the largest part in the most deprived fifth",
        ),
    ],
)
def test_a_spread_in_words(spread: tuple[str, ...], words: str) -> None:
    assert spread_phrase(shares(*spread)) == words


def test_exactly_half_is_not_more_than_half() -> None:
    assert "more than half" not in spread_phrase(shares("0.25", "0.25", "0.1", "0.2", "0.2"))


@pytest.mark.parametrize("preset", SPREAD_PRESETS, ids=lambda preset: preset.kind)
def test_a_preset_adds_up_to_exactly_one(preset: Any) -> None:
    found = preset_spread(preset.kind, LEEDS_FIFTHS)
    if preset.kind in ("declared", "from_places"):
        assert found is None
    else:
        assert found is not None
        assert sum(found) == 1
        assert [fifth for fifth, share in enumerate(found, start=1) if share] == list(preset.fifths)


def test_the_pathway_reads_as_one_sentence() -> None:
    assert pathway_sentence(WARM) == (
        "Because homes are insulated and heated, people will have warmer, drier homes, which lowers breathing"
        " problems and missed school."
    )
    typed = replace(WARM, because="Because NHS visits\nstop.", effect="People will wait longer.", pathway="which harms")
    assert pathway_sentence(typed) == "Because NHS visits stop, people will wait longer, which harms."
    assert pathway_sentence(Impact(id="x", section="s", direction="harm")) == ""


def test_homes_become_people_where_everybody_can_see_it() -> None:
    homes = replace(WARM, reach_unit="homes", reach_mid=Decimal(240), reach_low=Decimal(180))
    assert people(homes) == Reach(428.04, 570.72, 570.72)
    assert conversion_words(homes) == "240 homes × 2.378 people per home = about 571 people"
    assert conversion_words(WARM) == ""


def test_what_a_mitigation_says_and_lacks() -> None:
    protocol = Mitigation(
        action="agree a tenancy-protection protocol.",
        owner="Head of Housing",
        due=date(2026, 12, 1),
        funding="not_needed",
        measure="evictions a year",
        magnitude="moderate",
        likelihood="possible",
    )
    assert is_committed(protocol)
    assert mitigation_sentence(protocol) == (
        "Agree a tenancy-protection protocol (Head of Housing, by 1 December 2026); what remains is moderate and"
        " possible. Committed."
    )
    for lacking, words in (
        ({"owner": " "}, "no owner"),
        ({"due": None}, "no date"),
        ({"funding": "not_confirmed"}, "funding not confirmed"),
        ({"funding": None}, "funding not confirmed"),
        ({"measure": ""}, "no measure of success"),
    ):
        changed = replace(protocol, **lacking)  # type: ignore[arg-type]
        assert not is_committed(changed)
        assert mitigation_sentence(changed).endswith(f"Not committed: {words}.")


def lacking(impact: Impact) -> list[str]:
    return [field for field, _ in missing(impact, {"carers"})]


def test_a_complete_impact_lacks_nothing() -> None:
    assert lacking(replace(WARM, groups=("carers",))) == []
    assert lacking(replace(UNKNOWN, effect="be moved")) == []


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"groups": ()}, ["groups"]),
        ({"effect": " "}, ["effect"]),
        ({"magnitude": None, "likelihood": None}, ["magnitude", "likelihood"]),
        ({"reach_mid": None}, ["reach_mid"]),
        ({"reach_mid": Decimal(0)}, ["reach_mid"]),
        ({"reach_low": Decimal(600)}, ["reach_low"]),
        ({"reach_high": Decimal(500)}, ["reach_high"]),
        ({"spread": None}, ["spread"]),
        ({"spread": shares("0.9", "0", "0", "0", "0")}, ["spread"]),
        ({"spread": shares("1.1", "-0.1", "0", "0", "0")}, ["spread"]),
        ({"spread_source": ""}, ["spread_source"]),
        ({"source": ""}, ["source"]),
        ({"source": "", "evidence": ("cold_homes",)}, []),
        ({"confidence": None}, ["confidence"]),
        ({"plan_who": "Ana"}, ["plan_by", "plan_how"]),
    ],
)
def test_what_an_impact_lacks(changes: dict[str, Any], fields: list[str]) -> None:
    assert lacking(replace(WARM, **{"groups": ("carers",), **changes})) == fields


def test_a_serious_harm_needs_a_mitigation_or_a_reason() -> None:
    assert lacking(LOSS) == ["mitigation"]
    assert lacking(replace(LOSS, no_mitigation_reason="It is the law.")) == []
    assert lacking(replace(LOSS, mitigation=Mitigation(action="Help them move"))) == [
        "mitigation_magnitude",
        "mitigation_likelihood",
    ]
    worse = Mitigation(action="Help", magnitude="major", likelihood="almost_certain")
    assert lacking(replace(LOSS, mitigation=worse)) == ["mitigation_likelihood"]


def test_serious_counts_the_step_up_for_priority_groups() -> None:
    harm = replace(LOSS, magnitude="moderate", spread=shares("0", "0", "0", "0.5", "0.5"))
    assert not serious_harm(harm, set())
    assert serious_harm(harm, {"carers"})
    assert serious_harm(replace(harm, spread=shares("0.6", "0", "0", "0.4", "0")), set())
    assert not serious_harm(replace(harm, direction="benefit"), {"carers"})


def test_priority_by_where_people_live_is_for_harms_only() -> None:
    assert touches_priority(replace(LOSS, groups=()), set())
    assert not touches_priority(WARM, {"carers"})
    assert touches_priority(replace(WARM, groups=("women", "carers")), {"carers"})


def test_the_line_it_is_rated_as() -> None:
    found = line(replace(LOSS, principle=5), {"carers"})
    assert (found.id, found.label, found.principle) == ("I1", "People will lose their home", 5)
    assert found.touches_priority_group
    assert found.reach == Reach(570, 570, 570)
    assert found.spread == (0.95, 0.05, 0, 0, 0)
    assert found.mitigation is None


def test_a_mitigation_that_makes_things_worse_claims_nothing() -> None:
    worse = Mitigation(magnitude="major", likelihood="almost_certain")
    assert line(replace(LOSS, mitigation=worse), set()).mitigation is None
    better = Mitigation(magnitude="minor", likelihood="likely", countersigned=True)
    found = line(replace(LOSS, mitigation=better), set()).mitigation
    assert found is not None
    assert (found.committed, found.countersigned, found.magnitude) == (False, True, "minor")


def test_an_unknown_has_a_plan_only_when_it_is_complete() -> None:
    planned = replace(UNKNOWN, plan_who="Ana", plan_by=date(2027, 1, 1), plan_how="Ask")
    assert line(planned, {"aged_80"}).plan_to_find_out
    assert not line(replace(planned, plan_how=" "), {"aged_80"}).plan_to_find_out


def test_an_unfinished_impact_is_a_gap_never_neutral() -> None:
    unfinished = replace(WARM, id="I9", spread=None)
    with pytest.raises(InvalidLine, match="spread is missing"):
        line(unfinished, set())
    lines, gaps = lines_and_gaps([WARM, unfinished, replace(WARM, id="I8", confidence=None)], set())
    assert [rated.id for rated in lines] == ["I1"]
    assert [(gap.kind, gap.id, gap.label) for gap in gaps] == [
        ("incomplete_impact", "I9", short_name(WARM)),
        ("incomplete_impact", "I8", short_name(WARM)),
    ]


def test_an_impact_is_stored_as_plain_text_and_read_back() -> None:
    whole = replace(LOSS, plan_by=date(2027, 1, 1), mitigation=Mitigation(due=date(2027, 2, 2), funding="confirmed"))
    stored = whole.to_json()
    assert stored["spread"] == ["0.95", "0.05", "0", "0", "0"]
    assert stored["mitigation"]["due"] == "2027-02-02"
    assert Impact.from_json(stored) == whole
    with pytest.raises(ValueError, match="direction"):
        Impact.from_json({**stored, "direction": "good"})
