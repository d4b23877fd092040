"""What is said about a record after it was frozen."""

from __future__ import annotations

from hia_app.services.body_decisions import OUTCOMES, BodyDecision
from hia_app.web.forms.fields import FixedForm, choice, line, on_day, one_of, tick, why


class Decided(FixedForm):
    """What a committee or board decided; the service looks at the dates."""

    outcome = one_of(
        "What was decided?", [choice(*one) for one in OUTCOMES.items()], ask="Choose what the body decided"
    )
    decided_on = on_day("When was it decided?", ask="Enter the date of the decision")
    minute = line("Minute", 200, ask="Give the number of the minute", hint="Its number, as the minutes give it.")
    note = line("Note (optional)", 2_000, hint="For example what was changed, or where the minutes are published.")

    @property
    def said(self) -> BodyDecision:
        assert self.decided_on.day is not None  # noqa: S101  asked for above
        return BodyDecision(self.outcome.data, self.decided_on.day, self.minute.data, self.note.data)


class Hold(FixedForm):
    reason = why(
        "Why must it be kept?",
        "Say why this must be kept",
        hint="For example a claim or a request for information, with its reference. Kept in the history.",
        rows=3,
    )


class LiftHold(FixedForm):
    reason = why("Why need it not be kept any more?", "Say why this need not be kept any more", rows=3)


class Dispose(FixedForm):
    authority = line(
        "Under which rule, or by whose decision?", 200, ask="Say under which rule or by whose decision this goes"
    )
    why_now = why("Why does it go now?", "Say why this goes now", rows=3)  # beside it the page asks for another reason
    sure = tick(
        "I understand that the content of this record can never be brought back", "Say that you understand what goes"
    )
