"""A file of impacts rated without a database, for analysts and for anyone who wants to check the method.

The format is published in docs/schemas/rating-file.json, which `schema` writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AllowInfNan, BaseModel, ConfigDict, Field, Strict, StringConstraints, ValidationError

from hia_app.domain.gaps import Gap
from hia_app.domain.ledger import InvalidPopulation, Reference
from hia_app.domain.lines import InvalidLine, Line, LineMitigation, Reach
from hia_app.domain.method import LEEDS_FIFTHS, METHOD, Confidence, Direction, Likelihood, Magnitude, five
from hia_app.domain.rating import Rating, rate

MOST_BYTES = 10_000_000
MOST_IMPACTS = 500

Figure = Annotated[float, Strict(), AllowInfNan(False)]
Switch = Annotated[bool, Strict()]
Name = Annotated[str, Strict(), StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReachInput(_Strict):
    """People touched. One figure means that all three are equal."""

    low: Annotated[Figure, Field(ge=0)] | None = None
    mid: Annotated[Figure, Field(gt=0)]
    high: Annotated[Figure, Field(gt=0)] | None = None

    def reach(self) -> Reach:
        low = self.mid if self.low is None else self.low
        return Reach(low, self.mid, self.mid if self.high is None else self.high)


class MitigationInput(_Strict):
    """What is to remain of a harm; committed means that owner, due date, measure and funding are all given."""

    committed: Switch
    magnitude: Magnitude
    likelihood: Likelihood
    countersigned: Switch = False

    def mitigation(self) -> LineMitigation:
        return LineMitigation(self.committed, self.magnitude, self.likelihood, self.countersigned)


class ImpactInput(_Strict):
    """One effect on one set of people; an effect that is both a benefit and a harm is two impacts."""

    id: Name
    direction: Direction
    touches_priority_group: Switch
    confidence: Confidence
    plan_to_find_out: Switch = False
    magnitude: Magnitude | None = None
    likelihood: Likelihood | None = None
    reach: ReachInput | None = None
    spread: Annotated[list[Annotated[Figure, Field(ge=0)]], Field(min_length=5, max_length=5)] | None = None
    mitigation: MitigationInput | None = None

    def line(self) -> Line:
        """Raises InvalidLine."""
        reach, mitigation = self.reach, self.mitigation
        return Line(
            id=self.id,
            direction=self.direction,
            touches_priority_group=self.touches_priority_group,
            confidence=self.confidence,
            plan_to_find_out=self.plan_to_find_out,
            magnitude=self.magnitude,
            likelihood=self.likelihood,
            reach=reach.reach() if reach is not None else None,
            spread=five(self.spread) if self.spread is not None else None,
            mitigation=mitigation.mitigation() if mitigation is not None else None,
        )


class RatingFile(_Strict):
    """`complete` false says that required answers are missing; the population defaults to the Leeds fifths."""

    reference_population: Annotated[list[Annotated[Figure, Field(gt=0)]], Field(min_length=5, max_length=5)] = list(
        LEEDS_FIFTHS
    )
    complete: Switch = True
    impacts: Annotated[list[ImpactInput], Field(max_length=MOST_IMPACTS)]


@dataclass(frozen=True)
class FileProblem:
    """What is wrong and where: "impacts[2].reach.mid"; impacts count from 0, an empty place is the whole file."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}" if self.place else self.reason


class InvalidRatingFile(ValueError):
    """A file that cannot be rated, with every problem found."""

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


def read(content: bytes | str) -> Any:
    """The JSON in a file. Raises InvalidRatingFile for what is not JSON in UTF-8, or has a key twice.

    NaN and Infinity come through, so that `checked` can name their places.
    """
    try:
        if len(content) > MOST_BYTES:
            raise ValueError(f"the file is larger than {MOST_BYTES // 1_000_000} MB")
        text = content if isinstance(content, str) else content.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_once, parse_int=_whole)
    except UnicodeDecodeError as error:
        raise InvalidRatingFile([FileProblem("", f"the file is not UTF-8 (byte {error.start})")]) from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InvalidRatingFile([FileProblem(place, f"not JSON: {error.msg}")]) from None
    except RecursionError:
        raise InvalidRatingFile([FileProblem("", "the file is nested too deeply")]) from None
    except ValueError as error:
        raise InvalidRatingFile([FileProblem("", f"{error}")]) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!a} is given twice")
        found[key] = value
    return found


def _whole(digits: str) -> int:
    if len(digits) > 400:
        raise ValueError("a number has more than 400 digits")
    return int(digits)


def rate_file(content: Any) -> dict[str, Any]:
    """Rate what `read` returned. Raises InvalidRatingFile with every problem and its place."""
    return result(checked(content))


def checked(content: Any) -> Rating:
    """The whole rating of a file's content. Raises InvalidRatingFile with every problem and its place."""
    if not isinstance(content, Mapping):
        raise InvalidRatingFile([FileProblem("", "must be an object with the key “impacts”")])
    problems = list(_shape_problems(content))
    lines = list(_lines(content.get("impacts"), problems))
    population = content.get("reference_population", list(LEEDS_FIFTHS))
    if not any(problem.place.startswith("reference_population") for problem in problems):
        try:
            Reference(five(population))
        except InvalidPopulation as error:
            problems.append(FileProblem("reference_population", str(error)))
    if problems:
        raise InvalidRatingFile(problems)
    gaps = [] if content.get("complete", True) else [Gap("missing_answer")]
    return rate(lines, population, gaps)


