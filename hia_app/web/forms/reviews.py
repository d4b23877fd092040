"""What a reviewer says about who reviews."""

from __future__ import annotations

from collections.abc import Iterable

from hia_app.store.tables import Person
from hia_app.web.forms.fields import FixedForm, Sent, choice, one_of, why


class HandOver(FixedForm):
    """Only those shown are free to take the review over; the service looks again when it happens."""

    to = one_of("Who takes it over?", ask="Choose a reviewer who is free to take this review")
    reason = why("Why do you hand it over?", "Say why you hand this review over", rows=3)

    def __init__(self, free: Iterable[Person], sent: Sent | None = None) -> None:
        super().__init__(sent)
        self.to.choices = [choice(one.id, one.name, one.job_title) for one in free]
