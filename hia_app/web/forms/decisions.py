"""What a decision-maker says beside signing off."""

from __future__ import annotations

from collections.abc import Iterable

from hia_app.domain.report_decision import AIMS
from hia_app.services.decisions import LONGEST_STATEMENT, Signing
from hia_app.store.tables import Person
from hia_app.web.forms.fields import FixedForm, Sent, choice, hidden, note, on_day, one_of, secret, why


class SignOff(FixedForm):
    """The statements and the password; never checked here: what is missing in it is told with what is unread."""

    submission_hash = hidden()
    eliminate = note(
        f"Aim 1: {AIMS['eliminate']}",
        LONGEST_STATEMENT,
        hint="All nine protected characteristics count here, marriage and civil partnership included.",
        rows=5,
    )
    advance = note(
        f"Aim 2: {AIMS['advance']}",
        LONGEST_STATEMENT,
        hint=(
            "Eight characteristics: marriage and civil partnership counts for the first aim only. Think of "
            "disadvantages to remove, needs to meet and people who take little part."
        ),
        rows=5,
    )
    foster = note(
        f"Aim 3: {AIMS['foster']}",
        LONGEST_STATEMENT,
        hint="Eight characteristics, as for aim 2. Think of prejudice and understanding between people.",
        rows=5,
    )
    socio_economic = note(
        "Socio-economic disadvantage (good practice, you may leave it empty)",
        LONGEST_STATEMENT,
        hint=(
            "The law does not ask for this in England. Councils that want to narrow the gap write it anyway: how did "
            "you weigh the effect on people with the least?"
        ),
        rows=4,
    )
    reasons = note("Anything else you want the record to say (you may leave it empty)", LONGEST_STATEMENT, rows=3)
    password = secret("Your password", hint="Asked again, so that nobody else can sign in your name.")

    def before(self, fingerprint: str, *, reasons_needed: bool) -> None:
        """Make it the form of one submission, in which reasons must be given or may be."""
        self.submission_hash.data = fingerprint
        if reasons_needed:
            self.reasons.label.text = "Your reasons for going ahead"
            self.reasons.description = (
                "The record prints these words. Say what you weighed against the harm or the unknown, and what you "
                "ask to be done."
            )
            self.reasons.render_kw = self.reasons.render_kw | {"rows": 6}

    @property
    def written(self) -> bool:
        """Whether anything is stated already."""
        stated = (self.eliminate, self.advance, self.foster, self.socio_economic, self.reasons)
        return any(field.data.strip() for field in stated)

    @property
    def signing(self) -> Signing:
        return Signing(**self.data)


class ReferBack(FixedForm):
    reason = why(
        "What should be looked at again?",
        "Say what the reviewer should look at again",
        hint="The reviewer and the author side see these words, and the record keeps them.",
    )


class Refuse(FixedForm):
    reason = why("Why do you refuse it?", "Say why you refuse it")


class Delegate(FixedForm):
    """Only those shown may decide instead; the service looks again when it happens."""

    to = one_of("Who may decide?", ask="Choose a decision-maker who has no other part in this assessment")
    first = on_day("From which day?", ask="Enter the first day")
    last = on_day("Until which day?", ask="Enter the last day")
    reason = why("Why?", "Say why you let somebody else decide", rows=3, hint="The history keeps these words.")

    def __init__(self, free: Iterable[Person], sent: Sent | None = None) -> None:
        super().__init__(sent)
        self.to.choices = [choice(one.id, one.name, one.job_title) for one in free]
