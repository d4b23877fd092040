"""What fixed forms are made of: fields with their words, how they look, and the rules for what is typed in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Self

from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import (
    BooleanField,
    Field,
    Form,
    HiddenField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import StopValidation

from hia_app.domain import typed
from hia_app.domain.errors import InvalidInput
from hia_app.domain.typed import Unclear, clean_text
from hia_app.services.reasons import LONGEST_REASON

Sent = MultiDict[str, str]
Filter = Callable[[str], str]


class FixedForm(Form):
    """A form as it was sent, or with the values to begin with when it was not.

    Fields it does not have are ignored; of a field that was sent twice the first counts. What it finds wrong is told
    all at once. The services check again and decide: they also serve the terminal, and know what only they can.
    """

    def __init__(self, sent: Sent | None = None, **shown: Any) -> None:
        super().__init__(sent, data=shown)

    def check(self) -> None:
        """Raises InvalidInput with what is wrong, as the services do."""
        if not self.validate():
            raise InvalidInput({name: field.errors[0] for name, field in self._fields.items() if field.errors})

    @property
    def errors(self) -> dict[str | None, Any]:
        """The messages by the id of the box they are about, as links to it need them."""
        return {_first_box(self[name]) if name else name: found for name, found in super().errors.items()}

    def refused(self, messages: Mapping[str, str]) -> Self:
        """This form with a refusal's messages at their fields; those about no field of it stand above it."""
        for name, message in messages.items():
            box, _, part = name.rpartition("-")
            field = box if part in DayField.PARTS and box in self else name
            if field in self:
                self[field].errors = [message]
            else:
                self.form_errors.append(message)
        return self


class Storable:
    """Refuses text that cannot be kept: too long, on several lines, or with characters that are no text."""

    def __init__(self, characters: int, *, lines: bool) -> None:
        self.characters, self.lines = characters, lines

    def __call__(self, form: Form, field: StringField) -> None:
        try:
            clean_text(field.data, lines=self.lines, characters=self.characters)
        except Unclear as unclear:
            raise StopValidation(unclear.message) from None


class Asked:
    """Refuses a field in which nothing was typed or chosen, with the words that ask for it."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __call__(self, form: Form, field: StringField) -> None:
        if not field.data.strip():
            raise StopValidation(self.words)


class Ticked:
    """Refuses a box that was not ticked."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __call__(self, form: Form, field: BooleanField) -> None:
        if not field.data:
            raise StopValidation(self.words)


class Tick(BooleanField):
    """A box: ticked is what the box itself sends, and nothing else."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = valuelist[:1] == ["yes"]


class DayField(Field):
    """A date in three boxes; `data` is what was typed in each, and `day` the date once it is understood."""

    PARTS = ("day", "month", "year")
    day: date | None = None

    def process(self, formdata: Sent | None, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        shown = dict(zip(self.PARTS, (data.day, data.month, data.year), strict=True)) if isinstance(data, date) else {}
        boxes = {part: f"{self.name}-{part}" for part in self.PARTS}
        sent = formdata if formdata is not None and any(box in formdata for box in boxes.values()) else None
        self.data = {
            part: sent.get(box, "") if sent is not None else str(shown.get(part, "")) for part, box in boxes.items()
        }

    def pre_validate(self, form: Form) -> None:
        try:
            found = typed.date(**self.data)
        except Unclear as unclear:
            raise StopValidation(unclear.message) from None
        self.day = date.fromisoformat(found) if found else None


class AskedDay:
    """Refuses a date of which nothing was typed."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __call__(self, form: Form, field: DayField) -> None:
        if field.day is None:
            raise StopValidation(self.words)


class FileChosen(Field):
    """A file: it comes beside the form and not in it, so whoever makes the form hands it over; never drawn again."""

    data: FileStorage | None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """A text sent under the name of the file is no file."""


