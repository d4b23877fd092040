"""A file of evidence, what is said about it, and why it is withheld."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import FileStorage

from hia_app.domain.evidence import (
    LONGEST_DESCRIPTION,
    LONGEST_WITHHOLDING,
    STRENGTHS,
    Said,
    size_words,
)
from hia_app.web.forms.fields import FixedForm, Sent, choice, hidden, line, on_day, one_of, upload, why


class Chosen(FixedForm):
    """The file itself, of at most `largest` bytes; what may be in it the services say."""

    form_id = hidden()
    file = upload("File", ask="Choose a file", accept=".pdf,.docx,.xlsx,.pptx,.odt,.ods,.png,.jpg,.jpeg,.csv,.txt")

    def __init__(self, largest: int, sent: Sent | None = None, **shown: Any) -> None:
        super().__init__(sent, **shown)
        self.file.description = (
            "PDF, Word, Excel or PowerPoint without macros, OpenDocument, PNG or JPEG picture, CSV or plain text. "
            f"Up to {size_words(largest)}. Not e-mails: save what matters as a PDF. Take out names of people who "
            "should not be known."
        )
        self.file.render_kw = self.file.render_kw | {"largest": largest}

    @property
    def chosen(self) -> FileStorage:
        assert self.file.data is not None  # noqa: S101  asked for above
        return self.file.data


class SaidOfFile(FixedForm):
    """None of it must be given; the service knows today's date."""

    description = line("What does it show? (optional)", LONGEST_DESCRIPTION)
    strength = one_of("How strong is it?", [choice(*one) for one in STRENGTHS], small=True)
    dated = on_day(
        "When is it from? (optional)", hint="The date of the report or of the figures. For example 27 3 2025"
    )

    @property
    def said(self) -> Said:
        return Said(self.description.data, self.strength.data or None, self.dated.day)


class ChangeSaid(SaidOfFile):
    row_version = hidden()


class AddFile(Chosen, SaidOfFile):
    """A file, and what is said about it."""


class Withhold(FixedForm):
    reason = why(
        "Why may readers not open it?",
        "Say why readers of the record may not open this file",
        characters=LONGEST_WITHHOLDING,
        rows=3,
    )
