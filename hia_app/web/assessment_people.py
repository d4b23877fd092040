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
from hia_app.web.assessment_blueprint import PLACE, blueprint, go, opened
from hia_app.web.forms.assessments import Invite
from hia_app.web.request import note_refused, work


@blueprint.get(PLACE + "/contributors")
def contributors(reference: str, number: int) -> ResponseReturnValue:
    case = opened(reference, number)
    allow(work(), Action.SEE_RATING, case)  # the author's own and the reviewers', not for contributors
    return _page(case, Invite(case))


@blueprint.post(PLACE + "/contributors")
def invite(reference: str, number: int) -> ResponseReturnValue:
    """Shows the link in the answer itself: it is kept nowhere, so this is the only page that ever has it."""
    case = opened(reference, number)
    allow(work(), Action.INVITE_CONTRIBUTOR, case)
    form = Invite(case, request.form)
    try:
        form.check()
        invited = service.invite(work(), case, email=form.email.data, name=form.name.data, sections=form.reached)
    except InvalidInput as invalid:
        note_refused(invalid)
        return _page(case, form.refused(invalid.messages)), 422
    return _page(case, Invite(case), invited)


@blueprint.post(PLACE + "/contributors/<uuid:contributor_id>/remove")
def remove(reference: str, number: int, contributor_id: uuid.UUID) -> ResponseReturnValue:
    case = opened(reference, number)
    removed = service.remove(work(), case, str(contributor_id))
    flash(f"{removed.person.name} no longer contributes.", "success")
    return go(case, "assessments.contributors")


def _page(case: Case, form: Invite, invited: Invitation | None = None) -> str:
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
        form=form,
        errors=form.errors,
    )
