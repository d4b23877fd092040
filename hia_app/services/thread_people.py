"""Who can be asked to deal with a comment."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from hia_app.domain.policy import Side
from hia_app.services.work import Case, Work
from hia_app.store.tables import Contributor, Person, PersonSide, Thread


def people_of(work: Work, case: Case, thread: Thread) -> Sequence[Person]:
    """The active people who take part and may read this thread, by name; of a private note only reviewers."""
    return people_of_each(work, case, [thread])[thread.id]


def people_of_each(work: Work, case: Case, threads: Sequence[Thread]) -> dict[str, list[Person]]:
    """The same for several threads, by thread id; two queries, whatever their number."""
    review = work.session.scalars(
        select(Person)
        .join(PersonSide, PersonSide.person_id == Person.id)
        .where(PersonSide.assessment_id == case.version.assessment_id, PersonSide.side == Side.REVIEW)
    ).all()
    helping = work.session.scalars(
        select(Contributor).where(
            Contributor.assessment_id == case.version.assessment_id, Contributor.removed_at.is_(None)
        )
    ).all()

    def able(thread: Thread) -> list[Person]:
        found = {person.id: person for person in review}
        if not thread.private:
            found[case.version.owner_id] = case.version.owner
            reaching = (one for one in helping if not one.sections or thread.section_id in one.sections)
            found |= {one.person_id: one.person for one in reaching}
        return sorted((one for one in found.values() if one.disabled_at is None), key=lambda one: (one.name, one.id))

    return {thread.id: able(thread) for thread in threads}
