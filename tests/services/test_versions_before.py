"""A new version knows what those before it published, whatever lies between them."""

from typing import Any

from hia_app.services import assessments, comparisons, submissions, versions
from hia_app.services.answers import answers_of
from hia_app.services.work import Case, Work
from hia_app.store.columns import new_id
from hia_app.store.tables import Answer
from tests.support.answering import sample
from tests.support.archives import concluded_again, signed_off
from tests.support.office import Office
from tests.support.reviewing import Cast, cast, conclude, taken

FIGURES = "baseline_by_fifth"


def opened(people: Cast, case: Case) -> Case:
    work = people.works(people.officer)
    return versions.reopen(work, people.office.case(people.officer, case), new_id(), "scope", "Fewer homes")


def answer(work: Work, case: Case, first: str) -> None:
    """Give the figures by fifth, the first of them as said."""
    value: dict[str, Any] = sample(case.questionnaire.question_by_id[FIGURES])
    work.session.add(
        Answer(
            version_id=case.version.id,
            question_id=FIGURES,
            value={**value, "values": [first, *value["values"][1:]]},
            changed_by=work.actor.person_id,
            changed_at=work.now,
        )
    )
    work.session.flush()


def earlier(work: Work, case: Case) -> list[str] | None:
    """The first figure of each version before, as the record of this one keeps them."""
    rows = submissions.compose(work, case)["answers"]["assessment"]
    [row] = [row for row in rows if row["question"] == FIGURES]
    return [one["value"]["values"][0] for one in row["earlier"]] if "earlier" in row else None


def test_what_was_published_is_known_beyond_versions_that_left_it_out_or_were_withdrawn(office: Office) -> None:
    people = cast(office)
    officer, decider = people.works(people.officer), people.works(people.decider)
    first = taken(people)
    answer(officer, first, "9")
    conclude(people.works(people.reviewer), first, "approve", "Clear on who gains and who loses")
    signed_off(people, office.case(people.decider, first))

    second = opened(people, first)
    office.session.delete(answers_of(officer, second)[FIGURES])
    _, record = signed_off(people, concluded_again(people, second))
    third = opened(people, second)
    assessments.withdraw(officer, office.case(people.officer, third), "It was a mistake")

    fourth = opened(people, second)
    assert earlier(officer, fourth) is None
    answer(officer, fourth, "8")
    assert earlier(officer, fourth) == ["9"]
    composed = submissions.compose(officer, fourth)
    assert composed["assessment"]["previous"]["version"] == 2
    assert composed["assessment"]["previous"]["snapshot_hash"] == record.snapshot_hash
    assert composed["changes"] is not None

    signed_off(people, concluded_again(people, fourth))
    compared = comparisons.with_previous_version(decider, office.case(people.decider, fourth))
    assert compared is not None
    assert compared.before == "Version 2"
    assert earlier(officer, opened(people, fourth)) == ["9", "8"]
