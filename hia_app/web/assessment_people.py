"""The contributors of an assessment: who they are, inviting one, letting one go."""

from __future__ import annotations

import uuid

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from hia_app.domain import policy
from hia_app.domain.errors import InvalidInput
from hia_app.domain.workflow import Action
from hia_app.services import contributors as service
from hia_app.services.contributors import Invitation
from hia_app.services.work import Case, allow
from hia_app.web.assessment_blueprint import PLACE, blueprint, go, opened, typed
from hia_app.web.request import note_refused, work


@blueprint.get(PLACE + "/contributors")
def contributors(reference: str, number: int) -> ResponseReturnValue:
    case = opened(reference, number)
    allow(work(), Action.SEE_RATING, case)  # the author's own and the reviewers', not for contributors
    return _page(case)


@blueprint.post(PLACE + "/contributors")
def invite(reference: str, number: int) -> ResponseReturnValue:
    """Shows the link in the answer itself: it is kept nowhere, so this is the only page that ever has it."""
    case = opened(reference, number)
    sections = request.form.getlist("sections") if typed("reach") == "some" else []
    try:
        if typed("reach") == "some" and not sections:
            raise InvalidInput({"sections": "Choose at least one section, or the whole assessment"})
        invited = service.invite(work(), case, email=typed("email"), name=typed("name"), sections=sections)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _page(case, messages=invalid.messages), 422
    return _page(case, invited=invited)


@blueprint.post(PLACE + "/contributors/<uuid:contributor_id>/remove")
def remove(reference: str, number: int, contributor_id: uuid.UUID) -> ResponseReturnValue:
    case = opened(reference, number)
    removed = service.remove(work(), case, str(contributor_id))
    flash(f"{removed.person.name} no longer contributes.", "success")
    return go(case, "assessments.contributors")


def _page(case: Case, *, messages: dict[str, str] | None = None, invited: Invitation | None = None) -> str:
    found = service.contributors_of(work(), case)
    titles = {one.id: one.title for one in case.questionnaire.sections}
    return render_template(
        "assessments/contributors.html",
        case=case,
        contributors=[one for one in found if one.removed_at is None],
        former=[one for one in found if one.removed_at is not None],
        titles=titles,
        invited=invited,
        may_invite=policy.may(Action.INVITE_CONTRIBUTOR, work().actor, case.standing),
        may_remove=policy.may(Action.REMOVE_CONTRIBUTOR, work().actor, case.standing),
        form=request.form if messages else {},
        chosen=request.form.getlist("sections") if messages else [],
        messages=messages or {},
        errors=[(f"#{name}", message) for name, message in (messages or {}).items()],
    )
