"""What changed between submissions and between versions, for those who may see both."""

import pytest

from hia_app.domain.errors import NotVisible
from hia_app.services import comparisons, impacts, submissions
from hia_app.services.answers import answers_of
from hia_app.store.tables import ImpactLine
from tests.support.office import Office
from tests.support.reviewing import BENEFIT, QUESTION, add_impact, cast, taken


def test_answers_impacts_and_rating_are_compared_one_by_one(office: Office) -> None:
    people = cast(office)
    case = taken(people)
    work = people.works(people.reviewer)
    submissions.freeze(work, case, "submitted")
    answers_of(work, case)[QUESTION].value = "We asked the people who used to live there."
    line = impacts.lines_of(work, case)[0]
    work.session.get_one(ImpactLine, line.row.id).likelihood = "possible"
    add_impact(work, case, BENEFIT, effect="pay less for heating")
    submissions.freeze(work, case, "submitted")

    numbers = [one.number for one in comparisons.submissions_of(work, case)]
    found = comparisons.between_submissions(work, case, *numbers[-2:])
    by_kind = {change.kind: change for change in found.changes}
    assert set(by_kind) == {"impact", "answer"}
    assert {(change.label, change.words) for change in found.changes if change.kind == "impact"} == {
        ("Impact I1: in one sentence", "Changed"),
        ("Impact I1: Likelihood", "Changed"),
        ("Impact I2", "Added"),
    }
    assert comparisons.between_submissions(work, case, numbers[-1], numbers[-1]).changes == ()


def test_a_submission_of_another_assessment_is_not_there(office: Office) -> None:
    people = cast(office)
    case = taken(people)
    with pytest.raises(NotVisible):
        comparisons.between_submissions(people.works(people.reviewer), case, 1, 99)