class AskedFile:
    """Refuses a form with which no file came."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __call__(self, form: Form, field: FileChosen) -> None:
        if field.data is None or not field.data.filename:
            raise StopValidation(self.words)


def _first_box(field: Field) -> str:
    return f"{field.name}-{DayField.PARTS[0]}" if isinstance(field, DayField) else str(field.name)


# `looks` are the keywords of the field's macro in components/forms.html.


def line(
    label: str, characters: int, *, ask: str = "", hint: str = "", filters: tuple[Filter, ...] = (), **looks: Any
) -> StringField:
    """A text of one line; with `ask` it may not be empty."""
    rules = [Storable(characters, lines=False), *([Asked(ask)] if ask else [])]
    return StringField(label, rules, (str.strip, *filters), hint, default="", render_kw=looks)


def why(
    label: str, ask: str, *, hint: str = "", characters: int = LONGEST_REASON, counted: bool = True, **looks: Any
) -> TextAreaField:
    """Words that must be given; with `counted` the page says how many characters are left."""
    rules = [Storable(characters, lines=True), Asked(ask)]
    looks |= {"characters": characters} if counted else {}
    return TextAreaField(label, rules, description=hint, default="", render_kw=looks)


def on_day(label: str, *, ask: str = "", hint: str = "") -> DayField:
    """A date; with `ask` it must be given."""
    return DayField(label, [AskedDay(ask)] if ask else [], description=hint, render_kw={})


def note(label: str, characters: int, *, hint: str = "", **looks: Any) -> TextAreaField:
    """Words that may be given, on several lines."""
    looks |= {"characters": characters}
    return TextAreaField(label, [Storable(characters, lines=True)], description=hint, default="", render_kw=looks)


def some_tick(label: str, *, hint: str = "") -> Tick:
    """One box to tick or to leave; whoever reads the form decides whether it was needed."""
    return Tick(label, description=hint, render_kw={})


def tick(label: str, ask: str, *, hint: str = "") -> Tick:
    """One box that must be ticked."""
    return Tick(label, [Ticked(ask)], description=hint, render_kw={})


def secret(label: str, *, ask: str = "", hint: str = "", **looks: Any) -> PasswordField:
    """A password: taken exactly as typed, and never shown again."""
    return PasswordField(label, [Asked(ask)] if ask else [], description=hint, default="", render_kw=looks)


def upload(label: str, *, ask: str, accept: str, hint: str = "") -> FileChosen:
    """One file to choose; `accept` is what the browser offers first."""
    return FileChosen(label, [AskedFile(ask)], description=hint, render_kw={"accept": accept})


def hidden(*filters: Filter) -> HiddenField:
    """What the page itself sends along."""
    return HiddenField(filters=filters, default="")


def one_of(
    label: str, choices: Iterable[SelectChoice] = (), *, ask: str = "", default: str = "", **looks: Any
) -> RadioField:
    """One choice as radio buttons; without `ask` whoever reads the form decides whether the choice is known."""
    return RadioField(label, **_choosing(choices, ask), default=default, render_kw=looks)


def one_from(label: str, choices: Iterable[SelectChoice] = (), *, ask: str = "", **looks: Any) -> SelectField:
    """One choice from a list to open; otherwise as `one_of`."""
    return SelectField(label, **_choosing(choices, ask), default="", render_kw=looks)


def some_of(
    label: str, choices: Iterable[SelectChoice] = (), *, ask: str = "", hint: str = "", **looks: Any
) -> SelectMultipleField:
    """Any number of choices as boxes to tick; with `ask` unknown ones are refused."""
    return SelectMultipleField(label, **_choosing(choices, ask), description=hint, default=(), render_kw=looks)


def _choosing(choices: Iterable[SelectChoice], ask: str) -> dict[str, Any]:
    return {"choices": list(choices), "validate_choice": bool(ask), "invalid_choice_message": ask}


def choice(value: object, label: str, hint: str = "") -> SelectChoice:
    return SelectChoice(str(value), label, {"hint": hint} if hint else {})


def shortened(characters: int) -> Filter:
    """Cuts what is longer, for words to search by."""
    return lambda text: text[:characters]
