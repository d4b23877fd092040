"""What a reviewer says: who reviews, and how a review begins, ends and begins again."""

from __future__ import annotations

from collections.abc import Iterable

from hia_app.domain.quality import GRADES, LONGEST_COMMENT
from hia_app.domain.report_decision import RECOMMENDATIONS
from hia_app.services.cover import Parts
from hia_app.services.reasons import LONGEST_REASON
from hia_app.store.tables import Person
from hia_app.web.forms.fields import DayField, FixedForm, Sent, choice, hidden, note, on_day, one_of, some_tick, why


class NoConflict(FixedForm):
    """Said by whoever begins to lead a review; whether it is still free the service says first."""

    no_conflict = some_tick(
        "I have no conflict of interest in this scheme",
        hint="For example: you or your family live in or own property in the area, or you advised on the proposal.",
    )


class Absence(FixedForm):
    """Whether the days fit each other, today and other absences the service says."""

    first = on_day("First day away", ask="Enter the first day")
    last = on_day("Last day away", ask="Enter the last day")
    cover = one_of("Who covers?", ask="Choose the reviewer who covers")

    def __init__(self, free: Iterable[Person], sent: Sent | None = None) -> None:
        super().__init__(sent)
        self.cover.choices = [choice(one.id, one.name, one.job_title) for one in free]

    @property
    def days(self) -> tuple[Parts, Parts]:
        return _parts(self.first), _parts(self.last)


class HandOver(FixedForm):
    """Only those shown are free to take the review over; the service looks again when it happens."""

    to = one_of("Who takes it over?", ask="Choose a reviewer who is free to take this review")
    reason = why("Why do you hand it over?", "Say why you hand this review over", rows=3)

    def __init__(self, free: Iterable[Person], sent: Sent | None = None) -> None:
        super().__init__(sent)
        self.to.choices = [choice(one.id, one.name, one.job_title) for one in free]


class SectionReviewed(FixedForm):
    """What one reviewer says about their section; the service knows whether a conflict of interest was denied."""

    no_conflict = NoConflict.no_conflict
    grade = one_of(
        "How good is this section?",
        [choice(letter, f"{letter}: {words}") for letter, words in GRADES.items()],
        ask="Choose a grade",
    )
    comment = note("Comment", LONGEST_COMMENT, hint="A C or a D needs one. It is printed in the record.", rows=4)


class Rescind(FixedForm):
    reason = why("Why does it have to be looked at again?", "Say why it has to be looked at again", rows=3)


class Countersign(FixedForm):
    row_version = hidden()
    reason = why(
        "Why do you believe that it will do this?",
        "Say why you believe that this mitigation will do what it claims",
        hint="What you know of the evidence, the owner and the means.",
        rows=4,
    )


class WithdrawCountersignature(FixedForm):
    reason = why("Why do you withdraw it?", "Say why you withdraw the countersignature", rows=4)


class Conclude(FixedForm):
    """Never checked here: the service tells what is missing in it with grades, comments and conditions."""

    recommendation = one_of("What do you recommend?", [choice(*one) for one in RECOMMENDATIONS.items()])
    exempt_decided = some_tick("I have decided what the public edition leaves out, and considered its small numbers")
    reasons = note(
        "Your reasons",
        LONGEST_REASON,
        hint=(
            "What convinced you, what does not, and what the decision-maker should weigh. They see these words first."
        ),
        rows=7,
    )


class ReopenReview(FixedForm):
    reason = why("Why is it opened again?", "Say why the review is opened again", rows=4)


class ConfirmScreening(FixedForm):
    """What the reason has to say depends on the outcome, so the service asks for it."""

    outcome = one_of(
        "What do you say?",
        [
            choice(
                "confirm",
                "A full assessment is not needed",
                "This freezes a record with both your reasons. It goes into the register.",
            ),
            choice("full", "A full assessment is needed", "It becomes a draft for the officer to complete."),
        ],
        ask="Choose whether a full assessment is needed",
    )
    reason = note("Your reason", LONGEST_REASON, rows=4)


def _parts(day: DayField) -> Parts:
    return day.data["day"], day.data["month"], day.data["year"]