def _shape_problems(content: Mapping[str, Any]) -> Iterator[FileProblem]:
    try:
        RatingFile.model_validate(content)
    except ValidationError as error:
        for found in error.errors(include_url=False, include_input=False):
            yield FileProblem(_place(found["loc"]), _reason(found["type"], found.get("ctx", {}), found["msg"]))


def _lines(impacts: Any, problems: list[FileProblem]) -> Iterator[Line]:
    """The lines of the impacts whose fields are sound; adds what does not fit together to the problems."""
    seen: set[str] = set()
    for index, impact in enumerate(impacts[:MOST_IMPACTS] if isinstance(impacts, list) else ()):
        name = impact.get("id") if isinstance(impact, Mapping) else None
        if isinstance(name, str) and name:
            if name in seen:
                problems.append(FileProblem(f"impacts[{index}].id", "is used by an earlier impact"))
            seen.add(name)
        try:
            line = ImpactInput.model_validate(impact).line()
        except InvalidLine as error:
            problems.extend(FileProblem(f"impacts[{index}].{field}", why) for field, why in error.problems)
        except ValidationError as error:  # these are named by _shape_problems; what the other fields say is not
            broken = {str(found["loc"][0]) for found in error.errors() if found["loc"]}
            problems.extend(FileProblem(f"impacts[{index}].{field}", why) for field, why in _rest(impact, broken))
        else:
            yield line


_STAND_IN = {"id": "?", "touches_priority_group": False, "confidence": "low"}


def _rest(impact: Any, broken: set[str]) -> Iterator[tuple[str, str]]:
    """What does not fit together among the fields of an impact that are sound by themselves."""
    if not isinstance(impact, Mapping) or "direction" in broken:
        return
    sound = {field: value for field, value in impact.items() if field not in broken}
    try:
        ImpactInput.model_validate({**_STAND_IN, **sound}).line()
    except InvalidLine as error:
        for field, why in error.problems:
            if field.split(".")[0] not in broken:
                yield field, why


def _place(loc: Sequence[int | str]) -> str:
    place = ""
    for step in loc:
        if isinstance(step, int):
            place += f"[{step}]"
        else:
            name = step if step.isidentifier() and step.isascii() else ascii(step)
            place += f".{name}" if place else name
    return place


_REASONS = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of this format",
    "bool_type": "must be true or false",
    "float_type": "must be a number",
    "finite_number": "must be an ordinary number",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "string_too_long": "must not be longer than 500 characters",
    "string_pattern_mismatch": "must not contain control characters",
    "string_unicode": "must be sound Unicode text",
    "list_type": "must be a list",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
}


def _reason(kind: str, context: Mapping[str, Any], message: str) -> str:
    if kind == "literal_error":
        return f"must be one of {context['expected']}"
    if kind in ("too_short", "too_long"):
        limit = context.get("max_length", context.get("min_length"))
        return f"must have {'exactly' if limit == 5 else 'at most'} {limit} entries"
    if kind == "greater_than":
        return f"must be above {context['gt']:g}"
    if kind == "greater_than_equal":
        return f"must not be below {context['ge']:g}"
    return _REASONS.get(kind, message)


def result(rating: Rating) -> dict[str, Any]:
    """What `hia rate` prints; numbers are not rounded. Reasons are line ids, or the words of what is missing."""
    robust = rating.robustness
    return {
        "rule": rating.rule,
        "provisional_rule": rating.provisional_rule,
        "label": rating.label,
        "variant": rating.variant,
        "reasons": [fired.id or fired.words for fired in rating.fired],
        "benefits_per_1000": list(rating.benefits.mid),
        "benefits_per_1000_low": list(rating.benefits.low),
        "benefits_per_1000_high": list(rating.benefits.high),
        "harms_per_1000": list(rating.harms.mid),
        "harms_per_1000_low": list(rating.harms.low),
        "harms_per_1000_high": list(rating.harms.high),
        "rci_benefits": rating.rci_benefits,
        "rci_harms": rating.rci_harms,
        "benefit_shape": rating.benefit_shape,
        "stop": list(rating.stop),
        "moderate_or_worse": list(rating.moderate_or_worse),
        "robustness": {
            "runs": {str(rule): count for rule, count in robust.runs.items()},
            "one_step": [
                {"id": step.id, "field": step.field, "from": step.before, "to": step.after, "rule": step.rule}
                for step in robust.one_step
            ],
            "leave_one_out": [{"id": left.id, "rule": left.rule} for left in robust.leave_one_out],
            "easiest_flip": robust.easiest_flip,
        },
    }


def schema() -> dict[str, Any]:
    """The published JSON Schema (draft 2020-12). Sums, order of figures and residuals are checked by the code."""
    published = RatingFile.model_json_schema()
    sized = ["magnitude", "likelihood", "reach", "spread"]
    published["$defs"]["ImpactInput"]["allOf"] = [
        {
            "if": {"properties": {"direction": {"const": "not_known"}}},
            "then": {"properties": {field: {"type": "null"} for field in (*sized, "mitigation")}},
            "else": {"required": sized, "properties": {field: {"not": {"type": "null"}} for field in sized}},
        },
        {
            "if": {"properties": {"direction": {"const": "benefit"}}},
            "then": {"properties": {"mitigation": {"type": "null"}}},
        },
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **published,
        "title": f"Impacts to rate with `hia rate` (method {METHOD.version})",
    }
