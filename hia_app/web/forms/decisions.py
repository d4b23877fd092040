"""What a decision-maker says beside signing off."""

from __future__ import annotations

from collections.abc import Iterable

from hia_app.store.tables import Person
from hia_app.web.forms.fields import FixedForm, Sent, choice, on_day, one_of, why


class Delegate(FixedForm):
    """Only those shown may decide instead; the service looks again when it happens."""

    to = one_of("Who may decide?", ask="Choose a decision-maker who has no other part in this assessment")
    first = on_day("From which day?", ask="Enter the first day")
    last = on_day("Until which day?", ask="Enter the last day")
    reason = why("Why?", "Say why you let somebody else decide", rows=3, hint="The history keeps these words.")

    def __init__(self, free: Iterable[Person], sent: Sent | None = None) -> None:
        super().__init__(sent)
        self.to.choices = [choice(one.id, one.name, one.job_title) for one in free]
