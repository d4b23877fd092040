"""What administrators write about people: their names, their roles, and who takes over from whom."""

from __future__ import annotations

from collections.abc import Iterable

from hia_app.domain.workflow import STATES
from hia_app.services import entitlements
from hia_app.services.responsibilities import Part
from hia_app.store.tables import Person
from hia_app.web.forms.fields import (
    FixedForm,
    Sent,
    choice,
    hidden,
    line,
    one_from,
    shortened,
    some_of,
    why,
)
from hia_app.web.wording import ROLES


class Named(FixedForm):
    name = line("Name", 200, ask="Enter the person's name.", spellcheck=False)
    email = line("Email address", 254, ask="Enter an email address.", type="email", spellcheck=False)
    job_title = line("Job title (optional)", 200)

    @property
    def entry(self) -> dict[str, str]:
        return {"name": self.name.data, "email": self.email.data, "job_title": self.job_title.data}


class Roles(FixedForm):
    roles = some_of(
        "Roles",
        [choice(role, *words) for role, words in ROLES.items()],
        ask="Choose roles from the list.",
        hint="On one assessment nobody can both write, review and decide, whatever roles they hold.",
    )


class Entitle(FixedForm):
    reason = why(
        "Why may they read exempt parts?",
        entitlements.WHY,
        hint="Name the duty or rule that asks for it. It is kept in the history.",
        rows=3,
        counted=False,
    )


class EndEntitlement(FixedForm):
    reason = why("Why does it end?", entitlements.WHY_NOT, rows=3, counted=False)


class NewPerson(Named):
    form_id = hidden()
    roles = Roles.roles


class Reassign(FixedForm):
    """Hands one part in an assessment to somebody else; who of those shown may take it, the service says."""

    person = one_from("Person", empty="Choose somebody")
    reason = why("Why does this change?", "Say why this part changes hands", rows=3, counted=False)

    def __init__(self, part: Part, people: Iterable[Person], sent: Sent | None = None) -> None:
        super().__init__(sent)
        self.person.label.text = f"New {part.label}"
        self.person.choices = [choice(one.id, _with_job(one)) for one in people]


class AssessmentSearch(FixedForm):
    """An unknown state finds nothing to narrow down, so it is left out."""

    words = line("Title, reference or owner", 200, filters=(shortened(200),))
    state = one_from("State", [choice(state, wording.label) for state, wording in STATES.items()], empty="Any")


def _with_job(person: Person) -> str:
    return f"{person.name} ({person.job_title})" if person.job_title else person.name
