"""What can be said about a whole assessment: ending it, opening it again, inviting to it, declining suggestions."""

from __future__ import annotations

from wtforms import ValidationError

from hia_app.services.versions import TRIGGERS
from hia_app.services.work import Case
from hia_app.web.forms.fields import FixedForm, Sent, choice, hidden, line, one_of, some_of, why

WHOLE, SOME = "all", "some"


class ScreenOut(FixedForm):
    reason = why(
        "Why is a full assessment not needed?",
        "Say why a full assessment is not needed",
        hint="A reviewer reads this and confirms it, or asks for a full assessment. It is printed in the record.",
    )


class Withdraw(FixedForm):
    reason = why("Why is it withdrawn?", "Say why it is withdrawn")


class Reopen(FixedForm):
    form_id = hidden()
    trigger = one_of("What has changed?", [choice(*one) for one in TRIGGERS.items()], ask="Choose what has changed")
    reason = why(
        "What exactly has changed, and why does it matter?",
        "Say what has changed, and why it matters",
        hint="This is printed with the new version.",
    )


class Invite(FixedForm):
    """The name may be empty: somebody who is known already keeps the one they have."""

    name = line("Name", 200, width="20")
    email = line("Email address", 254, ask="Enter an email address", type="email", spellcheck=False)
    reach = one_of(
        "What may they answer?",
        [choice(WHOLE, "The whole assessment"), choice(SOME, "Only the sections I choose")],
        default=WHOLE,
    )
    sections = some_of("Sections, if you choose some", small=True)

    def __init__(self, case: Case, sent: Sent | None = None) -> None:
        super().__init__(sent)
        self.sections.choices = [choice(one.id, one.title) for one in case.questionnaire.sections]

    def validate_sections(self, _: object) -> None:
        if self.reach.data == SOME and not self.sections.data:
            raise ValidationError("Choose at least one section, or the whole assessment")

    @property
    def reached(self) -> list[str]:
        """The sections to invite to; none means all."""
        return self.sections.data if self.reach.data == SOME else []


class Decline(FixedForm):
    reason = why(
        "Your reason", "Say why this does not apply", hint="The reviewer will see it", characters=2_000, rows=3
    )
