"""What a reviewer says about one value of an impact, or about what the public edition leaves out."""

from __future__ import annotations

from collections.abc import Mapping

from hia_app.domain.disputes import FIELDS, LABELS, in_words
from hia_app.domain.exempt import PARAGRAPHS
from hia_app.services.disputes import parted
from hia_app.web.forms.fields import FixedForm, Sent, choice, one_of, why


class Disagree(FixedForm):
    """Any value of the impact but the officer's; the service looks again when it happens."""

    value = one_of("What do you see otherwise?", ask="Choose a value of this impact and how you see it")
    reason = why(
        "Why?",
        "Say why you see it otherwise",
        hint="The officer and the decision-maker read these words, and the record keeps them.",
        rows=4,
    )

    def __init__(self, given: Mapping[str, str], sent: Sent | None = None) -> None:
        super().__init__(sent)
        self.value.choices = [
            choice(f"{field}:{value}", f"{LABELS[field]}: {in_words(value)}", f"The officer says {in_words(officers)}")
            for field, scale in FIELDS.items()
            if (officers := given.get(field)) is not None
            for value in scale
            if value != officers
        ]

    @property
    def seen(self) -> tuple[str, str]:
        """The field and the value as the reviewer sees it."""
        return parted(self.value.data)


class WithdrawDispute(FixedForm):
    reason = why("Why do you withdraw it?", "Say why you withdraw it", rows=4)


class MarkExempt(FixedForm):
    paragraph = one_of(
        "Which paragraph of Schedule 12A?",
        [choice(number, f"Paragraph {number}: {words}") for number, words in PARAGRAPHS.items()],
        ask="Choose the paragraph of Schedule 12A",
    )
    public_interest = why(
        "Why is the public interest in keeping it back greater than in telling it?",
        "Say why the public interest in keeping it back is greater",
        rows=4,
    )


class LiftMark(FixedForm):
    reason = why("Why is the mark lifted?", "Say why the mark is lifted", rows=4)
