"""Searching the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from wtforms import ValidationError

from hia_app.domain import typed
from hia_app.domain.method import RULES
from hia_app.domain.principles import PRINCIPLES, principle_name
from hia_app.services.register import Search
from hia_app.web.forms.fields import FixedForm, Sent, StringField, choice, hidden, line, one_from, shortened

UNCLEAR = "Give the date as year-month-day, such as 2026-11-23"
NUMBERED = sorted((rule for rule in RULES if rule.number), key=lambda rule: rule.number)


def day_of(text: str) -> date | None:
    """The day of "2026-11-23", None of nothing. Raises Unclear."""
    year, month, day = text.split("-") if text.count("-") == 2 else ("", text, "")
    found = typed.date(day, month, year)
    return date.fromisoformat(found) if found else None


def _is_day(_: FixedForm, field: StringField) -> None:
    try:
        day_of(field.data)
    except typed.Unclear:
        raise ValidationError(UNCLEAR) from None


def day_typed(label: str) -> StringField:
    return StringField(label, [_is_day], (str.strip,), default="", render_kw={"type": "date"})


class RegisterSearch(FixedForm):
    """What cannot be understood narrows nothing down; of dates that is said, as they are typed."""

    words = line("Words", 200, filters=(shortened(200),))
    scheme_type = one_from("Type of scheme", empty="Any")
    rule = one_from("Rating", [choice(rule.number, rule.label) for rule in NUMBERED], empty="Any")
    principle = one_from(
        "Marmot principle with impacts", [choice(number, principle_name(number)) for number in PRINCIPLES], empty="Any"
    )
    signed_from = day_typed("Signed off from")
    signed_to = day_typed("Signed off until")
    after = hidden(shortened(100))

    def __init__(self, scheme_types: Mapping[str, str], sent: Sent) -> None:
        super().__init__(sent)
        self.scheme_type.choices = [choice(*one) for one in scheme_types.items()]
        self.validate()

    def search(self) -> Search:
        return Search(
            words="" if self.words.errors else self.words.data,
            principle=_known(self.principle.data, PRINCIPLES),
            scheme_type=self.scheme_type.data[:60],
            rule=_known(self.rule.data, (rule.number for rule in RULES)),
            signed_from=None if self.signed_from.errors else day_of(self.signed_from.data),
            signed_to=None if self.signed_to.errors else day_of(self.signed_to.data),
            after=self.after.data,
        )


def _known(text: str, numbers: Iterable[int]) -> int | None:
    return {str(number): number for number in numbers}.get(text)
