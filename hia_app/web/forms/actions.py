"""What is said about an action after the record that promised it was signed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from hia_app.domain.promises import CHOICES, STATUSES
from hia_app.services.actions import LONGEST_NOTE, Changed
from hia_app.store.tables import Person
from hia_app.web.forms.fields import FixedForm, Sent, choice, hidden, line, note, on_day, one_from, one_of, why


class ReportStatus(FixedForm):
    """Whether words are needed with it the service says: that depends on how the action stands."""

    row_version = hidden()
    status = one_of("How does it stand?", [choice(one, STATUSES[one]) for one in CHOICES], ask="Choose how it stands")
    note = note("What was done, or why it is dropped", LONGEST_NOTE, rows=4)


class ChangeAction(FixedForm):
    """What the frozen record promised stays in it; this is what holds from now on."""

    row_version = hidden()
    owner = line("Who does it?", 200, ask="Say who does it")
    due = on_day("By when?", ask="Enter the date")
    measure = note("How will it be seen?", LONGEST_NOTE, rows=3)
    keeper = one_from("Who else says how it stands?", empty="Only the owner of the assessment")
    reason = why("Why does this change?", "Say why this changes", rows=3, hint="The history keeps these words.")

    def __init__(self, people: Iterable[Person], sent: Sent | None = None, **shown: Any) -> None:
        super().__init__(sent, **shown)
        self.keeper.choices = [choice(one.id, one.name) for one in people]

    @property
    def said(self) -> Changed:
        assert isinstance(self.due.day, date)  # noqa: S101  asked for above
        return Changed(self.owner.data, self.due.day, self.measure.data, self.keeper.data, self.reason.data)
