"""What keeps an assessment from being rateable: what is missing, what is not known, what is too weak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Protocol

from hia_app.domain.lines import Line, is_priority
from hia_app.domain.method import Method
from hia_app.domain.rating_rules import Effect, Evidence

GAP_WORDS = {
    "no_impacts": "No impact has been recorded",
    "missing_answer": "A required answer is missing",
    "incomplete_impact": "An impact is not complete enough to rate",
    "group_without_line": "An affected priority group has no impact recorded",
    "group_not_known": "It is not known whether a priority group is affected, and nobody plans to find out",
    "line_not_known": "An effect on a priority group is not known, and nobody plans to find out",
    "low_confidence": "Too much rests on this low-confidence impact, and nobody plans to find out more",
}


@dataclass(frozen=True)
class Gap:
    """Something that makes the assessment not rateable yet: a question, a group or a line, and its words.

    Kinds found from the lines: no_impacts, line_not_known, low_confidence.
    Kinds the caller finds: missing_answer, incomplete_impact, group_without_line, group_not_known.
    """

    kind: str
    id: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        if self.kind not in GAP_WORDS:
            raise ValueError(f"unknown kind of gap: {self.kind}")

    @property
    def sentence(self) -> str:
        words = GAP_WORDS[self.kind]
        end = "" if self.label.endswith(("?", "!", ".")) else "."
        return f"{words}: {self.label}{end}" if self.label else f"{words}."


def find_gaps(
    lines: Sequence[Line], effects: Sequence[Effect], found: Evidence, given: Iterable[Gap], method: Method
) -> tuple[Gap, ...]:
    """The gaps given, in their order, and those the lines show, in the order of the kinds above."""
    gaps = [*given]
    if not lines:
        gaps.append(Gap("no_impacts"))
    gaps.extend(Gap("line_not_known", line.id, line.name) for line in lines if _is_unknown_to_act_on(line, method))
    for harm, is_material in ((False, found.benefits_material), (True, found.harms_material)):
        if is_material:
            gaps.extend(_low_confidence([effect for effect in effects if effect.harm is harm], method))
    order = list(GAP_WORDS)
    return tuple(sorted(dict.fromkeys(gaps), key=lambda gap: order.index(gap.kind)))


class AskedGroup(Protocol):
    """A population group of the questionnaire."""

    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def priority(self) -> bool: ...


def group_gaps(
    answer: Mapping[str, Mapping[str, str]], groups: Iterable[AskedGroup], lines: Sequence[Line]
) -> tuple[Gap, ...]:
    """Gaps of the groups page: a priority group affected without a line, or not known without a complete plan.

    `answer` is the value of the groups question: {group id: {state, reason, plan_who, plan_by, plan_how}}.
    """
    with_lines = {group for line in lines for group in line.groups}
    gaps = []
    for group in groups:
        given = answer.get(group.id, {})
        state = given.get("state")
        planned = all(given.get(part, "").strip() for part in ("plan_who", "plan_by", "plan_how"))
        if not group.priority:
            continue
        if state == "affected" and group.id not in with_lines:
            gaps.append(Gap("group_without_line", group.id, group.label))
        elif state == "not_known" and not planned:
            gaps.append(Gap("group_not_known", group.id, group.label))
    return tuple(gaps)


def _is_unknown_to_act_on(line: Line, method: Method) -> bool:
    return line.direction == "not_known" and is_priority(line, method) and not line.plan_to_find_out


def _low_confidence(ledger: Sequence[Effect], method: Method) -> list[Gap]:
    """The low-confidence lines without a plan, where more than a third of a material ledger rests on them."""
    weak = [effect for effect in ledger if effect.line.confidence == "low" and not effect.line.plan_to_find_out]
    total = fsum(effect.weight(method.weights, "mid", method) for effect in ledger)
    part = fsum(effect.weight(method.weights, "mid", method) for effect in weak) / total
    if not method.above(part, float(method.low_confidence_part)):
        return []
    return [Gap("low_confidence", effect.line.id, effect.line.name) for effect in weak]
