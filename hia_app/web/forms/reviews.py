"""What a reviewer says about who reviews."""

from __future__ import annotations

from collections.abc import Iterable

from hia_app.domain.quality import GRADES, LONGEST_COMMENT
from hia_app.store.tables import Person
from hia_app.web.forms.fields import FixedForm, Sent, choice, note, one_of, some_tick, why


class HandOver(FixedForm):
    """Only those shown are free to take the review over; the service looks again when it happens."""

    to = one_of("Who takes it over?", ask="Choose a reviewer who is free to take this review")
    reason = why("Why do you hand it over?", "Say why you hand this review over", rows=3)

    def __init__(self, free: Iterable[Person], sent: Sent | None = None) -> None:
        super().__init__(sent)
        self.to.choices = [choice(one.id, one.name, one.job_title) for one in free]


class SectionReviewed(FixedForm):
    """What one reviewer says about their section; the service knows whether a conflict of interest was denied."""

    no_conflict = some_tick(
        "I have no conflict of interest in this scheme",
        hint="For example: you or your family live in or own property in the area, or you advised on the proposal.",
    )
    grade = one_of(
        "How good is this section?",
        [choice(letter, f"{letter}: {words}") for letter, words in GRADES.items()],
        ask="Choose a grade",
    )
    comment = note("Comment", LONGEST_COMMENT, hint="A C or a D needs one. It is printed in the record.", rows=4)


class Rescind(FixedForm):
    reason = why("Why does it have to be looked at again?", "Say why it has to be looked at again", rows=3)
