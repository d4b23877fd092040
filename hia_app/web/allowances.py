"""Which requests are counted, so that nobody can wear the service out: documents made, files sent, links tried."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from hia_app.domain.errors import TooOften
from hia_app.services import allowances
from hia_app.web import errors
from hia_app.web.request import READING, installation, now, set_aside

GET, POST = "GET", "POST"
LIMITED: Mapping[tuple[str, str], str] = MappingProxyType({
    (GET, "takeaways.draft"): "documents",
    (GET, "takeaways.summary_pdf"): "documents",
    (GET, "takeaways.docx"): "documents",
    (GET, "takeaways.tables"): "documents",
    (GET, "takeaways.impacts_csv"): "documents",
    (GET, "takeaways.actions_csv"): "documents",
    (GET, "takeaways.register_csv"): "documents",
    (GET, "takeaways.register_xlsx"): "documents",
    (GET, "takeaways.blank_pdf"): "documents",
    (POST, "packs.ask"): "documents",
    (POST, "evidence.attach"): "uploads",
    (POST, "evidence_library.add"): "uploads",
    (POST, "areas.import_file"): "uploads",
    (POST, "checking.check"): "uploads",
    (GET, "accounts.open_link"): "links",
    (POST, "accounts.use_link"): "links",
    (POST, "administration.make_link"): "links",
    (POST, "administration.add_person"): "links",
    (POST, "assessments.invite"): "links",
})  # fmt: skip


def count() -> ResponseReturnValue | None:
    """Before the view; whoever is not signed in is counted by address."""
    kind = LIMITED.get((GET if request.method in READING else request.method, request.endpoint or ""))
    if kind is None:
        return None
    by = current_user.actor.person_id if current_user.is_authenticated else f"address {request.remote_addr}"
    set_aside()  # the request's own transaction would wait for this one
    place = installation()
    try:
        with place.database.writing() as short:
            allowances.use(short, kind, by, now(), place.settings)
    except allowances.UsedUp as used:
        answer = errors.refused(TooOften(str(used)))
        assert isinstance(answer, tuple)  # noqa: S101  text and status
        return (*answer[:2], {"Retry-After": str(used.seconds)})
    return None


def register(app: Flask) -> None:
    """To be registered after the guard, which says who it is and refuses what is not a form of ours."""
    app.before_request(count)
