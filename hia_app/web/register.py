"""The register: what has been signed off, for scrutiny and every officer to find, read and take away."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from flask import Blueprint, Response, jsonify, render_template, request, send_file

from hia_app.domain.report import report
from hia_app.domain.report_source import Source
from hia_app.domain.workflow import Action
from hia_app.services import archive, body_decisions, evidence_record, register, retention, submissions
from hia_app.services.work import Case, allow, open_case
from hia_app.web.evidence_files import attachment
from hia_app.web.forms.register import RegisterSearch
from hia_app.web.request import work

blueprint = Blueprint("register", __name__)


@blueprint.get("/register")
def find() -> str:
    form = RegisterSearch(register.scheme_types(work()), request.args)
    search = form.search()
    page = register.find(work(), search)
    return render_template(
        "register/find.html",
        page=page,
        narrowed=search.narrowed,
        form=form,
        errors=form.errors,
        following={name: text for name, text in form.data.items() if text} | {"after": page.next},
    )


@blueprint.get("/register/<reference>/<int:number>/")
def read(reference: str, number: int) -> str:
    case = open_case(work(), reference, number)
    frozen = archive.read(work(), case)
    return render_template(
        "register/read.html",
        case=case,
        frozen=frozen,
        document=report(frozen.source),
        files=evidence_record.listed(frozen),
        decided=body_decisions.of(work(), case) if case.version.decided_by == "body" else [],
        outcomes=body_decisions.OUTCOMES,
        kept=retention.kept_until(work(), case.version),
    )


@blueprint.get("/register/<reference>/<int:number>/report.pdf")
def pdf(reference: str, number: int) -> Response:
    case = open_case(work(), reference, number)
    content = archive.pdf(work(), case)
    return _download(content, "application/pdf", file_name(case, "full edition", "pdf"))


@blueprint.get("/register/<reference>/<int:number>/record.json")
def record(reference: str, number: int) -> Response:
    case = open_case(work(), reference, number)
    answer = jsonify(archive.as_json(archive.read(work(), case)))
    answer.headers.set("Content-Disposition", "attachment", filename=file_name(case, "record", "json"))
    return answer


@blueprint.get("/register/<reference>/<int:number>/evidence/<uuid:evidence_id>")
def evidence(reference: str, number: int, evidence_id: UUID) -> Response:
    case = open_case(work(), reference, number)
    entry, content = evidence_record.record_file(work(), case, str(evidence_id))
    return attachment(entry["name"], entry["media_type"], entry["size"], [content])


@blueprint.get("/assessments/<reference>/<int:number>/read")
def draft(reference: str, number: int) -> str:
    """The whole assessment as one document before it is signed off, for those who may see its content."""
    case = open_case(work(), reference, number)
    allow(work(), Action.SEE_SUBMISSION, case)
    source = Source(submissions.compose(work(), case))
    return render_template("register/draft.html", case=case, document=report(source))


def file_name(case: Case, what: str, ending: str) -> str:
    """A name a person can file by: reference, version, short title, edition."""
    words = "".join(letter if letter.isalnum() else " " for letter in case.version.title).split()
    title = " ".join(words)[:60].strip()
    return f"{case.reference} v{case.version.number} {title} {what}.{ending}"


def _download(content: bytes, kind: str, name: str) -> Response:
    return send_file(BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)
