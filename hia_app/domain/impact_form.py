"""The guided form of an impact: five short steps, what each asks, and what may be typed into them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from hia_app.domain.areas import Places
from hia_app.domain.errors import InvalidInput
from hia_app.domain.impact_reach import HUNDRED, LONGEST, choice, reach
from hia_app.domain.impact_shape import DURATIONS, FUNDINGS, Impact, Improvement, Mitigation
from hia_app.domain.lines import worse_on
from hia_app.domain.method import CONFIDENCES, DIRECTIONS, LIKELIHOODS, MAGNITUDES
from hia_app.domain.spreads import FROM_PLACES, Base
from hia_app.domain.typed import Form

Raw = Mapping[str, Sequence[str]]
Values = dict[str, Any]

YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Context:
    """What a form is checked against: the questionnaire's groups and evidence, the fifths, and the values before."""

    groups: frozenset[str]
    evidence: frozenset[str]
    reference_population: Sequence[int]
    places: Places | None = None
    before: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five questions the form asks; `of_unknowns` says whether it is asked when the effect is not known."""

    id: str
    number: int
    title: str
    columns: tuple[str, ...]
    parse: Callable[[Form, Context], Values]
    of_unknowns: bool = False


def _several(form: Form, name: str, allowed: frozenset[str]) -> list[str]:
    found = list(dict.fromkeys(form.all(name)))
    if not allowed.issuperset(found):
        form.refuse(name, "Choose from the answers shown")
    return found


def _day(form: Form, name: str) -> date | None:
    typed = form.date(name)
    return date.fromisoformat(typed) if typed else None


def _who(form: Form, context: Context) -> Values:
    direction = choice(form, "direction", DIRECTIONS)
    if direction is None:
        form.refuse("direction", "Choose whether people gain, lose, or it is not known")
    return {
        "direction": direction,
        "groups": _several(form, "groups", context.groups),
        "because": form.text("because", characters=LONGEST),
        "effect": form.text("effect", characters=LONGEST),
        "pathway": form.text("pathway", characters=LONGEST),
    }


def _size(form: Form, _: Context) -> Values:
    reversible = choice(form, "reversible", tuple(YES_NO))
    return {
        "magnitude": choice(form, "magnitude", MAGNITUDES),
        "likelihood": choice(form, "likelihood", LIKELIHOODS),
        "duration": choice(form, "duration", DURATIONS),
        "reversible": YES_NO[reversible] if reversible else None,
    }


def _reach(form: Form, context: Context) -> Values:
    return reach(form, context.reference_population, context.places)


def _know(form: Form, context: Context) -> Values:
    return {
        "evidence": _several(form, "evidence", context.evidence),
        "source": form.text("source", lines=True, characters=2_000),
        "confidence": choice(form, "confidence", CONFIDENCES),
        "plan_who": form.text("plan_who", characters=200),
        "plan_by": _day(form, "plan_by"),
        "plan_how": form.text("plan_how", lines=True, characters=2_000),
    }


def _act(form: Form, context: Context) -> Values:
    values: Values = {
        "action": form.text("action", lines=True, characters=2_000),
        "action_owner": form.text("action_owner", characters=200),
        "due": _day(form, "due"),
        "funding": choice(form, "funding", FUNDINGS),
        "measure": form.text("measure", lines=True, characters=2_000),
        "residual_magnitude": choice(form, "residual_magnitude", MAGNITUDES),
        "residual_likelihood": choice(form, "residual_likelihood", LIKELIHOODS),
        "no_action_reason": form.text("no_action_reason", lines=True, characters=2_000),
    }
    before = context.before
    for scale in worse_on(
        before.get("magnitude"), before.get("likelihood"), values["residual_magnitude"], values["residual_likelihood"]
    ):
        form.refuse(f"residual_{scale}", "What remains cannot be worse than before the mitigation")
    return values


STEPS: tuple[Step, ...] = (
    Step(
        "who",
        1,
        "Who gains or loses, and how?",
        ("direction", "groups", "because", "effect", "pathway"),
        _who,
        of_unknowns=True,
    ),
    Step(
        "size",
        2,
        "How much does it matter to one person, and how likely is it?",
        ("magnitude", "likelihood", "duration", "reversible"),
        _size,
    ),
    Step(
        "reach",
        3,
        "How many people, and where?",
        (
            *("reach_unit", "reach_low", "reach_mid", "reach_high"),
            *("spread_kind", "spread", "spread_source", "base", "reach_shares"),
        ),
        _reach,
    ),
    Step(
        "know",
        4,
        "How do you know?",
        ("evidence", "source", "confidence", "plan_who", "plan_by", "plan_how"),
        _know,
        of_unknowns=True,
    ),
    Step(
        "act",
        5,
        "What will you do about it?",
        (
            *("action", "action_owner", "due", "funding", "measure"),
            *("residual_magnitude", "residual_likelihood", "no_action_reason"),
        ),
        _act,
    ),
)
STEP = {step.id: step for step in STEPS}
COLUMNS: tuple[str, ...] = tuple(column for step in STEPS for column in step.columns)
SIZES = (
    *STEP["size"].columns,
    *("reach_low", "reach_mid", "reach_high", "spread_kind", "spread", "base", "reach_shares"),
    *("residual_magnitude", "residual_likelihood"),
)
"""What an effect that is "not known" cannot have."""


def steps_for(direction: str) -> tuple[Step, ...]:
    """The steps that are asked: an effect that is not known has no size, reach or mitigation."""
    return tuple(step for step in STEPS if step.of_unknowns or direction != "not_known")


def parse(steps: Sequence[str], raw: Raw, context: Context) -> Values:
    """The columns of the given steps as they will be kept. What is not given yet is empty; raises InvalidInput.

    An effect that becomes "not known" loses its size: what it had stays in the history.
    """
    form = Form(raw)
    values: Values = {}
    direction = context.before.get("direction")
    for step in STEPS:
        if step.id not in steps or (direction == "not_known" and not step.of_unknowns):
            continue
        known = replace(context, before={**context.before, **values})
        values |= step.parse(form, known)
        direction = values.get("direction") or direction
    if form.messages:
        raise InvalidInput(form.messages)
    if direction == "not_known":
        values |= {name: "" if name == "spread_kind" else None for name in SIZES}
    elif direction == "benefit":
        values |= {"residual_magnitude": None, "residual_likelihood": None}
    return values


def reason(text: str, ask: str = "Say why this does not apply") -> str:
    """A reason that must be given; raises InvalidInput."""
    form = Form({"reason": [text]})
    found = form.text("reason", lines=True, characters=2_000)
    if not found:
        form.refuse("reason", ask)
    if form.messages:
        raise InvalidInput(form.messages)
    return found


def form_values(values: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """What the form shows for stored columns: field name → text, or → list of texts for several choices."""
    shown: dict[str, str | list[str]] = {}
    # What was worked out from the places is not typed by anybody, and must not stay when somebody chooses otherwise.
    worked_out = {"spread", "spread_source"} if values.get("spread_kind") == FROM_PLACES else set()
    for name, value in values.items():
        if value is None or value == "" or name in worked_out:
            continue
        if name == "spread":
            shown |= {f"share_{fifth}": _percent(share) for fifth, share in enumerate(value, 1)}
        elif name == "base":
            shown["spread_base"] = value["id"]
        elif name == "reach_shares":
            figures = zip(("reach_low", "reach_mid", "reach_high"), value, strict=True)
            shown |= {field_name: f"{share}%" for field_name, share in figures if share is not None}
        elif isinstance(value, list):
            shown[name] = list(value)
        elif isinstance(value, bool):
            shown[name] = "yes" if value else "no"
        elif isinstance(value, date):
            shown |= {f"{name}-day": str(value.day), f"{name}-month": str(value.month), f"{name}-year": str(value.year)}
        else:
            shown[name] = format(value, "f") if isinstance(value, Decimal) else str(value)
    return shown


def _percent(share: str) -> str:
    percent = Decimal(share) * HUNDRED
    return format(percent.quantize(Decimal(1)) if percent == percent.to_integral_value() else percent.normalize(), "f")


def impact(name: str, section: str, principle: int | None, values: Mapping[str, Any], *, countersigned: bool) -> Impact:
    """Stored columns as an Impact; what is done about it is a mitigation of a harm or an improvement of a benefit."""
    spread = tuple(Decimal(share) for share in values["spread"]) if values["spread"] else None
    same = (
        *("direction", "because", "effect", "pathway", "magnitude", "likelihood", "duration", "reversible"),
        *("reach_unit", "reach_low", "reach_mid", "reach_high", "people_per_home", "spread_kind", "spread_source"),
        *("confidence", "source", "plan_who", "plan_by", "plan_how"),
    )
    action = {
        "action": values["action"],
        "owner": values["action_owner"],
        "due": values["due"],
        "funding": values["funding"],
        "measure": values["measure"],
    }
    harm = values["direction"] == "harm"
    residual = {"magnitude": values["residual_magnitude"], "likelihood": values["residual_likelihood"]}
    acts = any((*action.values(), *residual.values()))
    return Impact(
        id=name,
        section=section,
        principle=principle,
        groups=tuple(values["groups"]),
        evidence=tuple(values["evidence"]),
        base=Base.from_json(values["base"]) if values.get("base") else None,
        spread=spread,  # type: ignore[arg-type]  # five of them: the form and the database hold no other
        mitigation=Mitigation(**action, **residual, countersigned=countersigned) if harm and acts else None,
        improvement=Improvement(**action) if values["direction"] == "benefit" and acts else None,
        no_mitigation_reason=values["no_action_reason"],
        **{field_name: values[field_name] for field_name in same},
    )
