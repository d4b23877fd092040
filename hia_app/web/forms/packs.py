"""Which assessments go into a committee pack, and what it is called."""

from __future__ import annotations

from datetime import date

from hia_app.web.forms.fields import FixedForm, Sent, choice, hidden, line, one_of, shortened, some_tick
from hia_app.web.forms.register import day_of, day_typed


class PackSearch(FixedForm):
    """Narrows down what is shown; what cannot be understood narrows nothing down, and that is said."""

    words = line("Words, such as the name of the body", 200, filters=(shortened(200),))
    decided_from = day_typed("Decision from")
    decided_to = day_typed("Decision until")
    replaced = some_tick("Also show versions that a newer one has replaced")

    def __init__(self, sent: Sent) -> None:
        super().__init__(sent)
        self.validate()

    @property
    def since(self) -> date | None:
        return None if self.decided_from.errors else day_of(self.decided_from.data)

    @property
    def until(self) -> date | None:
        return None if self.decided_to.errors else day_of(self.decided_to.data)

    @property
    def narrowed(self) -> bool:
        return any(self.data.values())


class NewPack(FixedForm):
    form_id = hidden()
    all = hidden(shortened(3))
    title = line("Title on the cover", 150, hint="For example: Executive Board, 16 December 2026")
    edition = one_of(
        "Edition",
        [choice("full", "The fullest that you may read"), choice("public", "Public edition")],
        ask="Choose an edition",
    )

    @property
    def all_shown(self) -> bool:
        """Whether everything that the search found goes in, ticked or not."""
        return bool(self.all.data)
